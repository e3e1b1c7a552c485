//! Dropout whose mask is a hash of a seed and the value's place: nothing is stored, and the gradient finds
//! the same mask again.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::{like, read, values};
use crate::kernel;

const PIECE: usize = 1 << 14;

/// Zeroes a share `rate` of the values and scales the others by 1 / (1 - rate).
pub fn dropout(x: &Tensor, rate: f32, seed: u32) -> Result<Tensor> {
    if rate == 0.0 { Ok(x.clone()) } else { x.contiguous()?.apply_op1(Dropout { rate, seed }) }
}

struct Dropout {
    rate: f32,
    seed: u32,
}

impl Dropout {
    fn apply(&self, values: &[f32]) -> Vec<f32> {
        let mut out = values.to_vec();
        kernel::chunks(&mut out, PIECE, |k, out| kernel::dropout(out, k * PIECE, self.rate, self.seed));
        out
    }
}

impl CustomOp1 for Dropout {
    fn name(&self) -> &'static str {
        "dropout"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        Ok((CpuStorage::F32(self.apply(values(x, layout)?)), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(like(x, read(dy, |dy| self.apply(dy))?)?))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor, Var};

    #[test]
    fn keeps_the_mean_and_repeats_its_mask() {
        let x = Var::from_tensor(&Tensor::ones(200_000, candle_core::DType::F32, &Device::Cpu).unwrap()).unwrap();
        let y = super::dropout(&x, 0.1, 5).unwrap();
        let values = y.to_vec1::<f32>().unwrap();
        let dropped = values.iter().filter(|v| **v == 0.0).count() as f64 / 2e5;
        assert!((dropped - 0.1).abs() < 0.003, "{dropped}");
        assert!((values.iter().sum::<f32>() / 2e5 - 1.0).abs() < 0.005);
        let grads = y.sum_all().unwrap().backward().unwrap();
        assert_eq!(grads.get(&x).unwrap().to_vec1::<f32>().unwrap(), values, "of x = 1 the gradient is the mask");
        let other = super::dropout(&x, 0.1, 6).unwrap().to_vec1::<f32>().unwrap();
        assert_ne!(other, values);
    }
}
