//! The report for people: one small table per question that one may have about a model.

use std::fmt::Write;
use std::path::Path;

use super::table::table;
use crate::metrics::evaluate::{
    BiasRow, By, ClassCalibration, Comparison, CurvePoint, Grouping, HeldOut, LengthScores, NoAnswer, Report,
    SeveralAnswers, SpanScores,
};
use crate::metrics::{SeqEval, SpanRates};

/// The whole report. `model` and `baseline` are the folders, named by their last part.
pub(super) fn report(report: &Report, model: &Path, baseline: Option<&Path>) -> String {
    let name = |path: &Path| path.file_name().map_or_else(|| path.display().to_string(), |n| n.display().to_string());
    let (model, other) = (name(model), baseline.map(name).unwrap_or_default());
    let mut out = main(report, &model, &other);
    let mut part = |title: &str, body: String| write!(out, "\n{title}\n{body}").expect("a string takes it");
    part("Loss per question, in nats: L = H(t) + KL(t || p)", losses(report, &other));
    part("Whole spans by viterbi, exact matches", spans(report));
    part("The same as MultiSpanQA counts them: sets of normalised texts", multi_span(report));
    part("The same as seqeval counts them: strict IOB2 against the first annotator", seqeval(&report.seqeval));
    if !report.b_biases.is_empty() {
        part("By the bias on B, in nats", biases(&report.b_biases));
    }
    for grouping in &report.by {
        let title = match grouping.by {
            By::Wh => "By what the question asks for",
            By::Answers => "By number of answers",
            By::Source => "By file",
        };
        part(title, kinds(grouping));
    }
    part("By length of the annotators' answers, in tokens", lengths(&report.by_length));
    if let Some(no_answer) = &report.no_answer {
        let title = format!(
            "Answers withheld below a {}: {} of {} questions have none",
            no_answer.by.words(),
            no_answer.unanswerable,
            report.scores.questions
        );
        part(&title, thresholds(no_answer));
        if let Some(h) = &no_answer.held_out {
            let title = format!("Chosen on {} of the questions, measured on the other {}", h.chosen_on, h.questions);
            part(&title, held_out(h));
        }
    }
    part("Calibration: tokens by their p; mean p beside mean t", calibration(&report.calibration));
    out
}

fn two(x: f64) -> String {
    format!("{x:.2}")
}

fn three(x: f64) -> String {
    format!("{x:.3}")
}

fn main(report: &Report, model: &str, other: &str) -> String {
    let row = |name: &str, [em, f1, loss, accuracy, b, i]: [f64; 6]| {
        vec![name.to_owned(), two(em), two(f1), three(loss), two(accuracy), two(b), two(i)]
    };
    let scores = |s: &crate::metrics::evaluate::Scores| [s.em, s.f1, s.token_loss, s.accuracy, s.b.f1, s.i.f1];
    let mut rows = vec![row(model, scores(&report.scores))];
    rows.extend(report.baseline.iter().map(|other_scores| row(other, scores(&other_scores.scores))));
    let o = &report.all_o;
    rows.push(row("all-O", [o.em, o.f1, o.token_loss, o.accuracy, o.b_f1, o.i_f1]));
    let mut out = table(&["", "EM", "F1", "loss", "accuracy", "B F1", "I F1"], &rows);
    let (b, i) = (report.scores.b, report.scores.i);
    let rates = |name: &str, r: crate::metrics::evaluate::Rates| {
        format!("{name} precision {:.2}, recall {:.2}", r.precision, r.recall)
    };
    writeln!(out, "{}; {}", rates("B", b), rates("I", i)).expect("a string takes it");
    if let Some(Comparison { difference: d, .. }) = &report.baseline {
        let (f1, loss) =
            (format!("{:+.2} ± {:.2}", d.f1, d.f1_error), format!("{:+.3} ± {:.3}", d.token_loss, d.token_loss_error));
        writeln!(out, "{model} minus {other}: F1 {f1}, loss {loss} (± one standard error)").expect("a string takes it");
    }
    out
}

