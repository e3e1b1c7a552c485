//! Analysing while one types, for a model that reads a paragraph in about the time of one frame.
//!
//! At most one request per frame, and one at a time: what was typed while one ran is asked once, with the latest
//! text, when its reply is there.

use std::time::Duration;

use leptos::prelude::*;

use super::analysis::Shown;
use super::engine::Load;
use super::store::Store;

/// How long an analysis may be about an earlier text before the page says so, while one types.
const PATIENCE: Duration = Duration::from_millis(300);

/// A model of at most this many parameters is asked at every change of the text.
const QUICK: usize = 8_000_000;

/// Milliseconds of an analysis that one does not feel between two keys.
const SHORT: f64 = 60.0;

impl Store {
    /// Whether the model in use is asked at every change of the text: a small one, or one that several workers share and that
    /// took little time for the text before.
    pub fn quick(&self) -> bool {
        let small = self.engine.load.with(|load| matches!(load, Load::Ready(info) if info.parameters <= QUICK));
        let shared = |shown: &Shown| shown.analysis.workers > 1 && shown.analysis.milliseconds.forward <= SHORT;
        small || self.analysis.shown.with(|shown| shown.as_ref().is_some_and(|shown| shared(shown)))
    }

    /// Watches the text, and whether the analysis on show keeps up with it.
    pub fn analyse_while_typing(self) {
        Effect::watch(
            move || self.analysis.stale.get(),
            move |stale, _, _| {
                if !stale || !untrack(|| self.quick()) {
                    return self.analysis.behind.set(*stale);
                }
                let tell = move || {
                    if let Some(stale) = self.analysis.stale.try_get_untracked() {
                        self.analysis.behind.try_set(stale);
                    }
                };
                set_timeout(tell, PATIENCE);
            },
            true,
        );
        let text = self.editor.part(|d| (d.question.clone(), d.paragraph.clone()));
        // Read, not just tracked: a memo that nobody reads hears of nothing.
        Effect::watch(move || text.with(|_| ()), move |(), _, _| self.text_changed(), false);
    }

    fn text_changed(self) {
        if !untrack(|| self.quick()) || self.engine.session.with_value(|s| s.frame) {
            return;
        }
        self.engine.session.update_value(|s| s.frame = true);
        request_animation_frame(move || {
            self.engine.session.try_update_value(|s| s.frame = false);
            self.catch_up();
        });
    }

    /// Asks for an analysis of the latest text, unless that is on show, or empty, or something runs: then that is
    /// done first.
    pub(crate) fn catch_up(self) {
        let wanted = untrack(|| self.quick() && self.analysis.stale.get()) && self.text_error().is_none();
        if wanted && self.engine.session.with_value(|s| s.running.is_none()) {
            self.request(true);
        }
    }
}
