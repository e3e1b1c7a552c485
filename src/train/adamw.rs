//! AdamW with decoupled weight decay, in place.

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;

use super::variables::{PIECE, Variables, update};
use crate::error::Error;
use crate::kernel::AdamWStep;

/// What does not change from step to step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Decay of the gradient's mean.
    pub beta1: f64,
    /// Decay of the squared gradient's mean.
    pub beta2: f64,
    /// Added to the root.
    pub eps: f64,
    /// Share of the rate by which matrices shrink at every step; biases and LayerNorm do not.
    pub weight_decay: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 }
    }
}

/// m and v of one variable.
pub type Moments = (Vec<f32>, Vec<f32>);

/// The optimiser's memory: m and v of every variable.
#[derive(Debug)]
pub struct AdamW {
    settings: Settings,
    steps: i32,
    moments: BTreeMap<String, Moments>,
}

impl AdamW {
    /// No step made yet.
    pub fn new(settings: Settings) -> AdamW {
        AdamW { settings, steps: 0, moments: BTreeMap::new() }
    }

    /// Steps made so far.
    pub fn steps(&self) -> i32 {
        self.steps
    }

    /// m and v of every variable that has had a gradient.
    pub fn moments(&self) -> impl Iterator<Item = (String, Moments)> {
        self.moments.iter().map(|(name, moments)| (name.clone(), moments.clone()))
    }

    /// Goes on from an earlier run's memory.
    pub fn restore(&mut self, steps: i32, moments: Vec<(String, Moments)>) {
        self.steps = steps;
        self.moments = moments.into_iter().collect();
    }

    /// One step at `rate`; every gradient is multiplied by `scale` first. Variables without a gradient stay. Returns
    /// the L2 norm of what each variable gained.
    pub fn step(
        &mut self,
        variables: &Variables,
        gradients: &GradStore,
        rate: f64,
        scale: f64,
    ) -> Result<BTreeMap<String, f64>, Error> {
        self.steps += 1;
        let mut norms = BTreeMap::new();
        let Settings { beta1, beta2, eps, weight_decay } = self.settings;
        for (name, variable) in variables.iter() {
            let Some(gradient) = gradients.get(variable) else { continue };
            let count = variable.elem_count();
            let (m, v) = self.moments.entry(name.into()).or_insert_with(|| (vec![0.0; count], vec![0.0; count]));
            let decayed = name.ends_with(".weight") && !name.contains("LayerNorm");
            let step = AdamWStep {
                beta: (beta1 as f32, beta2 as f32),
                // Both corrections folded into one factor and one eps: m / (1 - b1^n) / (sqrt(v / (1 - b2^n)) + eps).
                rate: (rate / (1.0 - beta1.powi(self.steps))) as f32,
                root: (1.0 / (1.0 - beta2.powi(self.steps)).sqrt()) as f32,
                eps: eps as f32,
                keep: if decayed { (1.0 - rate * weight_decay) as f32 } else { 1.0 },
                scale: scale as f32,
            };
            let mut moments = m.chunks_mut(PIECE).zip(v.chunks_mut(PIECE));
            let apply = |w: &mut [f32], g: &[f32]| moments.next().map_or(0.0, |(m, v)| step.apply(w, g, m, v));
            norms.insert(name.to_string(), update(variable, gradient, apply)?);
        }
        Ok(norms)
    }
}
