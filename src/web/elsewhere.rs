//! A worker for a page of another origin than the site's: browsers start none from there, but one from a Blob of the page's
//! own may take its script from anywhere.

use js_sys::{Array, JSON};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url, Worker, WorkerOptions};

use crate::fault::Fault;
use crate::protocol::FromWorker;

/// Whether this URL is of another origin than the page.
pub(super) fn is(url: &str) -> bool {
    // Not the address's: a page without one, such as a frame's `srcdoc`, has its parent's origin.
    web_sys::window().is_some_and(|window| !url.starts_with(&format!("{}/", window.origin())))
}

/// Starts a worker that runs the script at `url`, which www/worker.js then finds as `bioscopeHome`.
///
/// # Errors
/// What the browser says when it refuses.
pub(super) fn worker(url: &str, options: &WorkerOptions) -> Result<Worker, JsValue> {
    let why = format!("{url} cannot be loaded: it is not there, or the page's policy (script-src) forbids it");
    let fault = FromWorker::Failed { id: 0, fault: Fault::WorkerDied { why } };
    let message = serde_json::to_string(&fault).expect("messages are plain data");
    let literal = |text: &str| JSON::stringify(&text.into());
    let script = format!(
        "self.bioscopeHome = {};\ntry {{ importScripts(self.bioscopeHome); }} catch {{ self.postMessage([{}]); }}\n\
         URL.revokeObjectURL(self.location.href);\n",
        literal(url)?,
        literal(&message)?,
    );
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&script.into()), &kind)?;
    Worker::new_with_options(&Url::create_object_url_with_blob(&blob)?, options)
}
