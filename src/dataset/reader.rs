//! What every format's reader fills: records, problems, notices; and the checks that they share.

use std::collections::HashMap;
use std::mem::discriminant;

use super::text::Text;
use super::{Annotator, Dataset, Format, Notice, Options, Place, Problem, Reason, Record, Unit};
use crate::bio::Span;

/// Collects what is read.
pub(super) struct Reader<'a> {
    pub options: &'a Options,
    dataset: Dataset,
    /// The latest text: records of one paragraph follow each other and share it.
    last: Option<Text>,
    kinds: Vec<String>,
    /// For records that stand once per annotator: the index of each by its id.
    parts: HashMap<String, usize>,
}

/// A span as a file gives it, with whatever it says about the text in it.
pub(super) struct Marked<'a> {
    pub start: i64,
    pub end: i64,
    pub text: Option<&'a str>,
}

impl<'a> Reader<'a> {
    pub fn new(format: Format, options: &'a Options) -> Reader<'a> {
        let dataset = Dataset { format, records: Vec::new(), problems: Vec::new(), notices: Vec::new() };
        Reader { options, dataset, last: None, kinds: Vec::new(), parts: HashMap::new() }
    }

    pub fn format(&self) -> Format {
        self.dataset.format
    }

    pub fn encoding(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.notice(Notice::Encoding { name: name.into() });
        }
    }

    /// How many records cannot be used so far.
    pub fn problems(&self) -> usize {
        self.dataset.problems.len()
    }

    /// Changes what is said about the records that cannot be used, from one of them on.
    pub fn rename_problems(&mut self, from: usize, change: impl Fn(Problem) -> Problem) {
        let changed: Vec<Problem> = self.dataset.problems.drain(from..).map(change).collect();
        self.dataset.problems.extend(changed);
    }

    /// How many records there are so far.
    pub fn records(&self) -> usize {
        self.dataset.records.len()
    }

    /// Says of the records from one of them on which of several files they stand in.
    pub fn place_within(&mut self, from: usize, file: &str) {
        for record in &mut self.dataset.records[from..] {
            if matches!(record.place, Place::Line(_) | Place::Record(_)) {
                record.place = record.place.within(file);
            }
        }
    }

    /// Records of which nothing else is known are counted by this.
    pub fn count(&self) -> usize {
        self.dataset.records.len() + self.dataset.problems.len()
    }

    /// The text, shared with the record before where it is the same.
    pub fn text(&mut self, text: &str) -> Text {
        match &self.last {
            Some(last) if *last.text == *text => last.clone(),
            _ => self.last.insert(Text::new(text)).clone(),
        }
    }

    /// Notes a remark, or counts it once more.
    pub fn notice(&mut self, notice: Notice) {
        match self.dataset.notices.iter_mut().find(|n| discriminant(*n) == discriminant(&notice)) {
            Some(known) => known.more(),
            None => self.dataset.notices.push(notice),
        }
    }

    /// Notes the kind of a label: all kinds count as answers, which is said where there are several.
    pub fn kind(&mut self, kind: &str) {
        if !kind.is_empty() && !self.kinds.iter().any(|known| known == kind) {
            self.kinds.push(kind.into());
        }
    }

    /// Takes a record, or notes why it cannot be taken.
    ///
    /// # Errors
    /// A bad record where the options are strict.
    pub fn take(&mut self, place: Place, record: Result<Record, Reason>) -> Result<(), Problem> {
        match record.and_then(|record| self.checked(record)) {
            Ok(record) => {
                self.dataset.records.push(record);
                Ok(())
            }
            Err(reason) => {
                let problem = Problem { place: Some(place), reason, format: None };
                if self.options.strict {
                    return Err(problem);
                }
                self.dataset.problems.push(problem);
                Ok(())
            }
        }
    }