fn losses(report: &Report, other: &str) -> String {
    let (s, split) = (&report.scores, &report.by_agreement);
    let theirs = report.baseline.as_ref();
    let mut rows = Vec::new();
    let mut row = |name: &str, questions: usize, [loss, h, kl]: [f64; 3], their: Option<f64>| {
        let mut row = vec![name.to_owned(), questions.to_string(), three(loss), three(h), three(kl)];
        row.extend(their.map(three));
        rows.push(row);
    };
    row("all", s.questions, [s.token_loss, s.entropy, s.kl], theirs.map(|c| c.scores.token_loss));
    let pick = |c: &Comparison, agreed: bool| if agreed { c.by_agreement.agreed } else { c.by_agreement.disputed };
    for (name, part, agreed) in
        [("annotators agree", split.agreed, true), ("annotators disagree", split.disputed, false)]
    {
        if let Some(m) = part {
            let their = theirs.and_then(|c| pick(c, agreed)).map(|m| m.token_loss);
            row(name, m.questions, [m.token_loss, m.entropy, m.kl], their);
        }
    }
    let header = format!("L of {other}");
    let mut headers = vec!["", "questions", "L", "H(t)", "KL"];
    if theirs.is_some() {
        headers.push(&header);
    }
    table(&headers, &rows)
}

fn spans(report: &Report) -> String {
    let mut rows = Vec::new();
    let mut add = |name: &str, s: &SpanScores| {
        for (against, rates) in [("best annotator", s.best_annotator), ("mean annotator", s.mean_annotator)] {
            let [predicted, annotated] = [s.predicted, s.annotated].map(two);
            let [p, r, f1] = [rates.precision, rates.recall, rates.f1].map(two);
            rows.push(vec![format!("{name}, {against}"), s.questions.to_string(), predicted, annotated, p, r, f1]);
        }
    };
    report.spans.iter().for_each(|s| add("all questions", s));
    report.several_spans.iter().for_each(|s| add("several spans", s));
    table(&["", "questions", "marked", "annotated", "precision", "recall", "F1"], &rows)
}

/// seqeval's scores, from 0 to 1 as that package prints them.
pub(super) fn seqeval(scores: &SeqEval) -> String {
    let row = |name: &str, r: &SpanRates| {
        let [p, recall, f1] = [r.precision, r.recall, r.f1].map(|x| format!("{x:.4}"));
        vec![name.to_owned(), p, recall, f1, r.support.to_string()]
    };
    let mut rows: Vec<Vec<String>> = scores.kinds.iter().map(|(kind, r)| row(kind, r)).collect();
    for (name, r) in [("micro", &scores.micro), ("macro", &scores.macro_average), ("weighted", &scores.weighted)] {
        rows.push(row(name, r));
    }
    format!(
        "{}accuracy of tokens {:.4}\n",
        table(&["", "precision", "recall", "F1", "support"], &rows),
        scores.accuracy
    )
}

fn multi_span(report: &Report) -> String {
    let row = |name: &str, r: crate::metrics::evaluate::Rates| {
        vec![name.to_owned(), two(r.precision), two(r.recall), two(r.f1)]
    };
    let rows = [row("exact", report.multi_span.exact), row("overlap", report.multi_span.overlap)];
    let mut out = table(&["", "precision", "recall", "F1"], &rows);
    if let Some(SeveralAnswers { questions, all, some, none }) = report.several_answers {
        writeln!(out, "Of {questions} questions with several answers: finds all {all}, some {some}, none {none}")
            .expect("a string takes it");
    }
    if report.b_bias != 0.0 {
        writeln!(out, "With a bias of {} on log p_B", report.b_bias).expect("a string takes it");
    }
    out
}

