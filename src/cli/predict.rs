//! `bioscope predict`: answers in SQuAD's prediction format, `{question id: answer text}`.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use super::data::{Reading, Skipped};
use super::output::{Output, say};
use super::values::{NoAnswer, decoder};
use super::{Done, Stop, load, of_question, progress, say_truncated};
use crate::bio::Decoder;
use crate::dataset::{Place, Record};
use crate::metrics::evaluate::{self, Choice, Outcome};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder
    #[arg(long)]
    model: PathBuf,
    /// Questions in any format; - is standard input
    #[arg(long)]
    input: PathBuf,
    /// File to write; - is standard output
    #[arg(long)]
    output: PathBuf,
    /// one, viterbi or greedy
    #[arg(long, default_value = "one", value_parser = decoder)]
    decode: Decoder,
    #[command(flatten)]
    no_answer: NoAnswer,
    #[command(flatten)]
    reading: Reading,
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    if options.no_answer.no_answer_by.is_some() && options.no_answer.no_answer_threshold.is_none() {
        return Err(Stop::Input("--no-answer-by is for --no-answer-threshold".into()));
    }
    let output = Output::new(&options.output)?;
    let engine = load(&options.model)?;
    let mut skipped = Skipped::default();
    let records = options.reading.open(&options.input, &mut skipped)?.records;
    distinct(&records).map_err(|why| Stop::Input(format!("{}: {why}", options.input.display())))?;
    let instances = options.reading.fitting(records, &options.input, false, engine.text(), &mut skipped)?;
    if instances.is_empty() {
        return Err(Stop::Input(format!("{}: no question is left to answer", options.input.display())));
    }
    let choice = Choice {
        decoder: options.decode,
        no_answer_threshold: options.no_answer.no_answer_threshold,
        no_answer_by: options.no_answer.no_answer_by.unwrap_or_default(),
        ..Choice::default()
    };
    let bar = progress(instances.len());
    let outcomes = evaluate::each(&instances, || bar.inc(1), |instance| evaluate::run(&engine, instance, choice));
    bar.finish_and_clear();
    let outcomes = outcomes.map_err(of_question(&options.input))?;
    let ids = instances.iter().map(|i| i.id.as_str());
    let predictions: BTreeMap<&str, &str> = ids.zip(outcomes.iter().map(Outcome::answer)).collect();
    let json = serde_json::to_vec_pretty(&predictions).map_err(|e| Stop::Other(e.to_string()))?;
    let name = output.name().to_owned();
    output.write(&[&json[..], b"\n"].concat())?;
    say(&format!("{} answers in {name}", predictions.len()));
    say_truncated(evaluate::truncated(&outcomes), instances.len());
    Ok(skipped.done())
}

/// Predictions are written by question id: two questions with one id would lose an answer.
fn distinct(records: &[Record]) -> Result<(), String> {
    let mut seen: HashMap<&str, (usize, &Place)> = HashMap::new();
    for (number, record) in records.iter().enumerate() {
        if let Some((first, place)) = seen.insert(&record.id, (number, &record.place)) {
            let (here, number, first) = (&record.place, number + 1, first + 1);
            let both = format!("the {first}. and the {number}. record ({place}; {here})");
            return Err(format!("question {}: {both} have the same id, so one answer would be lost", record.id));
        }
    }
    Ok(())
}
