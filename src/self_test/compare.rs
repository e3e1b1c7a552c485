//! What was found against what it should be.

use std::collections::BTreeMap;

use super::{LearningCase, Text};
use crate::bio::{Label, Logits, log_softmax};
use crate::inference::ModelOutput;

/// Token ids and offsets against the reference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tokens {
    /// Texts.
    pub texts: usize,
    /// How many ids and offsets were compared.
    pub count: usize,
    /// How many of them differ.
    pub wrong: usize,
    /// The first that does, in words.
    pub first: Option<String>,
}

impl Tokens {
    fn compare(&mut self, text: usize, what: &str, found: &[f64], wanted: &[f64]) {
        for k in 0..found.len().max(wanted.len()) {
            let (found, wanted) = (found.get(k), wanted.get(k));
            self.count += 1;
            if found != wanted {
                self.wrong += 1;
                self.first.get_or_insert_with(|| format!("text {text}, {what} {k}: {found:?}, not {wanted:?}"));
            }
        }
    }
}

/// Compares the token ids of every text, and where its pieces begin and end.
pub fn tokens(texts: &[Text], outputs: &[ModelOutput]) -> Tokens {
    let mut out = Tokens { texts: texts.len(), ..Tokens::default() };
    for (k, text) in texts.iter().enumerate() {
        let (mut ids, mut asked, mut read) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(output) = outputs.get(k) {
            ids.extend(output.ids.iter().map(|id| f64::from(*id)));
            asked.extend(output.question_pieces.iter().flat_map(|piece| [piece.start as f64, piece.end as f64]));
            read.extend(output.tokens.iter().flat_map(|token| [token.start as f64, token.end as f64]));
        }
        out.compare(k, "id", &ids, &text.ids);
        out.compare(k, "offset in the question", &asked, &text.asked);
        out.compare(k, "offset in the paragraph", &read, &text.read);
    }
    out
}

/// A difference that a limit can be held against: what is no number is beyond every limit.
fn far(a: f64, b: f64) -> f64 {
    let far = (a - b).abs();
    if far.is_nan() { f64::INFINITY } else { far }
}

/// The largest difference of a logit, and how many there are. Texts without reference logits do not count.
pub fn logits(texts: &[Text], outputs: &[ModelOutput]) -> (f64, usize) {
    let (mut worst, mut count) = (0.0_f64, 0);
    for (k, text) in texts.iter().enumerate().filter(|(_, text)| !text.logits.is_empty()) {
        let found = outputs.get(k).map_or(&[][..], |output| &output.tokens);
        if 3 * found.len() != text.logits.len() {
            return (f64::INFINITY, count);
        }
        for (found, wanted) in found.iter().flat_map(|token| token.logits).zip(&text.logits) {
            worst = worst.max(far(f64::from(found), *wanted));
            count += 1;
        }
    }
    (worst, count)
}

/// The gradients that the learner computes for the reference example.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slopes {
    /// L.
    pub loss: f64,
    /// dL/dW, 3 x d, row-major.
    pub w: Vec<f64>,
    /// dL/db.
    pub b: Vec<f64>,
    /// L2 norm of dL/dw of every tensor, by its name.
    pub norms: BTreeMap<String, f64>,
    /// Gradient times input, of every position.
    pub shares: Vec<f64>,
}

/// How far the learner's slopes are from the reference, as shares of the reference's size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gradients {
    /// Of L.
    pub loss: f64,
    /// Of dL/dW, in L2.
    pub w: f64,
    /// Of dL/db, in L2.
    pub b: f64,
    /// The worst of the norms of BERT's tensors.
    pub norms: f64,
    /// Of gradient times input, in L2.
    pub shares: f64,
    /// How many tensors.
    pub tensors: usize,
}

impl Gradients {
    /// The largest of them.
    pub fn worst(&self) -> f64 {
        [self.loss, self.w, self.b, self.norms, self.shares].into_iter().fold(0.0, f64::max)
    }
}

/// A norm below this share of the largest is compared with that share: key biases have no gradient but rounding.
const SMALL: f64 = 1e-3;

impl LearningCase {
    /// Compares the learner's slopes with the reference.
    pub fn compare(&self, found: &Slopes) -> Gradients {
        let least = SMALL * self.norms.values().copied().fold(0.0, f64::max);
        let norm = |(name, wanted): (&String, &f64)| {
            found.norms.get(name).map_or(f64::INFINITY, |found| far(*found, *wanted) / wanted.max(least))
        };
        Gradients {
            loss: far(found.loss, self.loss) / self.loss,
            w: apart(&found.w, &self.w),
            b: apart(&found.b, &self.b),
            norms: self.norms.iter().map(norm).fold(0.0, f64::max),
            shares: apart(&found.shares, &self.shares),
            tensors: self.norms.len() + 2,
        }
    }
}

