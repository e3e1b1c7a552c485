//! Model files kept for the next visit, in the browser's Cache storage, by content hash.
//!
//! Storage can be absent (insecure origin), blocked or full. Nothing here is an error then: the file is
//! simply not kept, and the next visit downloads it again.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Response};

use super::scope;

const NAME: &str = "bioscope-models";

/// The bytes that an earlier visit kept under this SHA-256.
pub(super) async fn get(sha256: &str) -> Option<Vec<u8>> {
    let found = JsFuture::from(open().await?.match_with_str(&key(sha256))).await.ok()?;
    let response: Response = found.dyn_into().ok()?; // `undefined` when there is none
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Keeps the bytes under their SHA-256, if the browser lets us.
pub(super) async fn put(sha256: &str, bytes: &[u8]) {
    let Some(cache) = open().await else { return };
    // Copied into the browser's memory: a Response must not look into wasm memory that may move.
    if let Ok(response) = Response::new_with_opt_buffer_source(Some(&Uint8Array::from(bytes))) {
        let _ = JsFuture::from(cache.put_with_str(&key(sha256), &response)).await;
    }
}

/// Forgets what is kept under this SHA-256.
pub(super) async fn remove(sha256: &str) {
    if let Some(cache) = open().await {
        let _ = JsFuture::from(cache.delete_with_str(&key(sha256))).await;
    }
}

fn key(sha256: &str) -> String {
    format!("/bioscope-models/{sha256}")
}

async fn open() -> Option<Cache> {
    // `caches` is undefined on insecure origins, and merely reading it throws where storage is blocked.
    let caches = js_sys::Reflect::get(&scope(), &JsValue::from("caches")).ok()?;
    let caches: CacheStorage = caches.dyn_into().ok()?;
    JsFuture::from(caches.open(NAME)).await.ok()?.dyn_into().ok()
}
