//! Joint fine-tuning against PyTorch's numbers and against finite differences.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::collections::{BTreeMap, HashMap};

use bioscope::dataset;
use bioscope::model::{Checkpoint, Config, Model, Pass, Weight};
use bioscope::tokenize::TextEncoder;
use bioscope::train::{Batch, Example, Settings, Trainer, batch_loss};
use candle_core::{DType, Device, Tensor};
use common::{shared, tiny};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    steps: Vec<ReferenceStep>,
}

#[derive(Deserialize)]
struct ReferenceStep {
    ids: Vec<String>,
    loss: f64,
    per_instance: Vec<f64>,
    grad_norm_before_clip: f64,
    #[serde(default)]
    grad_norms: BTreeMap<String, f64>,
}

/// The instance cut to its first window.
fn first_window(Example { mut encoded, mut gold, .. }: Example) -> Example {
    encoded.windows.truncate(1);
    let end = encoded.windows[0].end;
    encoded.paragraph.truncate(end);
    gold.truncate(end);
    Example::of(encoded, gold)
}

fn near(got: f64, want: f64, relative: f64) -> bool {
    (got - want).abs() <= relative * want.abs()
}

#[test]
fn steps_equal_pytorch() {
    let Some(shared) = shared("steps of fine-tuning against PyTorch") else { return };
    let reference: Reference =
        serde_json::from_slice(&std::fs::read(shared.join("golden/train.json")).unwrap()).unwrap();
    let folder = shared.join("models/minilm-l6-bio");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let config = Config::from_bytes(&read("config.json")).unwrap();
    let text = TextEncoder::from_bytes(&read("tokenizer.json"), config.max_position_embeddings).unwrap();
    let checkpoint = Checkpoint::from_bytes(&read("model.safetensors")).unwrap();
    let mut trainer = Trainer::new(config, &checkpoint, Settings::default()).unwrap();
    let instances: HashMap<String, dataset::Instance> = dataset::read(&shared.join("data/squad-v1.1-train.json"))
        .unwrap()
        .into_iter()
        .map(|i| (i.id.clone(), i))
        .collect();
    assert_eq!(reference.steps.len(), 10);
    let steps = &reference.steps[..6]; // each takes three seconds here; the last ones say nothing that these do not
    let mut worst = 0f64;
    for (n, step) in steps.iter().enumerate() {
        let examples: Vec<Example> =
            step.ids.iter().map(|id| first_window(Example::new(&text, &instances[id]).unwrap())).collect();
        let batch = Batch::new(&examples.iter().collect::<Vec<_>>());
        if n == 0 {
            let (_, gradients) = trainer.gradients(&batch, &Pass::default()).unwrap();
            let clip = step.grad_norm_before_clip.max(1.0);
            assert_eq!(step.grad_norms.len(), 103);
            for (name, want) in &step.grad_norms {
                let name = name.replace("bert.", "").replace("head.", "classifier.");
                let variable = trainer.variables.get(&name).unwrap_or_else(|| panic!("no {name}"));
                let gradient = gradients.get(variable).unwrap_or_else(|| panic!("no gradient of {name}"));
                let norm = gradient.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap().sqrt();
                let got = f64::from(norm) / clip;
                // Key biases have no gradient but rounding: softmax does not see them.
                assert!(near(got, *want, 1e-3) || (got < 1e-6 && *want < 1e-6), "{name}: {got} against {want}");
            }
        }
        let done = trainer.step(&batch, &Pass::default(), 1e-5, 1.0).unwrap();
        worst = worst.max((done.loss / step.loss - 1.0).abs());
        assert!(near(done.loss, step.loss, 1e-3), "step {n}: {} against {}", done.loss, step.loss);
        assert!(near(done.gradient_norm, step.grad_norm_before_clip, 1e-2), "step {n}: {}", done.gradient_norm);
        for (got, want) in done.instances.iter().zip(&step.per_instance) {
            assert!((got - want).abs() < 1e-3 * want.abs().max(1.0), "step {n}: {got} against {want}");
        }
    }
    println!("largest relative difference of a loss over {} steps: {worst:e}", steps.len());
}

