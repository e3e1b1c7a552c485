//! Attention maps of one layer: every head as a small picture, and what the token in focus takes of every other by the
//! chosen one.

use std::fmt::Write;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use crate::display::format::{escape, fixed};
use crate::display::ranked;
use crate::figure::Frame;
use crate::figure::attention::Head;
use crate::inference::learning::{AttentionMaps, AttentionOf, InputPart};
use crate::locale::LearningStrings;
use crate::page::components::picture::SavePicture;
use crate::page::state::store::Store;

use super::session::{Action, Learner};

/// Positions whose weight is listed.
const LISTED: usize = 8;
/// The colour of a weight; its strength is the pixel's opacity, so that it suits light and dark pages.
const INK: [u8; 3] = [76, 110, 245];

/// The attention of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    /// What was asked for.
    pub of: AttentionOf,
    /// What the weights are about.
    pub maps: AttentionMaps,
    /// H x T x T, row by row.
    pub weights: Vec<f32>,
}

impl Attention {
    /// Weights of one head `[T, T]`; without a head their mean.
    fn head(&self, head: Option<usize>) -> Vec<f32> {
        let size = self.maps.tokens.len().pow(2);
        match head {
            Some(head) => self.weights[head * size..][..size].to_vec(),
            None => {
                let mut mean = vec![0.0; size];
                for map in self.weights.chunks_exact(size) {
                    mean.iter_mut().zip(map).for_each(|(sum, a)| *sum += a / self.maps.heads as f32);
                }
                mean
            }
        }
    }

    /// Where a paragraph token stands, if this window reads it.
    fn position(&self, token: usize) -> Option<usize> {
        let at = (self.maps.position + token).checked_sub(self.of.token)?;
        (self.maps.tokens.get(at)?.part == InputPart::Paragraph).then_some(at)
    }
}

/// The view.
#[component]
pub fn AttentionView(learner: Learner) -> impl IntoView {
    let (store, words) = (learner.store, &learner.store.words.learning);
    let (layer, head) = (RwSignal::new(0_usize), RwSignal::new(None::<usize>));
    let attention = learner.attention;
    let ask = move |k: usize| {
        layer.set(k);
        if let Some(token) = store.analysis.focus.get_untracked() {
            learner.ask(&[Action::Attend(AttentionOf { token, layer: k })]);
        }
    };
    let depth = move || match store.engine.load.get() {
        crate::page::state::engine::Load::Ready(info) => info.layers,
        _ => 0,
    };
    let choice = move |k: usize| {
        view! { <button type="button" data-testid="attention-layer" data-index=k.to_string() disabled=move || !learner.idle() || store.analysis.stale.get()
        aria-pressed=move || attention.with(|a| a.as_ref().is_some_and(|a| a.of.layer == k)).to_string()
        on:click=move |_| ask(k)>{k + 1}</button> }
    };
    let heads = move || {
        attention.get().map(|attention| {
            let count = attention.maps.heads;
            std::iter::once(None)
                .chain((0..count).map(Some))
                .map(|h| {
                    let attention = attention.clone();
                    view! { <HeadButton attention head=h chosen=head words=&store.words.learning /> }
                })
                .collect_view()
        })
    };
    let row = move || {
        let attention = attention.get()?;
        let i = store.analysis.focus.get()?;
        Some(match attention.position(i) {
            Some(position) => text(&attention, head.get(), position, store),
            None => format!("<p class=\"hint\">{}</p>", words.attention_elsewhere),
        })
    };
    let picture = move |frame: Frame| {
        let attention = attention.get_untracked()?;
        let head = head.get_untracked();
        let tokens: Vec<&str> = attention.maps.tokens.iter().map(|token| &*token.text).collect();
        let (name, weights, layer) = (head_name(head, words), attention.head(head), attention.maps.layer);
        let focus = store.analysis.focus.get_untracked().and_then(|i| attention.position(i));
        Some(Head { name: &name, layer, tokens: &tokens, weights: &weights, focus }.draw(&frame))
    };
    view! {
        <div class="tools">
            <span>{words.attention_layer}</span>
            <span class="seg" role="group" aria-label=words.attention_layer>{move || (0..depth()).map(choice).collect_view()}</span>
            <span class="push"></span>
            <SavePicture chart="attention" name=words.attention when=Signal::derive(move || attention.with(Option::is_some)) draw=picture />
        </div>
        <div class="heads" role="group" aria-label=words.attention_heads>{heads}</div>
        <div data-testid="attention" inner_html=row></div>
        <p class="soft small" inner_html=words.attention_note></p>
    }
}

