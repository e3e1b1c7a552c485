//! Where the user goes on: the keyboard's focus, and what is in sight.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Puts the focus on an element, where it is.
pub fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Puts the focus on the text: on its current token, or, while it has none, on the whole, which gives it to the token that comes.
pub fn focus_text() {
    // What hides the tokens until then is gone with the next frame.
    request_animation_frame(|| {
        focus(".paper");
        focus(TOKEN);
    });
}

/// The one token that the Tab key leads to.
pub const TOKEN: &str = ".paper .t[tabindex='0']";

/// Scrolls to the question where a list above leaves it, or the text that follows it, out of sight.
pub fn show_question() {
    // What changes above it is drawn by then.
    request_animation_frame(|| {
        let (ask, root) = (document().query_selector(".ask").ok().flatten(), document().document_element());
        if let (Some(ask), Some(root)) = (ask, root)
            && ask.get_bounding_client_rect().top() > 0.7 * f64::from(root.client_height())
        {
            ask.scroll_into_view();
        }
    });
}
