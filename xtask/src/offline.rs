//! The service worker, with the list of what it keeps: written once the site is otherwise complete.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{docs_pages, site, tools};

/// Writes `dist/sw.js`: www/sw.js behind the constants that it speaks of. `programs` is the version that the page asks its
/// programs by.
pub fn write(dist: &Path, programs: &str) -> Result<()> {
    let template = fs::read_to_string(tools::root().join("www/sw.js")).context("cannot read www/sw.js")?;
    let mut files = BTreeMap::new();
    for path in site::files(dist)? {
        let name = site::relative(&path, dist);
        if kept(&name) {
            files.insert(name, tools::hex(&Sha256::digest(fs::read(&path)?)));
        }
    }
    let files = serde_json::to_string_pretty(&files)?;
    let site = tools::hex(&Sha256::digest(format!("{programs} {files}"))[..6]);
    let text =
        format!("const PROGRAMS = \"{programs}\";\nconst SITE = \"{site}\";\nconst FILES = {files};\n\n{template}");
    fs::write(dist.join("sw.js"), text).context("cannot write dist/sw.js")
}

/// Whether the page, or the lesson beside it, needs this file of the site. Models are kept by the worker that downloads
/// them; the JavaScript API, the element, other documents and the single file are not the page's.
fn kept(name: &str) -> bool {
    let others = ["sw.js", "bioscope", "bio-scope"];
    match name.rsplit_once('/') {
        Some((folder, _)) => name == "models/index.json" || folder == "icons" || folder.starts_with("snippets"),
        None => {
            let kinds = ["js", "wasm", "css", "svg", "webmanifest"];
            let kind = name.rsplit_once('.').is_some_and(|(_, ending)| kinds.contains(&ending));
            name == "index.html"
                || name.strip_suffix(".html").is_some_and(|page| docs_pages::PAGES.contains(&page))
                || name == "self-test.json"
                || (kind && !others.iter().any(|other| name.starts_with(other)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn the_page_is_kept_and_nothing_else() {
        for name in [
            "index.html",
            "self-test.json",
            "teaching.el.html",
            "lesson.css",
            "app-0123.js",
            "worker-relaxed_bg.wasm",
            "start.js",
            "icons/a.png",
            "models/index.json",
        ] {
            assert!(kept(name), "{name}");
        }
        for name in [
            "sw.js",
            "bioscope.js",
            "bio-scope.js",
            "bioscope.d.ts",
            "package.json",
            "bioscope.html",
            "models/tiny-128/config.json",
            "licences.txt",
        ] {
            assert!(!kept(name), "{name}");
        }
    }
}
