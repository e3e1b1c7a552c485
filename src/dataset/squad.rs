//! SQuAD 1.1 and 2.0. Every entry of `answers` is one annotator; a question without any is one annotator who says
//! "no answer". Entries with the same `annotator` (an addition of ours, which other tools pass over) are one
//! annotator's.
//!
//! Every level is read as a list of raw pieces, so that one bad question costs no other.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::json::{Id, cow, explained, there};
use super::reader::Reader;
use super::text::Text;
use super::{Annotator, Notice, Place, Problem, Reason, Record};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Article<'a> {
    #[serde(borrow)]
    paragraphs: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "cow")]
    title: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Section<'a> {
    #[serde(borrow)]
    context: Cow<'a, str>,
    #[serde(borrow)]
    qas: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Question<'a> {
    #[serde(default)]
    id: Id,
    #[serde(borrow, default, deserialize_with = "cow")]
    question: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "there")]
    answers: Option<Option<Vec<Answer<'a>>>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    answer_start: i64,
    #[serde(default)]
    annotator: Id,
}

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    serde_json::from_str::<IgnoredAny>(input).map_err(|e| Reason::json(&e))?;
    let line = |raw: &RawValue| {
        let at = raw.get().as_ptr() as usize - input.as_ptr() as usize;
        1 + input[..at].bytes().filter(|byte| *byte == b'\n').count()
    };
    let file: File<'_> = serde_json::from_str(input).map_err(|e| explained(&e, 1))?;
    for (a, raw) in file.data.iter().enumerate() {
        let path = format!("data[{a}]");
        let article: Article<'_> = match serde_json::from_str(raw.get()) {
            Ok(article) => article,
            Err(e) => {
                reader.take(Place::Path(path), Err(explained(&e, line(raw))))?;
                continue;
            }
        };
        let title = article.title.unwrap_or_default();
        for (p, raw) in article.paragraphs.iter().enumerate() {
            let path = format!("{path}.paragraphs[{p}]");
            let section: Section<'_> = match serde_json::from_str(raw.get()) {
                Ok(section) => section,
                Err(e) => {
                    reader.take(Place::Path(path), Err(explained(&e, line(raw))))?;
                    continue;
                }
            };
            let text = reader.text(&section.context);
            for (q, raw) in section.qas.iter().enumerate() {
                let (place, record) = question(raw.get(), &text, reader, || line(raw));
                let place = place.unwrap_or_else(|| Place::Path(format!("{path}.qas[{q}]")));
                let record = record.map(|record| Record { title: title.to_string(), place: place.clone(), ..record });
                reader.take(place, record)?;
            }
        }
    }
    Ok(())
}

/// A question, and its place if it has an id.
fn question(
    json: &str,
    text: &Text,
    reader: &mut Reader<'_>,
    line: impl Fn() -> usize,
) -> (Option<Place>, Result<Record, Reason>) {
    let named = |id: Id| (!id.0.is_empty()).then_some(Place::Question(id.0));
    let question: Question<'_> = match serde_json::from_str(json) {
        Ok(question) => question,
        Err(e) => {
            let fields: Option<Value> = serde_json::from_str(json).ok();
            let id = fields.map(|fields| super::json::id(fields.get("id"))).unwrap_or_default();
            return (named(Id(id)), Err(explained(&e, line())));
        }
    };
    let place = named(question.id.clone());
    (place, record(question, text, reader))
}

fn record(question: Question<'_>, text: &Text, reader: &mut Reader<'_>) -> Result<Record, Reason> {
    let asked = question.question.ok_or_else(|| Reason::Missing { field: "question".into() })?;
    let mut record = Record::new(Place::Record(0), question.id.0, &asked, text.text.clone());
    let answers = match question.answers {
        None => return Ok(record),
        Some(None) => {
            reader.notice(Notice::NullAnswers { count: 1 });
            Vec::new()
        }
        Some(Some(answers)) => answers,
    };
    let answers = answers.into_iter().map(|a| (a.answer_start, a.text, a.annotator.0));
    record.annotators = annotators(answers, text, reader)?;
    Ok(record)
}

/// Answers as annotators: each is one, unless names say otherwise; none is one who says "no answer".
pub(super) fn annotators<'t>(
    answers: impl Iterator<Item = (i64, Cow<'t, str>, String)>,
    text: &Text,
    reader: &mut Reader<'_>,
) -> Result<Vec<Annotator>, Reason> {
    let mut annotators: Vec<Annotator> = Vec::new();
    for (start, says, name) in answers {
        let span = reader.answer(text, start, &says)?;
        match annotators.iter_mut().find(|a| !name.is_empty() && a.name == name) {
            Some(annotator) => annotator.spans.push(span),
            None => annotators.push(Annotator::new(name, vec![span])),
        }
    }
    if annotators.is_empty() {
        annotators.push(Annotator::new("", Vec::new()));
    }
    Ok(annotators)
}

/// The answers of a record as SQuAD lists them: text, start and annotator, and whether the last must be written.
pub(super) fn answers(record: &Record) -> (Vec<(String, usize, &str)>, bool) {
    let text = Text::new(&record.context);
    let all = record.annotators.iter().flat_map(|a| a.spans.iter().map(move |span| (span, &*a.name)));
    let answers: Vec<_> = all.map(|(span, name)| (text.slice(*span).to_owned(), span.start, name)).collect();
    let plain = record.annotators.iter().enumerate().all(|(k, a)| a.spans.len() <= 1 && a.name == (k + 1).to_string());
    (answers, !plain)
}

pub(super) fn write(records: &[Record]) -> String {
    let unanswered = |r: &Record| !r.annotators.is_empty() && r.annotators.iter().all(|a| a.spans.is_empty());
    let second = records.iter().any(unanswered);
    let question = |record: &Record| {
        let mut question = json!({"id": record.id, "question": record.question});
        if !record.annotators.is_empty() {
            let (answers, named) = answers(record);
            let answer = |(text, start, name): &(String, usize, &str)| match named {
                true => json!({"text": text, "answer_start": start, "annotator": name}),
                false => json!({"text": text, "answer_start": start}),
            };
            question["answers"] = answers.iter().map(answer).collect();
            if second {
                question["is_impossible"] = unanswered(record).into();
            }
        }
        question
    };
    let paragraphs = |article: &[Record]| {
        let sections = article.chunk_by(|a, b| a.context == b.context);
        let section =
            |s: &[Record]| json!({"context": &*s[0].context, "qas": s.iter().map(question).collect::<Vec<_>>()});
        sections.map(section).collect::<Vec<_>>()
    };
    let articles = records.chunk_by(|a, b| a.title == b.title);
    let data: Vec<Value> = articles.map(|a| json!({"title": a[0].title, "paragraphs": paragraphs(a)})).collect();
    let version = if second { "v2.0" } else { "1.1" };
    format!("{}\n", json!({"version": version, "data": data}))
}
