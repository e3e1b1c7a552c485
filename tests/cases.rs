//! Inputs that people have, as the shared cases list them, and what becomes of each on the command line.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("bioscope-cases-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn cases(test: &str) -> Option<PathBuf> {
    common::shared(test).map(|shared| shared.join("cases")).filter(|cases| cases.is_dir())
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bioscope")).args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A record: its question, and each annotator's texts.
type Converted = (String, Vec<String>);

/// A file as lines: exit code, each record's question and annotators' texts, what was said.
fn converted(file: &Path, more: &[&str]) -> (Option<i32>, Vec<Converted>, String) {
    let file = file.display().to_string();
    let output = run(&[&["convert", &*file, "-", "--to", "lines"], more].concat());
    let records = String::from_utf8_lossy(&output.stdout);
    let record = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap();
        let points: Vec<char> = record["context"].as_str().unwrap().chars().collect();
        let number = |value: &Value| value.as_u64().unwrap() as usize;
        let text = |span: &Value| points[number(&span[0])..number(&span[1])].iter().collect::<String>();
        let texts = |spans: &Value| spans.as_array().unwrap().iter().map(text).collect::<Vec<_>>().join("+");
        let annotators = record["annotators"].as_array().unwrap().iter().map(texts).collect();
        (record["question"].as_str().unwrap().to_owned(), annotators)
    };
    (output.status.code(), records.lines().map(record).collect(), stderr(&output))
}

#[test]
fn files_of_every_format_are_read() {
    let Some(cases) = cases("cases: files_of_every_format_are_read") else { return };
    let files = cases.join("files");
    let none: &[&str] = &[];
    let sang = "Who sang?";
    for (name, more, records, words) in [
        ("plain.txt", none, vec![("", vec![])], "plain text, 1 paragraph"),
        ("brat.txt", none, vec![("", vec![])], "plain text, 1 paragraph"),
        ("two-paragraphs.txt", none, vec![("", vec![]), ("", vec![])], "2 paragraphs"),
        ("squad.json", none, vec![(sang, vec!["Ada"])], "SQuAD file, 1 question, 1 annotator"),
        ("hfqa.jsonl", none, vec![(sang, vec!["Ada"])], "Hugging Face"),
        ("hf-qa.json", none, vec![(sang, vec!["Ada"])], "Hugging Face"),
        ("hf-qa-noanswer.jsonl", none, vec![("Who danced?", vec![""])], "1 question"),
        ("hf.jsonl", &["--labels", "0,1,2"], vec![("", vec!["Ada"])], "joined by blanks"),
        ("doccano.jsonl", none, vec![("", vec!["Ada"])], "--question"),
        ("doccano2.jsonl", none, vec![("", vec!["Ada"])], "doccano export, 1 text"),
        ("prodigy.jsonl", &["--question", sang], vec![(sang, vec!["Ada"])], "Prodigy export, 1 text"),
        ("doccano-emoji.jsonl", none, vec![("", vec!["Zürich"])], "1 text"),
        ("doccano-utf16.jsonl", none, vec![("", vec!["ürich."])], "would be “Zürich” as UTF-16 (--offsets utf16)"),
        ("doccano-utf16.jsonl", &["--offsets", "utf16"], vec![("", vec!["Zürich"])], "1 text"),
        ("labelstudio.json", none, vec![(sang, vec!["Ada"])], "Label Studio export, 1 task, 1 annotator"),
        (
            "labelstudio-two-annotators.json",
            none,
            vec![("Who ate?", vec!["José+Ada", "Ada"])],
            "1 annotation was cancelled or rejected",
        ),
        ("conll.txt", none, vec![("", vec!["Ada"])], "CoNLL"),
        ("iob2-types.tsv", none, vec![(sang, vec!["Ada Lovelace"])], "CoNLL"),
        ("iob1.conll", none, vec![("", vec!["Ada Lovelace"]), ("", vec!["Ada+Bo"])], "its labels are IOB1"),
        ("two-columns-gold-pred.conll", &["--columns", "gold,prediction"], vec![("", vec!["Ada Lovelace"])], "CoNLL"),
        ("multispanqa.json", none, vec![("who sang", vec!["Ada Lovelace+Bo+Chu"])], "MultiSpanQA file, 1 question"),
        ("brat.ann", none, vec![("", vec!["Ada"])], "brat annotations, 1 document"),
        ("brat-discontinuous.ann", none, vec![("", vec!["José+Ada"])], "brat annotations"),
        ("excel.csv", none, vec![(sang, vec!["Ada"])], "table, 1 question"),
        ("comma.csv", none, vec![("Who \"sang\"?", vec!["Ada"]), ("Who listened?", vec!["Bo"])], "2 questions"),
        ("formula.csv", none, vec![("=HYPERLINK(\"x\")", vec!["-1"])], "table, 1 question"),
        ("windows-1252.csv", &["--encoding", "windows-1252"], vec![("Who?", vec!["Zoë"])], "Windows-1252"),
    ] {
        let (code, found, said) = converted(&files.join(name), more);
        assert_eq!(code, Some(0), "{name}: {said}");
        let expected: Vec<(String, Vec<String>)> =
            records.iter().map(|(q, a)| ((*q).to_owned(), a.iter().map(|t| (*t).to_owned()).collect())).collect();
        assert_eq!(found, expected, "{name}: {said}");
        assert!(said.contains(words), "{name}: {words:?} in {said}");
    }
    // What needs a decision is asked for, in one line.
    for (name, words) in [
        ("hf.jsonl", "--labels"),
        ("two-columns-gold-pred.conll", "--columns gold,prediction"),
        ("windows-1252.csv", "read it as Windows-1252?"),
    ] {
        let (code, _, said) = converted(&files.join(name), &[]);
        assert!(code == Some(2) && said.contains(words) && said.lines().count() == 1, "{name}: {code:?} {said}");
    }
    let columns = files.join("two-columns-gold-pred.conll").display().to_string();
    let scored = run(&["eval", "--data", &columns, "--columns", "gold,prediction", "--json"]);
    let scores: Value = serde_json::from_slice(&scored.stdout).unwrap();
    assert_eq!(scores["seqeval"]["micro"]["f1"], 0.0);
    assert_eq!(scores["seqeval"]["accuracy"], 5.0 / 6.0);
}

