//! A tiny random model.

use bioscope::model::{Checkpoint, Config, Format, Weight};
use bioscope::train::Batch;
use candle_core::{Device, Tensor};

use super::random::{Spread, random};

const TINY: &str = r#"{"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":12,
    "vocab_size":20,"max_position_embeddings":12,"type_vocab_size":2,"layer_norm_eps":1e-6}"#;

const SPREAD: Spread = Spread { tables: 0.5, weights: |_| 0.6, biases: 0.3, norms: 0.3, norm_biases: 0.3 };

/// A tiny random model and a batch of two padded windows.
pub fn tiny() -> (Config, Checkpoint, Batch) {
    let config = Config::from_bytes(TINY.as_bytes()).unwrap();
    let checkpoint = random(&config, 3, &SPREAD);
    let batch = Batch {
        length: 6,
        ids: vec![1, 4, 2, 9, 11, 2, 1, 7, 2, 3, 4, 2],
        segments: vec![0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1],
        tokens: [6, 6].into(),
        rows: vec![3, 4, 9, 10],
        gold: vec![[2.0 / 3.0, 0.0, 1.0 / 3.0], [0.0, 1.0, 0.0], [0.25, 0.5, 0.25], [0.0, 0.0, 1.0]],
        instance: vec![0, 0, 1, 1],
        instances: 2,
    };
    (config, checkpoint, batch)
}

/// A model folder with random weights of the tiny size, for the shipped tokenizer.
pub fn tiny_folder(folder: &std::path::Path) {
    std::fs::create_dir_all(folder).unwrap();
    let (_, checkpoint, _) = tiny();
    let mut wide = checkpoint.clone();
    for (name, rows) in [("word", 30522), ("position", 512)] {
        let values: Vec<f32> = (0..rows * 8).map(|i| ((i * 7919 % 1000) as f32 / 500.0 - 1.0) * 0.5).collect();
        let table = Tensor::from_vec(values, (rows, 8), &Device::Cpu).unwrap();
        wide.insert(&format!("embeddings.{name}_embeddings.weight"), Weight::Full(table));
    }
    let config =
        TINY.replace("\"vocab_size\":20", "\"vocab_size\":30522").replace("embeddings\":12", "embeddings\":512");
    std::fs::write(folder.join("config.json"), config).unwrap();
    std::fs::write(folder.join("model.safetensors"), wide.to_bytes(Format::F32).unwrap()).unwrap();
    let tokenizer = super::root().join("static/models/minilm-l6/tokenizer.json");
    std::fs::copy(tokenizer, folder.join("tokenizer.json")).unwrap();
}
