//! What makes `dist/` an npm package: `package.json`, the licence, a README.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::tools;

/// What of the site belongs to the package: the JavaScript API and the element with their types, programs and models. The page does not.
const FILES: [&str; 9] = [
    "bioscope.js",
    "bioscope.d.ts",
    "bio-scope.js",
    "bio-scope.d.ts",
    "worker.js",
    "worker-*.js",
    "worker-*_bg.wasm",
    "models/",
    "licences.txt",
];

/// Writes them. npm takes package.json, README.md and LICENSE besides what is listed.
pub fn write(dist: &Path) -> Result<()> {
    let package = serde_json::to_string_pretty(&description(&about()?))? + "\n";
    fs::write(dist.join("package.json"), package).context("cannot write dist/package.json")?;
    fs::copy(tools::root().join("LICENSE"), dist.join("LICENSE")).context("cannot copy LICENSE")?;
    let guide = fs::read_to_string(tools::root().join("docs/embedding.md")).context("cannot read docs/embedding.md")?;
    // Its links stay within the package.
    let mut guide = guide.replace("](../www/", "](./");
    for other in ["deploy.md", "performance.md"] {
        guide = guide.replace(&format!("[{other}]({other})"), other);
    }
    fs::write(dist.join("README.md"), guide).context("cannot write dist/README.md")
}

/// package.json for the package that cargo describes so.
fn description(about: &Value) -> Value {
    json!({
        "name": about["name"],
        "version": about["version"],
        "description": about["description"],
        "license": about["license"],
        "keywords": ["bert", "question-answering", "reading-comprehension", "webassembly", "custom-element"],
        "type": "module",
        "main": "./bioscope.js",
        "types": "./bioscope.d.ts",
        // The conditions' order counts: types come first.
        "exports": {
            ".": { "types": "./bioscope.d.ts", "default": "./bioscope.js" },
            "./bioscope.js": { "types": "./bioscope.d.ts", "default": "./bioscope.js" },
            "./bio-scope.js": { "types": "./bio-scope.d.ts", "default": "./bio-scope.js" },
            "./package.json": "./package.json",
            "./*": "./*",
        },
        "sideEffects": ["./bio-scope.js"],
        "files": FILES,
    })
}

/// Cargo's metadata of the package `bioscope`.
fn about() -> Result<Value> {
    let known = tools::metadata(&["--no-deps"])?;
    let packages = known["packages"].as_array().into_iter().flatten();
    packages.into_iter().find(|package| package["name"] == "bioscope").cloned().context("no package bioscope")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_cargos_and_holds_what_it_exports() {
        let package = description(&about().unwrap());
        assert_eq!((&package["name"], &package["license"]), (&json!("bioscope"), &json!("Apache-2.0")));
        assert!(package["version"].as_str().unwrap().split('.').all(|part| part.parse::<u32>().is_ok()), "{package}");
        for target in ["bioscope.js", "bioscope.d.ts", "bio-scope.js", "bio-scope.d.ts"] {
            assert!(package["exports"].to_string().contains(&format!("\"./{target}\"")), "{target}");
            assert!(FILES.contains(&target), "{target}");
            assert!(tools::root().join("www").join(target).exists(), "{target}");
        }
    }
}
