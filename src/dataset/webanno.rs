//! WebAnno TSV 3, as INCEpTION and WebAnno write it: one file a document and annotator, `1-3<tab>10-13<tab>Ada<tab>Answer`,
//! offsets in UTF-16 code units of the whole document. The layer of spans is the one named after answers or named
//! entities, a custom one, else the last.

use std::collections::HashMap;

use super::brat::{decoded, free};
use super::reader::{Marked, Reader};
use super::text::Text;
use super::tokens::{labels, split};
use super::{Annotator, Place, Problem, Reason, Record, Unit, Written};
use crate::bio::Span;

/// What a file of it begins with.
pub(super) const MAGIC: &str = "#FORMAT=WebAnno TSV 3";

/// One annotated token, or a part of one.
struct Row<'t> {
    start: usize,
    end: usize,
    token: String,
    value: &'t str,
}

pub(super) fn read(stem: &str, input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    let id = decoded(stem);
    let place = Place::Question(id.clone());
    let column = column(input);
    let mut document: Vec<u16> = Vec::new();
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut sentence: Option<String> = None;
    for (number, line) in input.lines().enumerate() {
        if let Some(text) = line.strip_prefix("#Text=") {
            let text = unescaped(text);
            sentence = Some(sentence.map_or_else(|| text.clone(), |before| format!("{before}\n{text}")));
        } else if line.starts_with(|c: char| c.is_ascii_digit()) {
            let row = match row(line, column) {
                Ok(row) => row,
                Err(reason) => return reader.take(Place::Line(number + 1), Err(reason)),
            };
            match sentence.take() {
                Some(text) => {
                    // The sentence begins where its first token tells.
                    let before = text.find(&row.token).map_or(0, |at| text[..at].encode_utf16().count());
                    pad(&mut document, row.start.saturating_sub(before));
                    document.extend(text.encode_utf16());
                }
                None if document.len() < row.end => {
                    pad(&mut document, row.start);
                    document.extend(row.token.encode_utf16());
                }
                None => {}
            }
            rows.push(row);
        }
    }
    document.extend(sentence.iter().flat_map(|text| text.encode_utf16()));
    let Ok(text) = String::from_utf16(&document) else {
        return reader.take(place, Err(Reason::Fault { why: "its offsets do not fit its text".into() }));
    };
    let text = reader.text(&text);
    let record = annotator(&rows, &text, reader).map(|annotator| Record {
        annotators: vec![annotator],
        ..Record::new(place.clone(), id, "", text.text.clone())
    });
    reader.take(place, record)
}

/// Blanks up to an offset; a gap of one is a line break, as INCEpTION's import leaves it between sentences.
fn pad(document: &mut Vec<u16>, to: usize) {
    let gap = to.saturating_sub(document.len());
    if gap == 1 && !document.is_empty() {
        document.push(u16::from(b'\n'));
    } else {
        // An offset far beyond is damage; the span check says so.
        document.extend(std::iter::repeat_n(u16::from(b' '), gap.min(1 << 20)));
    }
}

/// The column of the layer that holds the spans, from 0.
fn column(input: &str) -> usize {
    let mut at = 3;
    let mut layers: Vec<(&str, usize)> = Vec::new();
    for line in input.lines().take_while(|line| !line.starts_with("#Text=")) {
        for (start, spans) in [("#T_SP=", true), ("#T_RL=", false), ("#T_CH=", false)] {
            let Some(layer) = line.strip_prefix(start) else { continue };
            let mut parts = layer.split('|');
            let name = parts.next().unwrap_or_default();
            if spans {
                layers.push((name, at));
            }
            at += parts.count().max(1);
        }
    }
    let named = |word: &str| layers.iter().find(|(name, _)| name.contains(word));
    let found = named("Answer").or_else(|| named("NamedEntity")).or_else(|| named("custom")).or(layers.last());
    found.map_or(3, |(_, column)| *column)
}

fn row(line: &str, column: usize) -> Result<Row<'_>, Reason> {
    let malformed =
        || Reason::Fault { why: format!("“{line}” is no row: expected 1-1, a tab, start-end, a tab, a token") };
    let mut cells = line.split('\t');
    let (_, place) = (cells.next(), cells.next().ok_or_else(malformed)?);
    let token = unescaped(cells.next().ok_or_else(malformed)?);
    let (start, end) = place.split_once('-').ok_or_else(malformed)?;
    let (start, end) = (start.parse().map_err(|_| malformed())?, end.parse().map_err(|_| malformed())?);
    Ok(Row { start, end, token, value: cells.nth(column - 3).unwrap_or("_") })
}

fn annotator(rows: &[Row<'_>], text: &Text, reader: &mut Reader<'_>) -> Result<Annotator, Reason> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut numbered: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        for value in row.value.split('|').filter(|value| !["_", ""].contains(value)) {
            let (kind, number) = match value.strip_suffix(']').and_then(|value| value.rsplit_once('[')) {
                Some((kind, number)) => (kind, Some(number)),
                None => (value, None),
            };
            if kind != "*" {
                reader.kind(&unescaped(kind));
            }
            match number.and_then(|number| numbered.get(number)) {
                Some(&k) => spans[k].1 = row.end,
                None => {
                    number.into_iter().for_each(|number| _ = numbered.insert(number, spans.len()));
                    spans.push((row.start, row.end));
                }
            }
        }
    }
    let span = |(start, end): (usize, usize)| {
        reader.span(text, &Marked { start: start as i64, end: end as i64, text: None }, Unit::Utf16)
    };
    Ok(Annotator::new("", spans.into_iter().map(span).collect::<Result<_, _>>()?))
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            other => out.push(other),
        }
    }
    out
}

pub(super) fn write(records: &[Record]) -> Vec<Written> {
    let mut names: Vec<String> = Vec::new();
    let mut files = Vec::new();
    for record in records {
        let name = free(&names, &record.id);
        let text = Text::new(&record.context);
        let spans: &[Span] = record.annotators.first().map_or(&[], |a| &a.spans);
        let tokens = split(&text, spans);
        let mut out = format!("{MAGIC}.3\n#T_SP=webanno.custom.Answer|value\n\n\n#Text={}\n", escaped(&record.context));
        let (mut number, mut unit, mut point) = (0, 0, 0);
        let mut characters = record.context.chars();
        let mut unit_at = |to: usize| {
            while point < to {
                unit += characters.next().map_or(0, char::len_utf16);
                point += 1;
            }
            unit
        };
        for (k, ((place, token), label)) in tokens.iter().zip(labels(&tokens, spans)).enumerate() {
            number += usize::from(label == "B");
            let value = if label == "O" { "_".to_owned() } else { format!("ANSWER[{number}]") };
            let (start, end) = (unit_at(place.start), unit_at(place.end));
            out += &format!("1-{}\t{start}-{end}\t{}\t{value}\t\n", k + 1, escaped(token));
        }
        files.push(Written { name: format!("{name}.tsv"), bytes: out.into_bytes() });
        names.push(name);
    }
    files
}
