//! A token and its label a line, an empty line after every sentence: CoNLL, IOB1, IOB2, BILOU, with tabs or blanks
//! between the columns.
//!
//! Comments `# id = …`, `# question = …`, `# annotator = …` and `# context = …` before a sentence are read, and written
//! where they are needed; a value may be a JSON string. A sentence stands once for every annotator.

use std::collections::BTreeSet;

use super::reader::Reader;
use super::text::Text;
use super::tokens::{Scheme, align, iob2, join, labels, parts, ranges, split};
use super::{Annotator, Notice, Place, Problem, Reason, Record};
use crate::bio::Span;

/// A sentence as it stands in the file.
#[derive(Default)]
struct Sentence<'t> {
    line: usize,
    comments: Vec<(&'t str, String)>,
    rows: Vec<Row<'t>>,
}

/// A token and its labels.
struct Row<'t> {
    line: usize,
    cells: Vec<&'t str>,
}

impl<'t> Row<'t> {
    /// The label in a column, if one stands there.
    fn label(&self, k: usize) -> Option<&'t str> {
        self.cells.get(k).map(|cell| cell.trim()).filter(|cell| parts(cell).is_some())
    }

    /// What is wrong with a row that has no label in a column.
    fn problem(&self, k: usize) -> Problem {
        let label = (*self.cells.get(k).or(self.cells.last()).unwrap_or(&"")).to_owned();
        Problem { place: Some(Place::Line(self.line)), reason: Reason::Label { label }, format: None }
    }
}

impl<'t> Sentence<'t> {
    /// Takes a line that is not empty; lines are counted from 1.
    fn add(&mut self, number: usize, line: &'t str) {
        if self.comments.is_empty() && self.rows.is_empty() {
            self.line = number;
        }
        let row: Vec<&str> =
            if line.contains('\t') { line.split('\t').collect() } else { line.split_whitespace().collect() };
        if row[0] == "-DOCSTART-" {
            return;
        }
        if let Some(comment) = line.strip_prefix("# ").filter(|_| !line.contains('\t')) {
            if let Some((name, value)) = comment.split_once('=') {
                self.comments.push((name.trim(), unquoted(value)));
                return;
            }
            if row.last().is_none_or(|last| parts(last).is_none()) {
                return;
            }
        }
        self.rows.push(Row { line: number, cells: row });
    }

    fn comment(&self, names: &[&str]) -> Option<&str> {
        self.comments.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| &**value)
    }
}

/// The sentences of a file, one after the other: a file is gone through twice rather than held as rows of cells.
fn sentences(input: &str) -> impl Iterator<Item = Sentence<'_>> {
    let mut lines = input.lines().enumerate();
    std::iter::from_fn(move || {
        let mut sentence = Sentence::default();
        let mut any = false;
        for (number, line) in lines.by_ref() {
            any = true;
            if line.trim().is_empty() {
                break;
            }
            sentence.add(number + 1, line);
        }
        any.then_some(sentence)
    })
    .filter(|s| !s.rows.is_empty() || s.comment(&["context"]).is_some())
}

/// A comment's value: a JSON string, else what stands there.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    serde_json::from_str(value).unwrap_or_else(|_| value.to_owned())
}

/// A comment's value as [`unquoted`] gives it back.
fn quoted(value: &str) -> String {
    let plain = value == value.trim() && !value.contains(['\n', '\r', '\t']) && unquoted(value) == value;
    if plain { value.to_owned() } else { serde_json::Value::from(value).to_string() }
}

/// The columns, counted from 0, that hold a label in at least half of the rows: a label that is mistyped in one row does
/// not make another column the one that is meant.
fn label_columns(input: &str) -> Vec<usize> {
    let mut rows = 0;
    let mut labelled: Vec<usize> = Vec::new();
    for row in sentences(input).flat_map(|s| s.rows) {
        rows += 1;
        labelled.resize(labelled.len().max(row.cells.len()), 0);
        (1..row.cells.len()).filter(|&k| row.label(k).is_some()).for_each(|k| labelled[k] += 1);
    }
    (1..labelled.len()).filter(|&k| labelled[k] * 2 >= rows).collect()
}

