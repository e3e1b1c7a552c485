//! Bad data: a record is skipped and listed, or stops a command that is told to be strict, with exit code 2 and one line
//! that names the file and the record; what is already trained or written stays as it is.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bioscope::model::{Checkpoint, Format, Weight};
use candle_core::quantized::GgmlDType;
use candle_core::{Device, Tensor};
use common::root;

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("bioscope-bad-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        fs::write(self.0.join(name), content).unwrap();
        self.path(name)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// Every file with its content, by its path.
    fn snapshot(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = fs::read_dir(self.0.join(name)).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bioscope")).args(arguments).output().unwrap()
}

/// Exit code 2, nothing on stdout, and the words on the last line of stderr, which alone may say what is wrong.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = run(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    let errors: Vec<&str> = said.lines().filter(|line| line.contains("error") || line.contains("panicked")).collect();
    let [line] = errors[..] else { panic!("one line, not {said}") };
    assert!(words.iter().all(|word| line.contains(word)), "{line:?} should hold {words:?}");
    assert!(output.stdout.is_empty());
}

/// A model of d = 8 with two layers for the shipped tokenizer; all its matrices hold small different values.
fn tiny(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let config = r#"{"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":8,
        "vocab_size":30522,"max_position_embeddings":512,"type_vocab_size":2}"#;
    let mut checkpoint = Checkpoint::default();
    let mut add = |name: String, shape: &[usize], mean: f32| {
        let count: usize = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|i| mean + ((i * 7919 % 1000) as f32 / 1000.0 - 0.5)).collect();
        checkpoint.insert(&name, Weight::Full(Tensor::from_vec(values, shape, &Device::Cpu).unwrap()));
    };
    for (name, rows) in [("word", 30522), ("position", 512), ("token_type", 2)] {
        add(format!("embeddings.{name}_embeddings.weight"), &[rows, 8], 0.0);
    }
    let layer = "encoder.layer.0";
    let inside =
        ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"].into_iter();
    let dense = inside.chain(["intermediate.dense", "output.dense"]).map(|part| (format!("{layer}.{part}"), 8));
    for (name, outputs) in dense.chain([("classifier".to_string(), 3)]) {
        add(format!("{name}.weight"), &[outputs, 8], 0.0);
        add(format!("{name}.bias"), &[outputs], 0.0);
    }
    for name in ["embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"] {
        add(format!("{name}.LayerNorm.weight"), &[8], 1.0);
        add(format!("{name}.LayerNorm.bias"), &[8], 0.0);
    }
    fs::write(folder.join("config.json"), config).unwrap();
    fs::write(folder.join("model.safetensors"), checkpoint.to_bytes(Format::F32).unwrap()).unwrap();
    fs::copy(root().join("static/models/minilm-l6/tokenizer.json"), folder.join("tokenizer.json")).unwrap();
}

/// A SQuAD file whose second question is `question`.
fn squad(question: &str) -> String {
    format!(
        r#"{{"version":"1.1","data":[{{"title":"t","paragraphs":[{{"context":"🎻 Ada sang in Oslo.  Bo heard Zoe{accent}.","qas":[
            {{"id":"good","question":"Who sang?","answers":[{{"text":"Ada","answer_start":2}}]}},
            {question}]}}]}}]}}"#,
        accent = '\u{308}'
    )
}

