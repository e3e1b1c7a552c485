//! The reliability of p, class by class: whether of the tokens that get p = 0.3, three in ten are what p says.

use serde::Serialize;

use super::Outcome;
use crate::bio::{self, Dist, Label};
use crate::metrics::{BINS, Reliability, add_tokens};

/// One class's table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassCalibration {
    /// B, I or O.
    pub class: Label,
    /// Expected calibration error, 0 to 1: the mean over all tokens of |mean p - mean t| of a token's bin.
    pub ece: f64,
    /// The same gap per unit of the class's gold mass; see [`Reliability::misplaced`].
    pub misplaced: f64,
    /// Sum of p over all tokens: how much of the class the model promises.
    pub promised: f64,
    /// Sum of t over all tokens: how much of it there is.
    pub gold: f64,
    /// Ten bins of p, 0 to 0.1 first; each holds its lower edge, the last one also p = 1.
    pub bins: Vec<CalibrationBin>,
}

/// The tokens whose p of the class lies between two values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Lower edge.
    pub from: f64,
    /// Upper edge.
    pub to: f64,
    /// Number of tokens.
    pub tokens: usize,
    /// Their mean p; `None` (null) without tokens.
    pub p: Option<f64>,
    /// Their mean t: equal to p in a calibrated model.
    pub t: Option<f64>,
}

/// The tables of B, I and O over all tokens.
pub(super) fn calibration(outcomes: &[Outcome]) -> Vec<ClassCalibration> {
    let mut classes = [Reliability::default(); 3];
    for outcome in outcomes {
        let p: Vec<Dist> = outcome.logits.iter().map(bio::softmax).collect();
        add_tokens(&mut classes, &p, &outcome.gold);
    }
    Label::ALL.iter().zip(&classes).map(|(&class, r)| table(class, r)).collect()
}

fn table(class: Label, r: &Reliability) -> ClassCalibration {
    let edge = |k: usize| k as f64 / BINS as f64;
    let bins = r.bins.iter().enumerate().map(|(k, bin)| CalibrationBin {
        from: edge(k),
        to: edge(k + 1),
        tokens: bin.count,
        p: bin.mean_p(),
        t: bin.mean_t(),
    });
    ClassCalibration {
        class,
        ece: r.ece(),
        misplaced: r.misplaced(),
        promised: r.bins.iter().map(|bin| bin.p).sum(),
        gold: r.bins.iter().map(|bin| bin.t).sum(),
        bins: bins.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::outcome;

    #[test]
    fn numbers_by_hand() {
        // Four tokens: p = 1/3 each. The fifth: p_B = 1/2, p_I = 1/4, p_O = 1/4. One of two annotators says B there.
        let ln2 = std::f32::consts::LN_2;
        let mut z = [[0.0; 3]; 5];
        z[4] = [ln2, 0.0, 0.0];
        let tables = calibration(&[outcome(&[&[(4, 5)], &[]], z, None)]);
        let b = &tables[0];
        assert_eq!((b.class, b.bins[3].tokens, b.bins[5].tokens, b.bins[0].p), (Label::B, 4, 1, None));
        assert!((b.bins[3].p.unwrap() - 1.0 / 3.0).abs() < 1e-12 && b.bins[3].t == Some(0.0));
        assert!((b.bins[5].p.unwrap() - 0.5).abs() < 1e-7 && b.bins[5].t == Some(0.5));
        assert!((b.promised - (4.0 / 3.0 + 0.5)).abs() < 1e-7 && b.gold == 0.5);
        // The gap is 4/3 in one bin and nothing in the other.
        assert!((b.ece - 4.0 / 15.0).abs() < 1e-7 && (b.misplaced - 8.0 / 3.0).abs() < 1e-6);
        let o = &tables[2];
        assert_eq!((o.class, o.bins[2].tokens, o.bins[2].from, o.bins[2].to), (Label::O, 1, 0.2, 0.3));
        assert_eq!((o.bins[3].t, o.gold), (Some(1.0), 4.5));
    }
}
