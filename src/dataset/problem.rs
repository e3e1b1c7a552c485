//! What is wrong with a file or with one of its records, typed, so that the page can say it in any language.
//! `Display` is the English sentence of `locales/en/files.ftl`.

use serde::{Deserialize, Serialize};

use super::Format;
use crate::internally_tagged::internally_tagged;

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
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Reason {
    /// A file without content.
    Empty,
    /// A file without a record.
    NoRecord,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// An archive.
    Compressed,
    /// A Parquet file, which only the command line reads: the reader would add too much to the page.
    Parquet,
    /// A workbook of a spreadsheet program.
    Spreadsheet,
    /// None of the formats.
    Unknown,
    /// JSON that breaks off or is none.
    Json {
        /// The parser's words.
        why: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A record without something that it needs.
    Missing {
        /// Its name.
        field: String,
    },
    /// A value of another kind than expected.
    Unexpected {
        /// Its name.
        field: String,
        /// In words.
        expected: String,
        /// The value, shortened.
        found: String,
    },
    /// A span that ends behind the text.
    PastEnd {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
        /// Code points of the text.
        length: usize,
    },
    /// A span that begins before the text.
    Negative {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
    },
    /// A span without text.
    EmptySpan {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
    },
    /// A span that begins or ends inside of what readers see as one character.
    CutsCharacter {
        /// First code point.
        start: i64,
        /// End, exclusive.
        end: i64,
        /// Which of the two.
        at: i64,
    },
    /// An answer that does not stand where the file says.
    NotThere {
        /// The answer.
        text: String,
        /// Where it should stand, in code points.
        start: i64,
        /// The only place where it stands, if there is exactly one.
        once: Option<usize>,
    },
    /// An answer that is nowhere in the text.
    NotFound {
        /// The answer.
        text: String,
    },
    /// Two spans of one annotator that share text.
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
    Count {
        /// The number of tokens.
        tokens: usize,
        /// The number of labels.
        labels: usize,
    },
    /// A label that is none of B, I, O.
    Label {
        /// The label.
        label: String,
    },
    /// A token that the text does not go on with.
    Token {
        /// The token.
        token: String,
    },
    /// Tags that are numbers without names.
    AskLabels {
        /// The numbers in the file.
        found: Vec<i64>,
    },
    /// Several columns of labels.
    AskColumns {
        /// How many.
        count: usize,
    },
    /// A file that needs another one beside it.
    Partner {
        /// The other file's name.
        name: String,
    },
    /// A table without a column that it needs.
    Column {
        /// The names that are looked for.
        names: String,
        /// The names that there are.
        found: String,
    },
    /// A row of a table that is longer or shorter than its first one.
    Cells {
        /// Cells of the row.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A table that ends inside of a quoted cell.
    OpenQuote,
    /// t_i of a token that is no distribution.
    Soft {
        /// As given.
        b: f64,
        /// As given.
        i: f64,
        /// As given.
        o: f64,
    },
    /// A record whose text is empty.
    NoText,
    /// A record that nobody has labelled, where labels are needed.
    NoAnnotator,
    /// A record without a question, where one is needed.
    NoQuestion,
    /// A number that is no weight.
    Weights,
    /// Labels that do not fit the model's tokens, or a text that it cannot read.
    Fault {
        /// In the words of the error.
        why: String,
    },
}

internally_tagged!(Reason {
    Empty, NoRecord, NotUtf8, Compressed, Parquet, Spreadsheet, Unknown, Json { why, line, column },
    Missing { field }, Unexpected { field, expected, found }, PastEnd { start, end, length }, Negative { start, end },
    EmptySpan { start, end }, CutsCharacter { start, end, at }, NotThere { text, start, once }, NotFound { text },
    Overlap { a, b, c, d }, Count { tokens, labels }, Label { label }, Token { token }, AskLabels { found },
    AskColumns { count }, Partner { name }, Column { names, found }, Cells { cells, columns }, OpenQuote,
    Soft { b, i, o }, NoText, NoAnnotator, NoQuestion, Weights, Fault { why },
});

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
