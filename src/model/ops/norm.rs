//! LayerNorm over the last dimension.

use candle_core::{CpuStorage, CustomOp3, D, DType, Layout, Result, Shape, Tensor};

use super::{like, read, values};
use crate::kernel;

/// Rows per piece of parallel work.
const ROWS: usize = 32;

/// `(x - mean) / sqrt(variance + eps) * weight + bias` over the last dimension; the variance is the
/// biased one, as in BERT.
pub fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor, eps: f64) -> Result<Tensor> {
    if x.dtype() == DType::F64 {
        let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
        let deviation = (centred.sqr()?.mean_keepdim(D::Minus1)? + eps)?.sqrt()?;
        return centred.broadcast_div(&deviation)?.broadcast_mul(weight)?.broadcast_add(bias);
    }
    x.contiguous()?.apply_op3(weight, bias, LayerNorm { eps: eps as f32 })
}

struct LayerNorm {
    eps: f32,
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer-norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let mut out = values(x, x_layout)?.to_vec();
        let (weight, bias) = (values(weight, weight_layout)?, values(bias, bias_layout)?);
        kernel::chunks(&mut out, ROWS * weight.len(), |_, rows| {
            kernel::layer_norm(rows, weight, bias, self.eps);
        });
        Ok((CpuStorage::F32(out), x_layout.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [x_values, w, dy] = [x, weight, dy].map(|t| read(t, <[f32]>::to_vec));
        let (x_values, w, dy) = (x_values?, w?, dy?);
        let d = w.len();
        let mut dx = vec![0.0; x_values.len()];
        kernel::chunks(&mut dx, ROWS * d, |k, dx| {
            let rows = k * ROWS * d..k * ROWS * d + dx.len();
            kernel::layer_norm_gradient(&x_values[rows.clone()], &dy[rows], &w, self.eps, dx);
        });
        let (mut dw, mut db) = (vec![0.0; d], vec![0.0; d]);
        kernel::layer_norm_parameters(&x_values, &dy, self.eps, &mut dw, &mut db);
        Ok((Some(like(x, dx)?), Some(like(weight, dw)?), Some(like(bias, db)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ops::check::{fused_equals_composed, var};
    use candle_core::Device;

    #[test]
    fn by_hand() {
        let t = |v: &[f32]| Tensor::new(v, &Device::Cpu).unwrap();
        // 1 and 3: mean 2, variance 1.
        let y = layer_norm(&t(&[1.0, 3.0]).reshape((1, 2)).unwrap(), &t(&[2.0, 10.0]), &t(&[0.5, 0.0]), 0.0);
        assert_eq!(y.unwrap().to_vec2::<f32>().unwrap(), [[-1.5, 10.0]]);
    }

    #[test]
    fn equals_the_composed_form() {
        let arguments = [var(&[9, 6], 2), var(&[6], 3), var(&[6], 4)];
        fused_equals_composed(&arguments, |a| layer_norm(&a[0], &a[1], &a[2], 1e-5));
    }
}
