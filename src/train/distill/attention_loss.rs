//! How far a layer's attention is from the teacher's: KL(P_teacher || P_student), meaned over heads and tokens,
//! where P = softmax(Q K^T / sqrt(d/H)). Value and gradient arise in one pass.

use std::sync::Mutex;

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor, bail};

use crate::kernel::{self, Matrix, product};
use crate::model::ops::{Heads, values};

/// The mean KL as a scalar. `q`, `k`: the student's, `[B*T, d]`; `theirs`: the teacher's, as many values.
pub fn attention_loss(q: &Tensor, k: &Tensor, theirs: &(Vec<f32>, Vec<f32>), heads: &Heads) -> Result<Tensor> {
    let op = AttentionLoss { theirs: theirs.clone(), heads: heads.clone(), slopes: Mutex::default() };
    q.contiguous()?.apply_op2(&k.contiguous()?, op)
}

struct AttentionLoss {
    theirs: (Vec<f32>, Vec<f32>),
    heads: Heads,
    /// dQ and dK, from the forward pass.
    slopes: Mutex<Option<(Vec<f32>, Vec<f32>)>>,
}

impl CustomOp2 for AttentionLoss {
    fn name(&self) -> &'static str {
        "attention_loss"
    }

    fn cpu_fwd(
        &self,
        q: &CpuStorage,
        q_layout: &Layout,
        k: &CpuStorage,
        k_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, d) = q_layout.shape().dims2()?;
        let (q, k) = (values(q, q_layout)?, values(k, k_layout)?);
        let (their_q, their_k) = &self.theirs;
        if their_q.len() != q.len() || their_k.len() != k.len() {
            bail!("the teacher's Q and K have another shape than the student's");
        }
        let Heads { count, length, ref tokens, .. } = self.heads;
        let (size, piece) = (d / count, length * d);
        let scale = 1.0 / (size as f32).sqrt();
        let weight = 1.0 / (count as f32 * tokens.iter().sum::<usize>() as f32);
        let mut out = vec![0.0; tokens.len() * (2 * piece + 1)]; // per sequence: dQ, dK, the KL's sum
        kernel::chunks(&mut out, 2 * piece + 1, |b, out| {
            let n = tokens[b];
            let (dq, rest) = out.split_at_mut(piece);
            let (dk, sum) = rest.split_at_mut(piece);
            let (mut ours, mut wanted) = (vec![0.0; n * n], vec![0.0; n * n]);
            for h in 0..count {
                let view = |x| head(x, b * piece + h * size, n, size, d);
                product(&mut ours, n, view(q), view(k).t(), scale, false, false);
                product(&mut wanted, n, view(their_q), view(their_k).t(), scale, false, false);
                for (ours, wanted) in ours.chunks_exact_mut(n).zip(wanted.chunks_exact_mut(n)) {
                    sum[0] += divergence(ours, wanted);
                }
                let slope = Matrix::dense(&ours, n);
                product(&mut dq[h * size..], d, slope, view(k), scale * weight, false, false);
                product(&mut dk[h * size..], d, slope.t(), view(q), scale * weight, false, false);
            }
        });
        let (mut dq, mut dk, mut total) = (Vec::with_capacity(rows * d), Vec::with_capacity(rows * d), 0.0);
        for sequence in out.chunks_exact(2 * piece + 1) {
            dq.extend_from_slice(&sequence[..piece]);
            dk.extend_from_slice(&sequence[piece..2 * piece]);
            total += sequence[2 * piece];
        }
        *self.slopes.lock().expect("no pass panics") = Some((dq, dk));
        Ok((CpuStorage::F32(vec![total * weight]), ().into()))
    }

    fn bwd(&self, q: &Tensor, k: &Tensor, _: &Tensor, dy: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let Some((dq, dk)) = self.slopes.lock().expect("no pass panics").take() else {
            bail!("a second gradient of one pass")
        };
        let by = f64::from(dy.to_scalar::<f32>()?);
        let slope = |d: Vec<f32>, of: &Tensor| Tensor::from_vec(d, of.shape(), of.device())? * by;
        Ok((Some(slope(dq, q)?), Some(slope(dk, k)?)))
    }
}