/// Whether the last column names other kinds of things than the others, as CoNLL-2003's chunks and names do: then it is meant.
fn unrelated(input: &str, columns: &[usize]) -> bool {
    let mut kinds = vec![BTreeSet::new(); columns.len()];
    for row in sentences(input).flat_map(|s| s.rows) {
        for (kinds, &k) in kinds.iter_mut().zip(columns) {
            kinds.extend(row.label(k).and_then(parts).map(|(_, kind)| kind).filter(|kind| !kind.is_empty()));
        }
    }
    let Some((last, others)) = kinds.split_last() else { return false };
    !last.is_empty() && others.iter().all(|other| other.is_disjoint(last))
}

/// The columns of gold labels and of predictions.
fn chosen(input: &str, names: &[String]) -> Result<(usize, Option<usize>), Problem> {
    let columns = label_columns(input);
    let named = |name: &str| names.iter().position(|n| n == name).and_then(|k| columns.get(k)).copied();
    match (columns.len(), named("gold")) {
        (_, Some(gold)) => Ok((gold, named("prediction"))),
        (0, _) => {
            // The first label that is none tells what is wrong.
            let mut rows = sentences(input).flat_map(|s| s.rows);
            let wrong = rows.find(|row| row.cells.len() < 2 || row.label(row.cells.len() - 1).is_none());
            Err(wrong.map_or(Reason::NoRecord.into(), |row| row.problem(row.cells.len() - 1)))
        }
        (1, None) => Ok((columns[0], None)),
        (_, None) if names.is_empty() && unrelated(input, &columns) => Ok((columns[columns.len() - 1], None)),
        (count, None) => Err(Reason::AskColumns { count }.into()),
    }
}

pub(super) fn read(input: &str, reader: &mut Reader<'_>) -> Result<(), Problem> {
    // Without a single row, texts alone, there is no column to choose.
    let gold = match sentences(input).any(|s| !s.rows.is_empty()) {
        true => chosen(input, &reader.options.columns)?.0,
        false => 0,
    };
    let mut scheme = Scheme::default();
    for sentence in sentences(input) {
        let labels = match column(&sentence, gold) {
            Ok(labels) => labels,
            Err(wrong) => {
                reader.take(wrong.place.unwrap_or(Place::Line(sentence.line)), Err(wrong.reason))?;
                continue;
            }
        };
        let tokens: Vec<&str> = sentence.rows.iter().map(|row| row.cells[0]).collect();
        let place = Place::Line(sentence.line);
        let name = sentence.comment(&["annotator"]);
        let context = sentence.comment(&["context", "text"]);
        let part = record(&tokens, &labels, context, &mut scheme, reader);
        let part = part.map(|(text, annotator)| Record {
            id: sentence.comment(&["id", "sent_id"]).unwrap_or_default().into(),
            question: sentence.comment(&["question"]).unwrap_or_default().into(),
            annotators: vec![Annotator { name: name.unwrap_or_default().into(), ..annotator }],
            ..Record::new(place.clone(), String::new(), "", text.text)
        });
        reader.take_part(place, name.is_some(), part)?;
    }
    if let Some(name) = scheme.name() {
        reader.notice(Notice::Scheme { name: name.into() });
    }
    Ok(())
}

/// One annotator's labels of a text's tokens.
pub(super) fn record(
    tokens: &[&str],
    labels: &[&str],
    context: Option<&str>,
    scheme: &mut Scheme,
    reader: &mut Reader<'_>,
) -> Result<(Text, Annotator), Reason> {
    if tokens.len() != labels.len() {
        return Err(Reason::Count { tokens: tokens.len(), labels: labels.len() });
    }
    let (text, places) = match context {
        Some(context) => {
            let text = reader.text(context);
            let places = align(&text, tokens)?;
            (text, places)
        }
        None => {
            let (joined, places) = join(tokens);
            reader.notice(Notice::TokensJoined { count: 1 });
            (reader.text(&joined), places)
        }
    };
    let ranges = ranges(labels, scheme)?;
    ranges.iter().for_each(|(_, _, kind)| reader.kind(kind));
    let span =
        |&(first, last, _): &(usize, usize, &str)| Span { start: places[first].start, end: places[last - 1].end };
    Ok((text, Annotator::new("", ranges.iter().map(span).collect())))
}

