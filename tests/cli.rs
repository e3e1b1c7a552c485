//! The command line as a user meets it: output, exit codes, one line per error.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bioscope::model::{Checkpoint, Files, Format, Weight};
use candle_core::{Device, Tensor};
use common::root;
use serde_json::Value;

const SQUAD: &str = r#"{"version":"1.1","data":[{"title":"t","paragraphs":[{"context":"🎻 On Friday Ada sang in Oslo. Bo listened.","qas":[
    {"id":"a","question":"Who sang?","answers":[{"text":"Ada","answer_start":12},{"text":"Ada","answer_start":12}]},
    {"id":"b","question":"What city did Ada sing in?","answers":[{"text":"Oslo","answer_start":24}]}]}]}]}"#;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("bioscope-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, content: &str) -> String {
        std::fs::write(self.0.join(name), content).unwrap();
        self.path(name)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn model() -> String {
    root().join("static/models/minilm-l6").display().to_string()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bioscope")).args(arguments).output().unwrap()
}

/// A folder with a tiny model in `model`.
fn with_tiny(name: &str) -> (Folder, String) {
    let folder = Folder::new(name);
    let model = folder.path("model");
    common::tiny_folder(Path::new(&model));
    (folder, model)
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object on stdout")
}

/// Exit code 2 and one line on stderr that holds every word.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = run(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(words.iter().all(|word| said.contains(word)), "{said:?} should hold {words:?}");
    assert!(output.stdout.is_empty());
}

