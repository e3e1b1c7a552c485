//! The scores that fit into one line: EM, F1, token loss, token F1 of B and I, and what all-O would have.

use crate::metrics;
use serde::Serialize;

use super::{Outcome, percent};
use crate::bio::Dist;
use crate::dataset::Instance;
use crate::metrics::{Tally, token_tallies};

/// The main scores of one data file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Number of questions.
    pub questions: usize,
    /// Exact match, in percent.
    pub em: f64,
    /// F1 of the answer's words, in percent.
    pub f1: f64,
    /// Mean L per question, in nats.
    pub token_loss: f64,
    /// Mean H(t) per question: the least that L can be.
    pub entropy: f64,
    /// Mean KL(t || p) per question: L = H + KL.
    pub kl: f64,
    /// Share of the gold mass on the most probable classes, in percent of all tokens.
    pub accuracy: f64,
    /// Token F1 of the class B: the largest p against t.
    pub b: Rates,
    /// Token F1 of the class I.
    pub i: Rates,
}

/// Precision, recall and F1, in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    /// Of what was predicted, the share that is right.
    pub precision: f64,
    /// Of what is gold, the share that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

impl From<Tally> for Rates {
    fn from(tally: Tally) -> Rates {
        let [precision, recall, f1] = [tally.precision(), tally.recall(), tally.f1()].map(|x| 100.0 * x);
        Rates { precision, recall, f1 }
    }
}

/// The scores of a tagger that has nothing but the frequencies of the classes: it gives every token of the file the
/// same p, the file's mean t. That is the constant with the least loss, and its largest value is O: it labels every
/// token O, finds no answer, and is right about most tokens.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AllO {
    /// The constant p, in the order B, I, O.
    pub p: Dist,
    /// EM of the answer "", in percent.
    pub em: f64,
    /// F1 of the answer "", in percent.
    pub f1: f64,
    /// Its mean L per question, in nats.
    pub token_loss: f64,
    /// Gold mass of O, in percent of all tokens.
    pub accuracy: f64,
    /// Token F1 of the class B, in percent.
    pub b_f1: f64,
    /// Token F1 of the class I, in percent.
    pub i_f1: f64,
}

/// The main scores of all outcomes against their instances.
pub fn scores(instances: &[Instance], outcomes: &[Outcome]) -> Scores {
    let (mut em, mut f1, mut token_loss, mut entropy, mut kl) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let mut classes = [Tally::default(); 3];
    for (instance, outcome) in instances.iter().zip(outcomes) {
        let [exact, words] = worth(instance, outcome.answer());
        em += exact;
        f1 += words;
        token_loss += outcome.loss.total;
        entropy += outcome.loss.entropy;
        kl += outcome.loss.kl;
        let tallies = token_tallies(&outcome.logits, &outcome.gold);
        (0..3).for_each(|j| classes[j].add(tallies[j]));
    }
    let n = instances.len() as f64;
    let tokens: f64 = classes.iter().map(|class| class.found).sum();
    Scores {
        questions: instances.len(),
        em: percent(em, n),
        f1: percent(f1, n),
        token_loss: token_loss / n,
        entropy: entropy / n,
        kl: kl / n,
        accuracy: percent(classes.iter().map(|class| class.right).sum(), tokens),
        b: classes[0].into(),
        i: classes[1].into(),
    }
}

/// EM and F1, 0 to 1, of an answer to the instance's question; "" says that there is none. SQuAD v2.0's rule is
/// among them: where no annotator has an answer, "" scores 1 and everything else 0.
pub(super) fn worth(instance: &Instance, answer: &str) -> [f64; 2] {
    let texts = instance.texts();
    let golds: Vec<&str> = texts.iter().map(String::as_str).collect();
    [f64::from(u8::from(metrics::exact_match(answer, &golds))), metrics::f1(answer, &golds)]
}

