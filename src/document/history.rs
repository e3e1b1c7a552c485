//! Undo and redo as a list of whole documents: they are small, and nothing can be forgotten.

use super::Document;

/// How many steps back are kept.
const DEPTH: usize = 200;

/// Typing that goes on within this time is one step.
const PAUSE_MS: f64 = 1000.0;

/// What an edit was, so that runs of the same kind of typing become one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Typing in the question.
    Question,
    /// Typing in the paragraph.
    Paragraph,
    /// Typing or stepping a value of annotator `0`, `1`, ...
    Annotator(usize),
    /// Setting t_i of token `0`, `1`, ... directly.
    Direct(usize),
    /// Anything that is a step of its own.
    Step,
}

/// The documents before and after the present one.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<Document>,
    future: Vec<Document>,
    last: Option<(Edit, f64)>,
}

impl History {
    /// Remembers the document as it was before an edit; `now` in milliseconds.
    pub fn record(&mut self, before: &Document, edit: Edit, now: f64) {
        let goes_on = edit != Edit::Step
            && self.last.is_some_and(|(kind, at)| kind == edit && (now - at).abs() <= PAUSE_MS)
            && self.future.is_empty();
        self.last = Some((edit, now));
        if goes_on {
            return;
        }
        self.future.clear();
        self.past.push(before.clone());
        if self.past.len() > DEPTH {
            self.past.remove(0);
        }
    }

    /// Steps back from `present`.
    pub fn undo(&mut self, present: &Document) -> Option<Document> {
        let before = self.past.pop()?;
        self.future.push(present.clone());
        self.last = None;
        Some(before)
    }

    /// Steps forward again.
    pub fn redo(&mut self, present: &Document) -> Option<Document> {
        let after = self.future.pop()?;
        self.past.push(present.clone());
        self.last = None;
        Some(after)
    }

    /// Whether there is a step back, and one forward.
    pub fn reach(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }
}
