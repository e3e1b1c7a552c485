//! Learning from the user's own labels, on the shipped models.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use bioscope::bio::Label;
use bioscope::inference::learning::{AttentionOf, InputPart, Method, Mode, Optimizer, StepOptions, StepReport, Target};
use bioscope::model::{Checkpoint, Config, Pass};
use bioscope::tokenize::TextEncoder;
use bioscope::train::{Attending, Batch, Example, Explaining, Instances, Settings, Trainer, Tuning, Work};
use candle_core::Tensor;
use common::root;

const TEXTS: [(&str, &str); 5] = [
    ("Who sang in Oslo?", "On Friday Ada Berg sang in Oslo, and Bo listened."),
    ("When did the ferry leave?", "The ferry left the northern harbour at dawn and came back at night."),
    ("What did the pupils bring?", "Her pupils, sixteen at first, brought the firewood themselves."),
    ("Where is the mill?", "The old mill stands by the river, a mile south of Arden."),
    ("How many goats were there?", "It carried letters, lamps and two goats to the island."),
];

struct Shipped {
    config: Config,
    checkpoint: Checkpoint,
    text: TextEncoder,
}

fn shipped(name: &str) -> Shipped {
    let read = |file: &str| std::fs::read(root().join("static/models").join(name).join(file)).unwrap();
    let config = Config::from_bytes(&read("config.json")).unwrap();
    let text = TextEncoder::from_bytes(&read("tokenizer.json"), config.max_position_embeddings).unwrap();
    Shipped { config, checkpoint: Checkpoint::from_bytes(&read("model.safetensors")).unwrap(), text }
}

impl Shipped {
    fn tuning(&self) -> Tuning {
        Tuning::new(self.config.clone(), self.checkpoint.clone()).unwrap()
    }

    /// Two of three annotators mark token `at`, which the model need not believe.
    fn example(&self, (question, paragraph): (&str, &str), at: usize) -> Instances {
        let encoded = self.text.encode(question, paragraph).unwrap();
        let mut gold = vec![[0.0, 0.0, 1.0]; encoded.paragraph.len()];
        gold[at] = [2.0 / 3.0, 0.0, 1.0 / 3.0];
        Instances::from([Example::of(encoded, gold)])
    }
}

fn run(tuning: &mut Tuning, mut work: Work) -> Option<StepReport> {
    while !work.advance(tuning).unwrap() {}
    work.finish()
}

fn step(tuning: &mut Tuning, example: &Instances, options: StepOptions) -> StepReport {
    let work = tuning.step(example.clone(), options);
    run(tuning, work).unwrap()
}

fn bits(checkpoint: &Checkpoint) -> Vec<u32> {
    let values = |t: Tensor| t.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    checkpoint.iter().flat_map(|(_, w)| values(w.to_f32().unwrap())).map(f32::to_bits).collect()
}

#[test]
fn layer_by_layer_gives_the_trainers_gradients() {
    let shipped = shipped("tiny-128");
    let (tuning, example) = (shipped.tuning(), shipped.example(TEXTS[0], 2));
    let trainer = Trainer::new(shipped.config.clone(), &shipped.checkpoint, Settings::default()).unwrap();
    let (instances, whole) = trainer.gradients(&Batch::new(&[&example[0]]), &Pass::default()).unwrap();
    let (loss, layered) = tuning.gradients(&example[0]).unwrap();
    assert!((loss - instances[0]).abs() < 1e-9 * loss, "{loss} {instances:?}");
    let mut compared = 0;
    for (name, variable) in trainer.variables.iter() {
        let (Some(a), Some(b)) = (whole.get(variable), layered.get(tuning.variables().get(name).unwrap())) else {
            panic!("{name} has no gradient");
        };
        let norm = |t: &Tensor| t.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap().sqrt();
        let far = norm(&(a - b).unwrap());
        // Key biases have no gradient but rounding.
        assert!(far <= 1e-4 * norm(a) || norm(a) < 1e-4, "{name}: {far} of {}", norm(a));
        compared += 1;
    }
    assert_eq!(compared, 103);
}

