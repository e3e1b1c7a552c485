//! `x W^T + b`, with the bias written before the product is added to it.

use candle_core::{CpuStorage, CustomOp3, DType, Layout, Result, Shape, Tensor};

use super::{read, values};
use crate::kernel::{Matrix, column_sums, product};

/// `x` `[rows, in]`, `weight` `[out, in]`, `bias` `[out]`: `[rows, out]`.
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    if x.dtype() == DType::F64 {
        return x.matmul(&weight.t()?)?.broadcast_add(bias);
    }
    x.contiguous()?.apply_op3(weight, bias, Linear)
}

struct Linear;

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear"
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
        let (rows, inputs) = x_layout.shape().dims2()?;
        let (x, weight, bias) = (values(x, x_layout)?, values(weight, weight_layout)?, values(bias, bias_layout)?);
        let outputs = bias.len();
        let mut out = Vec::with_capacity(rows * outputs);
        for _ in 0..rows {
            out.extend_from_slice(bias);
        }
        product(&mut out, outputs, Matrix::dense(x, inputs), Matrix::dense(weight, inputs).t(), 1.0, true, true);
        Ok((CpuStorage::F32(out), (rows, outputs).into()))
    }

    /// dx = dy W, dW = dy^T x, db = the sum of dy's rows.
    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (outputs, inputs) = weight.dims2()?;
        let dense = |out: usize, columns: usize, a: Matrix, b: Matrix| {
            let mut values = vec![0.0; out * columns];
            product(&mut values, columns, a, b, 1.0, false, true);
            values
        };
        let dx = read(dy, |dy| {
            let dy = Matrix::dense(dy, outputs);
            read(weight, |w| dense(dy.rows, inputs, dy, Matrix::dense(w, inputs)))
        })??;
        let dw = read(dy, |dy| {
            let dy = Matrix::dense(dy, outputs).t();
            read(x, |x| dense(outputs, inputs, dy, Matrix::dense(x, inputs)))
        })??;
        let db = read(dy, |dy| {
            let mut sum = vec![0.0; outputs];
            column_sums(dy, &mut sum);
            sum
        })?;
        let back = |values: Vec<f32>, of: &Tensor| Tensor::from_vec(values, of.shape(), of.device());
        Ok((Some(back(dx, x)?), Some(back(dw, weight)?), Some(back(db, bias)?)))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::ops::check::{fused_equals_composed, var};

    #[test]
    fn equals_the_composed_form() {
        let arguments = [var(&[5, 7], 1), var(&[3, 7], 2), var(&[3], 3)];
        fused_equals_composed(&arguments, |a| super::linear(&a[0], &a[1], &a[2]));
    }
}
