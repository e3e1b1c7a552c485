//! The page's address.

use leptos::prelude::window;

/// The page's own address without a fragment.
pub fn plain() -> String {
    let address = window().location().href().unwrap_or_default();
    address.split('#').next().unwrap_or_default().into()
}
