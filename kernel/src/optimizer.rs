//! What an optimizer's step does to each weight.

/// One step of AdamW.
#[derive(Clone, Copy, Debug)]
pub struct AdamWStep {
    /// β1 and β2.
    pub beta: (f32, f32),
    /// Learning rate over 1 - β1^t.
    pub rate: f32,
    /// 1 / sqrt(1 - β2^t).
    pub root: f32,
    /// Added to the root of v.
    pub eps: f32,
    /// 1 - learning rate * weight decay.
    pub keep: f32,
    /// Factor on the gradient.
    pub scale: f32,
}

impl AdamWStep {
    /// Moves `w` by the gradient `g` and the moments `m`, `v`. Returns the sum of the squares of what was added.
    #[inline(never)]
    pub fn apply(&self, w: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) -> f32 {
        // Most words of a vocabulary are in no text so far: their rows stay, and to see that costs a third of moving them.
        if self.keep == 1.0 && [g, &*m, &*v].iter().all(|values| values.iter().all(|x| *x == 0.0)) {
            return 0.0;
        }
        let (b1, b2) = self.beta;
        let mut squares = 0.0;
        for (((w, g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
            let g = g * self.scale;
            *m = b1 * *m + (1.0 - b1) * g;
            *v = b2 * *v + (1.0 - b2) * g * g;
            let after = self.keep * *w - self.rate * *m / (v.sqrt() * self.root + self.eps);
            squares += (after - *w) * (after - *w);
            *w = after;
        }
        squares
    }
}

/// `w -= rate * g`. Returns the sum of the squares of what was added.
#[inline(never)]
pub fn sgd(w: &mut [f32], g: &[f32], rate: f32) -> f32 {
    let mut squares = 0.0;
    for (w, g) in w.iter_mut().zip(g) {
        let step = rate * g;
        *w -= step;
        squares += step * step;
    }
    squares
}

/// The sum of the squares. Pieces in f32 are quick, their sum in f64 keeps the digits.
#[inline(never)]
pub fn square_sum(values: &[f32]) -> f64 {
    values.chunks(1024).map(|piece| f64::from(piece.iter().map(|x| x * x).sum::<f32>())).sum()
}
