//! `bioscope analyse`: one question, one paragraph, as a table or as JSON.

use std::fmt::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;

use super::output::{print, say};
use super::values::decoder;
use super::{Done, Stop, load, read_json};
use crate::bio::{Decoder, Loss, softmax};
use crate::display::format::power;
use crate::document::gold::Gold;
use crate::error::Error;
use crate::inference::{Analysis, ModelOutput};
use crate::model::Reference;

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder
    #[arg(long)]
    model: PathBuf,
    /// The question
    #[arg(long, allow_hyphen_values = true)]
    question: String,
    /// The paragraph
    #[arg(long, allow_hyphen_values = true)]
    paragraph: String,
    /// JSON file with gold labels, as the JavaScript API takes them (offsets in UTF-16 code units)
    #[arg(long)]
    gold: Option<PathBuf>,
    /// viterbi, one or greedy
    #[arg(long, default_value = "viterbi", value_parser = decoder)]
    decode: Decoder,
    /// Compute by candle-transformers' BERT in f32 instead of this program's own layers, and say how far apart the two are
    #[arg(long)]
    reference: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    analysis: &'a Analysis,
    #[serde(skip_serializing_if = "Option::is_none")]
    loss: Option<&'a Loss>,
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    let gold = match &options.gold {
        Some(path) => {
            let named = |error: Error| Stop::Input(format!("{}: {error}", path.display()));
            let text = String::from_utf8(read_json(path)?)
                .map_err(|e| Stop::Input(format!("{}: it is not UTF-8 ({e})", path.display())))?;
            Some((Gold::from_json(&text).map_err(named)?, path))
        }
        None => None,
    };
    let engine = load(&options.model)?;
    let (mut output, _) = engine.analyse(&options.question, &options.paragraph)?;
    if options.reference {
        let reference = Reference::load(&engine.model().config, engine.checkpoint())?;
        let (by, _) = engine.analyse_by(&reference, &options.question, &options.paragraph)?;
        let p = |output: &ModelOutput| output.tokens.iter().flat_map(|t| softmax(&t.logits)).collect::<Vec<_>>();
        let apart = p(&output).iter().zip(p(&by)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        say(&format!("the engine's own p differ from these by at most {apart:.6}"));
        output = by;
    }
    let clock = Instant::now();
    let mut analysis = Analysis::new(&options.paragraph, output, options.decode);
    analysis.milliseconds.decode = crate::inference::milliseconds(clock);
    let loss = match gold {
        Some((gold, path)) => {
            Some(gold.loss(&analysis).map_err(|error| Stop::Input(format!("{}: {error}", path.display())))?)
        }
        None => None,
    };
    if options.json {
        let report = Report { analysis: &analysis, loss: loss.as_ref() };
        print(&format!("{}\n", serde_json::to_string(&report).map_err(|e| Stop::Other(e.to_string()))?))?;
    } else {
        print(&table(&analysis, loss.as_ref()).map_err(|e| Stop::Other(e.to_string()))?)?;
    }
    Ok(Done::All)
}

/// A text in quotes, in one line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\r', "\\r").replace('\n', "\\n"))
}

/// Four decimals, very small ones in powers of ten: beside a finite term no p is 0.
fn probability(p: f64) -> String {
    if p > 0.0 && p < 5e-5 { power(p, 1) } else { format!("{p:.4}") }
}

fn table(analysis: &Analysis, loss: Option<&Loss>) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let cut = if analysis.question_truncated { " (the question is longer, and cut there)" } else { "" };
    writeln!(out, "N_Q = {}{cut}, N_P = {}", analysis.question_tokens, analysis.paragraph_tokens)?;
    if analysis.answers.is_empty() {
        writeln!(out, "No answer: P(no answer) = {}", probability(analysis.no_answer))?;
        for answer in &analysis.alternatives {
            writeln!(out, "  perhaps {}, score {:.3}", quoted(&answer.text), answer.score)?;
        }
    }
    for answer in &analysis.answers {
        writeln!(out, "Answer: {}, score {:.3}", quoted(&answer.text), answer.score)?;
    }
    if analysis.decode == Decoder::Viterbi && analysis.b_bias != 0.0 {
        writeln!(out, "viterbi adds {:+} to every log p_B: the model's own bias", analysis.b_bias)?;
    }
    if !analysis.repaired.is_empty() {
        let places: Vec<String> = analysis.repaired.iter().map(|i| (i + 1).to_string()).collect();
        writeln!(out, "Repaired, an I that follows no B or I made a B: token {}", places.join(", "))?;
    }
    write!(out, "\n  i  label       p_B       p_I       p_O")?;
    write!(out, "{}", if loss.is_some() { "     t_B     t_I     t_O    term" } else { "" })?;
    writeln!(out, "  token")?;
    for (i, token) in analysis.tokens.iter().enumerate() {
        let [b, inside, o] = token.p.map(probability);
        write!(out, "{:>3}  {:<5} {b:>9} {inside:>9} {o:>9}", i + 1, token.label.letter())?;
        if let Some(loss) = loss {
            let [b, inside, o] = loss.gold[i];
            write!(out, " {b:>7.4} {inside:>7.4} {o:>7.4} {:>7.4}", loss.terms[i])?;
        }
        writeln!(out, "  {}", token.text)?;
    }
    if let Some(loss) = loss {
        writeln!(out, "\nL = {:.6} nats = H(t) {:.6} + KL(t||p) {:.6}", loss.total, loss.entropy, loss.kl)?;
    }
    Ok(out)
}