#[test]
fn twenty_joint_steps_lower_kl_by_four_fifths() {
    for name in ["tiny-128", "minilm-l6"] {
        let shipped = shipped(name);
        let mut tuning = shipped.tuning();
        for (n, text) in TEXTS.into_iter().enumerate().take(if name == "tiny-128" { 5 } else { 1 }) {
            tuning.reset().unwrap();
            let example = shipped.example(text, 1 + n);
            let reports: Vec<StepReport> =
                (0..20).map(|_| step(&mut tuning, &example, StepOptions::default())).collect();
            let (first, last) = (&reports[0], &reports[19]);
            let kl = |loss: f64| loss - first.entropy;
            println!(
                "{name}, {}: L {:.2} to {:.2}, H {:.2}",
                text.0, first.loss_before, last.loss_after, first.entropy
            );
            assert!(kl(last.loss_after) <= 0.2 * kl(first.loss_before), "{name}, {}", text.0);
            assert!(reports.windows(2).all(|pair| (pair[0].loss_after - pair[1].loss_before).abs() < 1e-4));
            assert_eq!(first.update_norms.len(), 103);
            assert!(first.update_norms.iter().all(|(name, norm)| *norm > 0.0 || name.contains("key.bias")), "all move");
        }
    }
}

/// What the lesson (docs/teaching.md) has everybody see: the first step lowers L already, and ten bring it near to H.
#[test]
fn the_lessons_first_step_lowers_its_loss_and_ten_lead_towards_h() {
    let shipped = shipped("tiny-128");
    let third = 1.0 / 3.0;
    let (outside, begins) = ([0.0, 0.0, 1.0], [1.0, 0.0, 0.0]);
    let sentence = shipped.example(("Who sang?", "On Friday Ada sang."), 2);
    let letter = shipped.text.encode("Who wrote the letter?", "Ada and Tom wrote the letter in Paris.").unwrap();
    let mut gold = vec![outside; letter.paragraph.len()];
    gold[..3].copy_from_slice(&[begins, [0.0, third, 2.0 * third], [third; 3]]);
    for example in [sentence, Instances::from([Example::of(letter, gold)])] {
        let mut tuning = shipped.tuning();
        let reports: Vec<StepReport> = (0..10).map(|_| step(&mut tuning, &example, StepOptions::default())).collect();
        let (first, last) = (&reports[0], &reports[9]);
        let losses: Vec<f64> = reports.iter().map(|report| report.loss_after).collect();
        println!("L {:.3}, then {losses:.3?}, H {:.3}", first.loss_before, first.entropy);
        assert!(first.loss_after < first.loss_before, "{losses:?}");
        assert!(last.loss_after - last.entropy < 0.25 * (first.loss_before - first.entropy), "{losses:?}");
    }
}

#[test]
fn head_steps_move_w_and_b_only() {
    let shipped = shipped("tiny-128");
    let (mut tuning, example) = (shipped.tuning(), shipped.example(TEXTS[0], 2));
    for optimizer in [Optimizer::Sgd, Optimizer::AdamW] {
        let options = StepOptions { mode: Mode::Head, optimizer, learning_rate: None };
        let first = step(&mut tuning, &example, options);
        assert_eq!(first.update_norms.keys().collect::<Vec<_>>(), ["classifier.bias", "classifier.weight"]);
        assert!(first.loss_after < first.loss_before, "{first:?}");
        let second = step(&mut tuning, &example, options);
        assert!((second.loss_before - first.loss_after).abs() < 1e-6);
    }
    // By hand: one step of SGD at rate r moves b by -r * sum_i (p_i - t_i).
    tuning.reset().unwrap();
    let bias = |tuning: &Tuning| tuning.variables().get("classifier.bias").unwrap().to_vec1::<f32>().unwrap();
    let before = bias(&tuning);
    let (_, gradients) = tuning.gradients(&example[0]).unwrap();
    let slope = gradients.get(tuning.variables().get("classifier.bias").unwrap()).unwrap().to_vec1::<f32>().unwrap();
    step(&mut tuning, &example, StepOptions { mode: Mode::Head, optimizer: Optimizer::Sgd, learning_rate: Some(0.5) });
    for ((after, before), slope) in bias(&tuning).iter().zip(before).zip(slope) {
        assert!((after - (before - 0.5 * slope)).abs() < 1e-6);
    }
}

