//! What is wrong with a file or with one of its records, typed, so that the page can say it in any language.
//! `Display` is the English sentence.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Format;

/// Where in a file something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// A line, from 1.
    Line(usize),
    /// A record of a list, from 1.
    Record(usize),
    /// A record by its id.
    Question(String),
    /// A path into a JSON file, such as `data[0].paragraphs[2]`.
    Path(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line) => write!(f, "line {line}"),
            Place::Record(number) => write!(f, "record {number}"),
            Place::Question(id) => write!(f, "question {id}"),
            Place::Path(path) => f.write_str(path),
        }
    }
}

/// A record, or a whole file (no place), that cannot be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What was found, and what was expected.
    pub reason: Reason,
    /// What a whole file that cannot be used was read as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        self.reason.fmt(f)?;
        self.format.map_or(Ok(()), |format| write!(f, "; read as {}", format.title()))
    }
}

impl std::error::Error for Problem {}

impl Place {
    /// The same in one of several files.
    pub(super) fn within(&self, file: &str) -> Place {
        Place::Path(format!("{}, {self}", super::file_name(file)))
    }
}

impl Problem {
    /// The same in one of several files.
    pub(super) fn within(self, file: &str) -> Problem {
        let alone = || Place::Path(super::file_name(file).to_owned());
        Problem { place: Some(self.place.map_or_else(alone, |place| place.within(file))), ..self }
    }
}

impl From<Reason> for Problem {
    fn from(reason: Reason) -> Problem {
        Problem { place: None, reason, format: None }
    }
}

