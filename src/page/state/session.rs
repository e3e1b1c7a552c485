//! The conversation with the engine: loading, asking, cancelling, and restarting it after a crash.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::document::same_text;
use crate::error::Error;
use crate::inference::Analysis;
use crate::worker::protocol::Info;
use crate::worker::{self, Client, Dense, Event, Hidden, site};

use super::analysis::{Inside, Shown};
use super::engine::Load;
use super::store::Store;

/// How often a worker is started again before the page gives up.
const ATTEMPTS: u32 = 3;

/// What is under way. Kept at the app's root, so replies can come whenever they like.
#[derive(Clone, Default)]
pub struct Session {
    client: Option<Client>,
    loading: u32,
    dense: Option<Arc<Dense>>,
    pub(crate) running: Option<Running>,
    /// Whether the next frame looks at the text, see `analyse_while_typing.rs`.
    pub(crate) frame: bool,
    /// How often the worker has died since it last read something.
    crashes: u32,
    /// Asks somebody else than the engine to read the document: the learner, once its model has changed.
    pub(crate) reader: Option<Rc<dyn Fn()>>,
    own: Option<OwnFiles>,
    loaded: Option<Loaded>,
}

/// The model that the worker has: it keeps it when another one cannot be loaded.
#[derive(Clone)]
struct Loaded {
    info: Info,
    own: Option<OwnFiles>,
    /// The model that the document named then.
    name: String,
}

/// The user's own model files, kept for a restart.
#[derive(Clone)]
pub enum OwnFiles {
    /// The three files.
    Three {
        /// The weight file.
        weights: js_sys::Uint8Array,
        /// config.json.
        config: js_sys::Uint8Array,
        /// tokenizer.json.
        tokenizer: js_sys::Uint8Array,
    },
    /// One archive of them, as the page saves a tuned model.
    Archive(js_sys::Uint8Array),
}

/// An analysis under way.
#[derive(Clone)]
pub(crate) struct Running {
    id: u32,
    question: String,
    paragraph: String,
    model: String,
}

impl Store {
    /// Starts the worker and loads the document's model.
    pub fn start_engine(self) {
        match Client::start(worker::wanted_workers(), move |event| self.on_event(event)) {
            Ok(client) => {
                self.engine.session.update_value(|s| s.client = Some(client));
                self.load_model();
            }
            Err(error) => self.fail(error),
        }
        if site::single() {
            return; // its list of models came with it
        }
        spawn_local(async move {
            let list = site::text("models/index.json").await;
            if let Some(shipped) = list.ok().and_then(|list| serde_json::from_str(&list).ok()) {
                self.engine.shipped.try_set(shipped);
            }
        });
    }

    /// Loads another shipped model; text and labels stay, and the text is read again by it.
    pub fn choose_model(self, name: &str) {
        self.editor.arrange(|d| d.model = name.into());
        self.engine.own.set(false);
        self.engine.session.update_value(|s| s.own = None);
        self.change_model();
    }

    /// Loads the user's own files.
    pub fn choose_own(self, files: OwnFiles) {
        self.engine.own.set(true);
        self.engine.session.update_value(|s| s.own = Some(files));
        self.change_model();
    }

    fn change_model(self) {
        self.engine.choices.update(|n| *n += 1);
        self.engine.session.update_value(|s| s.reader = None);
        self.error.set(None);
        self.engine.queued.set(true);
        if self.engine.load.get_untracked() == Load::Failed {
            // Perhaps it was the worker that failed, not the model.
            self.engine.session.update_value(|s| s.crashes = 0);
            return self.restart();
        }
        self.load_model();
    }

    /// Loads what is chosen, again after a failure.
    pub fn load_model(self) {
        self.stop_running();
        if let (Load::Starting | Load::Loading(_), Some(client)) = (self.engine.load.get_untracked(), self.client()) {
            // Nobody waits for the earlier one any more, and its download would hold this one up.
            client.cancel(self.engine.session.with_value(|s| s.loading));
        }
        self.engine.load.set(Load::Starting);
        let Some(client) = self.client() else { return };
        let id = load(self, &client);
        self.engine.session.update_value(|s| s.loading = id);
    }

    /// Asks for an analysis of the document; one that still runs is stopped, and while the model loads
    /// the request is kept.
    pub fn analyse(self) {
        if let Some(error) = self.text_error() {
            return self.error.set(Some(error));
        }
        self.error.set(None);
        self.editor.editing.set(false);
        match self.engine.load.get_untracked() {
            Load::Ready(_) => self.request(false),
            Load::Failed => self.try_again(),
            _ => self.engine.queued.set(true),
        }
    }

    /// Whether the document's text is being analysed, or will be as soon as the model is there.
    pub(crate) fn asked(self) -> bool {
        let current = |r: &Running| self.is_current(r);
        self.engine.queued.get_untracked()
            || self.engine.session.with_value(|s| s.running.as_ref().is_some_and(current))
    }

