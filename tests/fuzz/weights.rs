//! Weight files and configurations: read, and where they are taken, built into a model that reads a few tokens.

use bioscope::model::{Checkpoint, Config, Format, Model};
use candle_core::quantized::GgmlDType;

use crate::common::random::{Spread, random};
use crate::common::tiny;
use crate::driver::{Seeds, fuzz};

const WIDE: &str = r#"{"hidden_size":32,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":32,
    "vocab_size":8,"max_position_embeddings":8,"type_vocab_size":2,"layer_norm_eps":1e-6}"#;

const SPREAD: Spread = Spread { tables: 0.5, weights: |_| 0.6, biases: 0.3, norms: 0.3, norm_biases: 0.3 };

#[test]
fn weight_files() {
    let (config, checkpoint, _) = tiny();
    let plain = [Format::F32, Format::F16, Format::Int8Rows, Format::Blocks(GgmlDType::F32)];
    let mut inputs: Vec<Vec<u8>> = plain.iter().map(|format| checkpoint.to_bytes(*format).unwrap()).collect();
    // Block types and 4-bit rows need rows of 32.
    let wide = Config::from_bytes(WIDE.as_bytes()).unwrap();
    let checkpoint = random(&wide, 5, &SPREAD);
    let blocks = [Format::Mixed, Format::Blocks(GgmlDType::Q8_0), Format::Blocks(GgmlDType::Q4_1)];
    inputs.extend(blocks.iter().map(|format| checkpoint.to_bytes(*format).unwrap()));
    let words = &[
        "F32",
        "F16",
        "BF16",
        "I8",
        "U8",
        "I64",
        ".scale",
        "\"shape\":[8,8]",
        "\"data_offsets\":[0,64]",
        "GGUF",
        "classifier.weight",
    ];
    fuzz("weight_files", &Seeds { inputs, words }, |bytes| {
        let Ok(checkpoint) = Checkpoint::from_bytes(bytes) else { return false };
        let _ = (checkpoint.parameters(), checkpoint.quantization());
        Model::load(config.clone(), &checkpoint).is_ok() || Model::load(wide.clone(), &checkpoint).is_ok()
    });
}

#[test]
fn configurations() {
    let config =
        br#"{"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":12,"vocab_size":20,
        "max_position_embeddings":12,"type_vocab_size":2,"layer_norm_eps":1e-6,"hidden_act":"gelu","model_type":"bert",
        "id2label":{"0":"B","1":"I","2":"O"},"label2id":{"B":0,"I":1,"O":2},"position_embedding_type":"absolute"}"#;
    let words = &["\"B-ANS\"", "\"relu\"", "\"roberta\"", "{", "}", "[", "\"id2label\":"];
    let (_, checkpoint, _) = tiny();
    fuzz("configurations", &Seeds { inputs: vec![config.to_vec()], words }, |bytes| {
        let Ok(config) = Config::from_bytes(bytes) else { return false };
        let _ = config.class_order();
        Model::load(config, &checkpoint).is_ok()
    });
}
