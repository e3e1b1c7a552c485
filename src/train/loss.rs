//! L on tensors: - sum_i sum_j t_ij log p_ij over the labelled rows.

use candle_core::{D, Device, Tensor};

use super::batch::Batch;
use crate::error::Error;
use crate::model::{Model, Pass};

/// The mean of L over the batch's instances, as a tensor that can be differentiated, and L of each.
pub fn batch_loss(model: &Model, batch: &Batch, pass: &Pass) -> Result<(Tensor, Vec<f64>), Error> {
    top_loss(model, batch, &top(model, batch, pass)?)
}

/// z of the batch's labelled rows, in their order.
pub fn batch_logits(model: &Model, batch: &Batch) -> Result<Vec<[f32; 3]>, Error> {
    let z = row_logits(model, batch, &top(model, batch, &Pass::default())?)?;
    Ok(z.to_vec2::<f32>()?.into_iter().map(|z| [z[0], z[1], z[2]]).collect())
}

/// The top layer's `[B, T, d]`.
fn top(model: &Model, batch: &Batch, pass: &Pass) -> Result<Tensor, Error> {
    let encoder = &model.encoder;
    let pass = &Pass { tokens: Some(batch.tokens.clone()), ..pass.clone() };
    let mut x = encoder.embed(&batch.ids, &batch.segments, batch.length, pass)?;
    for k in 0..encoder.depth() {
        x = encoder.layer(k, &x, pass)?;
    }
    Ok(x)
}

/// z `[rows, 3]` of the labelled rows.
fn row_logits(model: &Model, batch: &Batch, x: &Tensor) -> Result<Tensor, Error> {
    let rows = Tensor::new(&batch.rows[..], &Device::Cpu)?;
    let h = x.reshape(((), x.dim(D::Minus1)?))?.index_select(&rows, 0)?;
    Ok(model.head.forward(&h)?)
}

/// [`batch_loss`] from the top layer's `x` `[B, T, d]`.
pub(super) fn top_loss(model: &Model, batch: &Batch, x: &Tensor) -> Result<(Tensor, Vec<f64>), Error> {
    let z = row_logits(model, batch, x)?;
    let shifted = z.broadcast_sub(&z.max_keepdim(1)?.detach())?;
    let log_p = shifted.broadcast_sub(&shifted.exp()?.sum_keepdim(1)?.log()?)?;
    let t: Vec<f32> = batch.gold.iter().flatten().map(|t| *t as f32).collect();
    let t = Tensor::from_vec(t, (batch.gold.len(), 3), &Device::Cpu)?.to_dtype(log_p.dtype())?;
    let terms = (t * log_p)?.neg()?.sum(1)?;
    let mut each = vec![0.0; batch.instances];
    for (term, n) in terms.to_dtype(candle_core::DType::F64)?.to_vec1::<f64>()?.iter().zip(&batch.instance) {
        each[*n] += term;
    }
    Ok(((terms.sum_all()? / batch.instances as f64)?, each))
}
