//! A small model with random weights: what needs a second model, but not a good one, uses it.

use std::path::{Path, PathBuf};

use bioscope::model::{Checkpoint, Format, Weight};
use candle_core::{Device, Tensor};
use sha2::{Digest, Sha256};

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
        std::fs::write(folder.join("config.json"), config).unwrap();
        std::fs::write(folder.join("model.safetensors"), checkpoint().to_bytes(Format::Int8Rows).unwrap()).unwrap();
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

fn checkpoint() -> Checkpoint {
    let mut state = 7u64;
    let mut checkpoint = Checkpoint::default();
    let mut random = |name: String, shape: &[usize], mean: f32, spread: f32| {
        let next = |_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            mean + spread * ((state >> 40) as f32 / (1 << 23) as f32 - 1.0)
        };
        let values: Vec<f32> = (0..shape.iter().product()).map(next).collect();
        checkpoint.insert(&name, Weight::Full(Tensor::from_vec(values, shape, &Device::Cpu).unwrap()));
    };
    for (name, rows) in [("word", WORDS), ("position", 512), ("token_type", 2)] {
        random(format!("embeddings.{name}_embeddings.weight"), &[rows, WIDTH], 0.0, 0.5);
    }
    let mut norms = vec!["embeddings.LayerNorm".to_string()];
    let mut dense = vec![("classifier".to_string(), 3, WIDTH)];
    for k in 0..LAYERS {
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] {
            dense.push((name(part), WIDTH, WIDTH));
        }
        dense.push((name("intermediate.dense"), 2 * WIDTH, WIDTH));
        dense.push((name("output.dense"), WIDTH, 2 * WIDTH));
        norms.extend([name("attention.output.LayerNorm"), name("output.LayerNorm")]);
    }
    for (name, outputs, inputs) in dense {
        random(format!("{name}.weight"), &[outputs, inputs], 0.0, 0.15);
        random(format!("{name}.bias"), &[outputs], 0.0, 0.1);
    }
    for name in norms {
        random(format!("{name}.weight"), &[WIDTH], 1.0, 0.2);
        random(format!("{name}.bias"), &[WIDTH], 0.0, 0.1);
    }
    checkpoint
}
