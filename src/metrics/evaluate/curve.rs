//! SQuAD v2.0's question: from which score on should the best answer be given?

use serde::Serialize;

use super::held_out::held_out;
use super::scores::worth;
use super::{HeldOut, NoAnswerBy, Outcome, percent};
use crate::dataset::Instance;
use crate::metrics::{Bet, Point, at_threshold, threshold_curve};

/// Most points that a written curve has.
const POINTS: usize = 41;

/// EM and F1 of a file with unanswerable questions, by the threshold below which the best answer is withheld
/// (`--no-answer-threshold`, `--no-answer-by`). An unanswerable question scores 1 if the answer is withheld, else 0.
///
/// The best thresholds are those of this very file, and on another one a little worse; `held_out` is free of that.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoAnswer {
    /// Questions that have no answer, by every annotator.
    pub unanswerable: usize,
    /// What the thresholds are compared with.
    pub by: NoAnswerBy,
    /// The threshold with the highest F1; of equal ones the highest threshold.
    pub best_f1: CurvePoint,
    /// The threshold with the highest EM; of equal ones the highest threshold.
    pub best_em: CurvePoint,
    /// Threshold 0: a span is given when it (or, by `begin`, B of some token) is more probable than O.
    pub at_zero: CurvePoint,
    /// Every best answer is given.
    pub always: CurvePoint,
    /// None is.
    pub never: CurvePoint,
    /// A threshold and a temperature chosen on one half of the questions, measured on the other; `None` (null) where a half
    /// has no question.
    pub held_out: Option<HeldOut>,
    /// The curve, from giving none to giving all, at most 41 points.
    pub curve: Vec<CurvePoint>,
}

/// Scores at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The best answers of questions below this are withheld.
    pub threshold: f64,
    /// Share of the questions that get an answer, in percent.
    pub answered: f64,
    /// Exact match, in percent.
    pub em: f64,
    /// F1, in percent.
    pub f1: f64,
}

/// The curve; `None` for a file in which every question has an answer.
pub(super) fn no_answer(instances: &[Instance], outcomes: &[Outcome]) -> Option<NoAnswer> {
    let unanswerable = outcomes.iter().filter(|outcome| outcome.unanswerable()).count();
    if unanswerable == 0 {
        return None;
    }
    let bets: Vec<Bet> = instances.iter().zip(outcomes).map(|(instance, outcome)| bet(instance, outcome)).collect();
    let n = bets.len() as f64;
    let show = |p: &Point| CurvePoint {
        threshold: p.threshold,
        answered: percent(p.answered as f64, n),
        em: 100.0 * p.em,
        f1: 100.0 * p.f1,
    };
    let curve = threshold_curve(&bets);
    let best = |value: fn(&Point) -> f64| {
        let better = |best: Point, next: &Point| if value(next) > value(&best) { *next } else { best };
        show(&curve.iter().fold(curve[0], better))
    };
    Some(NoAnswer {
        unanswerable,
        by: outcomes[0].no_answer_by,
        best_f1: best(|p| p.f1),
        best_em: best(|p| p.em),
        at_zero: show(&at_threshold(&bets, 0.0)),
        always: show(&curve[curve.len() - 1]),
        never: show(&curve[0]),
        held_out: held_out(instances, outcomes, &bets),
        curve: thinned(&curve).iter().map(show).collect(),
    })
}

fn bet(instance: &Instance, outcome: &Outcome) -> Bet {
    let withheld = worth(instance, "");
    let given = outcome.best.as_ref().map_or(withheld, |best| worth(instance, &best.text));
    Bet { score: outcome.evidence(), given, withheld }
}

/// At most [`POINTS`] of the points, evenly spread, with the first and the last.
fn thinned(curve: &[Point]) -> Vec<Point> {
    if curve.len() <= POINTS {
        return curve.to_vec();
    }
    (0..POINTS).map(|k| curve[k * (curve.len() - 1) / (POINTS - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{instance, outcome, sure};

    #[test]
    fn numbers_by_hand() {
        // Right with score 3; unanswerable with score 1; half right with score -1.
        let golds: [&[&[(usize, usize)]]; 3] = [&[&[(0, 1)]], &[&[]], &[&[(2, 5)]]];
        let answers = [("Ann", 3.0, 1), ("Bo", 1.0, 1), ("Bo", -1.0, 1)];
        let instances = [0, 1, 2].map(|k| instance("x", golds[k]));
        let outcomes = [0, 1, 2].map(|k| outcome(golds[k], sure("OOOOO"), Some(answers[k])));
        let n = no_answer(&instances, &outcomes).unwrap();
        assert_eq!((n.unanswerable, n.curve.len()), (1, 4));
        let third = 100.0 / 3.0;
        let close = |p: CurvePoint, threshold: f64, answered: f64, em: f64, f1: f64| {
            let got = [p.answered, p.em, p.f1];
            assert_eq!(p.threshold, threshold);
            assert!(got.iter().zip([answered, em, f1]).all(|(a, b)| (a - b * third).abs() < 1e-9), "{p:?}");
        };
        close(n.never, 4.0, 0.0, 1.0, 1.0);
        close(n.best_em, 2.0, 1.0, 2.0, 2.0);
        close(n.best_f1, 2.0, 1.0, 2.0, 2.0);
        close(n.at_zero, 0.0, 2.0, 1.0, 1.0);
        // "Bo" against "Bo and Cy": EM 0, F1 1/2.
        close(n.always, -2.0, 3.0, 1.0, 1.5);
        assert_eq!(no_answer(&instances[..1], &outcomes[..1]), None);
    }

    #[test]
    fn a_long_curve_keeps_its_ends() {
        let point = |k: usize| Point { threshold: k as f64, answered: k, em: 0.0, f1: 0.0 };
        let curve: Vec<Point> = (0..1000).map(point).collect();
        let thin = thinned(&curve);
        assert_eq!((thin.len(), thin[0].answered, thin[40].answered), (41, 0, 999));
        assert_eq!(thinned(&curve[..41]).len(), 41);
    }
}
