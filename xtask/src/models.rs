//! `cargo xtask models`: brings the sizes and hashes in static/models/index.json up to date.

use std::fs;

use anyhow::{Context, Result};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::tools;

/// What the page loads of a model; weights come in one of two formats.
const FILES: [&str; 4] = ["config.json", "tokenizer.json", "model.safetensors", "model.gguf"];

/// Rewrites the index; names, titles and scores stay as they are.
pub fn write() -> Result<()> {
    let mut index = tools::index()?;
    for model in &mut index {
        let name = model["name"].as_str().context("a model without a name")?.to_owned();
        let folder = tools::root().join("static/models").join(&name);
        let mut files = Vec::new();
        for file in FILES.iter().filter(|file| folder.join(file).is_file()) {
            let bytes = fs::read(folder.join(file))?;
            files.push(json!({"name": file, "bytes": bytes.len(), "sha256": tools::hex(&Sha256::digest(&bytes))}));
        }
        model["files"] = files.into();
    }
    fs::write(tools::index_path(), serde_json::to_string_pretty(&index)? + "\n")?;
    println!("static/models/index.json names {} models", index.len());
    Ok(())
}