fn head(x: &[f32], start: usize, rows: usize, size: usize, d: usize) -> Matrix<'_> {
    Matrix { data: &x[start..], rows, columns: size, row: d, column: 1 }
}

/// KL of one row, from the scores; `ours` becomes the slope at our scores, P_student - P_teacher.
fn divergence(ours: &mut [f32], wanted: &mut [f32]) -> f32 {
    let gap: Vec<f32> = wanted.iter().zip(&*ours).map(|(w, o)| w - o).collect();
    let top = (0..wanted.len()).max_by(|&a, &b| wanted[a].total_cmp(&wanted[b])).unwrap_or(0);
    kernel::softmax_row(ours);
    kernel::softmax_row(wanted);
    // ln(P_t / P_s) = gap - (what the two rows' normalisers differ by), and the latter shows at any column.
    let normalisers = gap[top] - wanted[top].ln() + ours[top].max(1e-37).ln();
    let mean: f32 = gap.iter().zip(&*wanted).map(|(g, w)| g * w).sum();
    for (o, w) in ours.iter_mut().zip(&*wanted) {
        *o -= w;
    }
    mean - normalisers
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Var};

    #[test]
    fn a_row_by_hand() {
        // P_t = (1/4, 3/4), P_s = (1/2, 1/2): KL = ln 2 - H = 1/4 ln(1/2) + 3/4 ln(3/2).
        let (mut ours, mut wanted) = ([0.7f32, 0.7], [0.0, 3f32.ln()]);
        let kl = divergence(&mut ours, &mut wanted);
        assert!((kl - (0.25 * 0.5f32.ln() + 0.75 * 1.5f32.ln())).abs() < 1e-6, "{kl}");
        assert!((ours[0] - 0.25).abs() < 1e-6 && (ours[1] + 0.25).abs() < 1e-6);
    }

    #[test]
    fn slope_equals_differences_and_padding_is_left_out() {
        let heads = Heads { count: 2, length: 4, tokens: [4, 3].into(), dropout: (0.0, 0) };
        let numbers = |seed: u32| -> Vec<f32> {
            (0..8 * 6).map(|i: u32| ((i * 7919 + seed * 104_729) % 1000) as f32 / 500.0 - 1.0).collect()
        };
        let theirs = (numbers(1), numbers(2));
        let (q, k) = (numbers(3), numbers(4));
        let var = |v: &[f32]| Var::from_vec(v.to_vec(), (8, 6), &Device::Cpu).unwrap();
        let f = |q: &[f32], k: &[f32]| {
            attention_loss(&var(q), &var(k), &theirs, &heads).unwrap().to_scalar::<f32>().unwrap()
        };
        assert!(f(&theirs.0, &theirs.1).abs() < 1e-6, "a perfect student");
        let (vq, vk) = (var(&q), var(&k));
        let grads = attention_loss(&vq, &vk, &theirs, &heads).unwrap().backward().unwrap();
        let slope = |v: &Var| grads.get(v).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let (dq, dk) = (slope(&vq), slope(&vk));
        for i in 0..q.len() {
            let moved = |v: &[f32], by: f32| {
                let mut v = v.to_vec();
                v[i] += by;
                v
            };
            let of_q = (f(&moved(&q, 1e-2), &k) - f(&moved(&q, -1e-2), &k)) / 2e-2;
            let of_k = (f(&q, &moved(&k, 1e-2)) - f(&q, &moved(&k, -1e-2))) / 2e-2;
            assert!(
                (of_q - dq[i]).abs() < 2e-4 && (of_k - dk[i]).abs() < 2e-4,
                "{i}: {of_q} {} {of_k} {}",
                dq[i],
                dk[i]
            );
            assert!(i < 42 || (dq[i] == 0.0 && dk[i] == 0.0), "padding");
        }
    }
}
