//! `bioscope eval`: scores on a data file.

mod print;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use super::{Stop, check, decoder, load, of_question, progress, say_truncated, write};
use crate::bio::Decoder;
use crate::dataset::{self, Instance};
use crate::metrics::evaluate::{self, By, Choice, Outcome, Report};
use crate::model::MOST_BIAS;
use crate::plot;

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder
    #[arg(long)]
    model: PathBuf,
    /// SQuAD v1.1 or v2.0 JSON, or QAMR-style JSON lines; several files are scored as one
    #[arg(long, required = true, num_args = 1..)]
    data: Vec<PathBuf>,
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
    /// In place of the model's own bias on B for `viterbi`, in nats
    #[arg(long, allow_hyphen_values = true, value_parser = bias)]
    b_bias: Option<f64>,
    /// Scores of whole spans by that bias, from -1 to 3
    #[arg(long)]
    tune_b_bias: bool,
    /// Scores by kind of question: wh, answers (how many there are), source (the file); several with commas
    #[arg(long, value_delimiter = ',', value_parser = by)]
    by: Vec<By>,
    /// Only the first questions of each file
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
    let mut files = Vec::new();
    for path in &options.data {
        let mut instances = dataset::read(path)?;
        instances.truncate(options.limit.map_or(usize::MAX, |limit| limit as usize));
        files.push((path.as_path(), instances));
    }
    let choice = Choice {
        decoder: options.decode,
        no_answer_threshold: options.no_answer_threshold,
        max_answer_tokens: options.max_answer_tokens,
        b_bias: options.b_bias,
    };
    if let Some(folder) = &options.plot {
        fs::create_dir_all(folder).map_err(|e| Stop::Input(format!("{}: {e}", folder.display())))?;
    }
    let clock = Instant::now();
    let ours = outcomes(&options.model, &files, choice)?;
    let seconds = clock.elapsed().as_secs_f64();
    let sources: Vec<String> = files.iter().flat_map(|(path, i)| vec![source(path); i.len()]).collect();
    let instances: Vec<Instance> = files.iter().flat_map(|(_, instances)| instances.clone()).collect();
    let data = options.data.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let mut report = evaluate::report(&instances, &ours)?;
    if let Some(other) = &options.baseline {
        let others = outcomes(other, &files, choice)?;
        report.baseline = Some(evaluate::compare(&instances, &ours, &others, &other.display().to_string())?);
    }
    for by in &options.by {
        report.by.push(evaluate::group(*by, &instances, &ours, &sources)?);
    }
    if options.tune_b_bias {
        report.b_biases = evaluate::bias_table(&instances, &ours);
    }
    if let Some(folder) = &options.plot {
        draw(&report, folder)?;
    }
    if options.json {
        let printed = Printed {
            model: options.model.display().to_string(),
            data,
            decode: options.decode,
            no_answer_threshold: options.no_answer_threshold,
            seconds,
            report: &report,
        };
        println!("{}", serde_json::to_string(&printed).map_err(|e| Stop::Other(e.to_string()))?);
    } else {
        print!("{}", print::report(&report, &options.model, options.baseline.as_deref()));
        println!("\n{} questions of {} in {seconds:.1} s", instances.len(), data);
    }
    say_truncated(report.truncated_questions, instances.len());
    Ok(())
}

/// The outcomes of all files' questions, in order. Every file is checked before the work begins.
fn outcomes(model: &Path, files: &[(&Path, Vec<Instance>)], choice: Choice) -> Result<Vec<Outcome>, Stop> {
    let engine = load(model)?;
    for (path, instances) in files {
        check(engine.text(), instances, path)?;
    }
    let bar = progress(files.iter().map(|(_, instances)| instances.len()).sum());
    let mut all = Vec::new();
    for (path, instances) in files {
        let outcomes = evaluate::each(instances, || bar.inc(1), |instance| evaluate::run(&engine, instance, choice));
        all.extend(outcomes.map_err(of_question(path))?);
    }
    bar.finish_and_clear();
    Ok(all)
}

/// A file's name without folder and extensions.
fn source(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.display().to_string());
    let plain =
        [".gz", ".json", ".jsonl"].iter().fold(name.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name));
    plain.to_owned()
}

fn draw(report: &Report, folder: &Path) -> Result<(), Stop> {
    write(&folder.join("reliability.svg"), plot::reliability(&report.calibration).as_bytes())?;
    if let Some(no_answer) = &report.no_answer {
        write(&folder.join("no-answer.svg"), plot::threshold(no_answer).as_bytes())?;
    }
    Ok(())
}

fn bias(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|x: &f64| x.abs() <= MOST_BIAS)
        .ok_or_else(|| format!("expected a number from -{MOST_BIAS} to {MOST_BIAS}"))
}

fn by(text: &str) -> Result<By, String> {
    By::ALL.into_iter().find(|by| by.name() == text).ok_or_else(|| "expected wh, answers or source".into())
}

fn threshold(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|x: &f64| !x.is_nan()).ok_or_else(|| "expected a number".into())
}
