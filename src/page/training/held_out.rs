//! Questions that nothing is learned from: what learning does to them is what it does to everything else.

use std::fmt::Write;

use crate::bio::Decoder;
use crate::display::format::{escape, fixed};
use crate::inference::{Analysis, ModelOutput};
use crate::locale::LearningStrings;
use crate::page::state::examples::{self, Example};

/// How many there are.
const COUNT: usize = 6;
/// Longer paragraphs would take longer than they teach.
const LONGEST: usize = 700;

/// One of them as a model answers it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    example: &'static Example,
    /// The best answer of the default decoder; none: no answer.
    answer: Option<String>,
    /// L against the example's gold labels.
    loss: f64,
}

impl Answered {
    /// Question and paragraph.
    pub fn text(&self) -> (String, String) {
        (self.example.question.clone(), self.example.paragraph.clone())
    }
}

/// Examples that are not about this paragraph.
pub fn choose(paragraph: &str) -> Vec<(String, String)> {
    let fits = |e: &&Example| e.paragraph != paragraph && e.paragraph.len() <= LONGEST && !e.annotators.is_empty();
    examples::all().iter().filter(fits).take(COUNT).map(|e| (e.question.clone(), e.paragraph.clone())).collect()
}

/// What was read in these texts.
pub fn answered(texts: &[(String, String)], outputs: Vec<ModelOutput>) -> Vec<Answered> {
    let one = |((question, paragraph), output): (&(String, String), ModelOutput)| {
        let example = examples::all().iter().find(|e| e.question == *question && e.paragraph == *paragraph)?;
        let analysis = Analysis::new(paragraph, output, Decoder::default());
        let loss = example.gold().loss(&analysis).ok()?.total;
        Some(Answered { example, answer: analysis.answers.first().map(|a| a.text.clone()), loss })
    };
    texts.iter().zip(outputs).filter_map(one).collect()
}

/// How many answers differ, and the mean of L before and after.
pub fn summary(shipped: &[Answered], now: &[Answered]) -> (usize, f64, f64) {
    let changed = shipped.iter().zip(now).filter(|(a, b)| a.answer != b.answer).count();
    let mean = |all: &[Answered]| all.iter().map(|a| a.loss).sum::<f64>() / all.len().max(1) as f64;
    (changed, mean(shipped), mean(now))
}

/// Both side by side.
pub fn table(shipped: &[Answered], now: &[Answered], words: &LearningStrings) -> String {
    let (changed, before, after) = summary(shipped, now);
    let mut html = format!(
        r#"<p data-testid="held-out" data-changed="{changed}" data-before="{before}" data-after="{after}">{}</p>"#,
        words.held_out_summary(changed, shipped.len(), fixed(before, 3), fixed(after, 3))
    );
    let _ = write!(
        html,
        r#"<table class="numbers"><thead><tr><th>{}</th><th>{}</th><th>{}</th><th><i>L</i></th></tr></thead><tbody>"#,
        words.other_question, words.answer_before, words.answer_now
    );
    let said = |answer: &Option<String>| answer.as_deref().map_or_else(|| words.no_answer.to_string(), escape);
    for (a, b) in shipped.iter().zip(now) {
        let class = if a.answer == b.answer { "" } else { r#" class="strong""# };
        let _ = write!(
            html,
            "<tr><th>{}</th><td>{}</td><td{class}>{}</td><td class=\"num\">{} → {}</td></tr>",
            escape(&a.example.question),
            said(&a.answer),
            said(&b.answer),
            fixed(a.loss, 3),
            fixed(b.loss, 3)
        );
    }
    html + "</tbody></table>"
}
