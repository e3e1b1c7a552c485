//! The models that the site ships. Their list comes with the page, so that names and sizes are there from the first
//! paint; it is read again from the site, which may hold more of them than this program was built with.

use leptos::prelude::*;

use crate::page::state::engine::Load;
use crate::page::state::store::Store;
use crate::worker::protocol::Shipped;
use crate::worker::site;

/// Name of the user's own files where a model's name is asked for.
pub const OWN: &str = "own";

/// A smaller model is worth an offer when it has at most this share of the bytes.
const MUCH_SMALLER: u64 = 2;

/// The list as it was when this program was built, or that of the single file; the first one is the default.
pub fn built_in() -> Vec<Shipped> {
    let embedded = site::embedded("models/index.json");
    let text = embedded.as_deref().unwrap_or(include_bytes!("../../../static/models/index.json"));
    serde_json::from_slice(text).unwrap_or_default()
}

impl Store {
    /// What is loaded or loading: a shipped model's name, or [`OWN`].
    pub fn model(&self) -> String {
        if self.engine.own.get() { OWN.into() } else { self.editor.document.with(|d| d.model.clone()) }
    }

    /// The entry of a shipped model.
    pub fn entry(&self, name: &str) -> Option<Shipped> {
        self.engine.shipped.with(|shipped| shipped.iter().find(|m| m.name == name).cloned())
    }

    /// Whether a model of that name is shipped.
    pub fn is_shipped(&self, name: &str) -> bool {
        self.engine.shipped.with_untracked(|shipped| shipped.iter().any(|model| model.name == name))
    }

    /// A model's name for people.
    pub fn title(&self, name: &str) -> String {
        match self.entry(name) {
            Some(model) => model.title,
            None if name == OWN => self.words.own_title.into(),
            None => name.into(),
        }
    }

    /// Said of a link that names model `named` while the user's own one is in use, which is in no link.
    pub fn not_in_link(&self, named: &str) -> Option<String> {
        self.engine.own.get().then(|| self.words.sharing.not_own(self.title(named)))
    }

    /// What to expect of the chosen model, in plain words.
    pub fn quality(&self) -> String {
        let name = self.model();
        match self.entry(&name) {
            Some(model) if !model.scores.is_empty() => self.words.scores.expect(&model.title, &model.scores),
            _ => self.words.own_quality(self.title(&name)),
        }
    }

    /// The smallest model, while a much larger one is being downloaded.
    pub fn quicker(&self) -> Option<Shipped> {
        let downloading = self.engine.load.with(|load| matches!(load, Load::Loading(p) if p.stage == "download"));
        let wanted = self.entry(&self.model()).filter(|_| downloading)?;
        let smallest = self.engine.shipped.with(|shipped| shipped.iter().min_by_key(|m| m.bytes()).cloned())?;
        (smallest.bytes().saturating_mul(MUCH_SMALLER) <= wanted.bytes()).then_some(smallest)
    }
}
