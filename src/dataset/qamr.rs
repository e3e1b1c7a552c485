//! JSON lines in the manner of QAMR: several spans per annotator, several annotators per question.

use std::collections::HashMap;

use serde::Deserialize;

use super::paragraph::Paragraph;
use super::{Instance, ParseError, without_place};

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
    let mut paragraphs: HashMap<String, Paragraph> = HashMap::new(); // many questions share a sentence
    let mut out = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fail = |why: String| (Some(format!("line {}", number + 1)), why);
        let line: Line = serde_json::from_str(line).map_err(|e| fail(without_place(&e)))?;
        let paragraph = paragraphs.entry(line.context).or_insert_with_key(|text| Paragraph::new(text));
        let spans = |spans: &Vec<(usize, usize)>| spans.iter().map(|&(s, e)| paragraph.span(s, e)).collect();
        let annotators = line.annotators.iter().map(spans).collect::<Result<Vec<_>, _>>().map_err(fail)?;
        if annotators.is_empty() {
            return Err(fail("it has no annotator".into()));
        }
        let confidence = if line.agrees == Some(false) { Some(0.0) } else { line.confidence };
        let context = paragraph.text.clone();
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
        let (place, why) = parse("\n{}").unwrap_err();
        assert_eq!((place.as_deref(), why.as_str()), (Some("line 2"), "missing field `id`"));
        let cut = "{\"id\":\"a\",\"context\":\"A\u{301}nn\",\"question\":\"Who?\",\"annotators\":[[[0,1]]]}";
        assert!(parse(cut).unwrap_err().1.contains("cuts a character"));
    }
}
