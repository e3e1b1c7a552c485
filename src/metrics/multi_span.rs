//! MultiSpanQA's scores (Li et al. 2022): answers as sets of normalised texts, exact or by their longest common substring.
//!
//! The numbers are those of the authors' script (`eval_script.py`), its odd corners included.

use std::collections::{BTreeSet, HashMap};

use super::normalise_answer;
use super::tally::share;

/// Sums of one question, or of many: precision and recall have numerators of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SetMatch {
    /// Different texts predicted; a question without any counts as one.
    pub predicted: f64,
    /// Different gold texts; a question without any counts as one.
    pub gold: f64,
    /// What of `predicted` is right.
    pub precise: f64,
    /// What of `gold` was found.
    pub recalled: f64,
}

impl SetMatch {
    /// Adds another question's sums.
    pub fn add(&mut self, other: SetMatch) {
        self.predicted += other.predicted;
        self.gold += other.gold;
        self.precise += other.precise;
        self.recalled += other.recalled;
    }

    /// Of what was predicted, the share that is right, 0 to 1.
    pub fn precision(&self) -> f64 {
        share(self.precise, self.predicted)
    }

    /// Of what is gold, the share that was found, 0 to 1.
    pub fn recall(&self) -> f64 {
        share(self.recalled, self.gold)
    }

    /// Their harmonic mean.
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        share(2.0 * p * r, p + r)
    }
}

/// One question's answers as the script compares them: normalised as SQuAD does, each text once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerSet(BTreeSet<String>);

impl AnswerSet {
    /// The set of these texts.
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> AnswerSet {
        AnswerSet(texts.into_iter().map(|text| normalise_answer(text.as_ref())).collect())
    }

