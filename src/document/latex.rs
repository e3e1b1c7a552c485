//! The loss as a derivation in LaTeX, with this paragraph's numbers: the formula, the largest terms written out, the sum,
//! its split, and the 1-hot form where every t_i is 1-hot. Of a class also the agreement, question by question.

use std::fmt::Write;

use super::Against;
use super::Document;
use crate::bio::{self, Dist, Label};
use crate::error::Error;
use crate::inference::Analysis;
use crate::metrics::agreement;

/// Terms that are written out; the others are summed.
const WRITTEN: usize = 6;

/// The derivation, for a document that loads `amsmath`; before it, as comments, lines about it and the question. `None` where nobody
/// has labelled.
///
/// # Errors
/// [`Error::Gold`] when the labels do not fit the tokens.
pub fn derivation(
    about: &[&str],
    document: &Document,
    paragraph: &str,
    analysis: &Analysis,
) -> Result<Option<String>, Error> {
    let Some(against) = Against::new(document, paragraph, analysis)? else { return Ok(None) };
    let loss = &against.loss;
    let count = analysis.paragraph_tokens;
    let one_hot = against.t.iter().all(|t| t.contains(&1.0));
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| loss.terms[b].total_cmp(&loss.terms[a]));
    let rest: f64 = order.iter().skip(WRITTEN).map(|&i| loss.terms[i]).sum();
    order.truncate(WRITTEN);
    order.sort_unstable();

    let mut out = comments(about) + &comments(&[&document.question]) + "\\begin{align*}\n";
    let _ = writeln!(
        out,
        "L &= -\\sum_{{i=1}}^{{N_P}} \\sum_{{j\\in\\{{B,I,O\\}}}} t_{{ij}} \\log p_{{ij}}, \\qquad N_P = {count}\\\\"
    );
    if one_hot {
        out += "  &= -\\sum_{i=1}^{N_P} \\log p_{i,r(i)} && \\text{every $t_i$ is 1-hot: } t_{ij} = 1 \\text{ for } j = r(i), \\text{ else } 0\\\\\n";
    }
    let terms: Vec<String> = order.iter().map(|&i| term(i, &against.t[i], &analysis.tokens[i].logits)).collect();
    let _ = write!(out, "  &= {}", terms.join("\\\\\n  &\\quad + "));
    if count > WRITTEN {
        let _ = write!(out, "\\\\\n  &\\quad + {rest:.6} && \\text{{the other {} tokens}}", count - WRITTEN);
    }
    let _ = writeln!(out, "\\\\\n  &= {:.6}\\ \\text{{nats}}\\\\", loss.total);
    let _ = writeln!(
        out,
        "  &= H(t) + \\mathrm{{KL}}(t\\,\\|\\,p) = {:.6} + {:.6}\n\\end{{align*}}",
        loss.entropy, loss.kl
    );
    for &i in &order {
        let _ = writeln!(out, "% token {}: {}", i + 1, comment(&analysis.tokens[i].text));
    }
    Ok(Some(out))
}

/// A class's questions for a document that loads `amsmath`: a table of the agreement and of L, then every question's derivation;
/// before it, as comments, lines about the whole.
///
/// # Errors
/// As [`derivation`].
pub fn class(about: &[&str], questions: &[(Document, Analysis)]) -> Result<String, Error> {
    let mut out = comments(about);
    out += "\\begin{tabular}{rp{0.4\\textwidth}rrrrrrr}\n";
    out += "  & Question & $n$ & agree & $\\kappa$ & $\\alpha$ & $L$ & $H(t)$ & KL\\\\\n  \\hline\n";
    for (number, (document, analysis)) in questions.iter().enumerate() {
        let against = Against::new(document, &document.paragraph, analysis)?;
        let found = against.as_ref().and_then(|a| agreement(&a.labels));
        let kappa = found.and_then(|f| f.cohen.or(f.fleiss));
        let figures = [found.map(|f| f.observed), kappa, found.and_then(|f| f.alpha)];
        let losses = against.as_ref().map_or([None; 3], |a| [a.loss.total, a.loss.entropy, a.loss.kl].map(Some));
        // Undefined where all give one label only, and where nobody has labelled.
        let shown = |value: Option<f64>, decimals: usize| match value {
            Some(value) => format!("${value:.decimals$}$"),
            None => "--".into(),
        };
        let cells = figures.map(|f| shown(f, 3)).into_iter().chain(losses.map(|l| shown(l, 4)));
        let cells: Vec<String> = cells.collect();
        let (asked, students) = (plain(&document.question), document.annotators.len());
        let _ = writeln!(out, "  {} & {asked} & {students} & {}\\\\", number + 1, cells.join(" & "));
    }
    out += "\\end{tabular}\n";
    for (number, (document, analysis)) in questions.iter().enumerate() {
        if let Some(lines) = derivation(&[], document, &document.paragraph, analysis)? {
            let _ = write!(out, "\n\\paragraph{{{}. {}}}\n{lines}", number + 1, plain(&document.question));
        }
    }
    Ok(out)
}