#[test]
fn every_format_goes_out_and_comes_back() {
    let Some(cases) = cases("cases: every_format_goes_out_and_comes_back") else { return };
    let folder = Folder::new("round");
    let source = cases.join("files/labelstudio-two-annotators.json");
    let lines = |path: &str| {
        let (code, records, said) = converted(Path::new(path), &[]);
        assert_eq!(code, Some(0), "{path}: {said}");
        records
    };
    let all = lines(&source.display().to_string());
    for format in
        "squad hf-qa lines conll hf-tokens doccano doccano-entities label-studio prodigy csv tsv multispanqa".split(' ')
    {
        let out = folder.path(&format!("out.{format}"));
        let done = run(&["convert", &source.display().to_string(), &out, "--to", format]);
        assert_eq!(done.status.code(), Some(0), "{format}: {}", stderr(&done));
        assert_eq!(lines(&out), all, "{format}");
    }
    // One document a file holds one annotator, which is said.
    for format in ["brat", "webanno"] {
        let out = folder.path(format);
        let done = run(&["convert", &source.display().to_string(), &out, "--to", format]);
        assert!(stderr(&done).contains("all annotators but the first: lost in 1 of 1 record"), "{}", stderr(&done));
        let (code, records, said) = converted(Path::new(&out), &["--question", "Who ate?"]);
        assert_eq!((code, records), (Some(0), vec![("Who ate?".to_owned(), vec!["José+Ada".to_owned()])]), "{said}");
    }
    // No cell of a table begins as a formula does.
    let out = folder.path("safe.csv");
    run(&["convert", &cases.join("files/formula.csv").display().to_string(), &out]);
    let table = fs::read_to_string(&out).unwrap();
    let cells = table.split(['\n', ',']).map(|cell| cell.trim_start_matches(['"', '\u{feff}']));
    assert!(cells.clone().count() > 6 && !cells.clone().any(|cell| cell.starts_with(['=', '+', '-', '@'])), "{table}");
}

