//! Label Studio's JSON, tasks with annotations as it exports them: offsets in code points, checked against the `text` of
//! every region (which tells where they are UTF-16). Cancelled annotations are left out. Predictions count where a task
//! has no annotation.

use std::collections::HashSet;

use serde_json::json;

use super::json::{
    Fields, Raw, RawFields, Value, each, fields, id, integer, list, needed, object, optional, put, string, unexpected,
};
use super::reader::{Marked, Reader};
use super::text::Text;
use super::{Annotator, Notice, Problem, Reason, Record, Unit};

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    each(input, reader, |reader, raw| {
        if fields(raw.json).is_some_and(|task| is_min(&task)) {
            let why =
                "it is Label Studio's JSON-MIN, which keeps one annotation apart from its task: export it as JSON";
            return Err(Reason::Fault { why: why.into() }.into());
        }
        let record = record(&raw, reader);
        reader.take(raw.place, record)
    })
}

/// Whether a record is one of Label Studio's JSON-MIN: an annotation and its text, without the task around them.
pub(super) fn is_min(fields: &RawFields<'_>) -> bool {
    !fields.contains_key("data") && ["annotation_id", "lead_time"].iter().all(|name| fields.contains_key(*name))
}

fn record(raw: &Raw<'_>, reader: &mut Reader<'_>) -> Result<Record, Reason> {
    let task = object(raw)?;
    let data = needed(&task, "data")?;
    let data = data.as_object().ok_or_else(|| unexpected("data", "an object", data))?;
    let context = match optional(data, "text") {
        Some(_) => string(data, "text")?,
        None => {
            // Another name for the text: the only string beside the question.
            let mut others = data.iter().filter(|(name, _)| !["question", "id"].contains(name));
            let found = others.find_map(|(_, value)| value.as_str());
            found.ok_or_else(|| Reason::Missing { field: "data.text".into() })?
        }
    };
    let text = reader.text(context);
    let own = id(data.get("id"));
    let own = if own.is_empty() { id(task.get("id")) } else { own };
    let mut record = Record::new(raw.place.clone(), own, string(data, "question")?, text.text.clone());
    let annotations = list(&task, "annotations")?.or(list(&task, "completions")?).unwrap_or_default();
    for annotation in annotations {
        let annotation =
            annotation.as_object().ok_or_else(|| unexpected("annotations", "a list of objects", annotation))?;
        if annotation.get("was_cancelled") == Some(&Value::Bool(true)) {
            reader.notice(Notice::Cancelled { count: 1 });
            continue;
        }
        let by = match annotation.get("completed_by") {
            Some(Value::Object(user)) => id(user.get("email").or(user.get("id"))),
            other => id(other),
        };
        record.annotators.push(annotator(by, annotation, &text, reader)?);
    }
    if annotations.is_empty() {
        for prediction in list(&task, "predictions")?.unwrap_or_default() {
            let prediction =
                prediction.as_object().ok_or_else(|| unexpected("predictions", "a list of objects", prediction))?;
            record.annotators.push(annotator(id(prediction.get("model_version")), prediction, &text, reader)?);
        }
    }
    Ok(record)
}

fn annotator(name: String, annotation: &Fields<'_>, text: &Text, reader: &mut Reader<'_>) -> Result<Annotator, Reason> {
    let mut annotator = Annotator::new(name, Vec::new());
    for region in list(annotation, "result")?.unwrap_or_default() {
        let Some(region) = region.as_object() else { continue };
        let value = region.get("value").and_then(Value::as_object);
        let Some(value) = value.filter(|value| value.contains_key("start") && value.contains_key("end")) else {
            continue; // a choice, a rating, a relation: no span
        };
        let (start, end) = (integer(value.get("start"), "start")?, integer(value.get("end"), "end")?);
        let says = optional(value, "text").and_then(Value::as_str);
        annotator.spans.push(reader.span(text, &Marked { start, end, text: says }, Unit::CodePoints)?);
        annotator.scores.extend(region.get("score").and_then(Value::as_f64));
        for kind in list(value, "labels")?.unwrap_or_default() {
            reader.kind(&id(Some(kind)));
        }
    }
    if annotator.scores.len() != annotator.spans.len() {
        annotator.scores.clear();
    }
    Ok(annotator)
}

pub(super) fn write(records: &[Record]) -> String {
    // A model that marks nothing in some text gives no score there: it is known by its name.
    let models: HashSet<&str> =
        records.iter().flat_map(|r| &r.annotators).filter(|a| !a.scores.is_empty()).map(|a| &*a.name).collect();
    let tasks = records.iter().enumerate().map(|(number, record)| {
        let text = Text::new(&record.context);
        let mut data = json!({"text": &*record.context, "id": record.id});
        put(&mut data, "question", &record.question);
        let regions = |a: &Annotator| {
            let region = |(k, span): (usize, &crate::bio::Span)| {
                let mut region = json!({"id": format!("s{}-{}", span.start, span.end), "from_name": "label", "to_name": "text",
                    "type": "labels", "value": {"start": span.start, "end": span.end, "text": text.slice(*span),
                    "labels": ["Answer"]}});
                if let Some(score) = a.scores.get(k) {
                    region["score"] = (*score).into();
                }
                region
            };
            a.spans.iter().enumerate().map(region).collect::<Vec<_>>()
        };
        let mut task = json!({"id": number + 1, "data": data});
        let predicted = |a: &Annotator| models.contains(&*a.name) && a.scores.len() == a.spans.len();
        if !record.annotators.is_empty() && record.annotators.iter().all(predicted) {
            let prediction = |a: &Annotator| {
                let least = a.scores.iter().copied().fold(1.0, f64::min);
                json!({"model_version": a.name, "score": least, "result": regions(a)})
            };
            task["predictions"] = record.annotators.iter().map(prediction).collect();
        } else {
            let annotation = |a: &Annotator| {
                let by = match a.name.parse::<u32>() {
                    Ok(number) if number.to_string() == a.name => json!(number),
                    _ => json!({"email": a.name}),
                };
                json!({"completed_by": by, "result": regions(a), "was_cancelled": false})
            };
            task["annotations"] = record.annotators.iter().map(annotation).collect();
        }
        task
    });
    format!("{}\n", serde_json::Value::from(tasks.collect::<Vec<_>>()))
}
