//! `dist/licences.txt`: who wrote what the site's programs are made of, and under which terms.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::tools;

/// Files of a package that hold its terms begin so, in any case.
const NAMES: [&str; 5] = ["licen", "copying", "notice", "unlicen", "copyright"];

/// Writes the list.
pub fn write(dist: &Path) -> Result<()> {
    let packages = packages()?;
    let mut text = String::from(
        "Bioscope is under the Apache License 2.0. The models' licences and sources are in models/NAME/MODEL_CARD.md.\n\
         Its WebAssembly programs contain Rust's standard library (MIT OR Apache-2.0; The Rust Project Developers) and the\n\
         following packages of crates.io. Below the list are the texts that the packages carry with them.\n\n",
    );
    let mut texts = BTreeMap::<String, Vec<String>>::new();
    for package in &packages {
        let word = |key: &str| package[key].as_str().unwrap_or_default();
        let name = format!("{} {}", word("name"), word("version"));
        let authors: Vec<&str> =
            package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        writeln!(text, "{name}: {}; {} {}", word("license"), authors.join(", "), word("repository"))?;
        let folder = Path::new(word("manifest_path")).parent().context("a package has a folder")?;
        for terms in terms(folder)? {
            texts.entry(terms).or_default().push(name.clone());
        }
    }
    for (terms, names) in &texts {
        write!(text, "\n{}\n{}\n\n{}\n", "=".repeat(100), names.join(", "), terms.trim_end())?;
    }
    fs::write(dist.join("licences.txt"), text).context("cannot write dist/licences.txt")
}

/// The texts that lie in a package's folder.
fn terms(folder: &Path) -> Result<BTreeSet<String>> {
    let mut texts = BTreeSet::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            texts.insert(String::from_utf8_lossy(&fs::read(&path)?).replace("\r\n", "\n"));
        }
    }
    Ok(texts)
}

/// Cargo's metadata of each package that is linked into a program of the site, in the order of names.
fn packages() -> Result<Vec<Value>> {
    let known = tools::metadata(&["--filter-platform", "wasm32-unknown-unknown"])?;
    let by_id = |list: &Value| -> BTreeMap<String, Value> {
        let entries = list.as_array().into_iter().flatten();
        entries.map(|entry| (entry["id"].as_str().unwrap_or_default().to_owned(), entry.clone())).collect()
    };
    let (packages, nodes) = (by_id(&known["packages"]), by_id(&known["resolve"]["nodes"]));
    let is = |id: &str, kind: &str| {
        let targets = packages[id]["targets"].as_array().into_iter().flatten();
        targets.flat_map(|target| target["kind"].as_array().into_iter().flatten()).any(|found| found == kind)
    };
    let root = packages.iter().find(|(_, package)| package["name"] == "bioscope").context("no package bioscope")?.0;
    let (mut linked, mut ahead) = (BTreeSet::new(), vec![root.clone()]);
    while let Some(id) = ahead.pop() {
        // A procedural macro works for the compiler; neither it nor what it needs is in a program.
        if is(&id, "proc-macro") || !linked.insert(id.clone()) {
            continue;
        }
        for dependency in nodes[&id]["deps"].as_array().into_iter().flatten() {
            let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            if kinds.into_iter().any(|kind| kind["kind"].is_null()) {
                ahead.push(dependency["pkg"].as_str().unwrap_or_default().to_owned());
            }
        }
    }
    linked.remove(root);
    let mut found: Vec<Value> = linked.iter().map(|id| packages[id].clone()).collect();
    found.sort_by_key(|package| package["name"].as_str().unwrap_or_default().to_owned());
    let nameless = found.iter().find(|package| package["license"].is_null() && package["license_file"].is_null());
    ensure!(nameless.is_none(), "{} names no licence", nameless.map_or(&Value::Null, |package| &package["name"]));
    Ok(found)
}
