//! SQuAD v1.1 and v2.0. Every entry of `answers` is one annotator; a question without any is one
//! annotator who says "no answer".

use std::sync::Arc;

use serde::Deserialize;

use super::{Instance, ParseError, checked};

#[derive(Deserialize)]
struct File {
    data: Vec<Article>,
}
#[derive(Deserialize)]
struct Article {
    paragraphs: Vec<Paragraph>,
}
#[derive(Deserialize)]
struct Paragraph {
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
    let file: File = serde_json::from_str(text).map_err(|e| (None, format!("no SQuAD file: {e}")))?;
    let mut out = Vec::new();
    for paragraph in file.data.into_iter().flat_map(|article| article.paragraphs) {
        let context: Arc<str> = paragraph.context.into();
        let points: Vec<char> = context.chars().collect();
        for question in paragraph.qas {
            let fail = |why: String| (Some(format!("question {}", question.id)), why);
            let mut annotators = Vec::new();
            for answer in &question.answers {
                let length = answer.text.chars().count();
                let span = checked(answer.answer_start, answer.answer_start + length, points.len()).map_err(fail)?;
                if !points[span.start..span.end].iter().copied().eq(answer.text.chars()) {
                    let start = span.start;
                    return Err(fail(format!("the paragraph does not say “{}” at {start}", answer.text)));
                }
                annotators.push(vec![span]);
            }
            if annotators.is_empty() {
                annotators.push(Vec::new());
            }
            let (id, question) = (question.id, question.question);
            out.push(Instance { id, context: context.clone(), question, annotators, confidence: None });
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::Span;

    fn file(answers: &str) -> String {
        format!(
            r#"{{"version":"x","data":[{{"title":"t","paragraphs":[{{"context":"Zoë lives in Zürich.","qas":[
                {{"id":"q1","question":"Where?","answers":{answers}}}]}}]}}]}}"#
        )
    }

    #[test]
    fn every_answer_is_an_annotator() {
        let two = r#"[{"text":"Zürich","answer_start":13},{"text":"in Zürich","answer_start":10}]"#;
        let instances = parse(&file(two)).unwrap();
        assert_eq!(instances[0].annotators, [[Span { start: 13, end: 19 }], [Span { start: 10, end: 19 }]]);
        assert_eq!(instances[0].texts(), ["Zürich", "in Zürich"]);
        assert_eq!(parse(&file("[]")).unwrap()[0].annotators, [[]]);
    }

    #[test]
    fn wrong_answers_name_the_question() {
        for answers in [r#"[{"text":"Zürich","answer_start":12}]"#, r#"[{"text":"Zürich","answer_start":19}]"#] {
            let (place, _) = parse(&file(answers)).unwrap_err();
            assert_eq!(place.as_deref(), Some("question q1"));
        }
        assert!(parse("{").unwrap_err().1.contains("no SQuAD file"));
    }
}
