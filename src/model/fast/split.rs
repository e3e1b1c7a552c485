//! Finds the columns of a model whose activations are far larger than the others, by a look at a few made-up tokens:
//! such columns are a property of the weights, and stand out whatever the text.

use super::Fast;
use crate::error::Error;
use crate::kernel::Split;
use crate::model::config::Config;
use crate::model::encoder::{Encoder, Pass};

/// Parts that are added to a row: one step of the kernels.
const MORE: usize = 8;
/// Positions looked at.
const TOKENS: usize = 24;

/// Raises `most` to the magnitudes of `row`.
pub(super) fn see(most: &mut [f32], row: &[f32]) {
    for (most, x) in most.iter_mut().zip(row) {
        *most = most.max(x.abs());
    }
}

/// For every layer the splits of its inputs and of its second half's.
pub(super) fn find(plain: &Fast, config: &Config, encoder: &Encoder) -> Result<Vec<[Split; 2]>, Error> {
    let length = TOKENS.min(config.max_position_embeddings);
    // Token ids from all over the vocabulary, in two segments.
    let ids: Vec<u32> = (0..length).map(|k| ((k * 7 + 3) * config.vocab_size / (7 * length + 3)) as u32).collect();
    let segments: Vec<u32> = (0..length).map(|k| u32::from(k > length / 3)).collect();
    let x = encoder.embed(&ids, &segments, length, &Pass::default())?.flatten_all()?.to_vec1::<f32>()?;
    let mut s = plain.begin(&x);
    let mut splits = Vec::new();
    for k in 0..plain.depth() {
        let mut inputs = vec![0.0; config.hidden_size];
        s.x.chunks_exact(config.hidden_size).for_each(|row| see(&mut inputs, row));
        s.seen = Some(vec![0.0; config.hidden_size]);
        plain.layer(k, &mut s, 0..length);
        let middle = s.seen.take().unwrap_or_default();
        splits.push([Split::new(&inputs, MORE), Split::new(&middle, MORE)]);
    }
    Ok(splits)
}