#[test]
fn every_gradient_equals_central_differences_in_f64() {
    let (config, checkpoint, batch) = tiny();
    let trainer = Trainer::new(config.clone(), &checkpoint, Settings::default()).unwrap();
    let (_, gradients) = trainer.gradients(&batch, &Pass::default()).unwrap();

    // The same model in f64, where the operations take their composed forms.
    let wide: Vec<(String, Tensor)> = checkpoint
        .iter()
        .map(|(name, w)| (name.to_string(), w.to_f32().unwrap().to_dtype(DType::F64).unwrap()))
        .collect();
    let loss = |tensors: &[(String, Tensor)]| {
        let mut checkpoint = Checkpoint::default();
        for (name, tensor) in tensors {
            checkpoint.insert(name, Weight::Full(tensor.clone()));
        }
        let model = Model::load(config.clone(), &checkpoint).unwrap();
        batch_loss(&model, &batch, &Pass::default()).unwrap().0.to_scalar::<f64>().unwrap()
    };
    let step = 1e-5;
    for (which, (name, tensor)) in wide.iter().enumerate() {
        let values = tensor.flatten_all().unwrap().to_vec1::<f64>().unwrap();
        let variable = trainer.variables.get(name).unwrap();
        let gradient = gradients.get(variable).unwrap_or_else(|| panic!("{name} has no gradient"));
        let exact = gradient.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let (mut off, mut norm) = (0.0, 0.0);
        for k in 0..values.len() {
            let at = |delta: f64| {
                let mut moved = values.clone();
                moved[k] += delta;
                let mut all = wide.clone();
                all[which].1 = Tensor::from_vec(moved, tensor.shape(), &Device::Cpu).unwrap();
                loss(&all)
            };
            let slope = (at(step) - at(-step)) / (2.0 * step);
            off += (slope - f64::from(exact[k])).powi(2);
            norm += slope * slope;
        }
        let (off, norm) = (off.sqrt(), norm.sqrt());
        if name.ends_with("key.bias") {
            assert!(norm < 1e-6 && off < 1e-6, "{name}: softmax does not see the key's bias, {norm:e} {off:e}");
        } else {
            assert!(norm > 1e-6, "{name} does not learn");
            assert!(off < (1e-4 * norm).max(1e-7), "{name}: off by {off:e} of {norm:e}");
        }
    }
}

#[test]
fn twenty_steps_bring_the_loss_towards_the_entropy() {
    let (config, checkpoint, batch) = tiny();
    let mut trainer = Trainer::new(config, &checkpoint, Settings { weight_decay: 0.0, ..Settings::default() }).unwrap();
    let entropy: f64 = batch.gold.iter().flatten().filter(|t| **t > 0.0).map(|t| -t * t.ln()).sum::<f64>() / 2.0;
    let first = trainer.step(&batch, &Pass::default(), 2e-2, 1.0).unwrap().loss;
    let last = (0..60).map(|_| trainer.step(&batch, &Pass::default(), 2e-2, 1.0).unwrap().loss).last().unwrap();
    assert!(last > entropy - 1e-5, "no model is below the annotators' own doubt");
    assert!(last - entropy < 0.2 * (first - entropy), "{first} to {last}, at least {entropy}");
}

#[test]
fn a_restored_run_goes_on_as_if_unbroken() {
    let (config, checkpoint, batch) = tiny();
    let new = || Trainer::new(config.clone(), &checkpoint, Settings::default()).unwrap();
    let pass = |step: u32| Pass { dropout: 0.1, seed: step.into(), ..Pass::default() };
    let run = |trainer: &mut Trainer, steps: std::ops::Range<u32>| -> Vec<f64> {
        steps.map(|n| trainer.step(&batch, &pass(n), 1e-2, 1.0).unwrap().loss).collect()
    };
    let mut unbroken = new();
    let whole = run(&mut unbroken, 0..8);
    let mut first = new();
    run(&mut first, 0..3);
    let state = first.to_bytes("a note").unwrap();
    let mut second = new();
    assert_eq!(second.restore(&state).unwrap(), "a note");
    assert_eq!(second.steps(), 3);
    assert_eq!(run(&mut second, 3..8), whole[3..], "to the last bit");
    assert!(second.restore(&state[..state.len() / 2]).is_err());
}

