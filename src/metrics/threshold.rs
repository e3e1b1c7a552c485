//! What a threshold on the answer's score does to the scores of a whole file: SQuAD v2.0's question when to abstain.

/// One question: its best answer's score, and what answering and abstaining are worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bet {
    /// The answer is given when this is at least the threshold; -inf when there is no answer to give.
    pub score: f64,
    /// EM (0 or 1) and F1 (0 to 1) when it is given.
    pub given: [f64; 2],
    /// EM and F1 when it is withheld.
    pub withheld: [f64; 2],
}

/// The scores of a file at one threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Answers whose score is at least this are given.
    pub threshold: f64,
    /// How many are.
    pub answered: usize,
    /// Mean EM over all questions, 0 to 1.
    pub em: f64,
    /// Mean F1 over all questions, 0 to 1.
    pub f1: f64,
}

/// Every different outcome that some threshold has, from giving no answer to giving all of them.
///
/// The thresholds lie halfway between neighbouring scores, the outermost 1 beyond. Empty without questions.
pub fn threshold_curve(bets: &[Bet]) -> Vec<Point> {
    let count = bets.len() as f64;
    let mut sorted: Vec<&Bet> = bets.iter().filter(|bet| bet.score.is_finite()).collect();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut sums = [0, 1].map(|k| bets.iter().map(|bet| bet.withheld[k]).sum::<f64>());
    let point = |threshold: f64, answered: usize, sums: [f64; 2]| {
        // The sums were made by adding and taking away: rounding must not show as -0.0000001 %.
        let mean = |sum: f64| (sum / count).clamp(0.0, 1.0);
        Point { threshold, answered, em: mean(sums[0]), f1: mean(sums[1]) }
    };
    if bets.is_empty() {
        return Vec::new();
    }
    let mut curve = vec![point(sorted.first().map_or(0.0, |bet| bet.score + 1.0), 0, sums)];
    for (k, bet) in sorted.iter().enumerate() {
        (0..2).for_each(|j| sums[j] += bet.given[j] - bet.withheld[j]);
        match sorted.get(k + 1) {
            Some(next) if next.score == bet.score => {} // no threshold parts them
            Some(next) => curve.push(point(f64::midpoint(bet.score, next.score), k + 1, sums)),
            None => curve.push(point(bet.score - 1.0, k + 1, sums)),
        }
    }
    curve
}

/// The scores at a threshold of one's own. NaN without questions.
pub fn at_threshold(bets: &[Bet], threshold: f64) -> Point {
    let given = |bet: &&Bet| bet.score >= threshold;
    let mean = |k: usize| {
        let worth = bets.iter().map(|bet| if given(&bet) { bet.given[k] } else { bet.withheld[k] });
        worth.sum::<f64>() / bets.len() as f64
    };
    Point { threshold, answered: bets.iter().filter(given).count(), em: mean(0), f1: mean(1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bet(score: f64, given: [f64; 2], withheld: [f64; 2]) -> Bet {
        Bet { score, given, withheld }
    }

    #[test]
    fn numbers_by_hand() {
        // Right and sure; unanswerable and unsure; half right, as unsure; no answer to give where there is one.
        let bets = [
            bet(4.0, [1.0, 1.0], [0.0, 0.0]),
            bet(-2.0, [0.0, 0.0], [1.0, 1.0]),
            bet(-2.0, [0.0, 0.5], [0.0, 0.0]),
            bet(f64::NEG_INFINITY, [0.0, 0.0], [0.0, 0.0]),
        ];
        let expected = [(5.0, 0, 0.25, 0.25), (1.0, 1, 0.5, 0.5), (-3.0, 3, 0.25, 0.375)];
        let expected = expected.map(|(threshold, answered, em, f1)| Point { threshold, answered, em, f1 });
        assert_eq!(threshold_curve(&bets), expected);
        assert_eq!(at_threshold(&bets, -2.0), Point { threshold: -2.0, ..expected[2] });
        assert_eq!(at_threshold(&bets, -1.9), Point { threshold: -1.9, ..expected[1] });
        assert_eq!(threshold_curve(&[]), []);
        assert_eq!(threshold_curve(&bets[3..]), [Point { threshold: 0.0, answered: 0, em: 0.0, f1: 0.0 }]);
    }

    proptest! {
        #[test]
        fn the_curve_is_what_its_thresholds_give(
            raw in prop::collection::vec((-5..5_i32, 0.0..=1.0_f64, any::<bool>(), any::<bool>()), 1..40),
        ) {
            let bets: Vec<Bet> = raw.iter().map(|&(score, f1, em, empty)| {
                let worth = |yes: bool| if yes { [1.0, 1.0] } else { [0.0, 0.0] };
                bet(f64::from(score), if em { worth(true) } else { [0.0, f1] }, worth(empty))
            }).collect();
            let curve = threshold_curve(&bets);
            for point in &curve {
                let direct = at_threshold(&bets, point.threshold);
                prop_assert_eq!(direct.answered, point.answered);
                prop_assert!((direct.em - point.em).abs() < 1e-12 && (direct.f1 - point.f1).abs() < 1e-12);
            }
            prop_assert!(curve.windows(2).all(|w| w[0].threshold > w[1].threshold && w[0].answered < w[1].answered));
            prop_assert_eq!(curve[curve.len() - 1].answered, bets.len());
        }
    }
}
