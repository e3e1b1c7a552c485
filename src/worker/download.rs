//! Fetches a shipped model's files: from the cache of an earlier visit, else from the site, with
//! progress in bytes, each checked against its SHA-256. A download that was interrupted goes on where it stopped.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, ReadableStreamDefaultReader, RequestInit, Response};

use crate::error::Error;

use super::protocol::{Progress, Shipped, ShippedFile};
use super::{cache_storage, model_cache, scope, site, words};

/// Path of the list of models below the site's root.
const INDEX: &str = "models/index.json";

/// What has come is kept in pieces of so many bytes.
const PIECE: usize = 4 << 20;

/// HTTP's status for a part of a file.
const PARTIAL: u16 = 206;

/// Milliseconds before a network that broke off is tried again.
const PAUSE: i32 = 1000;

/// A shipped model's entry and its files, in the order of the entry.
pub(crate) struct Files {
    pub model: Shipped,
    bytes: Vec<Vec<u8>>,
}

impl Files {
    /// Takes out the bytes of the file whose name satisfies `is`.
    pub fn take(&mut self, is: impl Fn(&str) -> bool) -> Result<Vec<u8>, Error> {
        let at = self.model.files.iter().position(|file| is(&file.name));
        at.map(|k| std::mem::take(&mut self.bytes[k])).ok_or_else(|| Error::Mismatch {
            why: format!("models/index.json names no such file of {}", self.model.name),
        })
    }
}

/// Fetches the model `name` (empty: the first of the index) below the site's root `base`.
///
/// # Errors
/// Unknown name, a file missing or of another content than in the index, no network, or `stop` was given.
pub(crate) async fn model(
    base: &str,
    name: &str,
    stop: &AbortSignal,
    progress: impl Fn(Progress),
) -> Result<Files, Error> {
    let index = index(base, stop).await?;
    let unknown = || Error::UnknownModel { name: name.into() };
    let model = index.into_iter().find(|m| name.is_empty() || m.name == name).ok_or_else(unknown)?;
    let total = model.bytes();
    let mut before = 0;
    let mut bytes = Vec::new();
    for file in &model.files {
        let path = format!("models/{}/{}", model.name, file.name);
        let tick = |stage: &str, n: usize| progress(Progress { stage: stage.into(), loaded: before + n as u64, total });
        let content = match site::embedded(&path) {
            Some(content) => content,
            None => self::file(base, &path, file, stop, tick).await?,
        };
        before += file.bytes;
        bytes.push(content);
    }
    Ok(Files { model, bytes })
}

/// A file of a model: what an earlier visit has kept of it, and the rest from the site.
async fn file(
    base: &str,
    path: &str,
    file: &ShippedFile,
    stop: &AbortSignal,
    tick: impl Fn(&str, usize),
) -> Result<Vec<u8>, Error> {
    // The hash in the URL keeps intermediate caches from mixing versions.
    let url = format!("{base}{path}?v={}", &file.sha256[..12]);
    let whole = file.bytes as usize;
    let mut content = model_cache::read(&file.sha256, whole).await;
    let mut kept = content.len();
    loop {
        if content.len() < whole || whole == 0 {
            tick("download", content.len());
            resume(&url, file, &mut content, stop, |n| tick("download", n)).await?;
        } else {
            tick("cache", whole);
        }
        if sha256(&content) == file.sha256 {
            return Ok(content);
        }
        cache_storage::forget_model(std::slice::from_ref(&file.sha256)).await;
        if kept == 0 {
            let why = if content.len() == whole {
                "its content is not the one published".into()
            } else {
                format!("{} bytes arrived instead of {whole}", content.len())
            };
            return Err(Error::Corrupt { file: file.name.clone(), why });
        }
        // What was kept is no part of it: from the beginning, once.
        (kept, content) = (0, Vec::new());
    }
}

/// Downloads what `content` lacks. A network that breaks off is tried again as long as every attempt brings something;
/// what has come is kept in any case.
async fn resume(
    url: &str,
    file: &ShippedFile,
    content: &mut Vec<u8>,
    stop: &AbortSignal,
    tick: impl Fn(usize),
) -> Result<(), Error> {
    content.reserve_exact((file.bytes as usize).saturating_sub(content.len()));
    // Until the browser refuses: a piece without those before it would be of no use.
    let mut keeps = true;
    loop {
        let mut kept = content.len();
        let start = kept;
        let result = fetch(url, &file.name, content, stop, async |content: &[u8]| {
            tick(content.len());
            if content.len() < kept {
                kept = 0; // the server began again
            }
            if content.len() - kept >= PIECE && keeps {
                keeps = model_cache::append(&file.sha256, kept, &content[kept..]).await;
                kept = content.len();
            }
        })
        .await;
        if content.len() > kept && keeps {
            keeps = model_cache::append(&file.sha256, kept, &content[kept..]).await;
        }
        match result {
            Err(Error::Network { .. }) if content.len() > start => sleep(PAUSE).await,
            // Some browsers first ask a server of another origin whether it allows `Range`, and many servers do not
            // answer that: then all of it again.
            Err(Error::Network { .. }) if start > 0 && !url.starts_with(&format!("{}/", scope().origin())) => {
                content.clear();
            }
            result => return result,
        }
    }
}

/// The site's list of models.
async fn index(base: &str, stop: &AbortSignal) -> Result<Vec<Shipped>, Error> {
    let content = match site::embedded(INDEX) {
        Some(content) => content,
        None => {
            let mut content = Vec::new();
            let url = format!("{base}{INDEX}?v={}", super::VERSION);
            fetch(&url, INDEX, &mut content, stop, async |_| {}).await?;
            content
        }
    };
    serde_json::from_slice(&content).map_err(|e| Error::Corrupt { file: INDEX.into(), why: e.to_string() })
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Downloads the rest of a file behind what `content` holds of it; where the server sends only whole files, `content` is
/// emptied first. `grown` is called whenever more has come.
async fn fetch(
    url: &str,
    file: &str,
    content: &mut Vec<u8>,
    stop: &AbortSignal,
    mut grown: impl AsyncFnMut(&[u8]),
) -> Result<(), Error> {
    let network = |e: JsValue| match stop.aborted() {
        true => Error::Aborted,
        false => Error::Network { file: file.into(), why: words(e) },
    };
    let options = RequestInit::new();
    options.set_signal(Some(stop));
    if !content.is_empty() {
        let headers = Headers::new().map_err(network)?;
        headers.set("range", &format!("bytes={}-", content.len())).map_err(network)?;
        options.set_headers(&headers);
    }
    let request = scope().fetch_with_str_and_init(url, &options);
    let response: Response = JsFuture::from(request).await.map_err(network)?.dyn_into().map_err(network)?;
    if !response.ok() {
        return Err(Error::Missing { file: file.into(), status: response.status().to_string() });
    }
    // A server of another origin may not show this header; the hash will tell.
    let range = response.headers().get("content-range").ok().flatten();
    let fits = range.is_none_or(|range| range.starts_with(&format!("bytes {}-", content.len())));
    if response.status() != PARTIAL || !fits {
        content.clear();
    }
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|e| network(e.into()))?;
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(network)?;
        if Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(());
        }
        let chunk = Uint8Array::new(&Reflect::get(&chunk, &"value".into()).map_err(network)?);
        let start = content.len();
        content.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut content[start..]);
        grown(content).await;
    }
}

/// Lets so many milliseconds pass.
async fn sleep(milliseconds: i32) {
    let wait = Promise::new(&mut |resolve: Function, _| {
        let _ = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(wait).await;
}
