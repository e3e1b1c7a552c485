//! `bioscope eval`: scores on a data file.

mod print;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use super::{Stop, check, decoder, load, of_question, progress, write};
use crate::bio::Decoder;
use crate::data::{self, Instance};
use crate::evaluate::{self, Choice, Outcome, Report};
use crate::plot;

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder
    #[arg(long)]
    model: PathBuf,
    /// SQuAD v1.1 or v2.0 JSON, or QAMR-style JSON lines
    #[arg(long)]
    data: PathBuf,
    /// Another model folder to compare with, on the same questions
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// one, viterbi or greedy
    #[arg(long, default_value = "one", value_parser = decoder)]
    decode: Decoder,
    /// Answer "" when the best score is below this
    #[arg(long, allow_hyphen_values = true, value_parser = threshold)]
    no_answer_threshold: Option<f64>,
    /// Longest answer that `one` may give, in tokens
    #[arg(long)]
    max_answer_tokens: Option<usize>,
    /// Only the first questions
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Folder for pictures (SVG): the reliability of p, and the no-answer threshold where there are unanswerable questions
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Printed<'a> {
    model: String,
    data: String,
    decode: Decoder,
    no_answer_threshold: Option<f64>,
    seconds: f64,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let mut instances = data::read(&options.data)?;
    instances.truncate(options.limit.map_or(usize::MAX, |limit| limit as usize));
    let choice = Choice {
        decoder: options.decode,
        no_answer_threshold: options.no_answer_threshold,
        max_answer_tokens: options.max_answer_tokens,
    };
    if let Some(folder) = &options.plot {
        fs::create_dir_all(folder).map_err(|e| Stop::Input(format!("{}: {e}", folder.display())))?;
    }
    let clock = Instant::now();
    let ours = outcomes(&options.model, &instances, choice, &options.data)?;
    let seconds = clock.elapsed().as_secs_f64();
    let mut report = evaluate::report(&instances, &ours)?;
    if let Some(other) = &options.baseline {
        let others = outcomes(other, &instances, choice, &options.data)?;
        report.baseline = Some(evaluate::compare(&instances, &ours, &others, &other.display().to_string())?);
    }
    if let Some(folder) = &options.plot {
        draw(&report, folder)?;
    }
    if options.json {
        let printed = Printed {
            model: options.model.display().to_string(),
            data: options.data.display().to_string(),
            decode: options.decode,
            no_answer_threshold: options.no_answer_threshold,
            seconds,
            report: &report,
        };
        println!("{}", serde_json::to_string(&printed).map_err(|e| Stop::Other(e.to_string()))?);
    } else {
        print!("{}", print::report(&report, &options.model, options.baseline.as_deref()));
        println!("\n{} questions of {} in {seconds:.1} s", instances.len(), options.data.display());
    }
    Ok(())
}

fn outcomes(model: &Path, instances: &[Instance], choice: Choice, data: &Path) -> Result<Vec<Outcome>, Stop> {
    let engine = load(model)?;
    check(engine.text(), instances, data)?;
    let bar = progress(instances.len());
    let outcomes = evaluate::each(instances, || bar.inc(1), |instance| evaluate::run(&engine, instance, choice));
    bar.finish_and_clear();
    outcomes.map_err(of_question(data))
}

fn draw(report: &Report, folder: &Path) -> Result<(), Stop> {
    write(&folder.join("reliability.svg"), plot::reliability(&report.calibration).as_bytes())?;
    if let Some(no_answer) = &report.no_answer {
        write(&folder.join("no-answer.svg"), plot::threshold(no_answer).as_bytes())?;
    }
    Ok(())
}

fn threshold(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|x: &f64| !x.is_nan()).ok_or_else(|| "expected a number".into())
}
