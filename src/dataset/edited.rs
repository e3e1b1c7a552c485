//! A record as an editor shows it, and with what has become of it there.

use std::borrow::Cow;

use super::{Annotator, Record, Soft};
use crate::bio::Span;

/// A text as a browser's field has it: LF in place of CR LF and of CR.
pub fn field_lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return text.into();
    }
    text.replace("\r\n", "\n").replace('\r', "\n").into()
}

/// A question as a browser's field has it, which is of one line.
pub fn one_line(question: &str) -> String {
    question.replace(['\r', '\n'], " ")
}

/// Where the code points of a text begin in UTF-16, and where it ends.
pub(super) fn starts(text: &str) -> Vec<usize> {
    let mut at = 0;
    let mut starts = Vec::with_capacity(text.len() + 1);
    for c in text.chars() {
        starts.push(at);
        at += c.len_utf16();
    }
    starts.push(at);
    starts
}

/// The same in the text as a field has it, where CR LF is LF.
fn field_starts(text: &str) -> Vec<usize> {
    let mut starts = starts(text);
    let (mut dropped, mut before) = (0, ' ');
    for (start, c) in starts.iter_mut().zip(text.chars().chain([' '])) {
        dropped += usize::from((before, c) == ('\r', '\n'));
        *start -= dropped;
        before = c;
    }
    starts
}

impl Record {
    /// The question on one line, as a field holds it.
    pub fn question_line(&self) -> String {
        one_line(&self.question)
    }

