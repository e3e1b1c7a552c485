//! What every input token adds to the log odds of a class at one paragraph token, log(p / (1 - p)) = z_c - log of the sum
//! of e^z over the other two. (Of a p near 1, log p would say next to nothing.)
//!
//! Gradient times input: the first-order change when a token's embedding goes. Integrated gradients (Sundararajan, Taly,
//! Yan 2017): the gradient's mean along the straight way from a baseline to the input, times the difference; the shares
//! add up to the input's log odds less the baseline's. The baseline is the same window with every word piece replaced by `[MASK]`.
//! Embeddings are what the first layer reads: words, positions and segments after LayerNorm.

use candle_core::{Tensor, Var};

use super::positions::positions;
use crate::error::Error;
use crate::inference::learning::{Attribution, InputToken, Method, Share, Target};
use crate::model::{Model, Pass};
use crate::tokenize::Encoded;

/// Points of the way, at the nodes of Gauss and Legendre; each costs a pass up and down.
const NODES: usize = 64;

/// An explanation under way; [`Explaining::advance`] goes on by one pass.
#[derive(Debug)]
pub struct Explaining {
    target: Target,
    /// The window that the token is at home in.
    window: usize,
    /// The token's position in it.
    position: usize,
    input: Tensor,
    baseline: Tensor,
    /// Points still to visit: where on the way, and their weight.
    nodes: Vec<(f64, f64)>,
    /// Weighted sum of the gradients, `[T, d]`.
    sum: Option<Tensor>,
    /// Log odds of input and baseline.
    ends: (f64, f64),
}

impl Explaining {
    /// Begins; `mask` is the id of `[MASK]`.
    ///
    /// # Errors
    /// [`Error::Argument`] when there is no such token.
    pub fn new(model: &Model, encoded: &Encoded, target: Target, mask: u32) -> Result<Explaining, Error> {
        let (window, position) = encoded.place_of(target.token)?;
        let (ids, segments) = encoded.ids(window);
        let special = |k: usize| k == 0 || k + 1 == encoded.first_position() || k + 1 == ids.len();
        let masked: Vec<u32> = ids.iter().enumerate().map(|(k, id)| if special(k) { *id } else { mask }).collect();
        let embed = |ids: &[u32]| model.encoder.embed(ids, &segments, ids.len(), &Pass::default());
        let (input, baseline) = (embed(&ids)?, embed(&masked)?);
        let nodes = match target.method {
            Method::Gradient => vec![(1.0, 1.0)],
            Method::Integrated => gauss_legendre(NODES),
        };
        let mut out = Explaining { target, window, position, input, baseline, nodes, sum: None, ends: (0.0, 0.0) };
        out.ends = (out.value(model, &out.input)?, out.value(model, &out.baseline)?);
        Ok(out)
    }

    /// Passes that are left.
    pub fn left(&self) -> usize {
        self.nodes.len()
    }

    /// Makes one pass; true: done.
    pub fn advance(&mut self, model: &Model) -> Result<bool, Error> {
        if let Some((at, weight)) = self.nodes.pop() {
            let way = (&self.input - &self.baseline)?;
            let x = Var::from_tensor(&(&self.baseline + (way * at)?)?)?;
            let gradients = self.log_odds(model, &x)?.backward()?;
            let slope = gradients.get(&x).ok_or(Error::Internal { why: "the input has no gradient".into() })?;
            let slope = (slope.squeeze(0)? * weight)?;
            self.sum = Some(match self.sum.take() {
                None => slope,
                Some(sum) => (sum + slope)?,
            });
        }
        Ok(self.nodes.is_empty())
    }

    /// The explanation of an input of these texts.
    ///
    /// # Errors
    /// [`Error::Internal`] before [`Explaining::advance`] was done.
    pub fn explanation(self, encoded: &Encoded, question: &str, paragraph: &str) -> Result<Attribution, Error> {
        let (tokens, method) = (positions(encoded, self.window, question, paragraph), self.target.method);
        let (shares, value, baseline) = self.finish()?;
        let difference = value - baseline;
        let completeness_error = match method {
            Method::Gradient => 0.0,
            Method::Integrated => (shares.iter().sum::<f64>() - difference).abs() / difference.abs().max(1e-6),
        };
        let share = |(InputToken { text, part }, value)| Share { text, part, value };
        let tokens = tokens.into_iter().zip(shares).map(share).collect();
        Ok(Attribution { tokens, value, baseline, completeness_error })
    }

    /// The share of every position, the log odds of the input, and those of the baseline.
    pub fn finish(self) -> Result<(Vec<f64>, f64, f64), Error> {
        let sum = self.sum.ok_or(Error::Internal { why: "no pass was made".into() })?;
        let (value, baseline) = self.ends;
        let factor = match self.target.method {
            Method::Gradient => self.input,
            Method::Integrated => (self.input - self.baseline)?,
        };
        let shares = (factor.squeeze(0)? * sum)?.to_dtype(candle_core::DType::F64)?.sum(1)?.to_vec1()?;
        Ok((shares, value, baseline))
    }

    fn log_odds(&self, model: &Model, x: &Tensor) -> Result<Tensor, Error> {
        let pass = Pass::default();
        let mut x = x.clone();
        for k in 0..model.encoder.depth() {
            x = model.encoder.layer(k, &x, &pass)?;
        }
        let h = x.squeeze(0)?.narrow(0, self.position, 1)?;
        let z = model.head.forward(&h)?.squeeze(0)?;
        let j = self.target.label.index();
        let others = Tensor::new(&[(j as u32 + 1) % 3, (j as u32 + 2) % 3], z.device())?;
        let others = z.index_select(&others, 0)?;
        let most = others.max_keepdim(0)?.detach();
        let rest = (others.broadcast_sub(&most)?.exp()?.sum_keepdim(0)?.log()? + most)?;
        Ok((z.narrow(0, j, 1)? - rest)?.sum_all()?)
    }

    fn value(&self, model: &Model, x: &Tensor) -> Result<f64, Error> {
        Ok(f64::from(self.log_odds(model, x)?.to_scalar::<f32>()?))
    }
}

/// Nodes and weights of Gauss-Legendre quadrature on 0..1, by Newton's method on the Legendre polynomial.
fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let node = |k: usize| {
        let mut x = (std::f64::consts::PI * (k as f64 + 0.75) / (n as f64 + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..100 {
            let (mut p, mut before) = (1.0, 0.0);
            for j in 0..n {
                (p, before) = (((2 * j + 1) as f64 * x * p - j as f64 * before) / (j + 1) as f64, p);
            }
            slope = n as f64 * (x * p - before) / (x * x - 1.0);
            let step = p / slope;
            x -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        (0.5 * (1.0 + x), 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..n).map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quadrature_by_hand() {
        let integral = |f: fn(f64) -> f64, n: usize| gauss_legendre(n).iter().map(|(x, w)| w * f(*x)).sum::<f64>();
        assert!((integral(|_| 1.0, 5) - 1.0).abs() < 1e-14);
        // Two nodes are exact up to the third power.
        assert!((integral(|x| x * x * x, 2) - 0.25).abs() < 1e-14);
        assert!((integral(f64::exp, 12) - (1f64.exp() - 1.0)).abs() < 1e-14);
    }
}
