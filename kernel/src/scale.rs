//! The scale of a group of values that are to become small integers.

/// Among `tries` scales, from the one that just fits the largest value down to one that clips it by the share `clip`,
/// the one with the least squared error; 0 for values that are all 0. A value's code is [`code`]; `exact` is what a stored
/// scale becomes.
pub(super) fn best_scale(values: &[f32], most: f32, tries: usize, clip: f32, exact: impl Fn(f32) -> f32) -> f32 {
    let largest = values.iter().fold(0.0f32, |m, x| m.max(x.abs()));
    let error =
        |scale: f32| -> f64 { values.iter().map(|&x| f64::from(x - scale * code(x, scale, most)).powi(2)).sum() };
    (0..tries)
        .map(|k| exact(largest / most * (1.0 - clip * k as f32 / tries as f32)))
        .map(|scale| (error(scale), scale))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(0.0, |(_, scale)| scale)
}

/// The whole number in -most..=most that `scale` makes the nearest of `x`.
pub(super) fn code(x: f32, scale: f32, most: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { (x / scale).round().clamp(-most, most) }
}
