//! `bioscope label`: a model's answers as pre-annotations, to be corrected in doccano, Label Studio, Prodigy, ….

use std::path::PathBuf;

use super::convert::Target;
use super::data::{Reading, Skipped};
use super::{Done, Stop, load, of_question, progress, say_truncated};
use crate::bio::{self, Decoder, Span};
use crate::dataset::{Annotator, Dataset, Format};
use crate::error::Error;
use crate::inference::{Analysis, Engine};
use crate::metrics::evaluate;
use crate::tokenize::Offsets;

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder
    #[arg(long)]
    model: PathBuf,
    /// Data of any format; labels that it holds are replaced. - is standard input
    #[arg(long)]
    input: PathBuf,
    /// File to write, for brat and webanno a folder; - is standard output
    #[arg(long)]
    output: PathBuf,
    /// Format to write [default: told by the output's ending; .parquet holds hf-qa or hf-tokens]
    #[arg(long)]
    format: Option<Format>,
    #[command(flatten)]
    reading: Reading,
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    let target = Target::new(&options.output, "--format", options.format)?;
    let engine = load(&options.model)?;
    let mut skipped = Skipped::default();
    let mut dataset = options.reading.open(&options.input, &mut skipped)?;
    for record in &mut dataset.records {
        record.annotators.clear();
        record.soft.clear();
        (record.confidence, record.agrees) = (None, None);
    }
    let instances =
        options.reading.fitting(dataset.records.clone(), &options.input, false, engine.text(), &mut skipped)?;
    if instances.is_empty() {
        return Err(Stop::Input(format!("{}: no record is left to label", options.input.display())));
    }
    let name = &*engine.info().model;
    let bar = progress(instances.len());
    let labelled = evaluate::each(&instances, || bar.inc(1), |i| answers(&engine, &i.question, &i.context, name));
    bar.finish_and_clear();
    let labelled = labelled.map_err(of_question(&options.input))?;
    // The records that could be asked, in order: each instance is one of them.
    let mut asked = instances.iter().zip(labelled).peekable();
    let mut truncated = 0;
    dataset.records.retain_mut(|record| {
        let next =
            asked.next_if(|(i, _)| i.id == record.id && i.context == record.context && i.question == record.question);
        let Some((_, (annotator, cut))) = next else { return false };
        truncated += usize::from(cut);
        record.annotators = vec![annotator];
        true
    });
    let dataset = Dataset { problems: Vec::new(), notices: Vec::new(), ..dataset };
    target.write(&dataset)?;
    say_truncated(truncated, dataset.records.len());
    Ok(skipped.done())
}

/// The spans that `viterbi` reads, each with the probability of its labels, and whether the question was cut.
fn answers(engine: &Engine, question: &str, context: &str, model: &str) -> Result<(Annotator, bool), Error> {
    let (reading, _) = engine.analyse(question, context)?;
    let cut = reading.question_truncated;
    let analysis = Analysis::new(context, reading, Decoder::Viterbi);
    let log_p: Vec<_> = analysis.logits().iter().map(bio::log_softmax).collect();
    let offsets = Offsets::new(context);
    let point = |unit: usize| offsets.code_point_of_utf16(unit).expect("tokens begin and end between characters");
    let mut found: Vec<(Span, f64)> = analysis
        .answers
        .iter()
        .map(|answer| {
            let inside: f64 = log_p[answer.first + 1..answer.last].iter().map(|row| row[1]).sum();
            let span = Span { start: point(answer.start), end: point(answer.end) };
            (span, (log_p[answer.first][0] + inside).exp())
        })
        .collect();
    found.sort_by_key(|(span, _)| *span);
    let (spans, scores) = found.into_iter().unzip();
    Ok((Annotator { scores, ..Annotator::new(model, spans) }, cut))
}
