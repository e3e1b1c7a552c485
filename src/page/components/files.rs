//! Reading the user's files.

use js_sys::Uint8Array;
use leptos::prelude::event_target;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList, HtmlInputElement};

use crate::display::format::fixed;
use crate::document::detect::{HEAD, Kind, kind};
use crate::error::Error;
use crate::locale::Strings;

/// Largest file of labels or questions that is read, in bytes.
const LARGEST: f64 = (64 << 20) as f64;

/// The files of an input or of what was dropped.
pub fn listed(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|k| files.get(k)).collect()).unwrap_or_default()
}

/// The files that were chosen in an input, which is emptied, so that the same ones can be chosen again.
pub fn chosen(event: &leptos::ev::Event) -> Vec<File> {
    let input = event_target::<HtmlInputElement>(event);
    let files = listed(input.files());
    input.set_value("");
    files
}

/// The content of a file, as it lies in JavaScript's memory.
///
/// # Errors
/// [`Error::Unreadable`].
pub async fn array(file: &File) -> Result<Uint8Array, Error> {
    content(file, &file.name()).await
}

/// The same of a file of labels or questions.
///
/// # Errors
/// [`Error::Unreadable`], or [`Error::Corrupt`] when it is too large.
pub async fn limited(file: &File, words: &Strings) -> Result<Uint8Array, Error> {
    let megabytes = |bytes: f64| fixed(bytes / f64::from(1 << 20), 0);
    if file.size() > LARGEST {
        let why = words.sharing.too_large(megabytes(file.size()), megabytes(LARGEST));
        return Err(Error::Corrupt { file: file.name(), why });
    }
    array(file).await
}

/// The same as a text; what is no UTF-8 has replacement characters, and whoever reads on will say so.
///
/// # Errors
/// As [`limited`].
pub async fn text(file: &File, words: &Strings) -> Result<String, Error> {
    Ok(String::from_utf8_lossy(&limited(file, words).await?.to_vec()).into_owned())
}

/// What a file is.
pub async fn kind_of(file: &File) -> Kind {
    let head = file.slice_with_f64_and_f64(0.0, HEAD as f64).ok();
    let head = match head {
        Some(head) => content(&head, "").await.map(|head| head.to_vec()).unwrap_or_default(),
        None => Vec::new(),
    };
    kind(&file.name(), &head)
}

async fn content(blob: &Blob, name: &str) -> Result<Uint8Array, Error> {
    let buffer = JsFuture::from(blob.array_buffer()).await;
    buffer.map(|buffer| Uint8Array::new(&buffer)).map_err(|_| Error::Unreadable { file: name.into() })
}
