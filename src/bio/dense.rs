//! The task-specific dense layer: what of h_i makes a logit, and where the loss's gradient goes from there.

use super::{Dist, Label};

/// One product W_jk h_ik of a logit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Product {
    /// k, from 0.
    pub k: usize,
    /// W_jk.
    pub w: f64,
    /// h_ik.
    pub h: f64,
    /// W_jk h_ik.
    pub value: f64,
}

/// The products of one logit: the largest ones singly, the others as a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Products {
    /// By falling magnitude; of equal ones the lower k first.
    pub largest: Vec<Product>,
    /// Sum of the others.
    pub rest: f64,
    /// Sum of all: W_j h_i, the logit without its bias.
    pub sum: f64,
}

/// The `count` products of row W_j with h_i (d values each) that matter most.
///
/// # Panics
/// When the two have different lengths.
pub fn products(w: &[f32], h: &[f32], count: usize) -> Products {
    assert_eq!(w.len(), h.len(), "W_j and h_i are of one length");
    let mut all: Vec<Product> = w
        .iter()
        .zip(h)
        .enumerate()
        .map(|(k, (&w, &h))| {
            let (w, h) = (f64::from(w), f64::from(h));
            Product { k, w, h, value: w * h }
        })
        .collect();
    let sum = all.iter().map(|p| p.value).sum();
    all.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let rest = all.split_off(count.min(all.len())).iter().map(|p| p.value).sum();
    Products { largest: all, rest, sum }
}

/// dL/dW and dL/db.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseGradient {
    /// dL/dW = sum_i (p_i - t_i) h_i^T, `[3][d]`.
    pub w: [Vec<f64>; 3],
    /// dL/db = sum_i (p_i - t_i).
    pub b: Dist,
}

/// The dense layer's gradient from dL/dz_i (`[N_P]`) and h_i (d values each, `[N_P]` of them).
pub fn dense_gradient<'a>(dz: &[Dist], hidden: impl Iterator<Item = &'a [f32]>, d: usize) -> DenseGradient {
    let mut gradient = DenseGradient { w: [(); 3].map(|()| vec![0.0; d]), b: [0.0; 3] };
    for (dz, h) in dz.iter().zip(hidden) {
        for label in Label::ALL {
            let j = label.index();
            gradient.b[j] += dz[j];
            for (sum, &h) in gradient.w[j].iter_mut().zip(h) {
                *sum += dz[j] * f64::from(h);
            }
        }
    }
    gradient
}

/// dL/dh_i = W^T dL/dz_i (d values): what goes on into BERT. `w`: three rows of d values.
pub fn hidden_gradient(w: &[Vec<f32>], dz: &Dist) -> Vec<f64> {
    let d = w.first().map_or(0, Vec::len);
    (0..d).map(|k| w.iter().zip(dz).map(|(row, dz)| f64::from(row[k]) * dz).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::loss;

    #[test]
    fn products_by_hand() {
        let p = products(&[1.0, -2.0, 0.5, 3.0], &[2.0, 2.0, 4.0, 0.0], 2);
        assert_eq!(p.largest.iter().map(|p| (p.k, p.value)).collect::<Vec<_>>(), [(1, -4.0), (0, 2.0)]);
        assert_eq!((p.rest, p.sum), (2.0, 0.0));
        assert_eq!(products(&[1.0], &[2.0], 9).rest, 0.0);
    }

    #[test]
    fn gradients_by_hand() {
        let dz = [[0.5, -0.25, -0.25], [1.0, 0.0, -1.0]];
        let hidden = [[2.0f32, 4.0], [1.0, -1.0]];
        let g = dense_gradient(&dz, hidden.iter().map(|h| &h[..]), 2);
        assert_eq!(g.w, [vec![2.0, 1.0], vec![-0.5, -1.0], vec![-1.5, 0.0]]);
        assert_eq!(g.b, [1.5, -0.25, -1.25]);
        let w = vec![vec![1.0f32, 2.0], vec![0.0, 4.0], vec![-2.0, 0.0]];
        assert_eq!(hidden_gradient(&w, &dz[0]), [1.0, 0.0]);
    }

    /// The layer's gradients are the slopes of L: z = W h + b, on a grid on which f32 is exact.
    #[test]
    fn gradients_are_slopes() {
        let w: Vec<Vec<f32>> = vec![vec![0.5, -0.25, 1.0], vec![-1.0, 0.75, 0.25], vec![0.25, 0.5, -0.5]];
        let hidden = [[1.0f32, -0.5, 2.0], [0.25, 1.5, -1.0]];
        let t = [[2.0 / 3.0, 0.0, 1.0 / 3.0], [0.0, 1.0, 0.0]];
        let l = |w: &[Vec<f32>], hidden: &[[f32; 3]; 2]| {
            let z = hidden.map(|h| [0, 1, 2].map(|j| w[j].iter().zip(h).map(|(w, h)| w * h).sum::<f32>()));
            loss(&z, &t).unwrap()
        };
        let at = l(&w, &hidden);
        let g = dense_gradient(&at.gradient, hidden.iter().map(|h| &h[..]), 3);
        let step = 1.0f32 / 256.0;
        for k in 0..3 {
            for j in 0..3 {
                let moved = |by: f32| {
                    let mut w = w.clone();
                    w[j][k] += by;
                    l(&w, &hidden).total
                };
                let slope = (moved(step) - moved(-step)) / (2.0 * f64::from(step));
                assert!((slope - g.w[j][k]).abs() < 1e-4, "W[{j}][{k}]: {slope} {}", g.w[j][k]);
            }
            let moved = |by: f32| {
                let mut hidden = hidden;
                hidden[0][k] += by;
                l(&w, &hidden).total
            };
            let slope = (moved(step) - moved(-step)) / (2.0 * f64::from(step));
            assert!((slope - hidden_gradient(&w, &at.gradient[0])[k]).abs() < 1e-4);
        }
    }
}
