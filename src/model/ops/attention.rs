//! Multi-head attention, `softmax(Q K^T / sqrt(d/H)) V` per head, in one operation: heads are strided views
//! of the `[B*T, d]` matrices, so nothing is transposed or copied, and the probabilities live only as long as
//! one head's turn (the gradient computes them again).

use std::sync::Arc;

use candle_core::{CpuStorage, CustomOp3, D, DType, Layout, Result, Shape, Tensor};

use super::{read, values};
use crate::kernel::{self, Matrix, product};

/// How the rows of Q, K, V are sequences and heads.
#[derive(Clone, Debug)]
pub struct Heads {
    /// H; divides d.
    pub count: usize,
    /// T: rows per sequence.
    pub length: usize,
    /// How many of each sequence's T positions are tokens; the rest is padding that nobody attends to.
    /// Rows of padding come out as 0.
    pub tokens: Arc<[usize]>,
    /// Share of the probabilities that are dropped, and the seed of the mask.
    pub dropout: (f32, u32),
}

/// `q`, `k`, `v`: `[B*T, d]`; the result too.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: &Heads) -> Result<Tensor> {
    if q.dtype() == DType::F64 {
        return composed(q, k, v, heads);
    }
    q.contiguous()?.apply_op3(&k.contiguous()?, &v.contiguous()?, Attention(heads.clone()))
}

/// The same on candle's own operations, for sequences without padding and without dropout.
fn composed(q: &Tensor, k: &Tensor, v: &Tensor, heads: &Heads) -> Result<Tensor> {
    let (rows, d) = q.dims2()?;
    let size = d / heads.count;
    let split = |x: &Tensor| x.reshape(((), heads.length, heads.count, size))?.transpose(1, 2)?.contiguous();
    let scores = (split(q)?.matmul(&split(k)?.transpose(D::Minus2, D::Minus1)?.contiguous()?)? / (size as f64).sqrt())?;
    let e = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?.detach())?.exp()?;
    let p = e.broadcast_div(&e.sum_keepdim(D::Minus1)?)?;
    p.matmul(&split(v)?)?.transpose(1, 2)?.contiguous()?.reshape((rows, d))
}

struct Attention(Heads);

/// One head of one sequence.
struct Head<'a> {
    q: Matrix<'a>,
    k: Matrix<'a>,
    v: Matrix<'a>,
    scale: f32,
}

impl Attention {
    /// Head `h` of sequence `b`, its tokens only.
    fn head<'a>(&self, q: &'a [f32], k: &'a [f32], v: &'a [f32], d: usize, b: usize, h: usize) -> Head<'a> {
        let size = d / self.0.count;
        let view = |x: &'a [f32]| Matrix {
            data: &x[b * self.0.length * d + h * size..],
            rows: self.0.tokens[b],
            columns: size,
            row: d,
            column: 1,
        };
        Head { q: view(q), k: view(k), v: view(v), scale: 1.0 / (size as f32).sqrt() }
    }

    /// The head's probabilities before dropout, `[tokens, tokens]`, into `p`.
    fn probabilities(head: &Head, p: &mut [f32]) {
        let n = head.q.rows;
        product(p, n, head.q, head.k.t(), head.scale, false, false);
        p.chunks_exact_mut(n).for_each(kernel::softmax_row);
    }

    fn drop(&self, p: &mut [f32], b: usize, h: usize) {
        let (rate, seed) = self.0.dropout;
        if rate > 0.0 {
            let first = (b * self.0.count + h) * self.0.length * self.0.length;
            kernel::dropout(p, first, rate, seed);
        }
    }
}

