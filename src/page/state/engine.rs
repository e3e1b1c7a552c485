//! How far the model is, and what the engine is doing. `session` is the conversation with it.

use leptos::prelude::*;

use crate::page::settings::models;
use crate::worker::protocol::{Info, Progress, Shipped};

use super::session::Session;

/// How far the model is.
#[derive(Clone, Debug, PartialEq)]
pub enum Load {
    /// Nothing has been heard yet.
    Starting,
    /// Bytes arrive.
    Loading(Progress),
    /// It can be asked.
    Ready(Info),
    /// It could not be loaded.
    Failed,
}

/// The engine's signals. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct EngineState {
    /// How far the model is.
    pub load: RwSignal<Load>,
    /// The models that the site ships, the default one first.
    pub shipped: RwSignal<Vec<Shipped>>,
    /// Whether the user's own files are the model, instead of the document's.
    pub own: RwSignal<bool>,
    /// How often a model was chosen.
    pub choices: RwSignal<usize>,
    /// Whether an analysis runs.
    pub busy: RwSignal<bool>,
    /// Whether one is wanted as soon as the model is ready.
    pub queued: RwSignal<bool>,
    pub(crate) session: StoredValue<Session, LocalStorage>,
}

impl EngineState {
    /// Nothing has begun; the list of models came with the page.
    pub fn new() -> EngineState {
        EngineState {
            load: RwSignal::new(Load::Starting),
            shipped: RwSignal::new(models::built_in()),
            own: RwSignal::new(false),
            choices: RwSignal::new(0),
            busy: RwSignal::new(false),
            queued: RwSignal::new(false),
            session: StoredValue::new_local(Session::default()),
        }
    }
}
