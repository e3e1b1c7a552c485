//! Instances as padded batches. An instance of several windows counts each token once, in the window that
//! it is at home in.

use std::sync::Arc;

use crate::bio::{self, Dist};
#[cfg(not(target_arch = "wasm32"))]
use crate::dataset::Instance;
#[cfg(not(target_arch = "wasm32"))]
use crate::error::Error;
use crate::inference::Window;
#[cfg(not(target_arch = "wasm32"))]
use crate::metrics::evaluate;
#[cfg(not(target_arch = "wasm32"))]
use crate::tokenize::TextEncoder;
use crate::tokenize::{Encoded, home};

/// One instance, ready to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Text as token ids.
    pub encoded: Encoded,
    /// t_i of every paragraph token.
    pub gold: Vec<Dist>,
    /// For every paragraph token the window that it is at home in.
    home: Vec<usize>,
}

impl Example {
    /// Encodes an instance and its gold labels.
    ///
    /// # Errors
    /// As [`TextEncoder::encode`] and [`evaluate::gold`].
    #[cfg(not(target_arch = "wasm32"))]
    pub fn new(text: &TextEncoder, instance: &Instance) -> Result<Example, Error> {
        let encoded = text.encode(&instance.question, &instance.context)?;
        let offsets: Vec<(usize, usize)> = encoded.paragraph.iter().map(|p| (p.start, p.end)).collect();
        Ok(Example::of(encoded, evaluate::gold(instance, &offsets)?))
    }

    /// An instance whose t_i are known, one for every paragraph token.
    ///
    /// # Panics
    /// When they are not one for every token.
    pub fn of(encoded: Encoded, gold: Vec<Dist>) -> Example {
        assert_eq!(encoded.paragraph.len(), gold.len(), "one t for every token");
        let home = home(encoded.paragraph.len(), &encoded.windows);
        Example { encoded, gold, home }
    }

    /// Positions of all windows together.
    pub fn positions(&self) -> usize {
        self.encoded.windows.iter().map(|w| self.encoded.first_position() + w.end - w.start + 1).sum()
    }
}

/// Several instances' windows, padded to the longest.
#[derive(Clone, Debug)]
pub struct Batch {
    /// T.
    pub length: usize,
    /// Token ids, B x T.
    pub ids: Vec<u32>,
    /// Segments, B x T.
    pub segments: Vec<u32>,
    /// Tokens of each window.
    pub tokens: Arc<[usize]>,
    /// Rows of `[B*T]` that carry a label, in the order of `gold`.
    pub rows: Vec<u32>,
    /// t_i of each such row.
    pub gold: Vec<Dist>,
    /// For each such row the number of its instance.
    pub instance: Vec<usize>,
    /// How many instances there are.
    pub instances: usize,
}

impl Batch {
    /// Puts examples together.
    pub fn new(examples: &[&Example]) -> Batch {
        let windows: Vec<(usize, &Example, usize)> = examples
            .iter()
            .enumerate()
            .flat_map(|(n, example)| (0..example.encoded.windows.len()).map(move |k| (n, *example, k)))
            .collect();
        let encoded: Vec<(Vec<u32>, Vec<u32>)> = windows.iter().map(|(_, e, k)| e.encoded.ids(*k)).collect();
        let length = encoded.iter().map(|(ids, _)| ids.len()).max().unwrap_or(0);
        let mut batch = Batch {
            length,
            ids: Vec::with_capacity(length * encoded.len()),
            segments: Vec::with_capacity(length * encoded.len()),
            tokens: encoded.iter().map(|(ids, _)| ids.len()).collect(),
            rows: Vec::new(),
            gold: Vec::new(),
            instance: Vec::new(),
            instances: examples.len(),
        };
        for (row, ((n, example, k), (ids, segments))) in windows.into_iter().zip(encoded).enumerate() {
            let padding = length - ids.len();
            batch.ids.extend(ids.into_iter().chain(std::iter::repeat_n(0, padding)));
            batch.segments.extend(segments.into_iter().chain(std::iter::repeat_n(0, padding)));
            let Window { start, end } = example.encoded.windows[k];
            for i in (start..end).filter(|&i| example.home[i] == k) {
                batch.rows.push((row * length + example.encoded.first_position() + i - start) as u32);
                batch.gold.push(example.gold[i]);
                batch.instance.push(n);
            }
        }
        batch
    }

    /// Lets t_i = gold share of its own t_i + the rest of a teacher's p_i, given its z of every labelled row.
    pub fn mix(&mut self, gold: f64, logits: impl IntoIterator<Item = [f32; 3]>) {
        for (t, z) in self.gold.iter_mut().zip(logits) {
            for (t, p) in t.iter_mut().zip(bio::softmax(&z)) {
                *t = gold * *t + (1.0 - gold) * p;
            }
        }
    }
}
