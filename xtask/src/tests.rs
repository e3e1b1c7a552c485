//! `cargo xtask test`: every check, in the order in which a failure is soonest seen.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::{single, site, tools};

const STAGES: [&str; 5] = ["fmt", "clippy", "site", "native", "e2e"];

/// Runs the stages that are named, or all.
pub fn run(wanted: &[&str]) -> Result<()> {
    if let Some(unknown) = wanted.iter().find(|name| !STAGES.contains(name)) {
        bail!("no stage `{unknown}`; there are: {}", STAGES.join(" "));
    }
    let start = Instant::now();
    let wants = |stage| wanted.is_empty() || wanted.contains(&stage);
    // Tests that have to leave something out append a line `SKIPPED: what and why` to this file.
    let skips = tools::target_dir().join("skipped.txt");
    let _ = fs::remove_file(&skips);
    let mut passed = 0;

    if wants("fmt") || wants("clippy") {
        tools::lints()?;
    }
    if wants("fmt") {
        stage("fmt", || tools::check(tools::cargo().args(["fmt", "--all", "--check"])))?;
    }
    if wants("clippy") {
        tools::wasm_target()?;
        let deny = ["--", "-D", "warnings"];
        let native = ["clippy", "--workspace", "--all-targets"];
        stage("clippy, native", || tools::check(tools::cargo().args(native).args(deny)))?;
        let wasm = ["clippy", "--package", "bioscope", "--all-targets", "--target", "wasm32-unknown-unknown"];
        stage("clippy, wasm32", || tools::check(tools::cargo().args(wasm).args(deny)))?;
    }
    if wants("site") || wants("e2e") {
        stage("site", || {
            site::build()?;
            single::run(&["--no-build"])?;
            let large = large_single_file();
            single::run(&["--no-build", "--model", "minilm-l6", "--output", &large.to_string_lossy()])
        })?;
    }
    if wants("native") {
        // Without a site and a browser, the end-to-end tests among them do nothing.
        let mut tests = tools::cargo();
        tests.args(["test", "--workspace", "--no-fail-fast"]).env("BIOSCOPE_SKIPS", &skips).env_remove("BIOSCOPE_DIST");
        passed += stage("native tests", || count(&mut tests))?;
    }
    if wants("e2e") {
        let mut tests = in_browser()?;
        tests.env("BIOSCOPE_SKIPS", &skips);
        passed += stage("end-to-end tests", || count(&mut tests))?;
    }

    let skipped = fs::read_to_string(&skips).unwrap_or_default();
    println!("\nAll checks passed in {:.0} s.", start.elapsed().as_secs_f64());
    print!("{skipped}");
    let shared = tools::root().join("..").join("shared").is_dir();
    let lacking = skipped.lines().filter(|line| line.contains("shared")).count();
    ensure!(!shared || lacking == 0, "../shared is there, and yet {lacking} tests were skipped for lack of it");
    if passed > 0 {
        println!("{passed} passed, 0 failed, {} skipped", skipped.lines().count());
    }
    Ok(())
}

/// Builds the site and measures it in the browser.
pub fn bench() -> Result<()> {
    site::build()?;
    tools::check(in_browser()?.args(["--", "--ignored", "--nocapture", "bench::bench"]))
}

/// The end-to-end tests' command: the browser and the site are named in its environment.
fn in_browser() -> Result<Command> {
    let browser = tools::browser()?;
    let mut tests = tools::cargo();
    // The whole workspace: naming one package alone would build the dependencies with other features.
    tests
        .args(["test", "--workspace", "--test", "e2e"])
        .env("BIOSCOPE_DIST", tools::root().join("dist"))
        .env("BIOSCOPE_SINGLE_LARGE", large_single_file())
        .env("CHROME", browser.chrome)
        .env("CHROMEDRIVER", browser.driver);
    if let Some((firefox, driver)) = tools::firefox() {
        tests.env("FIREFOX", firefox).env("GECKODRIVER", driver);
    }
    if let Some(script) = tools::axe() {
        tests.env("BIOSCOPE_AXE", script);
    }
    Ok(tests)
}

/// The single file with the larger model; no part of the site.
fn large_single_file() -> PathBuf {
    tools::target_dir().join("bioscope-minilm-l6.html")
}

fn stage<T>(name: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n== {name}");
    let start = Instant::now();
    let result = run().with_context(|| name.to_owned())?;
    println!("== {name}: {:.0} s", start.elapsed().as_secs_f64());
    Ok(result)
}

/// Runs `cargo test`, shows what it prints, and counts the tests that passed.
fn count(tests: &mut Command) -> Result<usize> {
    let mut child = tests.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut passed = 0;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        // test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
        passed += passed_in(&line).unwrap_or(0);
    }
    ensure!(child.wait()?.success(), "some tests failed");
    Ok(passed)
}

fn passed_in(line: &str) -> Option<usize> {
    let (words, _) = line.strip_prefix("test result: ok. ")?.split_once(" passed")?;
    words.parse().ok()
}
