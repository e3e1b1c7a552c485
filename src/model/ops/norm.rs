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

impl LayerNorm {
    /// Mean and 1 / deviation of a row.
    fn moments(&self, row: &[f32]) -> (f32, f32) {
        let n = row.len() as f32;
        let mean = row.iter().sum::<f32>() / n;
        let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
        (mean, 1.0 / (variance + self.eps).sqrt())
    }
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
            for row in rows.chunks_exact_mut(weight.len()) {
                let (mean, scale) = self.moments(row);
                for ((x, w), b) in row.iter_mut().zip(weight).zip(bias) {
                    *x = (*x - mean) * scale * w + b;
                }
            }
        });
        Ok((CpuStorage::F32(out), x_layout.shape().clone()))
    }

    /// With n = (x - mean) * scale and g = dy * weight: dx = scale * (g - mean(g) - n * mean(g * n)),
    /// d weight = sum of dy * n over the rows, d bias = sum of dy.
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
        kernel::chunks(&mut dx, ROWS * d, |k, rows| {
            let first = k * ROWS * d;
            for (r, out) in rows.chunks_exact_mut(d).enumerate() {
                let at = first + r * d;
                let (x, dy) = (&x_values[at..at + d], &dy[at..at + d]);
                let (mean, scale) = self.moments(x);
                let (mut sum, mut with_n) = (0.0, 0.0);
                for ((x, dy), w) in x.iter().zip(dy).zip(&w) {
                    sum += dy * w;
                    with_n += dy * w * (x - mean) * scale;
                }
                let (sum, with_n) = (sum / d as f32, with_n / d as f32);
                for (((out, x), dy), w) in out.iter_mut().zip(x).zip(dy).zip(&w) {
                    *out = scale * (dy * w - sum - (x - mean) * scale * with_n);
                }
            }
        });
        let (mut dw, mut db) = (vec![0.0; d], vec![0.0; d]);
        for (x, dy) in x_values.chunks_exact(d).zip(dy.chunks_exact(d)) {
            let (mean, scale) = self.moments(x);
            for (((dw, db), x), dy) in dw.iter_mut().zip(&mut db).zip(x).zip(dy) {
                *dw += dy * (x - mean) * scale;
                *db += dy;
            }
        }
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
