//! GELU, x Φ(x), the exact one.

use candle_core::{CpuStorage, CustomOp1, DType, Layout, Result, Shape, Tensor};

use super::{like, read, values};
use crate::kernel;

/// Values per piece of parallel work.
const PIECE: usize = 1 << 14;

/// x Φ(x) of every value.
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    if x.dtype() == DType::F64 { x.gelu_erf() } else { x.contiguous()?.apply_op1(Gelu) }
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = values(x, layout)?;
        let mut out = vec![0.0; x.len()];
        kernel::chunks(&mut out, PIECE, |k, out| kernel::gelu(&x[k * PIECE..], out));
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        let dx = read(x, |x| {
            read(dy, |dy| {
                let mut out = vec![0.0; x.len()];
                kernel::chunks(&mut out, PIECE, |k, out| {
                    kernel::gelu_gradient(&x[k * PIECE..], &dy[k * PIECE..], out);
                });
                out
            })
        })??;
        Ok(Some(like(x, dx)?))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::ops::check::{fused_equals_composed, var};

    #[test]
    fn equals_the_composed_form() {
        fused_equals_composed(&[var(&[7, 33], 1)], |x| super::gelu(&(&x[0] * 4.0)?));
    }
}
