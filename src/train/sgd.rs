//! Plain gradient descent, in place: w - rate * dL/dw.

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;

use super::variables::{Variables, update};
use crate::error::Error;
use crate::kernel;

/// One step at `rate`. Variables without a gradient stay. Returns the L2 norm of what each variable gained.
pub(super) fn descend(variables: &Variables, gradients: &GradStore, rate: f64) -> Result<BTreeMap<String, f64>, Error> {
    let mut norms = BTreeMap::new();
    for (name, variable) in variables.iter() {
        let Some(gradient) = gradients.get(variable) else { continue };
        let norm = update(variable, gradient, |w: &mut [f32], g: &[f32]| kernel::sgd(w, g, rate as f32))?;
        norms.insert(name.to_string(), norm);
    }
    Ok(norms)
}