impl CustomOp3 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(
        &self,
        q: &CpuStorage,
        q_layout: &Layout,
        k: &CpuStorage,
        k_layout: &Layout,
        v: &CpuStorage,
        v_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, d) = q_layout.shape().dims2()?;
        let (q, k, v) = (values(q, q_layout)?, values(k, k_layout)?, values(v, v_layout)?);
        let size = d / self.0.count;
        let mut out = vec![0.0; rows * d];
        kernel::chunks(&mut out, self.0.length * d, |b, out| {
            let n = self.0.tokens[b];
            let mut p = vec![0.0; n * n];
            for h in 0..self.0.count {
                let head = self.head(q, k, v, d, b, h);
                Self::probabilities(&head, &mut p);
                self.drop(&mut p, b, h);
                product(&mut out[h * size..], d, Matrix::dense(&p, n), head.v, 1.0, false, false);
            }
        });
        Ok((CpuStorage::F32(out), q_layout.shape().clone()))
    }

    /// With S = Q K^T / sqrt(d/H), P = softmax(S), M the dropout mask, O = (P M) V:
    /// dV = (P M)^T dO, dP = (dO V^T) M, dS = P (dP - rowsum(dP P)), dQ = dS K / sqrt(d/H), dK = dS^T Q / sqrt(d/H).
    fn bwd(
        &self,
        q: &Tensor,
        k: &Tensor,
        v: &Tensor,
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (rows, d) = q.dims2()?;
        let size = d / self.0.count;
        let piece = self.0.length * d;
        let mut out = vec![0.0; 3 * rows * d]; // per sequence: dQ, dK, dV
        let [q_values, k_values, v_values, dy] = [q, k, v, dy].map(|t| read(t, <[f32]>::to_vec));
        let (q_values, k_values, v_values, dy) = (q_values?, k_values?, v_values?, dy?);
        kernel::chunks(&mut out, 3 * piece, |b, out| {
            let n = self.0.tokens[b];
            let (dq, rest) = out.split_at_mut(piece);
            let (dk, dv) = rest.split_at_mut(piece);
            let (mut p, mut dropped, mut ds) = (vec![0.0; n * n], vec![0.0; n * n], vec![0.0; n * n]);
            for h in 0..self.0.count {
                let head = self.head(&q_values, &k_values, &v_values, d, b, h);
                let dy = Matrix { data: &dy[b * piece + h * size..], ..head.q };
                Self::probabilities(&head, &mut p);
                dropped.copy_from_slice(&p);
                self.drop(&mut dropped, b, h);
                product(&mut dv[h * size..], d, Matrix::dense(&dropped, n).t(), dy, 1.0, false, false);
                product(&mut ds, n, dy, head.v.t(), 1.0, false, false);
                self.drop(&mut ds, b, h);
                for (ds, p) in ds.chunks_exact_mut(n).zip(p.chunks_exact(n)) {
                    kernel::softmax_gradient_row(p, ds);
                }
                let ds = Matrix::dense(&ds, n);
                product(&mut dq[h * size..], d, ds, head.k, head.scale, false, false);
                product(&mut dk[h * size..], d, ds.t(), head.q, head.scale, false, false);
            }
        });
        let part = |which: usize| {
            let mut all = Vec::with_capacity(rows * d);
            for sequence in out.chunks_exact(3 * piece) {
                all.extend_from_slice(&sequence[which * piece..(which + 1) * piece]);
            }
            Tensor::from_vec(all, (rows, d), q.device()).map(Some)
        };
        Ok((part(0)?, part(1)?, part(2)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ops::check::{fused_equals_composed, var};

    #[test]
    fn equals_the_composed_form() {
        let heads = Heads { count: 3, length: 5, tokens: [5, 5].into(), dropout: (0.0, 0) };
        let arguments = [var(&[10, 12], 1), var(&[10, 12], 2), var(&[10, 12], 3)];
        fused_equals_composed(&arguments, |a| attention(&a[0], &a[1], &a[2], &heads));
    }

    #[test]
    fn padding_is_never_attended_to() {
        let heads = |length, tokens: &[usize]| Heads { count: 2, length, tokens: tokens.into(), dropout: (0.0, 0) };
        let x = var(&[6, 4], 1);
        let padded = attention(&x, &x, &x, &heads(6, &[4])).unwrap().to_vec2::<f32>().unwrap();
        let short = x.narrow(0, 0, 4).unwrap();
        let alone = attention(&short, &short, &short, &heads(4, &[4])).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!(padded[..4], alone);
        assert_eq!(padded[4..], [[0.0; 4]; 2]);
    }

    #[test]
    fn dropout_has_the_gradient_of_its_own_mask() {
        let heads = Heads { count: 2, length: 4, tokens: [4].into(), dropout: (0.3, 9) };
        let x = var(&[4, 8], 4);
        let f = |x: &Tensor| attention(x, x, x, &heads).unwrap().sqr().unwrap().sum_all().unwrap();
        let grads = f(&x).backward().unwrap();
        let exact = grads.get(&x).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let start = x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        for k in 0..start.len() {
            let at = |step: f32| {
                let mut moved = start.clone();
                moved[k] += step;
                f(&Tensor::from_vec(moved, (4, 8), x.device()).unwrap()).to_scalar::<f32>().unwrap()
            };
            let slope = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!((slope - exact[k]).abs() < 5e-3, "{k}: {slope} against {}", exact[k]);
        }
    }
}
