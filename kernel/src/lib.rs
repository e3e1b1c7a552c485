//! The hot loops, independent of any tensor library; the only place where `unsafe` may live.
//!
//! Two families. For f32 tensors with gradients: [`product`] (the `gemm` crate), [`softmax_row`], [`gelu`]. For
//! inference on int8 weights: [`Packed`] matrices, activations as [`Codes`], a [`Kernel`] per instruction set,
//! and element-wise loops on [`lanes`].

#[cfg(target_arch = "x86_64")]
mod avx2;
mod check;
pub mod codes;
mod elementwise;
mod integer;
pub mod lanes;
mod nibbles;
mod packed;
mod parallel;
mod product;
#[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
mod relaxed;
mod rows;
pub mod rowwise;
mod scale;
#[cfg(target_arch = "wasm32")]
mod simd128;

pub use check::check;
pub use codes::{CodeRows, Codes, Split};
pub use elementwise::{gelu, gelu_gradient, softmax_row};
pub use integer::{BYTE_STEP, COLUMNS, Kernel, Portable, WORD_STEP, best, kernels};
pub use nibbles::{GROUP, RowsI4};
pub use packed::Packed;
pub use parallel::chunks;
pub use product::{Matrix, product};
pub use rows::RowsI8;
