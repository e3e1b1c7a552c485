//! A tiny random model.

use bioscope::model::{Checkpoint, Config, Format, Weight};
use bioscope::train::Batch;
use candle_core::{Device, Tensor};

const TINY: &str = r#"{"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":12,
    "vocab_size":20,"max_position_embeddings":12,"type_vocab_size":2,"layer_norm_eps":1e-6}"#;

/// A tiny random model and a batch of two padded windows.
pub fn tiny() -> (Config, Checkpoint, Batch) {
    let config = Config::from_bytes(TINY.as_bytes()).unwrap();
    let mut state = 3u64;
    let mut random = |shape: &[usize], mean: f32, spread: f32| {
        let values: Vec<f32> = (0..shape.iter().product())
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                mean + spread * ((state >> 40) as f32 / (1 << 23) as f32 - 1.0)
            })
            .collect();
        Weight::Full(Tensor::from_vec(values, shape, &Device::Cpu).unwrap())
    };
    let mut checkpoint = Checkpoint::default();
    let (d, inner) = (8, 12);
    for (name, rows) in [("word", 20), ("position", 12), ("token_type", 2)] {
        checkpoint.insert(&format!("embeddings.{name}_embeddings.weight"), random(&[rows, d], 0.0, 0.5));
    }
    let mut norms = vec!["embeddings.LayerNorm".to_string()];
    let mut dense = vec![("classifier".to_string(), 3, d)];
    for k in 0..2 {
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] {
            dense.push((name(part), d, d));
        }
        dense.push((name("intermediate.dense"), inner, d));
        dense.push((name("output.dense"), d, inner));
        norms.extend([name("attention.output.LayerNorm"), name("output.LayerNorm")]);
    }
    for (name, outputs, inputs) in dense {
        checkpoint.insert(&format!("{name}.weight"), random(&[outputs, inputs], 0.0, 0.6));
        checkpoint.insert(&format!("{name}.bias"), random(&[outputs], 0.0, 0.3));
    }
    for name in norms {
        checkpoint.insert(&format!("{name}.weight"), random(&[d], 1.0, 0.3));
        checkpoint.insert(&format!("{name}.bias"), random(&[d], 0.0, 0.3));
    }
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
