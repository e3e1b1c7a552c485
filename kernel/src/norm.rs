//! LayerNorm of f32 rows and its gradient: `n = (x - mean) / sqrt(variance + eps)`, `y = n * weight + bias`; the variance is
//! the biased one, as in BERT.

/// Mean and 1 / sqrt(variance + eps) of a row.
fn moments(row: &[f32], eps: f32) -> (f32, f32) {
    let n = row.len() as f32;
    let mean = row.iter().sum::<f32>() / n;
    let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
    (mean, 1.0 / (variance + eps).sqrt())
}

/// `rows` (`[R, d]`) becomes y.
#[inline(never)]
pub fn layer_norm(rows: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) {
    for row in rows.chunks_exact_mut(weight.len()) {
        let (mean, scale) = moments(row, eps);
        for ((x, w), b) in row.iter_mut().zip(weight).zip(bias) {
            *x = (*x - mean) * scale * w + b;
        }
    }
}

/// dL/dx of rows x (`[R, d]`) from `dy` = dL/dy, into `dx`. With g = dy * weight:
/// `dx = (g - mean(g) - n * mean(g * n)) / sqrt(variance + eps)`.
#[inline(never)]
pub fn layer_norm_gradient(x: &[f32], dy: &[f32], weight: &[f32], eps: f32, dx: &mut [f32]) {
    let d = weight.len();
    for ((x, dy), out) in x.chunks_exact(d).zip(dy.chunks_exact(d)).zip(dx.chunks_exact_mut(d)) {
        let (mean, scale) = moments(x, eps);
        let (mut sum, mut with_n) = (0.0, 0.0);
        for ((x, dy), w) in x.iter().zip(dy).zip(weight) {
            sum += dy * w;
            with_n += dy * w * (x - mean) * scale;
        }
        let (sum, with_n) = (sum / d as f32, with_n / d as f32);
        for (((out, x), dy), w) in out.iter_mut().zip(x).zip(dy).zip(weight) {
            *out = scale * (dy * w - sum - (x - mean) * scale * with_n);
        }
    }
}

/// Adds dL/d weight, the sum of `dy * n` over the rows, to `dw`, and dL/d bias, that of `dy`, to `db`.
#[inline(never)]
pub fn layer_norm_parameters(x: &[f32], dy: &[f32], eps: f32, dw: &mut [f32], db: &mut [f32]) {
    let d = dw.len();
    for (x, dy) in x.chunks_exact(d).zip(dy.chunks_exact(d)) {
        let (mean, scale) = moments(x, eps);
        for (((dw, db), x), dy) in dw.iter_mut().zip(&mut *db).zip(x).zip(dy) {
            *dw += dy * (x - mean) * scale;
            *db += dy;
        }
    }
}
