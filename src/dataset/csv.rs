//! Tables with named columns, as spreadsheet programs save them: comma, semicolon or tab between cells, a row for every
//! span of every annotator. A cell that a spreadsheet would take for a formula is written with an apostrophe before it,
//! which is taken off again.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::{QuoteStyle, ReaderBuilder, StringRecord, Terminator, WriterBuilder};

use super::reader::Reader;
use super::text::Text;
use super::{Annotator, Notice, Place, Problem, Reason, Record};

/// A column's names, the one that is written first; compared without case.
const ID: &[&str] = &["id", "nr", "no", "number"];
const QUESTION: &[&str] = &["question", "query", "ερώτηση", "frage"];
const CONTEXT: &[&str] = &["paragraph", "context", "text", "passage", "sentence", "παράγραφος", "κείμενο"];
const ANNOTATOR: &[&str] = &["annotator", "user", "annotated by", "completed_by"];
const ANSWER: &[&str] = &["answer", "answers", "gold", "span", "label", "απάντηση", "antwort"];
const START: &[&str] = &["start", "answer_start", "start_offset"];
const SCORE: &[&str] = &["score", "p"];

/// The cell separator of a table by its first line, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b'\t', 0), (b';', 0), (b',', 0)];
    let mut quoted = false;
    for byte in text.lines().next().unwrap_or_default().bytes() {
        quoted ^= byte == b'"';
        counts.iter_mut().filter(|(d, _)| *d == byte && !quoted).for_each(|(_, count)| *count += 1);
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| delimiter)
}

fn builder(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes())
}

/// Whether a table's last row ends inside of quotes: then what is put after it is no row of its own.
fn ends_in_quotes(last: &str, delimiter: u8) -> bool {
    builder(&format!("{last}\n.\n"), delimiter).records().count() == 1
}

fn column(headers: &StringRecord, names: &[&str]) -> Option<usize> {
    let named = |name: &&str| headers.iter().position(|h| h.trim().to_lowercase() == **name);
    names.iter().find_map(named)
}

/// Says of places in a text, one after the other, in which line they are.
struct Lines<'t> {
    text: &'t [u8],
    line: usize,
    at: usize,
}

impl Lines<'_> {
    /// The line, from 1, of the row that begins at a byte: the reader's own count is behind where lines end as in
    /// Windows, and where empty ones stand before the row.
    fn of(&mut self, position: Option<&csv::Position>) -> usize {
        self.of_byte(position.map_or(self.at, |position| position.byte() as usize))
    }

    fn of_byte(&mut self, byte: usize) -> usize {
        while let Some(&c) = self.text.get(self.at).filter(|c| self.at < byte || b"\r\n".contains(c)) {
            self.at += 1;
            let ends = c == b'\n' || (c == b'\r' && self.text.get(self.at) != Some(&b'\n'));
            self.line += usize::from(ends);
        }
        self.line
    }
}

/// Whether the first line names the columns of texts, and by what its cells are parted.
pub(super) fn looks_like(text: &str) -> Option<u8> {
    let first = builder(text, delimiter(text)).records().next()?.ok()?;
    (first.len() > 1 && column(&first, CONTEXT).is_some()).then(|| delimiter(text))
}

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    let mut table = builder(input, delimiter(input));
    let mut rows = table.records();
    let mut lines = Lines { text: input.as_bytes(), line: 1, at: 0 };
    let headers = match rows.next() {
        None => return Err(Reason::NoRecord.into()),
        Some(headers) => headers.map_err(|e| Reason::Fault { why: e.to_string() })?,
    };
    let Some(context) = column(&headers, CONTEXT) else {
        let found = headers.iter().collect::<Vec<_>>().join(", ");
        return Err(Reason::Column { names: CONTEXT[..3].join(", "), found }.into());
    };
    let [id, question, by, answer, start, score] =
        [ID, QUESTION, ANNOTATOR, ANSWER, START, SCORE].map(|names| column(&headers, names));
    let named = headers.iter().enumerate().filter(|(_, name)| !name.trim().is_empty());
    let columns = named.map(|(k, _)| k + 1).max().unwrap_or(0);
    let mut last = 0;
    // A record may stand in several rows, and what is wrong with one of them is wrong with it.
    let mut records: Vec<Record> = Vec::new();
    let mut wrong: HashMap<usize, Reason> = HashMap::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for row in rows {
        let row = match row {
            Ok(row) => row,
            Err(e) => {
                reader.take(Place::Line(lines.of(e.position())), Err(Reason::Fault { why: e.to_string() }))?;
                continue;
            }
        };
        last = row.position().map_or(last, |position| position.byte() as usize);
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cell = |k: Option<usize>| unescaped(k.and_then(|k| row.get(k)).unwrap_or_default());
        let place = Place::Line(lines.of(row.position()));
        let text = reader.text(cell(Some(context)));
        let key = (cell(id).to_owned(), cell(question).to_owned());
        let same = known.get(&key).copied().filter(|&k| records[k].context == text.text);
        let k = same.unwrap_or(records.len());
        // Cells without a name may follow if nothing is in them.
        let fits = row.len() >= columns && row.iter().skip(columns).all(|cell| cell.trim().is_empty());
        if !fits {
            wrong.entry(k).or_insert(Reason::Cells { cells: row.len(), columns });
        }
        if k == records.len() {
            records.push(Record::new(place, key.0.clone(), &key.1, text.text.clone()));
            if text.text.is_empty() {
                wrong.entry(k).or_insert(Reason::NoText);
            }
            if fits && !key.0.is_empty() {
                known.insert(key, k);
            }
        }
        let Some(answer) = answer else { continue };
        let given = Given {
            name: cell(by),
            named: by.is_some(),
            answer: cell(Some(answer)),
            start: cell(start),
            score: cell(score),
        };
        if let Err(reason) = given.add(&mut records[k], &text, reader) {
            wrong.entry(k).or_insert(reason);
        }
    }
    if ends_in_quotes(&input[last..], delimiter(input)) {
        let place = Place::Line(Lines { text: input.as_bytes(), line: 1, at: 0 }.of_byte(last));
        return Err(Problem { place: Some(place), reason: Reason::OpenQuote, format: None });
    }
    drop(known); // of large files its memory is needed for what follows
    for (k, record) in records.into_iter().enumerate() {
        reader.take(record.place.clone(), wrong.remove(&k).map_or(Ok(record), Err))?;
    }
    Ok(())
}

