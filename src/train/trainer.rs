//! The trainer: a model whose weights are variables, and one step of AdamW after the other.

use candle_core::Tensor;
use candle_core::backprop::GradStore;

use super::{AdamW, Batch, Settings, Variables, batch_loss};
use crate::error::Error;
use crate::model::{Checkpoint, Config, Model, Pass};

/// A model whose weights are variables, and the optimiser's memory.
#[derive(Debug)]
pub struct Trainer {
    /// The model; it sees every step at once, for it shares the variables' memory.
    pub model: Model,
    /// Its weights by name.
    pub variables: Variables,
    pub(crate) optimiser: AdamW,
}

/// What one step did.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Mean of L over the batch's instances, before the step.
    pub loss: f64,
    /// L of every instance.
    pub instances: Vec<f64>,
    /// Norm of the whole gradient before clipping.
    pub gradient_norm: f64,
}

impl Trainer {
    /// Makes every tensor of the checkpoint an f32 variable.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn new(config: Config, checkpoint: &Checkpoint, settings: Settings) -> Result<Trainer, Error> {
        let (variables, tracked) = Variables::new(checkpoint)?;
        let model = Model::load(config, &tracked)?;
        Ok(Trainer { model, variables, optimiser: AdamW::new(settings) })
    }

    /// Steps made so far, those of a restored run included.
    pub fn steps(&self) -> usize {
        self.optimiser.steps() as usize
    }

    /// The loss of a batch and its gradients.
    pub fn gradients(&self, batch: &Batch, pass: &Pass) -> Result<(Vec<f64>, GradStore), Error> {
        let (mean, instances) = batch_loss(&self.model, batch, pass)?;
        Ok((instances, mean.backward()?))
    }

    /// One step of AdamW at `rate`, with the gradient clipped to norm `clip`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the loss or the gradient is not finite; nothing has changed then.
    pub fn step(&mut self, batch: &Batch, pass: &Pass, rate: f64, clip: f64) -> Result<Step, Error> {
        let (mean, instances) = batch_loss(&self.model, batch, pass)?;
        self.descend(&mean, instances, rate, clip)
    }

    /// One step of AdamW down the gradient of `objective`; `instances` is each instance's L, for the report.
    ///
    /// # Errors
    /// As [`Trainer::step`].
    pub fn descend(&mut self, objective: &Tensor, instances: Vec<f64>, rate: f64, clip: f64) -> Result<Step, Error> {
        let gradients = objective.backward()?;
        let loss = instances.iter().sum::<f64>() / instances.len() as f64;
        let gradient_norm = self.variables.norm(&gradients)?;
        if !(loss.is_finite() && gradient_norm.is_finite()) {
            let why =
                format!("the loss is {loss} and the gradient's norm {gradient_norm}: the learning rate is too high");
            return Err(Error::Internal { why });
        }
        let scale = if gradient_norm > clip { clip / gradient_norm } else { 1.0 };
        self.optimiser.step(&self.variables, &gradients, rate, scale)?;
        Ok(Step { loss, instances, gradient_norm })
    }
}
