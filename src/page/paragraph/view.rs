//! The analysed paragraph in its three views. The tokens are painted as HTML once per analysis and layout;
//! gold labels, selection and the pinned token are patched onto the elements that they concern.

use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

use crate::bio::Decoder;
use crate::display::format::fixed;
use crate::document::{Document, Units, View};
use crate::figure::Frame;
use crate::page::components::focus::{TOKEN, focus};
use crate::page::components::picture::SavePicture;
use crate::page::state::analysis::{Gold, Shown};
use crate::page::state::engine::Load;
use crate::page::state::store::Store;

use super::editor::{self, Editor};
use super::legend::Legend;
use super::render::{self, Scene};
use super::{keyboard, pointer, table};

/// The painted tokens, for patching.
#[derive(Clone, Default)]
pub struct Canvas {
    /// One element per token, in order.
    pub tokens: Vec<Element>,
    gaps: Vec<(usize, Element)>,
    /// What was painted last on each token, so that only changes touch the page.
    painted: Vec<u64>,
    /// Number of the painting: late chunks of an earlier one are dropped.
    painting: u32,
}

/// The canvas of the page's one reading.
pub type CanvasRef = StoredValue<Canvas, LocalStorage>;

/// The part of the page that shows what the model sees.
#[component]
pub fn ParagraphView() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let place: NodeRef<html::Div> = NodeRef::new();
    let canvas: CanvasRef = StoredValue::new_local(Canvas::default());
    let layout = store.editor.part(|d| (view_of(d), d.units, d.fold, d.assignment.hidden));
    let annotators = store.editor.part(|d| d.annotators.len());

    // An analysis of another paragraph does not stand for this one; but while one types, its successor is a moment away.
    let paragraph = store.editor.part(|d| d.paragraph.clone());
    let other_text = Memo::new(move |_| {
        let apart =
            paragraph.with(|text| store.analysis.shown.with(|s| s.as_ref().is_some_and(|s| s.paragraph != *text)));
        apart && !store.editor.editing.get() && !store.quick()
    });
    let height = RwSignal::new(0.0);
    Effect::new(move |_| {
        // The field opens as high as the text that it stands for.
        if let Some(place) = place.get().filter(|_| store.editor.editing.get()) {
            height.set(f64::from(place.offset_height()).max(height.get_untracked()));
        } else {
            height.set(0.0);
        }
    });
    Effect::new(move |_| {
        let (view, units, fold, veiled) = layout.get();
        let other_text = other_text.get();
        store.analysis.shown.with(|shown| match (shown.as_ref().filter(|_| !other_text), place.get()) {
            (Some(shown), Some(place)) => repaint(store, canvas, &place, shown, (view, units, fold, veiled)),
            (None, Some(place)) => {
                hold_focus(&place);
                canvas.update_value(|c| *c = Canvas { painting: c.painting + 1, ..Canvas::default() });
                place.set_text_content(Some(&store.editor.document.with(|d| d.paragraph.clone())));
            }
            _ => {}
        });
    });
    Effect::new(move |_| {
        let gold = store.analysis.gold.get().known();
        patch_gold(canvas, gold.as_deref(), layout.get_untracked().0);
    });
    Effect::new(move |before: Option<Option<(usize, usize)>>| {
        let now = store.editor.selected.get();
        canvas.with_value(|c| {
            set_range(c, before.flatten(), "data-selected", false);
            set_range(c, now, "data-selected", true);
        });
        now
    });
    Effect::new(move |before: Option<Looked>| {
        let now = (store.analysis.focus.get(), store.analysis.pinned.get());
        canvas.with_value(|c| {
            mark(c, before.unwrap_or_default(), false);
            mark(c, now, true);
        });
        now
    });
    pointer::listen(store, canvas);

    let picture = move |frame: Frame| {
        let (shown, gold) = (store.analysis.shown.get_untracked()?, store.analysis.gold.get_untracked().known());
        let (units, fold) = store.editor.document.with_untracked(|d| (d.units, d.fold));
        let (shown, gold) = (&*shown, gold.as_deref());
        Some(Scene { shown, gold, view: View::Bars, units, fold, veiled: false, words }.picture(&frame))
    };
    let counts = move || {
        store.analysis.shown.with(|s| {
            let analysis = s.as_ref().map(|s| &s.analysis);
            analysis.map(|a| words.counts(a.question_tokens, a.paragraph_tokens, a.windows.len())).unwrap_or_default()
        })
    };
    let view_class = move || match layout.get() {
        (View::Text, Units::Words, ..) => "paper text",
        (View::Text, Units::Pieces, ..) => "paper text pieces",
        (View::Bars, Units::Words, ..) => "paper bars",
        (View::Bars, Units::Pieces, ..) => "paper bars pieces",
        (View::Table, ..) => "paper sheet",
    };
    view! {
        <section class="card reading" class:stale=move || store.analysis.behind.get() class:editing=move || store.editor.editing.get() || paragraph.with(|p| p.trim().is_empty())
            class:live=move || store.quick() aria-label=words.text>
            <Toolbar />
            <Editor height />
            <div
                node_ref=place
                class=view_class
                class:marking=move || store.editor.marking.get()
                style:--rows=move || render::lines_of(annotators.get()).to_string()
                role="group"
                tabindex="-1"
                aria-label=words.text
                aria-describedby="reading-keys"
                lang="en"
                dir="auto"
                on:pointerover=move |e| pointer::over(store, &e)
                on:pointerleave=move |_| store.analysis.hovered.set(None)
                on:pointerdown=move |e| pointer::down(store, &e)
                on:click=move |e| pointer::click(store, canvas, &e)
                on:dblclick=move |e| if let Some(span) = token_of(e.target()).and_then(|i| store.analysis.token(i)) { editor::open_at(span) }
                on:keydown=move |e| keyboard::press(store, canvas, &e)
            ></div>
            <Legend />
            <p id="reading-keys" class="hint">{move || if store.editor.editing.get() { words.editing_keys } else { words.text_keys }}</p>
            <div class="note"><span role="status">{move || note(store)}</span><span class="push"></span><span class="counts" inner_html=counts></span><DecoderPicker />
                <SavePicture chart="bars" name=words.figure.bars draw=picture /></div>
            <p class="sr" aria-live="polite">{move || announcement(store)}</p>
        </section>
    }
}

