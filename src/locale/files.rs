//! What data files are called, what is wrong with them, and what a format cannot hold, by the messages of `files.ftl`.

use std::fmt;

use super::texts::{FILES_EN, FilesStrings};
use crate::dataset::notice::first;
use crate::dataset::{Dataset, Feature, Format, Notice, Place, Problem, Reason};

impl FilesStrings {
    /// A file in one sentence: "Label Studio export, 12 tasks, 3 annotators".
    pub fn about(&self, dataset: &Dataset) -> String {
        let (annotators, skipped) = (dataset.annotators(), dataset.problems.len());
        self.sentence(self.format(dataset.format), self.records(dataset), annotators, skipped)
    }

    /// How many records it holds, by the noun of its format: "12 tasks".
    pub fn records(&self, dataset: &Dataset) -> String {
        let count = dataset.records.len();
        match dataset.format {
            Format::Plain => self.paragraphs(count),
            Format::Squad | Format::HfQa | Format::Lines | Format::Csv | Format::Tsv | Format::MultiSpanQa => {
                self.questions(count)
            }
            Format::Conll | Format::HfTokens => self.sentences(count),
            Format::Doccano | Format::DoccanoEntities | Format::Prodigy => self.texts(count),
            Format::LabelStudio => self.tasks(count),
            Format::Brat | Format::Webanno => self.documents(count),
        }
    }

    /// A format's name.
    pub fn format(&self, format: Format) -> &'static str {
        match format {
            Format::Plain => self.format_plain,
            Format::Squad => self.format_squad,
            Format::HfQa => self.format_hf_qa,
            Format::Lines => self.format_lines,
            Format::Conll => self.format_conll,
            Format::HfTokens => self.format_hf_tokens,
            Format::Doccano | Format::DoccanoEntities => self.format_doccano,
            Format::LabelStudio => self.format_label_studio,
            Format::Prodigy => self.format_prodigy,
            Format::Brat => self.format_brat,
            Format::Webanno => self.format_webanno,
            Format::Csv | Format::Tsv => self.format_table,
            Format::MultiSpanQa => self.format_multispanqa,
        }
    }

    /// Something that a format may not be able to hold.
    pub fn feature(&self, feature: Feature) -> &'static str {
        match feature {
            Feature::Question => self.feature_question,
            Feature::Annotators => self.feature_annotators,
            Feature::Names => self.feature_names,
            Feature::Weights => self.feature_weights,
            Feature::SeveralSpans => self.feature_several_spans,
            Feature::MixedNoAnswer => self.feature_mixed_no_answer,
            Feature::Unlabelled => self.feature_unlabelled,
            Feature::EdgeBlanks => self.feature_edge_blanks,
            Feature::Scores => self.feature_scores,
            Feature::Soft => self.feature_soft,
            Feature::Stray => self.feature_stray,
            Feature::Confidence => self.feature_confidence,
            Feature::Notes => self.feature_notes,
            Feature::Titles => self.feature_titles,
        }
    }

    /// Where in a file something stands.
    pub fn place(&self, place: &Place) -> String {
        match place {
            Place::Line(line) => self.place_line(line),
            Place::Record(number) => self.place_record(number),
            Place::Question(id) => self.place_question(id),
            Place::Path(path) => path.clone(),
        }
    }

    /// A file or a record that cannot be used.
    pub fn problem(&self, problem: &Problem) -> String {
        let reason = self.reason(&problem.reason);
        let reason = match problem.format {
            Some(format) => self.read_as_format(reason, self.format(format)),
            None => reason,
        };
        match &problem.place {
            Some(place) => format!("{}: {reason}", self.place(place)),
            None => reason,
        }
    }

    fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::Empty => self.empty.into(),
            Reason::NoRecord => self.no_record.into(),
            Reason::NotUtf8 => self.not_utf8.into(),
            Reason::Compressed => self.compressed.into(),
            Reason::Parquet => self.parquet.into(),
            Reason::Spreadsheet => self.spreadsheet.into(),
            Reason::Unknown => self.unknown.into(),
            Reason::Json { why, line, column } => self.json(why, line, column),
            Reason::Missing { field } => self.missing(field),
            Reason::Unexpected { field, expected, found } => self.unexpected(field, expected, found),
            Reason::PastEnd { start, end, length } => self.past_end(start, end, length),
            Reason::Negative { start, end } => self.negative(start, end),
            Reason::EmptySpan { start, end } => self.empty_span(start, end),
            Reason::CutsCharacter { start, end, at } => self.cuts_character(start, end, at),
            Reason::NotThere { text, start, once: None } => self.not_there(text, start),
            Reason::NotThere { text, start, once: Some(at) } => self.not_there_once(text, start, at),
            Reason::NotFound { text } => self.not_found(text),
            Reason::Overlap { a, b, c, d } => self.overlap(a, b, c, d),
            Reason::Count { tokens, labels } => self.count(labels, tokens),
            Reason::Label { label } => self.label(label),
            Reason::Token { token } => self.token(token),
            Reason::AskLabels { found } => {
                self.ask_labels(found.iter().map(i64::to_string).collect::<Vec<_>>().join(", "))
            }
            Reason::AskColumns { count } => self.ask_columns(count),
            Reason::Partner { name } => self.partner(name),
            Reason::Column { names, found } => self.column(names, found),
            Reason::Cells { cells, columns } => self.cells(cells, columns),
            Reason::OpenQuote => self.open_quote.into(),
            Reason::Soft { b, i, o } => self.soft(b, i, o),
            Reason::NoText => self.no_text.into(),
            Reason::NoAnnotator => self.no_annotator.into(),
            Reason::NoQuestion => self.no_question.into(),
            Reason::Weights => self.weights.into(),
            Reason::Fault { why } => self.fault(why),
        }
    }

    /// A remark about a file.
    pub fn notice(&self, notice: &Notice) -> String {
        match notice {
            Notice::NoQuestions => self.no_questions.into(),
            Notice::NullAnswers { count } => self.null_answers(count),
            Notice::Cancelled { count } => self.cancelled(*count),
            Notice::TokensJoined { count } => self.tokens_joined(count),
            Notice::NoIds { count } => self.no_ids(*count),
            Notice::DuplicateIds { id, first, again, count } => {
                self.duplicate_ids(id, self.place(first), self.place(again), count)
            }
            Notice::Repaired { count } => self.repaired(*count),
            Notice::FirstPlace { count } => self.first_place(*count),
            Notice::PerhapsUtf16 { count, now, utf16 } => self.perhaps_utf16(count, now, utf16),
            Notice::Utf16 { count } => self.is_utf16(count),
            Notice::Scheme { name } => self.scheme(name),
            Notice::Kinds { names } => self.kinds(names.join(", ")),
            Notice::Encoding { name } => self.encoding(name),
            Notice::PassedOver { names } => self.passed_over(first(names)),
            Notice::SoftUnused { count } => self.soft_unused(*count),
        }
    }
}

