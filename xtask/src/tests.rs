//! `cargo xtask test`: every check, in the order in which a failure is soonest seen.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::{single, site, tools};

const STAGES: [&str; 5] = ["fmt", "clippy", "site", "native", "e2e"];

/// What every browser has to pass: load, analyse, label, loss, learn, link, drop, offline or the reason why not, the single file,
/// the element, the API, several workers, a finger on a phone, and what is said where nothing is kept.
const CORE: [&str; 14] = [
    "page::analysis_shows_what_the_native_engine_computes",
    "page::gold_labels_set_with_the_keyboard_give_the_loss",
    "learning::the_tab_learns_and_forgets",
    "share::a_link_holds_the_document",
    "data::a_files_questions_are_paged_through_and_scored",
    "offline::without_a_network_the_page_works_or_has_said_why_not",
    "single::it_opens",
    "element::the_documented_page_works_here_and_from_another_origin",
    "api::analyse_loss_and_head_agree_with_the_native_engine",
    "workers::two_and_three_workers_give_the_bits_of_one",
    "phone::a_finger_reads_and_labels",
    "private::a_private_window_works_and_says_what_it_keeps",
    "private::storage_that_is_refused_is_said",
    "private::a_quota_of_zero_without_a_service_worker_is_said",
];

/// Runs the stages that are named, or all. The end-to-end tests are run in Chromium, and those of [`CORE`] in the other browsers
/// of this machine; after `--browser NAME` all of them in that one.
pub fn run(arguments: &[&str]) -> Result<()> {
    let (browser, wanted) = match arguments {
        ["--browser", name, stages @ ..] => (Some(*name), stages),
        stages => (None, stages),
    };
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
        // Without the tests, which run natively: to check them once more costs a minute.
        let wasm =
            ["clippy", "--workspace", "--exclude=xtask", "--lib", "--bins", "--features=bioscope-worker/relaxed"];
        stage("clippy, wasm32", || {
            tools::check(tools::cargo().args(wasm).arg("--target=wasm32-unknown-unknown").args(deny))
        })?;
    }
    if wants("e2e") {
        tools::firefox(); // its driver needs much of what the bundler needs: what is compiled for the one serves the other
    }
    // The programs of the site are optimised whole, each on one core: the native tests may have the other one, and are told of
    // when their turn comes.
    let beside = (wants("native") && (wants("site") || wants("e2e"))).then(|| {
        let skips = skips.clone();
        std::thread::spawn(move || {
            let mut said = Vec::new();
            let passed = native_tests(&skips, |line| said.push(line.to_owned()));
            (said, passed)
        })
    });
    if wants("site") || wants("e2e") {
        stage("site", || {
            site::build()?;
            single::run(&["--no-build"])?;
            let large = large_single_file();
            single::run(&["--no-build", "--model", "minilm-l6", "--output", &large.to_string_lossy()])
        })?;
    }
    if wants("native") {
        passed += stage("native tests", || {
            let Some(beside) = beside else { return native_tests(&skips, |line| println!("{line}")) };
            let (said, passed) = beside.join().expect("nothing panics there");
            println!("{}", said.join("\n"));
            passed
        })?;
    }
    if wants("e2e") {
        for (name, all) in browsers(browser)? {
            let mut tests = in_browser()?;
            tests.env("BIOSCOPE_SKIPS", &skips).env("BIOSCOPE_BROWSER", name);
            if !all {
                tests.args(["--", "--exact"]).args(CORE);
            }
            passed += stage(&format!("end-to-end tests, {name}"), || count(&mut tests, |line| println!("{line}")))?;
        }
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

/// Runs the native tests. Without a site and a browser, the end-to-end tests among them do nothing.
fn native_tests(skips: &Path, say: impl FnMut(&str)) -> Result<usize> {
    let mut tests = tools::cargo();
    tests.args(["test", "--workspace", "--no-fail-fast"]).env_remove("BIOSCOPE_DIST").env("BIOSCOPE_SKIPS", skips);
    count(&mut tests, say)
}

/// The browsers to test, and whether all tests are run there.
fn browsers(asked: Option<&str>) -> Result<Vec<(&'static str, bool)>> {
    let here = [("chromium", true), ("firefox", tools::firefox().is_some()), ("webkit", tools::webkit().is_some())];
    let Some(asked) = asked else {
        for (name, _) in here.iter().filter(|(_, here)| !here) {
            println!("SKIPPED: the core set in {name}: it is not installed");
        }
        return Ok(here.into_iter().filter(|(_, here)| *here).map(|(name, _)| (name, name == "chromium")).collect());
    };
    let known = here.iter().find(|(name, _)| *name == asked);
    let Some((name, there)) = known else { bail!("no browser `{asked}`; there are: chromium firefox webkit") };
    ensure!(there, "{name} is not installed (Debian: firefox-esr; webkit2gtk-driver xvfb dbus-x11)");
    Ok(vec![(name, true)])
}

/// Builds the site and measures it in the browser.
pub fn bench() -> Result<()> {
    site::build()?;
    tools::check(in_browser()?.args(["--", "--ignored", "--nocapture", "bench::bench", "speed::"]))
}

/// Builds the site and writes pictures of its places.
pub fn screenshots() -> Result<()> {
    site::build()?;
    tools::check(in_browser()?.args(["--", "--ignored", "--nocapture", "screenshots::write"]))
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
    if let Some(webkit) = tools::webkit() {
        tests.env("WEBKIT", webkit);
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

/// Runs `cargo test`, says what it prints, and counts the tests that passed.
fn count(tests: &mut Command, mut say: impl FnMut(&str)) -> Result<usize> {
    let mut child = tests.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut passed = 0;
    for line in BufReader::new(output).lines() {
        let line = line?;
        say(&line);
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
