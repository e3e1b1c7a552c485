//! Documents with labels, gold labels of the command line, data files: read, and what is taken is worked with.

use bioscope::bio::Decoder;
use bioscope::dataset;
use bioscope::document::gold::Gold;
use bioscope::document::json::Exported;
use bioscope::document::merge::{self, Options};
use bioscope::document::{Against, link};
use bioscope::document::{Assignment, Document};
use bioscope::document::{csv, detect, json, latex};
use bioscope::inference::{Analysis, ModelOutput, TokenOutput, Window};

use crate::driver::{Seeds, fuzz};
use crate::links::document;

/// An analysis that takes every character but white space for a token.
fn analysis(paragraph: &str) -> Analysis {
    let mut at = 0;
    let mut tokens = Vec::new();
    for (k, c) in paragraph.chars().enumerate() {
        if !c.is_whitespace() {
            let logits = [k as f32 % 3.0 - 1.0, -0.5, 1.0];
            tokens.push(TokenOutput { start: at, end: at + c.len_utf16(), word: k, window: 0, logits });
        }
        at += c.len_utf16();
    }
    let output = ModelOutput {
        question_tokens: 1,
        hidden_size: 8,
        windows: vec![Window { start: 0, end: tokens.len() }],
        tokens,
        ..ModelOutput::default()
    };
    Analysis::new(paragraph, output, Decoder::Viterbi)
}

/// What the page does with a document: shows its loss, edits it, saves it, reads it again.
pub fn use_it(mut document: Document) -> bool {
    let read = analysis(&document.paragraph);
    let fits = Against::new(&document, &document.paragraph, &read).is_ok();
    if fits {
        let saved = Exported::new(&document, &document.question, &document.paragraph, &read).unwrap().to_json();
        let back = json::import(&Document::default(), "x", &saved).unwrap();
        assert_eq!((&back.annotators, &back.direct), (&document.annotators, &document.direct));
        let _ = (
            csv::table(&document, &document.paragraph, &read, ("x", 0), csv::Separator::Semicolon),
            latex::derivation(&[&document.question], &document, &document.paragraph, &read),
        );
    }
    let again = link::encode(&document, Assignment::default()).unwrap();
    let again = link::decode(&Document::default(), &again).unwrap();
    assert_eq!(again.annotators, document.annotators);
    assert_eq!(Document::from_json(&document.to_json()).as_ref(), Some(&document));
    if let Some(span) = document.annotators.iter().flat_map(|a| a.spans.first()).next().copied() {
        document.unmark(0, span);
        document.mark(0, span);
        document.inside(0, None, span);
    }
    let half: String = document.paragraph.chars().skip(1).step_by(2).collect();
    document.edit_paragraph(&half);
    fits
}

#[test]
fn label_files() {
    let document = document();
    let read = analysis(&document.paragraph);
    let saved = Exported::new(&document, &document.question, &document.paragraph, &read).unwrap();
    let text = saved.to_json();
    let mut small = saved.clone();
    small.tokens.clear();
    let inputs = vec![serde_json::to_vec(&small).unwrap(), small.to_json().into_bytes(), text.into_bytes()];
    let words = &[
        "\"spans\":",
        "\"stray\":[]",
        "\"start\":",
        "\"direct\":[",
        "{",
        "}",
        "\"weight\":-1",
        "null",
        "\"version\":2",
        "\\ud83c",
    ];
    let here = Document { annotators: Vec::new(), direct: Vec::new(), ..document.clone() };
    fuzz("label_files", &Seeds { inputs, words }, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let entries = merge::read("x.json", &text);
        assert!(!entries.is_empty());
        let (_, outcomes) = merge::merge(&here, None, &entries, Options::default());
        assert_eq!(outcomes.len(), entries.len());
        let adopt = Options { adopt: true, replace: true, doubles: true };
        let (merged, _) = merge::merge(&here, None, &entries, adopt);
        if let Ok(read) = &entries[0].read {
            let _ = use_it(merged);
            return use_it(read.clone());
        }
        false
    });
}

#[test]
fn gold_labels() {
    let inputs: Vec<Vec<u8>> = [
        r#"[[{"start":10,"end":13}],[]]"#,
        r#"{"annotators":[[{"start":0,"end":2}],[{"start":3,"end":9}]],"weights":[1,0.5]}"#,
        r#"{"tokens":[[0.5,0,0.5],[1,0,0],[0,0,1]]}"#,
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    let read = analysis("On \u{1f3bb} Ada sang.");
    let words = &["null", "\"tokens\":", "1e999", "{", "[", "]", "-0.0"];
    fuzz("gold_labels", &Seeds { inputs, words }, |bytes| {
        let Ok(gold) = Gold::from_json(&String::from_utf8_lossy(bytes)) else { return false };
        match gold.loss(&read) {
            Ok(loss) => {
                assert!(loss.total.is_finite() && (loss.entropy + loss.kl - loss.total).abs() < 1e-9);
                true
            }
            Err(_) => false,
        }
    });
}

#[test]
fn data_files() {
    let squad = r#"{"version":"x","data":[{"title":"t","paragraphs":[{"context":"Zo\u00eb lives in Z\u00fcrich \ud83c\udfbb.","qas":[
        {"id":"q1","question":"Where?","answers":[{"text":"Z\u00fcrich","answer_start":13}]},{"id":"q2","question":"Who?","answers":[]}]}]}]}"#;
    let lines = "{\"id\":\"a\",\"context\":\"Ann \u{1f3bb} and Bo sang.\",\"question\":\"Who sang?\",\"annotators\":[[[0,3],[10,12]],[]]}\n".repeat(2);
    let inputs = vec![squad.as_bytes().to_vec(), lines.into_bytes()];
    let words =
        &["\"answers\":[]", "\"answer_start\":", "\"text\":\"\"", "[[0,1]]", "{", "}", "\n", "\\ud83c", "\u{feff}"];
    fuzz("data_files", &Seeds { inputs, words }, |bytes| {
        for name in ["a.json", "a.jsonl", "a"] {
            let Ok(instances) = dataset::instances(name, bytes) else { continue };
            for instance in &instances {
                assert_eq!(instance.texts().len(), instance.utf16().len());
                let _ = dataset::score(instance, &analysis(&instance.context));
            }
            return true;
        }
        let _ = detect::kind("a", bytes);
        false
    });
}
