//! Question and paragraph to windows of token ids, with offsets that are right to the UTF-16 unit.

mod encode;
mod offsets;
mod window;

pub use encode::{Encoded, Piece, TextEncoder};
pub use offsets::Offsets;
pub use window::{LEAST_ROOM, MAX_QUESTION, OVERLAP, POSITIONS, home, overlap, windows};