#[test]
fn a_step_that_is_not_finite_changes_nothing() {
    let (config, checkpoint, mut batch) = tiny();
    let mut trainer = Trainer::new(config, &checkpoint, Settings::default()).unwrap();
    batch.gold[0] = [f64::NAN, 0.0, 1.0];
    let before = trainer.to_bytes("").unwrap();
    assert!(trainer.step(&batch, &Pass::default(), 1e-3, 1.0).is_err());
    assert_eq!(trainer.to_bytes("").unwrap(), before);
}

#[test]
fn a_killed_run_resumes_to_the_same_model() {
    let folder = std::env::temp_dir().join(format!("bioscope-train-{}", std::process::id()));
    common::tiny_folder(&folder.join("base"));
    let lines: String = (0..60)
        .map(|n| {
            let context = format!("Boat {n} left at {} in the morning. {}", n % 12 + 1, "It rained. ".repeat(n % 7));
            let span = [0, context.find(" left").unwrap()];
            let line = serde_json::json!({"id": n.to_string(), "context": context, "question": "Which boat left?",
                "annotators": [[span], [span], []]});
            format!("{line}\n")
        })
        .collect();
    let data = folder.join("data.jsonl");
    std::fs::write(&data, lines).unwrap();
    let train = |output: &str, more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bioscope"));
        command.arg("train").arg("--base").arg(folder.join("base")).arg("--data").arg(&data);
        command.arg("--output").arg(folder.join(output)).args(["--epochs", "12", "--batch-positions", "200"]);
        command.args(["--save-every", "1", "--rate", "1e-2"]).args(more);
        command.stderr(std::process::Stdio::null());
        command
    };
    assert!(train("whole", &[]).status().unwrap().success());
    let mut killed = train("broken", &[]).spawn().unwrap();
    let state = folder.join("broken/state.safetensors");
    while !state.exists() && killed.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(state.exists());
    assert_eq!(train("broken", &[]).status().unwrap().code(), Some(2), "an old run is not overwritten");
    assert!(train("broken", &["--resume"]).status().unwrap().success());
    let model = |output: &str| std::fs::read(folder.join(output).join("model.safetensors")).unwrap();
    assert!(model("whole") == model("broken"), "the same weights to the last bit");
    let losses = |output: &str| -> Vec<(u64, f64)> {
        let log = std::fs::read_to_string(folder.join(output).join("log.jsonl")).unwrap();
        let line = |l: &str| serde_json::from_str::<serde_json::Value>(l).unwrap();
        log.lines().map(line).map(|v| (v["step"].as_u64().unwrap(), v["loss"].as_f64().unwrap())).collect()
    };
    assert_eq!(losses("whole"), losses("broken"));
    let all = losses("whole");
    assert!(all.last().unwrap().1 < 0.6 * all[0].1, "it learns: {:?} to {:?}", all[0], all.last());
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Exit code and standard error.
type Ended = (Option<i32>, String);

/// A folder with a tiny model, two data files and the command that trains on one of them.
fn small_run(name: &str) -> (std::path::PathBuf, impl Fn(&str, &[&str]) -> Ended) {
    let folder = std::env::temp_dir().join(format!("bioscope-{name}-{}", std::process::id()));
    common::tiny_folder(&folder.join("base"));
    for (name, who) in [("data.jsonl", "Ada"), ("other.jsonl", "Bob")] {
        let line = |n: usize| {
            let row = serde_json::json!({"id": n.to_string(), "context": format!("{who} sang {n} songs."),
                "question": "Who sang?", "annotators": [[[0, 3]]]});
            format!("{row}\n")
        };
        std::fs::write(folder.join(name), (0..6).map(line).collect::<String>()).unwrap();
    }
    let at = folder.clone();
    let train = move |data: &str, more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bioscope"));
        command.arg("train").arg("--base").arg(at.join("base")).arg("--data").arg(at.join(data));
        command.arg("--output").arg(at.join("run")).args(["--batch-positions", "10"]).args(more);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    (folder, train)
}