/// |found - wanted| / |wanted|, in L2.
fn apart(found: &[f64], wanted: &[f64]) -> f64 {
    if found.len() != wanted.len() {
        return f64::INFINITY;
    }
    let squares: f64 = found.iter().zip(wanted).map(|(a, b)| far(*a, *b).powi(2)).sum();
    squares.sqrt() / wanted.iter().map(|b| b * b).sum::<f64>().sqrt()
}

/// One token, read by the int8 path and in f32.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenDifference {
    /// The largest |p_int8 - p_f32| of the three classes.
    pub p: f64,
    /// KL(p_f32 || p_int8), in nats.
    pub kl: f64,
    /// The likeliest class by either.
    pub labels: (Label, Label),
}

/// Token by token; both readings are of the same text.
pub fn differences(int8: &[Logits], f32: &[Logits]) -> Vec<TokenDifference> {
    let difference = |(a, b): (&Logits, &Logits)| {
        let (p, q) = (log_softmax(b), log_softmax(a));
        TokenDifference {
            p: (0..3).map(|j| (p[j].exp() - q[j].exp()).abs()).fold(0.0, f64::max),
            kl: (0..3).map(|j| p[j].exp() * (p[j] - q[j])).sum::<f64>().max(0.0),
            labels: (Label::argmax(a), Label::argmax(b)),
        }
    };
    int8.iter().zip(f32).map(difference).collect()
}

/// All tokens in short.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// N_P.
    pub tokens: usize,
    /// The largest |p_int8 - p_f32|.
    pub largest: f64,
    /// The mean of every token's largest.
    pub mean: f64,
    /// The largest KL, in nats.
    pub largest_kl: f64,
    /// Its mean.
    pub mean_kl: f64,
    /// Tokens whose likeliest class is another.
    pub labels: usize,
}

/// Sums up.
pub fn summary(all: &[TokenDifference]) -> Summary {
    let count = all.len().max(1) as f64;
    Summary {
        tokens: all.len(),
        largest: all.iter().map(|t| t.p).fold(0.0, f64::max),
        mean: all.iter().map(|t| t.p).sum::<f64>() / count,
        largest_kl: all.iter().map(|t| t.kl).fold(0.0, f64::max),
        mean_kl: all.iter().map(|t| t.kl).sum::<f64>() / count,
        labels: all.iter().filter(|t| t.labels.0 != t.labels.1).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_or_not_there_is_beyond_every_limit() {
        assert_eq!(far(f64::NAN, 1.0), f64::INFINITY);
        assert_eq!(apart(&[1.0], &[1.0, 2.0]), f64::INFINITY);
        assert!((apart(&[3.0, 4.5], &[3.0, 4.0]) - 0.1).abs() < 1e-15);
        let case = LearningCase {
            question: String::new(),
            paragraph: String::new(),
            gold: String::new(),
            loss: 2.0,
            w: vec![1.0; 3],
            b: vec![1.0; 3],
            norms: BTreeMap::from([("x".into(), 2.0)]),
            token: 0,
            label: Label::B,
            shares: vec![1.0],
        };
        let same = Slopes {
            loss: 2.0,
            w: vec![1.0; 3],
            b: vec![1.0; 3],
            norms: BTreeMap::from([("x".into(), 2.0)]),
            shares: vec![1.0],
        };
        assert_eq!(case.compare(&same).worst(), 0.0);
        let bent = Slopes { norms: BTreeMap::from([("x".into(), 2.2)]), ..same.clone() };
        assert!((case.compare(&bent).worst() - 0.1).abs() < 1e-12);
        assert_eq!(case.compare(&Slopes { norms: BTreeMap::new(), ..same }).worst(), f64::INFINITY);
    }

    #[test]
    fn differences_by_hand() {
        // softmax gives (1/2, 1/4, 1/4) and (1/4, 1/2, 1/4): KL = 1/2 log 2 - 1/4 log 2.
        let two = std::f32::consts::LN_2;
        let all = differences(&[[0.0, two, 0.0], [0.0; 3]], &[[two, 0.0, 0.0], [0.0; 3]]);
        assert!((all[0].p - 0.25).abs() < 1e-7 && (all[0].kl - 0.25 * f64::from(two)).abs() < 1e-7, "{all:?}");
        assert_eq!((all[0].labels, all[1].p, all[1].kl), ((Label::I, Label::B), 0.0, 0.0));
        let summary = summary(&all);
        assert_eq!((summary.tokens, summary.labels), (2, 1));
        assert!((summary.mean - 0.125).abs() < 1e-7 && summary.largest == all[0].p && summary.largest_kl == all[0].kl);
    }
}