/// Why a record or a file cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Reason {
    /// A file without content.
    #[error("it is empty (line 1, column 1)")]
    Empty,
    /// A file without a record.
    #[error("it holds no question and no text")]
    NoRecord,
    /// Bytes that are no UTF-8.
    #[error(
        "it is not UTF-8; read it as Windows-1252? It may be another encoding (Windows-1253 for Greek); saving it as UTF-8 is the sure way"
    )]
    NotUtf8,
    /// An archive.
    #[error("it is compressed: unpack it first")]
    Compressed,
    /// A Parquet file, which only the command line reads: the reader would add too much to the page.
    #[error("it is a Parquet file: bioscope convert on the command line makes JSON lines of it")]
    Parquet,
    /// A workbook of a spreadsheet program.
    #[error("it is a spreadsheet: save it as CSV first")]
    Spreadsheet,
    /// None of the formats.
    #[error("its format is none that is known here")]
    Unknown,
    /// JSON that breaks off or is none.
    #[error("it is no valid JSON: {why} (line {line}, column {column})")]
    Json {
        /// The parser's words.
        why: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A record without something that it needs.
    #[error("missing field `{field}`")]
    Missing {
        /// Its name.
        field: String,
    },
    /// A value of another kind than expected.
    #[error("`{field}` is {found}, but should be {expected}")]
    Unexpected {
        /// Its name.
        field: String,
        /// In words.
        expected: String,
        /// The value, shortened.
        found: String,
    },
    /// A span that ends behind the text.
    #[error("the span {start}..{end} ends past the paragraph's {length} characters")]
    PastEnd {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
        /// Code points of the text.
        length: usize,
    },
    /// A span that begins before the text.
    #[error("the span {start}..{end} begins before the paragraph (a start is at least 0)")]
    Negative {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
    },
    /// A span without text.
    #[error("the span {start}..{end} is empty")]
    EmptySpan {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
    },
    /// A span that begins or ends inside of what readers see as one character.
    #[error("the span {start}..{end} cuts a character in two at {at}")]
    CutsCharacter {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
        /// Which of the two.
        at: i64,
    },
    /// An answer that does not stand where the file says.
    #[error("the paragraph does not say “{text}” at {start}{}", .once.map(|at| format!("; it stands once, at {at}")).unwrap_or_default())]
    NotThere {
        /// The answer.
        text: String,
        /// Where it should stand, in code points.
        start: i64,
        /// The only place where it stands, if there is exactly one.
        once: Option<usize>,
    },
    /// An answer that is nowhere in the text.
    #[error("the paragraph does not hold “{text}”")]
    NotFound {
        /// The answer.
        text: String,
    },
    /// Two spans of one annotator that share text.
    #[error("the spans {a} to {b} and {c} to {d} overlap")]
    Overlap {
        /// The first span's start.
        a: usize,
        /// The first span's end.
        b: usize,
        /// The second span's start.
        c: usize,
        /// The second span's end.
        d: usize,
    },
    /// Not one label for each token.
    #[error("labels given: {labels}, tokens: {tokens}")]
    Count {
        /// The number of tokens.
        tokens: usize,
        /// The number of labels.
        labels: usize,
    },
    /// A label that is none of B, I, O.
    #[error("“{label}” is no label: expected B, I or O, with or without a type, or BILOU's L and U")]
    Label {
        /// The label.
        label: String,
    },
    /// A token that the text does not go on with.
    #[error("the text does not go on with the token “{token}”")]
    Token {
        /// The token.
        token: String,
    },
    /// Tags that are numbers without names.
    #[error("`ner_tags` are numbers ({}): say which of them are B, I and O", .found.iter().map(i64::to_string).collect::<Vec<_>>().join(", "))]
    AskLabels {
        /// The numbers in the file.
        found: Vec<i64>,
    },
    /// Several columns of labels.
    #[error("it has {count} columns of labels, perhaps gold and prediction: say which is which")]
    AskColumns {
        /// How many.
        count: usize,
    },
    /// A file that needs another one beside it.
    #[error("it needs the text that it is about: {name}, beside it")]
    Partner {
        /// The other file's name.
        name: String,
    },
    /// A table without a column that it needs.
    #[error("it has no column named {names}; its columns are {found}")]
    Column {
        /// The names that are looked for.
        names: String,
        /// The names that there are.
        found: String,
    },
    /// A row of a table that is longer or shorter than its first one.
    #[error("cells of the row: {cells}, columns of the table: {columns}")]
    Cells {
        /// Cells of the row.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A table that ends inside of a quoted cell.
    #[error("a quotation mark is opened in this row and never closed: all that follows would be one cell")]
    OpenQuote,
    /// t_i of a token that is no distribution.
    #[error("the values {b}, {i}, {o} of `soft` are no distribution: each must be at least 0 and their sum 1")]
    Soft {
        /// As given.
        b: f64,
        /// As given.
        i: f64,
        /// As given.
        o: f64,
    },
    /// A record whose text is empty.
    #[error("its text is empty")]
    NoText,
    /// A record that nobody has labelled, where labels are needed.
    #[error("it has no annotator")]
    NoAnnotator,
    /// A record without a question, where one is needed.
    #[error("it has no question: give one for all")]
    NoQuestion,
    /// A number that is no weight.
    #[error("the weights must be finite, at least 0, and not all 0")]
    Weights,
    /// Labels that do not fit the model's tokens, or a text that it cannot read.
    #[error("{why}")]
    Fault {
        /// In the words of the error.
        why: String,
    },
}

impl Reason {
    /// The command line's option that helps.
    pub fn option(&self) -> Option<&'static str> {
        match self {
            Reason::NotUtf8 => Some("--encoding windows-1252 or windows-1253"),
            Reason::NotThere { once: Some(_), .. } => Some("--repair"),
            Reason::AskLabels { .. } => Some("--labels 0,1,2"),
            Reason::AskColumns { .. } => Some("--columns gold,prediction"),
            Reason::NoQuestion => Some("--question"),
            _ => None,
        }
    }

    /// A parser's error, its place apart from its words.
    pub(super) fn json(error: &serde_json::Error) -> Reason {
        let text = error.to_string();
        let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned();
        Reason::Json { why, line: error.line(), column: error.column() }
    }

    /// The same where the text is one line of a file: the record's place says the line.
    pub(super) fn json_line(error: &serde_json::Error, line: usize) -> Reason {
        match Reason::json(error) {
            Reason::Json { why, column, .. } => Reason::Json { why, line, column },
            other => other,
        }
    }
}
