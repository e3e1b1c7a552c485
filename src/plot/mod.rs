//! Pictures for people, as SVG that follows the reader's light or dark theme.

mod loss;
mod reliability;
mod theme;
mod threshold;

pub use loss::loss_curve;
pub use reliability::reliability;
pub use threshold::threshold;
