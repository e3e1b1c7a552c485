//! The hot loops, independent of any tensor library; the only place where `unsafe` may live.

mod rows;

pub use rows::RowsI8;
