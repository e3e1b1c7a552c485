//! A chart to take away, as SVG or PNG: drawn when it is asked for, in the page's language and theme of that moment.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::display::format::escape;
use crate::error::Error;
use crate::figure::{Figure, Frame};
use crate::page::state::analysis::Shown;
use crate::page::state::store::Store;

use super::download::download;
use super::events::within;

/// Pixels of a PNG per CSS pixel, and the most that it may have: phones refuse a larger canvas.
const SCALE: f64 = 2.0;
const MOST_PIXELS: f64 = 16e6;

/// The buttons beside a chart, where there is something to draw. `chart` names the files, `name` is for screen readers. A chart
/// that the model has no part in (`gold_only`) can be had while its answers are hidden.
#[component]
pub fn SavePicture(
    chart: &'static str,
    name: &'static str,
    #[prop(optional)] gold_only: bool,
    /// Whether there is one besides the analysis.
    #[prop(optional, into)]
    when: Option<Signal<bool>>,
    /// Draws what is on show. No type of its own for each place: the page's program would hold all this as often.
    #[prop(into)]
    draw: Callback<Frame, Option<Figure>>,
) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.figure;
    let secret = store.editor.part(|d| d.assignment.hidden);
    let absent = Memo::new(move |_| {
        let something = store.analysis.shown.with(Option::is_some) && when.is_none_or(|when| when.get());
        !something || (secret.get() && !gold_only)
    });
    let mut html = format!(r#"<span class="soft small" aria-hidden="true">{}</span>"#, words.picture);
    for (kind, shown) in [("svg", "SVG"), ("png", "PNG")] {
        let label = escape(&words.save(shown, name));
        html += &format!(
            r#"<button type="button" class="plain" data-testid="picture-{kind}" data-chart="{chart}" aria-label="{label}" title="{label}">{shown}</button>"#
        );
    }
    let save = move |event: leptos::ev::MouseEvent| {
        let Some(button) = within(&event, "button").filter(|_| !absent.get_untracked()) else { return };
        let Some(figure) = store.frame().and_then(|frame| draw.run(frame)) else { return };
        let svg = button.get_attribute("data-testid").is_some_and(|hook| hook.ends_with("svg"));
        spawn_local(async move {
            let saved = match svg {
                true => download(&format!("bioscope-{chart}.svg"), "image/svg+xml", &figure.svg.into()),
                false => match png(&figure).await {
                    Ok(png) => download(&format!("bioscope-{chart}.png"), "image/png", &png),
                    Err(e) => Err(Error::Internal { why: format!("{e:?}") }),
                },
            };
            store.guard(saved);
        });
    };
    view! { <span class="picture" hidden=move || absent.get() inner_html=html on:click=save></span> }
}

impl Store {
    /// Where an analysis comes from: this page, the model with the steps that it had learned, and the day.
    pub fn source(self, shown: &Shown) -> String {
        let day: String = js_sys::Date::new_0().to_iso_string().into();
        self.words.figure.source(self.title(&shown.model), shown.tuned, day.get(..10).unwrap_or_default())
    }

    /// What every picture of the analysis on show says beside its chart.
    fn frame(self) -> Option<Frame> {
        let shown = self.analysis.shown.get_untracked()?;
        let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|m| m.matches());
        Some(Frame { question: shown.question.clone(), source: self.source(&shown), dark, words: self.words })
    }
}

/// The picture as a PNG file, by the browser's own drawing of it.
async fn png(figure: &Figure) -> Result<JsValue, JsValue> {
    let image = HtmlImageElement::new()?;
    let loaded = js_sys::Promise::new(&mut |done, failed| {
        image.set_onload(Some(&done));
        image.set_onerror(Some(&failed));
    });
    // A `data:` address is what the page's policy allows, and the single file's.
    let text = String::from(js_sys::encode_uri_component(&figure.svg));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{text}"));
    JsFuture::from(loaded).await?;
    let scale = SCALE.min((MOST_PIXELS / (figure.width * figure.height)).sqrt());
    let (width, height) = ((figure.width * scale).round(), (figure.height * scale).round());
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or("no canvas")?.unchecked_into::<CanvasRenderingContext2d>();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let mut failed = None;
    let made = js_sys::Promise::new(&mut |done, refused| {
        let take = move |blob: Option<Blob>| {
            let _ = match blob {
                Some(blob) => done.call1(&JsValue::NULL, &blob),
                None => refused.call1(&JsValue::NULL, &"no PNG".into()),
            };
        };
        failed = canvas.to_blob(Closure::once_into_js(take).unchecked_ref()).err();
    });
    match failed {
        Some(error) => Err(error),
        None => JsFuture::from(made).await,
    }
}
