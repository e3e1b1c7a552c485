//! Scores by kind of question.

use std::collections::BTreeMap;

use serde::Serialize;

use super::multi_span::multi_span;
use super::wh::Wh;
use super::{Outcome, rounded_mean, scores};
use crate::bio::spans_from_labels;
use crate::dataset::Instance;

/// What questions are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// What they ask for, by their words: [`Wh`].
    Wh,
    /// How many answers they have: 0, 1, 2, 3, 4 or more. The mean number of spans of those annotators who marked any,
    /// rounded half up; 0 when nobody did.
    Answers,
    /// The file that they come from.
    Source,
}

impl By {
    /// All of them.
    pub const ALL: [By; 3] = [By::Wh, By::Answers, By::Source];

    /// The name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        ["wh", "answers", "source"][self as usize]
    }
}

/// The scores of all kinds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grouping {
    /// What the questions are sorted by.
    pub by: By,
    /// The kinds that there are, in their own order.
    pub groups: Vec<Group>,
}

/// The scores of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Its name.
    pub kind: String,
    /// Number of questions.
    pub questions: usize,
    /// Exact match, in percent.
    pub em: f64,
    /// F1 of the answer's words, in percent.
    pub f1: f64,
    /// MultiSpanQA's F1 of exact matches, in percent.
    pub span_f1: f64,
    /// MultiSpanQA's F1 of overlaps, in percent.
    pub overlap_f1: f64,
    /// Mean L per question, in nats.
    pub token_loss: f64,
}

/// Sorts the questions and scores each kind. `sources` names the file of every instance.
///
/// # Panics
/// Not one source per instance.
pub fn group(by: By, instances: &[Instance], outcomes: &[Outcome], sources: &[String]) -> Grouping {
    assert_eq!(instances.len(), sources.len(), "one source per instance");
    // Files keep the order in which they were named.
    let mut files: Vec<&String> = Vec::new();
    let mut sorted: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (k, (instance, outcome)) in instances.iter().zip(outcomes).enumerate() {
        let key = match by {
            By::Wh => {
                let wh = Wh::of(&instance.question);
                (wh as usize, wh.to_string())
            }
            By::Answers => match answers(outcome) {
                few @ 0..4 => (few, few.to_string()),
                _ => (4, "4 or more".to_owned()),
            },
            By::Source => {
                let place = files.iter().position(|file| **file == sources[k]).unwrap_or_else(|| {
                    files.push(&sources[k]);
                    files.len() - 1
                });
                (place, sources[k].clone())
            }
        };
        sorted.entry(key).or_default().push(k);
    }
    let groups = sorted.into_iter().map(|((_, kind), members)| {
        let instances: Vec<Instance> = members.iter().map(|&k| instances[k].clone()).collect();
        let outcomes: Vec<Outcome> = members.iter().map(|&k| outcomes[k].clone()).collect();
        scored(kind, &instances, &outcomes)
    });
    Grouping { by, groups: groups.collect() }
}

fn scored(kind: String, instances: &[Instance], outcomes: &[Outcome]) -> Group {
    let scores = scores(instances, outcomes);
    let spans = multi_span(instances, outcomes);
    Group {
        kind,
        questions: scores.questions,
        em: scores.em,
        f1: scores.f1,
        span_f1: spans.exact.f1,
        overlap_f1: spans.overlap.f1,
        token_loss: scores.token_loss,
    }
}

fn answers(outcome: &Outcome) -> usize {
    rounded_mean(outcome.annotators.iter().map(|labels| spans_from_labels(labels).len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{instance, outcome, sure};

    #[test]
    fn every_kind_has_its_own_scores() {
        let golds: [&[&[(usize, usize)]]; 4] =
            [&[&[(0, 1)]], &[&[(0, 1), (4, 5)], &[]], &[&[(0, 1), (2, 3), (4, 5)], &[(0, 1), (4, 5)]], &[&[], &[]]];
        let mut instances = [0, 1, 2, 3].map(|k| instance("x", golds[k]));
        instances[1].question = "How many?".into();
        let outcomes = [0, 1, 2, 3].map(|k| outcome(golds[k], sure("BOOOO"), Some(("Ann", 12.0, 1))));
        let sources = ["b", "a", "b", "b"].map(String::from);
        let group = |by: By| group(by, &instances, &outcomes, &sources).groups;
        let names = |by: By| group(by).into_iter().map(|g| (g.kind, g.questions)).collect::<Vec<_>>();
        let named = |pairs: &[(&str, usize)]| pairs.iter().map(|(k, n)| ((*k).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(names(By::Wh), named(&[("who", 3), ("how many", 1)]));
        assert_eq!(names(By::Answers), named(&[("0", 1), ("1", 1), ("2", 1), ("3", 1)]), "2.5 is rounded up");
        assert_eq!(names(By::Source), named(&[("b", 3), ("a", 1)]));
        let two = group(By::Answers).swap_remove(2);
        // "Ann" of "Ann" and "Cy.": F1 of words 2/3; spans: precision 1, recall 1/2.
        assert!((two.f1 - 200.0 / 3.0).abs() < 1e-9 && two.em == 0.0 && (two.span_f1 - 200.0 / 3.0).abs() < 1e-9);
        assert!((two.overlap_f1 - two.span_f1).abs() < 1e-9 && two.token_loss > 5.0);
        let none = group(By::Answers).swap_remove(0);
        assert_eq!((none.em, none.span_f1), (0.0, 0.0));
    }

    #[test]
    fn names_are_those_of_the_json() {
        for by in By::ALL {
            assert_eq!(serde_json::to_value(by).unwrap(), by.name());
        }
    }
}
