//! `cargo xtask dev`: the page in a debug build, rebuilt and reloaded after every edit, by Trunk's own server.
//!
//! The workers come from the last `cargo xtask build`: with the optimiser they need a minute, and few edits are theirs.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::{site, tools};

/// The programs of the engine, as Trunk has written them into `dist/`.
const WORKERS: [&str; 4] =
    ["worker-simd128.js", "worker-simd128_bg.wasm", "worker-relaxed.js", "worker-relaxed_bg.wasm"];

/// Serves until it is stopped; rebuilds whenever `src`, `locales` or `www` change.
pub fn run(port: Option<&str>) -> Result<()> {
    let root = tools::root();
    if WORKERS.iter().any(|name| !root.join("dist").join(name).exists()) {
        println!("The workers are built first; later runs use them again.");
        site::build()?;
    }
    let tools = tools::site()?;
    let index = fs::read_to_string(root.join("www/index.html")).context("cannot read www/index.html")?;
    fs::write(root.join("www/dev.html"), page(&index)?).context("cannot write www/dev.html")?;
    let mut trunk = tools::command(&tools.trunk);
    trunk.args(["serve", "www/dev.html", "--offline", "--skip-version-check", "--release=false"]);
    trunk.args(["--dist", "target/dev", "--port", port.unwrap_or("8080")]);
    for folder in ["src", "locales", "www"] {
        trunk.args(["--watch", folder]);
    }
    trunk.args(["--ignore", "www/dev.html"]);
    tools::check(&mut trunk)
}

/// index.html without its Content-Security-Policy, which forbids the script that reloads the page, and with finished
/// workers in place of those to be built.
fn page(index: &str) -> Result<String> {
    let is_worker = |line: &&str| line.contains(r#"rel="rust""#) && line.contains(r#"data-type="worker""#);
    ensure!(index.lines().filter(is_worker).count() == 2, "www/index.html has other workers than xtask/src/dev.rs");
    let copies =
        WORKERS.map(|name| format!("  <link data-trunk rel=\"copy-file\" href=\"../dist/{name}\">\n")).concat();
    let mut page = String::new();
    for line in index.lines().filter(|line| !is_worker(line) && !line.contains("Content-Security-Policy")) {
        if line.trim() == "</head>" {
            page += &copies;
        }
        page += line;
        page.push('\n');
    }
    Ok(page)
}
