//! Forward and backward through the encoder one layer at a time, so that whoever drives it can look up in between.
//!
//! Every layer's input is a variable of its own. Going up, each layer records only itself; going down, a layer's
//! record takes the gradient at its output to those of its weights and of its input, and is dropped.

use std::sync::Arc;

use candle_core::backprop::GradStore;
use candle_core::{Tensor, Var};

use super::batch::Batch;
use super::loss::top_loss;
use super::variables::Variables;
use crate::error::Error;
use crate::model::{Model, Pass};

/// One batch on its way up and down.
#[derive(Debug)]
pub(super) struct Layered {
    batch: Batch,
    pass: Pass,
    /// What each level computed, the embeddings first, and the variable that the next level read.
    levels: Vec<(Tensor, Var)>,
    /// L of every instance, once the top is reached.
    instances: Vec<f64>,
    gradients: Option<GradStore>,
    /// Gradient at the output of the highest level that is still there.
    slope: Option<Tensor>,
}

impl Layered {
    pub fn new(batch: Batch) -> Layered {
        let pass = Pass { tokens: Some(batch.tokens.clone()), ..Pass::default() };
        Layered { batch, pass, levels: Vec::new(), instances: Vec::new(), gradients: None, slope: None }
    }

    /// L of every instance, once the top is reached.
    pub fn losses(&self) -> Option<&[f64]> {
        self.gradients.as_ref().map(|_| &self.instances[..])
    }

    /// The top layer's `[B, T, d]`, before the way down has begun.
    pub fn top(&self) -> Option<Tensor> {
        self.losses()?;
        self.levels.last().map(|(output, _)| output.detach())
    }

    /// Goes on by one layer; true: all gradients are there.
    pub fn advance(&mut self, model: &Model, variables: &Variables) -> Result<bool, Error> {
        let Some(gradients) = &mut self.gradients else {
            return self.up(model).map(|()| false);
        };
        let Some((output, _)) = self.levels.pop() else { return Ok(true) };
        let slope = self.slope.take().ok_or(Error::Internal { why: "a layer without a gradient".into() })?;
        let own = (output * slope)?.sum_all()?.backward()?;
        for (_, variable) in variables.iter() {
            if let Some(gradient) = own.get(variable) {
                gradients.insert(variable, gradient.clone());
            }
        }
        if let Some((_, input)) = self.levels.last() {
            self.slope = own.get(input).cloned();
        }
        Ok(self.levels.is_empty())
    }

    fn up(&mut self, model: &Model) -> Result<(), Error> {
        let batch = &self.batch;
        let output = match self.levels.last() {
            None => model.encoder.embed(&batch.ids, &batch.segments, batch.length, &self.pass)?,
            Some((_, x)) => model.encoder.layer(self.levels.len() - 1, x, &self.pass)?,
        };
        let input = Var::from_tensor(&output.detach())?;
        self.levels.push((output, input));
        if self.levels.len() == model.encoder.depth() + 1 {
            let (_, top) = &self.levels[self.levels.len() - 1];
            let (mean, instances) = top_loss(model, batch, top)?;
            let gradients = mean.backward()?;
            self.slope = gradients.get(top).cloned();
            (self.instances, self.gradients) = (instances, Some(gradients));
        }
        Ok(())
    }

    /// L of every instance and the gradients, after [`Layered::advance`] has said that it is done.
    pub fn finish(self) -> Result<(Vec<f64>, GradStore), Error> {
        let gradients = self.gradients.ok_or(Error::Internal { why: "the pass is not done".into() })?;
        Ok((self.instances, gradients))
    }
}

/// The top layer's output of one batch, without gradients, one layer at a time.
#[derive(Debug)]
pub(super) struct Upwards {
    batch: Arc<Batch>,
    pass: Pass,
    level: usize,
    x: Option<Tensor>,
}

impl Upwards {
    pub fn new(batch: Arc<Batch>) -> Upwards {
        let pass = Pass { tokens: Some(batch.tokens.clone()), ..Pass::default() };
        Upwards { batch, pass, level: 0, x: None }
    }

    /// Goes on by one layer; the top layer's `[B, T, d]` once it is there.
    pub fn advance(&mut self, model: &Model) -> Result<Option<Tensor>, Error> {
        let batch = &self.batch;
        let x = match self.x.take() {
            None => model.encoder.embed(&batch.ids, &batch.segments, batch.length, &self.pass)?,
            Some(x) => {
                self.level += 1;
                model.encoder.layer(self.level - 1, &x, &self.pass)?
            }
        };
        if self.level == model.encoder.depth() {
            return Ok(Some(x));
        }
        self.x = Some(x);
        Ok(None)
    }
}
