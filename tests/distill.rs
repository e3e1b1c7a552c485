//! A student of a tiny random teacher.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use bioscope::dataset::Instance;
use bioscope::model::{Checkpoint, Config, Format};
use bioscope::tokenize::TextEncoder;
use bioscope::train::Example;
use bioscope::train::distill::{Shape, Teacher, init_student};
use common::random::{Spread, random};
use serde_json::Value;

const SENTENCES: [&str; 6] = [
    "Boat 7 left at dawn, and the gulls went with it.",
    "In the harbour of the old town nobody sleeps on market days.",
    "She wrote three letters, burned two of them and sent the last.",
    "Rain fell on the tin roofs; the river rose by a hand's breadth.",
    "Copper, zinc and a little lead make the bells of the north tower.",
    "The committee met twice in March and once, without a quorum, in May.",
];

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("bioscope-distill-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn questions(count: usize) -> Vec<Value> {
    let context = |n: usize| format!("{} {}", SENTENCES[n % 6], SENTENCES[(n * 5 + n / 6) % 6]);
    let line = |n: usize| {
        let context = context(n);
        let end = context.find(' ').unwrap();
        serde_json::json!({"id": n.to_string(), "context": context, "question": format!("What is told of {n}?"),
            "annotators": [[[0, end]], []]})
    };
    (0..count).map(line).collect()
}

#[test]
fn a_student_as_large_as_its_teacher_says_the_same() {
    let folder = folder("same");
    common::tiny_folder(&folder);
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let config = Config::from_bytes(&read("config.json")).unwrap();
    let text = TextEncoder::from_bytes(&read("tokenizer.json"), config.max_position_embeddings).unwrap();
    let teacher = Teacher::new(config.clone(), &Checkpoint::from_bytes(&read("model.safetensors")).unwrap()).unwrap();
    let examples: Vec<Example> = questions(40)
        .iter()
        .map(|q| {
            let text_of = |key: &str| q[key].as_str().unwrap().to_string();
            let instance = Instance {
                id: text_of("id"),
                context: text_of("context").into(),
                question: text_of("question"),
                annotators: vec![vec![]],
                weights: Vec::new(),
                confidence: None,
            };
            Example::new(&text, &instance).unwrap()
        })
        .collect();
    let sample: Vec<&Example> = examples.iter().collect();
    let shape = |width, heads, intermediate| Shape { width, layers: 2, heads, intermediate };
    let same = init_student(&teacher, shape(8, 2, 12), &sample).unwrap();
    // Not quite nothing is lost even so: the student lives on other axes, and LayerNorm weighs axes.
    assert!(same.unexplained.iter().all(|u| *u < 0.15), "{:?}", same.unexplained);
    let half = init_student(&teacher, shape(4, 1, 8), &sample).unwrap();
    let more = half.unexplained.iter().zip(&same.unexplained).all(|(half, same)| *half > 0.1 + same && *half < 0.95);
    assert!(more, "{:?} against {:?}", half.unexplained, same.unexplained);
    assert_eq!(half.config.hidden_size, 4);
    assert!(init_student(&teacher, shape(6, 1, 8), &sample).is_err(), "half a head cannot be had");
    std::fs::remove_dir_all(&folder).unwrap();
}

fn distill(folder: &Path, output: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bioscope"));
    command.arg("distill").arg("--teacher").arg(folder.join("teacher")).arg("--data").arg(folder.join("data.jsonl"));
    command.args(["--width", "4", "--intermediate", "8", "--layers", "2", "--sample", "24", "--epochs", "8"]);
    command.args(["--batch-positions", "300", "--rate", "1e-2", "--dropout", "0", "--output"]).arg(folder.join(output));
    command.args(more).stderr(std::process::Stdio::null());
    command
}

