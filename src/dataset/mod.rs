//! Data files: SQuAD v1.1/v2.0 JSON and QAMR-style JSON lines, as instances with annotators. From a path natively, from
//! bytes in the page.

mod paragraph;
mod qamr;
mod score;
mod squad;

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

pub use score::{Score, means, score};

use crate::bio::Span;

/// One question about one paragraph, with every annotator's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The file's own id.
    pub id: String,
    /// The paragraph.
    pub context: Arc<str>,
    /// The question.
    pub question: String,
    /// One list of spans per annotator, in Unicode code points; an empty list says "no answer".
    pub annotators: Vec<Vec<Span>>,
    /// How sure the labels are, where the file says so; labels that the file itself doubts
    /// (`"agrees": false`) have 0.
    pub confidence: Option<f64>,
}

impl Instance {
    /// Every annotator's answer as text; several spans are joined by a space, no span gives "".
    pub fn texts(&self) -> Vec<String> {
        self.span_texts().iter().map(|texts| texts.join(" ")).collect()
    }

    /// The text of every span of every annotator.
    pub fn span_texts(&self) -> Vec<Vec<String>> {
        let points: Vec<char> = self.context.chars().collect();
        let text = |s: &Span| points[s.start..s.end].iter().collect::<String>();
        self.annotators.iter().map(|spans| spans.iter().map(text).collect()).collect()
    }

    /// Every annotator's spans in UTF-16 code units, as documents and analyses count.
    pub fn utf16(&self) -> Vec<Vec<Span>> {
        let mut at = 0;
        let mut starts: Vec<usize> = Vec::with_capacity(self.context.len() + 1);
        for c in self.context.chars() {
            starts.push(at);
            at += c.len_utf16();
        }
        starts.push(at);
        let span = |s: &Span| Span { start: starts[s.start], end: starts[s.end] };
        self.annotators.iter().map(|spans| spans.iter().map(span).collect()).collect()
    }
}

/// A data file that cannot be used: one line that names the file and the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// The file.
    pub file: String,
    /// The record or line, if it is one record's fault.
    pub place: Option<String>,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{}, {}: {}", self.file, place, self.why),
            None => write!(f, "{}: {}", self.file, self.why),
        }
    }
}

impl std::error::Error for DataError {}

/// Reads a data file, gzipped or not; see [`parse`].
///
/// # Errors
/// The file cannot be read, or as [`parse`].
#[cfg(not(target_arch = "wasm32"))]
pub fn read(path: &std::path::Path) -> Result<Vec<Instance>, DataError> {
    use std::io::Read;
    let file = path.display().to_string();
    let fail = |e: std::io::Error| DataError { file: file.clone(), place: None, why: e.to_string() };
    let mut bytes = std::fs::read(path).map_err(fail)?;
    if bytes.starts_with(GZIP) {
        let mut plain = Vec::new();
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).map_err(fail)?;
        bytes = plain;
    }
    parse(&file, &bytes)
}

/// What a gzipped file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Reads a data file's content. A name with `.jsonl` means QAMR-style lines, one with `.json` SQuAD's JSON; for any other
/// name the first line tells.
///
/// # Errors
/// It is empty or compressed, or a record is not what it should be.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Vec<Instance>, DataError> {
    let fail = |why: String| DataError { file: file.into(), place: None, why };
    if bytes.is_empty() {
        return Err(fail("it is empty".into()));
    }
    if bytes.starts_with(GZIP) {
        return Err(fail("it is compressed: unpack it first".into()));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| fail(format!("it is not UTF-8 ({e})")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let name = file.trim_end_matches(".gz");
    let lines = name.ends_with(".jsonl") || (!name.ends_with(".json") && in_lines(text));
    let instances = if lines { qamr::parse(text) } else { squad::parse(text) };
    let instances = instances.map_err(|(place, why)| DataError { file: file.into(), place, why })?;
    if instances.is_empty() {
        return Err(fail("it holds no question".into()));
    }
    Ok(instances)
}

/// Whether the first line is a whole QAMR-style record.
fn in_lines(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Record {
        #[serde(rename = "context")]
        _context: IgnoredAny,
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    serde_json::from_str::<Record>(first).is_ok()
}

/// What a parser says went wrong: the place, if any, and the reason.
type ParseError = (Option<String>, String);

/// A JSON error in the words that say what is wrong. Where the text is a piece of a file, its own line and column
/// would mislead.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}