#[test]
fn undo_and_reset_are_exact() {
    let shipped = shipped("tiny-128");
    let mut tuning = shipped.tuning();
    let (a, b) = (shipped.example(TEXTS[0], 2), shipped.example(TEXTS[1], 3));
    let start = bits(&tuning.weights());
    let joint = StepOptions::default();
    let head = StepOptions { mode: Mode::Head, ..joint };
    step(&mut tuning, &a, joint);
    step(&mut tuning, &b, head);
    let two = bits(&tuning.weights());
    let third = step(&mut tuning, &a, joint);
    assert_ne!(bits(&tuning.weights()), two);
    let work = tuning.undo().unwrap();
    run(&mut tuning, work);
    assert_eq!((tuning.steps(), bits(&tuning.weights()) == two), (2, true));
    let again = step(&mut tuning, &a, joint);
    assert_eq!(
        (again.loss_before, again.loss_after),
        (third.loss_before, third.loss_after),
        "the same clicks, the same numbers"
    );
    for left in [2, 1, 0, 0] {
        let work = tuning.undo().unwrap();
        run(&mut tuning, work);
        assert_eq!(tuning.steps(), left);
    }
    assert!(bits(&tuning.weights()) == start);
    step(&mut tuning, &a, joint);
    tuning.reset().unwrap();
    assert!(bits(&tuning.weights()) == start);
}

#[test]
fn a_rate_too_high_is_said_and_can_be_undone() {
    let shipped = shipped("tiny-128");
    let (mut tuning, example) = (shipped.tuning(), shipped.example(TEXTS[0], 2));
    let start = bits(&tuning.weights());
    let wild = StepOptions { learning_rate: Some(1e30), optimizer: Optimizer::Sgd, ..StepOptions::default() };
    let first = step(&mut tuning, &example, wild);
    let error = if first.loss_after.is_finite() {
        None
    } else {
        let mut work = tuning.step(example.clone(), wild);
        loop {
            match work.advance(&mut tuning) {
                Ok(true) => break None,
                Ok(false) => {}
                Err(error) => break Some(error.kind()),
            }
        }
    };
    assert_eq!(error.as_deref(), Some("diverged"));
    assert_eq!(tuning.steps(), 1, "the step that failed is none");
    let work = tuning.undo().unwrap();
    run(&mut tuning, work);
    assert!(bits(&tuning.weights()) == start);
}

#[test]
fn attributions_are_complete() {
    // 103 times up and down the layers each: the larger model once, and not on every text.
    for (name, n, token, label) in [
        ("tiny-128", 0, 2, Label::B),
        ("tiny-128", 0, 1, Label::O),
        ("tiny-128", 2, 4, Label::B),
        ("tiny-128", 4, 6, Label::B),
        ("minilm-l6", 0, 2, Label::B),
    ] {
        let (shipped, (question, paragraph)) = (shipped(name), TEXTS[n]);
        let (tuning, encoded) = (shipped.tuning(), shipped.text.encode(question, paragraph).unwrap());
        let target = Target { token, label, method: Method::Integrated };
        let mut work = Explaining::new(tuning.model(), &encoded, target, 103).unwrap();
        while !work.advance(tuning.model()).unwrap() {}
        let (shares, value, baseline) = work.finish().unwrap();
        let error = (shares.iter().sum::<f64>() - (value - baseline)).abs() / (value - baseline).abs();
        println!(
            "{name}, {question}, token {token}, {label:?}: log odds {value:.3}, baseline {baseline:.3}, error {error:.5}"
        );
        assert!(error <= 0.02, "{name}: {error}");
        assert_eq!(shares.len(), encoded.ids(0).0.len());
        assert!(shares[0].abs() < 1e-9, "[CLS] is the same in the baseline");
    }
}

