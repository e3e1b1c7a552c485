//! JSON lines in the manner of QAMR: several spans per annotator, several annotators per question.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::{Instance, ParseError, checked};

#[derive(Deserialize)]
struct Line {
    id: String,
    context: String,
    question: String,
    annotators: Vec<Vec<(usize, usize)>>,
    #[serde(default)]
    confidence: Option<f64>,
    #[serde(default)]
    agrees: Option<bool>,
}

pub(super) fn parse(text: &str) -> Result<Vec<Instance>, ParseError> {
    let mut contexts: HashMap<String, Arc<str>> = HashMap::new(); // many questions share a sentence
    let mut out = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fail = |why: String| (Some(format!("line {}", number + 1)), why);
        let line: Line = serde_json::from_str(line).map_err(|e| fail(e.to_string()))?;
        let points = line.context.chars().count();
        let spans = |spans: &Vec<(usize, usize)>| spans.iter().map(|&(s, e)| checked(s, e, points)).collect();
        let annotators = line.annotators.iter().map(spans).collect::<Result<Vec<_>, _>>().map_err(fail)?;
        if annotators.is_empty() {
            return Err(fail("it has no annotator".into()));
        }
        let confidence = if line.agrees == Some(false) { Some(0.0) } else { line.confidence };
        let context = contexts.entry(line.context).or_insert_with_key(|text| text.as_str().into()).clone();
        out.push(Instance { id: line.id, context, question: line.question, annotators, confidence });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_spans_and_no_answer() {
        let text = r#"{"id":"a","context":"Ann and Bo sang.","question":"Who sang?","annotators":[[[0,3],[8,10]],[]]}"#;
        let instances = parse(&format!("{text}\n\n")).unwrap();
        assert_eq!(instances[0].texts(), ["Ann Bo", ""]);
    }

    #[test]
    fn a_bad_line_is_named() {
        let bad = "{\"id\":\"a\",\"context\":\"Ann\",\"question\":\"Who?\",\"annotators\":[[[0,9]]]}";
        let (place, why) = parse(bad).unwrap_err();
        assert_eq!(place.as_deref(), Some("line 1"));
        assert!(why.contains("past"));
        assert!(parse("{}").is_err());
    }
}
