//! The guided exercise: a sequence of questions whose answers follow from the analysis at hand, so that nothing is
//! right because somebody wrote it down.

use crate::bio::{Dist, Label, Loss, Span};
use crate::document::Document;
use crate::inference::Analysis;

/// The guide's own text: few enough tokens to calculate by hand.
pub const QUESTION: &str = "Who sang?";
/// See [`QUESTION`].
pub const PARAGRAPH: &str = "On Friday Ada sang.";
/// What two of the three annotators mark: "Ada".
const MARKED: Span = Span { start: 10, end: 13 };
/// The model of the exercise: h_i in R^128.
pub const MODEL: &str = "tiny-128";

/// One question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// How many numbers the dense layer has.
    Parameters,
    /// Which tokens carry a term of L.
    Carriers,
    /// p of a class from the three logits, by hand.
    Softmax,
    /// t of the token on which annotators disagree.
    Gold,
    /// The token's term, by hand.
    Term,
    /// The least that L can be with these annotators.
    Floor,
    /// What makes a product t_ij log p_ij vanish.
    Vanishes,
    /// How many of a token's three terms are left when t_i is 1-hot.
    Left,
    /// Whether a step of training raises or lowers a logit.
    Direction,
    /// What is trained.
    Trained,
}

impl Step {
    /// All steps in their order.
    pub const ALL: [Step; 10] = [
        Step::Parameters,
        Step::Carriers,
        Step::Softmax,
        Step::Gold,
        Step::Term,
        Step::Floor,
        Step::Vanishes,
        Step::Left,
        Step::Direction,
        Step::Trained,
    ];

    /// The tab of the page that shows what the step is about: model, (a), (b), (c), gradient.
    pub fn tab(self) -> usize {
        match self {
            Step::Parameters | Step::Carriers => 0,
            Step::Softmax => 1,
            Step::Gold | Step::Term | Step::Floor => 2,
            Step::Vanishes | Step::Left => 3,
            Step::Direction | Step::Trained => 4,
        }
    }
}

/// What is right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// A number, and how far one may be from it.
    Number {
        /// The value.
        value: f64,
        /// The largest difference that counts as right.
        tolerance: f64,
    },
    /// One of the choices.
    Choice(usize),
}

/// The numbers that the questions are about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// d.
    pub d: usize,
    /// The token on which annotators disagree most, from 0.
    pub token: usize,
    /// Its logits, as f64.
    pub z: Dist,
    /// Its p.
    pub p: Dist,
    /// Its t.
    pub t: Dist,
    /// Its term of L.
    pub term: f64,
    /// H of all tokens.
    pub entropy: f64,
}

impl Facts {
    /// The facts of an analysis with gold labels; `None` where they do not belong together.
    pub fn new(analysis: &Analysis, loss: &Loss) -> Option<Facts> {
        let doubt = |t: &Dist| -> f64 { t.iter().filter(|t| **t > 0.0).map(|t| -t * t.ln()).sum() };
        let token = (0..loss.gold.len()).max_by(|&a, &b| {
            doubt(&loss.gold[a]).total_cmp(&doubt(&loss.gold[b])).then(b.cmp(&a)) // of equal ones the first
        })?;
        let read = analysis.tokens.get(token)?;
        Some(Facts {
            d: analysis.hidden_size,
            token,
            z: read.logits.map(f64::from),
            p: read.p,
            t: loss.gold[token],
            term: loss.terms[token],
            entropy: loss.entropy,
        })
    }

    /// What is right at a step. Numbers by hand from two or three digits are right within what those digits allow.
    pub fn answer(&self, step: Step) -> Answer {
        let near = |value: f64, tolerance: f64| Answer::Number { value, tolerance };
        let b = Label::B.index();
        match step {
            Step::Parameters => near(3.0 * self.d as f64 + 3.0, 0.0),
            Step::Carriers => Answer::Choice(1),
            Step::Softmax => near(self.p[b], 0.006),
            Step::Gold => near(self.t[b], 0.004),
            Step::Term => near(self.term, 0.02),
            Step::Floor => near(self.entropy, 0.006),
            Step::Vanishes => Answer::Choice(0),
            Step::Left => near(1.0, 0.0),
            Step::Direction => Answer::Choice(usize::from(self.p[b] > self.t[b])),
            Step::Trained => Answer::Choice(2),
        }
    }
}

