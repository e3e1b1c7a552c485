//! Span scores against the Python package `seqeval`; tests/golden/span_scores.py says how the file was made.
#![allow(missing_docs)]

use bioscope::metrics::seqeval;
use serde_json::Value;

#[test]
fn scores_are_the_packages_to_a_billionth() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("golden/seqeval.json")).unwrap();
    assert!(cases.len() >= 12);
    for (number, case) in cases.iter().enumerate() {
        let sentences = |name: &str| case[name].as_array().unwrap().iter().map(|line| line.as_str().unwrap());
        let pairs = sentences("gold").zip(sentences("predicted"));
        let scores =
            seqeval(pairs.map(|(gold, predicted)| (gold.split(' ').collect(), predicted.split(' ').collect())));
        let ours = serde_json::to_value(&scores).unwrap();
        for (average, rate) in ["micro", "macroAverage", "weighted"]
            .into_iter()
            .flat_map(|average| ["precision", "recall", "f1"].map(|rate| (average, rate)))
        {
            let [ours, theirs] = [&ours, case].map(|scores| scores[average][rate].as_f64().unwrap());
            assert!((ours - theirs).abs() < 1e-9, "case {number}, {average} {rate}: {ours} against {theirs}");
        }
        assert!((scores.accuracy - case["accuracy"].as_f64().unwrap()).abs() < 1e-9, "case {number}");
    }
}
