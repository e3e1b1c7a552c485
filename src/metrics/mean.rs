//! A mean with its standard error.

/// Mean of `values` and the standard error of that mean, sqrt(variance / n) with the variance over n - 1.
/// The error is 0 for fewer than two values, the mean 0 for none.
pub fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let mean = values.iter().sum::<f64>() / n;
    if values.len() == 1 {
        return (mean, 0.0);
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_by_hand() {
        assert_eq!(mean_and_error(&[]), (0.0, 0.0));
        assert_eq!(mean_and_error(&[3.0]), (3.0, 0.0));
        // Mean 2, squares 1 + 0 + 1 = 2, variance 1, error sqrt(1/3).
        let (mean, error) = mean_and_error(&[1.0, 2.0, 3.0]);
        assert!(mean == 2.0 && (error - (1.0_f64 / 3.0).sqrt()).abs() < 1e-15);
    }
}
