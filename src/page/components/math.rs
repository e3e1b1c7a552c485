//! Formulas as MathML, from a few combinators.

use crate::display::format::escape;

/// An identifier.
pub fn mi(name: &str) -> String {
    format!("<mi>{}</mi>", escape(name))
}

/// A number as it is shown.
pub fn mn(number: impl std::fmt::Display) -> String {
    format!("<mn>{number}</mn>")
}

/// An operator.
pub fn mo(sign: &str) -> String {
    format!("<mo>{}</mo>", escape(sign))
}

/// A bracket that stays as high as a letter.
pub fn plain(sign: &str) -> String {
    format!("<mo stretchy=\"false\">{}</mo>", escape(sign))
}

/// A row of parts.
pub fn row(parts: &[String]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

/// The logarithm, with room after it.
pub fn log() -> String {
    format!("{}<mspace width=\"0.17em\"></mspace>", mi("log"))
}

/// A base with an index.
pub fn sub(base: &str, index: &str) -> String {
    format!("<msub>{base}{index}</msub>")
}

/// A base with an exponent.
pub fn sup(base: &str, exponent: &str) -> String {
    format!("<msup>{base}{exponent}</msup>")
}

/// A fraction.
pub fn frac(top: &str, bottom: &str) -> String {
    format!("<mfrac>{top}{bottom}</mfrac>")
}

/// A sum from `below` to `above`; either may be empty.
pub fn sum(below: &str, above: &str) -> String {
    match above {
        "" => format!("<munder>{}{below}</munder>", mo("∑")),
        _ => format!("<munderover>{}{below}{above}</munderover>", mo("∑")),
    }
}

/// A number that may be a fraction such as `2/3`.
pub fn number(text: &str) -> String {
    match text.split_once('/') {
        Some((top, bottom)) => frac(&mn(top), &mn(bottom)),
        None => match text.split_once("·10") {
            // Powers of ten come as "3.1·10⁻⁷".
            Some((digits, raised)) => row(&[mn(digits), mo("·"), mn(format!("10{raised}"))]),
            None => mn(text),
        },
    }
}

/// A formula on a line of its own.
pub fn display(parts: &[String]) -> String {
    format!(r#"<math display="block">{}</math>"#, row(parts))
}

/// A formula whose result may go to the next line where the place is narrow.
pub fn display_result(parts: &[String], result: &str) -> String {
    let result = row(&[mo("="), number(result)]);
    format!(
        r#"<div class="breaks"><math displaystyle="true">{}</math> <math displaystyle="true">{result}</math></div>"#,
        row(parts)
    )
}
