//! How numbers and long texts are put before people; nothing here depends on the page.

pub mod folds;
pub mod format;
pub mod ticks;
