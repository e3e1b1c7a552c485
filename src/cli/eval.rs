//! `bioscope eval`: scores on a data file.

use std::path::PathBuf;
use std::time::Instant;

use super::{Stop, decoder, load, progress};
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
    data: PathBuf,
    /// one, viterbi or greedy
    #[arg(long, default_value = "one", value_parser = decoder)]
    decode: Decoder,
    /// Answer "" when the best score is below this
    #[arg(long, allow_hyphen_values = true)]
    no_answer_threshold: Option<f64>,
    /// Longest answer that `one` may give, in tokens
    #[arg(long)]
    max_answer_tokens: Option<usize>,
    /// Only the first questions
    #[arg(long)]
    limit: Option<usize>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let mut instances = data::read(&options.data)?;
    instances.truncate(options.limit.unwrap_or(usize::MAX));
    let engine = load(&options.model)?;
    let choice = Choice {
        decoder: options.decode,
        no_answer_threshold: options.no_answer_threshold,
        max_answer_tokens: options.max_answer_tokens,
    };
    let clock = Instant::now();
    let bar = progress(instances.len());
    let outcomes = evaluate::each(&instances, || bar.inc(1), |instance| evaluate::run(&engine, instance, choice));
    bar.finish_and_clear();
    let named = |(id, fault)| Stop::Input(format!("{}, question {id}: {fault}", options.data.display()));
    let scores = evaluate::scores(&instances, &outcomes.map_err(named)?)?;
    if options.json {
        println!("{}", serde_json::to_string(&scores).map_err(|e| Stop::Other(e.to_string()))?);
        return Ok(());
    }
    println!("questions         {}", scores.questions);
    println!("EM, F1            {:.2}, {:.2}", scores.em, scores.f1);
    println!("token loss        {:.4} nats a question (at least {:.4}: H(t))", scores.token_loss, scores.entropy);
    for (class, s) in [("B", scores.b), ("I", scores.i)] {
        println!("{class} tokens          precision {:.2}, recall {:.2}, F1 {:.2}", s.precision, s.recall, s.f1);
    }
    println!("time              {:.1} s", clock.elapsed().as_secs_f64());
    Ok(())
}
