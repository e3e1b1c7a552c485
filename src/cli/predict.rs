//! `bioscope predict`: answers in SQuAD's prediction format, `{question id: answer text}`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Stop, decoder, load, progress, write};
use crate::analysis::Analysis;
use crate::bio::Decoder;
use crate::data;
use crate::evaluate::{self, Choice};

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
    let instances = data::read(&options.input)?;
    let engine = load(&options.model)?;
    let choice =
        Choice { decoder: options.decode, no_answer_threshold: options.no_answer_threshold, max_answer_tokens: None };
    let bar = progress(instances.len());
    let answers = evaluate::each(
        &instances,
        || bar.inc(1),
        |instance| {
            let (reading, _) = engine.analyse(&instance.question, &instance.context)?;
            let analysis = Analysis::new(&instance.context, reading, choice.decoder);
            Ok(evaluate::choose(&analysis, &instance.context, choice))
        },
    );
    bar.finish_and_clear();
    let named = |(id, fault)| Stop::Input(format!("{}, question {id}: {fault}", options.input.display()));
    let answers = answers.map_err(named)?;
    let predictions: BTreeMap<&str, &String> = instances.iter().map(|i| i.id.as_str()).zip(&answers).collect();
    let json = serde_json::to_vec_pretty(&predictions).map_err(|e| Stop::Other(e.to_string()))?;
    write(&options.output, &json)?;
    eprintln!("{} answers in {}", predictions.len(), options.output.display());
    Ok(())
}
