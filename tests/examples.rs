//! The examples that the page opens with.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use bioscope::bio::{Decoder, Span};
use bioscope::document::gold::Gold;
use bioscope::inference::{Analysis, ModelOutput, TokenOutput};
use common::stand_in::shipped;
use common::{engine, root};
use serde::Deserialize;

#[derive(Deserialize)]
struct Example {
    id: String,
    question: String,
    paragraph: String,
    annotators: Vec<Annotator>,
    /// What the default model makes of it, where the example promises something.
    expect: Option<Found>,
}

#[derive(Deserialize)]
struct Annotator {
    spans: Vec<Span>,
}

/// What was marked of an annotator's answers: of the annotator of whom the largest share was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Found {
    /// Nothing.
    None,
    /// Something; other answers were missed, or more was marked than there is.
    Some,
    /// All and nothing else. An annotator who says "no answer" is met by marking none.
    All,
}

impl Example {
    fn found(&self, analysis: &Analysis) -> Found {
        let marked: Vec<Span> = analysis.answers.iter().map(|a| Span { start: a.start, end: a.end }).collect();
        let by = |annotator: &Annotator| match annotator.spans.iter().filter(|span| marked.contains(span)).count() {
            right if right == annotator.spans.len() && right == marked.len() => Found::All,
            0 => Found::None,
            _ => Found::Some,
        };
        self.annotators.iter().map(by).max().expect("an example has annotators")
    }

    /// Whether some annotator gives several answers.
    fn several(&self) -> bool {
        self.annotators.iter().any(|annotator| annotator.spans.len() > 1)
    }

    /// A few words without a capital and a question mark, as people type them into a search engine.
    fn searched(&self) -> bool {
        let few = self.question.split(' ').count() <= 8;
        few && self.question.to_lowercase() == self.question && !self.question.ends_with('?')
    }
}