/// The choice of view, units and fold.
#[component]
fn Toolbar() -> impl IntoView {
    let Store { words, editor, .. } = expect_context::<Store>();
    let (view, units, fold) = (editor.part(|d| d.view), editor.part(|d| d.units), editor.part(|d| d.fold));
    let view_button = move |k: usize| {
        let this = [View::Text, View::Bars, View::Table][k];
        view! {
            <button type="button" aria-pressed=move || (view.get() == this).to_string()
                data-view=["text", "bars", "table"][k]
                on:click=move |_| editor.arrange(|d| d.view = this)>{words.views[k]}</button>
        }
    };
    let unit_button = move |k: usize| {
        let this = [Units::Words, Units::Pieces][k];
        view! {
            <button type="button" aria-pressed=move || (units.get() == this).to_string()
                on:click=move |_| editor.arrange(|d| d.units = this)>{words.unit_names[k]}</button>
        }
    };
    view! {
        <div class="tools views">
            <h2 class="sr">{words.text}</h2>
            <div class="seg" role="group" aria-label=words.view>{(0..3).map(view_button).collect_view()}</div>
        </div>
        <div class="tools how">
            <div class="seg" role="group" aria-label=words.units>{(0..2).map(unit_button).collect_view()}</div>
            <button type="button" class="plain" aria-pressed=move || fold.get().to_string()
                disabled=move || view.get() == View::Text
                on:click=move |_| editor.arrange(|d| d.fold = !d.fold)>{words.fold}</button>
        </div>
    }
}

