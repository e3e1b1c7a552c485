//! Hugging Face's token classification: `{"id", "tokens": [], "ner_tags": []}` as JSON lines or one list. Tags are labels
//! as strings, or numbers, of which somebody must say what they mean ([`Options::labels`](super::Options::labels)).
//! `question`, `annotator` and `context` (the text with its own blanks) are additions of ours.

use std::collections::BTreeSet;

use serde_json::json;

use super::conll::{self, parts_of};
use super::json::{Fields, Raw, Value, each, id, lines, list, object, optional, put, string, strings, unexpected};
use super::reader::Reader;
use super::text::Text;
use super::tokens::{Scheme, align, join, labels, split};
use super::{Annotator, Notice, Problem, Reason, Record};

/// What the list of labels is called.
const TAGS: [&str; 4] = ["ner_tags", "labels", "tags", "label"];

fn tags<'v, 't>(fields: &'v Fields<'t>) -> Result<Option<&'v [Value<'t>]>, Reason> {
    TAGS.iter().find(|name| optional(fields, name).is_some()).map_or(Ok(None), |name| list(fields, name))
}

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    let mut numbers = BTreeSet::new();
    each_tagged(input, reader, |fields, raw, scheme, reader| record(fields, raw, scheme, reader, &mut numbers))?;
    if !numbers.is_empty() && reader.options.labels.is_none() {
        return Err(Reason::AskLabels { found: numbers.into_iter().collect() }.into());
    }
    Ok(())
}

/// Reads JSON records of tokens with a label each. All are in one scheme of labels, which is said where it is not B, I, O.
pub(super) fn each_tagged(
    input: &str,
    reader: &mut Reader<'_>,
    mut record: impl FnMut(&Fields<'_>, &Raw<'_>, &mut Scheme, &mut Reader<'_>) -> Result<Record, Reason>,
) -> Result<(), Problem> {
    let mut scheme = Scheme::default();
    each(input, reader, |reader, raw| {
        let fields = match object(&raw) {
            Ok(fields) => fields,
            Err(reason) => return reader.take(raw.place, Err(reason)),
        };
        let record = record(&fields, &raw, &mut scheme, reader);
        reader.take_part(raw.place, optional(&fields, "annotator").is_some(), record)
    })?;
    if let Some(name) = scheme.name() {
        reader.notice(Notice::Scheme { name: name.into() });
    }
    Ok(())
}

fn record(
    fields: &Fields<'_>,
    raw: &Raw<'_>,
    scheme: &mut Scheme,
    reader: &mut Reader<'_>,
    numbers: &mut BTreeSet<i64>,
) -> Result<Record, Reason> {
    let tokens = strings(fields, "tokens")?;
    let context = optional(fields, "context").map(|_| string(fields, "context")).transpose()?;
    let tags = tags(fields)?;
    numbers.extend(tags.unwrap_or_default().iter().filter_map(Value::as_i64));
    // Numbers of unknown meaning: which there are in the whole file will be asked with, this record is not kept.
    let asks =
        reader.options.labels.is_none() && tags.is_some_and(|tags| tags.iter().any(|tag| tag.as_i64().is_some()));
    let (text, annotators) = match tags.filter(|_| !asks) {
        Some(tags) => {
            let names = tags.iter().map(|tag| name(tag, reader.options.labels)).collect::<Result<Vec<_>, _>>()?;
            let (text, annotator) = conll::record(&tokens, &names, context, scheme, reader)?;
            (text, vec![Annotator { name: id(fields.get("annotator")), ..annotator }])
        }
        None => (text(&tokens, context, reader)?, Vec::new()),
    };
    let record = Record::new(raw.place.clone(), id(fields.get("id")), string(fields, "question")?, text.text);
    Ok(Record { annotators, ..record })
}

/// The text of tokens that nobody has labelled.
pub(super) fn text(tokens: &[&str], context: Option<&str>, reader: &mut Reader<'_>) -> Result<Text, Reason> {
    let Some(context) = context else {
        reader.notice(Notice::TokensJoined { count: 1 });
        return Ok(reader.text(&join(tokens).0));
    };
    let text = reader.text(context);
    align(&text, tokens).map(|_| text)
}

/// A tag as a label.
fn name<'v>(tag: &'v Value<'_>, numbers: Option<[i64; 3]>) -> Result<&'v str, Reason> {
    let wrong = || unexpected("ner_tags", "a label or its number", tag);
    match (tag.as_str(), tag.as_i64()) {
        (Some(name), _) => Ok(name),
        (None, Some(number)) => {
            let class = numbers.and_then(|numbers| numbers.iter().position(|n| *n == number));
            class.map(|class| ["B", "I", "O"][class]).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

pub(super) fn write(records: &[Record]) -> String {
    let rows = records.iter().flat_map(|record| {
        let text = Text::new(&record.context);
        let row = |(name, spans): (Option<&str>, Option<&[_]>)| {
            let tokens = split(&text, spans.unwrap_or_default());
            let words: Vec<&str> = tokens.iter().map(|token| token.1).collect();
            let mut row = json!({"id": record.id, "tokens": words});
            if let Some(spans) = spans {
                row["ner_tags"] = json!(labels(&tokens, spans));
            }
            put(&mut row, "question", &record.question);
            if let Some(name) = name {
                row["annotator"] = name.into();
            }
            row["context"] = (&*record.context).into();
            row
        };
        parts_of(record).into_iter().map(row).collect::<Vec<_>>()
    });
    lines(rows)
}
