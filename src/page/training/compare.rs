//! Head only against joint: the same labels, the same number of steps, each from the shipped weights.

use std::fmt::Write;

use crate::display::format::fixed;
use crate::inference::learning::{Mode, StepReport};
use crate::locale::LearningStrings;

use super::held_out::{Answered, summary};
use super::session::Action;
use super::views::{Line, chart, losses};

/// Steps of each.
pub const STEPS: usize = 10;

/// What one of them came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Which parameters moved.
    pub mode: Mode,
    /// Its steps.
    pub reports: Vec<StepReport>,
    /// The other questions after them.
    pub held_out: Vec<Answered>,
}

/// What has to be done, in order; the joint steps stay.
pub fn script() -> Vec<Action> {
    let mut script = vec![Action::Reset, Action::CheckFirst];
    for mode in [Mode::Head, Mode::Joint] {
        script.push(Action::Reset);
        script.extend([Action::Step(Some(mode)); STEPS]);
        script.extend([Action::Check, Action::Keep(mode)]);
    }
    script.push(Action::Read);
    script
}

/// Of its line and its key.
fn class(mode: Mode) -> &'static str {
    if mode == Mode::Head { "head-only" } else { "joint" }
}

/// Both curves and what else differs.
pub fn table(runs: &[Run], shipped: &[Answered], words: &LearningStrings) -> String {
    let Some(first) = runs.first().and_then(|run| run.reports.first()) else { return String::new() };
    let name = |mode: Mode| if mode == Mode::Head { words.head } else { words.joint };
    let line = |run: &Run| Line { class: class(run.mode), losses: losses(&run.reports).0 };
    let lines: Vec<Line> = runs.iter().map(line).collect();
    let mut html = format!(
        r#"<figure class="curve">{}<figcaption class="small soft">"#,
        chart(&lines, first.entropy, words.curve)
    );
    for run in runs {
        let _ = write!(html, r#"<span class="key {}">{}</span> "#, class(run.mode), name(run.mode));
    }
    let _ = write!(html, "<i>H</i> = {}</figcaption></figure>", fixed(first.entropy, 3));
    html += r#"<table class="numbers" data-testid="compared"><thead><tr><th></th>"#;
    for run in runs {
        let _ = write!(html, "<th>{}</th>", name(run.mode));
    }
    html += "</tr></thead><tbody>";
    let mut row = |label: &str, cell: &dyn Fn(&Run) -> String| {
        let _ = write!(html, "<tr><th>{label}</th>");
        for run in runs {
            let _ = write!(html, "<td class=\"num\">{}</td>", cell(run));
        }
        html += "</tr>";
    };
    row(words.compare_loss, &|run| {
        let (losses, _) = losses(&run.reports);
        format!("{} → {}", fixed(losses[0], 3), fixed(losses[losses.len() - 1], 3))
    });
    row(words.compare_kl, &|run| {
        let (before, after) =
            (first.loss_before - first.entropy, run.reports.last().map_or(f64::NAN, |r| r.loss_after) - first.entropy);
        format!("{} %", fixed(100.0 * (1.0 - after / before), 1))
    });
    // The norms of single steps add up to more than the way from first to last; as a measure of how much moved they will do.
    let moved = |run: &Run, part: fn(&str) -> bool| {
        let norm = |r: &StepReport| {
            r.update_norms.iter().filter(|(name, _)| part(name)).map(|(_, n)| n * n).sum::<f64>().sqrt()
        };
        // A sum of nothing is -0.
        format!("{:.2e}", run.reports.iter().map(norm).sum::<f64>().abs())
    };
    row(words.compare_head, &|run| moved(run, |name| name.starts_with("classifier")));
    row(words.compare_bert, &|run| moved(run, |name| !name.starts_with("classifier")));
    row(words.compare_changed, &|run| format!("{} / {}", summary(shipped, &run.held_out).0, shipped.len()));
    row(words.compare_others, &|run| {
        let (_, before, after) = summary(shipped, &run.held_out);
        format!("{} → {}", fixed(before, 3), fixed(after, 3))
    });
    row(words.compare_time, &|run| {
        let time: f64 = run.reports.iter().map(|r| r.milliseconds).sum();
        format!("{} ms", fixed(time / run.reports.len().max(1) as f64, 1))
    });
    html + "</tbody></table>"
}
