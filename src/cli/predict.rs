//! `bioscope predict`: answers in SQuAD's prediction format, `{question id: answer text}`.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use super::{Stop, check, decoder, load, of_question, progress, say_truncated, write};
use crate::bio::Decoder;
use crate::dataset::{self, Instance};
use crate::metrics::evaluate::{self, Choice, Outcome};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder
    #[arg(long)]
    model: PathBuf,
    /// SQuAD v1.1 or v2.0 JSON, or QAMR-style JSON lines
    #[arg(long)]
    input: PathBuf,
    /// File to write
    #[arg(long)]
    output: PathBuf,
    /// one, viterbi or greedy
    #[arg(long, default_value = "one", value_parser = decoder)]
    decode: Decoder,
    /// Answer "" when the best score is below this
    #[arg(long, allow_hyphen_values = true)]
    no_answer_threshold: Option<f64>,
}

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let instances = dataset::read(&options.input)?;
    distinct(&instances).map_err(|why| Stop::Input(format!("{}, {why}", options.input.display())))?;
    let engine = load(&options.model)?;
    check(engine.text(), &instances, &options.input)?;
    let choice = Choice {
        decoder: options.decode,
        no_answer_threshold: options.no_answer_threshold,
        max_answer_tokens: None,
        b_bias: None,
    };
    let bar = progress(instances.len());
    let outcomes = evaluate::each(&instances, || bar.inc(1), |instance| evaluate::run(&engine, instance, choice));
    bar.finish_and_clear();
    let outcomes = outcomes.map_err(of_question(&options.input))?;
    let ids = instances.iter().map(|i| i.id.as_str());
    let predictions: BTreeMap<&str, &str> = ids.zip(outcomes.iter().map(Outcome::answer)).collect();
    let json = serde_json::to_vec_pretty(&predictions).map_err(|e| Stop::Other(e.to_string()))?;
    write(&options.output, &json)?;
    eprintln!("{} answers in {}", predictions.len(), options.output.display());
    say_truncated(evaluate::truncated(&outcomes), instances.len());
    Ok(())
}

/// Predictions are written by question id: two questions with one id would lose an answer.
fn distinct(instances: &[Instance]) -> Result<(), String> {
    let mut seen = HashSet::new();
    match instances.iter().find(|instance| !seen.insert(&instance.id)) {
        Some(again) => Err(format!("question {}: an earlier question has the same id", again.id)),
        None => Ok(()),
    }
}
