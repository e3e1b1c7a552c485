//! `bioscope eval`: scores on a data file.

mod print;
mod scalars;
mod table;

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use super::data::{Reading, Skipped};
use super::output::{check_folder, make_folder, print, say, write};
use super::values::{NoAnswer, count, decoder, number};
use super::{Done, Stop, load, of_question, progress, say_truncated};
use crate::bio::Decoder;
use crate::dataset::Instance;
use crate::inference::Engine;
use crate::metrics::evaluate::{self, By, Choice, Outcome, Report};
use crate::metrics::seqeval;
use crate::model::MOST_BIAS;
use crate::plot;

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder; left out, the predictions that a CoNLL file holds beside its gold labels are scored
    /// (--columns gold,prediction)
    #[arg(long, required_unless_present = "columns")]
    model: Option<PathBuf>,
    /// Data files of any format; several are scored as one. - is standard input
    #[arg(long, required = true, num_args = 1..)]
    data: Vec<PathBuf>,
    /// Another model folder to compare with, on the same questions
    #[arg(long, requires = "model")]
    baseline: Option<PathBuf>,
    /// one, viterbi or greedy
    #[arg(long, default_value = "one", value_parser = decoder, requires = "model")]
    decode: Decoder,
    #[command(flatten)]
    no_answer: NoAnswer,
    /// Longest answer that `one` may give, in tokens
    #[arg(long, value_parser = count, requires = "model")]
    max_answer_tokens: Option<usize>,
    /// In place of the model's own bias on B for `viterbi`, in nats
    #[arg(long, allow_hyphen_values = true, value_parser = bias, requires = "model")]
    b_bias: Option<f64>,
    /// Scores of whole spans by that bias, from -1 to 3
    #[arg(long, requires = "model")]
    tune_b_bias: bool,
    /// Scores by kind of question: wh, answers (how many there are), source (the file); several with commas
    #[arg(long, value_delimiter = ',', value_parser = by, requires = "model")]
    by: Vec<By>,
    /// Only the first questions of each file
    #[arg(long, value_parser = count, requires = "model")]
    limit: Option<usize>,
    /// Folder for pictures (SVG): the reliability of p, and the no-answer threshold where there are unanswerable questions
    #[arg(long, requires = "model")]
    plot: Option<PathBuf>,
    /// How to print: text, json, csv, markdown or latex
    #[arg(long, value_enum, default_value = "text")]
    format: Layout,
    /// Print one JSON object, as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    reading: Reading,
}

/// How scores are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Layout {
    Text,
    Json,
    Csv,
    Markdown,
    Latex,
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

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    let layout = if options.json { Layout::Json } else { options.format };
    if let Some(folder) = &options.plot {
        check_folder(folder)?;
    }
    let Some(model) = &options.model else { return labelled(options, layout) };
    let choice = Choice {
        decoder: options.decode,
        no_answer_threshold: options.no_answer.no_answer_threshold,
        no_answer_by: options.no_answer.no_answer_by.unwrap_or_default(),
        max_answer_tokens: options.max_answer_tokens,
        b_bias: options.b_bias,
    };
    if options.max_answer_tokens.is_some() && options.decode != Decoder::One {
        return Err(Stop::Input("--max-answer-tokens is for the decoder one alone".into()));
    }
    let engine = load(model)?;
    let mut skipped = Skipped::default();
    let mut files = Vec::new();
    for path in &options.data {
        let mut records = options.reading.open(path, &mut skipped)?.records;
        records.truncate(options.limit.unwrap_or(usize::MAX));
        files.push((path.as_path(), options.reading.fitting(records, path, true, engine.text(), &mut skipped)?));
    }
    let baseline = options.baseline.as_ref().map(|folder| load(folder).map(|engine| (folder, engine))).transpose()?;
    let data = options.data.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    if files.iter().all(|(_, instances)| instances.is_empty()) {
        say("no question is left to score");
        let nothing = serde_json::json!({"model": model.display().to_string(), "data": data, "questions": 0});
        print(&scalars::lay_out(&nothing, layout).unwrap_or_default())?;
        return Ok(skipped.done());
    }
    if let Some(folder) = &options.plot {
        make_folder(folder)?;
    }
    let clock = Instant::now();
    let ours = outcomes(&engine, &files, choice)?;
    let seconds = clock.elapsed().as_secs_f64();
    let sources: Vec<String> = files.iter().flat_map(|(path, i)| vec![source(path, &options.data); i.len()]).collect();
    let instances: Vec<Instance> = files.iter().flat_map(|(_, instances)| instances.clone()).collect();
    let mut report = evaluate::report(&instances, &ours);
    if let Some((name, engine)) = &baseline {
        let others = outcomes(engine, &files, choice)?;
        report.baseline = Some(evaluate::compare(&instances, &ours, &others, &name.display().to_string()));
    }
    for by in &options.by {
        report.by.push(evaluate::group(*by, &instances, &ours, &sources));
    }
    if options.tune_b_bias {
        report.b_biases = evaluate::bias_table(&instances, &ours);
    }
    if let Some(folder) = &options.plot {
        draw(&report, folder)?;
    }
    let printed = Printed {
        model: model.display().to_string(),
        data,
        decode: options.decode,
        no_answer_threshold: options.no_answer.no_answer_threshold,
        seconds,
        report: &report,
    };
    let value = serde_json::to_value(&printed).map_err(|e| Stop::Other(e.to_string()))?;
    let text = scalars::lay_out(&value, layout).unwrap_or_else(|| {
        let report = print::report(&report, model, options.baseline.as_deref());
        format!("{report}\n{} questions of {} in {seconds:.1} s\n", instances.len(), printed.data)
    });
    print(&text)?;
    say_truncated(report.truncated_questions, instances.len());
    Ok(skipped.done())
}

