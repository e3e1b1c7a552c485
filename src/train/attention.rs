//! The attention weights of one layer: for every head a_ij = softmax_j(q_i k_j / sqrt(d / H)), how much position i takes of
//! position j's value.

use candle_core::Tensor;

use super::positions::positions;
use crate::error::Error;
use crate::inference::learning::{AttentionMaps, AttentionOf};
use crate::model::{Model, Part, Pass};
use crate::tokenize::Encoded;

/// Attention maps under way; [`Attending::advance`] goes on by one layer.
#[derive(Debug)]
pub struct Attending {
    of: AttentionOf,
    /// The window that the token is at home in.
    window: usize,
    /// The token's position in it.
    position: usize,
    /// Layers passed.
    level: usize,
    x: Tensor,
}

impl Attending {
    /// Begins.
    ///
    /// # Errors
    /// [`Error::Argument`] when there is no such token or layer.
    pub fn new(model: &Model, encoded: &Encoded, of: AttentionOf) -> Result<Attending, Error> {
        let (window, position) = encoded.place_of(of.token)?;
        let depth = model.encoder.depth();
        if of.layer >= depth {
            return Err(Error::Argument { why: format!("there is no layer {}: the model has {depth}", of.layer) });
        }
        let (ids, segments) = encoded.ids(window);
        let x = model.encoder.embed(&ids, &segments, ids.len(), &Pass::default())?;
        Ok(Attending { of, window, position, level: 0, x })
    }

    /// Goes on by one layer; the maps, H matrices of T x T row by row, once they are there.
    pub fn advance(&mut self, model: &Model) -> Result<Option<Vec<f32>>, Error> {
        if self.level < self.of.layer {
            self.x = model.encoder.layer(self.level, &self.x, &Pass::default())?;
            self.level += 1;
            return Ok(None);
        }
        let (mut query, mut key) = (None, None);
        model.encoder.layer_seen(self.level, &self.x, &Pass::default(), &mut |part, tensor| match part {
            Part::Query => query = Some(tensor.clone()),
            Part::Key => key = Some(tensor.clone()),
            _ => {}
        })?;
        let lacking = || Error::Internal { why: "the layer showed no query or key".into() };
        let (q, k) = (query.ok_or_else(lacking)?, key.ok_or_else(lacking)?);
        weights(&q, &k, model.config.num_attention_heads).map(Some)
    }

    /// What the maps are about, of an input of these texts.
    pub fn maps(&self, model: &Model, encoded: &Encoded, question: &str, paragraph: &str) -> AttentionMaps {
        AttentionMaps {
            tokens: positions(encoded, self.window, question, paragraph),
            position: self.position,
            layer: self.of.layer,
            layers: model.encoder.depth(),
            heads: model.config.num_attention_heads,
        }
    }
}

/// Of q and k `[T, d]`, the heads side by side: `[H, T, T]`, row by row.
fn weights(q: &Tensor, k: &Tensor, heads: usize) -> Result<Vec<f32>, Error> {
    let (length, d) = q.dims2()?;
    let width = d / heads;
    let (q, k) = (q.flatten_all()?.to_vec1::<f32>()?, k.flatten_all()?.to_vec1::<f32>()?);
    let scale = 1.0 / (width as f32).sqrt();
    let mut out = Vec::with_capacity(heads * length * length);
    for head in 0..heads {
        let of = |x: &'_ [f32], i: usize| -> Vec<f32> { x[i * d + head * width..][..width].to_vec() };
        let keys: Vec<Vec<f32>> = (0..length).map(|j| of(&k, j)).collect();
        for i in 0..length {
            let query = of(&q, i);
            let row = out.len();
            out.extend(keys.iter().map(|key| scale * query.iter().zip(key).map(|(a, b)| a * b).sum::<f32>()));
            let row = &mut out[row..];
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter_mut().for_each(|a| *a = (*a - most).exp());
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|a| *a /= sum);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn weights_by_hand() {
        // Two positions, two heads of one dimension. Head 1: q = (1, 0), k = (ln 3, 0); head 2: q = (0, 2), k = (0, ln 2).
        let tensor = |values: [f32; 4]| Tensor::from_slice(&values, (2, 2), &Device::Cpu).unwrap();
        let (q, k) = (tensor([1.0, 0.0, 0.0, 2.0]), tensor([3f32.ln(), 0.0, 0.0, 2f32.ln()]));
        let expected = [0.75, 0.25, 0.5, 0.5, 0.5, 0.5, 0.2, 0.8];
        for (a, b) in weights(&q, &k, 2).unwrap().iter().zip(expected) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }
}
