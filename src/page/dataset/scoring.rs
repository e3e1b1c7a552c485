//! Scoring: the page's own engine reads one question after the other, between whatever else it is asked.

use std::sync::Arc;

use leptos::prelude::*;

use super::state::Scored;
use crate::dataset::{self, Instance};
use crate::document::same_text;
use crate::error::Error;
use crate::inference::Analysis;
use crate::page::state::engine::Load;
use crate::page::state::store::Store;
use crate::worker::Event;

/// What is still to be read.
#[derive(Clone, Debug)]
pub struct Scoring {
    /// The request under way.
    id: u32,
    /// Its question's index in the file.
    index: usize,
    /// The question as it was asked, with its paragraph.
    text: (String, Arc<str>),
    /// The questions after it, the next one last.
    waiting: Vec<usize>,
    /// The model that all are read by.
    model: String,
}

impl Store {
    /// Scores these questions of the file, in place of the ones before.
    pub fn start_scoring(self, mut questions: Vec<usize>) {
        let Load::Ready(info) = self.engine.load.get_untracked() else { return };
        self.stop_scoring();
        self.keep_question();
        self.dataset.scored.set(Vec::new());
        let decoder = self.editor.document.with_untracked(|d| d.decoder);
        self.dataset.scored_by.set((info.model.clone(), decoder, questions.len()));
        self.dataset.scoring.set(Some(questions.len()));
        questions.reverse();
        self.ask_next(questions, info.model);
    }

    /// Stops; the scores so far stay.
    pub fn stop_scoring(self) {
        let scoring = self.dataset.asked.try_update_value(Option::take).flatten();
        if let (Some(scoring), Some(client)) = (scoring, self.client()) {
            client.cancel(scoring.id);
        }
        self.dataset.scoring.try_set(None);
    }

    fn ask_next(self, mut waiting: Vec<usize>, model: String) {
        let same = matches!(self.engine.load.get_untracked(), Load::Ready(info) if info.model == model);
        let next = waiting.pop().filter(|_| same).and_then(|index| Some((index, self.instance(index)?)));
        let (Some((index, instance)), Some(client)) = (next, self.client()) else {
            self.dataset.asked.set_value(None);
            self.dataset.scoring.try_set(None);
            return;
        };
        let id = client.analyse(&instance.question, &instance.context);
        let text = (instance.question, instance.context);
        self.dataset.asked.set_value(Some(Scoring { id, index, text, waiting, model }));
    }

    /// Takes what belongs to the scoring; gives back what does not.
    pub(crate) fn hear_scoring(self, event: Event) -> Option<Event> {
        let Some(mut scoring) = self.dataset.asked.try_get_value().flatten() else { return Some(event) };
        let score = match event {
            Event::Analysed { id, output, .. } if id == scoring.id => {
                let (question, paragraph) = &scoring.text;
                let same = |now: &Instance| same_text((&now.question, &now.context), (question, paragraph));
                let Some(instance) = self.instance(scoring.index).filter(same) else {
                    // It was edited meanwhile, and is asked anew.
                    scoring.waiting.push(scoring.index);
                    self.ask_next(scoring.waiting, scoring.model);
                    return None;
                };
                // Not the one that is chosen by now: all are decoded alike.
                let decoder = self.dataset.scored_by.with_untracked(|(_, decoder, _)| *decoder);
                dataset::score(&instance, &Analysis::new(&instance.context, output, decoder))
            }
            // The worker comes back, but not the question that it died over.
            Event::Failed { error: Error::WorkerDied { .. }, .. } => {
                self.stop_scoring();
                return Some(event);
            }
            Event::Failed { id, error } if id == scoring.id => Err(error),
            other => return Some(other),
        };
        self.dataset.scored.try_update(|rows| rows.push(Scored { index: scoring.index, score }));
        self.ask_next(scoring.waiting, scoring.model);
        None
    }
}
