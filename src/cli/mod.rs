//! The command line: `bioscope analyse | predict | eval | convert | label | train | distill | relabel | average | plot |
//! quantize`.
//!
//! Exit codes: 0 done, 3 done but some records were skipped (each is listed on stderr), 2 bad usage or bad input (one
//! line on stderr), 1 anything else. A closed pipe on standard output is no error.

mod analyse;
mod average;
mod convert;
mod data;
mod distill;
mod eval;
mod label;
mod output;
mod plot;
mod predict;
mod quantize;
mod relabel;
mod run;
mod train;
mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use crate::dataset::{DataError, counted};
use crate::error::Error;
use crate::inference::Engine;
use crate::model::{Files, Format};
use crate::tokenize::MAX_QUESTION;

/// Why a command stopped.
#[derive(Debug)]
pub enum Stop {
    /// The user's input is wrong: exit code 2.
    Input(String),
    /// Anything else: exit code 1.
    Other(String),
    /// Nobody reads standard output any more: exit code 0, without a word.
    Closed,
}

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// All of it.
    All,
    /// Records were skipped, each of them listed: exit code 3.
    Skipped,
}

impl From<DataError> for Stop {
    fn from(error: DataError) -> Stop {
        Stop::Input(error.to_string())
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        match error {
            Error::Internal { .. } => Stop::Other(error.to_string()),
            _ => Stop::Input(error.to_string()),
        }
    }
}

#[derive(Parser)]
#[command(name = "bioscope", version, about = "Look inside a BERT that tags answers with B, I, O")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Analyse one question and paragraph
    #[command(visible_alias = "analyze")]
    Analyse(analyse::Options),
    /// Answer every question of a data file, in SQuAD's prediction format
    Predict(predict::Options),
    /// Score a model on a data file of any format
    Eval(eval::Options),
    /// Turn data from one format into another: SQuAD, CoNLL, doccano, Label Studio, Prodigy, brat, CSV, ...
    Convert(convert::Options),
    /// Label a file with a model's answers, to be corrected in doccano, Label Studio, Prodigy, ...
    Label(label::Options),
    /// Fine-tune BERT and the dense layer jointly on soft gold labels
    Train(train::Options),
    /// Train a narrower student of a trained model
    Distill(distill::Options),
    /// Match a weakly labelled file's answers to its questions anew
    Relabel(relabel::Options),
    /// Average the weights of several models of one shape
    Average(average::Options),
    /// Draw the loss curve of a training run
    Plot(plot::Options),
    /// Write a model in a smaller format
    Quantize(quantize::Options),
}

/// Parses the arguments, runs the command, reports its error.
pub fn main() -> ExitCode {
    let arguments = match parse() {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => {
            let _ = error.print(); // --help and --version
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            output::say(&usage_line(&error.render().to_string()));
            return ExitCode::from(2);
        }
    };
    let done = match arguments.command {
        Command::Analyse(options) => analyse::run(&options),
        Command::Predict(options) => predict::run(&options),
        Command::Eval(options) => eval::run(&options),
        Command::Convert(options) => convert::run(&options),
        Command::Label(options) => label::run(&options),
        Command::Train(options) => train::run(&options),
        Command::Distill(options) => distill::run(&options),
        Command::Relabel(options) => relabel::run(&options),
        Command::Average(options) => average::run(&options),
        Command::Plot(options) => plot::run(&options),
        Command::Quantize(options) => quantize::run(&options),
    };
    match done {
        Ok(Done::All) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Ok(Done::Skipped) => ExitCode::from(3),
        Err(Stop::Input(why)) => {
            output::say(&format!("error: {}", one_line(&why)));
            ExitCode::from(2)
        }
        Err(Stop::Other(why)) => {
            output::say(&format!("error: {}", one_line(&why)));
            ExitCode::FAILURE
        }
    }
}

/// The arguments. A negative number is an option's value, and its range is what is said of it.
fn parse() -> Result<Arguments, clap::Error> {
    let value = |argument: clap::Arg| {
        let takes = argument.get_action().takes_values();
        if takes { argument.allow_negative_numbers(true) } else { argument }
    };
    let command = Arguments::command().mut_subcommands(|command| command.mut_args(value));
    Arguments::from_arg_matches(&command.try_get_matches()?)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// clap's message without its usage lines: what is wrong, then where to read more.
fn usage_line(rendered: &str) -> String {
    let what = rendered.split("\n\nUsage").next().unwrap_or(rendered);
    let what = what.split("\n\nFor more").next().unwrap_or(what);
    format!("{} (see bioscope --help)", one_line(what))
}

/// Reads a file; a failure is the user's input.
fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).map_err(|e| Stop::Input(format!("{}: {e}", path.display())))
}

/// Reads a file that holds JSON, without the byte order mark that editors may have put before it.
fn read_json(path: &Path) -> Result<Vec<u8>, Stop> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let mut bytes = read(path)?;
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    Ok(bytes)
}

