//! Data files in the worker: read and written there, so that the page stays responsive while a large one is.

use js_sys::Uint8Array;

use crate::dataset::{self, Dataset, Format, Options, Problem, Record, Source};

use super::protocol::FromWorker;
use super::serve::{Shared, pause, send, send_files};

/// Bytes of text in one message to the page: a few milliseconds of work there.
const PIECE: usize = 256 << 10;

/// Reads files and sends the records in pieces.
pub(super) async fn parse(state: &Shared, id: u32, names: &[String], options: &Options, arrays: &[Uint8Array]) {
    let files: Vec<Vec<u8>> = arrays.iter().map(Uint8Array::to_vec).collect();
    let sources: Vec<Source<'_>> = names.iter().zip(&files).map(|(name, bytes)| Source { name, bytes }).collect();
    let read = dataset::parse(&sources, options);
    drop(files);
    let Dataset { format, records, mut problems, mut notices } = match read {
        Ok(dataset) => dataset,
        Err(problem) => return refuse(id, problem),
    };
    let mut records = records.into_iter().peekable();
    loop {
        let (mut piece, mut bytes) = (Vec::new(), 0);
        while let Some(record) = records.next_if(|_| bytes < PIECE) {
            bytes += record.context.len() + record.question.len();
            piece.push(record);
        }
        let more = records.peek().is_some();
        let mut dataset = Dataset { format, records: piece, problems: Vec::new(), notices: Vec::new() };
        if !more {
            (dataset.problems, dataset.notices) = (std::mem::take(&mut problems), std::mem::take(&mut notices));
        }
        let said = dataset.problems.iter().map(ToString::to_string).collect();
        let remarked = dataset.notices.iter().map(ToString::to_string).collect();
        send(&FromWorker::Parsed { id, dataset, messages: (said, remarked), more }, &[]);
        if !more {
            return;
        }
        if pause(state, id).await.is_err() {
            return refuse(id, dataset::Reason::Fault { why: "reading was cancelled".into() }.into());
        }
    }
}

/// Writes records and sends the files.
pub(super) fn serialise(id: u32, records: Vec<Record>, format: Format) {
    let written = dataset::checked(records).and_then(|records| Ok((dataset::serialise(&records, format)?, records)));
    let (files, records) = match written {
        Ok(written) => written,
        Err(problem) => return refuse(id, problem),
    };
    let losses = Dataset { format, records, problems: Vec::new(), notices: Vec::new() }.losses(format);
    let names = files.iter().map(|file| file.name.clone()).collect();
    let bytes: Vec<&[u8]> = files.iter().map(|file| &*file.bytes).collect();
    send_files(&FromWorker::Serialised { id, names, losses }, &bytes);
}

fn refuse(id: u32, problem: Problem) {
    let message = problem.to_string();
    send(&FromWorker::Refused { id, problem, message }, &[]);
}
