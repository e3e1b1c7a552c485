//! The page's self-test with the native engine: its reference values hold, its limits have room, and what is damaged is seen.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use bioscope::bio::Logits;
use bioscope::document::gold::Gold;
use bioscope::inference::Engine;
use bioscope::inference::ModelOutput;
use bioscope::inference::learning::{Method, Mode, Optimizer, StepOptions, Target};
use bioscope::self_test::{
    F32_LIMIT, GRADIENT_LIMIT, INT8_LIMIT, KL_LIMIT, LearningCase, Reference, Slopes, differences, logits, summary,
    tokens,
};
use bioscope::train::{Example, Explaining, Tuning};
use common::root;

fn references() -> Vec<(Reference, Engine)> {
    let file = std::fs::read_to_string(root().join("static/self-test.json")).unwrap();
    let all = Reference::read(&file).unwrap();
    assert_eq!(all.iter().map(|r| &*r.model).collect::<Vec<_>>(), ["minilm-l6", "tiny-128"]);
    all.into_iter()
        .map(|r| (common::engine(&root().join("static/models").join(&r.model)), r))
        .map(|(e, r)| (r, e))
        .collect()
}

/// The learner of a model's weights in f32.
fn tuning(engine: &Engine) -> Tuning {
    Tuning::new(engine.model().config.clone(), engine.checkpoint().clone()).unwrap()
}

fn outputs(engine: &Engine, reference: &Reference) -> Vec<ModelOutput> {
    reference.pairs().iter().map(|(question, paragraph)| engine.analyse(question, paragraph).unwrap().0).collect()
}

#[test]
fn the_tokenizer_gives_the_reference_ids_and_places() {
    for (reference, engine) in references() {
        let outputs = outputs(&engine, &reference);
        let found = tokens(&reference.texts, &outputs);
        println!("{}: {found:?}", reference.model);
        assert!(found.wrong == 0 && found.count > 1500, "{found:?}");
        let mut wrong = outputs.clone();
        wrong[9].ids[3] += 1;
        let seen = tokens(&reference.texts, &wrong);
        assert!(seen.wrong == 1 && seen.first.as_ref().unwrap().starts_with("text 9, id 3:"), "{seen:?}");
        let mut moved = outputs.clone();
        moved[2].tokens[5].end += 1;
        moved[3].tokens.pop();
        assert_eq!(tokens(&reference.texts, &moved).wrong, 3);
        assert_eq!(tokens(&reference.texts, &[]).wrong, found.count, "no reply is no good reply");
    }
}

#[test]
fn logits_are_within_their_limits() {
    for (reference, engine) in references() {
        let tuning = tuning(&engine);
        let exact = engine.with_model(tuning.model().clone());
        let (int8, f32) = (outputs(&engine, &reference), outputs(&exact, &reference));
        let ((rough, count), (fine, _)) = (logits(&reference.texts, &int8), logits(&reference.texts, &f32));
        println!("{}: {count} logits, largest difference int8 {rough:.4}, f32 {fine:.2e}", reference.model);
        assert!(rough <= 0.7 * INT8_LIMIT && fine <= 0.1 * F32_LIMIT && count > 600);
        let mut bent = reference.texts.clone();
        bent[4].logits[1] += 2.0 * INT8_LIMIT;
        assert!(logits(&bent, &int8).0 > INT8_LIMIT);
        bent[4].logits.pop();
        assert_eq!(logits(&bent, &int8).0, f64::INFINITY);

        let z = |outputs: &[ModelOutput]| {
            outputs.iter().flat_map(|r| r.tokens.iter().map(|t| t.logits)).collect::<Vec<Logits>>()
        };
        let summary = summary(&differences(&z(&int8), &z(&f32)));
        println!("{}: {summary:?}", reference.model);
        assert!(summary.mean_kl <= 0.5 * KL_LIMIT && summary.mean_kl > 0.0);
    }
}

/// The page holds a limit against single texts: the examples, and paragraphs that nobody here has chosen.
#[test]
fn int8_is_near_f32_on_single_texts() {
    let mut texts: Vec<(String, String)> = {
        let examples = std::fs::read(root().join("static/examples/examples.json")).unwrap();
        let examples: Vec<serde_json::Value> = serde_json::from_slice(&examples).unwrap();
        let text = |e: &serde_json::Value, name: &str| e[name].as_str().unwrap().to_owned();
        examples.iter().map(|e| (text(e, "question"), text(e, "paragraph"))).collect()
    };
    if let Some(shared) = common::shared("int8 against f32 on single texts of a data file") {
        let file = bioscope::dataset::read(&shared.join("data/squad-v2.0-valid.json")).unwrap();
        texts.extend(file.iter().step_by(file.len() / 30).map(|q| (q.question.clone(), q.context.to_string())));
    }
    for (reference, engine) in references() {
        let exact = engine.with_model(tuning(&engine).model().clone());
        let z = |engine: &Engine, (question, paragraph): &(String, String)| {
            engine.analyse(question, paragraph).unwrap().0.tokens.iter().map(|t| t.logits).collect::<Vec<Logits>>()
        };
        let means: Vec<f64> =
            texts.iter().map(|text| summary(&differences(&z(&engine, text), &z(&exact, text))).mean_kl).collect();
        let worst = means.iter().copied().fold(0.0, f64::max);
        println!("{}: {} texts, largest mean KL {worst:.5} nats", reference.model, texts.len());
        assert!(worst <= KL_LIMIT, "{means:?}");
    }
}

/// What the page takes from the learner's replies, straight from the learner.
fn slopes(engine: &Engine, case: &LearningCase) -> Slopes {
    let mut tuning = tuning(engine);
    let encoded = engine.text().encode(&case.question, &case.paragraph).unwrap();
    let target = Target { token: case.token, label: case.label, method: Method::Gradient };
    let mut explaining = Explaining::new(tuning.model(), &encoded, target, engine.text().mask()).unwrap();
    while !explaining.advance(tuning.model()).unwrap() {}
    let gold = Gold::from_json(&case.gold).unwrap().over(&encoded.places(&case.paragraph), None).unwrap();
    let before = engine.dense().unwrap();
    let options = StepOptions { mode: Mode::Joint, optimizer: Optimizer::Sgd, learning_rate: Some(1.0) };
    let mut work = tuning.step([Example::of(encoded, gold)].into(), options);
    while !work.advance(&mut tuning).unwrap() {}
    let report = work.finish().unwrap();
    let after = engine.with_model(tuning.model().clone()).dense().unwrap();
    let taken = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a - b)).collect::<Vec<_>>();
    Slopes {
        loss: report.loss_before,
        w: taken(&before.0, &after.0),
        b: taken(&before.1, &after.1),
        norms: report.update_norms,
        shares: explaining.finish().unwrap().0,
    }
}

#[test]
fn gradients_are_pytorchs() {
    for (reference, engine) in references() {
        let found = slopes(&engine, &reference.case);
        let gradients = reference.case.compare(&found);
        println!("{}: {gradients:?}", reference.model);
        assert!(gradients.worst() <= 0.1 * GRADIENT_LIMIT && gradients.tensors == 103, "{gradients:?}");
        let mut other = reference.case.clone();
        *other.norms.get_mut("encoder.layer.2.output.dense.weight").unwrap() *= 1.01;
        assert!(other.compare(&found).worst() > GRADIENT_LIMIT);
        let mut other = reference.case.clone();
        other.w[130] += 0.1;
        assert!(other.compare(&found).worst() > GRADIENT_LIMIT);
    }
}
