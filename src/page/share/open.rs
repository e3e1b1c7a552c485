//! Opening a link: what it holds takes the place of the document, and the one before is an undo away.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::document::link::{self, Linked};
use crate::document::{Document, Edit};
use crate::exercise;
use crate::page::state::navigation::Place;
use crate::page::state::store::Store;
use crate::page::state::{examples, storage};

impl Store {
    /// Opens the link in the page's address, if there is one, and takes it out of the address: the document is the
    /// user's from then on, and a reload shall not bring the link's back over it.
    pub fn open_address(self) {
        let address = window().location().href().unwrap_or_default();
        if link::holds(&address)
            && self.open_link(&address)
            && let Some(place) = address.split_once(link::PLACE).and_then(|(_, name)| Place::named(name))
        {
            self.navigation.open_of_link(place, None);
        }
    }

    /// `false`: it is damaged, and the page stays as it is.
    fn open_link(self, address: &str) -> bool {
        if let (Ok(history), Some((plain, _))) = (window().history(), address.split_once('#')) {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(plain));
        }
        let before = self.editor.document.get_untracked();
        // What the link itself says of the model; it may say nothing.
        let unnamed = Document { model: String::new(), ..before.clone() };
        let linked = match link::open(&unnamed, address) {
            Ok(linked) => linked,
            Err(error) => {
                self.error.set(Some(error));
                self.navigation.open_of_link(self.navigation.place.get_untracked(), None);
                return false;
            }
        };
        self.navigation.enter(Place::Read, None);
        let mut document = match linked {
            Linked::Document(document) => document,
            Linked::Set(set) => {
                self.error.set(None);
                self.open_set(set);
                return true;
            }
        };
        self.close_set();
        if document.assignment.guided {
            exercise::prepare(&mut document, self.words.guide.annotators.map(String::from));
            if self.is_shipped(exercise::MODEL) {
                document.model = exercise::MODEL.into();
            }
        }
        // Not by the name that the document had: the user's own files may be in use under it.
        let other_model = !document.model.is_empty() && document.model != untrack(|| self.model());
        if document.model.is_empty() {
            document.model.clone_from(&before.model);
        }
        storage::keep_before(&before);
        storage::save(&document);
        self.error.set(None);
        self.analysis.shown.set(examples::stored(&document).map(Arc::new));
        self.editor.edit(Edit::Step, |d| *d = document);
        self.editor.annotator.set(0);
        self.editor.link_opened.set(true);
        self.analyse_opened(other_model);
        true
    }

    /// Analyses a document that was opened, by the model that it names.
    pub fn analyse_opened(self, other_model: bool) {
        if !self.is_started() {
            self.engine.queued.set(true); // the engine starts later, with that model
        } else if other_model {
            self.choose_model(&self.editor.document.with_untracked(|d| d.model.clone()));
        } else {
            self.analyse();
        }
    }
}
