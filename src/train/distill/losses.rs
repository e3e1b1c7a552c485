//! The student's objective: L on mixed labels, and a signal in every layer.

use std::sync::Mutex;

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};

use super::attention_loss::attention_loss;
use super::map_names;
use super::teacher::Source;
use super::teacher_outputs::TeacherOutput;
use crate::error::Error;
use crate::model::ops::{self, Heads, values};
use crate::model::{Part, Pass};
use crate::train::loss::top_loss;
use crate::train::{Batch, Trainer};

/// How much each signal counts beside L.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossWeights {
    /// Factor of the hidden states' error: the unexplained share of the teacher's variance, summed over levels.
    pub hidden: f64,
    /// Factor of the attention's mean KL, summed over layers.
    pub attention: f64,
    /// Share of the gold labels in t_i; the rest is the teacher's p_i.
    pub gold: f64,
}

/// The objective's parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// L of every instance against the mixed t_i.
    pub instances: Vec<f64>,
    /// Error of the hidden states at every imitated level, without its factor.
    pub hidden: Vec<f64>,
    /// KL of every layer's attention, without its factor.
    pub attention: Vec<f64>,
}

/// The objective of one batch, as a tensor that can be differentiated, and its parts.
pub fn distillation_loss(
    trainer: &Trainer,
    source: &Source,
    batch: &Batch,
    teacher_output: &TeacherOutput,
    weights: LossWeights,
    pass: &Pass,
) -> std::result::Result<(Tensor, Parts), Error> {
    let encoder = &trainer.model.encoder;
    let pass = &Pass { tokens: Some(batch.tokens.clone()), ..pass.clone() };
    let count = trainer.model.config.num_attention_heads;
    let heads = Heads { count, length: batch.length, tokens: batch.tokens.clone(), dropout: (0.0, 0) };
    let (mut hidden, mut attention) = (Vec::new(), Vec::new());
    let mut x = encoder.embed(&batch.ids, &batch.segments, batch.length, pass)?;
    for k in 0..=encoder.depth() {
        if let Some(n) = source.levels.iter().position(|level| level.student == k) {
            let level = &source.levels[n];
            let (weight, bias) = map_names(level.number);
            let map = |name: &str| {
                let missing = || Error::Mismatch { why: format!("the weights hold no {name}") };
                Ok::<_, Error>(trainer.variables.get(name).ok_or_else(missing)?.as_tensor().clone())
            };
            let mapped = ops::linear(&x.flatten_to(1)?, &map(&weight)?, &map(&bias)?)?;
            hidden.push((squared_error(&mapped, &teacher_output.levels[n], batch)? / level.variance)?);
        }
        if k < encoder.depth() {
            let (mut q, mut key) = (None, None);
            x = encoder.layer_seen(k, &x, pass, &mut |part, t| match part {
                Part::Query => q = Some(t.clone()),
                Part::Key => key = Some(t.clone()),
                _ => {}
            })?;
            if let (Some(q), Some(key), true) = (q, key, weights.attention > 0.0) {
                attention.push(attention_loss(&q, &key, &teacher_output.relations[k], &heads)?);
            }
        }
    }
    let mut mixed = batch.clone();
    mixed.mix(weights.gold, batch.rows.iter().map(|&row| teacher_output.logits[row as usize]));
    let (task, instances) = top_loss(&trainer.model, &mixed, &x)?;
    let scalars = |parts: &[Tensor]| parts.iter().map(|t| t.to_scalar::<f32>().map(f64::from)).collect::<Result<_>>();
    let parts = Parts { instances, hidden: scalars(&hidden)?, attention: scalars(&attention)? };
    let mut objective = task;
    for (signals, factor) in [(hidden, weights.hidden), (attention, weights.attention)] {
        for signal in signals {
            objective = (objective + (signal * factor)?)?;
        }
    }
    Ok((objective, parts))
}

/// Sum of squared differences per token, meaned over the batch's tokens; padding does not count.
fn squared_error(x: &Tensor, target: &Tensor, batch: &Batch) -> Result<Tensor> {
    let counted = batch.tokens.iter().flat_map(|&n| (0..batch.length).map(move |i| i < n)).collect();
    x.contiguous()?.apply_op1(SquaredError::new(target, counted)?)
}

struct SquaredError {
    target: Vec<f32>,
    counted: Vec<bool>,
    /// `x - target` in counted rows, 0 elsewhere; from the forward pass.
    differences: Mutex<Option<Vec<f32>>>,
}

impl SquaredError {
    fn new(target: &Tensor, counted: Vec<bool>) -> Result<SquaredError> {
        Ok(SquaredError { target: target.flatten_all()?.to_vec1()?, counted, differences: Mutex::default() })
    }

    /// Counted rows.
    fn count(&self) -> f32 {
        self.counted.iter().filter(|c| **c).count() as f32
    }
}

impl CustomOp1 for SquaredError {
    fn name(&self) -> &'static str {
        "squared-error"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = values(x, layout)?;
        if self.target.len() != x.len() {
            bail!("{} values are to imitate {}", x.len(), self.target.len());
        }
        let width = x.len() / self.counted.len();
        let mut differences = vec![0.0; x.len()];
        let rows = differences.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(self.target.chunks_exact(width));
        for (((out, x), target), _) in rows.zip(&self.counted).filter(|(_, counted)| **counted) {
            for ((d, x), t) in out.iter_mut().zip(x).zip(target) {
                *d = x - t;
            }
        }
        let sum: f32 = differences.chunks(1024).map(|part| part.iter().map(|d| d * d).sum::<f32>()).sum();
        *self.differences.lock().expect("no pass panics") = Some(differences);
        Ok((CpuStorage::F32(vec![sum / self.count()]), ().into()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        let Some(mut slopes) = self.differences.lock().expect("no pass panics").take() else {
            bail!("a second gradient of one pass")
        };
        let by = 2.0 * dy.to_scalar::<f32>()? / self.count();
        slopes.iter_mut().for_each(|d| *d *= by);
        Tensor::from_vec(slopes, x.shape(), x.device()).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Var};

    #[test]
    fn squared_error_by_hand() {
        let x = Var::new(&[[1f32, 2.0], [9.0, 9.0], [0.0, 0.0], [3.0, 1.0]], &Device::Cpu).unwrap();
        let target = Tensor::new(&[[0f32, 0.0], [0.0, 0.0], [1.0, 1.0], [3.0, 3.0]], &Device::Cpu).unwrap();
        let counted = vec![true, false, true, true];
        let y = x.apply_op1(SquaredError::new(&target, counted).unwrap()).unwrap();
        assert!((y.to_scalar::<f32>().unwrap() - (5.0 + 2.0 + 4.0) / 3.0).abs() < 1e-6);
        let slope = (y * 1.5).unwrap().backward().unwrap().get(&x).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!(slope, [[1.0, 2.0], [0.0, 0.0], [-1.0, -1.0], [0.0, -2.0]]);
    }
}
