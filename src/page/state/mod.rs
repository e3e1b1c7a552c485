//! What the places of the page share.

mod analyse_while_typing;
pub mod analysis;
pub mod current_analysis;
pub mod editor;
pub mod engine;
pub mod examples;
pub mod navigation;
pub mod session;
pub mod storage;
pub mod store;
pub mod tokens;

use leptos::prelude::expect_context;

use crate::locale::Strings;

/// The interface's words, in the language of the views that are being drawn.
pub fn words() -> &'static Strings {
    expect_context::<store::Store>().words
}