    /// Whether an analysis is of the document's text as it is now.
    fn is_current(self, running: &Running) -> bool {
        self.editor.document.with_untracked(|d| same_text((&running.question, &running.paragraph), d.text()))
    }

    /// What keeps the document's text from being analysed.
    pub(crate) fn text_error(self) -> Option<Error> {
        let empty = |text: &str| text.trim().is_empty();
        self.editor.document.with_untracked(|d| match (empty(&d.question), empty(&d.paragraph)) {
            (true, _) => Some(Error::EmptyQuestion),
            (_, true) => Some(Error::EmptyParagraph),
            _ => None,
        })
    }

    /// Sends the document's text to the model that is ready. `quietly`: it will not take long enough to speak of it.
    pub(crate) fn request(self, quietly: bool) {
        let Load::Ready(info) = self.engine.load.get_untracked() else { return };
        self.stop_running();
        if let Some(read) = self.engine.session.with_value(|s| s.reader.clone()) {
            return read();
        }
        let Some(client) = self.client() else { return };
        self.engine.busy.set(!quietly);
        let (question, paragraph) = self.editor.document.with_untracked(|d| (d.question.clone(), d.paragraph.clone()));
        let id = client.analyse(&question, &paragraph);
        self.engine.session.update_value(|s| s.running = Some(Running { id, question, paragraph, model: info.model }));
    }

    /// After a failure: a fresh worker, the model again, then the analysis.
    pub fn try_again(self) {
        self.error.set(None);
        self.engine.queued.set(true);
        self.engine.session.update_value(|s| s.crashes = 0);
        self.restart();
    }

    /// Whether the engine has been started.
    pub(crate) fn is_started(self) -> bool {
        self.client().is_some()
    }

    pub(crate) fn client(self) -> Option<Client> {
        self.engine.session.with_value(|s| s.client.clone())
    }

    fn stop_running(self) {
        let running = self.engine.session.try_update_value(|s| s.running.take()).flatten();
        if let (Some(running), Some(client)) = (running, self.client()) {
            client.cancel(running.id);
        }
        self.engine.busy.set(false);
    }

    /// The listener: replies to anything but the latest request are dropped.
    fn on_event(self, event: Event) {
        if matches!(event, Event::Analysed { .. }) {
            // Not as soon as a model is there: the next text may be what the worker dies of.
            self.engine.session.try_update_value(|s| s.crashes = 0);
        }
        // Each takes what it has asked for.
        let Some(event) = self.hear_class(event).and_then(|event| self.hear_scoring(event)) else { return };
        match event {
            Event::Progress { id, progress } => {
                if self.engine.session.try_with_value(|s| s.loading) != Some(id) {
                    return;
                }
                if self.engine.load.try_get_untracked().is_some_and(|l| matches!(l, Load::Starting | Load::Loading(_)))
                {
                    self.engine.load.try_set(Load::Loading(progress));
                }
            }
            Event::Ready { id, info, dense } => {
                if self.engine.session.try_with_value(|s| s.loading) != Some(id) {
                    // Nobody waits for it any more, and yet it is what the worker has.
                    self.engine.session.try_update_value(|s| s.loaded = None);
                    return;
                }
                self.engine.session.update_value(|s| s.dense = Some(dense.into()));
                // Asked for by an empty name, the default one tells its own.
                if !self.engine.own.get_untracked() && self.editor.document.with_untracked(|d| d.model != info.model) {
                    self.editor.arrange(|d| d.model = info.model.clone());
                }
                let name = self.editor.document.with_untracked(|d| d.model.clone());
                self.engine.session.update_value(|s| {
                    s.loaded = Some(Loaded { info: info.clone(), own: s.own.clone(), name });
                });
                self.engine.load.try_set(Load::Ready(info));
                self.after_loading();
            }
            Event::Analysed { id, output, hidden } => {
                let running = self.engine.session.try_with_value(|s| s.running.clone()).flatten();
                let Some(running) = running.filter(|r| r.id == id) else { return };
                let decoder = self.editor.document.with_untracked(|d| d.decoder);
                let started = js_sys::Date::now();
                let mut analysis = Analysis::new(&running.paragraph, output, decoder);
                analysis.milliseconds.decode = js_sys::Date::now() - started;
                // Drawn in a task of its own: together they would keep the page's thread long.
                set_timeout(move || self.show_output(id, analysis, hidden), Duration::ZERO);
            }
            Event::Failed { id, error } => self.on_failure(id, error),
            _ => {} // not asked of this worker
        }
    }

    /// Shows what was read, unless something else was asked for since.
    fn show_output(self, id: u32, analysis: Analysis, hidden: Hidden) {
        let running = self.engine.session.try_with_value(|s| s.running.clone()).flatten();
        let Some(running) = running.filter(|r| r.id == id) else { return };
        self.engine.session.update_value(|s| s.running = None);
        self.engine.busy.try_set(false);
        let Running { question, paragraph, model, .. } = running;
        let Some(dense) = self.engine.session.with_value(|s| s.dense.clone()) else { return };
        self.show(Shown { question, paragraph, analysis, model, stored: false, tuned: 0 }, Inside { hidden, dense });
        if self.error.with_untracked(|f| f.as_ref().is_some_and(Error::is_about_the_text)) {
            self.error.try_set(None);
        }
        self.catch_up();
    }

