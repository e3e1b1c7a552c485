//! MultiSpanQA's JSON: `{"version", "data": [{"id", "question": [], "context": [], "num_span", "label": []}]}`, question
//! and context as tokens, a B, I or O for every token of the context. `text`, `question_text` and `annotator` are
//! additions of ours.

use serde_json::json;

use super::conll::{self, parts_of};
use super::hf_tokens;
use super::json::{Fields, Raw, id, optional, string, strings};
use super::reader::Reader;
use super::text::Text;
use super::tokens::{Scheme, labels, split};
use super::{Annotator, Problem, Reason, Record};

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    hf_tokens::each_tagged(input, reader, record)
}

fn record(fields: &Fields<'_>, raw: &Raw<'_>, scheme: &mut Scheme, reader: &mut Reader<'_>) -> Result<Record, Reason> {
    let tokens = strings(fields, "context")?;
    let context = optional(fields, "text").map(|_| string(fields, "text")).transpose()?;
    let question = match optional(fields, "question_text") {
        Some(_) => string(fields, "question_text")?.to_owned(),
        None => strings(fields, "question")?.join(" "),
    };
    let (text, annotators) = match optional(fields, "label") {
        Some(_) => {
            let (text, annotator) = conll::record(&tokens, &strings(fields, "label")?, context, scheme, reader)?;
            (text, vec![Annotator { name: id(fields.get("annotator")), ..annotator }])
        }
        None => (hf_tokens::text(&tokens, context, reader)?, Vec::new()),
    };
    Ok(Record { annotators, ..Record::new(raw.place.clone(), id(fields.get("id")), &question, text.text) })
}

pub(super) fn write(records: &[Record]) -> String {
    let rows = records.iter().flat_map(|record| {
        let text = Text::new(&record.context);
        let row = |(name, spans): (Option<&str>, Option<&[_]>)| {
            let tokens = split(&text, spans.unwrap_or_default());
            let words: Vec<&str> = tokens.iter().map(|token| token.1).collect();
            let question: Vec<&str> = record.question.split_whitespace().collect();
            let mut row = json!({"id": record.id, "question": question, "context": words});
            if let Some(spans) = spans {
                row["num_span"] = spans.len().into();
                row["label"] = json!(labels(&tokens, spans));
            }
            if let Some(name) = name {
                row["annotator"] = name.into();
            }
            row["text"] = (&*record.context).into();
            row["question_text"] = (&*record.question).into();
            row
        };
        parts_of(record).into_iter().map(row).collect::<Vec<_>>()
    });
    let data: Vec<_> = rows.collect();
    format!("{}\n", json!({"version": 1.0, "data": data}))
}
