//! Random weights of any size, the same for the same seed.

use bioscope::model::{Checkpoint, Config, Weight};
use candle_core::{Device, Tensor};

/// How far the values may lie from their mean, which is 1 for the weights of a LayerNorm, else 0.
pub struct Spread {
    pub tables: f32,
    /// Of a dense layer's weights, by the number of its inputs.
    pub weights: fn(usize) -> f32,
    pub biases: f32,
    pub norms: f32,
    pub norm_biases: f32,
}

/// All weights of a model with its head.
pub fn random(config: &Config, mut seed: u64, spread: &Spread) -> Checkpoint {
    let (d, inner) = (config.hidden_size, config.intermediate_size);
    let mut checkpoint = Checkpoint::default();
    let mut add = |name: String, shape: &[usize], mean: f32, spread: f32| {
        let next = |_| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            mean + spread * ((seed >> 40) as f32 / (1 << 23) as f32 - 1.0)
        };
        let values: Vec<f32> = (0..shape.iter().product()).map(next).collect();
        checkpoint.insert(&name, Weight::Full(Tensor::from_vec(values, shape, &Device::Cpu).unwrap()));
    };
    let tables = [
        ("word", config.vocab_size),
        ("position", config.max_position_embeddings),
        ("token_type", config.type_vocab_size),
    ];
    for (name, rows) in tables {
        add(format!("embeddings.{name}_embeddings.weight"), &[rows, d], 0.0, spread.tables);
    }
    let mut norms = vec!["embeddings.LayerNorm".to_string()];
    let mut dense = vec![("classifier".to_string(), 3, d)];
    for k in 0..config.num_hidden_layers {
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] {
            dense.push((name(part), d, d));
        }
        dense.push((name("intermediate.dense"), inner, d));
        dense.push((name("output.dense"), d, inner));
        norms.extend([name("attention.output.LayerNorm"), name("output.LayerNorm")]);
    }
    for (name, outputs, inputs) in dense {
        add(format!("{name}.weight"), &[outputs, inputs], 0.0, (spread.weights)(inputs));
        add(format!("{name}.bias"), &[outputs], 0.0, spread.biases);
    }
    for name in norms {
        add(format!("{name}.weight"), &[d], 1.0, spread.norms);
        add(format!("{name}.bias"), &[d], 0.0, spread.norm_biases);
    }
    checkpoint
}
