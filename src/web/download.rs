//! Fetches a shipped model's files: from the cache of an earlier visit, else from the site, with
//! progress in bytes, each checked against its SHA-256.

use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader, RequestInit, Response};

use super::{cache, scope, words};
use crate::fault::Fault;
use crate::protocol::{Progress, Shipped};

/// A shipped model's entry and its files, in the order of the entry.
pub(super) struct Files {
    pub model: Shipped,
    bytes: Vec<Vec<u8>>,
}

impl Files {
    /// The bytes of the file whose name satisfies `is`.
    pub fn get(&self, is: impl Fn(&str) -> bool) -> Result<&[u8], Fault> {
        let at = self.model.files.iter().position(|file| is(&file.name));
        at.map(|k| &self.bytes[k][..]).ok_or_else(|| Fault::Mismatch {
            why: format!("models/index.json names no such file of {}", self.model.name),
        })
    }
}

/// Fetches the model `name` (empty: the first of the index) below the site's root `base`.
///
/// # Errors
/// Unknown name, a file missing or of another content than the index says, no network, or `stop` was given.
pub(super) async fn model(
    base: &str,
    name: &str,
    stop: &AbortSignal,
    progress: impl Fn(Progress),
) -> Result<Files, Fault> {
    let index: Vec<Shipped> = json(&format!("{base}models/index.json"), stop).await?;
    let unknown = || Fault::UnknownModel { name: name.into() };
    let model = index.into_iter().find(|m| name.is_empty() || m.name == name).ok_or_else(unknown)?;
    let total = model.bytes();
    let mut loaded = 0;
    let mut bytes = Vec::new();
    for file in &model.files {
        let kept = cache::get(&file.sha256).await.filter(|kept| sha256(kept) == file.sha256);
        let content = match kept {
            Some(kept) => {
                progress(Progress { stage: "cache".into(), loaded: loaded + file.bytes, total });
                kept
            }
            None => {
                let tick = |n: u64| progress(Progress { stage: "download".into(), loaded: loaded + n, total });
                tick(0);
                // The hash in the URL keeps intermediate caches from mixing versions.
                let url = format!("{base}models/{}/{}?v={}", model.name, file.name, &file.sha256[..12]);
                let content = fetch(&url, &file.name, stop, tick).await?;
                if sha256(&content) != file.sha256 {
                    cache::remove(&file.sha256).await;
                    let (got, want) = (content.len(), file.bytes);
                    let why = if got as u64 == want {
                        "its content is not the one published".into()
                    } else {
                        format!("{got} bytes arrived instead of {want}")
                    };
                    return Err(Fault::Corrupt { file: file.name.clone(), why });
                }
                cache::put(&file.sha256, &content).await;
                content
            }
        };
        loaded += file.bytes;
        bytes.push(content);
    }
    Ok(Files { model, bytes })
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn json<T: DeserializeOwned>(url: &str, stop: &AbortSignal) -> Result<T, Fault> {
    let bytes = fetch(url, "models/index.json", stop, |_| {}).await?;
    serde_json::from_slice(&bytes).map_err(|e| Fault::Corrupt { file: "models/index.json".into(), why: e.to_string() })
}

/// One file; `tick` hears the bytes so far.
async fn fetch(url: &str, file: &str, stop: &AbortSignal, tick: impl Fn(u64)) -> Result<Vec<u8>, Fault> {
    let network = |e: JsValue| match stop.aborted() {
        true => Fault::Aborted,
        false => Fault::Network { file: file.into(), why: words(e) },
    };
    let options = RequestInit::new();
    options.set_signal(Some(stop));
    let request = scope().fetch_with_str_and_init(url, &options);
    let response: Response = JsFuture::from(request).await.map_err(network)?.dyn_into().map_err(network)?;
    if !response.ok() {
        return Err(Fault::Missing { file: file.into(), status: response.status().to_string() });
    }
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|e| network(e.into()))?;
    let mut bytes = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(network)?;
        if Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(bytes);
        }
        let chunk = Uint8Array::new(&Reflect::get(&chunk, &"value".into()).map_err(network)?);
        let start = bytes.len();
        bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes[start..]);
        tick(bytes.len() as u64);
    }
}
