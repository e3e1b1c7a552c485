//! t_i of one token set directly: a triangle whose corners are B, I and O, with p_i and t_i in it, and one field per class.

use std::fmt::Write;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::bio::{self, Dist, Label};
use crate::display::format::fraction;
use crate::exercise;
use crate::figure::Frame;
use crate::figure::simplex::{CORNERS, SIZE, Simplex, grid, point};
use crate::page::components::picture::SavePicture;
use crate::page::state::store::Store;

/// The token in focus: its number, p_i, t_i, and whether t_i was set directly.
fn token(store: Store) -> Option<(usize, Dist, Dist, bool)> {
    let (i, token) = store.analysis.focused()?;
    let t = store.analysis.gold.get().known().and_then(|gold| gold.t.get(i).copied());
    let direct = store.editor.document.with(|d| d.direct_at(token.span()).is_some());
    Some((i, token.p, t.unwrap_or(Label::O.one_hot()), direct))
}

/// The control, closed until it is wanted.
#[component]
pub fn SetGold() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let now = Memo::new(move |_| token(store));
    let dragging = RwSignal::new(false);
    // The field in which something was typed that is no share.
    let wrong = RwSignal::new(None::<Label>);
    let drawing = move || now.get().map(|(_, p, t, _)| drawing(&p, &t)).unwrap_or_default();
    let drag = move |event: &ev::PointerEvent| {
        let Some((i, ..)) = now.get_untracked() else { return };
        let target = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let Some(place) = target.map(|t| t.get_bounding_client_rect()).filter(|r| r.width() > 0.0) else { return };
        let x = (f64::from(event.client_x()) - place.left()) / place.width() * SIZE.0;
        let y = (f64::from(event.client_y()) - place.top()) / place.height() * SIZE.1;
        wrong.set(None);
        store.set_direct(i, Some(bio::in_twelfths(&shares(x, y))));
    };
    let down = move |event: ev::PointerEvent| {
        event.prevent_default();
        if let Some(target) = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        dragging.set(true);
        drag(&event);
    };
    let moved = move |event: ev::PointerEvent| {
        if dragging.get_untracked() {
            drag(&event);
        }
    };
    let field = move |label: Label| {
        let j = label.index();
        let value = move || now.get().map(|(_, _, t, _)| exact(t[j])).unwrap_or_default();
        let change = move |event: ev::Event| {
            let Some((i, _, t, _)) = now.get_untracked() else { return };
            let share = exercise::number(&event_target_value(&event)).filter(|share| (0.0..=1.0).contains(share));
            wrong.set(share.is_none().then_some(label));
            if let Some(share) = share {
                store.set_direct(i, Some(bio::with_share(&t, label, share)));
            }
        };
        view! {
            <label><span><var>"t"</var><sub>{label.letter()}</sub></span>
                <input type="text" inputmode="decimal" data-testid="gold-share" data-class=label.letter() aria-label=words.gold_share(label)
                    aria-invalid=move || (wrong.get() == Some(label)).to_string() prop:value=value on:change=change /></label>
        }
    };
    let direct = move || now.get().is_some_and(|(.., direct)| direct);
    let picture = move |frame: Frame| {
        let (i, p, t, _) = now.get_untracked()?;
        let term = store.analysis.gold.get_untracked().known().and_then(|gold| gold.loss.terms.get(i).copied());
        let text = untrack(|| store.analysis.token_text(i))?;
        Some(Simplex { token: i, text: &text, p, t, term }.draw(&frame))
    };
    view! {
        <details class="setgold" data-testid="set-gold">
            <summary>{words.set_gold}</summary>
            <div class="setgoldbody">
                <svg viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) data-testid="simplex" aria-hidden="true" inner_html=drawing
                    on:pointerdown=down on:pointermove=moved on:pointerup=move |_| dragging.set(false) on:pointercancel=move |_| dragging.set(false)></svg>
                <div class="shares">
                    {Label::ALL.map(field).collect_view()}
                    <button type="button" class="plain" data-testid="gold-back" disabled=move || !direct() on:click=move |_| {
                        if let Some((i, ..)) = now.get_untracked() {
                            wrong.set(None);
                            store.set_direct(i, None);
                        }
                    }>{words.gold_back}</button>
                    <SavePicture chart="simplex" name=words.figure.simplex_name draw=picture />
                </div>
            </div>
            <p class="broken small" role="alert">{move || wrong.get().map(|_| words.no_share)}</p>
            <p class="soft small" inner_html=words.set_gold_note></p>
        </details>
    }
}

/// A share as it can be typed again: a fraction, or all its digits.
fn exact(share: f64) -> String {
    if bio::fraction(share).is_some() { fraction(share) } else { share.to_string() }
}

/// Which shares a point in the drawing stands for; outside of the triangle some are negative.
fn shares(x: f64, y: f64) -> Dist {
    let [b, inside, o] = CORNERS;
    let third = (b.1 - y) / (b.1 - o.1);
    let second = (x - b.0 - third * (o.0 - b.0)) / (inside.0 - b.0);
    [1.0 - second - third, second, third]
}

fn drawing(p: &Dist, t: &Dist) -> String {
    let [b, i, o] = CORNERS;
    let mut svg = format!(r#"<path class="edge" d="M{} {}L{} {}L{} {}Z"/>"#, b.0, b.1, i.0, i.1, o.0, o.1);
    for [(x, y), (u, v)] in grid() {
        let _ = write!(svg, r#"<path class="grid" d="M{x:.1} {y:.1}L{u:.1} {v:.1}"/>"#);
    }
    for (label, (x, y)) in Label::ALL.iter().zip([(6.0, 188.0), (214.0, 188.0), (124.0, 14.0)]) {
        let _ = write!(svg, r#"<text x="{x}" y="{y}" text-anchor="middle">{}</text>"#, label.letter());
    }
    let ((px, py), (tx, ty)) = (point(p), point(t));
    let _ = write!(
        svg,
        r#"<path class="pull" d="M{px:.1} {py:.1}L{tx:.1} {ty:.1}"/><circle class="p" cx="{px:.1}" cy="{py:.1}" r="6"/><circle class="t" cx="{tx:.1}" cy="{ty:.1}" r="9"/>"#
    );
    svg
}