#[derive(Deserialize)]
struct Stored {
    model: String,
    output: ModelOutput,
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = root().join("static/examples").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn stored_analysis_is_what_the_shipped_model_says() {
    let (examples, stored): (Vec<Example>, Stored) = (read("examples.json"), read("stored.json"));
    let first = &examples[0];
    assert_eq!(stored.model, shipped()[0]["name"], "the default model's");
    let model = engine(&root().join("static/models").join(&stored.model));
    let (output, _) = model.analyse(&first.question, &first.paragraph).unwrap();
    let fresh = Analysis::new(&first.paragraph, output, Decoder::Viterbi);
    let stored = Analysis::new(&first.paragraph, stored.output, Decoder::Viterbi);
    assert_eq!(fresh.tokens.len(), stored.tokens.len());
    for (a, b) in fresh.tokens.iter().zip(&stored.tokens) {
        assert_eq!((a.start, a.end, &a.text, a.label), (b.start, b.end, &b.text, b.label));
        assert!((0..3).all(|j| (a.p[j] - b.p[j]).abs() < 1e-4), "run `cargo xtask examples`");
    }
    assert_eq!((fresh.b_bias, &fresh.answers[0].text), (stored.b_bias, &stored.answers[0].text));
}

#[test]
fn the_default_model_finds_what_an_example_promises() {
    let model = engine(&root().join("static/models").join(shipped()[0]["name"].as_str().unwrap()));
    let examples: Vec<Example> = read("examples.json");
    let several = |found: Found| examples.iter().filter(|e| e.several() && e.expect == Some(found)).count();
    assert!(several(Found::All) >= 4 && several(Found::Some) >= 1);
    assert!(examples.iter().filter(|e| e.searched() && e.expect == Some(Found::All)).count() >= 3);
    for example in &examples {
        if let Some(expect) = example.expect {
            let (output, _) = model.analyse(&example.question, &example.paragraph).unwrap();
            let analysis = Analysis::new(&example.paragraph, output, Decoder::Viterbi);
            let marked: Vec<&str> = analysis.answers.iter().map(|a| a.text.as_str()).collect();
            assert_eq!(example.found(&analysis), expect, "{}: {marked:?}", example.id);
        }
    }
}

/// `cargo xtask examples --check FILE --model DIR`: what a model makes of the examples of any file.
#[test]
#[ignore = "prints a table for whoever chooses examples"]
fn candidates() {
    let named = |name: &str| root().join(std::env::var(name).unwrap_or_else(|_| panic!("{name} names nothing")));
    let (file, folder) = (named("BIOSCOPE_EXAMPLES"), named("BIOSCOPE_MODEL"));
    let examples: Vec<Example> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let model = engine(&folder);
    for example in &examples {
        let (output, _) = model.analyse(&example.question, &example.paragraph).unwrap();
        let analysis = Analysis::new(&example.paragraph, output, Decoder::Viterbi);
        let gold = Gold::Spans(example.annotators.iter().map(|a| a.spans.clone()).collect());
        let loss = gold.loss(&analysis).unwrap_or_else(|error| panic!("{}: {error}", example.id));
        let kind = [(example.several(), "several answers"), (example.searched(), "search")];
        let kind: Vec<&str> = kind.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
        println!("{:<12} {:?}, L {:.2} ({})", example.id, example.found(&analysis), loss.total, kind.join(", "));
        for answer in &analysis.answers {
            println!("             {:6.2} {}", answer.score, answer.text);
        }
        let beside =
            |a: &&bioscope::inference::Answer| !analysis.answers.iter().any(|b| (a.first, a.last) == (b.first, b.last));
        for answer in analysis.alternatives.iter().filter(beside).take(2) {
            println!("             {:6.2} ({})", answer.score, answer.text);
        }
    }
}

#[test]
fn what_was_found_by_hand() {
    let example = |annotators: &str| -> Example {
        let text = format!(r#"{{"id":"x","question":"who sang","paragraph":"Ann and Bo.","annotators":{annotators}}}"#);
        serde_json::from_str(&text).unwrap()
    };
    let analysis = |labels: &str| {
        let z = |label: char| ["B", "I", "O"].map(|l| if l.contains(label) { 9.0 } else { 0.0 });
        let tokens = [(0, 3), (4, 7), (8, 10)].into_iter().zip(labels.chars());
        let token = |((start, end), label)| TokenOutput { start, end, word: 0, window: 0, logits: z(label) };
        let output = serde_json::json!({"questionTokens": 1, "hiddenSize": 1, "windows": [], "tokens": [], "kernel": "",
            "tokenizeMs": 0.0, "forwardMs": 0.0});
        let mut output: ModelOutput = serde_json::from_value(output).unwrap();
        output.tokens = tokens.map(token).collect();
        Analysis::new("Ann and Bo.", output, Decoder::Viterbi)
    };
    let two = example(r#"[{"spans":[{"start":0,"end":3},{"start":8,"end":10}]},{"spans":[{"start":0,"end":10}]}]"#);
    let found = |labels: &str| two.found(&analysis(labels));
    assert_eq!(
        (found("BOB"), found("BII"), found("BOO"), found("BBB")),
        (Found::All, Found::All, Found::Some, Found::Some)
    );
    assert_eq!((found("OBO"), found("OOO")), (Found::None, Found::None));
    assert_eq!(example(r#"[{"spans":[]}]"#).found(&analysis("OOO")), Found::All);
    assert!(two.several() && two.searched());
}

#[test]
fn the_page_is_painted_with_the_first_example() {
    let examples: Vec<Example> = read("examples.json");
    let html = std::fs::read_to_string(root().join("www/index.html")).unwrap();
    // Words that will carry a label are set apart there, so that nothing moves when the label comes.
    let plain = html.replace(r#"<b class="high">"#, "").replace("<b>", "").replace("</b>", "");
    assert_eq!(plain.matches(&format!(">{}<", examples[0].paragraph)).count(), 1, "as it is read");
    assert!(html.contains(&format!("data-value=\"{}\"", examples[0].question)));
}

#[test]
fn every_example_can_be_labelled_and_has_a_loss() {
    let examples: Vec<Example> = read("examples.json");
    assert!(examples.len() >= 8);
    let model = engine(&root().join("static/models/minilm-l6"));
    let (mut no_answer, mut long, mut short, mut soft) = (false, false, false, false);
    for example in &examples {
        let (output, _) = model.analyse(&example.question, &example.paragraph).unwrap();
        let analysis = Analysis::new(&example.paragraph, output, Decoder::Viterbi);
        let gold = Gold::Spans(example.annotators.iter().map(|a| a.spans.clone()).collect());
        let loss = gold.loss(&analysis).unwrap_or_else(|error| panic!("{}: {error}", example.id));
        assert!(loss.total.is_finite() && (loss.entropy + loss.kl - loss.total).abs() < 1e-9, "{}", example.id);
        no_answer |= example.annotators.iter().any(|a| a.spans.is_empty());
        long |= analysis.windows.len() > 1 && analysis.tokens.len() > 512;
        short |= analysis.tokens.len() <= 12;
        soft |= loss.gold.iter().any(|t| *t == [2.0 / 3.0, 0.0, 1.0 / 3.0]);
    }
    assert!(no_answer && long && short && soft);
}