/// What one row says about an answer.
struct Given<'r> {
    name: &'r str,
    named: bool,
    answer: &'r str,
    start: &'r str,
    score: &'r str,
}

impl Given<'_> {
    fn add(&self, record: &mut Record, text: &Text, reader: &mut Reader<'_>) -> Result<(), Reason> {
        let annotators = &mut record.annotators;
        // Without a column of annotators every row is one's, as every answer is in SQuAD.
        let known = annotators.iter().position(|a| self.named && a.name == self.name);
        let k = known.unwrap_or_else(|| {
            annotators.reserve_exact(1); // a list that grows by itself begins with room for four
            annotators.push(Annotator::new(self.name, Vec::new()));
            annotators.len() - 1
        });
        if self.answer.is_empty() {
            return Ok(());
        }
        let span = if self.start.trim().is_empty() {
            let trimmed = self.answer.trim();
            let found = text.find(self.answer).or_else(|| text.find(trimmed));
            let (span, again) = found.ok_or_else(|| Reason::NotFound { text: trimmed.into() })?;
            if again {
                reader.notice(Notice::FirstPlace { count: 1 });
            }
            text.span(span.start as i64, span.end as i64)?
        } else {
            let start = self.start.trim().parse().map_err(|_| Reason::Unexpected {
                field: START[0].into(),
                expected: "a whole number".into(),
                found: self.start.into(),
            })?;
            reader.answer(text, start, self.answer)?
        };
        annotators[k].spans.push(span);
        annotators[k].scores.extend(self.score.trim().parse::<f64>().ok());
        Ok(())
    }
}

/// Whether a spreadsheet program could take a cell for a formula, apostrophes before it aside. Some skip blanks before they
/// look, and take full-width signs too (the list is OWASP's, "CSV injection").
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    let first =
        cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').chars().next();
    first.is_some_and(|c| "=+-@＝＋－＠".contains(c)) || cell.starts_with(|c: char| c.is_control())
}

/// The cell, after an apostrophe where a spreadsheet program would run it.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { format!("'{cell}").into() } else { cell.into() }
}

fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|_| is_formula(cell)).unwrap_or(cell)
}

pub(super) fn write(records: &[Record], delimiter: u8) -> String {
    let scored = records.iter().flat_map(|r| &r.annotators).any(|a| !a.scores.is_empty());
    let mut table = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new());
    let mut row = |cells: Vec<String>| {
        let cells = cells.iter().take(if scored { 7 } else { 6 });
        table.write_record(cells).expect("a list of bytes takes it");
    };
    row([ID, QUESTION, CONTEXT, ANNOTATOR, ANSWER, START, SCORE].map(|names| names[0].to_owned()).to_vec());
    for record in records {
        let text = Text::new(&record.context);
        let first = [&*record.id, &*record.question, &*record.context].map(|cell| guarded(cell).into_owned());
        let mut line = |name: &str, answer: &str, start: String, score: String| {
            row(first.iter().cloned().chain([guarded(name).into(), guarded(answer).into(), start, score]).collect());
        };
        for a in &record.annotators {
            if a.spans.is_empty() {
                line(&a.name, "", String::new(), String::new());
            }
            for (k, span) in a.spans.iter().enumerate() {
                let score = a.scores.get(k).map(ToString::to_string).unwrap_or_default();
                line(&a.name, text.slice(*span), span.start.to_string(), score);
            }
        }
        if record.annotators.is_empty() {
            line("", "", String::new(), String::new());
        }
    }
    let bytes = table.into_inner().expect("a list of bytes takes it");
    let text = String::from_utf8(bytes).expect("cells are text");
    // Excel takes a table for UTF-8 by the mark alone.
    if delimiter == b',' { format!("\u{feff}{text}") } else { text }
}
