//! Numbers as people read them. What is shown is rounded so that a reader who recomputes from the shown
//! digits gets the shown result: see [`enough`].

use crate::bio;

/// A number with so many decimals and a real minus sign; never "−0".
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|c| matches!(c, b'0' | b'.')) => rest.into(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// The same with a plus sign before what is above 0.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    if round(value, decimals) > 0.0 { format!("+{text}") } else { text }
}

/// The value that [`fixed`] shows.
pub fn round(value: f64, decimals: usize) -> f64 {
    // Away from ties, a whole number of units over a power of ten is the same value, and much sooner there.
    let scaled = value * 10f64.powi(decimals as i32);
    if decimals <= 12 && scaled.abs() < 1e12 && ((scaled - scaled.floor()) - 0.5).abs() > 1e-3 {
        return scaled.round() / 10f64.powi(decimals as i32);
    }
    // By the reader of JSON, which is in the page's program anyway; the one of the standard library would be a second one.
    serde_json::from_str(&format!("{value:.decimals$}")).unwrap_or(value)
}

/// The fewest decimals from `least` on for which `agrees` holds; at most 12.
pub fn enough(least: usize, agrees: impl Fn(usize) -> bool) -> usize {
    (least..12).find(|&k| agrees(k)).unwrap_or(12)
}

/// Decimals at which the rounded parts add up to the rounded total.
pub fn sum_decimals(parts: &[f64], total: f64, least: usize) -> usize {
    enough(least, |k| {
        let sum: f64 = parts.iter().map(|part| round(*part, k)).sum();
        fixed(sum, k) == fixed(total, k)
    })
}

/// Decimals of the parts that reproduce the total as it is shown with `shown` decimals.
pub fn part_decimals(parts: impl Fn(usize) -> f64, total: f64, shown: usize, least: usize) -> usize {
    enough(least, |k| fixed(parts(k), shown) == fixed(total, shown))
}

/// A probability for a glance: `0.82`, `<0.01`, `>0.99`.
pub fn glance(p: f64) -> String {
    if p > 0.0 && p < 0.005 {
        "<0.01".into()
    } else if p < 1.0 && p > 0.995 {
        ">0.99".into()
    } else {
        fixed(p, 2)
    }
}

/// A probability for the eye: three decimals, very small ones in powers of ten.
pub fn probability(p: f64) -> String {
    if p > 0.0 && p < 0.0005 { power(p, 1) } else { fixed(p, 3) }
}

/// A probability for a narrow column: three decimals, very small ones as `<.001`.
pub fn short_probability(p: f64) -> String {
    if p > 0.0 && p < 0.0005 { "<.001".into() } else { fixed(p, 3) }
}

/// `3.1·10⁻⁷`.
pub fn power(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{}·10{}", digits.replace('-', "−"), raised(exponent.parse().unwrap_or(0)))
}

/// A whole number as an exponent.
fn raised(number: i64) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        c => c.to_digit(10).and_then(|d| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize)).unwrap_or(c),
    };
    number.to_string().chars().map(digit).collect()
}

/// e to a power that may be far below what a number can hold, as `3.1·10⁻⁴⁰⁰`.
pub fn exponential(exponent: f64, decimals: usize) -> String {
    if exponent > -700.0 {
        return power(exponent.exp(), decimals);
    }
    let tens = exponent / std::f64::consts::LN_10;
    let mantissa = 10f64.powf(tens - tens.floor());
    power(mantissa, decimals).replace("·10⁰", &format!("·10{}", raised(tens.floor() as i64)))
}

/// The same with decimals only, down to a thousandth.
pub fn likelihood(exponent: f64) -> String {
    let p = exponent.exp();
    if p >= 0.001 { fixed(p, 3) } else { exponential(exponent, 2) }
}

/// A share as the smallest fraction that it is, up to twelfths; else three decimals.
pub fn fraction(value: f64) -> String {
    match bio::fraction(value) {
        Some((top, 1)) => format!("{top}"),
        Some((top, bottom)) => format!("{top}/{bottom}"),
        None => fixed(value, 3),
    }
}

/// Odds of a log-odds score: `12 : 1` or `1 : 12`, with two digits that count.
pub fn odds(score: f64) -> String {
    let ratio = score.abs().exp();
    let shown = if ratio < 9.95 {
        fixed(ratio, 1)
    } else if ratio < 1e6 {
        let step = 10f64.powf(ratio.log10().floor() - 1.0);
        grouped((ratio / step).round() * step)
    } else {
        power(ratio, 0)
    };
    if score >= 0.0 { format!("{shown} : 1") } else { format!("1 : {shown}") }
}

/// A whole number with thin spaces between its thousands.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// Bytes as megabytes (10^6).
pub fn megabytes(bytes: u64) -> String {
    let mb = bytes as f64 / 1e6;
    if mb < 9.95 { fixed(mb, 1) } else { fixed(mb, 0) }
}

/// Text that is safe inside HTML and inside a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs() {
        assert_eq!([0.75, -1.5, 0.004, -0.004].map(|x| signed(x, 2)), ["+0.75", "−1.50", "0.00", "0.00"]);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(fixed(-1.234, 2), "−1.23");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!((glance(0.001), glance(0.999), glance(0.5)), ("<0.01".into(), ">0.99".into(), "0.50".into()));
        assert_eq!(probability(3.14e-7), "3.1·10⁻⁷");
        // e^-1000 = 10^-434.294... = 5.08 * 10^-435.
        assert_eq!((exponential(-1000.0, 2), exponential(-1.0, 2)), ("5.08·10⁻⁴³⁵".into(), "3.68·10⁻¹".into()));
        assert_eq!([-0.269, -6.9, -7.0].map(likelihood), ["0.764", "0.001", "9.12·10⁻⁴"]);
        assert_eq!(
            (fraction(2.0 / 3.0), fraction(0.0), fraction(0.123456)),
            ("2/3".into(), "0".into(), "0.123".into())
        );
        assert_eq!((odds(0.0), odds(-2.64), odds(7.0)), ("1.0 : 1".into(), "1 : 14".into(), "1\u{202f}100 : 1".into()));
    }

    #[test]
    fn rounding_is_what_is_shown() {
        for k in 0..2000 {
            let value = f64::from(k) * 0.012_345_678_9 - 7.0 + f64::from(k % 7) * 0.0005;
            for decimals in 0..9 {
                let shown: f64 = format!("{value:.decimals$}").parse().unwrap();
                assert_eq!(round(value, decimals).to_bits() << 1, shown.to_bits() << 1, "{value} {decimals}"); // but for -0
            }
        }
    }

    #[test]
    fn shown_parts_add_up_to_the_shown_total() {
        let parts = [0.6365, 0.1715];
        let total: f64 = parts.iter().sum();
        let k = sum_decimals(&parts, total, 2);
        assert_eq!(fixed(round(parts[0], k) + round(parts[1], k), k), fixed(total, k));
        // 1.005 three times: two decimals would add up to 3.03 or 3.00, not to 3.02.
        let terms = [1.0051; 3];
        let k = part_decimals(|k| terms.iter().map(|t| round(*t, k)).sum(), 3.0153, 2, 2);
        assert_eq!(fixed(terms.iter().map(|t| round(*t, k)).sum(), 2), "3.02");
        assert!(k > 2);
    }

    #[test]
    fn escaped_text_cannot_leave_its_place() {
        assert_eq!(escape("<a href=\"x\">&\r\n"), "&lt;a href=&quot;x&quot;&gt;&amp;&#13;\n");
    }
}
