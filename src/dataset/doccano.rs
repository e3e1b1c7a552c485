//! doccano's JSON lines: `{"id", "text", "label": [[start, end, "KIND"]]}`, or `entities` (in older versions
//! `annotations`) as objects with `start_offset` and `end_offset`, in code points. doccano keeps further keys as
//! metadata: `question` and `annotator` are ours.

use serde_json::json;

use super::conll::parts_of;
use super::json::{Fields, Raw, Value, each, id, integer, lines, list, object, optional, put, unexpected, with_text};
use super::reader::{Marked, Reader};
use super::{Annotator, Problem, Reason, Record, Unit};

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    each(input, reader, |reader, raw| {
        let fields = match object(&raw) {
            Ok(fields) => fields,
            Err(reason) => return reader.take(raw.place, Err(reason)),
        };
        let record = record(&fields, &raw, reader);
        reader.take_part(raw.place, optional(&fields, "annotator").is_some(), record)
    })
}

fn record(fields: &Fields<'_>, raw: &Raw<'_>, reader: &mut Reader<'_>) -> Result<Record, Reason> {
    let (text, mut record) = with_text(fields, raw, reader)?;
    let name = id(fields.get("annotator"));
    for field in ["label", "labels", "entities", "annotations"] {
        let Some(entries) = list(fields, field)? else { continue };
        if record.annotators.is_empty() {
            record.annotators.push(Annotator::new(&*name, Vec::new()));
        }
        for entry in entries {
            let (start, end, kind, user) = match entry {
                Value::Array(parts) => (parts.first(), parts.get(1), parts.get(2), None),
                Value::Object(entity) => {
                    (entity.get("start_offset"), entity.get("end_offset"), entity.get("label"), entity.get("user"))
                }
                other => return Err(unexpected(field, "a list of [start, end, kind]", other)),
            };
            let (start, end) = (integer(start, "start_offset")?, integer(end, "end_offset")?);
            let span = reader.span(&text, &Marked { start, end, text: None }, Unit::CodePoints)?;
            reader.kind(&id(kind));
            let user = id(user);
            let known = record.annotators.iter().position(|a| a.name == user);
            let k = match known {
                _ if user.is_empty() => 0,
                Some(k) => k,
                None if record.annotators.len() == 1 && record.annotators[0].spans.is_empty() && name.is_empty() => {
                    record.annotators[0].name = user;
                    0
                }
                None => {
                    record.annotators.push(Annotator::new(user, Vec::new()));
                    record.annotators.len() - 1
                }
            };
            record.annotators[k].spans.push(span);
        }
    }
    Ok(record)
}

pub(super) fn write(records: &[Record], entities: bool) -> String {
    let mut number = 0;
    let rows = records.iter().flat_map(|record| {
        let row = |(name, spans): (Option<&str>, Option<&[crate::bio::Span]>)| {
            let mut row = json!({"id": record.id, "text": &*record.context});
            if let Some(spans) = spans {
                let entity = |span: &crate::bio::Span| {
                    number += 1;
                    json!({"id": number, "label": "ANSWER", "start_offset": span.start, "end_offset": span.end})
                };
                if entities {
                    row["entities"] = spans.iter().map(entity).collect();
                    row["relations"] = json!([]);
                } else {
                    row["label"] = spans.iter().map(|span| json!([span.start, span.end, "ANSWER"])).collect();
                }
            }
            put(&mut row, "question", &record.question);
            if let Some(name) = name {
                row["annotator"] = name.into();
            }
            row
        };
        parts_of(record).into_iter().map(row).collect::<Vec<_>>()
    });
    lines(rows)
}