/// The choice of the decoder.
#[component]
fn DecoderPicker() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let decoder = store.editor.part(|d| d.decoder);
    let bias = Memo::new(move |_| store.analysis.shown.with(|shown| shown.as_ref().map_or(0.0, |s| s.analysis.b_bias)));
    let choose = move |event: leptos::ev::Event| {
        if let Ok(decoder) = event_target_value(&event).parse() {
            store.set_decoder(decoder);
        }
    };
    view! {
        <label class="picker">
            <span>{words.decoder}</span>
            <select data-testid="decoder" title=move || words.about(decoder.get(), bias.get()) on:change=choose>
                {Decoder::ALL.map(|d| view! {
                    <option value=d.name() selected=move || decoder.get() == d>{move || words.name_of(d, bias.get())}</option>
                }).collect_view()}
            </select>
        </label>
    }
}

fn note(store: Store) -> String {
    let words = store.words;
    if store.analysis.behind.get() {
        let same = store
            .editor
            .document
            .with(|d| store.analysis.shown.with(|s| s.as_ref().is_some_and(|s| s.paragraph == d.paragraph)));
        return if same || store.editor.editing.get() { words.stale } else { words.unread }.into();
    }
    let soon = store.engine.load.with(|load| *load != Load::Failed);
    store.analysis.shown.with(|shown| match shown {
        None if soon => words.unread.into(),
        None => words.unreadable.into(),
        Some(shown) if shown.stored => words.stored(store.title(&shown.model), soon),
        Some(shown) if shown.tuned > 0 => words.tuned(store.title(&shown.model), shown.tuned),
        Some(shown) if shown.model != store.model() => {
            words.other_model(store.title(&shown.model), store.title(&store.model()), soon)
        }
        Some(shown) => {
            let times = shown.analysis.milliseconds;
            words.took(store.title(&shown.model), fixed(times.tokenize + times.forward + times.decode, 0))
        }
    })
}

/// The model's output is hidden where a link asks for it: then there is only text.
fn view_of(document: &Document) -> View {
    if document.assignment.hidden { View::Text } else { document.view }
}

/// What a screen reader says of the token in focus: what the model reads, how it is labelled, and how much is chosen.
fn announcement(store: Store) -> String {
    let Some(i) = store.analysis.pinned.get() else { return String::new() };
    let gold = store.analysis.gold.get().known();
    let selected = store.editor.selected.get().filter(|(first, last)| first != last);
    store.analysis.shown.with(|shown| {
        let Some((shown, t)) = shown.as_ref().and_then(|s| Some((s, s.analysis.tokens.get(i)?))) else {
            return String::new();
        };
        let mut parts = Vec::new();
        if store.editor.document.with(|d| d.assignment.hidden) {
            parts.push(t.text.clone());
        } else {
            let p = crate::display::format::glance(t.p[t.label.index()]);
            let term = gold.as_ref().and_then(|g| g.loss.terms.get(i));
            parts.push(match term.map(|term| crate::display::format::fixed(*term, 2)) {
                Some(term) => store.words.announce_loss(i + 1, &t.text, t.label, p, term),
                None => store.words.announce(i + 1, &t.text, t.label, p),
            });
        }
        if let Some(gold) = gold.as_ref() {
            // Who labels comes first, by name.
            let row = store.editor.annotator.get();
            let name = store.editor.document.with(|d| d.annotators.get(row).map(|a| a.name.clone()));
            if let Some((name, label)) = name.zip(gold.labels.get(row).and_then(|labels| labels.get(i))) {
                parts.push(format!("{name}: {label}"));
            }
            let others = gold.labels.iter().enumerate().filter(|(other, _)| *other != row);
            let labels: Vec<_> = others.filter_map(|(_, labels)| Some(labels.get(i)?.to_string())).collect();
            if !labels.is_empty() {
                parts.push(store.words.announce_gold(labels.join(" ")));
            }
        }
        if let Some((first, last)) = selected {
            let text = |k: usize| shown.analysis.tokens.get(k).map(|t| t.text.clone()).unwrap_or_default();
            let (first, last) = (first.min(last), first.max(last));
            parts.push(store.words.announce_selected(last - first + 1, text(first), text(last)));
        }
        parts.join("; ")
    })
}