/// The all-O baseline on the same file.
pub(super) fn all_o(instances: &[Instance], outcomes: &[Outcome]) -> AllO {
    let rows = || outcomes.iter().flat_map(|outcome| &outcome.gold);
    let tokens = rows().count() as f64;
    let p = rows().fold([0.0; 3], |sum, t| [0, 1, 2].map(|j| sum[j] + t[j])).map(|sum| sum / tokens);
    // sum_i sum_j -t_ij log p_j = tokens * H(p), as p is the mean t.
    let entropy: f64 = p.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
    let (mut em, mut f1) = (0.0, 0.0);
    for instance in instances {
        let [exact, words] = worth(instance, "");
        em += exact;
        f1 += words;
    }
    let n = instances.len() as f64;
    AllO {
        p,
        em: percent(em, n),
        f1: percent(f1, n),
        token_loss: tokens * entropy / n,
        accuracy: 100.0 * p[2],
        b_f1: 0.0,
        i_f1: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{instance, outcome, sure};

    #[test]
    fn numbers_by_hand() {
        // 1: "Ann" by both; the model says "Ann saw". 2: no answer, and none given.
        let golds: [&[&[(usize, usize)]]; 2] = [&[&[(0, 1)], &[(0, 1)]], &[&[]]];
        let instances = [instance("1", golds[0]), instance("2", golds[1])];
        let outcomes =
            [outcome(golds[0], sure("BIOOO"), Some(("Ann saw", 1.0, 2))), outcome(golds[1], sure("OOOOO"), None)];
        let s = scores(&instances, &outcomes);
        assert_eq!((s.questions, s.em), (2, 50.0));
        // F1 of "Ann saw" against "Ann": precision 1/2, recall 1: 2/3; and 1 for the other.
        assert!((s.f1 - 100.0 * (2.0 / 3.0 + 1.0) / 2.0).abs() < 1e-12);
        assert_eq!((s.b.f1, s.i.f1, s.i.precision), (100.0, 0.0, 0.0));
        assert_eq!(s.accuracy, 90.0, "nine of ten tokens");
        // One token is wrong by 12 and ln(1 + 2 e^-12) more; nine are right, each at a loss of ln(1 + 2 e^-12).
        let little = (2.0 * (-12.0_f64).exp()).ln_1p();
        assert!((s.token_loss - (12.0 + 10.0 * little) / 2.0).abs() < 1e-12, "{}", s.token_loss);
        assert_eq!(s.entropy, 0.0);
        assert!((s.kl - s.token_loss).abs() < 1e-12);
    }

    #[test]
    fn all_o_by_hand() {
        // Ten tokens: B once by one of two annotators, else O. Mean t: 0.05, 0, 0.95.
        let golds: [&[&[(usize, usize)]]; 2] = [&[&[(0, 1)], &[]], &[&[]]];
        let instances = [instance("1", golds[0]), instance("2", golds[1])];
        let outcomes = golds.map(|annotators| outcome(annotators, sure("BBBBB"), None));
        let o = all_o(&instances, &outcomes);
        assert_eq!((o.p[1], o.em, o.f1), (0.0, 100.0, 100.0));
        assert!((o.p[0] - 0.05).abs() < 1e-15 && (o.accuracy - 95.0).abs() < 1e-12);
        let h = -(0.05_f64 * 0.05_f64.ln() + 0.95 * 0.95_f64.ln());
        assert!((o.token_loss - 5.0 * h).abs() < 1e-12);
        // No constant does better: here the model's own loss with the same p in every token.
        let z = [(0.05_f64 / 0.95).ln() as f32, -90.0, 0.0];
        let same = golds.map(|annotators| outcome(annotators, [z; 5], None));
        let s = scores(&instances, &same);
        assert!((s.token_loss - o.token_loss).abs() < 1e-7 && (s.accuracy - o.accuracy).abs() < 1e-12);
        assert_eq!((s.b.f1, s.i.f1), (o.b_f1, o.i_f1));
    }
}
