//! The guided exercise: a sequence of questions whose answers follow from the analysis at hand, so that nothing is
//! right because somebody wrote it down.

use std::f64::consts::{LN_2, LN_10};

use crate::bio::{self, Dist, Label, Loss, Span};
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

/// Room for what adding and comparing decimal fractions is off.
const EPSILON: f64 = 1e-9;

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
    /// The token's term if all annotators agreed, by hand.
    OneHot,
    /// Whether a step of training raises or lowers a logit.
    Direction,
    /// What is trained.
    Trained,
}

impl Step {
    /// All steps in their order.
    pub const ALL: [Step; 11] = [
        Step::Parameters,
        Step::Carriers,
        Step::Softmax,
        Step::Gold,
        Step::Term,
        Step::Floor,
        Step::Vanishes,
        Step::Left,
        Step::OneHot,
        Step::Direction,
        Step::Trained,
    ];

    /// The tab of the page that shows what the step is about: model, (a), (b), (c), gradient.
    pub fn tab(self) -> usize {
        match self {
            Step::Parameters | Step::Carriers => 0,
            Step::Softmax => 1,
            Step::Gold | Step::Term | Step::Floor => 2,
            Step::Vanishes | Step::Left | Step::OneHot => 3,
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

/// What was done to get a wrong number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The minus sign is missing, or is one too many.
    Sign,
    /// The logarithm to base 10.
    Log10,
    /// The logarithm to base 2.
    Log2,
    /// No logarithm.
    NoLog,
    /// W alone: b was forgotten.
    NoBias,
    /// One class in place of three.
    OneClass,
    /// O is missing in the sum.
    ForgotO,
    /// z in place of e^z.
    NoExponential,
    /// e^z, not divided by the sum.
    NotNormalised,
    /// The value of this class; for a term, the 1 of a 1-hot t at this class.
    OtherClass(Label),
    /// The value of this token, from 0.
    OtherToken(usize),
    /// How many annotators, not their share.
    Count,
    /// The majority's 1-hot label in place of t.
    Majority,
    /// The annotators' t where 1-hot was asked for.
    NotOneHot,
    /// The logarithms without their weights t.
    NoWeight,
    /// p and t have changed places.
    Swapped,
    /// log p in place of log t.
    WithP,
    /// 0, as if t were 1-hot.
    NoFloor,
    /// The number of products that vanish, in place of those that are left.
    Vanished,
}

/// The numbers that the questions are about.
#[derive(Clone, Debug, PartialEq)]
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
    /// `[N_P]`: p of every token.
    pub all: Vec<Dist>,
    /// How many annotators there are.
    pub annotators: usize,
}

impl Facts {
    /// The facts of an analysis with gold labels of so many annotators; `None` where they do not belong together.
    pub fn new(analysis: &Analysis, loss: &Loss, annotators: usize) -> Option<Facts> {
        let token = (0..loss.gold.len()).max_by(|&a, &b| {
            bio::entropy(&loss.gold[a]).total_cmp(&bio::entropy(&loss.gold[b])).then(b.cmp(&a)) // of equal ones the first
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
            all: analysis.tokens.iter().map(|token| token.p).collect(),
            annotators,
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
            Step::OneHot => near(-self.p[b].ln(), 0.01),
            Step::Direction => Answer::Choice(usize::from(self.p[b] > self.t[b])),
            Step::Trained => Answer::Choice(2),
        }
    }

    /// What somebody has done who gives this number at a step, where it is one of the usual mistakes.
    pub fn mistake(&self, step: Step, given: f64) -> Option<Mistake> {
        let Answer::Number { value, tolerance } = self.answer(step) else { return None };
        if (given - value).abs() <= tolerance + EPSILON {
            return None;
        }
        // The nearest of them within what rounding may be off; of equal ones the first.
        let near =
            |(wrong, _): &(f64, Mistake)| (given - wrong).abs() <= (0.1 * wrong.abs()).clamp(0.0015, 0.006) + EPSILON;
        let ways = self.wrong_ways(step).into_iter().filter(near);
        ways.min_by(|(a, _), (b, _)| (given - a).abs().total_cmp(&(given - b).abs())).map(|(_, mistake)| mistake)
    }

    /// Wrong numbers and what leads to them.
    fn wrong_ways(&self, step: Step) -> Vec<(f64, Mistake)> {
        let [b, i, o] = Label::ALL.map(Label::index);
        let (d, p, t, z) = (self.d as f64, &self.p, &self.t, &self.z);
        let other_tokens = |of: &dyn Fn(&Dist) -> f64| -> Vec<(f64, Mistake)> {
            let others = self.all.iter().enumerate().filter(|(k, _)| *k != self.token);
            others.map(|(k, p)| (of(p), Mistake::OtherToken(k))).collect()
        };
        let logarithms =
            |value: f64| vec![(-value, Mistake::Sign), (value / LN_10, Mistake::Log10), (value / LN_2, Mistake::Log2)];
        let share = |p: &Dist, t: &Dist| -> f64 { (0..3).filter(|&j| t[j] > 0.0).map(|j| -t[j] * p[j].ln()).sum() };
        match step {
            Step::Parameters => {
                vec![(3.0 * d, Mistake::NoBias), (d, Mistake::OneClass), (d + 1.0, Mistake::OneClass)]
            }
            Step::Softmax => {
                let e = z.map(f64::exp);
                let mut ways = vec![
                    (e[b] / (e[b] + e[i]), Mistake::ForgotO),
                    (z[b] / z.iter().sum::<f64>(), Mistake::NoExponential),
                    (e[b], Mistake::NotNormalised),
                    (p[i], Mistake::OtherClass(Label::I)),
                    (p[o], Mistake::OtherClass(Label::O)),
                ];
                ways.extend(other_tokens(&|p| p[b]));
                ways
            }
            Step::Gold => vec![
                (self.annotators as f64 * t[b], Mistake::Count),
                (1.0, Mistake::Majority),
                (t[o], Mistake::OtherClass(Label::O)),
                (t[i], Mistake::OtherClass(Label::I)),
            ],
            Step::Term => {
                let mut ways = logarithms(self.term);
                ways.extend([
                    (-t[b] * p[b].ln(), Mistake::ForgotO),
                    (-p[b].ln(), Mistake::Majority),
                    (-p[o].ln(), Mistake::OtherClass(Label::O)),
                    (-p[b].ln() - p[o].ln(), Mistake::NoWeight),
                    (-p[b] * t[b].ln() - p[o] * t[o].ln(), Mistake::Swapped),
                    (t[b] * p[b] + t[o] * p[o], Mistake::NoLog),
                ]);
                ways.extend(other_tokens(&|p| share(p, t)));
                ways
            }
            Step::Floor => {
                let mut ways = logarithms(self.entropy);
                ways.extend([
                    (0.0, Mistake::NoFloor),
                    (-t[b] * t[b].ln(), Mistake::ForgotO),
                    (self.term, Mistake::WithP),
                ]);
                ways
            }
            Step::Left => vec![(2.0, Mistake::Vanished), (3.0, Mistake::NotOneHot)],
            Step::OneHot => {
                let mut ways = logarithms(-p[b].ln());
                ways.extend([
                    (self.term, Mistake::NotOneHot),
                    (-p[i].ln(), Mistake::OtherClass(Label::I)),
                    (-p[o].ln(), Mistake::OtherClass(Label::O)),
                    (p[b], Mistake::NoLog),
                ]);
                ways.extend(other_tokens(&|p| -p[b].ln()));
                ways.extend(other_tokens(&|p| -p[o].ln()));
                ways
            }
            Step::Carriers | Step::Vanishes | Step::Direction | Step::Trained => Vec::new(),
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
            Answer::Number { value, tolerance } => Some((given - value).abs() <= tolerance + EPSILON),
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
    use crate::bio::Decoder;
    use crate::document::Against;
    use crate::inference::{ModelOutput, TokenOutput};

    fn facts() -> Facts {
        let places = [(0, 2), (3, 9), (10, 13), (14, 18), (18, 19)];
        let token = |(k, &(start, end)): (usize, &(usize, usize))| TokenOutput {
            start,
            end,
            word: k,
            window: 0,
            logits: if k == 2 { [2.0, 1.0, 0.0] } else { [0.0, k as f32 / 4.0, 2.0] },
        };
        let output = ModelOutput {
            question_tokens: 3,
            hidden_size: 128,
            tokens: places.iter().enumerate().map(token).collect(),
            ..ModelOutput::default()
        };
        let analysis = Analysis::new(PARAGRAPH, output, Decoder::Viterbi);
        let mut document = Document::default();
        prepare(&mut document, ["a".into(), "b".into(), "c".into()]);
        let against = Against::new(&document, PARAGRAPH, &analysis).unwrap().unwrap();
        Facts::new(&analysis, &against.loss, document.annotators.len()).unwrap()
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
    fn mistakes_have_names() {
        let facts = facts();
        let named = |step: Step, given: f64| facts.mistake(step, given);
        assert_eq!((named(Step::Parameters, 384.0), named(Step::Parameters, 387.0)), (Some(Mistake::NoBias), None));
        assert_eq!(named(Step::Parameters, 1.0), None, "not every wrong number is one of the usual mistakes");
        // z = (2, 1, 0): e^2 / (e^2 + e) = 0.731; e^2 = 7.39; p_I = 0.245. Token 1 has z = (0, 0, 2): p_B = 1 / (2 + e^2).
        assert_eq!(named(Step::Softmax, 0.73), Some(Mistake::ForgotO));
        assert_eq!(named(Step::Softmax, 7.39), Some(Mistake::NotNormalised));
        assert_eq!(named(Step::Softmax, 0.24), Some(Mistake::OtherClass(Label::I)));
        assert_eq!(named(Step::Softmax, 0.1065), Some(Mistake::OtherToken(0)));
        assert_eq!(named(Step::Softmax, 0.665), None, "right");
        assert_eq!((named(Step::Gold, 2.0), named(Step::Gold, 1.0)), (Some(Mistake::Count), Some(Mistake::Majority)));
        assert_eq!(named(Step::Gold, number("1/3").unwrap()), Some(Mistake::OtherClass(Label::O)));
        // The term is 1.0743; ln p_B = -0.4076, ln p_O = -2.4076.
        for (given, mistake) in [
            (-1.07, Mistake::Sign),
            (0.467, Mistake::Log10),
            (1.55, Mistake::Log2),
            (0.272, Mistake::ForgotO),
            (0.408, Mistake::Majority),
            (2.408, Mistake::OtherClass(Label::O)),
            (2.815, Mistake::NoWeight),
        ] {
            assert_eq!(named(Step::Term, given), Some(mistake), "{given}");
        }
        assert_eq!((named(Step::Floor, 0.0), named(Step::Floor, 1.07)), (Some(Mistake::NoFloor), Some(Mistake::WithP)));
        assert_eq!(named(Step::Floor, 0.918), Some(Mistake::Log2));
        assert_eq!((named(Step::Left, 2.0), named(Step::Left, 1.0)), (Some(Mistake::Vanished), None));
        assert!(facts.answer(Step::OneHot).is(0.41).unwrap());
        assert_eq!(named(Step::OneHot, -0.41), Some(Mistake::Sign));
        assert_eq!(named(Step::OneHot, 1.074), Some(Mistake::NotOneHot));
        assert_eq!(named(Step::OneHot, 2.41), Some(Mistake::OtherClass(Label::O)));
        // The 1 at B of the token before: ln (1 + e^0.25 + e^2).
        assert_eq!(named(Step::OneHot, 2.270), Some(Mistake::OtherToken(1)));
        assert_eq!(named(Step::Direction, 1.0), None);
    }

    /// Whatever a model says of the sentence: what is right is never called a mistake.
    #[test]
    fn what_is_right_is_no_mistake() {
        for k in 0..500 {
            let z = [k % 11, k % 7, k % 13].map(|x| x as f32 - 5.0);
            let mut facts = facts();
            facts.z = z.map(f64::from);
            facts.p = bio::softmax(&z);
            facts.term = -(2.0 * facts.p[0].ln() + facts.p[2].ln()) / 3.0;
            for step in Step::ALL {
                if let Answer::Number { value, tolerance } = facts.answer(step) {
                    assert!([-1.0, 0.0, 1.0].iter().all(|x| facts.mistake(step, value + x * tolerance).is_none()));
                }
            }
        }
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
