//! The stored analysis that the page shows before any weights have arrived.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::tools;

/// How far a stored probability may be from a computed one: other processors round otherwise.
const TOLERANCE: f64 = 1e-4;

/// Computes static/examples/stored.json anew.
pub fn write() -> Result<()> {
    let stored = compute()?;
    fs::write(path(), serde_json::to_string(&stored)? + "\n").context("cannot write static/examples/stored.json")?;
    println!("Wrote static/examples/stored.json.");
    Ok(())
}

/// Fails when what is stored is not what the model says today.
pub fn check() -> Result<()> {
    tools::need(&path())?;
    let stored: Value = serde_json::from_slice(&fs::read(path())?).context("static/examples/stored.json")?;
    let fresh = compute()?;
    if let Some(place) = difference(&stored, &fresh, "") {
        anyhow::bail!("static/examples/stored.json is out of date at `{place}`: run `cargo xtask examples`");
    }
    println!("static/examples/stored.json is up to date.");
    Ok(())
}

/// Prints what a model makes of the examples of a file: by tests/examples.rs, which knows what counts as found.
pub fn answers(file: &str, model: &str) -> Result<()> {
    let mut test = tools::cargo();
    test.args(["test", "--quiet", "--package", "bioscope", "--test", "examples"]);
    test.args(["--", "--ignored", "--exact", "--nocapture", "candidates"]);
    tools::check(test.env("BIOSCOPE_EXAMPLES", file).env("BIOSCOPE_MODEL", model))
}

fn path() -> PathBuf {
    tools::root().join("static").join("examples").join("stored.json")
}

fn compute() -> Result<Value> {
    let examples = path().with_file_name("examples.json");
    let models = tools::root().join("static").join("models");
    let index = tools::index()?;
    let default = index.first().and_then(|model| model["name"].as_str());
    let default = default.context("static/models/index.json names no model")?;
    let weights = ["model.safetensors", "model.gguf"].map(|file| models.join(default).join(file));
    let weights = weights.iter().find(|path| path.exists()).unwrap_or(&weights[0]);
    tools::need(&examples)?;
    tools::need(weights)?;
    let examples: Value = serde_json::from_slice(&fs::read(examples)?).context("static/examples/examples.json")?;
    let first = &examples[0];
    let text = |key: &str| {
        first[key].as_str().with_context(|| format!("static/examples/examples.json: the first one has no {key}"))
    };
    let model = weights.parent().expect("a file has a folder");
    let (question, paragraph) = (text("question")?, text("paragraph")?);
    let model = model.to_string_lossy();
    let analysis =
        tools::bioscope(&["analyse", "--json", "--model", &model, "--question", question, "--paragraph", paragraph])?;
    // What the model read; all else follows from it. Times differ from run to run, and what is stored shall not.
    let tokens = analysis["tokens"].as_array().context("an analysis without tokens")?;
    let token = |t: &Value| json!({ "start": t["start"], "end": t["end"], "word": t["word"], "window": t["window"], "logits": t["logits"] });
    let output = json!({
        "questionTokens": analysis["questionTokens"], "questionPieces": analysis["questionPieces"],
        "bBias": analysis["bBias"],
        "hiddenSize": analysis["hiddenSize"], "windows": analysis["windows"],
        "tokens": tokens.iter().map(token).collect::<Vec<_>>(),
        "kernel": analysis["kernel"], "tokenizeMs": 0, "forwardMs": 0,
    });
    let sha256 = tools::hex(&Sha256::digest(fs::read(weights)?));
    Ok(json!({ "model": default, "sha256": sha256, "output": output }))
}

/// The first place where two documents differ; numbers may differ a little.
fn difference(a: &Value, b: &Value, place: &str) -> Option<String> {
    let differs = || Some(place.trim_start_matches('.').to_owned());
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(key, value)| difference(value, &b[key], &format!("{place}.{key}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            (0..a.len()).find_map(|i| difference(&a[i], &b[i], &format!("{place}[{i}]")))
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64()?, b.as_f64()?);
            if (a - b).abs() <= TOLERANCE * a.abs().max(1.0) { None } else { differs() }
        }
        _ if a == b => None,
        _ => differs(),
    }
}
