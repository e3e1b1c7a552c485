//! The service worker (www/sw.js), which keeps the page and its programs so that they open without a network.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration};

/// The browser's service workers; none on insecure origins, in the single file, and where they are blocked.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"serviceWorker".into()).ok()?.dyn_into().ok()
}

/// Has the page kept for the next visit, and tells the service worker which version runs here, so that it may forget
/// earlier ones. Returns whether the page will open without a network.
pub async fn keep() -> bool {
    async fn keep() -> Result<(), JsValue> {
        let container = container().ok_or(JsValue::NULL)?;
        JsFuture::from(container.register(&format!("{}sw.js", super::site::root()))).await?;
        // Where its installation fails, this waits as long as the page lives.
        let registration: ServiceWorkerRegistration = JsFuture::from(container.ready()?).await?.dyn_into()?;
        let active = registration.active().ok_or(JsValue::NULL)?;
        active.post_message(&super::VERSION.into())
    }
    !super::site::single() && keep().await.is_ok()
}

/// Ends the service worker: the next visit comes from the network.
pub async fn end() {
    let Some(container) = container() else { return };
    let Ok(registration) = JsFuture::from(container.get_registration()).await else { return };
    if let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>()
        && let Ok(promise) = registration.unregister()
    {
        let _ = JsFuture::from(promise).await;
    }
}

/// Calls `told` when another version of the page has been fetched, which the next visit will show.
pub fn on_update(told: impl Fn() + 'static) {
    let Some(container) = container() else { return };
    // The first service worker of all takes over a page that had none; that is no update.
    let mut first = container.controller().is_none();
    let changed = Closure::<dyn FnMut()>::new(move || {
        if !std::mem::take(&mut first) {
            told();
        }
    });
    container.set_oncontrollerchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget(); // listens as long as the page lives
}
