//! Files for the user to keep.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::error::Error;
use crate::page::state::store::Store;

/// How long the bytes stay for a browser that is slow to take them.
const KEPT: std::time::Duration = std::time::Duration::from_secs(60);

/// The name of a file with this ending, from parts of which some are what users have written: no part of it is a folder, or too
/// long.
pub fn file_name(parts: &[&str], ending: &str) -> String {
    let plain = |part: &&str| -> String {
        let sign = |c: char| if c.is_control() || "\\/:*?\"<>|".contains(c) { '-' } else { c };
        part.trim().trim_matches('.').chars().take(60).map(sign).collect()
    };
    parts.iter().map(plain).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-") + ending
}

/// Offers a file of this name and media type for download; `content` is a text or a typed array.
///
/// # Errors
/// [`Error::Internal`] when the browser refuses.
pub fn download(name: &str, kind: &str, content: &JsValue) -> Result<(), Error> {
    let failed = |e: JsValue| Error::Internal { why: format!("{e:?}") };
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(content), &options).map_err(failed)?;
    let url = Url::create_object_url_with_blob(&blob).map_err(failed)?;
    let link: HtmlAnchorElement = document().create_element("a").map_err(failed)?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    set_timeout(move || drop(Url::revoke_object_url(&url)), KEPT);
    Ok(())
}

impl Store {
    /// Shows what went wrong, if something did; whether nothing did.
    pub fn guard(self, what: Result<(), Error>) -> bool {
        what.map_err(|error| self.error.try_set(Some(error))).is_ok()
    }

    /// Offers a file for download, as [`download`] does, and shows when the browser refuses; whether it did not.
    pub fn download(self, name: &str, kind: &str, content: &JsValue) -> bool {
        self.guard(download(name, kind, content))
    }
}