    fn on_failure(self, id: u32, error: Error) {
        let (loading, running) =
            self.engine.session.try_with_value(|s| (s.loading, s.running.as_ref().map(|r| r.id))).unwrap_or_default();
        match error {
            Error::WorkerDied { .. } => {
                let crashes = self.engine.session.try_update_value(|s| {
                    s.crashes += 1;
                    s.crashes
                });
                // What was running is asked again once the model is back.
                if running.is_some() {
                    self.engine.queued.try_set(true);
                }
                self.engine.session.update_value(|s| s.running = None);
                self.engine.busy.try_set(false);
                if crashes.is_some_and(|crashes| crashes < ATTEMPTS) {
                    self.error.try_set(Some(error));
                    self.engine.load.try_set(Load::Starting);
                    // Not now: this very call may come from a closure that a restart drops.
                    set_timeout(move || self.restart(), Duration::from_millis(400));
                } else {
                    self.fail(error);
                }
            }
            Error::Aborted => {}
            // A name from an earlier visit may be gone; an empty one means the default.
            Error::UnknownModel { .. }
                if id == loading && !self.editor.document.with_untracked(|d| d.model.is_empty()) =>
            {
                self.error.try_set(Some(error));
                let default =
                    self.engine.shipped.with_untracked(|s| s.first().map(|m| m.name.clone()).unwrap_or_default());
                let known = self.editor.document.with_untracked(|d| d.model != default);
                self.editor.arrange(|d| d.model = if known { default } else { String::new() });
                self.load_model();
            }
            error if id == loading => self.stay(error),
            error if id == 0 || Some(id) == running => {
                self.error.try_set(Some(error));
                if Some(id) == running {
                    let asked = self.engine.session.try_update_value(|s| s.running.take()).flatten();
                    self.engine.busy.try_set(false);
                    if asked.is_some_and(|asked| !self.is_current(&asked)) {
                        self.catch_up();
                    }
                }
            }
            _ => {}
        }
    }

    fn restart(self) {
        self.engine.session.update_value(|s| s.loaded = None);
        let restarted =
            self.client().map_or_else(|| Err(Error::WorkerDied { why: String::new() }), |client| client.restart());
        match restarted {
            Ok(()) => self.load_model(),
            Err(error) => self.fail(error),
        }
    }

    /// The chosen model is not to be had: the page stays with the one before, if there is one.
    fn stay(self, error: Error) {
        let Some(Loaded { info, own, name }) = self.engine.session.with_value(|s| s.loaded.clone()) else {
            return self.fail(error);
        };
        self.engine.own.set(own.is_some());
        self.engine.session.update_value(|s| s.own = own);
        self.editor.arrange(|d| d.model = name);
        self.engine.load.set(Load::Ready(info));
        if self.engine.queued.get_untracked() && self.text_error().is_none() {
            self.request(false);
        }
        self.engine.queued.set(false);
        self.error.set(Some(error));
    }

    /// The model is not to be had.
    fn fail(self, error: Error) {
        self.engine.load.try_set(Load::Failed);
        self.error.try_set(Some(error));
    }

    /// The model has arrived: do what is waiting. An analysis that came with the page, or with no
    /// analysis at all, is computed now; typing that nobody asked to analyse is left alone.
    fn after_loading(self) {
        if self.error.with_untracked(|f| matches!(f, Some(Error::WorkerDied { .. }))) {
            self.error.set(None);
        }
        let wanted = self.engine.queued.get_untracked();
        self.engine.queued.set(false);
        let computed = self.analysis.shown.with_untracked(|s| s.as_ref().is_some_and(|s| !s.stored));
        if self.text_error().is_none() && (wanted || (!computed && !self.analysis.stale.get_untracked())) {
            self.request(false); // what the page has said meanwhile, of a damaged link perhaps, stays
        }
        self.catch_up();
    }
}

/// Asks a worker to load the model that is chosen; returns the request's number.
pub(crate) fn load(store: Store, client: &Client) -> u32 {
    let name = store.editor.document.with_untracked(|d| d.model.clone());
    // Sending gives the buffers away: send copies.
    let copy = |file: &js_sys::Uint8Array| file.slice(0, u32::MAX);
    match store.engine.session.with_value(|s| s.own.clone()) {
        Some(OwnFiles::Three { weights, config, tokenizer }) => {
            client.load_own(copy(&weights), copy(&config), copy(&tokenizer))
        }
        Some(OwnFiles::Archive(archive)) => client.load_archive(copy(&archive)),
        None => client.load(&name),
    }
}
