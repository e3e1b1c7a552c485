//! The hot loops, independent of any tensor library; the only place where `unsafe` may live.
//!
//! Two families. For f32 tensors with gradients: [`product`] (the `gemm` crate), [`softmax_row`], [`gelu`], [`layer_norm`], [`AdamWStep`]. For
//! inference on int8 weights: [`Packed`] matrices, activations as [`Codes`], a [`Kernel`] per instruction set,
//! element-wise loops on [`lanes`], and the whole [`Int8Encoder`].
//!
//! What others call is `#[inline(never)]`: in the browser's programs they are compiled for size, and a loop that is taken into
//! one of their functions would be too.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod check;
pub mod codes;
mod elementwise;
pub mod encoder;
mod integer;
pub mod lanes;
mod nibbles;
mod norm;
mod optimizer;
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
pub use elementwise::{dropout, gelu, gelu_gradient, softmax_gradient_row, softmax_row};
pub use encoder::Int8Encoder;
pub use integer::{BYTE_STEP, COLUMNS, Kernel, Portable, WORD_STEP, best, kernels};
pub use nibbles::{GROUP, RowsI4};
pub use norm::{layer_norm, layer_norm_gradient, layer_norm_parameters};
pub use optimizer::{AdamWStep, sgd, square_sum};
pub use packed::Packed;
pub use parallel::chunks;
pub use product::{Matrix, column_sums, product};
pub use rows::RowsI8;
