//! The network requests that the page and its workers make, as the browser itself lists them.
//!
//! The page's own come from an observer here, a worker's from www/worker.js as messages.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{
    Performance, PerformanceObserver, PerformanceObserverEntryList, PerformanceObserverInit, PerformanceResourceTiming,
};

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What was asked for.
    pub url: String,
    /// When, in milliseconds since 1970.
    pub at: f64,
}

type Listener = Rc<dyn Fn(Request)>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
    /// What was noted before anybody listened.
    static EARLY: RefCell<Vec<Request>> = const { RefCell::new(Vec::new()) };
}

/// Tells `listener` of every request of this page, from its first on.
pub fn listen(listener: impl Fn(Request) + 'static) {
    EARLY.take().into_iter().for_each(&listener);
    LISTENER.with(|place| *place.borrow_mut() = Some(Rc::new(listener)));
    let Some(performance) = web_sys::window().and_then(|window| window.performance()) else { return };
    let origin = performance.time_origin();
    let look = Closure::<dyn FnMut(PerformanceObserverEntryList)>::new(move |list: PerformanceObserverEntryList| {
        for entry in list.get_entries() {
            let entry: PerformanceResourceTiming = entry.unchecked_into();
            note(entry.name(), origin + entry.start_time());
        }
    });
    if let Ok(observer) = PerformanceObserver::new(look.as_ref().unchecked_ref()) {
        // One `type`, which the bindings do not know: an observer of `entryTypes` is told of no earlier requests.
        let options: PerformanceObserverInit = js_sys::Object::new().unchecked_into();
        options.set_buffered(true);
        let _ = js_sys::Reflect::set(&options, &"type".into(), &"resource".into());
        observer.observe(&options);
    }
    look.forget(); // observes as long as the page lives
}

/// A request was made. What the page itself holds is none.
pub(crate) fn note(url: String, at: f64) {
    if !url.starts_with("http") {
        return;
    }
    match LISTENER.with(|place| place.borrow().clone()) {
        Some(listener) => listener(Request { url, at }),
        None => EARLY.with_borrow_mut(|early| early.push(Request { url, at })),
    }
}

/// Milliseconds since 1970, on the clock of [`Request::at`].
pub fn now() -> f64 {
    let clock = |performance: Performance| performance.time_origin() + performance.now();
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, clock)
}