fn biases(rows: &[BiasRow]) -> String {
    let row = |r: &BiasRow| {
        let [exact, overlap] = [r.multi_span.exact, r.multi_span.overlap];
        let all = r.all_found.map_or_else(|| "-".to_owned(), two);
        vec![
            two(r.b_bias),
            two(r.predicted),
            two(exact.precision),
            two(exact.recall),
            two(exact.f1),
            two(overlap.f1),
            all,
        ]
    };
    let headers = ["bias", "marked", "precision", "recall", "exact F1", "overlap F1", "% all found"];
    table(&headers, &rows.iter().map(row).collect::<Vec<_>>())
}

fn kinds(grouping: &Grouping) -> String {
    let row = |g: &crate::metrics::evaluate::Group| {
        let scores = [two(g.em), two(g.f1), two(g.span_f1), two(g.overlap_f1), three(g.token_loss)];
        [vec![g.kind.clone(), g.questions.to_string()], scores.to_vec()].concat()
    };
    let headers = ["", "questions", "EM", "F1", "span F1", "overlap F1", "loss"];
    table(&headers, &grouping.groups.iter().map(row).collect::<Vec<_>>())
}

fn held_out(h: &HeldOut) -> String {
    let row = |name: &str, threshold: String, answered: f64, f1: f64| {
        vec![name.to_owned(), threshold, two(answered), two(f1)]
    };
    let rows = [
        row("at the chosen threshold", three(h.threshold), h.answered, h.f1),
        row("always answer", String::new(), 100.0, h.f1_always),
        row("never answer", String::new(), 0.0, h.f1_never),
    ];
    let mut out = table(&["", "threshold", "% answered", "F1"], &rows);
    let [t, before, after] = [h.temperature, h.ece, h.ece_with_temperature].map(three);
    writeln!(out, "P(no answer): ECE {before}, with its log odds divided by {t} {after}").expect("a string takes it");
    out
}

fn lengths(groups: &[LengthScores]) -> String {
    let name = |g: &LengthScores| match (g.from, g.to) {
        (0, _) => "no answer".to_owned(),
        (from, None) => format!("{from} or more"),
        (from, Some(to)) if from == to => from.to_string(),
        (from, Some(to)) => format!("{from} to {to}"),
    };
    let row = |g: &LengthScores| {
        vec![name(g), g.questions.to_string(), two(g.em), two(g.f1), three(g.token_loss), two(g.predicted_tokens)]
    };
    table(&["", "questions", "EM", "F1", "loss", "given tokens"], &groups.iter().map(row).collect::<Vec<_>>())
}

fn thresholds(n: &NoAnswer) -> String {
    let row =
        |name: &str, p: &CurvePoint| vec![name.to_owned(), three(p.threshold), two(p.answered), two(p.em), two(p.f1)];
    let rows = [
        row("best F1", &n.best_f1),
        row("best EM", &n.best_em),
        row("at 0", &n.at_zero),
        row("always answer", &n.always),
        row("never answer", &n.never),
    ];
    table(&["", "threshold", "% answered", "EM", "F1"], &rows)
}

fn calibration(classes: &[ClassCalibration]) -> String {
    let cell = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), three);
    let bins = classes.first().map_or(0, |class| class.bins.len());
    let mut rows: Vec<Vec<String>> = (0..bins)
        .map(|k| {
            let edge = classes[0].bins[k];
            let mut row = vec![format!("{:.1} to {:.1}", edge.from, edge.to)];
            for class in classes {
                let bin = class.bins[k];
                row.extend([bin.tokens.to_string(), cell(bin.p), cell(bin.t)]);
            }
            row
        })
        .collect();
    let mut total = vec!["ECE".to_owned()];
    classes.iter().for_each(|class| total.extend([format!("{:.5}", class.ece), String::new(), String::new()]));
    let mut misplaced = vec!["per gold".to_owned()];
    classes.iter().for_each(|class| misplaced.extend([three(class.misplaced), String::new(), String::new()]));
    rows.extend([total, misplaced]);
    table(&["p", "B tokens", "p", "t", "I tokens", "p", "t", "O tokens", "p", "t"], &rows)
}
