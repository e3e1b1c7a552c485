//! The hot loops, independent of any tensor library; the only place where `unsafe` may live.

mod elementwise;
mod nibbles;
mod parallel;
mod product;
mod rows;

pub use elementwise::{gelu, gelu_gradient, softmax_row};
pub use nibbles::{GROUP, RowsI4};
pub use parallel::chunks;
pub use product::{Matrix, product};
pub use rows::RowsI8;
