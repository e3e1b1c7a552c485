//! What a file is, by its content; its name decides only what the content leaves open.

use serde_json::Value;

use super::json::{Content, RawFields, RawValue, content, fields, wrapped};
use super::{Format, Problem, Reason, conll, csv, label_studio, webanno};

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
    if super::has_ending(name, "ann") {
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
    let of_list = |list: Vec<&RawValue>| of_records(list.into_iter().filter_map(|json| fields(json.get())));
    Ok(match content(text)? {
        Content::Lines => of_records(text.lines().filter(|line| !line.trim().is_empty()).filter_map(fields)),
        Content::List(list) => of_list(list),
        Content::Object(object) => match wrapped(&object) {
            Some(list) => of_list(list).or(Some(Format::Squad)),
            None => of_record(&object),
        },
    })
}

/// The first record that tells, of a hundred: one bad or bare record must not decide for all.
fn of_records<'t>(records: impl Iterator<Item = RawFields<'t>>) -> Option<Format> {
    let (mut bare, mut records) = (false, records.take(100));
    let labelled =
        |fields: &RawFields<'_>| ["label", "labels", "annotations"].iter().any(|name| fields.contains_key(*name));
    let found = records.find_map(|fields| match of_record(&fields) {
        Some(Format::Doccano) if !labelled(&fields) => {
            bare = true;
            None
        }
        found => found,
    });
    found.or(bare.then_some(Format::Doccano))
}

fn of_record(fields: &RawFields<'_>) -> Option<Format> {
    let has = |name: &str| fields.contains_key(name);
    let is = |name: &str, begins: char| fields.get(name).is_some_and(|value| value.get().starts_with(begins));
    let (list, object, text) = ('[', '{', '"');
    Some(match () {
        _ if is("paragraphs", list) => Format::Squad,
        _ if is("data", object) || label_studio::is_min(fields) => Format::LabelStudio, // JSON-MIN is refused there
        _ if has("annotators") && has("context") => Format::Lines,
        _ if is("context", list) => Format::MultiSpanQa,
        _ if is("tokens", list) && !has("text") => Format::HfTokens,
        _ if is("context", text) => Format::HfQa,
        // What is missing is said record by record.
        _ if has("question") && !has("text") => Format::HfQa,
        _ if is("text", text) && (has("spans") || has("_input_hash") || has("answer")) => Format::Prodigy,
        _ if is("text", text) && has("entities") => Format::DoccanoEntities,
        _ if is("text", text) => Format::Doccano,
        _ => return None,
    })
}
