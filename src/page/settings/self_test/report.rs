//! The report: a text that can be sent to whoever asks, in English. Nothing of the user's text is in it.

use std::fmt::Write;

use crate::display::format::fixed;
use crate::locale::EN;
use crate::self_test::{Row, State, TokenDifference};

/// The report on these tests. `facts` are lines about page, model and browser.
pub(crate) fn text(rows: &[Row], facts: &[(&'static str, String)], differences: &[TokenDifference]) -> String {
    let words = &EN.self_test;
    let count = |state: State| rows.iter().filter(|row| row.state == state).count();
    let verdict = words.verdict(count(State::Passed), count(State::Failed), count(State::Skipped));
    let mut out = format!("Bioscope, self-test: {verdict}\n\n");
    for row in rows {
        let detail = match &row.found {
            None => String::new(),
            Some(Ok(found)) => words.found(found),
            Some(Err(why)) => words.why(why),
        };
        let _ = writeln!(out, "[{}] {} ({}): {detail}", row.state.name(), words.title(row.test), row.test.name());
    }
    out.push('\n');
    for (name, value) in facts {
        let _ = writeln!(out, "{name}: {value}");
    }
    if !differences.is_empty() {
        out += "\ntoken  max |p_int8 - p_f32|  KL(p_f32 || p_int8)  label int8/f32\n";
        for (i, t) in differences.iter().enumerate() {
            let (int8, f32) = (t.labels.0.letter(), t.labels.1.letter());
            let _ = writeln!(out, "{i:5}  {:20}  {:19.3e}  {int8}/{f32}", fixed(t.p, 6), t.kl);
        }
    }
    out
}