/// Every annotator's part of a record, name and spans, as the formats need it that have one row for each; a record that nobody has
/// labelled is one row without either.
pub(super) fn parts_of(record: &Record) -> Vec<(Option<&str>, Option<&[Span]>)> {
    if record.annotators.is_empty() {
        return vec![(None, None)];
    }
    let named = record.annotators.len() > 1 || record.annotators.iter().any(|a| a.name != "1");
    record.annotators.iter().map(|a| (named.then_some(&*a.name), Some(&*a.spans))).collect()
}

pub(super) fn write(records: &[Record]) -> String {
    let mut out = String::new();
    for record in records {
        let text = Text::new(&record.context);
        for (name, spans) in parts_of(record) {
            let spans = spans.unwrap_or_default();
            let tokens = split(&text, spans);
            let mut comment = |name: &str, value: &str| out += &format!("# {name} = {}\n", quoted(value));
            comment("id", &record.id);
            if !record.question.is_empty() {
                comment("question", &record.question);
            }
            name.into_iter().for_each(|name| comment("annotator", name));
            comment("context", &record.context);
            for ((_, token), label) in tokens.iter().zip(labels(&tokens, spans)) {
                out += &format!("{token}\t{label}\n");
            }
            out.push('\n');
        }
    }
    out
}

/// One sentence's gold labels and predictions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledTokens {
    /// As in the column named `gold`.
    pub gold: Vec<String>,
    /// As in the column named `prediction`.
    pub predicted: Vec<String>,
}

/// Both columns of a CoNLL file that holds gold labels and predictions, sentence by sentence; `names` are the names of
/// its columns of labels, from the left. Where the gold labels are IOB1 or BILOU, both columns are put into IOB2.
///
/// # Errors
/// `names` has no `gold` or no `prediction`, there are fewer columns of labels, or a label in one of the two is none.
pub fn labelled_tokens(input: &str, names: &[String]) -> Result<Vec<LabelledTokens>, Problem> {
    let (gold, Some(predicted)) = chosen(input, names)? else {
        return Err(Reason::AskColumns { count: label_columns(input).len() }.into());
    };
    let mut scheme = Scheme::default();
    for sentence in sentences(input) {
        ranges(&column(&sentence, gold)?, &mut scheme)?;
    }
    let labels = |sentence: &Sentence<'_>, k: usize| match scheme.is_iob2() {
        true => Ok::<_, Problem>(column(sentence, k)?.into_iter().map(str::to_owned).collect()),
        false => Ok(iob2(&column(sentence, k)?)?),
    };
    let both = |s: Sentence<'_>| Ok(LabelledTokens { gold: labels(&s, gold)?, predicted: labels(&s, predicted)? });
    sentences(input).map(both).collect()
}

/// A column's labels.
///
/// # Errors
/// The first row that has none there.
fn column<'t>(sentence: &Sentence<'t>, k: usize) -> Result<Vec<&'t str>, Problem> {
    sentence.rows.iter().map(|row| row.label(k).ok_or_else(|| row.problem(k))).collect()
}

/// Whether most lines end in a label.
pub(super) fn looks_like(text: &str) -> bool {
    let lines =
        || text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with("# ") && !l.starts_with("-DOCSTART-"));
    let labelled = |line: &&str| {
        let last = if line.contains('\t') { line.rsplit('\t').next() } else { line.split_whitespace().next_back() };
        line.split_whitespace().count() > 1 && last.is_some_and(|last| parts(last.trim()).is_some())
    };
    let count = lines().take(500).count();
    count > 0 && lines().take(500).filter(labelled).count() * 10 >= count * 9
}
