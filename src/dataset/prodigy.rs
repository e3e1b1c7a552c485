//! Prodigy's and spaCy's JSON lines: `{"text", "spans": [{"start", "end", "label"}], "answer": "accept"}`, offsets in code
//! points, one line per annotator (`_annotator_id`). What was rejected or ignored is left out. `id`, `question` and a
//! span's `score` are additions of ours.

use serde_json::json;

use super::json::{Fields, Raw, Value, each, id, integer, lines, list, object, optional, put, unexpected, with_text};
use super::reader::{Marked, Reader};
use super::{Annotator, Notice, Problem, Reason, Record, Unit};

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    each(input, reader, |reader, raw| {
        let fields = match object(&raw) {
            Ok(fields) => fields,
            Err(reason) => return reader.take(raw.place, Err(reason)),
        };
        if optional(&fields, "answer").is_some_and(|answer| answer.as_str() != Some("accept")) {
            reader.notice(Notice::Cancelled { count: 1 });
            return Ok(());
        }
        let by_annotator = optional(&fields, "_annotator_id").is_some();
        let record = record(&fields, &raw, reader).map(|mut record| {
            if by_annotator && record.id.is_empty() {
                record.id = id(fields.get("_input_hash")); // Prodigy has no ids: the same for every annotator of a text
            }
            record
        });
        let named = by_annotator && record.as_ref().is_ok_and(|record| !record.id.is_empty());
        reader.take_part(raw.place, named, record)
    })
}

fn record(fields: &Fields<'_>, raw: &Raw<'_>, reader: &mut Reader<'_>) -> Result<Record, Reason> {
    let (text, mut record) = with_text(fields, raw, reader)?;
    let spans = list(fields, "spans")?;
    if spans.is_none() && optional(fields, "answer").is_none() {
        return Ok(record);
    }
    let mut annotator = Annotator::new(id(fields.get("_annotator_id")), Vec::new());
    for entry in spans.unwrap_or_default() {
        let entry = entry.as_object().ok_or_else(|| unexpected("spans", "a list of objects", entry))?;
        let (start, end) = (integer(entry.get("start"), "start")?, integer(entry.get("end"), "end")?);
        let says = optional(entry, "text").and_then(Value::as_str);
        annotator.spans.push(reader.span(&text, &Marked { start, end, text: says }, Unit::CodePoints)?);
        annotator.scores.extend(entry.get("score").and_then(Value::as_f64));
        reader.kind(&id(entry.get("label")));
    }
    if annotator.scores.len() != annotator.spans.len() {
        annotator.scores.clear();
    }
    record.annotators.push(annotator);
    Ok(record)
}

pub(super) fn write(records: &[Record]) -> String {
    let rows = records.iter().flat_map(|record| {
        let named = record.annotators.len() > 1 || record.annotators.iter().any(|a| a.name != "1");
        let task = || {
            let mut task = json!({"text": &*record.context, "id": record.id});
            put(&mut task, "question", &record.question);
            task
        };
        if record.annotators.is_empty() {
            return vec![task()];
        }
        let row = |a: &Annotator| {
            let mut row = task();
            let span = |(k, span): (usize, &crate::bio::Span)| {
                let mut entry = json!({"start": span.start, "end": span.end, "label": "ANSWER"});
                if let Some(score) = a.scores.get(k) {
                    entry["score"] = (*score).into();
                }
                entry
            };
            row["spans"] = a.spans.iter().enumerate().map(span).collect();
            row["answer"] = "accept".into();
            if named {
                row["_annotator_id"] = (&*a.name).into();
            }
            row
        };
        record.annotators.iter().map(row).collect()
    });
    lines(rows)
}
