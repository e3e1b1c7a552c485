//! What the browser tells of itself: for the report, and only there.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The browser measures its memory at its own leisure; it is waited for no longer than this (ms).
const PATIENCE: i32 = 5000;

/// A property along a path from the window; nothing where a browser has none.
fn property(path: &str) -> Option<JsValue> {
    let mut value = JsValue::from(window());
    for name in path.split('.') {
        value = Reflect::get(&value, &name.into()).ok()?;
        if value.is_null() || value.is_undefined() {
            return None;
        }
    }
    Some(value)
}

fn text(path: &str) -> Option<String> {
    let value = property(path)?;
    value
        .as_string()
        .or_else(|| value.as_f64().map(|n| n.to_string()))
        .or_else(|| value.as_bool().map(|b| b.to_string()))
}

/// The browser's brands with their versions, where it tells them apart from its name.
fn brands() -> Option<String> {
    let brand = |brand: JsValue| {
        let part = |name: &str| Reflect::get(&brand, &name.into()).ok()?.as_string();
        Some(format!("{} {}", part("brand")?, part("version")?))
    };
    let brands: Array = property("navigator.userAgentData.brands")?.dyn_into().ok()?;
    Some(brands.iter().filter_map(brand).collect::<Vec<_>>().join(", "))
}

/// Lines for the report: what, and how much or which.
pub(crate) fn facts() -> Vec<(&'static str, String)> {
    let unknown = || String::from("not told");
    let fact = |path: &str| text(path).unwrap_or_else(unknown);
    let controlled = property("navigator.serviceWorker.controller").is_some();
    vec![
        ("user agent", fact("navigator.userAgent")),
        ("brands", brands().unwrap_or_else(unknown)),
        ("platform", text("navigator.userAgentData.platform").unwrap_or_else(|| fact("navigator.platform"))),
        ("languages", fact("navigator.language")),
        ("processors", fact("navigator.hardwareConcurrency")),
        ("device memory (GB)", fact("navigator.deviceMemory")),
        (
            "screen",
            format!(
                "{} x {}, window {} x {}, {} pixels per CSS pixel",
                fact("screen.width"),
                fact("screen.height"),
                fact("innerWidth"),
                fact("innerHeight"),
                fact("devicePixelRatio")
            ),
        ),
        ("service worker", if controlled { "in control" } else { "none" }.into()),
        ("cross-origin isolated", fact("crossOriginIsolated")),
    ]
}

/// Bytes of the page's JavaScript heap, where the browser tells.
pub(crate) fn heap() -> Option<f64> {
    property("performance.memory.usedJSHeapSize")?.as_f64()
}

/// Bytes of the page with its workers, where the browser measures them: only for pages that are isolated.
pub(crate) async fn measured() -> Option<f64> {
    if !property("crossOriginIsolated")?.is_truthy() {
        return None;
    }
    let measure: Function = property("performance.measureUserAgentSpecificMemory")?.dyn_into().ok()?;
    let measuring: Promise = measure.call0(&property("performance")?).ok()?.dyn_into().ok()?;
    let late = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PATIENCE);
    });
    let first = JsFuture::from(Promise::race(&Array::of2(&measuring, &late))).await.ok()?;
    Reflect::get(&first, &"bytes".into()).ok()?.as_f64()
}
