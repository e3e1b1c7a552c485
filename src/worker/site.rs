//! Where the site's own files come from: the network, or, in the single file, the page itself.
//!
//! The single file (`cargo xtask single-file`) holds the site's files packed. www/single.js gives them out in the page, and
//! www/worker.js in a worker, both as `bioscopeFiles.bytes(path)`. Everything that wants a file of the site asks here first.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
#[cfg(feature = "page")]
use wasm_bindgen_futures::JsFuture;
#[cfg(feature = "page")]
use web_sys::{Worker, WorkerOptions};

/// URL of the site's root, with a slash at its end.
#[cfg(feature = "page")]
pub fn root() -> String {
    let uri = web_sys::window().and_then(|window| window.document()?.base_uri().ok()?).unwrap_or_default();
    // What follows may hold a slash of its own: `#exercise/a`.
    let path = uri.split(['#', '?']).next().unwrap_or_default();
    path.rfind('/').map(|end| path[..=end].into()).unwrap_or_default()
}

/// The page's own address without a fragment.
#[cfg(feature = "page")]
pub fn address() -> String {
    let address = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    address.split('#').next().unwrap_or_default().into()
}

/// Whether the page is a single file, with nothing beside it.
pub fn single() -> bool {
    hook().is_some()
}

/// The content of a file of the site, by its path below the root, where the page holds it itself.
pub fn embedded(path: &str) -> Option<Vec<u8>> {
    let bytes: Uint8Array = call("bytes", path)?.ok()?.dyn_into().ok()?; // `undefined` when there is none
    Some(bytes.to_vec())
}

/// The text of a file of the site, from the page itself or from the network.
///
/// # Errors
/// What the browser says, or the server's status.
#[cfg(feature = "page")]
pub async fn text(path: &str) -> Result<String, String> {
    async fn fetch(url: &str) -> Result<String, JsValue> {
        let window = web_sys::window().ok_or("no page")?;
        let response: web_sys::Response = JsFuture::from(window.fetch_with_str(url)).await?.dyn_into()?;
        if !response.ok() {
            return Err(response.status().to_string().into());
        }
        Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default())
    }
    if let Some(bytes) = embedded(path) {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    fetch(&format!("{}{path}?v={}", root(), super::VERSION)).await.map_err(super::words)
}

/// Starts a worker with one of the programs `worker-NAME`.
///
/// # Errors
/// What the browser says when it refuses.
#[cfg(feature = "page")]
pub fn worker(name: &str) -> Result<Worker, JsValue> {
    if let Some(worker) = call("worker", name) {
        return worker?.dyn_into();
    }
    let options = WorkerOptions::new();
    options.set_name("bioscope");
    let url = format!("{}worker.js?v={}&kernel={name}", root(), super::VERSION);
    Worker::new_with_options(&url, &options)
}

/// The object that holds the single file's content.
fn hook() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"bioscopeFiles".into()).ok().filter(JsValue::is_object)
}

/// Calls one of its functions.
fn call(function: &str, argument: &str) -> Option<Result<JsValue, JsValue>> {
    let hook = hook()?;
    let function: Function = Reflect::get(&hook, &function.into()).ok()?.dyn_into().ok()?;
    Some(function.call1(&hook, &argument.into()))
}
