//! Principal components and least squares, from sums over many rows.

use candle_core::{D, DType, Tensor};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

use crate::error::Error;

fn internal(why: &str) -> Error {
    Error::Internal { why: why.into() }
}

/// A matrix tensor in f64.
pub fn matrix(t: &Tensor) -> Result<DMatrix<f64>, Error> {
    let (rows, columns) = t.dims2()?;
    let values = t.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?;
    Ok(DMatrix::from_row_slice(rows, columns, &values))
}

/// A matrix as an f32 tensor.
pub fn tensor(m: &DMatrix<f64>) -> Result<Tensor, Error> {
    let values: Vec<f32> = m.transpose().iter().map(|x| *x as f32).collect();
    Ok(Tensor::from_vec(values, (m.nrows(), m.ncols()), &candle_core::Device::Cpu)?)
}

/// The `count` eigenvectors with the largest eigenvalues, as columns, of a symmetric matrix.
pub fn leading(symmetric: DMatrix<f64>, count: usize) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(symmetric);
    let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    DMatrix::from_columns(&order[..count].iter().map(|&k| eigen.eigenvectors.column(k)).collect::<Vec<_>>())
}

/// Mean and covariance of rows that come in pieces.
#[derive(Clone, Debug)]
pub struct Moments {
    count: f64,
    sum: DVector<f64>,
    outer: DMatrix<f64>,
}

impl Moments {
    /// Of rows of length `p`, none yet.
    pub fn new(p: usize) -> Moments {
        Moments { count: 0.0, sum: DVector::zeros(p), outer: DMatrix::zeros(p, p) }
    }

    /// Adds the rows of `x` `[n, p]`.
    pub fn add(&mut self, x: &Tensor) -> Result<(), Error> {
        self.count += x.dim(0)? as f64;
        self.sum += matrix(&x.sum_keepdim(0)?)?.transpose().column(0);
        self.outer += matrix(&x.t()?.contiguous()?.matmul(x)?)?;
        Ok(())
    }

    /// The mean `[p]`.
    pub fn mean(&self) -> DVector<f64> {
        &self.sum / self.count
    }

    /// The covariance `[p, p]`.
    pub fn covariance(&self) -> DMatrix<f64> {
        let mean = self.mean();
        &self.outer / self.count - &mean * mean.transpose()
    }
}

/// The matrix `[q, p]` and the bias `[q]` with the least squared error of `x W^T + b` against `y` over the
/// rows of `x` `[n, p]` and `y` `[n, q]`; a slight ridge keeps W small where the rows leave it open.
pub fn fit(x: &Tensor, y: &Tensor) -> Result<(Tensor, Tensor), Error> {
    let (n, p) = x.dims2()?;
    let (mean_x, mean_y) = (x.mean(0)?, y.mean(0)?);
    let (cx, cy) = (x.broadcast_sub(&mean_x)?, y.broadcast_sub(&mean_y)?);
    let transposed = cx.t()?.contiguous()?;
    let mut gram = matrix(&(transposed.matmul(&cx)? / n as f64)?)?;
    let cross = matrix(&(transposed.matmul(&cy)? / n as f64)?)?;
    let ridge = 1e-4 * gram.trace() / p as f64 + 1e-12;
    for k in 0..p {
        gram[(k, k)] += ridge;
    }
    let solver = gram.cholesky().ok_or_else(|| internal("a least-squares problem has no solution"))?;
    let w = tensor(&solver.solve(&cross).transpose())?;
    let b = (mean_y - w.matmul(&mean_x.unsqueeze(1)?)?.squeeze(1)?)?;
    Ok((w, b))
}

/// Per column the factor and the offset with the least squared error of `factor * x + offset` against `y`,
/// both `[n, p]`.
pub fn fit_columns(x: &Tensor, y: &Tensor) -> Result<(Tensor, Tensor), Error> {
    let (mean_x, mean_y) = (x.mean(0)?, y.mean(0)?);
    let (cx, cy) = (x.broadcast_sub(&mean_x)?, y.broadcast_sub(&mean_y)?);
    let factor = ((&cx * cy)?.mean(0)? / (cx.sqr()?.mean(0)? + 1e-8)?)?;
    let offset = (mean_y - (&factor * mean_x)?)?;
    Ok((factor, offset))
}

/// The rows of `x` minus their mean, over their deviation: LayerNorm without weight and bias.
pub fn normalise(x: &Tensor) -> Result<Tensor, Error> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let deviation = (centred.sqr()?.mean_keepdim(D::Minus1)? + 1e-12)?.sqrt()?;
    Ok(centred.broadcast_div(&deviation)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn components_of_a_line() {
        // Points along (3, 4): all variance in one direction.
        let x = Tensor::new(&[[3f32, 4.0], [-3.0, -4.0], [6.0, 8.0], [-6.0, -8.0]], &Device::Cpu).unwrap();
        let mut moments = Moments::new(2);
        moments.add(&(x.narrow(0, 0, 3).unwrap() + 10.0).unwrap()).unwrap();
        moments.add(&(x.narrow(0, 3, 1).unwrap() + 10.0).unwrap()).unwrap();
        assert!((moments.mean() - DVector::from_element(2, 10.0)).norm() < 1e-6);
        let first = leading(moments.covariance(), 1);
        assert!((first[(0, 0)].abs() - 0.6).abs() < 1e-6 && (first[(1, 0)].abs() - 0.8).abs() < 1e-6);
    }

    #[test]
    fn a_plane_is_found_again() {
        let x = Tensor::new(&[[1f32, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, -1.0], [0.5, 0.25]], &Device::Cpu).unwrap();
        let y = ((x.narrow(1, 0, 1).unwrap() * 2.0).unwrap() - (x.narrow(1, 1, 1).unwrap() * 3.0).unwrap()).unwrap();
        let (w, b) = fit(&x, &(y + 5.0).unwrap()).unwrap();
        let (w, b) = (w.to_vec2::<f32>().unwrap(), b.to_vec1::<f32>().unwrap());
        assert!((w[0][0] - 2.0).abs() < 1e-2 && (w[0][1] + 3.0).abs() < 1e-2 && (b[0] - 5.0).abs() < 1e-2);
        let (factor, offset) = fit_columns(&x, &((&x * 4.0).unwrap() + 1.0).unwrap()).unwrap();
        assert!((factor.to_vec1::<f32>().unwrap()[1] - 4.0).abs() < 1e-3);
        assert!((offset.to_vec1::<f32>().unwrap()[0] - 1.0).abs() < 1e-3);
    }
}