fn asked(answers: &str) -> String {
    squad(&format!(r#"{{"id":"q7","question":"Where?","answers":{answers}}}"#))
}

/// A file of two lines whose second has these annotators.
fn lines(annotators: &str) -> String {
    let line = |id: &str, annotators: &str| {
        format!(
            r#"{{"id":"{id}","context":"🎻 Ada  and Zoe{} sang.","question":"Who?","annotators":{annotators}}}"#,
            '\u{308}'
        )
    };
    format!("{}\n{}\n", line("good", "[[[2,5]],[]]"), line("q7", annotators))
}

#[test]
fn bad_records_are_skipped_or_stop_train_eval_and_predict() {
    let folder = Folder::new("records");
    tiny(&folder.0.join("model"));
    let (model, out) = (folder.path("model"), folder.path("out"));
    let good = folder.file("good.json", asked(r#"[{"text":"Oslo","answer_start":14}]"#).as_bytes());
    let good_lines = folder.file("good.jsonl", lines("[[[2,5],[11,15]]]").as_bytes());
    for data in [&good, &good_lines] {
        assert!(run(&["eval", "--model", &model, "--data", data, "--json"]).status.success(), "{data}");
    }
    let cases: Vec<(&str, Vec<u8>, Vec<&str>)> = vec![
        ("empty.json", vec![], vec!["empty"]),
        ("empty.jsonl", vec![], vec!["empty"]),
        ("blank.jsonl", b"\n \n".to_vec(), vec!["no question"]),
        ("none.json", br#"{"data":[]}"#.to_vec(), vec!["no question"]),
        ("cut.json", asked("[]").as_bytes()[..200].to_vec(), vec!["line", "column"]),
        ("latin.json", b"{\"data\":\"\xe9\"}".to_vec(), vec!["UTF-8"]),
        ("no-data.json", b"{}".to_vec(), vec!["its format is none"]),
        ("no-question.json", squad(r#"{"id":"q7","answers":[]}"#).into(), vec!["question q7", "`question`"]),
        ("no-start.json", asked(r#"[{"text":"Oslo"}]"#).into(), vec!["question q7", "`answer_start`"]),
        ("words.json", asked(r#"[{"text":"Oslo","answer_start":"14"}]"#).into(), vec!["question q7", "\"14\""]),
        // The right offset in UTF-16 units, not in code points.
        ("unit.json", asked(r#"[{"text":"Oslo","answer_start":15}]"#).into(), vec!["question q7", "does not say"]),
        ("outside.json", asked(r#"[{"text":"Oslo","answer_start":99}]"#).into(), vec!["question q7", "past"]),
        ("huge.json", asked(r#"[{"text":"x","answer_start":18446744073709551615}]"#).into(), vec!["question q7"]),
        ("no-token.json", asked(r#"[{"text":"  ","answer_start":19}]"#).into(), vec!["question q7", "no token"]),
        (
            "half.json",
            asked(r#"[{"text":"\ud83c","answer_start":0}]"#).into(),
            vec!["data[0].paragraphs[0].qas[1]", "hex escape"],
        ),
        ("accent.json", asked(r#"[{"text":"Zoe","answer_start":30}]"#).into(), vec!["question q7", "cuts a character"]),
        ("no-context.jsonl", b"{\"id\":\"x\",\"question\":\"Who?\"}".to_vec(), vec!["line 1", "`context`"]),
        ("outside.jsonl", lines("[[[2,99]]]").into(), vec!["line 2", "past"]),
        ("inverted.jsonl", lines("[[],[[5,2]]]").into(), vec!["line 2", "empty"]),
        ("cut.jsonl", lines("[[[11,14]]]").into(), vec!["line 2", "cuts a character"]),
        ("no-token.jsonl", lines("[[],[[5,7]]]").into(), vec!["line 2", "annotator 2", "no token"]),
        ("overlap.jsonl", lines("[[[2,5],[4,10]]]").into(), vec!["line 2", "2 to 5 and 4 to 10 overlap"]),
    ];
    for (name, content, mut words) in cases {
        let data = folder.file(name, &content);
        words.push(name);
        let train = ["train", "--base", &model, "--output", &out, "--strict"];
        refused(&[&train[..], &["--data", &good, &data]].concat(), &words);
        refused(&[&train[..], &["--data", &good, "--valid", &data]].concat(), &words);
        refused(&["eval", "--model", &model, "--data", &data, "--strict"], &words);
        // Who predicts needs no labels: where the file can be read, it does not matter whether they fit the tokens.
        if !words.contains(&"no token") {
            refused(&["predict", "--model", &model, "--input", &data, "--output", &out, "--strict"], &words);
        }
        assert!(!Path::new(&out).exists(), "{name}: nothing is written");
        // Where it is one record's fault, the others are scored.
        if words[0].starts_with("question") || words[0] == "line 2" {
            let scored = run(&["eval", "--model", &model, "--data", &data, "--json"]);
            let said = String::from_utf8_lossy(&scored.stderr).into_owned();
            assert_eq!(scored.status.code(), Some(3), "{name}: {said}");
            let report: serde_json::Value = serde_json::from_slice(&scored.stdout).unwrap();
            assert_eq!(report["questions"], 1, "{name}: {said}");
            let listed: Vec<&str> = said.lines().filter(|line| line.starts_with("skipped: ")).collect();
            assert!(listed.len() == 1 && words.iter().all(|word| listed[0].contains(word)), "{name}: {said}");
        }
    }
    // What nobody has labelled can be answered, but not scored.
    let unlabelled = folder.file("open.json", squad(r#"{"id":"q7","question":"Who?"}"#).as_bytes());
    refused(&["eval", "--model", &model, "--data", &unlabelled, "--strict"], &["question q7", "no annotator"]);
    assert!(run(&["predict", "--model", &model, "--input", &unlabelled, "--output", &out]).status.success());
    let twice = folder.file("twice.json", asked("[]").replace("q7", "good").as_bytes());
    refused(&["predict", "--model", &model, "--input", &twice, "--output", &out], &["twice.json", "question good"]);
}

/// Puts a NaN into the tensor `name` of a safetensors file, `at` values from its start.
fn poison(file: &Path, name: &str, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    let (length, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let start = 8 + length + metadata.info(name).unwrap().data_offsets.0 + 4 * at;
    bytes[start..start + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_nan_in_a_checkpoint_names_file_and_tensor() {
    let folder = Folder::new("nan");
    tiny(&folder.0.join("model"));
    let weights = folder.0.join("model/model.safetensors");
    let data = folder.file("data.json", asked("[]").as_bytes());
    let (model, out) = (folder.path("model"), folder.path("out"));
    poison(&weights, "bert.encoder.layer.0.output.dense.weight", 5);
    let words = ["model/model.safetensors", "layer.0.output.dense.weight", "NaN", "value 6 of 64"];
    refused(&["eval", "--model", &model, "--data", &data], &words);
    refused(&["predict", "--model", &model, "--input", &data, "--output", &out], &words);
    refused(&["train", "--base", &model, "--data", &data, "--output", &out], &words);
    refused(&["quantize", "--model", &model, "--output", &out], &words);
    refused(&["analyse", "--model", &model, "--question", "Who?", "--paragraph", "Ada."], &words);
    assert!(!Path::new(&out).exists());
    // The same for a configuration: its file is named, not the weights.
    fs::write(folder.0.join("model/config.json"), "{").unwrap();
    refused(&["eval", "--model", &model, "--data", &data], &["model/config.json"]);
    refused(&["train", "--base", &model, "--data", &data, "--output", &out], &["model/config.json"]);
}

#[test]
fn parts_of_a_model_that_disagree_are_refused() {
    let folder = Folder::new("parts");
    tiny(&folder.0.join("model"));
    let model = folder.path("model");
    let ask = ["analyse", "--model", &*model, "--question", "Who?", "--paragraph", "Ada."];
    let change = |name: &str, from: &str, to: &str| {
        let path = folder.0.join("model").join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    };
    // A word whose id has no row of embeddings, whether the text holds it or not.
    change("tokenizer.json", "\"violin\": 6710", "\"violin\": 40000");
    refused(&ask, &["model", "go up to 40000", "30522"]);
    change("tokenizer.json", "\"violin\": 40000", "\"violin\": 6710");
    assert!(run(&ask).status.success());
    // A layer more than the configuration says.
    let path = folder.0.join("model/model.safetensors");
    let mut checkpoint = Checkpoint::from_bytes(&fs::read(&path).unwrap()).unwrap();
    let bias = Tensor::from_vec(vec![0f32; 8], &[8], &Device::Cpu).unwrap();
    checkpoint.insert("encoder.layer.1.output.dense.bias", Weight::Full(bias));
    fs::write(&path, checkpoint.to_bytes(Format::F32).unwrap()).unwrap();
    refused(&ask, &["model", "more layers than the 1"]);
}

#[test]
fn every_format_of_weights_is_checked_for_finite_values() {
    let one = |name: &str, values: Vec<f32>, shape: &[usize], format: Format| {
        let mut checkpoint = Checkpoint::default();
        checkpoint.insert(name, Weight::Full(Tensor::from_vec(values, shape, &Device::Cpu).unwrap()));
        Checkpoint::from_bytes(&checkpoint.to_bytes(format).unwrap()).map(drop).map_err(|error| error.to_string())
    };
    let q8 = Format::Blocks(GgmlDType::Q8_0);
    for format in [Format::F32, Format::F16, q8] {
        assert_eq!(one("classifier.bias", vec![1.0, 2.0, 3.0], &[3], format), Ok(()));
        let why = one("classifier.bias", vec![1.0, f32::NAN, 3.0], &[3], format).unwrap_err();
        assert!(why.contains("classifier.bias holds NaN (value 2 of 3)"), "{why}");
    }
    // An infinite value makes a block's scale infinite, and with it all 32 of its values.
    let mut row = vec![0.5; 32];
    assert_eq!(one("pooler.weight", row.clone(), &[1, 32], q8), Ok(()));
    row[3] = f32::INFINITY;
    let why = one("pooler.weight", row, &[1, 32], q8).unwrap_err();
    assert!(why.contains("pooler.weight holds"), "{why}");
}

#[test]
fn a_run_that_is_there_survives_bad_data() {
    let folder = Folder::new("run");
    tiny(&folder.0.join("base"));
    let (base, out) = (folder.path("base"), folder.path("run"));
    let data = folder.file("data.jsonl", lines("[[[2,5]]]").as_bytes());
    let bad = folder.file("bad.jsonl", lines("[[[2,99]]]").as_bytes());
    let train = |data: &str, more: &[&str]| {
        let own = ["train", "--base", &base, "--data", data, "--output", &out, "--epochs", "4"];
        [&own[..], more].concat().into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let borrowed = |all: &[String]| run(&all.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(borrowed(&train(&data, &["--stop-after", "2"])).status.success());
    let before = folder.snapshot("run");
    assert!(before.keys().any(|path| path.ends_with("state.safetensors")));
    let refused = |all: &[String], words: &[&str]| refused(&all.iter().map(String::as_str).collect::<Vec<_>>(), words);
    refused(&train(&bad, &["--resume", "--strict"]), &["bad.jsonl", "line 2"]);
    refused(&train(&data, &["--resume", "--strict", "--valid", &bad]), &["bad.jsonl", "line 2"]);
    assert!(folder.snapshot("run") == before, "nothing has changed");
    // A damaged state is not overwritten either: there may be a copy to repair it from.
    let state = folder.0.join("run/state.safetensors");
    poison(&state, "w.classifier.bias", 0);
    let damaged = folder.snapshot("run");
    refused(&train(&data, &["--resume"]), &["run/state.safetensors", "classifier.bias", "NaN"]);
    assert!(folder.snapshot("run") == damaged);
    fs::write(&state, &before[&state]).unwrap();
    assert!(borrowed(&train(&data, &["--resume"])).status.success(), "the good data go on");
}

#[test]
fn gold_labels_that_cut_a_character_or_end_past_the_text_are_refused() {
    let folder = Folder::new("gold");
    tiny(&folder.0.join("model"));
    let gold = folder.file("gold.json", br#"[[{"start":0,"end":2}],[{"start":1,"end":6}]]"#);
    let model = folder.path("model");
    let ask = ["analyse", "--model", &model, "--question", "Who?", "--paragraph", "🎻 Ada sang.", "--gold", &gold];
    refused(&ask, &["gold.json", "annotator 2", "offset 1 cuts a character"]);
    folder.file("gold.json", br#"[[{"start":3,"end":1000}]]"#);
    refused(&ask, &["gold.json", "annotator 1", "the span from 3 to 1000 ends past the paragraph, whose length is 12"]);
    folder.file("gold.json", "\u{feff}[[{\"start\":3,\"end\":12}]]".as_bytes());
    for name in ["config.json", "tokenizer.json"] {
        let path = folder.0.join("model").join(name);
        fs::write(&path, ["\u{feff}".as_bytes(), &fs::read(&path).unwrap()].concat()).unwrap();
    }
    let output = run(&ask);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_log_without_steps_is_refused() {
    let folder = Folder::new("log");
    let log = folder.file("log.jsonl", b"{\"step\":1,\"lo");
    refused(&["plot", "--log", &log], &["log.jsonl", "no step"]);
    refused(&["plot", "--log", &folder.path("none.jsonl")], &["none.jsonl"]);
    assert!(!folder.0.join("loss.svg").exists());
}
