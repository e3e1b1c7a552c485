//! The two operations whose library forms are either fused without a gradient or composed and slow:
//! softmax and LayerNorm over the last dimension, fused and with their gradients.

use candle_core::{CpuStorage, CustomOp1, CustomOp3, D, Layout, Result, Shape, Tensor, bail};

/// Softmax over the last dimension.
pub fn softmax(x: &Tensor) -> Result<Tensor> {
    x.contiguous()?.apply_op1(Softmax)
}

/// `(x - mean) / sqrt(variance + eps) * weight + bias` over the last dimension; the variance is the
/// biased one, as in BERT.
pub fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor, eps: f64) -> Result<Tensor> {
    x.contiguous()?.apply_op3(weight, bias, LayerNorm { eps })
}

fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (layout.contiguous_offsets(), storage) {
        (Some((start, end)), CpuStorage::F32(all)) => Ok(&all[start..end]),
        _ => bail!("a contiguous f32 tensor is needed"),
    }
}

struct Softmax;

impl CustomOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut out = values(storage, layout)?.to_vec();
        let width = layout.dims().last().copied().unwrap_or(1);
        for row in out.chunks_exact_mut(width) {
            let largest = row.iter().fold(f32::NEG_INFINITY, |m, &x| m.max(x));
            let mut sum = 0.0;
            for x in row.iter_mut() {
                *x = (*x - largest).exp();
                sum += *x;
            }
            let scale = 1.0 / sum;
            for x in row {
                *x *= scale;
            }
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    /// dx = y * (dy - sum(dy * y)).
    fn bwd(&self, _: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        let inner = (dy * y)?.sum_keepdim(D::Minus1)?;
        Ok(Some((y * dy.broadcast_sub(&inner)?)?))
    }
}

struct LayerNorm {
    eps: f64,
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
        let n = weight.len() as f32;
        for row in out.chunks_exact_mut(weight.len()) {
            let mean = row.iter().sum::<f32>() / n;
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
            let scale = 1.0 / (variance + self.eps as f32).sqrt();
            for ((x, w), b) in row.iter_mut().zip(weight).zip(bias) {
                *x = (*x - mean) * scale * w + b;
            }
        }
        Ok((CpuStorage::F32(out), x_layout.shape().clone()))
    }

    /// With n = (x - mean) * scale and g = dy * weight: dx = scale * (g - mean(g) - n * mean(g * n)),
    /// d weight = sum of dy * n over the rows, d bias = sum of dy.
    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _bias: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
        let scale = (centred.sqr()?.mean_keepdim(D::Minus1)? + self.eps)?.sqrt()?.recip()?;
        let n = centred.broadcast_mul(&scale)?;
        let g = dy.broadcast_mul(weight)?;
        let dx = g.broadcast_sub(&g.mean_keepdim(D::Minus1)?)?;
        let dx = (dx - n.broadcast_mul(&(&g * &n)?.mean_keepdim(D::Minus1)?)?)?.broadcast_mul(&scale)?;
        let rows = |t: Tensor| t.reshape(((), weight.elem_count()))?.sum(0);
        Ok((Some(dx), Some(rows((dy * &n)?)?), Some(rows(dy.clone())?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Var};

    fn numbers(n: usize, seed: u64) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..n).map(|_| next()).collect()
    }

    /// Central differences of `sum(f(x) * probe)` against the gradient that the tape gives.
    fn check(x: &Var, f: impl Fn(&Tensor) -> Result<Tensor>) {
        let shape = f(x).unwrap().shape().clone();
        let probe = Tensor::from_vec(numbers(shape.elem_count(), 7), shape, &Device::Cpu).unwrap();
        let loss = |x: &Tensor| (f(x).unwrap() * &probe).unwrap().sum_all().unwrap();
        let grads = loss(x).backward().unwrap();
        let exact = grads.get(x).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let start = x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        for k in 0..start.len() {
            let at = |step: f32| {
                let mut moved = start.clone();
                moved[k] += step;
                let moved = Tensor::from_vec(moved, x.shape(), &Device::Cpu).unwrap();
                f64::from(loss(&moved).to_scalar::<f32>().unwrap())
            };
            let slope = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!((slope - f64::from(exact[k])).abs() < 2e-3, "{k}: {slope} against {}", exact[k]);
        }
    }

    fn var(n: &[usize], seed: u64) -> Var {
        Var::from_vec(numbers(n.iter().product(), seed), n, &Device::Cpu).unwrap()
    }

    #[test]
    fn softmax_by_hand_and_its_gradient() {
        let y = softmax(&Tensor::new(&[[0f32, 2f32.ln(), 5f32.ln()]], &Device::Cpu).unwrap()).unwrap();
        let y = y.to_vec2::<f32>().unwrap();
        for (got, want) in y[0].iter().zip([0.125, 0.25, 0.625]) {
            assert!((got - want).abs() < 1e-6);
        }
        check(&var(&[3, 5], 1), softmax);
    }

    #[test]
    fn layer_norm_by_hand_and_its_gradients() {
        let t = |v: &[f32]| Tensor::new(v, &Device::Cpu).unwrap();
        // 1 and 3: mean 2, variance 1.
        let y = layer_norm(&t(&[1.0, 3.0]).reshape((1, 2)).unwrap(), &t(&[2.0, 10.0]), &t(&[0.5, 0.0]), 0.0);
        assert_eq!(y.unwrap().to_vec2::<f32>().unwrap(), [[-1.5, 10.0]]);
        let (x, w, b) = (var(&[3, 6], 2), var(&[6], 3), var(&[6], 4));
        check(&x, |x| layer_norm(x, &w, &b, 1e-5));
        check(&w, |w| layer_norm(&x, w, &b, 1e-5));
        check(&b, |b| layer_norm(&x, &w, b, 1e-5));
    }
}
