//! The way through the event loop and back: a task that awaits [`yield_to_event_loop`] lets everything run that waits there.
//!
//! A message to oneself is the quickest way: timers are held back to 4 ms after a few, and promises alone never
//! leave the current task.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort};

/// One channel for all calls: making one costs as much as a call.
struct YieldChannel {
    out: MessagePort,
    waiting: Rc<RefCell<VecDeque<Function>>>,
    // Kept alive as long as the browser may call it.
    _wake: Closure<dyn FnMut()>,
    _back: MessagePort,
}

impl YieldChannel {
    fn new() -> Result<YieldChannel, JsValue> {
        let channel = MessageChannel::new()?;
        let waiting: Rc<RefCell<VecDeque<Function>>> = Rc::default();
        let queue = waiting.clone();
        let wake = Closure::<dyn FnMut()>::new(move || {
            let next = queue.borrow_mut().pop_front();
            if let Some(resolve) = next {
                let _ = resolve.call0(&JsValue::NULL);
            }
        });
        let back = channel.port1();
        back.set_onmessage(Some(wake.as_ref().unchecked_ref()));
        Ok(YieldChannel { out: channel.port2(), waiting, _wake: wake, _back: back })
    }

    /// Sends a message after which `resolve` will be called; whether it could be sent.
    fn send(&self, resolve: &Function) -> bool {
        let sent = self.out.post_message(&JsValue::NULL).is_ok();
        if sent {
            self.waiting.borrow_mut().push_back(resolve.clone());
        }
        sent
    }
}

thread_local! {
    static CHANNEL: Option<YieldChannel> = YieldChannel::new().ok();
}

/// Lets the event loop run what waits there.
pub(crate) async fn yield_to_event_loop() {
    let wait = Promise::new(&mut |resolve: Function, _| {
        let sent = CHANNEL.with(|channel| channel.as_ref().is_some_and(|channel| channel.send(&resolve)));
        if !sent {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(wait).await;
}
