//! brat's standoff: a text, and beside it `T1<tab>Answer 43 47;52 55<tab>José Ada`, offsets in code points. The pieces of
//! a discontinuous annotation are spans of one answer. Relations, attributes and notes are not read.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::reader::{Marked, Reader};
use super::text::Text;
use super::{Annotator, Place, Problem, Reason, Record, Unit, Written};
use crate::bio::Span;

/// `stem` is the files' name without its ending: the document's id. Without annotations nobody has labelled the text.
pub(super) fn read(stem: &str, about: &str, annotations: Option<&str>, reader: &mut Reader<'_>) -> Result<(), Problem> {
    let text = reader.text(about);
    let mut annotator = Annotator::new("", Vec::new());
    let mut wrong = None;
    for (number, line) in annotations.unwrap_or_default().lines().enumerate().filter(|(_, line)| line.starts_with('T'))
    {
        match spans(line, &text, reader) {
            Ok(spans) => annotator.spans.extend(spans),
            Err(reason) => {
                wrong = Some((Place::Line(number + 1), reason));
                break;
            }
        }
    }
    if let Some((place, reason)) = wrong {
        return reader.take(place, Err(reason));
    }
    let id = decoded(stem);
    let place = Place::Question(id.clone());
    let annotators = annotations.map(|_| annotator).into_iter().collect();
    let record = Record { annotators, ..Record::new(place.clone(), id, "", text.text) };
    reader.take(place, Ok(record))
}

fn spans(line: &str, text: &Text, reader: &mut Reader<'_>) -> Result<Vec<Span>, Reason> {
    let malformed =
        || Reason::Fault { why: format!("“{line}” is no annotation: expected T1, a tab, a kind, start and end") };
    let mut parts = line.split('\t');
    let (_, place) = (parts.next(), parts.next().ok_or_else(malformed)?);
    let says = parts.next();
    let (kind, places) = place.split_once(' ').ok_or_else(malformed)?;
    reader.kind(kind);
    let mut spans = Vec::new();
    for piece in places.split(';') {
        let (start, end) = piece.trim().split_once(' ').ok_or_else(malformed)?;
        let (start, end) = (start.parse().map_err(|_| malformed())?, end.parse().map_err(|_| malformed())?);
        // brat writes line breaks as blanks, and the pieces of one annotation with a blank between them.
        let whole = !places.contains(';') && says.is_some_and(|says| !says.contains(' '));
        let says = says.filter(|_| whole);
        spans.push(reader.span(text, &Marked { start, end, text: says }, Unit::CodePoints)?);
    }
    Ok(spans)
}

pub(super) fn write(records: &[Record]) -> Vec<Written> {
    let mut names: Vec<String> = Vec::new();
    let mut files = Vec::new();
    for record in records {
        let name = free(&names, &record.id);
        let text = Text::new(&record.context);
        let mut out = String::new();
        for (k, span) in record.annotators.first().into_iter().flat_map(|a| &a.spans).enumerate() {
            let says: String = text.slice(*span).chars().map(|c| if "\r\n\t".contains(c) { ' ' } else { c }).collect();
            out += &format!("T{}\tAnswer {} {}\t{says}\n", k + 1, span.start, span.end);
        }
        // What reads the file takes a mark at its beginning for the encoding's, and off; one that is the text's needs another.
        let mark = if record.context.starts_with('\u{feff}') { "\u{feff}" } else { "" };
        files.push(Written { name: format!("{name}.txt"), bytes: [mark, &record.context].concat().into_bytes() });
        files.push(Written { name: format!("{name}.ann"), bytes: out.into_bytes() });
        names.push(name);
    }
    files
}

/// Most bytes of a name: file systems take 255, its ending and a number included.
const LONGEST: usize = 200;

/// A name that no file has yet, for an id: what a file's name cannot hold is written as `%2F`, and a long one is cut.
pub(super) fn free(taken: &[String], id: &str) -> String {
    let unsafe_at = |(k, c): (usize, char)| c.is_control() || "/\\:*?\"<>|%".contains(c) || (k == 0 && c == '.');
    let mut name = String::new();
    for (k, c) in id.char_indices() {
        let before = name.len();
        if unsafe_at((k, c)) {
            let mut buffer = [0; 4];
            c.encode_utf8(&mut buffer).bytes().for_each(|byte| name += &format!("%{byte:02X}"));
        } else {
            name.push(c);
        }
        if name.len() > LONGEST {
            name.truncate(before);
            break;
        }
    }
    if !taken.contains(&name) {
        return name;
    }
    (2..).map(|n| format!("{name} ({n})")).find(|name| !taken.contains(name)).unwrap_or(name)
}

/// The id of a file's name without its folder.
pub(super) fn decoded(stem: &str) -> String {
    let stem = stem.rsplit(['/', '\\']).next().unwrap_or(stem);
    percent_decode_str(stem).decode_utf8().map_or_else(|_| stem.to_owned(), Cow::into_owned)
}