#[test]
fn analyse_asks_the_reference_too() {
    let model = common::root().join("static/models/tiny-128").display().to_string();
    let asked = ["analyse", "--model", &model, "--question", "Who sang?", "--paragraph", "Ada Lovelace sang."];
    let (own, by) = (run(&[&asked[..], &["--json"]].concat()), run(&[&asked[..], &["--json", "--reference"]].concat()));
    let (own, analysis) = (json(&own), json(&by));
    assert_eq!((&own["kernel"], &analysis["kernel"]), (&Value::from("native"), &Value::from("candle-transformers")));
    let said = String::from_utf8_lossy(&by.stderr).into_owned();
    let apart: f64 = said.trim().rsplit(' ').next().unwrap().parse().unwrap();
    let p = |analysis: &Value| {
        analysis["tokens"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|t| t["p"].as_array().unwrap().clone())
            .map(|p| p.as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    let worst = p(&own).iter().zip(p(&analysis)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(
        said.starts_with("the engine's own p differ") && (worst - apart).abs() < 1e-6 && apart < 0.05,
        "{said} {worst}"
    );
}

#[test]
fn analyse_prints_json_or_a_table() {
    let folder = Folder::new("analyse");
    let gold = folder.file("gold.json", r#"[[{"start":10,"end":13}],[{"start":10,"end":13}],[]]"#);
    let paragraph = "On Friday Ada sang in Oslo.";
    let model = model();
    let arguments =
        ["analyse", "--model", &model, "--question", "Who sang?", "--paragraph", paragraph, "--gold", &gold];
    let report = json(&run(&[&arguments[..], &["--json"]].concat()));
    assert_eq!(report["answers"][0]["text"], "Ada");
    assert_eq!(report["kernel"], "native");
    let tokens = report["tokens"].as_array().unwrap();
    assert_eq!(report["paragraphTokens"], tokens.len());
    for token in tokens {
        let (start, end) = (token["start"].as_u64().unwrap() as usize, token["end"].as_u64().unwrap() as usize);
        assert_eq!(token["text"], paragraph[start..end]); // ASCII: units are bytes
        let p: f64 = (0..3).map(|j| token["p"][j].as_f64().unwrap()).sum();
        assert!((p - 1.0).abs() < 1e-12);
    }
    let t = report["loss"]["gold"][2].as_array().unwrap();
    assert!((t[0].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-15 && (t[2].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-15);
    let table = String::from_utf8(run(&arguments).stdout).unwrap();
    assert!(table.contains("Answer: \"Ada\"") && table.contains("L = "), "{table}");
}

#[test]
fn a_model_in_an_archive_is_a_model() {
    let folder = Folder::new("archive");
    let tiny = root().join("static/models/tiny-128");
    let read = |name: &str| std::fs::read(tiny.join(name)).unwrap();
    let files =
        Files { weights: read("model.safetensors"), config: read("config.json"), tokenizer: read("tokenizer.json") };
    let path = folder.path("tuned.zip");
    std::fs::write(&path, files.pack("tiny-tuned").unwrap()).unwrap();
    let ask = |model: &str| {
        let asked = ["analyse", "--question", "Who sang?", "--paragraph", "On Friday Ada sang in Oslo.", "--json"];
        json(&run(&[&asked[..], &["--model", model]].concat()))["tokens"].clone()
    };
    assert_eq!(ask(&path), ask(&tiny.display().to_string()));
    let broken = folder.file("broken.zip", "PK");
    let asked = ["analyse", "--model", &broken, "--question", "Who?", "--paragraph", "Ada."];
    refused(&asked, &["broken.zip", "damaged"]);
}

#[test]
fn predict_and_eval_agree_on_a_small_file() {
    let folder = Folder::new("predict");
    let (data, out, model) = (folder.file("squad.json", SQUAD), folder.path("predictions.json"), model());
    assert!(run(&["predict", "--model", &model, "--input", &data, "--output", &out]).status.success());
    let predictions: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(predictions, serde_json::json!({"a": "Ada", "b": "Oslo"}));
    let scores = json(&run(&["eval", "--model", &model, "--data", &data, "--json"]));
    assert_eq!((scores["questions"].as_u64(), scores["em"].as_f64()), (Some(2), Some(100.0)));
    // A threshold that no score reaches: every answer is withheld.
    let never = ["predict", "--model", &model, "--input", &data, "--output", &out, "--no-answer-threshold", "1e9"];
    assert!(run(&never).status.success());
    let predictions: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(predictions, serde_json::json!({"a": "", "b": ""}));
}

/// A question with an answer, one without, and one with two annotators of several spans, for `eval` as JSON lines.
const LINES: &str = r#"{"id":"a","context":"On Friday Ada sang in Oslo.","question":"Who sang?","annotators":[[[10,13]],[[10,13]]]}
{"id":"b","context":"On Friday Ada sang in Oslo.","question":"Who danced in Rome?","annotators":[[]]}
{"id":"e","context":"Ada and Bo sang.","question":"Who sang?","annotators":[[[0,3],[8,10]],[[0,10]]]}
"#;

#[test]
fn eval_reports_every_figure_under_its_key() {
    let folder = Folder::new("eval");
    let (data, model, plots) = (folder.file("lines.jsonl", LINES), model(), folder.path("plots"));
    let own = ["eval", "--model", &model, "--data", &data];
    let more = ["--json", "--baseline", &model, "--plot", &plots, "--by", "wh,answers,source", "--tune-b-bias"];
    let report = json(&run(&[&own[..], &more].concat()));
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let expected = |names: &str| names.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let scores = "questions em f1 tokenLoss entropy kl accuracy b i";
    let own_keys = "model data decode noAnswerThreshold seconds allO byAgreement spans severalSpans calibration byLength \
        noAnswer baseline bBias bBiases by multiSpan severalAnswers truncatedQuestions seqeval";
    assert_eq!(keys(&report), expected(&format!("{scores} {own_keys}")));
    assert_eq!(keys(&report["b"]), expected("precision recall f1"));
    assert_eq!(keys(&report["allO"]), expected("p em f1 tokenLoss accuracy bF1 iF1"));
    assert_eq!(keys(&report["byAgreement"]["disputed"]), expected("questions tokenLoss entropy kl"));
    let spans = expected("questions predicted annotated meanAnnotator bestAnnotator");
    assert_eq!((keys(&report["spans"]), keys(&report["severalSpans"])), (spans.clone(), spans));
    assert_eq!(keys(&report["byLength"][0]), expected("from to questions em f1 tokenLoss predictedTokens"));
    assert_eq!(keys(&report["noAnswer"]), expected("unanswerable by bestF1 bestEm atZero always never heldOut curve"));
    let held_out = "chosenOn questions threshold answered em f1 f1Always f1Never temperature ece eceWithTemperature";
    assert_eq!(keys(&report["noAnswer"]["heldOut"]), expected(held_out));
    assert_eq!(keys(&report["noAnswer"]["bestF1"]), expected("threshold answered em f1"));
    assert_eq!(keys(&report["calibration"][0]), expected("class ece misplaced promised gold bins"));
    assert_eq!(keys(&report["calibration"][0]["bins"][9]), expected("from to tokens p t"));
    assert_eq!(keys(&report["baseline"]), expected(&format!("{scores} model byAgreement difference")));

    assert_eq!(keys(&report["multiSpan"]), expected("exact overlap"));
    assert_eq!(keys(&report["multiSpan"]["overlap"]), expected("precision recall f1"));
    assert_eq!(keys(&report["severalAnswers"]), expected("questions all some none"));
    assert_eq!(keys(&report["bBiases"][0]), expected("bBias predicted exact overlap allFound"));
    let group = expected("kind questions em f1 spanF1 overlapF1 tokenLoss");
    for by in report["by"].as_array().unwrap() {
        assert_eq!((keys(by), keys(&by["groups"][0])), (expected("by groups"), group.clone()));
    }

    let number = |value: &Value| value.as_f64().unwrap();
    // Against itself a model is neither better nor worse.
    let difference = &report["baseline"]["difference"];
    for key in ["f1", "f1Error", "tokenLoss", "tokenLossError"] {
        assert_eq!(number(&difference[key]), 0.0, "{key}");
    }
    assert_eq!(report["baseline"]["tokenLoss"], report["tokenLoss"]);
    // L = H + KL; here two annotators disagree on two tokens of one question: H = 2 ln 2 / 3 a question.
    let h = number(&report["entropy"]);
    assert!((h - 2.0 * 2f64.ln() / 3.0).abs() < 1e-9, "{h}");
    assert!((number(&report["tokenLoss"]) - h - number(&report["kl"])).abs() < 1e-9);
    assert_eq!((number(&report["severalSpans"]["annotated"]), number(&report["spans"]["annotated"])), (1.5, 5.0 / 6.0));
    // One question has an answer, one none, one a mean of one and a half, which is rounded up to two. All ask who.
    let kinds = |k: usize| {
        let groups = report["by"][k]["groups"].as_array().unwrap();
        groups.iter().map(|g| (g["kind"].as_str().unwrap(), g["questions"].as_u64().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!((kinds(0), kinds(2)), (vec![("who", 3)], vec![("lines", 3)]));
    assert_eq!(kinds(1), [("0", 1), ("1", 1), ("2", 1)]);
    assert_eq!(
        (&report["by"][2]["groups"][0]["f1"], &report["severalAnswers"]["questions"]),
        (&report["f1"], &1.into())
    );
    // SHA-256 puts a and b into the half that chooses, e into the other.
    let held_out = &report["noAnswer"]["heldOut"];
    assert_eq!((&held_out["chosenOn"], &held_out["questions"]), (&2.into(), &1.into()));
    // A bias that marks nothing: no answer is right once in three, and of 1 + 1 + 2 gold answers that one is found.
    let silent = json(&run(&[&own[..], &["--json", "--b-bias", "-10"]].concat()));
    assert_eq!((number(&silent["bBias"]), number(&silent["spans"]["predicted"])), (-10.0, 0.0));
    for score in ["exact", "overlap"] {
        let rates = &silent["multiSpan"][score];
        for (key, by_hand) in [("precision", 100.0 / 3.0), ("recall", 25.0), ("f1", 200.0 / 7.0)] {
            assert!((number(&rates[key]) - by_hand).abs() < 1e-9, "{score} {key}: {rates}");
        }
    }
    assert_eq!((&silent["severalAnswers"]["none"], &silent["tokenLoss"]), (&1.into(), &report["tokenLoss"]));
    // Seven tokens twice and five: each class's bins hold all of them, and its t adds up to the gold mass.
    for class in report["calibration"].as_array().unwrap() {
        let bins = class["bins"].as_array().unwrap();
        assert_eq!((bins.len(), bins.iter().map(|bin| bin["tokens"].as_u64().unwrap()).sum::<u64>()), (10, 19));
    }
    assert!((number(&report["calibration"][0]["gold"]) - 2.5).abs() < 1e-12, "begins: 1, and 1 and a half");
    // The threshold that the curve calls best gives the scores that it promises.
    let best = &report["noAnswer"]["bestF1"];
    let threshold = number(&best["threshold"]).to_string();
    let again = json(&run(&[&own[..], &["--json", "--no-answer-threshold", &threshold]].concat()));
    for key in ["f1", "em"] {
        assert!((number(&again[key]) - number(&best[key])).abs() < 1e-9, "{key}");
    }
    // So does the one on B alone, here and in what `predict` writes.
    let begin = json(&run(&[&own[..], &["--json", "--no-answer-by", "begin"]].concat()));
    let best = &begin["noAnswer"]["bestF1"];
    assert_eq!((&report["noAnswer"]["by"], &begin["noAnswer"]["by"]), (&"score".into(), &"begin".into()));
    let threshold = number(&best["threshold"]).to_string();
    let by_begin = ["--no-answer-by", "begin", "--no-answer-threshold", &threshold];
    let again = json(&run(&[&own[..], &["--json"], &by_begin].concat()));
    assert!((number(&again["f1"]) - number(&best["f1"])).abs() < 1e-9);
    let asked = ["predict", "--model", &model, "--input", &data, "--output", "-"];
    let answers = json(&run(&[&asked[..], &by_begin].concat()));
    let given = answers.as_object().unwrap().values().filter(|answer| **answer != "").count();
    assert!((given as f64 / 3.0 - number(&best["answered"]) / 100.0).abs() < 1e-9, "{answers}");

    for picture in ["reliability.svg", "no-answer.svg"] {
        let svg = std::fs::read_to_string(Path::new(&plots).join(picture)).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{picture}");
    }
    let text = String::from_utf8(run(&own).stdout).unwrap();
    for words in ["all-O", "H(t)", "several spans", "no answer", "best F1", "0.9 to 1.0", "ECE"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "it fits a terminal: {text}");
    refused(&[&own[..], &["--limit", "0"]].concat(), &["--limit"]);
    assert_eq!(json(&run(&[&own[..], &["--limit", "1", "--json"]].concat()))["questions"], 1);
}

#[test]
fn a_long_question_is_cut_counted_and_said() {
    let folder = Folder::new("long");
    let long = format!("Who sang {}?", "really ".repeat(300));
    let (data, out, model) =
        (folder.file("long.json", &SQUAD.replacen("Who sang?", &long, 1)), folder.path("p"), model());
    let said = "1 of 2 questions was cut: at most 256 word pieces of a question are read";
    let stderr = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let scored = run(&["eval", "--model", &model, "--data", &data, "--json"]);
    assert!(stderr(&scored).contains(said), "{}", stderr(&scored));
    let report = json(&scored);
    assert_eq!((&report["questions"], &report["truncatedQuestions"]), (&2.into(), &1.into()));
    let predicted = run(&["predict", "--model", &model, "--input", &data, "--output", &out]);
    assert!(predicted.status.success() && stderr(&predicted).contains(said), "{}", stderr(&predicted));
    let predictions: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!((predictions.as_object().unwrap().len(), &predictions["b"]), (2, &"Oslo".into()));
    let base = folder.path("base");
    common::tiny_folder(Path::new(&base));
    let train = ["train", "--base", &base, "--data", &data, "--output", &folder.path("run"), "--steps", "1"];
    let trained = run(&train);
    assert!(trained.status.success() && stderr(&trained).contains(said), "{}", stderr(&trained));

    let ask = |question: &str, more: &[&str]| {
        let asked = ["analyse", "--model", &model, "--question", question, "--paragraph", "On Friday Ada sang."];
        run(&[&asked[..], more].concat())
    };
    let analysis = json(&ask(&long, &["--json"]));
    assert_eq!((&analysis["questionTokens"], &analysis["questionTruncated"]), (&256.into(), &true.into()));
    let whole = json(&ask("Who sang?", &["--json"]));
    assert_eq!((&whole["questionTokens"], &whole["questionTruncated"]), (&3.into(), &false.into()));
    assert!(String::from_utf8_lossy(&ask(&long, &[]).stdout).starts_with("N_Q = 256 (the question is longer"));
}

#[test]
fn quantized_models_of_every_format_find_the_answer() {
    let folder = Folder::new("quantize");
    let model = model();
    for (format, file) in
        [("q8_0", "model.gguf"), ("q5_1", "model.gguf"), ("f16", "model.safetensors"), ("int8", "model.safetensors")]
    {
        let out = folder.path(format);
        assert!(run(&["quantize", "--model", &model, "--type", format, "--output", &out]).status.success());
        assert!(Path::new(&out).join(file).is_file());
        let ask = [
            "analyse",
            "--model",
            &out,
            "--question",
            "Who sang?",
            "--paragraph",
            "On Friday Ada sang in Oslo.",
            "--json",
        ];
        assert_eq!(json(&run(&ask))["alternatives"][0]["text"], "Ada", "{format}");
    }
}

#[test]
fn bad_usage_and_bad_input_are_one_line_and_code_2() {
    let folder = Folder::new("errors");
    let (data, model) = (folder.file("squad.json", SQUAD), model());
    let ask = |model: &str, question: &str, paragraph: &str, words: &[&str]| {
        refused(&["analyse", "--model", model, "--question", question, "--paragraph", paragraph], words);
    };
    ask("no/such/folder", "Who?", "Ada.", &["no/such/folder"]);
    ask(&folder.path(""), "Who?", "Ada.", &["model.safetensors"]);
    ask(&model, "", "Ada.", &["question is empty"]);
    ask(&model, "Who?", " ", &["paragraph is empty"]);
    refused(&["analyse", "--model", &model], &["--question"]);
    refused(&["frobnicate"], &["frobnicate"]);
    refused(&["eval", "--model", &model, "--data", &folder.path("none.json")], &["none.json"]);
    let bad = folder.file("bad.json", &SQUAD.replace("\"answer_start\":24", "\"answer_start\":25"));
    refused(&["eval", "--model", &model, "--data", &bad, "--strict"], &["bad.json", "question b"]);
    let empty = folder.file("empty.json", "");
    refused(&["predict", "--model", &model, "--input", &empty, "--output", &folder.path("x")], &["empty.json"]);
    let lines = folder.file("bad.jsonl", "{\"id\":\"x\"}\n");
    refused(&["eval", "--model", &model, "--data", &lines], &["bad.jsonl", "format"]);
    let from = ["eval", "--model", &model, "--data", &lines, "--from", "lines", "--strict"];
    refused(&from, &["bad.jsonl", "line 1"]);
    refused(&["eval", "--model", &model, "--data", &data, "--decode", "best"], &["best"]);
    let gold = folder.file("gold.json", r#"[[{"start":3,"end":2}]]"#);
    let ask = ["analyse", "--model", &model, "--question", "Who?", "--paragraph", "Ada sang.", "--gold", &gold];
    refused(&ask, &["gold.json"]);
    refused(&["quantize", "--model", &model, "--type", "q9", "--output", "x"], &["q9"]);

    // A model that is damaged, or not one model.
    for (name, config, weights, words) in [
        ("cut", "config.json", vec![0u8; 100], ["cut", "damaged"]),
        (
            "no-config",
            "",
            std::fs::read(root().join("static/models/minilm-l6/model.safetensors")).unwrap(),
            ["no-config", "config.json"],
        ),
    ] {
        let own = Folder::new(name);
        for file in [config, "tokenizer.json"].iter().filter(|f| !f.is_empty()) {
            std::fs::copy(root().join("static/models/minilm-l6").join(file), own.0.join(file)).unwrap();
        }
        std::fs::write(own.0.join("model.safetensors"), weights).unwrap();
        refused(&["analyse", "--model", &own.path(""), "--question", "Who?", "--paragraph", "Ada."], &words);
    }
}

#[test]
fn relabel_matches_answers_to_questions() {
    let folder = Folder::new("relabel");
    let context = "On Friday Ada sang in Oslo, and Bo listened.";
    // Each question stands beside the other's answer.
    let line = |id: &str, question: &str, start: usize, end: usize| {
        serde_json::json!({"id": id, "context": context, "question": question, "annotators": [[[start, end]]]})
            .to_string()
    };
    let lines = [line("a", "Who sang in Oslo?", 22, 26), line("b", "In which city did Ada sing?", 10, 13)].join("\n");
    let (data, output) = (folder.file("weak.jsonl", &lines), folder.path("better.jsonl"));
    let done = run(&["relabel", "--model", &model(), "--data", &data, "--output", &output]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = std::fs::read_to_string(&output).unwrap();
    let written: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&written[0]["annotators"], &written[1]["annotators"]),
        (&serde_json::json!([[[10, 13]]]), &serde_json::json!([[[22, 26]]]))
    );
    assert!(written.iter().all(|line| line["confidence"].as_f64().unwrap() > 0.5), "{text}");
    // What it wrote is read like any data file.
    assert!(run(&["eval", "--model", &model(), "--data", &output]).status.success());
}

#[test]
fn scores_are_laid_out_for_other_programs() {
    let folder = Folder::new("layout");
    let (data, model) = (folder.file("squad.json", SQUAD), folder.path("model"));
    common::tiny_folder(Path::new(&model));
    let text = |format: &str| {
        let output = run(&["eval", "--model", &model, "--data", &data, "--format", format]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let scores: Value = serde_json::from_str(&text("json")).unwrap();
    let line = |separator: &str, end: &str| {
        let f1 = scores["f1"].as_f64().unwrap();
        let value = if separator == "," { scores["f1"].to_string() } else { format!("{f1:.4}") };
        format!("\n{}f1{separator}{value}{end}\n", if end == " |" { "| " } else { "" })
    };
    assert!(text("csv").starts_with("metric,value\n") && text("csv").contains(&line(",", "")));
    assert!(text("markdown").contains(&line(" | ", " |")));
    assert!(text("latex").contains(&line(" & ", " \\\\")) && text("latex").contains("spans.bestAnnotator.f1 & "));
    refused(&["eval", "--model", &model, "--data", &data, "--format", "xml"], &["xml"]);
}

#[test]
fn a_models_answers_are_pre_annotations_with_scores() {
    let folder = Folder::new("label");
    // Questions that every shipped model has answered; offsets count the violin as one.
    let storm = r#"{"version":"1.1","data":[{"title":"t","paragraphs":[{
        "context":"🎻 After the storm, Ines repaired the lamp, and the ships found the harbour again.","qas":[
        {"id":"a","question":"Who repaired the lamp?","answers":[{"text":"Ines","answer_start":19}]},
        {"id":"b","question":"What did the ships find?","answers":[{"text":"the harbour","answer_start":63}]}]}]}]}"#;
    let (data, model) = (folder.file("squad.json", storm), model());
    let label = |format: &str| {
        let output = run(&["label", "--model", &model, "--input", &data, "--output", "-", "--format", format]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let tasks: Value = serde_json::from_str(&label("label-studio").0).unwrap();
    let prediction = &tasks[0]["predictions"][0];
    assert_eq!(
        (&prediction["model_version"], &tasks[0]["data"]["question"]),
        (&"minilm-l6".into(), &"Who repaired the lamp?".into())
    );
    let region = &prediction["result"][0];
    assert_eq!(region["value"], serde_json::json!({"start": 19, "end": 23, "text": "Ines", "labels": ["Answer"]}));
    let p = region["score"].as_f64().unwrap();
    assert!(p > 0.0 && p <= 1.0, "{p}");
    let first = |text: &str| serde_json::from_str::<Value>(text.lines().next().unwrap()).unwrap();
    let (prodigy, _) = label("prodigy");
    assert_eq!(first(&prodigy)["spans"], serde_json::json!([{"start": 19, "end": 23, "label": "ANSWER", "score": p}]));
    let (doccano, said) = label("doccano");
    assert_eq!(first(&doccano)["label"], serde_json::json!([[19, 23, "ANSWER"]]));
    assert!(said.contains("doccano cannot hold the model's scores: lost in 2 of 2 records"), "{said}");
    // It reads its own input from a pipe, too, and the labels of the model score against themselves.
    let again = folder.file("again.json", &label("label-studio").0);
    let scores = json(&run(&["eval", "--model", &model, "--data", &again, "--decode", "viterbi", "--json"]));
    assert_eq!(scores["seqeval"]["micro"]["f1"], 1.0);
}

/// An accent that is a character of its own, as macOS writes it, belongs to the answer that ends with its letter.
#[test]
fn an_answer_keeps_the_accent_on_its_last_letter() {
    let folder = Folder::new("accent");
    let (paragraph, model) = ("On Friday Jose\u{301} sang, and Bo listened.", model());
    let ask = ["analyse", "--model", &model, "--question", "Who sang?", "--paragraph", paragraph, "--json"];
    let answer = &json(&run(&ask))["answers"][0];
    let found = (&answer["text"], &answer["start"], &answer["end"]);
    assert_eq!(found, (&"Jose\u{301}".into(), &10.into(), &15.into()));
    // What is labelled can be read again, and is what the model says.
    let row = serde_json::json!({"question": "Who sang?", "context": paragraph, "annotators": []}).to_string();
    let (data, labelled) = (folder.file("in.jsonl", &row), folder.path("out.jsonl"));
    assert!(run(&["label", "--model", &model, "--input", &data, "--output", &labelled]).status.success());
    let scores = json(&run(&["eval", "--model", &model, "--data", &labelled, "--json"]));
    assert_eq!((&scores["em"], &scores["seqeval"]["micro"]["f1"]), (&100.0.into(), &1.0.into()));
}

#[test]
fn a_folder_of_brat_holds_other_files_too() {
    let folder = Folder::new("brat");
    for (name, content) in [
        ("1.txt", "Ada sang."),
        ("1.ann", "T1\tAnswer 0 3\tAda\n"),
        ("2.txt", "Bo listened."),
        ("2.ann", ""),
        ("annotation.conf", "[entities]\n"),
        ("README.md", "Two texts."),
        ("damaged.gz", "\u{1f}\u{8b}"),
    ] {
        folder.file(name, content);
    }
    std::fs::write(folder.0.join("picture.png"), b"\x89PNG\r\n\x1a\n\0").unwrap();
    let output = run(&["convert", &folder.path(""), "-", "--to", "lines"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let ids: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone())
        .collect();
    assert_eq!(ids, ["1", "2"]);
    assert!(said.contains("passed over: README.md, annotation.conf, damaged.gz, picture.png"), "{said}");
}

#[test]
fn a_text_that_nobody_has_labelled_stays_one_in_parquet() {
    let folder = Folder::new("unlabelled");
    let rows = r#"{"id":"1","context":"Ada sang.","question":"Who sang?"}
{"id":"2","context":"Ada sang.","question":"Who danced?","answers":{"text":[],"answer_start":[]}}
"#;
    let (data, table) = (folder.file("un.jsonl", rows), folder.path("un.parquet"));
    let output = run(&["convert", &data, &table]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !said.contains("cannot hold"), "{said}");
    let output = run(&["convert", &table, "-", "--to", "lines"]);
    let annotators: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["annotators"].clone())
        .collect();
    assert_eq!(annotators, [serde_json::json!([]), serde_json::json!([[]])]);
}

#[test]
fn a_greek_table_of_excel_is_read_as_windows_1253() {
    let folder = Folder::new("greek");
    let table = folder.path("greek.csv");
    // "Ποιος;" about "Η Ζωή τραγούδησε."
    let row = b"question;paragraph;answer\r\n\xd0\xef\xe9\xef\xf2;\xc7 \xc6\xf9\xde \xf4\xf1\xe1\xe3\xef\xfd\xe4\xe7\xf3\xe5.;\xc6\xf9\xde\r\n";
    std::fs::write(&table, row).unwrap();
    refused(
        &["convert", &table, "-", "--to", "lines"],
        &["Windows-1253 for Greek", "saving it as UTF-8", "--encoding"],
    );
    for name in ["windows-1253", "Windows-1253"] {
        let output = run(&["convert", &table, "-", "--to", "lines", "--encoding", name]);
        let record = json(&output);
        assert_eq!((&record["question"], &record["context"]), (&"Ποιος".into(), &"Η Ζωή τραγούδησε.".into()));
        assert_eq!(record["annotators"], serde_json::json!([[[2, 5]]]));
        assert!(String::from_utf8_lossy(&output.stderr).contains("read as Windows-1253"));
    }
    // Predictions beside gold labels are read in the encoding that is said, too.
    let columns = folder.path("greek.conll");
    std::fs::write(&columns, b"\xc7 O O\n\xc6\xf9\xde B B\n").unwrap();
    let eval = ["eval", "--data", &columns, "--columns", "gold,prediction", "--json"];
    refused(&eval, &["greek.conll", "UTF-8"]);
    let scored = json(&run(&[&eval[..], &["--encoding", "windows-1253"]].concat()));
    assert_eq!(scored["seqeval"]["micro"]["f1"], 1.0);
}

#[test]
fn averaged_heads_agree_on_their_labels() {
    let (folder, ours) = with_tiny("average");
    let theirs = folder.path("theirs");
    common::tiny_folder(Path::new(&theirs));
    // The same model, whose file keeps O, B, I in place of B, I, O.
    let head = |model: &str| {
        let bytes = std::fs::read(Path::new(model).join("model.safetensors")).unwrap();
        let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
        let parts = [("classifier.weight", vec![3, 8]), ("classifier.bias", vec![3])];
        let parts = parts.map(|(name, shape)| (name, checkpoint.get(name, &shape).unwrap().to_f32().unwrap()));
        (checkpoint, parts)
    };
    let (mut checkpoint, parts) = head(&theirs);
    for (name, rows) in parts {
        let order = Tensor::new(&[2u32, 0, 1], &Device::Cpu).unwrap();
        checkpoint.insert(name, Weight::Full(rows.index_select(&order, 0).unwrap()));
    }
    std::fs::write(Path::new(&theirs).join("model.safetensors"), checkpoint.to_bytes(Format::F32).unwrap()).unwrap();
    let config = Path::new(&theirs).join("config.json");
    let names = r#"{"id2label":{"0":"O","1":"B","2":"I"},"#;
    std::fs::write(&config, std::fs::read_to_string(&config).unwrap().replacen('{', names, 1)).unwrap();
    for (number, [first, second]) in [[&ours, &theirs], [&theirs, &ours]].into_iter().enumerate() {
        let mean = folder.path(&format!("mean{number}"));
        let output = run(&["average", "--model", first, second, "--output", &mean]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for ((name, mean), (_, own)) in head(&mean).1.iter().zip(&head(first).1) {
            let apart = (mean - own).unwrap().abs().unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert!(apart.iter().all(|x| *x < 1e-6), "{name}: the mean of a model and itself is that model");
        }
    }
    // Another vocabulary: the rows of the word embeddings are of other words.
    let tokenizer = Path::new(&theirs).join("tokenizer.json");
    let text = std::fs::read_to_string(&tokenizer).unwrap().replacen("\"violin\"", "\"viola da\"", 1);
    std::fs::write(&tokenizer, text).unwrap();
    let none = folder.path("none");
    refused(&["average", "--model", &ours, &theirs, "--output", &none], &["theirs", "tokenizer", "model"]);
    assert!(!Path::new(&none).exists());
}

#[test]
fn a_model_folder_has_one_file_of_weights() {
    let folder = Folder::new("weights");
    let model = root().join("static/models/tiny-128").display().to_string();
    let (small, data) = (folder.path("small"), folder.file("data.jsonl", LINES));
    let quantize = |format: &'static str| ["quantize", "--model", &*model, "--output", &*small, "--type", format];
    assert!(run(&quantize("q8_0")).status.success());
    // Weights of the other kind beside it would leave open which are meant.
    let said = ["small", "model.gguf", "another folder"];
    refused(&quantize("int8"), &said);
    refused(&["average", "--model", &model, "--output", &small], &said);
    refused(&["train", "--base", &model, "--data", &data, "--output", &small, "--steps", "1"], &said);
    assert!(!Path::new(&small).join("model.safetensors").exists());
    assert!(run(&quantize("q5_1")).status.success(), "the same kind is replaced");
    // Nor is one of two guessed.
    std::fs::copy(Path::new(&model).join("model.safetensors"), Path::new(&small).join("model.safetensors")).unwrap();
    refused(&["eval", "--model", &small, "--data", &data], &["small", "both model.safetensors and model.gguf"]);
}

#[test]
fn files_of_one_name_are_sources_of_their_own() {
    let (folder, model) = with_tiny("sources");
    for name in ["a", "b"] {
        std::fs::create_dir(folder.0.join(name)).unwrap();
    }
    let names = ["a/valid.jsonl", "b/valid.jsonl", "other.jsonl"];
    let [a, b, other] = names.map(|name| folder.file(name, LINES));
    let report = json(&run(&["eval", "--model", &model, "--data", &a, &b, &other, "--by", "source", "--json"]));
    let groups = report["by"][0]["groups"].as_array().unwrap();
    let kinds: Vec<_> =
        groups.iter().map(|g| (g["kind"].as_str().unwrap(), g["questions"].as_u64().unwrap())).collect();
    assert_eq!(kinds, [(&*a, 3), (&*b, 3), ("other", 3)]);
}

#[test]
fn predict_needs_no_labels() {
    let (folder, model) = with_tiny("unneeded");
    // A gold span on a blank, which no token is in.
    let data = folder.file("data.jsonl", &LINES.replacen("[[10,13]],[[10,13]]", "[[9,10]]", 1));
    let output = run(&["predict", "--model", &model, "--input", &data, "--output", "-"]);
    assert_eq!(json(&output).as_object().unwrap().len(), 3, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_weight_stands_behind_the_last_at() {
    let (folder, model) = with_tiny("at");
    let path = folder.0.join("x@y");
    std::fs::create_dir(&path).unwrap();
    let (data, out) = (folder.file("x@y/nfc.jsonl", LINES), folder.path("run"));
    let train = ["train", "--base", &*model, "--output", &*out, "--stop-after", "1", "--data"];
    let output = run(&[&train[..], &[&*data]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let other = folder.path("other"); // the first folder holds a run now
    let train = ["train", "--base", &*model, "--output", &*other, "--data"];
    for (weight, words) in [("x", "x is no weight"), ("0", "0 is no weight"), ("nan", "nan is no weight")] {
        refused(&[&train[..], &[&*format!("{data}@{weight}")]].concat(), &[words]);
    }
}

#[test]
fn numbers_out_of_range_and_options_without_effect_are_refused() {
    let (folder, model) = with_tiny("ranges");
    let (data, out) = (folder.file("data.jsonl", LINES), folder.path("out"));
    let columns = folder.file("columns.conll", "Ada B B\nsang O O\n");
    let wrong = |command: &[&str], options: &[(&str, &[&str])]| {
        for (option, values) in options {
            for value in *values {
                refused(&[command, &[&*format!("{option}={value}")]].concat(), &[option, "expected"]);
                refused(&[command, &[*option, *value]].concat(), &[option, "expected"]);
            }
        }
    };
    let run = ["--data", &*data, "--output", &*out];
    let (train, distill) = (["train", "--base", &*model], ["distill", "--teacher", &*model]);
    let share: &[&str] = &["-0.1", "1.5", "nan"];
    let count: &[&str] = &["0", "-1", "1.5"];
    let above: &[&str] = &["0", "-1", "nan", "inf"];
    for command in [&train, &distill] {
        let ranges = [
            ("--warmup", share),
            ("--min-confidence", share),
            ("--dropout", &["-0.1", "1", "1.5", "nan"]),
            ("--rate", above),
            ("--clip", above),
            ("--weight-decay", &["-1", "nan", "inf"]),
            ("--epochs", count),
            ("--steps", count),
            ("--stop-after", count),
            ("--batch-positions", count),
            ("--max-positions", count),
            ("--save-every", count),
        ];
        wrong(&[&command[..], &run].concat(), &ranges);
        wrong(&[&command[..], &run, &["--valid", &data]].concat(), &[("--eval-every", count)]);
    }
    wrong(&[&train[..], &run, &["--teacher", &model]].concat(), &[("--gold", share)]);
    let factor: &[&str] = &["-1", "nan", "inf"];
    let ranges = [("--gold", share), ("--hidden", factor), ("--attention", factor)];
    wrong(&[&distill[..], &run].concat(), &ranges);
    wrong(&[&distill[..], &run].concat(), &["--width", "--layers", "--intermediate", "--sample"].map(|o| (o, count)));
    let eval = ["eval", "--model", &*model, "--data", &*data];
    wrong(&eval, &[("--limit", count), ("--max-answer-tokens", count), ("--no-answer-threshold", &["nan"])]);
    let predict = ["predict", "--model", &*model, "--input", &*data, "--output", "-"];
    wrong(&predict, &[("--no-answer-threshold", &["nan"]), ("--no-answer-by", &["p"])]);

    // Without what they are about options would do nothing.
    refused(&[&predict[..], &["--no-answer-by", "begin"]].concat(), &["--no-answer-by", "--no-answer-threshold"]);
    refused(&[&train[..], &run, &["--eval-every", "5"]].concat(), &["--valid"]);
    refused(
        &[&eval[..], &["--decode", "viterbi", "--max-answer-tokens", "3"]].concat(),
        &["--max-answer-tokens", "one"],
    );
    let scored = ["eval", "--data", &*columns, "--columns", "gold,prediction"];
    assert!(self::run(&scored).status.success());
    for option in [
        "--limit=1",
        "--baseline=x",
        "--plot=x",
        "--by=wh",
        "--no-answer-threshold=1",
        "--no-answer-by=begin",
        "--decode=one",
        "--b-bias=1",
        "--max-answer-tokens=1",
        "--tune-b-bias",
    ] {
        refused(&[&scored[..], &[option]].concat(), &["--model"]);
    }
    for option in ["--from=squad", "--question=Who?", "--repair", "--offsets=utf16", "--labels=0,1,2"] {
        refused(&[&scored[..], &[option]].concat(), &["--model", option.split('=').next().unwrap()]);
    }
    assert!(!Path::new(&out).exists());
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let (folder, model) = with_tiny("over");
    let (data, out) = (folder.file("data.jsonl", LINES), folder.path("out.jsonl"));
    let relabel = ["relabel", "--model", &*model];
    refused(&[&relabel[..], &["--data", &data, "--output", &out, "--eliminated", &out]].concat(), &["--eliminated"]);
    refused(&[&relabel[..], &["--data", &data, "--output", &data]].concat(), &["--data", "--output"]);
    let around = folder.path("model/../data.jsonl");
    refused(&[&relabel[..], &["--data", &data, "--output", &out, "--eliminated", &around]].concat(), &["--data"]);
    for same in [model.clone(), format!("{model}/../model")] {
        refused(&["quantize", "--model", &model, "--output", &same], &["--output", "another folder"]);
    }
    // Where nothing is left to label, what is there stays.
    let texts = folder.file("texts.txt", "Ada sang.\n\nBo listened.\n");
    std::fs::write(&out, "before").unwrap();
    for (command, why) in [("label", "no record is left to label"), ("predict", "no question is left to answer")] {
        let done = run(&[command, "--model", &model, "--input", &texts, "--output", &out]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.contains(why)), (Some(2), true), "{said}");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "before");
    }
    refused(&["label", "--model", &model, "--input", &texts, "--output", &folder.path("x.xyz")], &["--format"]);
}

#[test]
fn folders_and_compressed_files_are_written_as_they_are_named() {
    let folder = Folder::new("targets");
    let (data, brat) = (folder.file("data.jsonl", LINES), folder.path("brat"));
    refused(&["convert", &data, "-", "--to", "brat"], &["-", "folder"]);
    assert!(run(&["convert", &data, &brat, "--to", "brat"]).status.success());
    refused(&["convert", &data, &brat, "--to", "brat"], &["brat", "a.ann", "another folder"]);
    let packed = folder.path("data.jsonl.gz");
    assert!(run(&["convert", &data, &packed]).status.success());
    assert!(std::fs::read(&packed).unwrap().starts_with(&[0x1f, 0x8b]));
    let back = run(&["convert", &packed, "-", "--to", "lines"]);
    assert_eq!(String::from_utf8(back.stdout).unwrap().lines().count(), 3);
    refused(&["convert", &data, &folder.path("data.parquet.gz")], &["leave out .gz"]);
}

#[test]
fn distill_refuses_before_it_begins() {
    let (folder, model) = with_tiny("early");
    let (data, out) = (folder.file("data.jsonl", LINES), folder.path("run"));
    let distill = ["distill", "--teacher", &*model, "--data", &*data, "--output", &*out];
    for (options, words) in [
        (["--width", "6"], ["--width 6", "multiple of 4"]),
        (["--width", "16"], ["--width 16", "8"]),
        (["--layers", "9"], ["--layers 9", "2"]),
        (["--intermediate", "13"], ["--intermediate 13", "12"]),
    ] {
        let rest = [["--width", "4"], ["--layers", "2"], ["--intermediate", "8"]];
        let rest = rest.into_iter().filter(|own| own[0] != options[0]).flatten().collect::<Vec<_>>();
        refused(&[&distill[..], &rest, &options].concat(), &words);
    }
    std::fs::create_dir(&out).unwrap();
    std::fs::write(folder.0.join("run/state.safetensors"), "").unwrap();
    refused(&distill, &["holds a run already", "--resume"]);
}

#[test]
fn analyse_prints_texts_and_small_numbers_as_they_are() {
    let paragraph = "- On Friday Zo\u{eb} \"Ada\" sang in Oslo, and nobody else did.";
    let output = run(&["analyse", "--model", &model(), "--question", "-Who sang?", "--paragraph", paragraph]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("Zo\u{eb}") && table.contains("·10⁻") && !table.contains("\\\""), "{table}");
    let files = root().join("static/models/tiny-128/model.safetensors").display().to_string();
    let ask = ["analyse", "--model", &files, "--question", "Who?", "--paragraph", "Ada."];
    refused(&ask, &["model.safetensors", "no model's archive", "folder"]);
}

#[test]
fn small_faults_of_data_are_named() {
    let (folder, model) = with_tiny("named");
    // Lines without a question take the one for all, as other formats do.
    let lines = r#"{"id":"a","context":"Ada sang.","question":null,"annotators":[[[0,3]]]}
{"id":"b","context":"Bo sang.","annotators":[[[0,2]]]}
"#;
    let data = folder.file("lines.jsonl", lines);
    let asked = ["predict", "--model", &*model, "--input", &*data, "--output", "-"];
    assert_eq!(json(&run(&[&asked[..], &["--question", "Who sang?"]].concat())).as_object().unwrap().len(), 2);
    let said = String::from_utf8_lossy(&run(&asked).stderr).into_owned();
    assert!(said.contains("line 1: it has no question") && said.contains("line 2: it has no question"), "{said}");
    // What is there but empty is not missing.
    for (name, text) in [
        ("lines", r#"{"context":"","question":"Who?","annotators":[]}"#),
        ("hf-tokens", r#"{"tokens":[],"ner_tags":[]}"#),
        ("csv", "question,paragraph\nWho?,\n"),
    ] {
        let data = folder.file("empty", text);
        refused(&["convert", &data, "-", "--to", "lines", "--from", name, "--strict"], &["its text is empty"]);
    }
    let task = r#"[{"id":1,"text":"Ada sang.","label":[{"start":0,"end":3,"text":"Ada","labels":["Answer"]}],"annotator":1,
        "annotation_id":1,"created_at":"2024-01-01","updated_at":"2024-01-01","lead_time":1.5}]"#;
    let data = folder.file("min.json", task);
    refused(&["convert", &data, "-", "--to", "lines"], &["min.json", "JSON-MIN", "export it as JSON"]);
    // A version in a folder's name is part of it.
    let named = folder.path("bert-v1.5");
    std::fs::rename(&model, &named).unwrap();
    let data = folder.file("data.jsonl", LINES);
    let labelled = run(&["label", "--model", &named, "--input", &data, "--output", "-", "--format", "lines"]);
    let lines = String::from_utf8(labelled.stdout).unwrap();
    assert_eq!((lines.lines().count(), lines.matches(r#""names":["bert-v1.5"]"#).count()), (3, 3), "{lines}");
}
