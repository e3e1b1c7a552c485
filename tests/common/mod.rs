//! What several test programs need: where things are, golden cases, skips that are seen.
#![allow(dead_code, missing_docs, unused_imports)] // every test program uses another part of it

#[cfg(not(target_arch = "wasm32"))]
pub mod random;
#[cfg(not(target_arch = "wasm32"))]
pub mod stand_in;
#[cfg(not(target_arch = "wasm32"))]
mod tiny;

#[cfg(not(target_arch = "wasm32"))]
pub use tiny::{tiny, tiny_folder};

use std::path::{Path, PathBuf};

use bioscope::tokenize::Offsets;
use serde::Deserialize;

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of larger test material beside the checkout, if it is there. If not, says that the test is
/// skipped, also in the file that `cargo xtask test` collects such lines in.
pub fn shared(test: &str) -> Option<PathBuf> {
    let folder = root().join("../shared");
    if folder.is_dir() {
        return Some(folder);
    }
    skip(test, "needs ../shared, which is not there");
    None
}

/// Says that a test is left out and why.
pub fn skip(test: &str, why: &str) {
    let line = format!("SKIPPED: {test} {why}");
    println!("{line}");
    if let Ok(path) = std::env::var("BIOSCOPE_SKIPS") {
        use std::io::Write;
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        writeln!(file.expect("the skips' file opens"), "{line}").expect("the skips' file takes a line");
    }
}

/// A file of reference numbers.
#[derive(Deserialize)]
pub struct Golden {
    pub cases: Vec<Case>,
}

/// One question and paragraph as the reference implementation reads them.
#[derive(Deserialize)]
pub struct Case {
    pub question: String,
    pub paragraph: String,
    pub ids: Vec<u32>,
    pub type_ids: Vec<u32>,
    pub offsets_code_points: Vec<(usize, usize)>,
    pub paragraph_mask: Vec<u8>,
    pub logits: Vec<[f32; 3]>,
}

impl Case {
    /// Positions of the paragraph's tokens in the pair encoding.
    pub fn positions(&self) -> Vec<usize> {
        (0..self.ids.len()).filter(|&i| self.paragraph_mask[i] == 1).collect()
    }

    /// UTF-16 offsets of the paragraph's tokens.
    pub fn offsets(&self) -> Vec<(usize, usize)> {
        let table = Offsets::new(&self.paragraph);
        let unit = |point| table.utf16_of_code_point(point).expect("the reference's offsets are in the text");
        self.positions().iter().map(|&i| self.offsets_code_points[i]).map(|(s, e)| (unit(s), unit(e))).collect()
    }
}

/// Reads a file of reference numbers.
pub fn golden(path: &Path) -> Golden {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Loads the model of a folder.
pub fn engine(folder: &Path) -> bioscope::inference::Engine {
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    bioscope::inference::Engine::load("test", read("model.safetensors"), &read("config.json"), &read("tokenizer.json"))
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}
