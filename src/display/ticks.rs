//! Round numbers for the axes of charts.

/// Ticks at 1, 2 and 5 times the powers of ten (`log`), or at such a distance, that lie in `low..=high`.
pub fn ticks(low: f64, high: f64, log: bool) -> Vec<f64> {
    let power = |x: f64| 10f64.powi(x.log10().floor() as i32);
    if log {
        let first = power(low).log10().round() as i32;
        let all = (first..first + 12).flat_map(|k| [1.0, 2.0, 5.0].map(|m| m * 10f64.powi(k)));
        return all.filter(|y| (low..=high).contains(y)).collect();
    }
    let rough = (high - low) / 5.0;
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power(rough)).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    (first..).map(|k| k as f64 * step).take_while(|y| *y <= high + step * 1e-9).collect()
}

/// A tick's number without needless digits.
pub fn label(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(ticks(0.0, 500.0, false), [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]);
        assert_eq!(ticks(3.2, 41.0, false), [10.0, 20.0, 30.0, 40.0]);
        assert_eq!(ticks(0.9, 22.0, true), [1.0, 2.0, 5.0, 10.0, 20.0]);
        assert_eq!(label(0.30000000000000004), "0.3");
    }
}
