//! What a file with unanswerable questions says when a number is chosen on one half of it and measured on the other.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Outcome;
use crate::dataset::Instance;
use crate::metrics::{Bet, Point, Reliability, at_threshold, log_odds, temperature, threshold_curve};

/// A threshold (see [`NoAnswer`](super::NoAnswer)), and a temperature of P(no answer), both chosen on one half of the questions and
/// measured on the other. A question is in the first half when the first byte of its id's SHA-256 is even.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldOut {
    /// Questions of the half that chose.
    pub chosen_on: usize,
    /// Questions of the half that is measured; all other figures but the next and the temperature are of it.
    pub questions: usize,
    /// The threshold with the highest F1 on the first half.
    pub threshold: f64,
    /// Share of the questions that get an answer at it, in percent.
    pub answered: f64,
    /// Exact match with it, in percent.
    pub em: f64,
    /// F1 with it, in percent.
    pub f1: f64,
    /// F1 when every best answer is given, in percent.
    pub f1_always: f64,
    /// F1 when none is, in percent.
    pub f1_never: f64,
    /// T: log(P / (1 - P)) of P = P(no answer) is divided by it. Chosen for the least cross-entropy.
    pub temperature: f64,
    /// Expected calibration error of P(no answer) as it is, 0 to 1, in ten bins: the mean over the questions of |mean P - share
    /// of annotators who say "no answer"| of a question's bin.
    pub ece: f64,
    /// The same with the temperature.
    pub ece_with_temperature: f64,
}

/// Chooses and measures; `None` where a half has no question. `bets` are the questions' own.
pub(super) fn held_out(instances: &[Instance], outcomes: &[Outcome], bets: &[Bet]) -> Option<HeldOut> {
    let (mut halves, mut odds) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for ((instance, outcome), bet) in instances.iter().zip(outcomes).zip(bets) {
        let half = usize::from(Sha256::digest(instance.id.as_bytes())[0] % 2);
        halves[half].push(*bet);
        odds[half].push((log_odds(outcome.log_no_answer()), silent(outcome)));
    }
    let [first, second] = halves;
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let curve = threshold_curve(&first);
    let chosen = curve.iter().fold(curve[0], |best, next| if next.f1 > best.f1 { *next } else { best });
    let [measured, always, never]: [Point; 3] =
        [chosen.threshold, f64::NEG_INFINITY, f64::INFINITY].map(|threshold| at_threshold(&second, threshold));
    let t = temperature(&odds[0]);
    let ece = |t: f64| {
        let mut reliability = Reliability::default();
        odds[1].iter().for_each(|(x, gold)| reliability.add(1.0 / (1.0 + (-x / t).exp()), *gold));
        reliability.ece()
    };
    Some(HeldOut {
        chosen_on: first.len(),
        questions: second.len(),
        threshold: chosen.threshold,
        answered: 100.0 * measured.answered as f64 / second.len() as f64,
        em: 100.0 * measured.em,
        f1: 100.0 * measured.f1,
        f1_always: 100.0 * always.f1,
        f1_never: 100.0 * never.f1,
        temperature: t,
        ece: ece(1.0),
        ece_with_temperature: ece(t),
    })
}

/// Share of the annotators who say that there is no answer.
fn silent(outcome: &Outcome) -> f64 {
    let none = outcome.annotators.iter().filter(|labels| labels.iter().all(|label| *label == crate::bio::Label::O));
    none.count() as f64 / outcome.annotators.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{instance, outcome};

    /// Whether the first byte of the id's SHA-256 is odd, by `printf a | sha256sum`: ca..., 3e..., 2e..., 18..., 3f..., 25...
    #[test]
    fn numbers_by_hand() {
        let gold: [&[&[(usize, usize)]]; 2] = [&[&[(0, 1)]], &[&[]]];
        // The model says B for Ann with odds of e^3 against O; or all but surely nothing.
        let sure = |x: f32| {
            let mut z = [[-30.0, -90.0, 0.0]; 5];
            z[0][0] = x;
            z
        };
        // Of the halves {a, b, c, d} and {e, f}, each with right answers at 3 and unanswerable questions at -1.
        let ids = ["a", "b", "c", "d", "e", "f"];
        let instances = [0, 1, 2, 3, 4, 5].map(|k| instance(ids[k], gold[k % 2]));
        let outcomes = [0, 1, 2, 3, 4, 5].map(|k| {
            let (x, score) = if k % 2 == 0 { (3.0, 3.0) } else { (-1.0, -1.0) };
            outcome(gold[k % 2], sure(x), Some(("Ann", score, 1)))
        });
        let bet = |k: usize| Bet {
            score: if k.is_multiple_of(2) { 3.0 } else { -1.0 },
            given: [1.0 - (k % 2) as f64; 2],
            withheld: [(k % 2) as f64; 2],
        };
        let bets: Vec<Bet> = (0..6).map(bet).collect();
        let h = held_out(&instances, &outcomes, &bets).unwrap();
        assert_eq!((h.chosen_on, h.questions, h.threshold, h.f1, h.answered), (4, 2, 1.0, 100.0, 50.0));
        assert_eq!((h.f1_always, h.f1_never, h.em), (50.0, 50.0, 100.0));
        // P(no answer) is 1 / (1 + e^3) and 1 / (1 + e^-1) with t = 0 and 1; all is right, so T falls to its least.
        let (low, high) = (1.0 / (1.0 + 3f64.exp()), 1.0 / (1.0 + (-1f64).exp()));
        assert!((h.ece - (low + 1.0 - high) / 2.0).abs() < 1e-9, "{}", h.ece);
        assert!(h.temperature < 0.011 && h.ece_with_temperature < 1e-9, "{h:?}");
        assert_eq!(held_out(&instances[..4], &outcomes[..4], &bets[..4]), None);
    }

    #[test]
    fn those_who_say_nothing_count_in_parts() {
        let z = [[0.0, -90.0, 9.0]; 5];
        assert_eq!(silent(&outcome(&[&[(0, 1)], &[], &[]], z, None)), 2.0 / 3.0);
    }
}