/// A text in which nothing is a command.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in comment(text).chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out += "\\textbackslash{}",
            '~' => out += "\\textasciitilde{}",
            '^' => out += "\\textasciicircum{}",
            c => out.push(c),
        }
    }
    out
}

/// `-(2/3 log p_B + 1/3 log p_O)` of one token.
fn term(i: usize, t: &Dist, z: &bio::Logits) -> String {
    let p = bio::softmax(z);
    let parts: Vec<String> = Label::ALL
        .into_iter()
        .map(Label::index)
        .filter(|&j| t[j] > 0.0)
        .map(|j| {
            let factor = if t[j] == 1.0 { String::new() } else { format!("{}\\,", share(t[j])) };
            format!("{factor}\\log {}", number(p[j]))
        })
        .collect();
    format!("\\underbrace{{-({})}}_{{i={}}}", parts.join(" + "), i + 1)
}

/// A share as the fraction that it is.
fn share(t: f64) -> String {
    match bio::fraction(t) {
        Some((top, bottom)) => format!("\\tfrac{{{top}}}{{{bottom}}}"),
        None => format!("{t:.6}"),
    }
}

/// Six digits that count.
fn number(p: f64) -> String {
    if p >= 1e-3 {
        return format!("{p:.6}");
    }
    let text = format!("{p:.5e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("({digits}\\cdot 10^{{{exponent}}})")
}

/// Lines that TeX passes over.
fn comments(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("% {}\n", comment(line))).collect()
}

/// A text that stays within its comment.
fn comment(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::fixture::{PARAGRAPH, made};

    #[test]
    fn the_exercise_written_out() {
        let (document, analysis) = made();
        let text = derivation(&["Tiny_128\n\\begin"], &document, PARAGRAPH, &analysis).unwrap().unwrap();
        assert!(text.contains("\\tfrac{2}{3}\\,\\log 0.8") && text.contains("\\tfrac{1}{3}\\,\\log 0.0"), "{text}");
        assert!(text.starts_with("% Tiny_128 \\begin\n% "), "{text}");
        assert!(text.contains("N_P = 5") && !text.contains("r(i)") && !text.contains("other"), "{text}");
        assert_eq!(text.matches("\\underbrace").count(), 5);
        assert_eq!(text.matches('{').count(), text.matches('}').count());
    }

    #[test]
    fn nothing_in_a_text_is_a_command() {
        assert_eq!(plain("50 % of \\x_y^2"), "50 \\% of \\textbackslash{}x\\_y\\textasciicircum{}2");
    }

    #[test]
    fn a_class_is_a_table_and_its_derivations() {
        let (mut document, analysis) = made();
        document.question = r"50% \ of_what {x}?".into();
        let mut nobody = document.clone();
        nobody.annotators.clear();
        let text =
            class(&["Songs\n\\end", "By minilm-l6."], &[(document, analysis.clone()), (nobody, analysis)]).unwrap();
        assert!(text.starts_with("% Songs \\end\n% By minilm-l6.\n\\begin{tabular}"), "{text}");
        assert!(text.contains(r"1 & 50\% \textbackslash{} of\_what \{x\}? & 3 & $0.867$ & "), "{text}");
        assert!(text.contains(r"? & 0 & -- & -- & -- & -- & -- & --\\"), "{text}");
        assert_eq!(text.matches("\\begin{align*}").count(), 1, "there is nothing to derive without labels");
        assert_eq!(text.matches('{').count(), text.matches('}').count());
    }

    #[test]
    fn one_hot_labels_simplify() {
        let (mut document, analysis) = made();
        document.annotators.truncate(2);
        let text = derivation(&[], &document, PARAGRAPH, &analysis).unwrap().unwrap();
        assert!(text.contains("r(i)") && !text.contains("tfrac"), "{text}");
        document.annotators.clear();
        assert_eq!(derivation(&[], &document, PARAGRAPH, &analysis).unwrap(), None);
    }
}
