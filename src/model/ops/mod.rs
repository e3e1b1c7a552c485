//! The encoder's operations, each fused and with its own gradient.
//!
//! candle's fused forms have no gradient, and its composed ones are slow: they pass over memory once per
//! arithmetic sign. These run in f32. For f64 tensors every function falls back to the composed form, which
//! makes that form the oracle of the fused one.

mod attention;
mod dropout;
mod gelu;
mod linear;
mod norm;

pub use attention::{Heads, attention};
pub use dropout::dropout;
pub use gelu::gelu;
pub use linear::linear;
pub use norm::layer_norm;

use candle_core::{CpuStorage, Layout, Result, Storage, Tensor, bail};

/// The values of a contiguous f32 storage.
pub(crate) fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (layout.contiguous_offsets(), storage) {
        (Some((start, end)), CpuStorage::F32(all)) => Ok(&all[start..end]),
        _ => bail!("a contiguous f32 tensor is needed"),
    }
}

/// Hands out the values of an f32 tensor, made contiguous where they are not.
fn read<R>(tensor: &Tensor, work: impl FnOnce(&[f32]) -> R) -> Result<R> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(storage) => Ok(work(values(storage, layout)?)),
        _ => bail!("these operations run on the CPU"),
    }
}

/// A tensor of the same shape with other values.
fn like(tensor: &Tensor, values: Vec<f32>) -> Result<Tensor> {
    Tensor::from_vec(values, tensor.shape(), tensor.device())
}

#[cfg(test)]
pub(super) mod check {
    //! What the operations' tests share.

    use candle_core::{DType, Device, Result, Tensor, Var};

    /// Numbers in -1..1, the same for the same seed.
    pub fn numbers(n: usize, seed: u64) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..n).map(|_| next()).collect()
    }

    pub fn var(shape: &[usize], seed: u64) -> Var {
        Var::from_vec(numbers(shape.iter().product(), seed), shape, &Device::Cpu).unwrap()
    }

    fn f64s(t: &Tensor) -> Vec<f64> {
        t.to_dtype(DType::F64).unwrap().flatten_all().unwrap().to_vec1().unwrap()
    }

    /// The fused f32 form against the composed f64 form: the values, and every argument's gradient of
    /// `sum(f(x) * probe)` in relative L2 norm.
    pub fn fused_equals_composed(arguments: &[Var], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
        let run = |arguments: &[Var]| {
            let tensors: Vec<Tensor> = arguments.iter().map(|v| v.as_tensor().clone()).collect();
            let y = f(&tensors).unwrap();
            let probe = Tensor::from_vec(numbers(y.elem_count(), 7), y.shape(), &Device::Cpu).unwrap();
            let grads = (&y * probe.to_dtype(y.dtype()).unwrap()).unwrap().sum_all().unwrap().backward().unwrap();
            let grads: Vec<Vec<f64>> = arguments.iter().map(|v| f64s(grads.get(v).unwrap())).collect();
            (f64s(&y), grads)
        };
        let wide: Vec<Var> =
            arguments.iter().map(|v| Var::from_tensor(&v.to_dtype(DType::F64).unwrap()).unwrap()).collect();
        let ((y, grads), (exact, exact_grads)) = (run(arguments), run(&wide));
        let far = |a: &[f64], b: &[f64]| {
            let norm = |v: &mut dyn Iterator<Item = f64>| v.map(|x| x * x).sum::<f64>().sqrt();
            norm(&mut a.iter().zip(b).map(|(a, b)| a - b)) / norm(&mut b.iter().copied()).max(1e-12)
        };
        assert!(far(&y, &exact) < 1e-6, "values: {}", far(&y, &exact));
        for (k, (a, b)) in grads.iter().zip(&exact_grads).enumerate() {
            assert!(far(a, b) < 2e-6, "gradient of argument {k}: {}", far(a, b));
        }
    }
}
