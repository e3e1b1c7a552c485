//! Labels: marking spans, single labels, t_i set directly, and what all of it is on an analysis' tokens.

use super::{Annotator, Direct, Document, overlap, trimmed};
use crate::bio::{self, Dist, GoldError, Label, Span};
use crate::error::Error;
use crate::inference::Analysis;

impl Annotator {
    /// Of every token the label.
    ///
    /// # Errors
    /// As [`bio::labels_from_spans`].
    pub fn labels(&self, tokens: &[Span]) -> Result<Vec<Label>, GoldError> {
        let mut labels = bio::labels_from_spans(tokens, &self.spans)?;
        for (label, token) in labels.iter_mut().zip(tokens) {
            if *label == Label::O && self.stray.iter().any(|stray| overlap(*stray, *token)) {
                *label = Label::I;
            }
        }
        Ok(labels)
    }
}

impl Document {
    /// Marks a span for an annotator. Spans of the same annotator that overlap it give way.
    pub fn mark(&mut self, row: usize, span: Span) {
        if span.start >= span.end {
            return;
        }
        self.unmark_stray(row, span);
        let Some(annotator) = self.annotators.get_mut(row) else { return };
        annotator.spans.retain(|s| !overlap(*s, span));
        annotator.spans.push(span);
        annotator.spans.sort_unstable();
    }

    /// Begins an answer at `span`: one that it lies in ends before it, and the rest of that one is an answer of its own.
    pub fn begin(&mut self, row: usize, span: Span) {
        let Some(annotator) = self.annotators.get(row) else { return };
        let open = annotator.spans.iter().find(|s| overlap(**s, span)).copied().unwrap_or(span);
        self.mark(row, Span { start: span.start, end: open.end.max(span.end) });
        let units: Vec<u16> = self.paragraph.encode_utf16().collect();
        if let Some(before) = trimmed(&units, Span { start: open.start, end: span.start }) {
            self.mark(row, before);
        }
    }

    /// Labels `span` I: the span that it lies in, or that ends on the token `previous` before it, goes on over it.
    /// Without one it stays an I without a beginning, as does a span that begins there.
    pub fn inside(&mut self, row: usize, previous: Option<Span>, span: Span) {
        let Some(annotator) = self.annotators.get(row) else { return };
        let open =
            |s: &&Span| s.start < span.start && (overlap(**s, span) || previous.is_some_and(|p| overlap(**s, p)));
        if let Some(open) = annotator.spans.iter().find(open).copied() {
            return self.mark(row, Span { start: open.start, end: open.end.max(span.end) });
        }
        let begun: Vec<Span> = annotator.spans.iter().filter(|s| overlap(**s, span)).copied().collect();
        let end = begun.iter().map(|s| s.end).fold(span.end, usize::max);
        let stray = Span { start: span.start, end };
        self.unmark(row, stray);
        let Some(annotator) = self.annotators.get_mut(row) else { return };
        annotator.stray.push(stray);
        annotator.stray.sort_unstable();
    }

    /// Takes the labels off a range: spans inside it go, spans that reach out of it keep the rest.
    pub fn unmark(&mut self, row: usize, range: Span) {
        self.unmark_stray(row, range);
        let units: Vec<u16> = self.paragraph.encode_utf16().collect();
        if let Some(annotator) = self.annotators.get_mut(row) {
            without(&mut annotator.spans, range, &units);
        }
    }

    fn unmark_stray(&mut self, row: usize, range: Span) {
        let units: Vec<u16> = self.paragraph.encode_utf16().collect();
        if let Some(annotator) = self.annotators.get_mut(row) {
            without(&mut annotator.stray, range, &units);
        }
    }

    /// Replaces all annotators by three of these names, of whom two mark `span` and one says that there is no answer:
    /// the exercise's (2/3, 0, 1/3).
    pub fn two_of_three(&mut self, span: Span, names: [String; 3]) {
        self.annotators.clear();
        self.direct.clear();
        for (row, name) in names.iter().enumerate() {
            self.add_annotator(name);
            if row < 2 {
                self.mark(row, span);
            }
        }
    }

    /// Sets t_i of the token at `token`, or with `None` gives it back to the annotators.
    pub fn set_direct(&mut self, token: Span, t: Option<Dist>) {
        self.direct.retain(|d| (d.start, d.end) != (token.start, token.end));
        if let Some(t) = t {
            self.direct.push(Direct { start: token.start, end: token.end, t });
            self.direct.sort_by_key(|d| d.start);
        }
    }

    /// Whether anything says what t is.
    pub fn is_labelled(&self) -> bool {
        !(self.annotators.is_empty() && self.direct.is_empty())
    }

    /// Every annotator's label of every token of an analysis of this very paragraph.
    pub fn labels(&self, analysis: &Analysis) -> Result<Vec<Vec<Label>>, Error> {
        let tokens: Vec<Span> = analysis.tokens.iter().map(|t| Span { start: t.start, end: t.end }).collect();
        self.annotators.iter().map(|annotator| Ok(annotator.labels(&tokens)?)).collect()
    }

    /// t_i of every token, from what [`Document::labels`] gave: the annotators' weighted mean (O without annotators), or what was
    /// set directly.
    pub fn mean(&self, labels: &[Vec<Label>], analysis: &Analysis) -> Result<Vec<Dist>, Error> {
        let weights: Vec<f64> = self.annotators.iter().map(|a| a.weight).collect();
        let mut t = match labels {
            [] => vec![Label::O.one_hot(); analysis.tokens.len()],
            labels => bio::mean_labels(labels, Some(&weights))?,
        };
        for direct in &self.direct {
            // In text order, so that a token is found by its start.
            let found = analysis.tokens.binary_search_by_key(&direct.start, |token| token.start);
            if let Some(i) = found.ok().filter(|&i| analysis.tokens[i].end == direct.end) {
                t[i] = direct.t;
            }
        }
        Ok(t)
    }

    /// The t_i that was set directly for a token.
    pub fn direct_at(&self, token: Span) -> Option<Dist> {
        self.direct.iter().find(|d| (d.start, d.end) == (token.start, token.end)).map(|d| d.t)
    }
}

/// Cuts `range` out of spans.
fn without(spans: &mut Vec<Span>, range: Span, units: &[u16]) {
    let rest = |s: &Span| {
        if !overlap(*s, range) {
            return vec![*s];
        }
        let left = Span { start: s.start, end: range.start.max(s.start) };
        let right = Span { start: range.end.min(s.end), end: s.end };
        [left, right].into_iter().filter_map(|part| trimmed(units, part)).collect()
    };
    *spans = spans.iter().flat_map(rest).collect();
}