/// A number as people type it: `0.81`, `0,81`, `2/3`, `1.3e-2`, with a real minus sign too.
pub fn number(text: &str) -> Option<f64> {
    let plain = text.trim().replace('−', "-").replace(',', ".");
    let value = match plain.split_once('/') {
        Some((top, bottom)) => top.trim().parse::<f64>().ok()? / bottom.trim().parse::<f64>().ok()?,
        None => plain.parse().ok()?,
    };
    value.is_finite().then_some(value)
}

impl Answer {
    /// Whether this number is right; `None`: a number is not what is asked for.
    pub fn is(&self, given: f64) -> Option<bool> {
        match self {
            Answer::Number { value, tolerance } => Some((given - value).abs() <= tolerance + 1e-9),
            Answer::Choice(_) => None,
        }
    }
}

/// Puts the guide's text in place: two annotators mark "Ada", the third says that there is no answer. `names` are
/// theirs.
pub fn prepare(document: &mut Document, names: [String; 3]) {
    document.question = QUESTION.into();
    document.paragraph = PARAGRAPH.into();
    document.two_of_three(MARKED, names);
    document.example = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::{self, Decoder};
    use crate::inference::{ReadToken, Reading};

    fn facts() -> Facts {
        let places = [(0, 2), (3, 9), (10, 13), (14, 18), (18, 19)];
        let token = |(k, &(start, end)): (usize, &(usize, usize))| ReadToken {
            start,
            end,
            word: k,
            window: 0,
            logits: if k == 2 { [2.0, 1.0, 0.0] } else { [0.0; 3] },
        };
        let reading = Reading {
            question_tokens: 3,
            question_pieces: Vec::new(),
            question_truncated: false,
            ids: Vec::new(),
            hidden_size: 128,
            windows: Vec::new(),
            tokens: places.iter().enumerate().map(token).collect(),
            kernel: String::new(),
            tokenize_ms: 0.0,
            forward_ms: 0.0,
            b_bias: 0.0,
        };
        let analysis = Analysis::new(PARAGRAPH, reading, Decoder::Viterbi);
        let mut document = Document::default();
        prepare(&mut document, ["a".into(), "b".into(), "c".into()]);
        let loss = bio::loss(&analysis.logits(), &document.gold(&analysis).unwrap()).unwrap();
        Facts::new(&analysis, &loss).unwrap()
    }

    #[test]
    fn answers_by_hand() {
        let facts = facts();
        assert_eq!((facts.token, facts.t), (2, [2.0 / 3.0, 0.0, 1.0 / 3.0]));
        let right = |step: Step, given: f64| facts.answer(step).is(given).unwrap();
        assert!(right(Step::Parameters, 387.0) && !right(Step::Parameters, 384.0));
        assert!(right(Step::Softmax, 0.67) && right(Step::Softmax, 0.665) && !right(Step::Softmax, 0.24));
        assert!(right(Step::Gold, number("2/3").unwrap()) && right(Step::Gold, 0.67));
        // 2/3 * 0.4076 + 1/3 * 2.4076, and H = ln 3 - 2/3 ln 2.
        assert!(right(Step::Term, 1.07) && !right(Step::Term, 1.1));
        assert!(right(Step::Floor, 0.637) && !right(Step::Floor, 0.0));
        assert_eq!(facts.answer(Step::Direction), Answer::Choice(0)); // p_B = 0.665 < 2/3
        assert!(facts.answer(Step::Trained).is(1.0).is_none());
    }

    #[test]
    fn numbers_as_people_type_them() {
        assert_eq!(number(" 0,25 "), Some(0.25));
        assert_eq!(number("1/4"), Some(0.25));
        assert_eq!(number("−1.5e-1"), Some(-0.15));
        for wrong in ["", "abc", "1/0", "1/2/3", "∞", "nan"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_marked_word_is_in_the_paragraph() {
        assert_eq!(&PARAGRAPH[MARKED.start..MARKED.end], "Ada");
    }
}
