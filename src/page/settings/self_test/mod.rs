//! The self-test: whether the engine computes in this browser what it should. It runs when it is asked for, in workers of its
//! own, one after the other, and leaves text, labels and the loaded model alone.

mod browser;
mod report;
mod run;
mod views;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::page::components::clipboard;
use crate::page::state::store::Store;
use crate::self_test::{Row, State, TokenDifference, Why};
use crate::worker::Asker;

/// Name of the saved report.
const FILE: &str = "bioscope-self-test.txt";

/// Every token of a text with what int8 and f32 say of it.
#[derive(Debug, PartialEq)]
pub(crate) struct Differences {
    texts: Vec<String>,
    all: Vec<TokenDifference>,
}

/// What is known of the last run. Copies are handles to the same state, which outlives a change of the language.
#[derive(Clone, Copy)]
pub struct SelfTest {
    rows: RwSignal<Vec<Row>>,
    running: RwSignal<bool>,
    differences: RwSignal<Option<Arc<Differences>>>,
    report: RwSignal<Option<String>>,
    /// The worker that is being asked.
    asker: StoredValue<Option<Asker>, LocalStorage>,
    stopped: StoredValue<bool>,
}

impl SelfTest {
    /// Nothing was tested yet.
    pub fn new() -> SelfTest {
        SelfTest {
            rows: RwSignal::new(Row::all()),
            running: RwSignal::new(false),
            differences: RwSignal::new(None),
            report: RwSignal::new(None),
            asker: StoredValue::new_local(None),
            stopped: StoredValue::new(false),
        }
    }

    /// Ends the worker that is being asked.
    fn close(self) {
        if let Some(asker) = self.asker.try_update_value(Option::take).flatten() {
            asker.close();
        }
    }

    fn stop(self) {
        self.stopped.set_value(true);
        self.close();
    }

    fn count(self, state: State) -> usize {
        self.rows.with(|rows| rows.iter().filter(|row| row.state == state).count())
    }
}

/// The panel, at the foot of the page.
#[component]
pub fn SelfTestPanel(test: SelfTest) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.self_test;
    let press = move |_| match test.running.get_untracked() {
        true => test.stop(),
        false => run::start(store, test),
    };
    let counts = Memo::new(move |_| [State::Passed, State::Failed, State::Skipped].map(|state| test.count(state)));
    let state = move || match (test.running.get(), counts.get()) {
        (true, _) => "running",
        (false, [0, 0, 0]) => "waiting",
        (false, [_, 0, 0]) => "passed",
        (false, [_, 0, _]) => "incomplete",
        _ => "failed",
    };
    let said = move || match (test.running.get(), counts.get()) {
        (false, [0, 0, 0]) => String::new(),
        (true, counts) => words.progress(counts.iter().sum::<usize>(), test.rows.with(Vec::len)),
        (false, [passed, failed, skipped]) => words.verdict(passed, failed, skipped),
    };
    let row = move |row: Row| {
        let detail = match &row.found {
            None => String::new(),
            Some(Ok(found)) => words.found(found),
            Some(Err(Why::Error(error))) => store.words.error(error),
            Some(Err(why)) => words.why(why),
        };
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let (value, limit) = (row.known().map(|found| found.value()), row.known().and_then(|found| found.limit()));
        view! {
            <li data-testid="self-test-row" data-name=row.test.name() data-state=row.state.name() data-value=number(value) data-limit=number(limit)>
                <span class="state">{words.state(row.state)}</span>
                <span><b>{words.title(row.test)}</b>" "<span class="detail">{detail}</span></span>
            </li>
        }
    };
    view! {
        <details class="selftest" data-testid="self-test" data-state=state>
            <summary>{words.heading}</summary>
            <p>{words.intro}</p>
            <div class="tools">
                <button type="button" class="plain" data-testid="self-test-run" on:click=press>
                    {move || if test.running.get() { words.stop } else { words.run }}
                </button>
                <span role="status" data-testid="self-test-verdict">{said}</span>
            </div>
            <ul>{move || test.rows.get().into_iter().map(row).collect_view()}</ul>
            {move || test.differences.get().map(|differences| view! {
                <h3>{words.differences}</h3>
                <div data-testid="self-test-differences" inner_html=views::differences(&differences, &store.words.self_test)></div>
            })}
            {move || test.report.get().map(|report| view! { <Report report /> })}
        </details>
    }
}

/// The report, to copy or to save.
#[component]
fn Report(report: String) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.self_test;
    let copied: RwSignal<Option<bool>> = RwSignal::new(None);
    let report = StoredValue::new(report);
    let copy = move |_| {
        let copying = report.with_value(|text| clipboard::copy(text));
        spawn_local(async move {
            let done = copying.await;
            copied.try_set(Some(done));
        });
    };
    let save = move |_| {
        report.with_value(|text| store.download(FILE, "text/plain", &text.into()));
    };
    let note = move || match copied.get() {
        None => "",
        Some(true) => words.copied,
        Some(false) => words.by_hand,
    };
    view! {
        <h3>{words.report}</h3>
        <p>{words.report_note}</p>
        <div class="tools">
            <button type="button" class="plain" data-testid="self-test-copy" on:click=copy>{words.copy}</button>
            <button type="button" class="plain" data-testid="self-test-save" on:click=save>{words.save}</button>
            <span role="status">{note}</span>
        </div>
        // In English whatever the page speaks: whoever it is sent to shall be able to read it.
        <pre data-testid="self-test-report" lang="en" tabindex="0" role="region" aria-label=words.report>{report.get_value()}</pre>
    }
}
