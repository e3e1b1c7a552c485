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
    for (number, (start, end, line)) in ends.into_iter().enumerate() {
        let text = reader.text(input[start..end].trim_end());
        let place = Place::Line(line);
        let record = Record::new(place.clone(), (number + 1).to_string(), "", text.text);
        reader.take(place, Ok(record))?;
    }
    Ok(())
}
