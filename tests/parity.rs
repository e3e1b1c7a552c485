//! The engine against the Hugging Face reference's numbers, and the shipped weights against the f32 ones.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use bioscope::bio::{self, Label};
use bioscope::inference::Engine;
use bioscope::model::{Checkpoint, Config, Format, Model, Pass};
use candle_core::{Device, Tensor};
use common::{Case, Golden, engine, golden, root, shared};

/// Ids, segments and offsets must be equal; the result is the largest difference of a logit.
fn compare(engine: &Engine, golden: &Golden) -> f32 {
    assert!(golden.cases.len() >= 5);
    let mut worst = 0f32;
    for case in &golden.cases {
        let encoded = engine.text().encode(&case.question, &case.paragraph).expect("a valid case");
        assert_eq!(encoded.ids(0), (case.ids.clone(), case.type_ids.clone()), "{:?}", case.question);
        let offsets = case.offsets();
        let ours: Vec<_> = encoded.paragraph.iter().map(|p| (p.start, p.end)).take(offsets.len()).collect();
        assert_eq!(ours, offsets, "{:?}", case.paragraph);

        let h = engine.model().encoder.forward(&case.ids, &case.type_ids).unwrap();
        let z = engine.model().head.forward(&h).unwrap().to_vec2::<f32>().unwrap();
        for (ours, reference) in z.iter().zip(&case.logits) {
            for (a, b) in ours.iter().zip(reference) {
                worst = worst.max((a - b).abs());
            }
        }
    }
    worst
}

#[test]
fn f32_logits_equal_the_reference() {
    let Some(shared) = shared("parity with the f32 reference") else { return };
    let engine = engine(&shared.join("models/minilm-l6-bio"));
    let worst = compare(&engine, &golden(&shared.join("golden/forward.json")));
    println!("largest difference of a logit, native f32: {worst:e}");
    assert!(worst < 1e-3);
}

#[test]
fn shipped_models_equal_the_reference_on_their_dequantized_weights() {
    for name in ["minilm-l6", "tiny-128"] {
        let engine = engine(&root().join("static/models").join(name));
        let worst = compare(&engine, &golden(&root().join(format!("tests/golden/{name}.json"))));
        println!("{name}: largest difference of a logit, shipped weights: {worst:e}");
        assert!(worst < 1e-3);
    }
}

/// h of every position by the encoder on candle tensors.
fn exact(model: &Model, case: &Case) -> Tensor {
    model.encoder.forward(&case.ids, &case.type_ids).unwrap()
}

/// h of every position by the int8 path.
fn int8(model: &Model, case: &Case) -> Tensor {
    let (int8, length) = (model.int8.as_ref().expect("int8 weights"), case.ids.len());
    let x = model.encoder.embed(&case.ids, &case.type_ids, length, &Pass::default()).unwrap();
    let mut scratch = int8.begin(&x.flatten_all().unwrap().to_vec1().unwrap());
    for k in 0..int8.depth() {
        int8.layer(k, &mut scratch, 0..length);
    }
    Tensor::from_slice(&scratch.x, (length, model.config.hidden_size), &Device::Cpu).unwrap()
}

/// Share of equal argmax and mean KL, over the paragraph tokens of `cases`.
fn agreement(cases: &[Case], model: &Model, h: impl Fn(&Model, &Case) -> Tensor) -> (f64, f64, f64) {
    let (mut all, mut same, mut spans, mut same_spans, mut kl) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for case in cases {
        let z = model.head.forward(&h(model, case)).unwrap().to_vec2::<f32>().unwrap();
        for i in case.positions() {
            let (reference, ours) = (case.logits[i], [z[i][0], z[i][1], z[i][2]]);
            let equal = f64::from(u8::from(Label::argmax(&reference) == Label::argmax(&ours)));
            all += 1.0;
            same += equal;
            if Label::argmax(&reference) != Label::O {
                spans += 1.0;
                same_spans += equal;
            }
            let (p, q) = (bio::log_softmax(&reference), bio::log_softmax(&ours));
            kl += (0..3).map(|j| p[j].exp() * (p[j] - q[j])).sum::<f64>();
        }
    }
    (same / all, same_spans / spans, kl / all)
}

#[test]
fn int8_rows_agree_with_f32() {
    let Some(shared) = shared("int8 rows against f32") else { return };
    let cases = golden(&shared.join("golden/forward.json")).cases;
    let read = |name: &str| std::fs::read(shared.join("models/minilm-l6-bio").join(name)).unwrap();
    let full = Checkpoint::from_bytes(&read("model.safetensors")).unwrap();
    let rows = Checkpoint::from_bytes(&full.to_bytes(Format::Int8Rows).unwrap()).unwrap();
    let model = Model::load(Config::from_bytes(&read("config.json")).unwrap(), &rows).unwrap();
    let check = |name: &str, (all, spans, kl): (f64, f64, f64)| {
        println!(
            "{name}: same argmax {all:.5} of all tokens, {spans:.5} of those labelled B or I; mean KL {kl:e} nats"
        );
        assert!(all >= 0.998 && spans >= 0.98 && kl <= 1e-3);
    };
    check("f32 activations", agreement(&cases, &model, exact));
    // All kernels compute the same (tests/int8.rs), so one stands for all.
    check("int8 path", agreement(&cases, &model, int8));
}
