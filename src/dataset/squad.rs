//! SQuAD v1.1 and v2.0. Every entry of `answers` is one annotator; a question without any is one
//! annotator who says "no answer".
//!
//! An error names the question that it is in, by its id or by where it stands in the file.

use serde::Deserialize;

use super::paragraph::Paragraph;
use super::{Instance, ParseError};

#[derive(Deserialize)]
struct File {
    data: Vec<Article>,
}
#[derive(Deserialize)]
struct Article {
    paragraphs: Vec<Section>,
}
#[derive(Deserialize)]
struct Section {
    context: String,
    qas: Vec<Question>,
}
#[derive(Deserialize)]
struct Question {
    id: String,
    question: String,
    answers: Vec<Answer>,
}
#[derive(Deserialize)]
struct Answer {
    text: String,
    answer_start: usize,
}

pub(super) fn parse(text: &str) -> Result<Vec<Instance>, ParseError> {
    let file = file(text)?;
    let mut out = Vec::new();
    for section in file.data.into_iter().flat_map(|article| article.paragraphs) {
        let paragraph = Paragraph::new(&section.context);
        for question in section.qas {
            let place = format!("question {}", question.id);
            out.push(instance(question, &paragraph).map_err(|why| (Some(place), why))?);
        }
    }
    Ok(out)
}

/// In the page an error has the line and column that serde_json knows: the way to a better place costs too much program.
#[cfg(target_arch = "wasm32")]
fn file(text: &str) -> Result<File, ParseError> {
    serde_json::from_str(text).map_err(|e| (None, format!("no SQuAD file: {e}")))
}

#[cfg(not(target_arch = "wasm32"))]
fn file(text: &str) -> Result<File, ParseError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let file: File = serde_path_to_error::deserialize(&mut json).map_err(|error| place::explained(error, text))?;
    json.end().map_err(|e| (None, format!("no SQuAD file: {e}")))?;
    Ok(file)
}

#[cfg(not(target_arch = "wasm32"))]
mod place {
    use serde_json::Value;
    use serde_path_to_error::Segment;

    use super::super::{ParseError, without_place};

    /// Where in the file an error is: the question's id if it has one, else the path to it, `data[0].paragraphs[2]`.
    pub fn explained(error: serde_path_to_error::Error<serde_json::Error>, text: &str) -> ParseError {
        let path = error.path();
        let place = question_id(path.iter(), text).map(|id| format!("question {id}"));
        let place = place.or_else(|| path.iter().next().map(|_| path.to_string()));
        match error.inner() {
            syntax if syntax.is_syntax() || syntax.is_eof() => (place, format!("no SQuAD file: {syntax}")),
            wrong => (place, without_place(wrong)),
        }
    }

    /// The id of the question that a path leads into, where it leads into one that has an id.
    fn question_id<'a>(path: impl Iterator<Item = &'a Segment>, text: &str) -> Option<String> {
        let steps: Vec<String> = path.take(6).map(Segment::to_string).collect();
        if steps.len() < 6 {
            return None; // it is an article's or a paragraph's fault
        }
        let pointer: String = steps.iter().map(|step| format!("/{}", step.trim_matches(['[', ']']))).collect();
        let file: Value = serde_json::from_str(text).ok()?;
        Some(file.pointer(&format!("{pointer}/id"))?.as_str()?.to_owned())
    }
}

fn instance(question: Question, paragraph: &Paragraph) -> Result<Instance, String> {
    let mut annotators = Vec::new();
    for Answer { text, answer_start } in &question.answers {
        let span = paragraph.span(*answer_start, answer_start.saturating_add(text.chars().count()))?;
        if paragraph.slice(span) != *text {
            return Err(format!("the paragraph does not say “{text}” at {answer_start}"));
        }
        annotators.push(vec![span]);
    }
    if annotators.is_empty() {
        annotators.push(Vec::new());
    }
    let (id, context) = (question.id, paragraph.text.clone());
    Ok(Instance { id, context, question: question.question, annotators, confidence: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::Span;

    fn file(question: &str) -> String {
        format!(
            r#"{{"version":"x","data":[{{"title":"t","paragraphs":[{{"context":"Zoë lives in Zürich.","qas":[
                {question}]}}]}}]}}"#
        )
    }

    fn answers(answers: &str) -> String {
        file(&format!(r#"{{"id":"q1","question":"Where?","answers":{answers}}}"#))
    }

    #[test]
    fn every_answer_is_an_annotator() {
        let two = r#"[{"text":"Zürich","answer_start":13},{"text":"in Zürich","answer_start":10}]"#;
        let instances = parse(&answers(two)).unwrap();
        assert_eq!(instances[0].annotators, [[Span { start: 13, end: 19 }], [Span { start: 10, end: 19 }]]);
        assert_eq!(instances[0].texts(), ["Zürich", "in Zürich"]);
        assert_eq!(parse(&answers("[]")).unwrap()[0].annotators, [[]]);
    }

    #[test]
    fn wrong_answers_name_the_question() {
        for (wrong, said) in [
            (r#"[{"text":"Zürich","answer_start":12}]"#, "does not say “Zürich” at 12"),
            (r#"[{"text":"Zürich","answer_start":19}]"#, "past"),
            (r#"[{"text":"Zürich","answer_start":18446744073709551615}]"#, "past"),
            (r#"[{"text":"Zürich","answer_start":-1}]"#, "-1"),
            (r#"[{"text":"Zürich"}]"#, "missing field `answer_start`"),
            (r#"[{"answer_start":1}]"#, "missing field `text`"),
            (r#"[{"text":"","answer_start":1}]"#, "empty"),
            (r#""Zürich""#, "sequence"),
        ] {
            let (place, why) = parse(&answers(wrong)).unwrap_err();
            assert_eq!(place.as_deref(), Some("question q1"), "{wrong}");
            assert!(why.contains(said) && !why.contains("column"), "{why}");
        }
        let (place, why) = parse(&file(r#"{"id":"q1","question":"Where?"}"#)).unwrap_err();
        assert_eq!((place.as_deref(), why.as_str()), (Some("question q1"), "missing field `answers`"));
    }

    #[test]
    fn a_record_without_a_name_is_told_by_its_place() {
        let place = |text: &str| parse(text).unwrap_err().0.unwrap_or_default();
        let (at, why) = parse(&file(r#"{"question":"Where?","answers":[]}"#)).unwrap_err();
        assert_eq!((at.as_deref(), why.as_str()), (Some("data[0].paragraphs[0].qas[0]"), "missing field `id`"));
        let (at, why) = parse(r#"{"data":[{"paragraphs":[]},{"paragraphs":[{"qas":[]}]}]}"#).unwrap_err();
        assert_eq!((at.as_deref(), why.as_str()), (Some("data[1].paragraphs[0]"), "missing field `context`"));
        assert_eq!(place(r#"{"data":[{}]}"#), "data[0]");
        // Half a surrogate pair is no JSON string: nothing but the path tells where.
        let half = answers(r#"[{"text":"\ud83c","answer_start":1}]"#);
        assert_eq!(place(&half), "data[0].paragraphs[0].qas[0].answers[0].text");
        for text in ["{", "{}", "[]", r#"{"data":[]} x"#] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("{").unwrap_err().1.contains("no SQuAD file: EOF"));
    }
}