/// Keeps the keyboard in the text while its tokens are painted anew.
fn hold_focus(place: &HtmlElement) {
    if place.contains(document().active_element().as_deref()) {
        let _ = place.focus();
    }
}

fn repaint(
    store: Store,
    canvas: CanvasRef,
    place: &HtmlElement,
    shown: &Arc<Shown>,
    layout: (View, Units, bool, bool),
) {
    let gold = store.analysis.gold.get_untracked().known();
    let (view, units, fold, veiled) = layout;
    let scene = Scene { shown, gold: gold.as_deref(), view, units, fold, veiled, words: store.words };
    let (frame, chunks) = match view {
        View::Table => (table::frame(&scene), table::rows(&scene)),
        View::Text | View::Bars => (String::new(), scene.running_text()),
    };
    hold_focus(place);
    place.set_inner_html(&frame);
    let painted = keys(gold.as_deref(), shown.analysis.tokens.len());
    canvas.update_value(|c| *c = Canvas { painting: c.painting + 1, painted, ..Canvas::default() });
    let painting = canvas.with_value(|c| c.painting);
    append(store, canvas, place.clone(), chunks.into_iter(), painting);
}

/// Appends the next chunk now and the one after it in a later task, so that none takes long.
fn append(store: Store, canvas: CanvasRef, place: HtmlElement, mut chunks: std::vec::IntoIter<String>, painting: u32) {
    if canvas.try_with_value(|c| c.painting) != Some(painting) {
        return;
    }
    let Some(chunk) = chunks.next() else { return };
    let into: Element = place.query_selector("tbody").ok().flatten().unwrap_or_else(|| place.clone().into());
    let _ = into.insert_adjacent_html("beforeend", &chunk);
    if chunks.len() > 0 {
        set_timeout(move || append(store, canvas, place, chunks, painting), Duration::ZERO);
        return;
    }
    let all = |selector: &str| -> Vec<Element> {
        let Ok(list) = place.query_selector_all(selector) else { return Vec::new() };
        (0..list.length()).filter_map(|k| list.get(k)?.dyn_into().ok()).collect()
    };
    let gaps = all("[data-gap]").into_iter().filter_map(|g| Some((g.get_attribute("data-gap")?.parse().ok()?, g)));
    canvas.update_value(|c| {
        c.tokens = all("[data-testid=token]");
        c.gaps = gaps.collect();
    });
    patch_gold(
        canvas,
        store.analysis.gold.get_untracked().known().as_deref(),
        store.editor.document.with_untracked(view_of),
    );
    canvas.with_value(|c| {
        set_range(c, store.editor.selected.get_untracked(), "data-selected", true);
        mark(c, (store.analysis.focus.get_untracked(), store.analysis.pinned.get_untracked()), true);
    });
    if place.matches(":focus").unwrap_or(false) {
        focus(TOKEN);
    }
}

/// The token in the inspector, and the pinned one.
type Looked = (Option<usize>, Option<usize>);

/// Marks them, or takes the marks off: of the focus, and of the one token that the Tab key leads to.
fn mark(canvas: &Canvas, (focus, pinned): Looked, on: bool) {
    set_range(canvas, focus.map(|i| (i, i)), "data-focus", on);
    let pinned = pinned.filter(|i| *i < canvas.tokens.len());
    let Some(token) = pinned.or(focus).and_then(|i| canvas.tokens.get(i)) else { return };
    let _ = match on {
        true => token.set_attribute("data-pinned", &pinned.is_some().to_string()),
        false => token.remove_attribute("data-pinned"),
    };
    let _ = token.set_attribute("tabindex", if on { "0" } else { "-1" });
}

fn set_range(canvas: &Canvas, range: Option<(usize, usize)>, name: &str, on: bool) {
    let Some((first, last)) = range else { return };
    for token in canvas.tokens.iter().take(last + 1).skip(first) {
        let _ = if on { token.set_attribute(name, "") } else { token.remove_attribute(name) };
    }
}

