//! Plain text and Markdown: paragraphs between empty lines, each a text without a question.

use super::reader::Reader;
use super::{Place, Problem, Record};

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    let (mut start, mut at, mut line, mut first) = (None, 0, 0, 0);
    let mut ends: Vec<(usize, usize, usize)> = Vec::new();
    for piece in input.split_inclusive('\n') {
        line += 1;
        if piece.trim().is_empty() {
            ends.extend(start.take().map(|start| (start, at, first)));
        } else if start.is_none() {
            (start, first) = (Some(at), line);
        }
        at += piece.len();
    }
    ends.extend(start.map(|start| (start, at, first)));
    for (start, end, line) in ends {
        let text = reader.text(input[start..end].trim_end());
        let place = Place::Line(line);
        // Of several files the second one's numbers go on from the first one's.
        let id = (reader.count() + 1).to_string();
        let record = Record::new(place.clone(), id, "", text.text);
        reader.take(place, Ok(record))?;
    }
    Ok(())
}