    /// Takes one annotator's part of a record that may stand several times, once for each annotator.
    ///
    /// # Errors
    /// As [`Reader::take`].
    pub fn take_part(&mut self, place: Place, named: bool, part: Result<Record, Reason>) -> Result<(), Problem> {
        let part = part.map(|record| self.asked(record));
        let Ok(record) = &part else { return self.take(place, part) };
        let known = self.parts.get(&record.id).map(|&k| &self.dataset.records[k]);
        let same = |k: &&Record| k.context == record.context && k.question == record.question;
        if !named || known.filter(same).is_none() {
            let (id, before) = (record.id.clone(), self.dataset.records.len());
            self.take(place, part)?;
            if named && self.dataset.records.len() > before {
                self.parts.insert(id, before);
            }
            return Ok(());
        }
        let index = self.parts[&record.id];
        match part.and_then(|record| self.checked(record)) {
            Ok(record) => {
                for annotator in record.annotators {
                    let known = &mut self.dataset.records[index].annotators;
                    match known.iter_mut().find(|a| a.name == annotator.name) {
                        Some(_) => {
                            return self.take(
                                place,
                                Err(Reason::Fault {
                                    why: format!("annotator {} stands twice in record {}", annotator.name, record.id),
                                }),
                            );
                        }
                        None => known.push(annotator),
                    }
                }
                Ok(())
            }
            Err(reason) => self.take(place, Err(reason)),
        }
    }

    /// The record with the options' question, where it has none.
    fn asked(&self, mut record: Record) -> Record {
        if record.question.is_empty()
            && let Some(question) = &self.options.question
        {
            record.question.clone_from(question);
        }
        record
    }

    /// What holds for every record of every format.
    pub fn checked(&mut self, record: Record) -> Result<Record, Reason> {
        let mut record = self.asked(record);
        if record.id.is_empty() {
            record.id = (self.count() + 1).to_string();
            self.notice(Notice::NoIds { count: 1 });
        }
        if record.context.is_empty() {
            return Err(Reason::NoText);
        }
        let mut total = 0.0;
        for annotator in &mut record.annotators {
            if !(annotator.weight.is_finite() && annotator.weight >= 0.0) {
                return Err(Reason::Weights);
            }
            total += annotator.weight;
            sort(annotator)?;
            annotator.spans.shrink_to_fit();
        }
        let usable = total > 0.0 && total.is_finite();
        if !record.annotators.is_empty() && !usable {
            return Err(Reason::Weights);
        }
        // A list that grew has room for four; most records have one annotator with one span.
        record.annotators.shrink_to_fit();
        record.tell_apart();
        Ok(record)
    }

    /// A span of a text in the unit that the options say, or that the format has.
    ///
    /// # Errors
    /// It is none, or does not hold the text that the file says it does.
    pub fn span(&mut self, text: &Text, marked: &Marked<'_>, own: Unit) -> Result<Span, Reason> {
        let Marked { start, end, text: says } = *marked;
        let unit = self.options.offsets.unwrap_or(own);
        let as_utf16 = || {
            let (start, end) = (text.point_of_utf16(start)?, text.point_of_utf16(end)?);
            text.span(start as i64, end as i64).ok()
        };
        let span = match unit {
            Unit::CodePoints => text.span(start, end),
            Unit::Utf16 => as_utf16().ok_or_else(|| match text.span(start, end) {
                Err(reason) => reason,
                Ok(_) => Reason::CutsCharacter { start, end, at: start },
            }),
        };
        match (span, says) {
            (Ok(span), Some(says)) if text.slice(span) == says => Ok(span),
            (Ok(span), None) => {
                let cuts = |span: Span| text.splits_a_word(span.start) || text.splits_a_word(span.end);
                if self.options.offsets.is_none()
                    && own == Unit::CodePoints
                    && cuts(span)
                    && let Some(other) = as_utf16().filter(|other| *other != span && !cuts(*other))
                {
                    let [now, utf16] = [span, other].map(|span| text.slice(span).to_owned());
                    self.notice(Notice::PerhapsUtf16 { count: 1, now, utf16 });
                }
                Ok(span)
            }
            (Err(reason), None) => Err(reason),
            (_, Some("")) => Err(Reason::EmptySpan { start, end: start }),
            // The file's own text tells the unit, where the options do not.
            (_, Some(says)) if self.options.offsets.is_none() && as_utf16().is_some_and(|s| text.slice(s) == says) => {
                self.notice(Notice::Utf16 { count: 1 });
                as_utf16().ok_or(Reason::EmptySpan { start, end })
            }
            (span, Some(says)) => self.moved(text, start, says, span.err()),
        }
    }

