//! A small model with random weights: what needs a second model, but not a good one, uses it.

use std::path::{Path, PathBuf};

use bioscope::model::{Config, Format};
use sha2::{Digest, Sha256};

use super::random::{Spread, random};
use super::root;

/// d of the stand-in.
pub const WIDTH: usize = 128;
const LAYERS: usize = 2;
const WORDS: usize = 30522;

/// A folder with such a model; it goes when this does.
pub struct StandIn {
    pub name: &'static str,
    pub folder: PathBuf,
}

impl StandIn {
    /// Writes the three files of a model called `name`.
    pub fn new(name: &'static str) -> StandIn {
        let folder = std::env::temp_dir().join(format!("bioscope-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let config = format!(
            r#"{{"hidden_size":{WIDTH},"num_hidden_layers":{LAYERS},"num_attention_heads":2,"intermediate_size":256,
                "vocab_size":{WORDS},"max_position_embeddings":512,"type_vocab_size":2,"layer_norm_eps":1e-12}}"#
        );
        let weights = random(&Config::from_bytes(config.as_bytes()).unwrap(), 7, &SPREAD);
        std::fs::write(folder.join("config.json"), config).unwrap();
        std::fs::write(folder.join("model.safetensors"), weights.to_bytes(Format::Int8Rows).unwrap()).unwrap();
        let tokenizer = root().join("static/models/minilm-l6/tokenizer.json");
        std::fs::copy(tokenizer, folder.join("tokenizer.json")).unwrap();
        StandIn { name, folder }
    }

    /// Its entry for `models/index.json`. The scores are of no model: no test looks at them but to find them again.
    pub fn entry(&self) -> serde_json::Value {
        let files = ["config.json", "tokenizer.json", "model.safetensors"].map(|name| {
            let bytes = std::fs::read(self.folder.join(name)).unwrap();
            let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            serde_json::json!({"name": name, "bytes": bytes.len(), "sha256": sha256})
        });
        serde_json::json!({"name": self.name, "title": "Stand-in", "hiddenSize": WIDTH, "layers": LAYERS,
            "em": 12.3, "f1": 34.5, "files": files})
    }

    /// Bytes of its three files.
    pub fn bytes(&self) -> u64 {
        let size = |name: &str| std::fs::metadata(self.folder.join(name)).unwrap().len();
        ["config.json", "tokenizer.json", "model.safetensors"].into_iter().map(size).sum()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The models that the site ships, as its index lists them.
pub fn shipped() -> Vec<serde_json::Value> {
    let path: &Path = &root().join("static/models/index.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

const SPREAD: Spread = Spread { tables: 0.5, weights: |_| 0.15, biases: 0.1, norms: 0.2, norm_biases: 0.1 };
