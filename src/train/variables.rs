//! A checkpoint's tensors as variables.

use std::cell::RefCell;
use std::collections::BTreeMap;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, DType, InplaceOp2, Layout, Storage, Tensor, Var, bail};

use crate::error::Error;
use crate::kernel;
use crate::model::{Checkpoint, Weight};

/// Every trained tensor by its canonical name.
#[derive(Debug)]
pub struct Variables(BTreeMap<String, Var>);

impl Variables {
    /// Variables with the checkpoint's values (dequantized where they must be), and a checkpoint made of
    /// them: a model loaded from it learns.
    pub fn new(checkpoint: &Checkpoint) -> Result<(Variables, Checkpoint), Error> {
        let mut variables = BTreeMap::new();
        let mut tracked = Checkpoint::default();
        for (name, weight) in checkpoint.iter() {
            let variable = Var::from_tensor(&weight.to_f32()?)?;
            tracked.insert(name, Weight::Full(variable.as_tensor().clone()));
            variables.insert(name.to_string(), variable);
        }
        Ok((Variables(variables), tracked))
    }

    /// Name and variable, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.0.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    /// The variable of that name.
    pub fn get(&self, name: &str) -> Option<&Var> {
        self.0.get(name)
    }

    /// The same values without a record of what is done with them, in the same memory: a model loaded from it sees
    /// every step and computes no gradient.
    pub fn detached(&self) -> Checkpoint {
        let mut out = Checkpoint::default();
        for (name, variable) in self.iter() {
            out.insert(name, Weight::Full(variable.as_tensor().detach()));
        }
        out
    }

    /// Takes the checkpoint's values again.
    ///
    /// # Errors
    /// When it is not the one, or one like it, that the variables were made of.
    pub fn reset(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        for (name, weight) in checkpoint.iter() {
            let variable =
                self.get(name).ok_or_else(|| Error::Mismatch { why: format!("no variable is named {name}") })?;
            // A copy: a variable must not share memory with what it is set to.
            variable.set(&weight.to_f32()?.copy()?)?;
        }
        Ok(())
    }

    /// L2 norm of all gradients together.
    pub fn norm(&self, gradients: &GradStore) -> Result<f64, Error> {
        let mut sum = 0.0;
        for (_, variable) in self.iter() {
            if let Some(gradient) = gradients.get(variable) {
                sum += square_sum(gradient)?;
            }
        }
        Ok(sum.sqrt())
    }
}

/// Values whose squares are added in f32 before they enter a sum in f64.
pub(super) const PIECE: usize = 1024;

/// Moves a variable by its gradient in place: `step` takes [`PIECE`] values of both at a time and returns the sum of the
/// squares of what it added. Returns the L2 norm of what the variable gained; a step that led out of all numbers counts
/// as the largest.
pub(super) fn update(
    variable: &Var,
    gradient: &Tensor,
    step: impl FnMut(&mut [f32], &[f32]) -> f32,
) -> Result<f64, Error> {
    let update = Update(RefCell::new((step, 0.0)));
    variable.as_tensor().inplace_op2(&gradient.contiguous()?, &update)?;
    let (_, moved) = update.0.into_inner();
    Ok(moved.sqrt().min(f64::MAX))
}

/// The step, and the sum of the squares so far.
struct Update<F>(RefCell<(F, f64)>);

impl<F: FnMut(&mut [f32], &[f32]) -> f32> InplaceOp2 for Update<F> {
    fn name(&self) -> &'static str {
        "update"
    }

    fn cpu_fwd(
        &self,
        w: &mut CpuStorage,
        w_layout: &Layout,
        g: &CpuStorage,
        g_layout: &Layout,
    ) -> candle_core::Result<()> {
        let (CpuStorage::F32(w), CpuStorage::F32(g)) = (w, g) else { bail!("f32 variables are updated") };
        let (Some((start, end)), Some((first, last))) = (w_layout.contiguous_offsets(), g_layout.contiguous_offsets())
        else {
            bail!("contiguous variables are updated")
        };
        let (step, moved) = &mut *self.0.borrow_mut();
        for (w, g) in w[start..end].chunks_mut(PIECE).zip(g[first..last].chunks(PIECE)) {
            *moved += f64::from(step(w, g));
        }
        Ok(())
    }
}

/// Sum of squares, in f64.
pub fn square_sum(tensor: &Tensor) -> Result<f64, Error> {
    let tensor = tensor.to_dtype(DType::F32)?.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    let Storage::Cpu(storage) = &*storage else {
        return Err(Error::Internal { why: "training runs on the CPU".into() });
    };
    let values = &storage.as_slice::<f32>()?[layout.start_offset()..][..layout.shape().elem_count()];
    Ok(kernel::square_sum(values))
}
