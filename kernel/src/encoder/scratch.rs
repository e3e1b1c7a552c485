//! The buffers of one sequence under way, and the pool that they return to.

use std::ops::{Deref, DerefMut, Range};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Int8Encoder, ROWS};
use crate::{COLUMNS, Codes, codes};

/// Values beyond the end of a row: without them, rows of 512 or 1536 values would all fall into the same two sets of
/// a processor's first cache.
const APART: usize = 16;

/// Buffers for T positions, d = hidden size.
#[derive(Debug)]
pub struct Scratch {
    /// T.
    pub(super) length: usize,
    /// The activations between two layers: `[T, d]`.
    pub x: Vec<f32>,
    /// The same as codes.
    pub(super) codes: Codes,
    /// Length of a row of Q, of K and V, and of the inner activations, in memory.
    pub(super) width: usize,
    pub(super) kv_width: usize,
    pub(super) inner_width: usize,
    /// Q: `[T, d]`.
    pub(super) q: Vec<f32>,
    /// K and V beside each other: `[T, 2d]`.
    pub(super) kv: Vec<f32>,
    /// The largest |q| of each head.
    pub(super) largest_q: Vec<f32>,
    /// What the heads read: `[T, d]`.
    pub(super) context: Vec<f32>,
    /// One head: Q as rows, K and V as panels.
    pub(super) queries: Vec<i16>,
    pub(super) keys: Vec<i16>,
    pub(super) values: Vec<i16>,
    /// `[ROWS, T]`, both T padded to a multiple of 8.
    pub(super) scores: Vec<i32>,
    pub(super) chances: Vec<i16>,
    /// 1 / total of a row of chances.
    pub(super) totals: Vec<f32>,
    /// `[ROWS, d]` as codes, for the attention's output and for the inner layer; `[ROWS, inner]` and its codes.
    pub(super) block_codes: Codes,
    pub(super) middle_codes: Codes,
    pub(super) inner: Vec<f32>,
    pub(super) inner_codes: Codes,
    /// Integer sums: `[ROWS, 8]`.
    pub(super) sums: Vec<i32>,
    /// Where wanted: the largest magnitudes per column, seen between the halves of a layer.
    pub seen: Option<Vec<f32>>,
}

/// Scratches that nobody uses just now.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Vec<Scratch>>);

/// A scratch that goes back to its pool when dropped.
#[derive(Debug)]
pub struct Lease {
    scratch: Option<Scratch>,
    pool: Arc<Pool>,
}

impl Scratch {
    /// T.
    pub fn length(&self) -> usize {
        self.length
    }

    /// What others need of the rows `rows` after [`Int8Encoder::project`]: the largest |q| of each head (attention codes Q with
    /// one scale a head), and K and V as they lie here.
    pub fn share(&self, rows: Range<usize>) -> [&[f32]; 2] {
        [&self.largest_q, &self.kv[rows.start * self.kv_width..rows.end * self.kv_width]]
    }

    /// Takes the first part of what somebody else has shared of the rows `rows`; the second belongs into what this returns.
    pub fn gather(&mut self, rows: Range<usize>, largest_q: &[f32]) -> &mut [f32] {
        for (mine, other) in self.largest_q.iter_mut().zip(largest_q) {
            *mine = mine.max(*other);
        }
        &mut self.kv[rows.start * self.kv_width..rows.end * self.kv_width]
    }

    /// Buffers for `length` positions: used ones of that length, else new ones. One other length is kept; of more,
    /// the oldest goes.
    pub(super) fn lease(pool: &Arc<Pool>, length: usize, model: &Int8Encoder) -> Lease {
        let scratch = {
            let mut idle = pool.0.lock().unwrap_or_else(PoisonError::into_inner);
            let fitting = idle.iter().position(|s| s.length == length);
            match fitting {
                Some(at) => Some(idle.remove(at)),
                None => {
                    if idle.len() > 1 {
                        idle.remove(0);
                    }
                    None
                }
            }
        };
        let scratch = scratch.unwrap_or_else(|| Scratch::new(length, model));
        Lease { scratch: Some(scratch), pool: pool.clone() }
    }

    fn new(length: usize, model: &Int8Encoder) -> Scratch {
        let (d, size) = (model.shape.d, model.shape.d / model.shape.heads);
        let (width, kv_width, inner_width) = (d + APART, 2 * d + APART, model.shape.inner + APART);
        let padded = length.next_multiple_of(COLUMNS);
        Scratch {
            length,
            x: vec![0.0; length * d],
            codes: Codes::new(length, model.depth_of(0)),
            width,
            kv_width,
            inner_width,
            q: vec![0.0; length * width],
            kv: vec![0.0; length * kv_width],
            largest_q: vec![0.0; model.shape.heads],
            context: vec![0.0; length * d],
            queries: vec![0; length * size],
            keys: vec![0; codes::panels_len(length, size)],
            values: vec![0; codes::panels_len(size, length)],
            scores: vec![0; ROWS * padded],
            chances: vec![0; ROWS * padded],
            totals: vec![0.0; ROWS],
            block_codes: Codes::new(ROWS, d),
            middle_codes: Codes::new(ROWS, model.depth_of(1)),
            inner: vec![0.0; ROWS * inner_width],
            inner_codes: Codes::new(ROWS, model.shape.inner),
            sums: vec![0; ROWS * COLUMNS],
            seen: None,
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut idle = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.scratch.take());
    }
}

impl Deref for Lease {
    type Target = Scratch;
    fn deref(&self) -> &Scratch {
        self.scratch.as_ref().expect("taken only by drop")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Scratch {
        self.scratch.as_mut().expect("taken only by drop")
    }
}