    /// The text as a field holds it.
    pub fn field_text(&self) -> Cow<'_, str> {
        field_lines(&self.context)
    }

    /// The record as an editor shows it: offsets in UTF-16 code units, the text and the question as fields hold them, and
    /// annotators whom the file does not name called as `name` says by their number.
    pub fn shown(&self, name: impl Fn(usize) -> String) -> Record {
        let starts = field_starts(&self.context);
        let span = |s: &Span| Span { start: starts[s.start], end: starts[s.end] };
        let annotator = |(k, a): (usize, &Annotator)| Annotator {
            name: if a.name == (k + 1).to_string() { name(k + 1) } else { a.name.clone() },
            spans: a.spans.iter().map(span).collect(),
            stray: a.stray.iter().map(span).collect(),
            ..a.clone()
        };
        Record {
            question: self.question_line(),
            context: self.field_text().into(),
            annotators: self.annotators.iter().enumerate().map(annotator).collect(),
            soft: self.soft.iter().map(|soft| Soft { span: span(&soft.span), ..*soft }).collect(),
            ..self.clone()
        }
    }

    /// The record with what has become of it where it was [`shown`](Record::shown). What nobody has changed stays to the
    /// letter. `own` tells whether a name is the editor's own for an annotator of that number, in any language: such a
    /// name is the number. Scores stay with the labels that they are of.
    pub fn edited(
        &self,
        question: &str,
        context: &str,
        annotators: Vec<Annotator>,
        soft: Vec<Soft>,
        own: impl Fn(usize, &str) -> bool,
    ) -> Record {
        let same_text = *context == *self.field_text();
        let starts = if same_text { field_starts(&self.context) } else { starts(context) };
        let point = |unit: usize| {
            let at = starts[starts.partition_point(|start| *start <= unit) - 1];
            starts.partition_point(|start| *start < at) // before CR LF, not in it
        };
        let span = |s: Span| Span { start: point(s.start), end: point(s.end) };
        let most = annotators.len().max(self.annotators.len());
        let annotator = |(k, a): (usize, Annotator)| {
            let before = self.annotators.get(k);
            let name = match before {
                Some(before) if before.name == a.name => a.name,
                _ => (1..=most).find(|n| own(*n, &a.name)).map_or(a.name, |n| n.to_string()),
            };
            let spans: Vec<Span> = a.spans.into_iter().map(span).collect();
            let same = before.filter(|before| before.name == name && before.spans == spans);
            let scores = same.map(|before| before.scores.clone()).unwrap_or_default();
            Annotator { name, weight: a.weight, spans, scores, stray: a.stray.into_iter().map(span).collect() }
        };
        Record {
            question: if *question == self.question_line() { self.question.clone() } else { question.into() },
            context: if same_text { self.context.clone() } else { context.into() },
            annotators: annotators.into_iter().enumerate().map(annotator).collect(),
            soft: soft.into_iter().map(|soft| Soft { span: span(soft.span), ..soft }).collect(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Place;

    /// Names as the page has them, in two languages.
    fn own(number: usize, name: &str) -> bool {
        [english(number), format!("Επισημειωτής {number}")].iter().any(|known| known == name)
    }

    fn english(number: usize) -> String {
        if number == 1 { "You".into() } else { format!("Annotator {number}") }
    }

    fn record(names: &[&str]) -> Record {
        let mut record = Record::new(Place::Record(1), "a".into(), "Who\nate?", "🍕 Ada ate".into());
        let annotator =
            |name: &&str| Annotator { scores: vec![0.5], ..Annotator::new(*name, vec![Span { start: 2, end: 5 }]) };
        record.annotators = names.iter().map(annotator).collect();
        record.annotators[0].stray = vec![Span { start: 6, end: 9 }];
        record.soft = vec![Soft { span: Span { start: 0, end: 1 }, t: [0.5, 0.0, 0.5] }];
        record
    }

    fn back(record: &Record, shown: Record) -> Record {
        record.edited(&shown.question, &shown.context, shown.annotators, shown.soft, own)
    }

    #[test]
    fn what_nobody_changes_stays_to_the_letter() {
        for names in [&["1", "2"][..], &["Ana", "Ben"], &["You", "2"], &["1", "You"], &["Annotator 2", "1"]] {
            let record = record(names);
            for name in [english, |number| format!("Επισημειωτής {number}")] {
                let shown = record.shown(name);
                assert_eq!((&*shown.question, shown.annotators[0].spans[0]), ("Who ate?", Span { start: 3, end: 6 }));
                assert_eq!(shown.soft[0].span, Span { start: 0, end: 2 });
                assert_eq!(back(&record, shown), record, "{names:?}");
            }
        }
    }

    #[test]
    fn line_ends_come_back_to_the_letter() {
        let mut record = record(&["1"]);
        record.context = "🍕\r\nAda\rate\r\n\r\nit".into();
        let words = [(0, 1), (3, 6), (7, 10), (14, 16)];
        record.annotators[0].spans = words.map(|(start, end)| Span { start, end }).to_vec();
        record.annotators[0].stray = vec![Span { start: 0, end: 16 }];
        record.soft[0].span = Span { start: 3, end: 6 };
        let mut shown = record.shown(english);
        assert_eq!(&*shown.context, "🍕\nAda\nate\n\nit");
        let units: Vec<u16> = shown.context.encode_utf16().collect();
        let text = |s: &Span| String::from_utf16(&units[s.start..s.end]).unwrap();
        let texts: Vec<String> = shown.annotators[0].spans.iter().map(text).collect();
        assert_eq!(
            (texts, text(&shown.soft[0].span)),
            (["🍕", "Ada", "ate", "it"].map(String::from).to_vec(), "Ada".into())
        );
        assert_eq!(back(&record, shown.clone()), record);
        shown.annotators[0].spans.truncate(1);
        let after = back(&record, shown.clone());
        assert_eq!(
            (&after.context, &after.annotators[0].spans[..]),
            (&record.context, &record.annotators[0].spans[..1])
        );
        shown.context = format!("{}!", shown.context).into();
        assert_eq!(&*back(&record, shown).context, "🍕\nAda\nate\n\nit!");
    }

    #[test]
    fn what_was_changed_comes_back_in_code_points_without_names_that_nobody_gave() {
        let record = record(&["1", "2"]);
        let mut shown = record.shown(english);
        shown.context = "So, 🍕 Ada ate".into();
        shown.question = "Who?".into();
        shown.annotators.remove(0);
        shown.annotators[0].spans = vec![Span { start: 7, end: 10 }];
        shown.annotators.push(Annotator::new("You", Vec::new()));
        shown.annotators.push(Annotator::new("Ana", vec![Span { start: 4, end: 6 }]));
        shown.soft.clear();
        let after = back(&record, shown);
        assert_eq!((&*after.context, &*after.question, &*after.id), ("So, 🍕 Ada ate", "Who?", "a"));
        let all = after.annotators.iter().map(|a| (&*a.name, &*a.spans)).collect::<Vec<_>>();
        let [ada, pizza] = [Span { start: 6, end: 9 }, Span { start: 4, end: 5 }];
        assert_eq!(all, [("2", &[ada][..]), ("1", &[]), ("Ana", &[pizza])]);
        assert!(after.annotators.iter().all(|a| a.scores.is_empty()) && after.soft.is_empty());
    }
}