// In English, as the command line and scripts say it.

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&FILES_EN.problem(self))
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&FILES_EN.place(self))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&FILES_EN.reason(self))
    }
}

impl std::error::Error for Reason {}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&FILES_EN.notice(self))
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FILES_EN.feature(*self))
    }
}

impl Dataset {
    /// The file in one sentence: "Label Studio export, 12 tasks, 3 annotators".
    pub fn sentence(&self) -> String {
        FILES_EN.about(self)
    }
}

impl Format {
    /// What people call a file of it.
    pub fn title(self) -> &'static str {
        FILES_EN.format(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::EL;

    #[test]
    fn greek_leaves_no_value_out() {
        let text = || "κα".to_owned();
        let reasons = [
            Reason::Empty,
            Reason::NoRecord,
            Reason::NotUtf8,
            Reason::Compressed,
            Reason::Parquet,
            Reason::Spreadsheet,
            Reason::Unknown,
            Reason::Json { why: text(), line: 31, column: 32 },
            Reason::Missing { field: text() },
            Reason::Unexpected { field: text(), expected: "33".into(), found: "34".into() },
            Reason::PastEnd { start: 31, end: 32, length: 33 },
            Reason::Negative { start: 31, end: 32 },
            Reason::EmptySpan { start: 31, end: 32 },
            Reason::CutsCharacter { start: 31, end: 32, at: 33 },
            Reason::NotThere { text: text(), start: 31, once: None },
            Reason::NotThere { text: text(), start: 31, once: Some(32) },
            Reason::NotFound { text: text() },
            Reason::Overlap { a: 31, b: 32, c: 33, d: 34 },
            Reason::Count { tokens: 31, labels: 32 },
            Reason::Label { label: text() },
            Reason::NoText,
            Reason::Token { token: text() },
            Reason::AskLabels { found: vec![31, 32] },
            Reason::AskColumns { count: 31 },
            Reason::Partner { name: text() },
            Reason::Column { names: text(), found: "31".into() },
            Reason::Cells { cells: 31, columns: 32 },
            Reason::OpenQuote,
            Reason::Soft { b: 31.0, i: 32.0, o: 33.0 },
            Reason::NoAnnotator,
            Reason::NoQuestion,
            Reason::Weights,
            Reason::Fault { why: text() },
        ];
        let places = [Place::Line(7), Place::Record(8), Place::Question("9".into()), Place::Path("data[0]".into())];
        let whole = |english: String, greek: String| {
            for value in ["31", "32", "33", "34", "κα"].into_iter().filter(|value| english.contains(value)) {
                assert!(greek.contains(value), "{greek}: {value}");
            }
        };
        // What comes back from JSON is what was said, too.
        for (k, reason) in reasons.into_iter().enumerate() {
            let problem =
                Problem { place: places.get(k % 5).cloned(), reason, format: Format::ALL.get(k % 16).copied() };
            whole(problem.to_string(), EL.files.problem(&problem));
            let json = serde_json::to_string(&problem).unwrap();
            assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem, "{json}");
        }
        let notices = [
            Notice::NoQuestions,
            Notice::NullAnswers { count: 31 },
            Notice::Cancelled { count: 31 },
            Notice::TokensJoined { count: 31 },
            Notice::NoIds { count: 31 },
            Notice::NoIds { count: 1 },
            Notice::DuplicateIds { id: text(), first: Place::Line(31), again: Place::Line(32), count: 33 },
            Notice::Repaired { count: 31 },
            Notice::FirstPlace { count: 31 },
            Notice::FirstPlace { count: 1 },
            Notice::PerhapsUtf16 { count: 31, now: text(), utf16: "32".into() },
            Notice::Utf16 { count: 31 },
            Notice::Scheme { name: text() },
            Notice::Kinds { names: vec![text(), "31".into()] },
            Notice::Encoding { name: text() },
            Notice::PassedOver { names: vec![text(), "31".into()] },
            Notice::SoftUnused { count: 31 },
        ];
        for notice in notices {
            whole(notice.to_string(), EL.files.notice(&notice));
            let json = serde_json::to_string(&notice).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&json).unwrap(), notice, "{json}");
        }
    }
}
