//! What a program tells the page's self-test about itself.

use super::bench;
use super::worker::{Shared, current, send};
use crate::fault::Fault;
use crate::protocol::{Examined, FromWorker};

/// Its kernels, checked where that is asked for, the token ids of these texts, and its memory.
pub(super) fn examine(state: &Shared, id: u32, kernels: bool, texts: &[(String, String)]) -> Result<(), Fault> {
    let comparisons = if kernels { bench::check().map_err(|why| Fault::Internal { why })? } else { 0 };
    let mut ids = Vec::new();
    for (question, paragraph) in texts {
        ids.push(current(state)?.text().encode(question, paragraph)?.ids(0).0);
    }
    let kernels = bench::names().into_iter().map(String::from).collect();
    let memory = core::arch::wasm32::memory_size(0) << 16; // pages of 64 KiB
    send(&FromWorker::Examined { id, examined: Examined { kernels, comparisons, ids, memory } }, &[]);
    Ok(())
}
