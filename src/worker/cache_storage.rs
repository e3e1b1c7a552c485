//! What this origin keeps in Cache storage: models, by the worker (see `model_cache`), and the page with its programs, by the
//! service worker (www/sw.js).

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request};

/// Name of the cache of models; its keys are `/bioscope-models/SHA256/START`.
pub(crate) const MODELS: &str = "bioscope-models";

/// The browser's caches. None on insecure origins, and merely asking is an error where storage is blocked.
pub(crate) fn storage() -> Option<CacheStorage> {
    Reflect::get(&js_sys::global(), &JsValue::from("caches")).ok()?.dyn_into().ok()
}

/// The cache of this name.
pub(crate) async fn open(name: &str) -> Option<Cache> {
    JsFuture::from(storage()?.open(name)).await.ok()?.dyn_into().ok()
}

/// What a cache holds.
async fn keys(cache: &Cache) -> Vec<Request> {
    let keys = JsFuture::from(cache.keys()).await.map(|keys| Array::from(&keys)).unwrap_or_default();
    keys.iter().map(JsCast::unchecked_into).collect()
}

/// Deletes the model files of these hashes.
pub async fn forget_model(hashes: &[String]) {
    let Some(cache) = open(MODELS).await else { return };
    for request in keys(&cache).await {
        let url = request.url();
        if hashes.iter().any(|hash| url.contains(&**hash)) {
            let _ = JsFuture::from(cache.delete_with_request(&request)).await;
        }
    }
}

#[cfg(feature = "page")]
pub use listing::{CachedFiles, forget_pages, list};

#[cfg(feature = "page")]
mod listing {
    use js_sys::Array;
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Cache, CacheStorage, Request, Response};

    use super::{MODELS, keys, open, storage};

    /// Names of the service worker's caches begin so; see www/sw.js.
    const PAGES: &str = "bioscope-shell";

    /// What is kept, in bytes.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CachedFiles {
        /// Whether the browser keeps anything for this page.
        pub able: bool,
        /// The page and its programs.
        pub pages: u64,
        /// Every model file, whole or its beginning: its SHA-256, its bytes.
        pub files: Vec<(String, u64)>,
    }

    impl CachedFiles {
        /// In all.
        pub fn bytes(&self) -> u64 {
            self.pages + self.files.iter().map(|(_, bytes)| bytes).sum::<u64>()
        }
    }

    /// Looks at what is kept.
    pub async fn list() -> CachedFiles {
        let Some(caches) = storage() else { return CachedFiles::default() };
        let mut cached = CachedFiles { able: true, ..CachedFiles::default() };
        for name in names(&caches).await {
            let Some(cache) = open(&name).await else { continue };
            for request in keys(&cache).await {
                let bytes = size(&cache, &request).await;
                let url = request.url();
                match url.split_once(MODELS).and_then(|(_, rest)| rest.split('/').nth(1)) {
                    Some(sha256) if name == MODELS => {
                        match cached.files.iter_mut().find(|(known, _)| known == sha256) {
                            Some((_, sum)) => *sum += bytes,
                            None => cached.files.push((sha256.into(), bytes)),
                        }
                    }
                    _ => cached.pages += bytes,
                }
            }
        }
        cached
    }

    /// Deletes the page and its programs.
    pub async fn forget_pages() {
        let Some(caches) = storage() else { return };
        for name in names(&caches).await.iter().filter(|name| name.starts_with(PAGES)) {
            let _ = JsFuture::from(caches.delete(name)).await;
        }
    }

    /// The names of our caches; other pages of this origin have their own.
    async fn names(caches: &CacheStorage) -> Vec<String> {
        let names = JsFuture::from(caches.keys()).await.map(|names| Array::from(&names)).unwrap_or_default();
        let ours = |name: &String| name == MODELS || name.starts_with(PAGES);
        names.iter().filter_map(|name| name.as_string()).filter(ours).collect()
    }

    async fn size(cache: &Cache, request: &Request) -> u64 {
        let found = JsFuture::from(cache.match_with_request(request)).await.ok();
        let response: Option<Response> = found.and_then(|found| found.dyn_into().ok());
        let length = response.and_then(|response| response.headers().get("content-length").ok().flatten());
        length.and_then(|length| length.parse().ok()).unwrap_or(0)
    }
}