#[test]
fn a_step_from_the_way_up_of_the_one_before_is_the_same_step() {
    let shipped = shipped("tiny-128");
    let (mut tuning, mut other) = (shipped.tuning(), shipped.tuning());
    let (a, joint) = (shipped.example(TEXTS[0], 2), StepOptions::default());
    let head = StepOptions { mode: Mode::Head, ..joint };
    for options in [joint, joint, head, joint, joint] {
        let quick = step(&mut tuning, &a, options);
        other.rest();
        let slow = step(&mut other, &a, options);
        assert_eq!((quick.loss_before, quick.loss_after), (slow.loss_before, slow.loss_after));
    }
    assert!(bits(&tuning.weights()) == bits(&other.weights()));
    // Other labels for the same text are another instance.
    let others = shipped.example(TEXTS[0], 3);
    let (quick, slow) = (step(&mut tuning, &others, joint), {
        other.rest();
        step(&mut other, &others, joint)
    });
    assert_eq!((quick.loss_before, quick.loss_after), (slow.loss_before, slow.loss_after));
}

#[test]
fn a_set_learns_the_mean_of_its_losses() {
    let shipped = shipped("tiny-128");
    let mut tuning = shipped.tuning();
    let (a, b) = (shipped.example(TEXTS[0], 2), shipped.example(TEXTS[1], 3));
    let both = Instances::from([a[0].clone(), b[0].clone()]);
    let (loss_a, gradients_a) = tuning.gradients(&a[0]).unwrap();
    let (loss_b, gradients_b) = tuning.gradients(&b[0]).unwrap();
    let name = "encoder.layer.3.output.dense.weight";
    let of = |gradients: &candle_core::backprop::GradStore, tuning: &Tuning| {
        gradients.get(tuning.variables().get(name).unwrap()).unwrap().clone()
    };
    let mean = ((of(&gradients_a, &tuning) + of(&gradients_b, &tuning)).unwrap() / 2.0).unwrap();
    let before = tuning.variables().get(name).unwrap().copy().unwrap();
    let sgd = StepOptions { optimizer: Optimizer::Sgd, learning_rate: Some(0.5), ..StepOptions::default() };
    let report = step(&mut tuning, &both, sgd);
    assert!((report.loss_before - 0.5 * (loss_a + loss_b)).abs() < 1e-6);
    let moved = (before - tuning.variables().get(name).unwrap().as_tensor()).unwrap();
    let norm = |t: &Tensor| t.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap().sqrt();
    let expected = (mean * 0.5).unwrap();
    assert!(norm(&(moved - &expected).unwrap()) < 1e-3 * norm(&expected));
    // Both kinds of steps agree on L, before and after.
    let head = StepOptions { mode: Mode::Head, ..StepOptions::default() };
    let second = step(&mut tuning, &both, head);
    assert!((second.loss_before - report.loss_after).abs() < 1e-5, "{second:?}");
    let third = step(&mut tuning, &both, sgd);
    assert!((third.loss_before - second.loss_after).abs() < 1e-5);
    let start = shipped.tuning();
    tuning.reset().unwrap();
    assert!(bits(&tuning.weights()) == bits(&start.weights()));
}

#[test]
fn attention_rows_are_distributions() {
    let shipped = shipped("tiny-128");
    let tuning = shipped.tuning();
    let (question, paragraph) = TEXTS[0];
    let encoded = shipped.text.encode(question, paragraph).unwrap();
    let mut work = Attending::new(tuning.model(), &encoded, AttentionOf { token: 2, layer: 3 }).unwrap();
    let weights = loop {
        if let Some(weights) = work.advance(tuning.model()).unwrap() {
            break weights;
        }
    };
    let maps = work.maps(tuning.model(), &encoded, question, paragraph);
    let length = maps.tokens.len();
    assert_eq!((length, maps.layers, weights.len()), (encoded.ids(0).0.len(), 6, maps.heads * length * length));
    assert_eq!((&*maps.tokens[maps.position].text, maps.tokens[maps.position].part), ("Ada", InputPart::Paragraph));
    for row in weights.chunks(length) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5 && row.iter().all(|a| *a >= 0.0));
    }
    let beyond = AttentionOf { token: 2, layer: 6 };
    assert_eq!(Attending::new(tuning.model(), &encoded, beyond).unwrap_err().kind(), "argument");
}