#[test]
fn a_run_goes_on_by_its_own_plan_only() {
    let (folder, train) = small_run("plan");
    assert_eq!(train("data.jsonl", &["--epochs", "2", "--stop-after", "3"]).0, Some(0));
    let file = folder.join("run/state.safetensors");
    let state = std::fs::read(&file).unwrap();
    let resume = |data: &str, more: &[&str]| train(data, &[&["--resume", "--epochs", "2"], more].concat());
    for (data, more, words) in [
        ("data.jsonl", &["--seed", "2"][..], &["--seed is 2, was 1"][..]),
        (
            "data.jsonl",
            &["--rate", "1e-3", "--dropout", "0"],
            &["--rate is 0.001, was 0.00005", "--dropout is 0.0, was 0.1"],
        ),
        ("other.jsonl", &[], &["--data is another"]),
        ("data.jsonl", &["--steps", "2"], &["3 steps are done", "2"]),
    ] {
        let (code, said) = resume(data, more);
        assert!(code == Some(2) && words.iter().all(|word| said.contains(word)), "{more:?}: {said}");
        assert!(std::fs::read(&file).unwrap() == state, "{more:?}: nothing has changed");
    }
    // More steps than before make the run longer, and how often it is saved is no part of it.
    let (code, said) = resume("data.jsonl", &["--steps", "100"]);
    let fewer = said.contains("--steps 100: 2 passes over the data are 12 steps; more with --epochs");
    assert!(code == Some(0) && fewer && said.contains("12 of 12 steps done"), "{said}");
    let (code, said) = train("data.jsonl", &["--resume", "--epochs", "3", "--save-every", "1"]);
    assert!(code == Some(0) && said.contains("18 of 18 steps done"), "{said}");
    // A state of before says nothing of its plan.
    let base = folder.join("base");
    let config = Config::from_bytes(&std::fs::read(base.join("config.json")).unwrap()).unwrap();
    let weights = Checkpoint::from_bytes(&std::fs::read(base.join("model.safetensors")).unwrap()).unwrap();
    let mut trainer = Trainer::new(config, &weights, Settings::default()).unwrap();
    trainer.restore(&state).unwrap();
    std::fs::write(&file, trainer.to_bytes("-inf").unwrap()).unwrap();
    let (code, said) = resume("data.jsonl", &["--seed", "2"]);
    assert!(code == Some(0) && said.contains("12 of 12 steps done"), "{said}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_run_without_a_checkpoint_begins_again() {
    let (folder, train) = small_run("begin");
    let steps = || -> Vec<u64> {
        let log = std::fs::read_to_string(folder.join("run/log.jsonl")).unwrap();
        log.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["step"].as_u64().unwrap()).collect()
    };
    for more in [&[][..], &["--resume"], &[]] {
        let (code, said) = train("data.jsonl", &[&["--steps", "3"], more].concat());
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(steps(), [1, 2, 3], "{more:?}");
        // As if it had been killed before it was saved for the first time.
        std::fs::remove_file(folder.join("run/state.safetensors")).unwrap();
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Median seconds of a step on 16 sequences of 192 positions:
/// `cargo test --release --test train step_time -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn step_time() {
    let folder = common::root().join("static/models/minilm-l6");
    let config = Config::from_bytes(&std::fs::read(folder.join("config.json")).unwrap()).unwrap();
    let checkpoint = Checkpoint::from_bytes(&std::fs::read(folder.join("model.safetensors")).unwrap()).unwrap();
    let mut trainer = Trainer::new(config, &checkpoint, Settings::default()).unwrap();
    let rows: Vec<u32> = (0..16 * 192).filter(|i| i % 192 > 16).collect();
    let batch = Batch {
        length: 192,
        ids: (0..16 * 192).map(|i| 1000 + (i * 7919 % 29000) as u32).collect(),
        segments: (0..16 * 192).map(|i| u32::from(i % 192 > 16)).collect(),
        tokens: vec![192; 16].into(),
        gold: vec![[0.25, 0.25, 0.5]; rows.len()],
        instance: rows.iter().map(|i| *i as usize / 192).collect(),
        rows,
        instances: 16,
    };
    let mut times: Vec<f64> = (0..8)
        .map(|step| {
            let clock = std::time::Instant::now();
            let pass = Pass { dropout: 0.1, seed: step.into(), ..Pass::default() };
            trainer.step(&batch, &pass, 1e-5, 1.0).unwrap();
            clock.elapsed().as_secs_f64()
        })
        .skip(2)
        .collect();
    times.sort_by(f64::total_cmp);
    println!("a step: {:.2} s (median of 6)", times[3]);
}
