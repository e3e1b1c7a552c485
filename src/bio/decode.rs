//! From distributions to answer spans: three decoders, the best single spans, P(no answer).
//!
//! All of them work on log p with the tokens taken as independent. Sequences are compared by their log
//! odds against the sequence that is O everywhere: a span then counts by its own tokens only, and long
//! paragraphs lose no precision.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Dist, Label, spans_from_labels};

/// How labels are read off the distributions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decoder {
    /// The most probable class of each token; an I at the start or after O is repaired to begin a span.
    Greedy,
    /// The most probable valid sequence: no I at the start or after O. A model may come with a bias on B for it.
    #[default]
    Viterbi,
    /// The most probable sequence with exactly one span.
    One,
}

impl Decoder {
    /// All decoders, in the order in which they are listed to users.
    pub const ALL: [Decoder; 3] = [Decoder::Greedy, Decoder::Viterbi, Decoder::One];

    /// The name in files, on the command line and in the JavaScript API.
    pub fn name(self) -> &'static str {
        ["greedy", "viterbi", "one"][self as usize]
    }
}

impl fmt::Display for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that no decoder has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no decoder “{0}”: it is greedy, viterbi or one")]
pub struct UnknownDecoder(pub String);

impl FromStr for Decoder {
    type Err = UnknownDecoder;

    fn from_str(name: &str) -> Result<Self, UnknownDecoder> {
        Decoder::ALL.into_iter().find(|d| d.name() == name).ok_or_else(|| UnknownDecoder(name.to_owned()))
    }
}

/// A span of tokens, `first..last`, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenSpan {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub last: usize,
    /// log(p_B/p_O) of the first token + sum of log(p_I/p_O) of the others, in nats.
    pub score: f64,
}

/// A decoder's result for one paragraph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decoded {
    /// `[N_P]`: a valid sequence, without an I at the start or after O.
    pub labels: Vec<Label>,
    /// The spans of `labels`, disjoint, in text order.
    pub spans: Vec<TokenSpan>,
    /// The tokens that were I and had to be made B (`greedy` only), in text order.
    pub repaired: Vec<usize>,
}

/// Decodes `log_p`, `[N_P]` rows of log p_i. `viterbi` adds `b_bias`, in nats, to every log p_B: above 0 it marks more
/// spans than are probable, below 0 fewer. The other decoders do not look at it.
///
/// Of equally good results `viterbi` prefers O, then a longer span to two; `one` the earliest span,
/// then the shortest; `greedy` B, then I. A span's score is that of p itself: every span of `viterbi` has a score of at
/// least `-b_bias`. `one` has one span, however unlikely, unless there is no token at all. Linear in the number of tokens.
pub fn decode(log_p: &[Dist], decoder: Decoder, b_bias: f64) -> Decoded {
    match decoder {
        Decoder::Greedy => greedy(log_p),
        Decoder::Viterbi => viterbi(log_p, b_bias),
        Decoder::One => one(log_p.len(), best_spans(log_p, 1).pop()),
    }
}

/// Decodes with [`Decoder::One`] among the spans of at most `max_tokens` tokens (0 is taken as 1).
/// Takes time in proportion to N_P times `max_tokens`.
pub fn decode_one_within(log_p: &[Dist], max_tokens: usize) -> Decoded {
    if max_tokens >= log_p.len() {
        return decode(log_p, Decoder::One, 0.0);
    }
    let odds = odds(log_p);
    let mut best: Option<TokenSpan> = None;
    for first in 0..odds.len() {
        let mut score = 0.0;
        for (last, odds) in odds.iter().enumerate().skip(first).take(max_tokens.max(1)) {
            score += if last == first { odds.begin } else { odds.inside };
            if best.is_none_or(|best| score > best.score) {
                best = Some(TokenSpan { first, last: last + 1, score });
            }
        }
    }
    one(log_p.len(), best)
}

/// The best `count` single spans, best first; of equal ones the earliest, then the shortest.
/// They may overlap one another. Takes time in proportion to N_P times `count`.
pub fn best_spans(log_p: &[Dist], count: usize) -> Vec<TokenSpan> {
    let insert = |spans: &mut Vec<TokenSpan>, span: TokenSpan| {
        let at = spans.partition_point(|s| s.score > span.score || s.score == span.score && s.first <= span.first);
        if at < count {
            spans.truncate(count - 1);
            spans.insert(at, span);
        }
    };
    // Extending by one token moves all spans that end here by the same amount: the best `count` of the
    // next token are among the best `count` of this one and the span that begins there.
    let mut ending: Vec<TokenSpan> = Vec::new();
    let mut best: Vec<TokenSpan> = Vec::new();
    for (i, odds) in odds(log_p).iter().enumerate() {
        for span in &mut ending {
            span.last = i + 1;
            span.score += odds.inside;
        }
        insert(&mut ending, TokenSpan { first: i, last: i + 1, score: odds.begin });
        for span in &ending {
            insert(&mut best, *span);
        }
    }
    best
}