#[test]
fn a_run_learns_and_resumes_to_the_same_student() {
    let folder = folder("run");
    common::tiny_folder(&folder.join("teacher"));
    let lines: String = questions(48).iter().map(|q| format!("{q}\n")).collect();
    std::fs::write(folder.join("data.jsonl"), lines).unwrap();
    assert!(distill(&folder, "whole", &[]).status().unwrap().success());
    assert!(distill(&folder, "broken", &["--stop-after", "7"]).status().unwrap().success());
    let size = |name: &str| std::fs::metadata(folder.join("broken").join(name)).unwrap().len();
    let known = size("lessons.bin");
    let resumed = distill(&folder, "broken", &["--resume"]).stderr(std::process::Stdio::piped()).output().unwrap();
    assert!(resumed.status.success());
    let said = String::from_utf8_lossy(&resumed.stderr).into_owned();
    assert!(known > 0 && said.contains("are there already") && size("lessons.bin") >= known, "{said}");
    let model = |output: &str| std::fs::read(folder.join(output).join("model.safetensors")).unwrap();
    assert!(model("whole") == model("broken"), "the same weights to the last bit");
    let student = Checkpoint::from_bytes(&model("whole")).unwrap();
    assert!(student.iter().all(|(name, _)| !name.starts_with("imitation")), "the aids stay behind");
    let log = std::fs::read_to_string(folder.join("whole/log.jsonl")).unwrap();
    let log: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // A number, or one per level.
    let sum = |value: &Value| match value {
        Value::Array(levels) => levels.iter().map(|v| v.as_f64().unwrap()).sum(),
        number => number.as_f64().unwrap(),
    };
    let mean = |key: &str, lines: &[Value]| lines.iter().map(|line| sum(&line[key])).sum::<f64>() / lines.len() as f64;
    for key in ["loss", "hidden"] {
        let (first, last) = (mean(key, &log[..8]), mean(key, &log[log.len() - 8..]));
        assert!(last < 0.8 * first, "{key}: {first} to {last}");
    }
    // What comes out is a model folder like any other.
    let quantize = Command::new(env!("CARGO_BIN_EXE_bioscope"))
        .args(["quantize", "--type", "int8", "--model"])
        .arg(folder.join("whole"))
        .arg("--output")
        .arg(folder.join("small"))
        .output()
        .unwrap();
    assert!(quantize.status.success(), "{}", String::from_utf8_lossy(&quantize.stderr));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn four_bit_embeddings_come_back() {
    let config = r#"{"hidden_size":64,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":64,
        "vocab_size":500,"max_position_embeddings":32,"type_vocab_size":2}"#;
    let config = Config::from_bytes(config.as_bytes()).unwrap();
    let spread = Spread { tables: 0.5, weights: |_| 0.3, biases: 0.1, norms: 0.2, norm_biases: 0.1 };
    let full = random(&config, 11, &spread);
    let (rows, bytes) = (full.to_bytes(Format::Int8Rows).unwrap(), full.to_bytes(Format::Mixed).unwrap());
    // Half a byte per value of the word embeddings, and half a number of two bytes per 32 of them.
    assert!(bytes.len() + 500 * 64 * 2 / 5 < rows.len(), "{} and {} bytes", bytes.len(), rows.len());
    let mixed = Checkpoint::from_bytes(&bytes).unwrap();
    assert_eq!(mixed.quantization(), "int8 rows, 4-bit embeddings");
    assert_eq!(mixed.parameters(), full.parameters());
    let table = |c: &Checkpoint| {
        let weight = c.get("embeddings.word_embeddings.weight", &[500, 64]).unwrap();
        weight.to_f32().unwrap()
    };
    let (old, new) = (table(&full), table(&mixed));
    let square = |t: &candle_core::Tensor| t.sqr().unwrap().mean_all().unwrap().to_scalar::<f32>().unwrap();
    let error = square(&(&old - &new).unwrap()) / square(&old);
    assert!(error > 1e-4 && error < 0.02, "4 bits keep about 99 % of the variance: {error}");
    assert!(Checkpoint::from_bytes(&bytes[..bytes.len() - 9]).is_err());
    // What has 4 bits already stays as it is.
    let again = Checkpoint::from_bytes(&mixed.to_bytes(Format::Mixed).unwrap()).unwrap();
    assert_eq!(square(&(&new - table(&again)).unwrap()), 0.0);
}
