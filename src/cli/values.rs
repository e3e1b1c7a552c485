//! Values of options, as clap reads them: what is out of range is refused in words that say the range.

use crate::bio::Decoder;
use crate::metrics::evaluate::NoAnswerBy;

pub(super) fn decoder(name: &str) -> Result<Decoder, String> {
    name.parse().map_err(|_| "expected viterbi, one or greedy".into())
}

/// How many there are of something.
pub(super) fn count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "expected a whole number of at least 1".into())
}

/// When no answer is given.
#[derive(clap::Args)]
pub(super) struct NoAnswer {
    /// Answer "" below this: see --no-answer-by
    #[arg(long, allow_hyphen_values = true, value_parser = threshold, requires = "model")]
    pub no_answer_threshold: Option<f64>,
    /// What the threshold is compared with: score (the best answer's, the default) or begin (the highest log(p_B/p_O) of any token, which
    /// tells better whether there is an answer)
    #[arg(long, value_parser = no_answer_by, requires = "model")]
    pub no_answer_by: Option<NoAnswerBy>,
}

fn no_answer_by(name: &str) -> Result<NoAnswerBy, String> {
    match name {
        "score" => Ok(NoAnswerBy::Score),
        "begin" => Ok(NoAnswerBy::Begin),
        _ => Err("expected score or begin".into()),
    }
}

fn threshold(text: &str) -> Result<f64, String> {
    number(text, "a number", |x| !x.is_nan())
}

/// A share of a whole.
pub(super) fn share(text: &str) -> Result<f64, String> {
    number(text, "a number from 0 to 1", |x| (0.0..=1.0).contains(&x))
}

/// A share of which something must be left.
pub(super) fn part(text: &str) -> Result<f64, String> {
    number(text, "a number from 0 to less than 1", |x| (0.0..1.0).contains(&x))
}

/// A rate or a length.
pub(super) fn positive(text: &str) -> Result<f64, String> {
    number(text, "a number above 0", |x| x > 0.0 && x.is_finite())
}

/// A factor; 0 leaves out what it is of.
pub(super) fn factor(text: &str) -> Result<f64, String> {
    number(text, "a number of at least 0", |x| x >= 0.0 && x.is_finite())
}

pub(super) fn number(text: &str, expected: &str, fits: impl Fn(f64) -> bool) -> Result<f64, String> {
    text.parse().ok().filter(|x| fits(*x)).ok_or_else(|| format!("expected {expected}"))
}