/// What a folder's weights may be called: safetensors, ours or Hugging Face's, and GGUF.
const WEIGHTS: [&str; 2] = ["model.safetensors", "model.gguf"];

/// A model folder's weight file.
fn weight_file(folder: &Path) -> Result<PathBuf, Stop> {
    let why = match WEIGHTS.map(|name| folder.join(name)).map(|path| path.is_file().then_some(path)) {
        [Some(path), None] | [None, Some(path)] => return Ok(path),
        [Some(_), Some(_)] => "holds both model.safetensors and model.gguf: keep the one that is meant",
        _ if folder.is_dir() => "holds no model.safetensors or model.gguf",
        _ => "is no folder",
    };
    Err(Stop::Input(format!("{} {why}", folder.display())))
}

/// A model folder's files.
fn files(folder: &Path) -> Result<Files, Stop> {
    let json = |name: &str| read_json(&folder.join(name));
    Ok(Files {
        weights: read(&weight_file(folder)?)?,
        config: json("config.json")?,
        tokenizer: json("tokenizer.json")?,
    })
}

/// Writes a model folder's files, the weights under that format's name; the folder is made.
fn write_files(folder: &Path, files: &Files, format: Format) -> Result<(), Stop> {
    output::make_folder(folder)?;
    output::write(&folder.join("config.json"), &files.config)?;
    output::write(&folder.join("tokenizer.json"), &files.tokenizer)?;
    output::write(&folder.join(format.file_name()), &files.weights)
}

/// Refuses to write weights beside those of the other kind: nobody could tell which are meant.
fn check_weights(folder: &Path, format: Format) -> Result<(), Stop> {
    let other = WEIGHTS.into_iter().find(|name| *name != format.file_name() && folder.join(name).is_file());
    other.map_or(Ok(()), |other| {
        let (folder, new) = (folder.display(), format.file_name());
        let why = format!("holds {other} already: remove it, or choose another folder for {new}");
        Err(Stop::Input(format!("{folder} {why}")))
    })
}

/// Says whose error it is: the file of the model folder that is damaged, else the folder.
fn of_model(folder: &Path) -> impl Fn(Error) -> Stop {
    move |error| match error {
        Error::Corrupt { file, why } => {
            let named = Some(folder.join(file)).filter(|path| path.is_file());
            let path = named.or_else(|| weight_file(folder).ok()).unwrap_or_else(|| folder.into());
            Stop::Input(format!("{}: damaged or of an unknown format: {why}", path.display()))
        }
        other => Stop::Input(format!("{}: {other}", folder.display())),
    }
}

/// Says which question of a data file an error is about.
fn of_question(file: &Path) -> impl Fn((String, Error)) -> Stop {
    move |(id, error)| Stop::Input(format!("{}, question {id}: {error}", file.display()))
}

/// Says at the end how many questions were read in part only.
fn say_truncated(count: usize, of: usize) {
    if count > 0 {
        let were = if count == 1 { "was" } else { "were" };
        output::say(&format!(
            "{count} of {of} questions {were} cut: at most {MAX_QUESTION} word pieces of a question are read"
        ));
    }
}

/// Loads the model of a folder, or of an archive as the page saves it. Errors name the folder or the file.
fn load(folder: &Path) -> Result<Engine, Stop> {
    if folder.is_file() {
        let name = folder.file_stem().map_or("own".into(), |n| n.to_string_lossy().into_owned());
        let load = |Files { weights, config, tokenizer }| Engine::load(&name, weights, &config, &tokenizer);
        let named = |error: Error| Stop::Input(format!("{}: {error}", folder.display()));
        let bytes = read(folder)?;
        if !bytes.starts_with(b"PK") {
            let why =
                "is no model's archive: name the folder that model.safetensors, config.json and tokenizer.json are in";
            return Err(Stop::Input(format!("{} {why}", folder.display())));
        }
        return Files::unpack(&bytes).and_then(load).map_err(named);
    }
    let Files { weights, config, tokenizer } = files(folder)?;
    let name = folder.file_name().map_or("own".into(), |n| n.to_string_lossy().into_owned());
    Engine::load(&name, weights, &config, &tokenizer).map_err(of_model(folder))
}

/// `NAME` or `NAME@WEIGHT`, as options take files and folders; a name may hold an @ itself.
fn weighted<'a>(option: &str, named: &'a str) -> Result<(&'a str, f64), Stop> {
    let Some((name, weight)) = named.rsplit_once('@') else { return Ok((named, 1.0)) };
    match weight.parse::<f64>() {
        Ok(parsed) if parsed > 0.0 && parsed <= 100.0 => Ok((name, parsed)),
        Err(_) if Path::new(named).exists() => Ok((named, 1.0)),
        _ => Err(Stop::Input(format!("{option} {named}: {weight} is no weight, and there is no such file"))),
    }
}

fn progress(count: usize) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec} ETA {eta} {msg}").expect("a valid template");
    ProgressBar::new(count as u64).with_style(style)
}
