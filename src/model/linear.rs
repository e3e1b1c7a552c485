//! Dense layers and embedding tables whose weights are f32 or quantized.

use std::sync::Arc;

use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{Device, Module, Tensor};

use super::checkpoint::{Checkpoint, Weight};
use super::ops;
use crate::error::Error;
use crate::kernel::{RowsI4, RowsI8};

/// `y = x W^T + bias`, W of shape `[out, in]`.
#[derive(Clone, Debug)]
pub struct Linear {
    weight: Matrix,
    bias: Tensor,
}

#[derive(Clone, Debug)]
enum Matrix {
    Full(Tensor),
    Rows(Arc<RowsI8>),
    Blocks(QMatMul),
}

impl Linear {
    /// Reads `name.weight` `[out, in]` and `name.bias` `[out]`.
    pub fn load(checkpoint: &Checkpoint, name: &str, inputs: usize, outputs: usize) -> Result<Linear, Error> {
        let weight = match checkpoint.get(&format!("{name}.weight"), &[outputs, inputs])? {
            Weight::Full(t) => Matrix::Full(t.clone()),
            Weight::Rows(rows) => Matrix::Rows(rows.clone()),
            four @ Weight::Nibbles(_) => Matrix::Full(four.to_f32()?),
            Weight::Blocks(q) => Matrix::Blocks(QMatMul::from_arc(q.clone())?),
        };
        let bias = checkpoint.get(&format!("{name}.bias"), &[outputs])?.to_f32()?;
        Ok(Linear { weight, bias })
    }

    /// `x`: `[rows, in]`; the result: `[rows, out]`.
    pub fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        match &self.weight {
            Matrix::Full(w) => ops::linear(x, w, &self.bias),
            // The integers become f32 just before they are needed: a short pass beside the product, and
            // memory holds one matrix in f32 at a time.
            Matrix::Rows(rows) => {
                let w = Tensor::from_vec(rows.dequantize(), (rows.rows(), rows.columns), &Device::Cpu)?;
                ops::linear(x, &w, &self.bias)
            }
            Matrix::Blocks(q) => q.forward(x)?.broadcast_add(&self.bias),
        }
    }
}

/// An embedding table, looked up by row.
#[derive(Clone, Debug)]
pub enum Table {
    /// f32 rows.
    Full(Tensor),
    /// int8 rows.
    Rows(Arc<RowsI8>),
    /// 4-bit rows.
    Nibbles(Arc<RowsI4>),
    /// Rows in a block type.
    Blocks(Arc<QTensor>),
}

impl Table {
    /// Reads the table `name` of shape `[rows, columns]`.
    pub fn load(checkpoint: &Checkpoint, name: &str, rows: usize, columns: usize) -> Result<Table, Error> {
        Ok(match checkpoint.get(name, &[rows, columns])? {
            Weight::Full(t) => Table::Full(t.clone()),
            Weight::Rows(r) => Table::Rows(r.clone()),
            Weight::Nibbles(r) => Table::Nibbles(r.clone()),
            Weight::Blocks(q) => Table::Blocks(q.clone()),
        })
    }

    /// The rows of `ids`, shape `[ids, columns]`.
    ///
    /// # Errors
    /// When an id is past the last row.
    pub fn lookup(&self, ids: &[u32]) -> candle_core::Result<Tensor> {
        let index = || Tensor::new(ids, &Device::Cpu);
        match self {
            Table::Full(t) => t.index_select(&index()?, 0),
            Table::Rows(rows) => gather(ids, rows.rows(), rows.columns, |r, out| rows.dequantize_row(r, out)),
            Table::Nibbles(rows) => gather(ids, rows.rows(), rows.columns, |r, out| rows.dequantize_row(r, out)),
            Table::Blocks(q) => q.embedding(&index()?),
        }
    }
}

/// Rows `ids` of a table, each written by `row`.
fn gather(ids: &[u32], rows: usize, d: usize, row: impl Fn(usize, &mut [f32])) -> candle_core::Result<Tensor> {
    let mut out = vec![0.0; ids.len() * d];
    for (&id, out) in ids.iter().zip(out.chunks_exact_mut(d)) {
        if id as usize >= rows {
            candle_core::bail!("id {id} is past the last of {rows} embeddings");
        }
        row(id as usize, out);
    }
    Tensor::from_vec(out, (ids.len(), d), &Device::Cpu)
}
