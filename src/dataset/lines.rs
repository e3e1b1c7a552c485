//! JSON lines in the manner of QAMR: several spans per annotator, several annotators per question, offsets in code
//! points. This project's own format; it holds everything that a record can have.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::json;

use super::json::{Id, Raw, cow, each, explained, lines, put};
use super::reader::{Marked, Reader};
use super::{Annotator, Problem, Reason, Record, Soft, Unit};
use crate::bio;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: Id,
    #[serde(borrow)]
    context: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "cow")]
    question: Option<Cow<'a, str>>,
    annotators: Vec<Vec<(i64, i64)>>,
    #[serde(borrow, default, deserialize_with = "cow")]
    title: Option<Cow<'a, str>>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    weights: Vec<f64>,
    #[serde(default)]
    scores: Vec<Vec<f64>>,
    #[serde(default)]
    soft: Vec<(i64, i64, [f64; 3])>,
    #[serde(default)]
    confidence: Option<f64>,
    #[serde(default)]
    agrees: Option<bool>,
    #[serde(borrow, default, deserialize_with = "cow")]
    note: Option<Cow<'a, str>>,
}

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    each(input, reader, |reader, raw| {
        let record = record(&raw, reader);
        reader.take(raw.place, record)
    })
}

fn record(raw: &Raw<'_>, reader: &mut Reader<'_>) -> Result<Record, Reason> {
    let line: Line<'_> = serde_json::from_str(raw.json).map_err(|e| explained(&e, raw.line))?;
    let text = reader.text(&line.context);
    let question = line.question.unwrap_or_default();
    let mut record = Record::new(raw.place.clone(), line.id.0, &question, text.text.clone());
    let count = line.annotators.len();
    let fits = |length: usize| length == 0 || length == count;
    if !(fits(line.names.len()) && fits(line.weights.len()) && fits(line.scores.len())) {
        let why = format!("`names`, `weights` and `scores` must have one entry for each of the {count} annotators");
        return Err(Reason::Fault { why });
    }
    let mut span = |(start, end): (i64, i64)| reader.span(&text, &Marked { start, end, text: None }, Unit::CodePoints);
    for (k, spans) in line.annotators.into_iter().enumerate() {
        let mut annotator = Annotator::new(
            line.names.get(k).cloned().unwrap_or_default(),
            spans.into_iter().map(&mut span).collect::<Result<_, _>>()?,
        );
        annotator.weight = line.weights.get(k).copied().unwrap_or(1.0);
        annotator.scores = line.scores.get(k).cloned().unwrap_or_default();
        record.annotators.push(annotator);
    }
    for (start, end, t) in line.soft {
        if bio::check_dists(&[t]).is_err() {
            let [b, i, o] = t;
            return Err(Reason::Soft { b, i, o });
        }
        record.soft.push(Soft { span: span((start, end))?, t });
    }
    record.title = line.title.unwrap_or_default().into_owned();
    (record.confidence, record.agrees) = (line.confidence, line.agrees);
    record.note = line.note.unwrap_or_default().into_owned();
    Ok(record)
}

pub(super) fn write(records: &[Record]) -> String {
    lines(records.iter().map(|record| {
        let spans = |a: &Annotator| a.spans.iter().map(|s| [s.start, s.end]).collect::<Vec<_>>();
        let mut line = json!({"id": record.id, "context": &*record.context, "question": record.question,
            "annotators": record.annotators.iter().map(spans).collect::<Vec<_>>()});
        let annotators = &record.annotators;
        if annotators.iter().enumerate().any(|(k, a)| a.name != (k + 1).to_string()) {
            line["names"] = annotators.iter().map(|a| &*a.name).collect();
        }
        if annotators.iter().any(|a| a.weight != 1.0) {
            line["weights"] = annotators.iter().map(|a| a.weight).collect();
        }
        if annotators.iter().any(|a| !a.scores.is_empty()) {
            line["scores"] = annotators.iter().map(|a| a.scores.clone()).collect();
        }
        put(&mut line, "title", &record.title);
        if !record.soft.is_empty() {
            line["soft"] = record.soft.iter().map(|s| json!([s.span.start, s.span.end, s.t])).collect();
        }
        if let Some(confidence) = record.confidence {
            line["confidence"] = confidence.into();
        }
        if let Some(agrees) = record.agrees {
            line["agrees"] = agrees.into();
        }
        put(&mut line, "note", &record.note);
        line
    }))
}
