//! The page's charts as pictures to take away: plain data in, an SVG file out.
//!
//! Every picture is made of rectangles, paths, circles and lines of text with their colours as attributes: no style sheet,
//! no `foreignObject`, so that browsers, Inkscape and the converters of LaTeX draw the same. Tokens stand in a fixed-width
//! font and say their width (`textLength`), because the reader's fonts are not the writer's.

pub mod attention;
pub mod bars;
pub mod curve;
pub mod heat_map;
pub(crate) mod lines;
pub mod loss;
pub mod simplex;
mod svg;
#[cfg(test)]
mod tests;

pub use svg::{Figure, Frame};
