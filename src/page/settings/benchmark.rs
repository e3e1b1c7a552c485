//! How well the shipped models read, by kind of question: a small chart that is a table, opened from the model menu and
//! from the foot of the page.

use std::cell::RefCell;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::display::format::fixed;
use crate::metrics::benchmark::{FileScores, Kind, of};
use crate::page::components::focus::focus;
use crate::page::state::store::Store;
use crate::worker::protocol::Shipped;

const ID: &str = "model-scores";

thread_local! {
    /// What had the focus when the panel was opened.
    static OPENER: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Whether there is something to show.
pub fn measured(store: Store) -> bool {
    store.engine.shipped.with(|shipped| shipped.iter().any(|model| !model.scores.is_empty()))
}

/// Opens the panel and goes there.
pub fn open(store: Store) {
    OPENER.set(document().active_element());
    store.navigation.benchmark.set(true);
    // It is drawn by then.
    request_animation_frame(|| focus(&format!("#{ID}")));
}

/// A button that opens it.
#[component]
pub fn BenchmarkButton() -> impl IntoView {
    let store = expect_context::<Store>();
    view! {
        <Show when=move || measured(store)>
            <button type="button" class="link" data-testid="open-model-scores" on:click=move |_| open(store)>{store.words.scores.open}</button>
        </Show>
    }
}

/// The panel, while it is open.
#[component]
pub fn BenchmarkPanel() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.scores;
    let close = move || {
        store.navigation.benchmark.set(false);
        if let Some(opener) = OPENER.take() {
            let _ = opener.unchecked_into::<HtmlElement>().focus();
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let models = move || store.engine.shipped.get();
    view! {
        <Show when=move || store.navigation.benchmark.get()>
            <section id=ID class="card benchmark" data-testid=ID tabindex="-1" aria-label=words.heading on:keydown=keys>
                <div class="tools">
                    <h2>{words.heading}</h2>
                    <span class="push"></span>
                    <button type="button" class="icon" title=words.close aria-label=words.close on:click=move |_| close()>"×"</button>
                </div>
                <p class="hint">{words.intro}</p>
                {move || chart(store, &models())}
                <p class="legend small soft" aria-hidden="true">
                    <span><b class="swatch exact"></b>{words.exact}</span>
                    <span><b class="swatch partly"></b>{words.partly}</span>
                    <span><b class="swatch never"></b>{words.never}</span>
                </p>
                {move || models().iter().map(|model| view! { <p class="small">{store.expectation(model)}</p> }).collect_view()}
            </section>
        </Show>
    }
}

fn chart(store: Store, models: &[Shipped]) -> impl IntoView + use<> {
    let words = &store.words.scores;
    // Kinds in the order of the first model that has them.
    let mut kinds: Vec<(Kind, usize)> = Vec::new();
    for scores in models.iter().flat_map(|model| &model.scores).filter(|scores| scores.kind != Kind::Other) {
        if !kinds.iter().any(|(kind, _)| *kind == scores.kind) {
            kinds.push((scores.kind, scores.questions));
        }
    }
    let head = models.iter().map(|model| view! { <th scope="col">{model.title.clone()}</th> }).collect_view();
    let row = |(kind, count): (Kind, usize)| {
        let cells = models.iter().map(|model| cell(store, of(&model.scores, kind))).collect_view();
        view! {
            <tr data-kind=format!("{kind:?}")>
                <th scope="row">{words.kind(kind)}" "<span class="soft small">{words.count(count)}</span></th>
                {cells}
            </tr>
        }
    };
    let rows = kinds.into_iter().map(row).collect_view();
    view! {
        <table>
            <caption class="sr">{words.heading}</caption>
            <thead><tr><th scope="col">{words.questions}</th>{head}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// A bar and its numbers, which say the same to those who do not see it.
fn cell(store: Store, scores: Option<&FileScores>) -> impl IntoView + use<> {
    let words = &store.words.scores;
    let Some(scores) = scores else { return view! { <td class="soft small">{words.unknown}</td> }.into_any() };
    let (exact, partly) = scores.shares();
    let never = scores.no_answer.filter(|_| exact.is_none()).map(|n| n.never);
    let width = |share: f64| format!("{share:.1}%");
    let beside = |name: &'static str, share: f64| {
        view! { <span class="soft"><span class="sr">{format!(", {name} ")}</span>{fixed(share, 1)}</span> }
    };
    view! {
        <td data-exact=exact.map(|e| e.to_string()) data-partly=partly.to_string()>
            <span class="meter" aria-hidden="true">
                <i class="partly" style:width=width(partly)></i>
                {exact.map(|exact| view! { <i class="exact" style:width=width(exact)></i> })}
                {never.map(|never| view! { <i class="never" style:left=width(never)></i> })}
            </span>
            <span class="sr">{words.partly}" "</span><b>{fixed(partly, 1)}</b>" "
            {exact.map(|exact| beside(words.exact, exact))}{never.map(|never| beside(words.never, never))}
        </td>
    }
    .into_any()
}

impl Store {
    /// What becomes of several answers, else nothing.
    fn expectation(&self, model: &Shipped) -> Option<String> {
        let several = of(&model.scores, Kind::Several)?.several?;
        let words = &self.words.scores;
        Some(words.several(&model.title, words.share(several.all), words.share(several.any)))
    }
}
