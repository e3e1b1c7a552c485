//! The examples that the page opens with.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use bioscope::analysis::{Analysis, Reading};
use bioscope::bio::{Decoder, Span};
use bioscope::gold::Gold;
use common::stand_in::shipped;
use common::{engine, root};
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize)]
struct Example {
    id: String,
    question: String,
    paragraph: String,
    annotators: Vec<Annotator>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Annotator {
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Stored {
    model: String,
    reading: Reading,
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
    let (reading, _) = model.analyse(&first.question, &first.paragraph).unwrap();
    let fresh = Analysis::new(&first.paragraph, reading, Decoder::Viterbi);
    let stored = Analysis::new(&first.paragraph, stored.reading, Decoder::Viterbi);
    assert_eq!(fresh.tokens.len(), stored.tokens.len());
    for (a, b) in fresh.tokens.iter().zip(&stored.tokens) {
        assert_eq!((a.start, a.end, &a.text, a.label), (b.start, b.end, &b.text, b.label));
        assert!((0..3).all(|j| (a.p[j] - b.p[j]).abs() < 1e-4), "run `cargo xtask examples`");
    }
    assert_eq!((fresh.b_bias, &fresh.answers[0].text), (stored.b_bias, &stored.answers[0].text));
}

#[test]
fn the_page_is_painted_with_the_first_example() {
    let examples: Vec<Example> = read("examples.json");
    let html = std::fs::read_to_string(root().join("www/index.html")).unwrap();
    assert_eq!(html.matches(&format!(">{}<", examples[0].paragraph)).count(), 2, "to be typed in, and as it is read");
    assert!(html.contains(&format!("data-value=\"{}\"", examples[0].question)));
}

#[test]
fn every_example_can_be_labelled_and_has_a_loss() {
    let examples: Vec<Example> = read("examples.json");
    assert!(examples.len() >= 8);
    let model = engine(&root().join("static/models/minilm-l6"));
    let (mut no_answer, mut long, mut short, mut soft) = (false, false, false, false);
    for example in &examples {
        let (reading, _) = model.analyse(&example.question, &example.paragraph).unwrap();
        let analysis = Analysis::new(&example.paragraph, reading, Decoder::Viterbi);
        let gold = Gold::Spans(example.annotators.iter().map(|a| a.spans.clone()).collect());
        let loss = gold.loss(&analysis).unwrap_or_else(|fault| panic!("{}: {fault}", example.id));
        assert!(loss.total.is_finite() && (loss.entropy + loss.kl - loss.total).abs() < 1e-9, "{}", example.id);
        no_answer |= example.annotators.iter().any(|a| a.spans.is_empty());
        long |= analysis.windows.len() > 1 && analysis.tokens.len() > 512;
        short |= analysis.tokens.len() <= 12;
        soft |= loss.gold.iter().any(|t| *t == [2.0 / 3.0, 0.0, 1.0 / 3.0]);
    }
    assert!(no_answer && long && short && soft);
}
