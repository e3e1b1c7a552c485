//! Hugging Face's question answering: `{"id", "title", "context", "question", "answers": {"text": [], "answer_start":
//! []}}`, as JSON lines, one list, or a list in `data`. Answers may also be a list of objects, as in SQuAD.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::json;

use super::json::{Id, Raw, cow, each, explained, lines, there};
use super::reader::Reader;
use super::squad::{Answer, annotators, answers};
use super::{Notice, Problem, Reason, Record};

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(default)]
    id: Id,
    #[serde(borrow)]
    context: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "cow")]
    question: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "cow")]
    title: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "there")]
    answers: Option<Option<Answers<'a>>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answers<'a> {
    Columns {
        #[serde(borrow)]
        text: Vec<Cow<'a, str>>,
        answer_start: Vec<i64>,
        #[serde(default)]
        annotator: Vec<Id>,
    },
    Rows(#[serde(borrow)] Vec<Answer<'a>>),
    /// One answer alone.
    One(#[serde(borrow)] Answer<'a>),
}

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    each(input, reader, |reader, raw| {
        let record = record(&raw, reader);
        reader.take(raw.place, record)
    })
}

fn record(raw: &Raw<'_>, reader: &mut Reader<'_>) -> Result<Record, Reason> {
    let row: Row<'_> = serde_json::from_str(raw.json).map_err(|e| match explained(&e, raw.line) {
        Reason::Fault { why } if why.contains("untagged enum") => Reason::Fault {
            why: "`answers` should be {\"text\": [...], \"answer_start\": [...]}, texts and whole numbers".into(),
        },
        other => other,
    })?;
    let text = reader.text(&row.context);
    let mut record = Record::new(raw.place.clone(), row.id.0, &row.question.unwrap_or_default(), text.text.clone());
    record.title = row.title.unwrap_or_default().into_owned();
    let all: Vec<(i64, Cow<'_, str>, String)> = match row.answers {
        None => return Ok(record),
        Some(None) => {
            reader.notice(Notice::NullAnswers { count: 1 });
            Vec::new()
        }
        Some(Some(Answers::Columns { text, answer_start, annotator })) => {
            if text.len() != answer_start.len() {
                let (texts, starts) = (text.len(), answer_start.len());
                return Err(Reason::Fault { why: format!("`answers` has {texts} texts and {starts} starts") });
            }
            let names = annotator.into_iter().map(|id| id.0).chain(std::iter::repeat(String::new()));
            answer_start.into_iter().zip(text).zip(names).map(|((start, text), name)| (start, text, name)).collect()
        }
        Some(Some(Answers::Rows(rows))) => rows.into_iter().map(|a| (a.answer_start, a.text, a.annotator.0)).collect(),
        Some(Some(Answers::One(a))) => vec![(a.answer_start, a.text, a.annotator.0)],
    };
    record.annotators = annotators(all.into_iter(), &text, reader)?;
    Ok(record)
}

pub(super) fn write(records: &[Record]) -> String {
    lines(records.iter().map(|record| {
        let mut row = json!({"id": record.id, "title": record.title, "context": &*record.context,
            "question": record.question});
        if !record.annotators.is_empty() {
            let (answers, named) = answers(record);
            let column = |k: usize| answers.iter().map(|a| if k == 0 { &*a.0 } else { a.2 }).collect::<Vec<_>>();
            let starts: Vec<usize> = answers.iter().map(|a| a.1).collect();
            row["answers"] = json!({"text": column(0), "answer_start": starts});
            if named {
                row["answers"]["annotator"] = json!(column(2));
            }
        }
        row
    }))
}
