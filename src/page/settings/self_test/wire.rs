//! A worker of the self-test's own, which is asked one thing at a time.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;

use crate::error::Error;
use crate::worker::{Client, Event, Examined};

type Reply = Result<Event, Error>;

#[derive(Default)]
struct Waiting {
    sender: Option<oneshot::Sender<Reply>>,
    /// What went wrong while nothing was asked.
    dead: Option<Error>,
}

impl Waiting {
    fn settle(&mut self, reply: Reply) {
        match (self.sender.take(), reply) {
            (Some(sender), reply) => drop(sender.send(reply)),
            (None, Err(error)) => self.dead = Some(error),
            (None, Ok(_)) => {}
        }
    }
}

/// The worker. Clones are handles to the same one.
#[derive(Clone)]
pub(crate) struct Asker {
    client: Client,
    waiting: Rc<RefCell<Waiting>>,
}

impl Asker {
    /// Starts it.
    pub fn start(base: &str) -> Result<Asker, Error> {
        let waiting = Rc::new(RefCell::new(Waiting::default()));
        let heard = waiting.clone();
        let client = Client::start(base, Some(1), move |event| match event {
            Event::Progress { .. } => {}
            Event::Failed { error, .. } => heard.borrow_mut().settle(Err(error)),
            reply => heard.borrow_mut().settle(Ok(reply)),
        })?;
        Ok(Asker { client, waiting })
    }

    /// Makes a request and waits for its reply; [`Error::Aborted`] once the worker is closed.
    pub async fn ask<T>(&self, request: impl FnOnce(&Client) -> T) -> Reply {
        if let Some(error) = self.waiting.borrow_mut().dead.take() {
            return Err(error);
        }
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().sender = Some(sender); // first: a worker that is gone fails within the request
        request(&self.client);
        receiver.await.unwrap_or(Err(Error::Aborted))
    }

    /// Looks at the program, and checks its kernels if so wished.
    pub async fn examine(&self, kernels: bool) -> Result<Examined, Error> {
        match self.ask(|client| client.examine(kernels)).await? {
            Event::Examined(examined) => Ok(examined),
            _ => Err(unexpected()),
        }
    }

    /// Ends the worker; whatever is asked ends with [`Error::Aborted`].
    pub fn close(&self) {
        self.client.close();
        self.waiting.borrow_mut().sender = None;
    }
}

/// A reply to something else.
pub(crate) fn unexpected() -> Error {
    Error::Internal { why: "an unexpected reply".into() }
}