#[test]
fn data_with_something_odd_is_scored() {
    let Some(cases) = cases("cases: data_with_something_odd_is_scored") else { return };
    let folder = Folder::new("data");
    let model = folder.path("model");
    common::tiny_folder(Path::new(&model));
    let eval = |name: &str, more: &[&str]| {
        let data = cases.join("data").join(name).display().to_string();
        let output = run(&[&["eval", "--model", &*model, "--json", "--data", &*data], more].concat());
        let questions = serde_json::from_slice::<Value>(&output.stdout).ok().and_then(|v| v["questions"].as_u64());
        (output.status.code(), questions, stderr(&output))
    };
    for (name, questions, words) in [
        ("long-question-one-of-two.json", 2, "SQuAD file, 2 questions"),
        ("leading-space-trimmed.json", 1, "1 question"),
        ("int-id.json", 1, "1 question"),
        ("no-id.json", 1, "1 record has no id: numbered"),
        ("dup-ids.json", 2, "the id 1 stands twice"),
        ("hf-flat-list.json", 1, "Hugging Face"),
        ("jsonl-hf.jsonl", 3, "3 questions"),
        ("null-answers.json", 1, "`answers` is null, taken as “no answer”, in so many records: 1"),
        ("bom.json", 1, ""),
        ("version-number.json", 1, ""),
        ("no-version.json", 1, ""),
        ("extra-keys.json", 1, ""),
        ("jsonl-crlf.jsonl", 3, ""),
        ("empty-answers.json", 1, ""),
        ("sub-token-answer.json", 1, "1 spans begin or end inside of a token"),
    ] {
        for strict in [&[][..], &["--strict"]] {
            let (code, found, said) = eval(name, strict);
            assert_eq!((code, found), (Some(0), Some(questions)), "{name}: {said}");
            assert!(said.contains(words), "{name}: {words:?} in {said}");
        }
    }
    for (name, words) in [
        ("start-off-by-one.json", "question 1: the paragraph does not say “Ada” at 9"),
        ("start-utf16.json", "question 1: the paragraph does not say “Ada” at 3"),
        ("answer-nbsp.json", "does not say “Ada Lee”"),
        ("empty-answer-text.json", "the span 0..0 is empty"),
        ("answer-past-end.json", "past the paragraph's 36 characters"),
        ("negative-start.json", "begins before the paragraph"),
        ("jsonl-overlap.jsonl", "the spans 10 to 13 and 12 to 18 overlap"),
    ] {
        let (code, found, said) = eval(name, &[]);
        assert_eq!((code, found), (Some(3), Some(0)), "{name}: {said}");
        assert!(said.lines().any(|line| line.starts_with("skipped: ") && line.contains(words)), "{name}: {said}");
        let (code, found, said) = eval(name, &["--strict"]);
        assert_eq!((code, found), (Some(2), None), "{name}: {said}");
        assert!(said.starts_with("error: ") && said.contains(words) && said.lines().count() == 1, "{name}: {said}");
    }
    for name in ["start-off-by-one.json", "start-utf16.json"] {
        let (code, found, said) = eval(name, &["--repair"]);
        assert_eq!((code, found), (Some(0), Some(1)), "{name}: {said}");
        assert!(said.contains("1 answer was moved"), "{said}");
    }
    assert_eq!(eval("answer-nbsp.json", &["--repair"]).0, Some(3), "the text stands nowhere");
    for (name, place) in [
        ("nan.json", "line 1, column 25"),
        ("trailing-comma.json", "line 1, column 28"),
        ("empty.json", "line 1, column 1"),
    ] {
        let (code, _, said) = eval(name, &[]);
        assert!(code == Some(2) && said.contains(place) && said.lines().count() == 1, "{name}: {said}");
    }
    // Two answers under one id would be one.
    let twice = cases.join("data/dup-ids.json").display().to_string();
    let refused = run(&["predict", "--model", &model, "--input", &twice, "--output", "-"]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
    assert!(stderr(&refused).contains("the 1. and the 2. record"), "{}", stderr(&refused));
}