    /// An answer by its text and its start in code points, as SQuAD gives it.
    ///
    /// # Errors
    /// It does not stand there.
    pub fn answer(&mut self, text: &Text, start: i64, says: &str) -> Result<Span, Reason> {
        let length = says.chars().count() as i64;
        if self.options.offsets == Some(Unit::Utf16) {
            let length = says.encode_utf16().count() as i64;
            return self.span(
                text,
                &Marked { start, end: start.saturating_add(length), text: Some(says) },
                Unit::Utf16,
            );
        }
        if says.is_empty() {
            return Err(Reason::EmptySpan { start, end: start });
        }
        match text.says(start, says) {
            Some(span) => text.span(span.start as i64, span.end as i64),
            None => {
                let reason = text.span(start, start.saturating_add(length)).err();
                self.moved(text, start, says, reason)
            }
        }
    }

    /// The only place of an answer that does not stand where the file says, if a repair is asked for.
    fn moved(&mut self, text: &Text, start: i64, says: &str, reason: Option<Reason>) -> Result<Span, Reason> {
        let once = text.find(says).filter(|(_, again)| !again).map(|(span, _)| span);
        match once {
            Some(span) if self.options.repair => {
                let span = text.span(span.start as i64, span.end as i64)?;
                self.notice(Notice::Repaired { count: 1 });
                Ok(span)
            }
            once => Err(match reason {
                Some(reason) if !matches!(reason, Reason::CutsCharacter { .. }) || once.is_none() => reason,
                _ => Reason::NotThere { text: says.into(), start, once: once.map(|span| span.start) },
            }),
        }
    }

    /// The data set, with what is only known at the end.
    ///
    /// # Errors
    /// There was no record at all, good or bad.
    pub fn finish(mut self) -> Result<Dataset, Problem> {
        if self.count() == 0 {
            return Err(Reason::NoRecord.into());
        }
        let records = &self.dataset.records;
        let mut seen: HashMap<&str, &Place> = HashMap::with_capacity(records.len());
        let mut duplicates = None;
        for record in records {
            if let Some(first) = seen.get(record.id.as_str()) {
                match &mut duplicates {
                    None => {
                        let (id, first, again) = (record.id.clone(), (*first).clone(), record.place.clone());
                        duplicates = Some(Notice::DuplicateIds { id, first, again, count: 1 });
                    }
                    Some(notice) => notice.more(),
                }
            } else {
                seen.insert(&record.id, &record.place);
            }
        }
        if !records.is_empty() && records.iter().all(|record| record.question.is_empty()) {
            self.notice(Notice::NoQuestions);
        }
        self.dataset.notices.extend(duplicates);
        if self.kinds.len() > 1 {
            let names = std::mem::take(&mut self.kinds);
            self.dataset.notices.push(Notice::Kinds { names });
        }
        Ok(self.dataset)
    }
}

/// Spans in text order, the same one once; scores go along.
fn sort(annotator: &mut Annotator) -> Result<(), Reason> {
    let spans = &annotator.spans;
    if spans.windows(2).all(|pair| pair[0].end <= pair[1].start) {
        return Ok(());
    }
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|&k| spans[k]);
    order.dedup_by_key(|k| spans[*k]);
    let sorted: Vec<Span> = order.iter().map(|&k| spans[k]).collect();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[1].start < pair[0].end) {
        return Err(Reason::Overlap { a: pair[0].start, b: pair[0].end, c: pair[1].start, d: pair[1].end });
    }
    if annotator.scores.len() == spans.len() {
        annotator.scores = order.iter().map(|&k| annotator.scores[k]).collect();
    }
    annotator.spans = sorted;
    Ok(())
}
