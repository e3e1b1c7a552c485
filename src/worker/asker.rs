//! A worker that is asked one thing at a time.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;

use crate::dataset::Record;
use crate::error::Error;

use super::client::{Client, Event, Examined};

type Reply = Result<Event, Error>;

#[derive(Default)]
struct Waiting {
    sender: Option<oneshot::Sender<Reply>>,
    /// What went wrong while nothing was asked.
    dead: Option<Error>,
    /// What has come of data files so far.
    records: Vec<Record>,
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
pub struct Asker {
    client: Client,
    waiting: Rc<RefCell<Waiting>>,
}

impl Asker {
    /// Starts it.
    ///
    /// # Errors
    /// [`Error::WorkerDied`] when the browser starts none.
    pub fn start() -> Result<Asker, Error> {
        let waiting = Rc::new(RefCell::new(Waiting::default()));
        let heard = waiting.clone();
        let client = Client::start(Some(1), move |event| match event {
            Event::Progress { .. } => {}
            Event::Parsed { mut dataset, more, id } => {
                let mut waiting = heard.borrow_mut();
                waiting.records.append(&mut dataset.records);
                if !more {
                    dataset.records = std::mem::take(&mut waiting.records);
                    waiting.settle(Ok(Event::Parsed { dataset, more, id }));
                }
            }
            Event::Failed { error, .. } => heard.borrow_mut().settle(Err(error)),
            reply => heard.borrow_mut().settle(Ok(reply)),
        })?;
        Ok(Asker { client, waiting })
    }

    /// Makes a request and waits for its reply, data files as a whole.
    ///
    /// # Errors
    /// Why there is no reply; [`Error::Aborted`] once the worker is closed.
    pub async fn ask<T>(&self, request: impl FnOnce(&Client) -> T) -> Reply {
        if let Some(error) = self.waiting.borrow_mut().dead.take() {
            return Err(error);
        }
        let (sender, receiver) = oneshot::channel();
        let waiting = Waiting { sender: Some(sender), ..Waiting::default() };
        *self.waiting.borrow_mut() = waiting; // first: a worker that is gone fails within the request
        request(&self.client);
        receiver.await.unwrap_or(Err(Error::Aborted))
    }

    /// Looks at the program, and checks its kernels if so wished.
    ///
    /// # Errors
    /// As [`Asker::ask`].
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
pub fn unexpected() -> Error {
    Error::Internal { why: "an unexpected reply".into() }
}
