//! Model files kept for the next visit, in the browser's Cache storage, by content hash.
//!
//! A file is kept in pieces as they arrive, each under the number of bytes before it, so that a download that breaks off
//! goes on from there. Storage can be absent (insecure origin), blocked or full. Nothing here is an error then: the file
//! is simply not kept, and the next visit downloads it again.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response};

use super::cache_storage::{MODELS, open};
use super::scope;

/// What is kept under this SHA-256: the whole file of so many bytes, its beginning, or nothing.
pub(crate) async fn read(sha256: &str, whole: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(whole); // grown piece by piece, it would take twice the memory
    let Some(cache) = open(MODELS).await else { return bytes };
    while let Some(piece) = piece(&cache, &key(sha256, bytes.len())).await {
        let start = bytes.len();
        bytes.resize(start + piece.length() as usize, 0);
        piece.copy_to(&mut bytes[start..]);
    }
    bytes
}

/// The piece under this key, unless there is none or it is empty.
async fn piece(cache: &Cache, key: &str) -> Option<Uint8Array> {
    let found = JsFuture::from(cache.match_with_str(key)).await.ok()?;
    let response: Response = found.dyn_into().ok()?; // `undefined` when there is none
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer)).filter(|piece| piece.length() > 0)
}

/// Keeps the file's bytes from `start` on, if the browser lets us; whether it did.
pub(crate) async fn append(sha256: &str, start: usize, bytes: &[u8]) -> bool {
    let Some(cache) = open(MODELS).await else { return false };
    // Copied into the browser's memory: a Response must not look into wasm memory that may move.
    let Ok(response) = Response::new_with_opt_buffer_source(Some(&Uint8Array::from(bytes))) else { return false };
    // Its size, for those who only list what is kept.
    let _ = response.headers().set("content-length", &bytes.len().to_string());
    JsFuture::from(cache.put_with_str(&key(sha256, start), &response)).await.is_ok()
}

/// Absolute: in a worker from a Blob, a path alone is no address.
fn key(sha256: &str, start: usize) -> String {
    format!("{}/{}/{sha256}/{start}", scope().origin(), MODELS)
}