    /// Nothing, or nothing that is left after normalisation.
    fn says_nothing(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    fn counts(&self, gold: &AnswerSet) -> SetMatch {
        let count = |set: &AnswerSet| set.0.len().max(1) as f64;
        SetMatch { predicted: count(self), gold: count(gold), ..SetMatch::default() }
    }

    /// Exact match of this prediction with one annotator's answers: a text is right when it is among them. No answer is
    /// right where there is none.
    pub fn exact(&self, gold: &AnswerSet) -> SetMatch {
        let right = match (self.0.is_empty(), gold.0.is_empty()) {
            (true, true) => 1.0,
            _ => self.0.intersection(&gold.0).count() as f64,
        };
        SetMatch { precise: right, recalled: right, ..self.counts(gold) }
    }

    /// Partial match of this prediction with one annotator's answers: each predicted text counts by its longest substring
    /// that it shares with a gold one, in proportion to its own length; each gold text in the same way.
    pub fn overlap(&self, gold: &AnswerSet) -> SetMatch {
        let mut sums = self.counts(gold);
        match (self.says_nothing(), gold.0.is_empty()) {
            (true, true) => (sums.precise, sums.recalled) = (1.0, 1.0),
            (true, false) | (false, true) => {}
            (false, false) => {
                let letters = |set: &AnswerSet| set.0.iter().map(|t| t.chars().collect()).collect::<Vec<Vec<char>>>();
                let (predicted, golds) = (letters(self), letters(gold));
                let mut best = vec![0.0_f64; predicted.len()];
                for g in &golds {
                    let mut found = 0.0_f64;
                    for (p, best) in predicted.iter().zip(&mut best) {
                        let shared = longest_match(g, p) as f64;
                        *best = best.max(share(shared, p.len() as f64));
                        found = found.max(share(shared, g.len() as f64));
                    }
                    sums.recalled += found;
                }
                sums.precise = best.iter().sum();
            }
        }
        sums
    }
}

/// From this many characters on a text's frequent ones are set aside.
const LONG: usize = 200;

/// Length of the longest run of characters that both texts hold, as Python's `difflib` finds it. In a `b` of 200
/// characters or more, those that make up more than a hundredth of it begin no run; a run may still go on with them. So
/// for such texts the result may fall short of the true longest run.
fn longest_match(a: &[char], b: &[char]) -> usize {
    let mut places: HashMap<char, Vec<usize>> = HashMap::new();
    b.iter().enumerate().for_each(|(j, c)| places.entry(*c).or_default().push(j));
    if b.len() >= LONG {
        let most = b.len() / 100 + 1;
        places.retain(|_, at| at.len() <= most);
    }
    // The first longest run by its start in both texts; lengths of the runs that end in the row before, by column.
    let (mut start, mut longest) = ((0, 0), 0);
    let mut before = vec![0_usize; b.len() + 1];
    for (i, c) in a.iter().enumerate() {
        let mut row = vec![0_usize; b.len() + 1];
        for &j in places.get(c).into_iter().flatten() {
            row[j + 1] = before[j] + 1;
            if row[j + 1] > longest {
                longest = row[j + 1];
                start = (i + 1 - longest, j + 1 - longest);
            }
        }
        before = row;
    }
    let (i, j) = start;
    let back = a[..i].iter().rev().zip(b[..j].iter().rev()).take_while(|(x, y)| x == y).count();
    let on = a[i + longest..].iter().zip(&b[j + longest..]).take_while(|(x, y)| x == y).count();
    back + longest + on
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(texts: &[&str]) -> AnswerSet {
        AnswerSet::new(texts)
    }

    fn sums(predicted: f64, gold: f64, precise: f64, recalled: f64) -> SetMatch {
        SetMatch { predicted, gold, precise, recalled }
    }

    #[test]
    fn numbers_by_hand() {
        // "The river" and "river!" are one text; "old mill" shares "mill" (4 of 8) with "mills" (4 of 5).
        let (predicted, gold) = (set(&["The river", "river!", "old mill"]), set(&["river", "mills", "a"]));
        assert_eq!(predicted.exact(&gold), sums(2.0, 3.0, 1.0, 1.0));
        let overlap = predicted.overlap(&gold);
        // The article alone leaves the text "", which is found by nobody.
        assert_eq!((overlap.predicted, overlap.gold, overlap.precise, overlap.recalled), (2.0, 3.0, 1.5, 1.8));
        assert!((overlap.f1() - 2.0 * 0.75 * 0.6 / 1.35).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_right_where_there_is_nothing() {
        let (none, article, mill) = (set(&[]), set(&["the"]), set(&["mill"]));
        assert_eq!((none.exact(&none), none.overlap(&none)), (sums(1.0, 1.0, 1.0, 1.0), sums(1.0, 1.0, 1.0, 1.0)));
        // A text that normalisation empties is a text for one score and none for the other.
        assert_eq!((article.exact(&none).precise, article.overlap(&none).precise), (0.0, 1.0));
        assert_eq!((article.exact(&article).precise, article.overlap(&article).precise), (1.0, 0.0));
        for (a, b) in [(&none, &mill), (&mill, &none), (&article, &mill)] {
            assert_eq!((a.exact(b), a.overlap(b)), (sums(1.0, 1.0, 0.0, 0.0), sums(1.0, 1.0, 0.0, 0.0)));
        }
        assert_eq!(SetMatch::default().f1(), 0.0);
    }

    #[test]
    fn frequent_characters_of_a_long_text_begin_no_run() {
        let long: Vec<char> = "xyz".chars().chain(std::iter::repeat_n('o', 197)).collect();
        let run = ['o'; 5];
        assert_eq!(longest_match(&run, &long), 0, "neither text begins with what the other begins with");
        assert_eq!(longest_match(&run, &long[..199]), 5);
        let with_z: Vec<char> = "zooo".chars().collect();
        assert_eq!(longest_match(&with_z, &long), 4, "a run goes on with them");
    }

    proptest! {
        #[test]
        fn short_texts_have_the_true_longest_run(a in "[abc]{0,12}", b in "[abc]{0,12}") {
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let substring = |n: &usize| x.windows(*n).any(|w| y.windows(*n).any(|v| v == w));
            let expected = (1..=x.len()).rev().find(substring).unwrap_or(0);
            prop_assert_eq!(longest_match(&x, &y), expected);
        }

        #[test]
        fn scores_stay_in_range(
            a in prop::collection::vec("[ab the.]{0,6}", 0..4), b in prop::collection::vec("[ab the.]{0,6}", 0..4),
        ) {
            let (a, b) = (AnswerSet::new(&a), AnswerSet::new(&b));
            for m in [a.exact(&b), a.overlap(&b)] {
                prop_assert!(m.precise <= m.predicted && m.recalled <= m.gold && (0.0..=1.0).contains(&m.f1()));
            }
            prop_assert!(a.says_nothing() || a.overlap(&a).f1() > 0.0);
        }
    }
}
