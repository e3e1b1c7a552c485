//! What a file is, by its content; its name decides only what the content leaves open.

use serde_json::{Map, Value};

use super::json::{elements, in_lines, wrapped};
use super::{Format, Problem, Reason, conll, csv, webanno};

/// What a Parquet file begins with.
pub(super) const PARQUET: &[u8] = b"PAR1";
/// What a gzipped file begins with.
pub(super) const GZIP: &[u8] = &[0x1f, 0x8b];

/// The format of a text.
///
/// # Errors
/// [`Reason::Json`] with line and column where it begins like JSON and is none; [`Reason::Unknown`].
pub fn detect(name: &str, text: &str) -> Result<Format, Problem> {
    let trimmed = text.trim_start();
    if name.ends_with(".ann") {
        return Ok(Format::Brat);
    }
    if trimmed.is_empty() {
        return Err(Reason::NoRecord.into());
    }
    if trimmed.starts_with(webanno::MAGIC) {
        return Ok(Format::Webanno);
    }
    let name = name.to_lowercase();
    let ends = |ending: &str| name.trim_end_matches(".gz").ends_with(ending);
    if trimmed.starts_with(['{', '[']) {
        return match json(text) {
            Ok(Some(format)) => Ok(format),
            // Of these endings much is called JSON; of others a text may well begin with a bracket.
            Ok(None) if ends(".json") || ends(".jsonl") => Err(Reason::Unknown.into()),
            Err(problem) if ends(".json") || ends(".jsonl") => Err(problem),
            Err(problem) if !ends(".txt") && !ends(".md") && !conll::looks_like(text) => Err(problem),
            _ if conll::looks_like(text) => Ok(Format::Conll),
            _ => Ok(Format::Plain),
        };
    }
    if ends(".jsonl") || ends(".json") {
        // Something that was meant to be JSON: the parser says where it is not.
        let wrong = serde_json::from_str::<Value>(text).err();
        return Err(wrong.map_or(Reason::Unknown, |e| Reason::json(&e)).into());
    }
    let annotation = |line: &str| {
        let rest = line.strip_prefix('T').unwrap_or_default();
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        digits.len() < rest.len() && digits.starts_with('\t')
    };
    if trimmed.lines().next().is_some_and(annotation) {
        return Ok(Format::Brat);
    }
    if let Some(delimiter) = csv::looks_like(text) {
        return Ok(if delimiter == b'\t' { Format::Tsv } else { Format::Csv });
    }
    if conll::looks_like(text) {
        return Ok(Format::Conll);
    }
    match () {
        _ if ends(".csv") => Ok(Format::Csv),
        _ if ends(".conll") || ends(".iob") || ends(".iob2") || ends(".bio") => Ok(Format::Conll),
        _ if ends(".tsv") => Ok(Format::Tsv),
        _ if text.contains('\0') => Err(Reason::Unknown.into()),
        _ => Ok(Format::Plain),
    }
}

/// The format of JSON, by the keys of its first record; `None` for JSON of another kind.
fn json(text: &str) -> Result<Option<Format>, Problem> {
    let object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    if in_lines(text) {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        return Ok(of_records(lines.filter_map(object)));
    }
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|e| Reason::json(&e))?;
    let first = |list: Vec<&str>| of_records(list.iter().filter_map(|json| object(json)));
    Ok(match (elements(text), wrapped(text)) {
        (Some(list), _) => first(list),
        (None, Some(list)) => first(list).or(Some(Format::Squad)),
        (None, None) => object(text).and_then(|fields| of_record(&fields)),
    })
}

/// The first record that tells, of a hundred: one bad or bare record must not decide for all.
fn of_records(records: impl Iterator<Item = Map<String, Value>>) -> Option<Format> {
    let (mut bare, mut records) = (false, records.take(100));
    let bare_text = |fields: &Map<String, Value>| {
        fields.get("text").is_some_and(Value::is_string)
            && !["label", "labels", "annotations"].iter().any(|name| fields.contains_key(*name))
    };
    let found = records.find_map(|fields| match of_record(&fields) {
        Some(Format::Doccano) if bare_text(&fields) => {
            bare = true;
            None
        }
        found => found,
    });
    found.or(bare.then_some(Format::Doccano))
}

fn of_record(fields: &Map<String, Value>) -> Option<Format> {
    let is = |name: &str, of: fn(&Value) -> bool| fields.get(name).is_some_and(of);
    let has = |name: &str| fields.contains_key(name);
    Some(match () {
        _ if is("paragraphs", Value::is_array) => Format::Squad,
        _ if is("data", Value::is_object) => Format::LabelStudio,
        _ if has("annotators") && has("context") => Format::Lines,
        _ if is("context", Value::is_array) => Format::MultiSpanQa,
        _ if is("tokens", Value::is_array) && !has("text") => Format::HfTokens,
        _ if is("context", Value::is_string) => Format::HfQa,
        // What is missing is said record by record.
        _ if has("question") && !has("text") => Format::HfQa,
        _ if is("text", Value::is_string) && (has("spans") || has("_input_hash") || has("answer")) => Format::Prodigy,
        _ if is("text", Value::is_string) && has("entities") => Format::DoccanoEntities,
        _ if is("text", Value::is_string) => Format::Doccano,
        _ => return None,
    })
}