/// Scores the predictions that files of labelled tokens hold themselves.
fn labelled(options: &Options, layout: Layout) -> Result<Done, Stop> {
    let sentences = options.reading.labelled_tokens(&options.data)?;
    let scores = seqeval(sentences.iter().map(|s| (words(&s.gold), words(&s.predicted))));
    let value = serde_json::json!({"sentences": sentences.len(), "seqeval": scores});
    let text = scalars::lay_out(&value, layout)
        .unwrap_or_else(|| format!("{}\n{} sentences\n", print::seqeval(&scores), sentences.len()));
    print(&text)?;
    Ok(Done::All)
}

fn words(labels: &[String]) -> Vec<&str> {
    labels.iter().map(String::as_str).collect()
}

/// The outcomes of all files' questions, in order.
fn outcomes(engine: &Engine, files: &[(&Path, Vec<Instance>)], choice: Choice) -> Result<Vec<Outcome>, Stop> {
    let bar = progress(files.iter().map(|(_, instances)| instances.len()).sum());
    let mut all = Vec::new();
    for (path, instances) in files {
        let outcomes = evaluate::each(instances, || bar.inc(1), |instance| evaluate::run(engine, instance, choice));
        all.extend(outcomes.map_err(of_question(path))?);
    }
    bar.finish_and_clear();
    Ok(all)
}

/// What a file is called among all: its name without folder and extensions, or its path where two would be called so.
fn source(path: &Path, all: &[PathBuf]) -> String {
    let short = |path: &Path| {
        let name = path.file_name().unwrap_or(path.as_os_str()).display().to_string();
        let ends = [".gz", ".json", ".jsonl"];
        ends.iter().fold(&*name, |name, end| name.strip_suffix(end).unwrap_or(name)).to_owned()
    };
    let name = short(path);
    let alone = all.iter().all(|other| other == path || short(other) != name);
    if alone { name } else { path.display().to_string() }
}

fn draw(report: &Report, folder: &Path) -> Result<(), Stop> {
    write(&folder.join("reliability.svg"), plot::reliability(&report.calibration).as_bytes())?;
    if let Some(no_answer) = &report.no_answer {
        write(&folder.join("no-answer.svg"), plot::threshold(no_answer).as_bytes())?;
    }
    Ok(())
}

fn bias(text: &str) -> Result<f64, String> {
    number(text, &format!("a number from -{MOST_BIAS} to {MOST_BIAS}"), |x| x.abs() <= MOST_BIAS)
}

fn by(text: &str) -> Result<By, String> {
    By::ALL.into_iter().find(|by| by.name() == text).ok_or_else(|| "expected wh, answers or source".into())
}
