//! SQuAD 1.1 and 2.0. Every entry of `answers` is one annotator; a question without any is one annotator who says
//! "no answer". Entries with the same `annotator` (an addition of ours, which other tools pass over) are one
//! annotator's.
//!
//! Every level is read as a list of raw pieces, so that one bad question costs no other.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::json::{self, Id, RawValue, cow, elements, explained, field, there, unexpected};
use super::reader::Reader;
use super::text::Text;
use super::{Annotator, Notice, Place, Problem, Reason, Record};

#[derive(Deserialize)]
struct Question<'a> {
    #[serde(default)]
    id: Id,
    #[serde(borrow, default, deserialize_with = "cow")]
    question: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "there")]
    answers: Option<Option<Vec<Answer<'a>>>>,
}

/// An answer, as a list of them holds it here and in Hugging Face's files.
#[derive(Deserialize)]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    pub answer_start: i64,
    #[serde(default)]
    pub annotator: Id,
}

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    serde_json::from_str::<IgnoredAny>(input).map_err(|e| Reason::json(&e))?;
    let line = |json: &str| {
        let at = json.as_ptr() as usize - input.as_ptr() as usize;
        1 + input[..at].bytes().filter(|byte| *byte == b'\n').count()
    };
    for (a, article) in list(input, "data")?.into_iter().enumerate() {
        let path = format!("data[{a}]");
        let title =
            field(article, "title").and_then(|title| serde_json::from_str::<String>(title).ok()).unwrap_or_default();
        let sections = match list(article, "paragraphs") {
            Ok(sections) => sections,
            Err(reason) => {
                reader.take(Place::Path(path), Err(reason))?;
                continue;
            }
        };
        for (p, section) in sections.into_iter().enumerate() {
            let path = format!("{path}.paragraphs[{p}]");
            let (context, questions) = match context(section, line).and_then(|c| Ok((c, list(section, "qas")?))) {
                Ok(both) => both,
                Err(reason) => {
                    reader.take(Place::Path(path), Err(reason))?;
                    continue;
                }
            };
            let text = reader.text(&context);
            for (q, json) in questions.into_iter().enumerate() {
                let (place, record) = question(json, &text, reader, || line(json));
                let place = place.unwrap_or_else(|| Place::Path(format!("{path}.qas[{q}]")));
                let record = record.map(|record| Record { title: title.clone(), place: place.clone(), ..record });
                reader.take(place, record)?;
            }
        }
    }
    Ok(())
}

fn list<'t>(json: &'t str, name: &str) -> Result<Vec<&'t str>, Reason> {
    let missing = || Reason::Missing { field: name.into() };
    let found = field(json, name).ok_or_else(missing)?;
    elements(found)
        .map(|list| list.into_iter().map(RawValue::get).collect())
        .ok_or_else(|| unexpected(name, "a list", &serde_json::from_str::<json::Value<'_>>(found).unwrap_or_default()))
}

fn context(section: &str, line: impl Fn(&str) -> usize) -> Result<String, Reason> {
    let found = field(section, "context").ok_or_else(|| Reason::Missing { field: "context".into() })?;
    serde_json::from_str(found).map_err(|e| explained(&e, line(found)))
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
            let id = field(json, "id").filter(|_| e.is_data()).and_then(|id| serde_json::from_str(id).ok());
            let id = id.unwrap_or_default();
            return (named(id), Err(explained(&e, line())));
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
