//! Plain gradient descent, in place: w - rate * dL/dw.

use std::collections::BTreeMap;
use std::sync::Mutex;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, bail};

use super::adamw::{PIECE, finite};
use super::variables::Variables;
use crate::error::Error;
use crate::kernel;

/// One step at `rate`. Variables without a gradient stay. Returns the L2 norm of what each variable gained.
pub(super) fn descend(
    variables: &Variables,
    gradients: &GradStore,
    rate: f64,
) -> std::result::Result<BTreeMap<String, f64>, Error> {
    let mut norms = BTreeMap::new();
    for (name, variable) in variables.iter() {
        let Some(gradient) = gradients.get(variable) else { continue };
        let update = Update { rate: rate as f32, moved: Mutex::new(0.0) };
        variable.as_tensor().inplace_op2(&gradient.contiguous()?, &update)?;
        let moved = *update.moved.lock().expect("no step panics");
        norms.insert(name.to_string(), finite(moved.sqrt()));
    }
    Ok(norms)
}

struct Update {
    rate: f32,
    moved: Mutex<f64>,
}

impl InplaceOp2 for Update {
    fn name(&self) -> &'static str {
        "sgd"
    }

    fn cpu_fwd(&self, w: &mut CpuStorage, w_layout: &Layout, g: &CpuStorage, g_layout: &Layout) -> Result<()> {
        let (CpuStorage::F32(w), CpuStorage::F32(g)) = (w, g) else { bail!("f32 variables are updated") };
        let (Some((start, end)), Some((first, last))) = (w_layout.contiguous_offsets(), g_layout.contiguous_offsets())
        else {
            bail!("contiguous variables are updated")
        };
        let mut moved = 0.0;
        for (w, g) in w[start..end].chunks_mut(PIECE).zip(g[first..last].chunks(PIECE)) {
            moved += f64::from(kernel::sgd(w, g, self.rate));
        }
        *self.moved.lock().expect("no step panics") = moved;
        Ok(())
    }
}
