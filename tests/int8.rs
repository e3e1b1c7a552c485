//! The int8 path against the encoder on candle tensors, layer by layer, on every kernel of this machine.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::ops::Range;

use bioscope::kernel::encoder::Lease;
use bioscope::kernel::{self, Int8Encoder, kernels};
use bioscope::model::int8::{from_bytes, to_bytes};
use bioscope::model::{Checkpoint, Config, Format, Model, Pass};
use common::random::{Spread, random};

/// Random weights of these sizes as int8 rows, with their `config.json`.
fn sized(d: usize, inner: usize, heads: usize, layers: usize) -> (Config, Checkpoint) {
    let config = format!(
        r#"{{"hidden_size":{d},"num_hidden_layers":{layers},"num_attention_heads":{heads},"intermediate_size":{inner},
            "vocab_size":200,"max_position_embeddings":512,"type_vocab_size":2}}"#
    );
    let config = Config::from_bytes(config.as_bytes()).unwrap();
    let weights = |inputs: usize| 2.0 / (inputs as f32).sqrt();
    let full = random(&config, 1, &Spread { tables: 1.0, weights, biases: 0.3, norms: 0.4, norm_biases: 0.3 });
    let checkpoint = Checkpoint::from_bytes(&full.to_bytes(Format::Int8Rows).unwrap()).unwrap();
    (config, checkpoint)
}

/// Runs every layer of both paths on the same input; returns the largest relative difference (L2) of a layer's
/// output. All kernels must agree bit for bit.
fn compare(config: &Config, checkpoint: &Checkpoint, ids: &[u32]) -> f32 {
    let all: Vec<_> = kernels();
    let models: Vec<Model> =
        all.iter().map(|&kernel| Model::load_for(config.clone(), checkpoint, kernel).unwrap()).collect();
    let encoder = &models[0].encoder;
    let segments: Vec<u32> = (0..ids.len()).map(|k| u32::from(k > 3)).collect();
    let pass = Pass::default();
    let mut x = encoder.embed(ids, &segments, ids.len(), &pass).unwrap();
    let mut worst = 0f32;
    for k in 0..encoder.depth() {
        let input = x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        x = encoder.layer(k, &x, &pass).unwrap();
        let exact = x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let outputs: Vec<Vec<f32>> = models
            .iter()
            .map(|model| {
                let int8 = model.int8.as_ref().expect("the int8 path fits");
                let mut scratch = int8.begin_at(k, &input);
                int8.layer(k, &mut scratch, 0..ids.len());
                scratch.x.clone()
            })
            .collect();
        for (kernel, output) in all.iter().zip(&outputs) {
            assert!(output == &outputs[0], "{} differs from {} in layer {k}", kernel.name(), all[0].name());
        }
        let norm = |x: &mut dyn Iterator<Item = f32>| x.map(|x| x * x).sum::<f32>().sqrt();
        let far = norm(&mut outputs[0].iter().zip(&exact).map(|(a, b)| a - b)) / norm(&mut exact.iter().copied());
        worst = worst.max(far);
    }
    worst
}

#[test]
fn random_models_of_several_sizes_layer_by_layer() {
    for (d, inner, heads) in [(128, 512, 4), (32, 64, 1), (64, 200, 8), (96, 128, 3)] {
        let (config, checkpoint) = sized(d, inner, heads, 2);
        for length in [1, 2, 5, 47, 51, 130] {
            let ids: Vec<u32> = (0..length).map(|k| (k * 31 + 7) % 200).collect();
            let worst = compare(&config, &checkpoint, &ids);
            assert!(worst < 0.04, "d {d}, {length} positions: {worst}");
        }
    }
}

#[test]
fn the_shipped_model_layer_by_layer() {
    let folder = common::root().join("static/models/minilm-l6");
    let config = Config::from_bytes(&std::fs::read(folder.join("config.json")).unwrap()).unwrap();
    let checkpoint = Checkpoint::from_bytes(&std::fs::read(folder.join("model.safetensors")).unwrap()).unwrap();
    let case = &common::golden(&common::root().join("tests/golden/minilm-l6.json")).cases[0];
    let worst = compare(&config, &checkpoint, &case.ids);
    println!("largest relative difference of a layer's output: {worst}");
    assert!(worst < 0.04);
}

#[test]
fn only_the_rows_that_are_asked_for() {
    let (config, checkpoint) = sized(64, 128, 2, 1);
    let model = Model::load(config, &checkpoint).unwrap();
    let int8 = model.int8.unwrap();
    let x: Vec<f32> = (0..60 * 64).map(|k| (k % 17) as f32 / 9.0 - 1.0).collect();
    let (mut all, mut some) = (int8.begin(&x), int8.begin(&x));
    int8.layer(0, &mut all, 0..60);
    int8.layer(0, &mut some, 5..58);
    assert_eq!(all.x[5 * 64..58 * 64], some.x[5 * 64..58 * 64]);
}

#[test]
fn rows_shared_among_several_are_the_same_to_the_bit() {
    let (config, checkpoint) = sized(64, 128, 2, 3);
    let int8 = Model::load(config, &checkpoint).unwrap().int8.unwrap();
    let mut copy = Int8Encoder::new(int8.shape(), kernel::best());
    for k in 0..int8.depth() {
        copy.push(from_bytes(&to_bytes(int8.packed(k))).unwrap());
    }
    let (length, d) = (61, 64);
    let x: Vec<f32> = (0..length * d).map(|k| ((k * k) % 101) as f32 / 30.0 - 1.5).collect();
    let mut whole = int8.begin(&x);
    (0..int8.depth()).for_each(|k| int8.layer(k, &mut whole, 0..length));
    for cuts in [vec![0, 30, 61], vec![0, 1, 61], vec![0, 15, 31, 46, 61]] {
        let parts: Vec<_> = cuts.windows(2).map(|cut| cut[0]..cut[1]).collect();
        let mut all: Vec<_> =
            parts.iter().map(|r| copy.begin_rows(length, r.clone(), &x[r.start * d..r.end * d])).collect();
        for k in 0..int8.depth() {
            for (s, rows) in all.iter_mut().zip(&parts) {
                copy.project(k, s, rows.clone());
            }
            let share = |(s, rows): (&Lease, &Range<usize>)| s.share(rows.clone()).map(<[f32]>::to_vec);
            let shares: Vec<_> = all.iter().zip(&parts).map(share).collect();
            for (me, s) in all.iter_mut().enumerate() {
                for (from, rows) in parts.iter().enumerate().filter(|(from, _)| *from != me) {
                    let [largest_q, kv] = &shares[from];
                    s.gather(rows.clone(), largest_q).copy_from_slice(kv);
                }
                copy.attend(k, s, parts[me].clone());
            }
        }
        for (s, rows) in all.iter().zip(&parts) {
            assert_eq!(s.x[rows.start * d..rows.end * d], whole.x[rows.start * d..rows.end * d], "{cuts:?}");
        }
    }
}

#[test]
fn sizes_that_are_no_multiples_of_eight_go_the_other_way() {
    let (config, checkpoint) = sized(24, 40, 4, 1); // heads of 6
    assert!(Model::load(config, &checkpoint).unwrap().int8.is_none());
}
