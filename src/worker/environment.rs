//! The browser that this runs in: which worker program it can run, the worker's scope, its exceptions.

use wasm_bindgen::{JsCast, JsValue};

use crate::self_test::KernelReason;

/// Names this build in the URLs of the worker's files, which have no content hash of their own.
pub const VERSION: &str = match option_env!("BIOSCOPE_VERSION") {
    Some(version) => version,
    None => "dev",
};

/// The smallest module with a relaxed dot product: `(func (result v128) ...)` of three zeros.
const RELAXED: [u8; 40] = [
    0, 97, 115, 109, 1, 0, 0, 0, // magic, version
    1, 5, 1, 96, 0, 1, 123, // type: () -> v128
    3, 2, 1, 0, // one function of it
    10, 19, 1, 17, 0, // its code: 17 bytes, no locals
    65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, // i32.const 0, i8x16.splat, three times
    253, 147, 2, 11, // i32x4.relaxed_dot_i8x16_i7x16_add_s
];

/// How many workers the page's address asks for (`?workers=2`); nothing: as many as pay.
#[cfg(feature = "page")]
pub fn wanted_workers() -> Option<usize> {
    asked("workers")?.parse().ok()
}

/// A parameter of the page's address.
fn asked(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The worker build to start: the quickest that this browser can run, unless the page's address asks for
/// `?kernel=simd128`; and why it is that one.
pub fn kernel() -> (&'static str, KernelReason) {
    let able = || js_sys::WebAssembly::validate(&js_sys::Uint8Array::from(&RELAXED[..])) == Ok(true);
    match asked("kernel").as_deref() {
        Some("simd128") => ("simd128", KernelReason::Asked),
        _ if able() => ("relaxed", KernelReason::Able),
        _ => ("simd128", KernelReason::Unable),
    }
}

/// The global scope of the worker that this runs in.
#[cfg(feature = "engine")]
pub(crate) fn scope() -> web_sys::DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The browser's own words for an exception.
pub(crate) fn words(error: JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
