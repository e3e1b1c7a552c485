//! How numbers and long texts are put before people; nothing here knows of a page.

pub mod folds;
pub mod format;