fn keys(gold: Option<&Gold>, count: usize) -> Vec<u64> {
    let gold = gold.filter(|g| g.t.len() == count);
    (0..count).map(|i| gold.map_or(0, |g| key(g, i))).collect()
}

/// A short value that changes when anything shown of a token's gold label changes.
fn key(gold: &Gold, i: usize) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    gold.labels.iter().for_each(|labels| labels[i].hash(&mut hasher));
    gold.t[i].map(f64::to_bits).hash(&mut hasher);
    gold.loss.terms[i].to_bits().hash(&mut hasher);
    gold.term_decimals.hash(&mut hasher);
    hasher.finish()
}

/// An element's style, in the way that the page's Content-Security-Policy allows.
fn dress(element: &Element, style: &str) {
    element.unchecked_ref::<HtmlElement>().style().set_css_text(style);
}

fn patch_gold(canvas: CanvasRef, gold: Option<&Gold>, view: View) {
    canvas.update_value(|canvas| {
        let count = canvas.tokens.len();
        let gold = gold.filter(|g| g.t.len() == count);
        if count == 0 {
            return; // still being painted
        }
        let keys = keys(gold, count);
        for (i, token) in canvas.tokens.iter().enumerate() {
            if canvas.painted.get(i) == Some(&keys[i]) {
                continue;
            }
            match view {
                View::Text => {
                    dress(token, &gold.map(|g| render::underline(g, i)).unwrap_or_default());
                }
                View::Bars => {
                    if let Some(over) = token.last_element_child() {
                        over.set_inner_html(&gold.map(|g| render::bars_overlay(g, i)).unwrap_or_default());
                    }
                }
                View::Table => {
                    let [t, term] = gold.map(|g| table::overlay(g, i)).unwrap_or_default();
                    if let Some(last) = token.last_element_child() {
                        last.set_text_content(Some(&term));
                        if let Some(cell) = last.previous_element_sibling() {
                            cell.set_text_content(Some(&t));
                        }
                    }
                }
            }
        }
        if view == View::Text {
            for (i, gap) in &canvas.gaps {
                if canvas.painted.get(*i) != keys.get(*i) {
                    dress(gap, &gold.map(|g| render::underline_gap(g, *i)).unwrap_or_default());
                }
            }
        }
        canvas.painted = keys;
    });
}

/// Shows what a fold hides; `button` stands in the running text or in a row of its own. The focus goes to what was hidden.
pub fn unfold(button: &Element) {
    let first;
    if let Some(rows) = button.get_attribute("data-rows").and_then(|n| n.parse::<usize>().ok()) {
        let Ok(Some(row)) = button.closest("tr") else { return };
        first = row.next_element_sibling();
        let mut next = first.clone();
        for _ in 0..rows {
            let Some(token) = next else { break };
            let _ = token.remove_attribute("hidden");
            next = token.next_element_sibling();
        }
        row.remove();
    } else {
        let folded = button.next_element_sibling();
        first = folded.as_ref().and_then(|folded| folded.query_selector(".t").ok().flatten());
        if let Some(folded) = folded {
            let _ = folded.remove_attribute("hidden");
        }
        button.remove();
    }
    if let Some(first) = first {
        let _ = first.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Makes token `i` visible if a fold hides it.
pub fn reveal(token: &Element) {
    let hidden = token.closest("[hidden]").ok().flatten();
    let Some(hidden) = hidden else { return };
    let mut before = hidden.previous_element_sibling();
    while let Some(element) = before {
        if let Ok(Some(button)) = element.query_selector("button.more") {
            return unfold(&button);
        }
        if element.matches("button.more").unwrap_or(false) {
            return unfold(&element);
        }
        before = element.previous_element_sibling();
    }
}

/// Index of the token that an event is about.
pub fn token_of(target: Option<EventTarget>) -> Option<usize> {
    let element: &Element = target.as_ref()?.dyn_ref()?;
    element.closest("[data-testid=token]").ok()??.get_attribute("data-index")?.parse().ok()
}
