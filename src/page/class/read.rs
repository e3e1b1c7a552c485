//! What the model reads in the class's questions: one after the other, between whatever else the engine is asked.

use std::sync::Arc;

use leptos::prelude::*;

use super::state::ReadQuestion;
use crate::document::{Document, same_text};
use crate::error::Error;
use crate::inference::Analysis;
use crate::page::state::analysis::{Gold, Shown, gold_state};
use crate::page::state::engine::Load;
use crate::page::state::store::Store;
use crate::worker::Event;

/// A question of the class that the engine reads.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request.
    id: u32,
    /// The question's index.
    at: usize,
    /// The question as it was asked.
    question: String,
    /// Its paragraph.
    paragraph: String,
    /// The model that reads it.
    model: String,
}

impl Store {
    /// Asks the engine for the first question that has not been read by the model in use.
    pub(crate) fn read_next_of_class(self) {
        let Load::Ready(info) = self.engine.load.get_untracked() else { return };
        if self.class.reading.with_value(Option::is_some) {
            return;
        }
        let other = |read: &ReadQuestion| read.as_ref().is_ok_and(|shown| shown.model != info.model);
        let unread = |read: &Option<ReadQuestion>| read.as_ref().is_none_or(other);
        let next = self.class.read.with_untracked(|read| read.iter().position(unread));
        let text = next.and_then(|at| {
            let text = |d: &Document| (at, d.question.clone(), d.paragraph.clone());
            self.class.merged.with_untracked(|class| class.questions.get(at).map(text))
        });
        let (Some((at, question, paragraph)), Some(client)) = (text, self.client()) else { return };
        let id = client.analyse(&question, &paragraph);
        self.class.reading.set_value(Some(Asked { id, at, question, paragraph, model: info.model }));
    }

    /// Takes what belongs to the class's questions; gives back what does not.
    pub(crate) fn hear_class(self, event: Event) -> Option<Event> {
        let Some(Asked { id: asked, at, question, paragraph, model }) = self.class.reading.try_get_value().flatten()
        else {
            return Some(event);
        };
        let read = match event {
            Event::Analysed { id, output, .. } if id == asked => Ok(output),
            Event::Failed { error: Error::WorkerDied { .. }, .. } => {
                self.class.reading.set_value(None); // the worker comes back, and then they are asked for again
                return Some(event);
            }
            Event::Failed { id, error } if id == asked => Err(error),
            other => return Some(other),
        };
        self.class.reading.set_value(None);
        // Other files may have come in since: what stands there now may be another question.
        let same = |document: &&Document| same_text(document.text(), (&question, &paragraph));
        let decoder = self
            .class
            .merged
            .with_untracked(|class| class.questions.get(at).filter(same).map(|document| document.decoder));
        if let Some(decoder) = decoder {
            let read = read.map(|output| {
                let analysis = Analysis::new(&paragraph, output, decoder);
                Arc::new(Shown { question, paragraph, analysis, model, stored: false, tuned: 0 })
            });
            self.class.read.update(|all| {
                if let Some(place) = all.get_mut(at) {
                    *place = Some(read);
                }
            });
        }
        self.read_next_of_class();
        None
    }

    /// Has the class's questions read as soon as a model is ready, and again when another one is.
    pub fn follow_class(self) {
        self.merge_handed_in(); // on an earlier visit
        Effect::new(move |_| {
            if self.engine.load.with(|load| matches!(load, Load::Ready(_))) {
                // What one model could not read perhaps another one can.
                self.class.read.update(|all| all.iter_mut().for_each(|read| drop(read.take_if(|read| read.is_err()))));
                self.read_next_of_class();
            }
        });
    }
}

/// A question with what was read in it and what the class says to it.
pub(super) struct Read {
    pub document: Document,
    pub shown: Arc<Shown>,
    pub gold: Option<Arc<Gold>>,
}

/// The class's questions; `None` while one of them is still to be read.
pub(super) fn all_read(store: Store) -> Option<Vec<Read>> {
    let read = store.class.read.get();
    store.class.merged.with(|class| {
        let one = |(document, read): (&Document, Option<ReadQuestion>)| {
            let shown = read?.ok().filter(|shown| shown.paragraph == document.paragraph)?;
            let gold = gold_state(document, Some(&shown)).known();
            Some(Read { document: document.clone(), shown, gold })
        };
        (class.questions.len() == read.len()).then(|| class.questions.iter().zip(read).map(one).collect()).flatten()
    })
}
