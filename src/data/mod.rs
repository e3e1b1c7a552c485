//! Data files: SQuAD v1.1/v2.0 JSON and QAMR-style JSON lines, as instances with annotators.

mod paragraph;
mod qamr;
mod squad;

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

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
        let points: Vec<char> = self.context.chars().collect();
        let text = |s: &Span| points[s.start..s.end].iter().collect::<String>();
        self.annotators.iter().map(|spans| spans.iter().map(text).collect::<Vec<_>>().join(" ")).collect()
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

/// Reads a data file; `.jsonl` and `.jsonl.gz` are QAMR-style lines, anything else is SQuAD's JSON.
///
/// # Errors
/// The file cannot be read, is empty, or a record is not what it should be.
pub fn read(path: &Path) -> Result<Vec<Instance>, DataError> {
    let file = path.display().to_string();
    let fail = |why: String| DataError { file: file.clone(), place: None, why };
    let mut bytes = std::fs::read(path).map_err(|e| fail(e.to_string()))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).map_err(|e| fail(e.to_string()))?;
        bytes = plain;
    }
    if bytes.is_empty() {
        return Err(fail("it is empty".into()));
    }
    let text = String::from_utf8(bytes).map_err(|e| fail(format!("it is not UTF-8 ({e})")))?;
    let lines = file.trim_end_matches(".gz").ends_with(".jsonl");
    let instances = if lines { qamr::parse(&text) } else { squad::parse(&text) };
    let instances = instances.map_err(|(place, why)| DataError { file: file.clone(), place, why })?;
    if instances.is_empty() {
        return Err(fail("it holds no question".into()));
    }
    Ok(instances)
}

/// What a parser says went wrong: the place, if any, and the reason.
type ParseError = (Option<String>, String);

/// A JSON error in the words that say what is wrong. Where the text is a piece of a file, its own line and column
/// would mislead.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}
