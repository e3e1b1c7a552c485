//! How numbers and long texts are put before people; nothing here depends on the page.

pub mod folds;
pub mod format;
pub mod ticks;

/// The indices of these values, the largest value's first; equal ones stay in order.
pub fn ranked(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    order
}