/// A head, chosen by a press.
#[component]
fn HeadButton(
    attention: Arc<Attention>,
    head: Option<usize>,
    chosen: RwSignal<Option<usize>>,
    words: &'static LearningStrings,
) -> impl IntoView {
    let canvas: NodeRef<html::Canvas> = NodeRef::new();
    let length = attention.maps.tokens.len();
    let name = head_name(head, words);
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            paint(&canvas, &attention.head(head), length);
        }
    });
    view! {
        <button type="button" class="headmap" data-testid="attention-head" aria-pressed=move || (chosen.get() == head).to_string()
            on:click=move |_| chosen.set(head)>
            <canvas node_ref=canvas width=length.to_string() height=length.to_string() aria-hidden="true"></canvas>
            <span class="small">{name}</span>
        </button>
    }
}

fn head_name(head: Option<usize>, words: &LearningStrings) -> String {
    head.map_or_else(|| words.attention_mean.to_string(), |k| words.attention_head(k + 1))
}

/// One pixel per weight; the root makes small ones visible beside large ones.
fn paint(canvas: &web_sys::HtmlCanvasElement, weights: &[f32], length: usize) {
    let pixel = |a: &f32| [INK[0], INK[1], INK[2], (255.0 * a.sqrt()).round() as u8];
    let pixels: Vec<u8> = weights.iter().flat_map(pixel).collect();
    let context = canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), length as u32, length as u32);
    if let (Some(context), Ok(image)) = (context, image) {
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// The input, every position shaded by its weight, and the largest weights as numbers.
fn text(attention: &Attention, head: Option<usize>, position: usize, store: Store) -> String {
    let words = &store.words.learning;
    let length = attention.maps.tokens.len();
    let weights = &attention.head(head)[position * length..][..length];
    let most = weights.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let name = head_name(head, words);
    let tokens = &attention.maps.tokens;
    let heading = words.attended(&tokens[position].text, attention.maps.layer + 1, &name);
    let mut html = format!("<h3>{}</h3><p class=\"shares-text\">", escape(&heading));
    for (k, (token, a)) in tokens.iter().zip(weights).enumerate() {
        let class = match (k == position, token.part == InputPart::Special) {
            (true, _) => " class=\"here\"",
            (_, true) => " class=\"soft\"",
            _ => "",
        };
        let _ = write!(
            html,
            r#"<span{class} data-value="{a}" title="{}" data-style="background:color-mix(in srgb,var(--b) {:.0}%,transparent)">{}</span> "#,
            fixed(f64::from(*a), 3),
            70.0 * a / most,
            escape(&token.text)
        );
    }
    html += "</p><table class=\"numbers\"><tbody>";
    let order = ranked(&weights.iter().copied().map(f64::from).collect::<Vec<_>>());
    for k in order.into_iter().take(LISTED) {
        let _ = write!(
            html,
            r#"<tr><th><q>{}</q></th><td><span class="bar wide" aria-hidden="true"><i data-style="width:{:.1}%"></i></span></td><td class="num">{}</td></tr>"#,
            escape(&tokens[k].text),
            100.0 * weights[k],
            fixed(f64::from(weights[k]), 3)
        );
    }
    html + "</tbody></table>"
}
