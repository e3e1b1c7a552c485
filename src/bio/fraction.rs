//! Shares as the fractions that they are: t_i of three annotators is 2/3, not 0.667.

use super::Dist;

/// Largest denominator.
const MOST: u32 = 12;

/// The fraction with the smallest denominator, up to twelfths, that `value` is to 1e-9.
pub fn fraction(value: f64) -> Option<(u32, u32)> {
    (1..=MOST).find_map(|bottom| {
        let top = (value * f64::from(bottom)).round();
        let fits = (0.0..=1e6).contains(&top) && (value * f64::from(bottom) - top).abs() < 1e-9;
        fits.then_some((top as u32, bottom))
    })
}

/// The distribution in twelfths that is nearest to t: what a hand that drags a point means.
pub fn in_twelfths(t: &Dist) -> Dist {
    let parts = t.map(|t| t.max(0.0) * f64::from(MOST));
    let sum: f64 = parts.iter().sum();
    let parts = if sum > 0.0 { parts.map(|part| part * f64::from(MOST) / sum) } else { [0.0, 0.0, 12.0] };
    let mut whole = parts.map(f64::floor);
    // What is left over goes to the largest remainders.
    let mut order = [0, 1, 2];
    order.sort_by(|&a, &b| (parts[b] - whole[b]).total_cmp(&(parts[a] - whole[a])));
    let left = (f64::from(MOST) - whole.iter().sum::<f64>()).round() as usize;
    order.iter().cycle().take(left).for_each(|&j| whole[j] += 1.0);
    whole.map(|part| part / f64::from(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_twelfths() {
        assert_eq!(in_twelfths(&[0.66, 0.01, 0.33]), [2.0 / 3.0, 0.0, 1.0 / 3.0]);
        assert_eq!(in_twelfths(&[1.3, -0.3, 0.0]), [1.0, 0.0, 0.0]);
        assert_eq!(in_twelfths(&[0.0; 3]), [0.0, 0.0, 1.0]);
        for k in 0..100 {
            let t = [f64::from(k) / 150.0, f64::from(k) / 400.0, 1.0 - f64::from(k) / 150.0 - f64::from(k) / 400.0];
            let snapped = in_twelfths(&t);
            assert!((snapped.iter().sum::<f64>() - 1.0).abs() < 1e-15 && snapped.iter().all(|t| *t >= 0.0));
            assert!(snapped.iter().zip(t).all(|(a, b)| (a - b).abs() < 1.0 / 12.0), "{t:?} {snapped:?}");
        }
    }

    #[test]
    fn small_denominators() {
        assert_eq!(fraction(2.0 / 3.0), Some((2, 3)));
        assert_eq!((fraction(0.0), fraction(1.0), fraction(0.5)), (Some((0, 1)), Some((1, 1)), Some((1, 2))));
        assert_eq!((fraction(5.0 / 12.0), fraction(1.0 / 13.0)), (Some((5, 12)), None));
        assert_eq!((fraction(0.123_456), fraction(-0.5), fraction(f64::NAN)), (None, None, None));
    }
}