/// log P(no answer), in nats: the probability that all tokens are O, divided by the total probability of
/// all valid sequences. At most 0.
pub fn log_no_answer(log_p: &[Dist]) -> f64 {
    // Log of the total odds of the valid beginnings after which a token is outside, or inside, of a span.
    let (mut outside, mut inside) = (0.0, f64::NEG_INFINITY);
    for odds in odds(log_p) {
        let any = log_add(outside, inside);
        inside = log_add(any + odds.begin, inside + odds.inside);
        outside = any;
    }
    0.0 - log_add(outside, inside)
}

/// One token's log odds against O.
struct Odds {
    /// log(p_B/p_O)
    begin: f64,
    /// log(p_I/p_O)
    inside: f64,
}

fn odds(log_p: &[Dist]) -> Vec<Odds> {
    // Far below every logarithm that f32 logits can give; keeps log 0 from making a NaN of -inf - -inf.
    let floor = |value: f64| value.max(-1e100);
    let token = |log_p: &Dist| {
        let [b, i, o] = log_p.map(floor);
        Odds { begin: b - o, inside: i - o }
    };
    log_p.iter().map(token).collect()
}

/// log(e^a + e^b)
fn log_add(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

fn token_spans(odds: &[Odds], labels: &[Label]) -> Vec<TokenSpan> {
    let score = |first: usize, last: usize| {
        odds[first + 1..last].iter().fold(odds[first].begin, |score, odds| score + odds.inside)
    };
    let spans = spans_from_labels(labels).into_iter();
    spans.map(|(first, last)| TokenSpan { first, last, score: score(first, last) }).collect()
}

fn greedy(log_p: &[Dist]) -> Decoded {
    let mut labels: Vec<Label> = log_p.iter().map(Label::argmax).collect();
    let mut repaired = Vec::new();
    let mut before = Label::O;
    for (i, label) in labels.iter_mut().enumerate() {
        if *label == Label::I && before == Label::O {
            *label = Label::B;
            repaired.push(i);
        }
        before = *label;
    }
    Decoded { spans: token_spans(&odds(log_p), &labels), labels, repaired }
}

fn viterbi(log_p: &[Dist], b_bias: f64) -> Decoded {
    let odds = odds(log_p);
    // The log odds of the best sequence that ends outside, or inside, of a span.
    let (mut outside, mut inside) = (0.0, f64::NEG_INFINITY);
    // Per token: whether it is better to come from inside of a span before O or B, and whether a token
    // inside of a span goes on with the one before it.
    let mut from: Vec<(bool, bool)> = Vec::with_capacity(odds.len());
    for odds in &odds {
        let open = inside > outside;
        let any = if open { inside } else { outside };
        let (begin, go_on) = (any + odds.begin + b_bias, inside + odds.inside);
        let extends = go_on >= begin;
        from.push((open, extends));
        inside = if extends { go_on } else { begin };
        outside = any;
    }
    let mut labels = vec![Label::O; odds.len()];
    let mut is_inside = inside > outside;
    for (label, &(open, extends)) in labels.iter_mut().zip(&from).rev() {
        (*label, is_inside) = match (is_inside, extends) {
            (false, _) => (Label::O, open),
            (true, true) => (Label::I, true),
            (true, false) => (Label::B, open),
        };
    }
    // A span below this would be better left out: only rounding can put one here, where all of it ties.
    for span in token_spans(&odds, &labels).iter().filter(|span| span.score < -b_bias) {
        labels[span.first..span.last].fill(Label::O);
    }
    Decoded { spans: token_spans(&odds, &labels), labels, repaired: Vec::new() }
}

fn one(tokens: usize, span: Option<TokenSpan>) -> Decoded {
    let mut labels = vec![Label::O; tokens];
    if let Some(span) = span {
        labels[span.first..span.last].fill(Label::I);
        labels[span.first] = Label::B;
    }
    Decoded { labels, spans: span.into_iter().collect(), repaired: Vec::new() }
}

#[cfg(test)]
mod tests;
