//! What `train` and `distill` share: reading the data, the loop over batches, checkpoints, the log, scores.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::data::{Reading, Skipped};
use super::output::{Claim, make_folder, say, write};
use super::values::{count, factor, part, positive, share};
use super::{Stop, check_weights, counted, of_question, progress, read, say_truncated, weighted};
use crate::bio::Decoder;
use crate::dataset::Instance;
use crate::error::Error;
use crate::inference::Engine;
use crate::metrics::evaluate::{self, Choice};
use crate::model::{Config, Format, Model, Pass};
use crate::plot;
use crate::tokenize::TextEncoder;
use crate::train::{Example, Random, Step, Trainer, epoch, rate};

/// As JSON: what a run's steps depend on, beside the data and the number of steps.
#[derive(clap::Args, Serialize)]
#[group(id = "run")] // two groups named after their types, both `Options`, would clash
#[serde(rename_all = "kebab-case")]
pub(super) struct Options {
    /// Data file of any format; FILE@2 takes every question twice an epoch, FILE@0.5 a random half
    #[arg(long, required = true, num_args = 1..)]
    #[serde(skip)]
    data: Vec<String>,
    /// Folder for the model, the run's state and its log
    #[arg(long)]
    #[serde(skip)]
    pub output: PathBuf,
    /// Go on from the state in the output folder; with more epochs or steps than before the run gets longer
    #[arg(long)]
    #[serde(skip)]
    pub resume: bool,
    /// Score this file at intervals, and keep the model with the best F1
    #[arg(long)]
    #[serde(skip)]
    valid: Option<PathBuf>,
    /// Passes over the data
    #[arg(long, default_value_t = 1, value_parser = count)]
    #[serde(skip)]
    epochs: usize,
    /// End the run after so many steps, before the epochs are over; the rate falls to 0 by then
    #[arg(long, value_parser = count)]
    #[serde(skip)]
    steps: Option<usize>,
    /// Stop after so many steps of the whole plan, as if killed (go on with --resume)
    #[arg(long, value_parser = count)]
    #[serde(skip)]
    stop_after: Option<usize>,
    /// Peak learning rate
    #[arg(long, default_value_t = 5e-5, value_parser = positive)]
    rate: f64,
    /// Share of the steps over which the rate rises
    #[arg(long, default_value_t = 0.1, value_parser = share)]
    warmup: f64,
    /// Positions per batch, padding included
    #[arg(long, default_value_t = 3072, value_parser = count)]
    batch_positions: usize,
    /// Leave out texts with more positions than this
    #[arg(long, value_parser = count)]
    max_positions: Option<usize>,
    /// Share of values dropped
    #[arg(long, default_value_t = 0.1, value_parser = part)]
    dropout: f64,
    /// Largest norm of the gradient
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    pub clip: f64,
    /// Decoupled weight decay of the matrices
    #[arg(long, default_value_t = 0.01, value_parser = factor)]
    pub weight_decay: f64,
    /// Leave out weakly labelled questions below this confidence
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    min_confidence: f64,
    /// Seed of order, draws and dropout
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Steps between checkpoints
    #[arg(long, default_value_t = 100, value_parser = count)]
    #[serde(skip)]
    save_every: usize,
    /// Steps between scores of --valid
    #[arg(long, default_value_t = 500, value_parser = count, requires = "valid")]
    #[serde(skip)]
    eval_every: usize,
    #[command(flatten)]
    #[serde(skip)]
    reading: Reading,
}

/// What a run works on.
pub(super) struct Run {
    pub config: Config,
    /// `config.json` and `tokenizer.json` as they go into the output folder.
    pub config_json: Vec<u8>,
    pub tokenizer: Vec<u8>,
    pub trainer: Trainer,
    pub examples: Vec<Example>,
    /// How often each example appears in an epoch.
    pub copies: Vec<f64>,
    /// What is scored at intervals.
    pub valid: Option<Vec<Instance>>,
    /// What the steps depend on beside the data and their number, by the options' names.
    pub plan: Value,
    /// The best F1 so far.
    pub best: Option<f64>,
}

/// One step's circumstances.
pub(super) struct Turn<'a> {
    /// Examples of the batch, by number.
    pub chosen: &'a [usize],
    pub pass: &'a Pass,
    pub rate: f64,
    pub clip: f64,
}

/// Paths inside the output folder.
struct Files(PathBuf);

impl Files {
    fn state(&self) -> PathBuf {
        self.0.join("state.safetensors")
    }
    fn log(&self) -> PathBuf {
        self.0.join("log.jsonl")
    }

    fn note(&self, line: &Value) -> Result<(), Stop> {
        let fail = |e: std::io::Error| Stop::Other(format!("{}: {e}", self.log().display()));
        let mut file = fs::OpenOptions::new().create(true).append(true).open(self.log()).map_err(fail)?;
        writeln!(file, "{line}").map_err(fail)
    }

    /// Drops log lines of steps that a resumed run will make again.
    fn rewind(&self, steps: usize) -> Result<(), Stop> {
        let Ok(text) = fs::read_to_string(self.log()) else { return Ok(()) };
        let kept = |line: &&str| {
            let step = serde_json::from_str::<Value>(line).ok().and_then(|v| v["step"].as_u64());
            step.is_some_and(|step| step as usize <= steps)
        };
        let lines: String = text.lines().filter(kept).map(|line| format!("{line}\n")).collect();
        write(&self.log(), lines.as_bytes())
    }
}

impl Run {
    /// Makes all steps that are left; `step` makes one and may add its own figures to the log line.
    ///
    /// The run has been opened; its folder is claimed: no other process writes into it.
    pub fn go(
        mut self,
        options: &Options,
        _claim: &Claim,
        mut step: impl FnMut(&mut Trainer, &[Example], &Turn) -> Result<(Step, Value), Error>,
    ) -> Result<(), Stop> {
        let valid = self.valid.take();
        let files = Files(options.output.clone());
        let batches = self.batches(options);
        let last = options.stop_after.map_or(batches.len(), |n| n.min(batches.len()));
        let bar = progress(batches.len());
        bar.set_position(self.trainer.steps() as u64);
        bar.reset_eta();
        let clock = Instant::now();
        for n in self.trainer.steps()..last {
            let seed = Random::new(options.seed ^ (n as u64 + 1) << 20).bits() as u32;
            let pass = Pass { dropout: options.dropout as f32, seed: seed.into(), ..Pass::default() };
            let rate = rate(options.rate, n, batches.len(), options.warmup);
            let turn = Turn { chosen: &batches[n], pass: &pass, rate, clip: options.clip };
            let (done, more) = match step(&mut self.trainer, &self.examples, &turn) {
                Ok(done) => done,
                Err(error) => {
                    // Nothing of the run is lost: the step that failed has changed nothing.
                    self.keep(&files)?;
                    let kept = format!("the state after step {n} is in {}", files.state().display());
                    return Err(Stop::Other(format!("step {}: {error}; {kept}", n + 1)));
                }
            };
            let mut line = json!({"step": n + 1, "loss": done.loss, "norm": done.gradient_norm, "rate": rate,
                "instances": done.instances.len(), "seconds": clock.elapsed().as_secs_f64()});
            if let (Some(line), Value::Object(more)) = (line.as_object_mut(), more) {
                line.extend(more);
            }
            files.note(&line)?;
            bar.set_message(format!("loss {:.3}", done.loss));
            bar.inc(1);
            let end = n + 1 == batches.len();
            if let Some(valid) = valid.as_ref().filter(|_| end || (n + 1).is_multiple_of(options.eval_every)) {
                let scores = self.score(valid)?;
                files.note(&json!({"step": n + 1, "valid": scores}))?;
                bar.println(format!(
                    "step {}: EM {:.2}, F1 {:.2}, token loss {:.3}",
                    n + 1,
                    scores.em,
                    scores.f1,
                    scores.token_loss
                ));
                if self.best.is_none_or(|best| scores.f1 > best) {
                    self.best = Some(scores.f1);
                    self.save(&files.0)?;
                }
                write(&files.0.join("loss.svg"), plot::loss_curve(&files.log())?.as_bytes())?;
            }
            if end || n + 1 == last || (n + 1).is_multiple_of(options.save_every) {
                self.keep(&files)?;
            }
        }
        bar.finish_and_clear();
        if valid.is_none() {
            self.save(&files.0)?;
        }
        if let Some(asked) = options.steps.filter(|asked| *asked > batches.len()) {
            let passes = counted(options.epochs, "pass over the data is", "passes over the data are");
            let all = counted(batches.len(), "step", "steps");
            say(&format!("--steps {asked}: {passes} {all}; more with --epochs"));
        }
        say(&format!("{} of {} steps done, {}", self.trainer.steps(), batches.len(), files.0.display()));
        let truncated = self.examples.iter().filter(|example| example.encoded.question_truncated).count();
        say_truncated(truncated, self.examples.len());
        Ok(())
    }

    /// The examples of every step, by number.
    fn batches(&self, options: &Options) -> Vec<Vec<usize>> {
        let lengths: Vec<usize> = self.examples.iter().map(Example::positions).collect();
        let mut random = Random::new(options.seed);
        let epochs =
            (0..options.epochs).flat_map(|_| epoch(&lengths, &self.copies, options.batch_positions, &mut random));
        epochs.take(options.steps.unwrap_or(usize::MAX)).collect()
    }

    /// Makes the output folder, claims it unless it is claimed already, and takes up an earlier state.
    pub fn open(&mut self, options: &Options, early: Option<Claim>) -> Result<Claim, Stop> {
        make_folder(&options.output)?;
        let claim = early.map_or_else(|| Claim::new(&options.output), Ok)?;
        self.plan["data"] = digest(&self.examples, &self.copies).into();
        let files = Files(options.output.clone());
        match (options.resume, files.state().exists()) {
            (true, true) => self.restore(options, &files)?,
            (true, false) => say(&format!("{} holds no state yet: the run begins", files.0.display())),
            (false, _) => check_fresh(options)?,
        }
        files.rewind(self.trainer.steps())?;
        for (name, bytes) in [("config.json", &self.config_json), ("tokenizer.json", &self.tokenizer)] {
            write(&files.0.join(name), bytes)?;
        }
        Ok(claim)
    }

    fn restore(&mut self, options: &Options, files: &Files) -> Result<(), Stop> {
        let fail = |why: String| Stop::Input(format!("{}: {why}", files.state().display()));
        let notes = self.trainer.restore(&read(&files.state())?).map_err(|f| fail(f.to_string()))?;
        // Earlier versions noted the best F1 alone.
        let notes: Value = serde_json::from_str(&notes).unwrap_or_default();
        self.best = notes["best"].as_f64().or(notes.as_f64());
        let shown = |value: &Value| if value.is_null() { "not given".to_owned() } else { value.to_string() };
        let noted = notes["plan"].as_object().into_iter().flatten();
        let others: Vec<String> = noted
            .map(|(name, was)| (name, was, &self.plan[name]))
            .filter(|(_, was, now)| was != now)
            .map(|(name, was, now)| match was.is_string() || now.is_string() {
                true => format!("--{name} is another"), // known by its digest
                false => format!("--{name} is {}, was {}", shown(now), shown(was)),
            })
            .collect();
        if !others.is_empty() {
            let why = "go on as the run was begun, or choose another folder";
            return Err(fail(format!("it is of another plan ({}): {why}", others.join("; "))));
        }
        let (done, all) = (self.trainer.steps(), self.batches(options).len());
        if done > all {
            return Err(fail(format!("{done} steps are done, more than the {all} that are asked for")));
        }
        Ok(())
    }

    /// Writes the state.
    fn keep(&self, files: &Files) -> Result<(), Stop> {
        let notes = json!({"best": self.best, "plan": self.plan});
        write(&files.state(), &self.trainer.to_bytes(&notes.to_string())?)
    }

    fn score(&self, valid: &[Instance]) -> Result<evaluate::Scores, Stop> {
        // A copy without variables: it records nothing for a gradient.
        let model = Model::load(self.config.clone(), &self.trainer.snapshot()?)?;
        let text = TextEncoder::from_bytes(&self.tokenizer, self.config.max_position_embeddings)?;
        let engine = Engine::new("in training", model, text, 0);
        let choice = Choice { decoder: Decoder::One, ..Choice::default() };
        let outcomes = evaluate::each(valid, || {}, |instance| evaluate::run(&engine, instance, choice));
        let outcomes = outcomes.map_err(|(id, error)| Stop::Input(format!("question {id}: {error}")))?;
        Ok(evaluate::scores(valid, &outcomes))
    }

    fn save(&self, folder: &Path) -> Result<(), Stop> {
        write(&folder.join("model.safetensors"), &self.trainer.snapshot()?.to_bytes(Format::F32)?)
    }
}

/// Claims the output folder if it is there and a run may begin or go on in it, before the data are read.
pub(super) fn claim(options: &Options) -> Result<Option<Claim>, Stop> {
    check_weights(&options.output, Format::F32)?;
    check_fresh(options)?;
    Claim::if_there(&options.output)
}

/// Refuses to begin a run where there is one.
fn check_fresh(options: &Options) -> Result<(), Stop> {
    if options.resume || !Files(options.output.clone()).state().exists() {
        return Ok(());
    }
    let why = "holds a run already: go on with --resume, or choose another folder";
    Err(Stop::Input(format!("{} {why}", options.output.display())))
}

/// The options that a run's steps depend on.
pub(super) fn plan(options: &impl Serialize) -> Result<Value, Stop> {
    serde_json::to_value(options).map_err(|e| Stop::Other(e.to_string()))
}

/// A digest of bytes, as text.
pub(super) fn fingerprint(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest of all that is learnt from.
fn digest(examples: &[Example], copies: &[f64]) -> String {
    let mut bytes = Vec::new();
    for (example, copies) in examples.iter().zip(copies) {
        let pieces = example.encoded.question.iter().chain(&example.encoded.paragraph);
        pieces.for_each(|piece| bytes.extend(piece.id.to_le_bytes()));
        example.gold.as_flattened().iter().chain([copies]).for_each(|x| bytes.extend(x.to_le_bytes()));
    }
    fingerprint(bytes)
}

/// Reads all data files; for every example how often it appears in an epoch.
pub(super) fn examples(
    options: &Options,
    text: &TextEncoder,
    skipped: &mut Skipped,
) -> Result<(Vec<Example>, Vec<f64>), Stop> {
    let (mut examples, mut copies) = (Vec::new(), Vec::new());
    for source in &options.data {
        let (path, weight) = weighted("--data", source)?;
        let mut instances = options.reading.instances(Path::new(path), true, text, skipped)?;
        instances.retain(|i| i.confidence.is_none_or(|c| c >= options.min_confidence));
        let encoded = evaluate::each(
            &instances,
            || {},
            |instance| match Example::new(text, instance) {
                Ok(example) if options.max_positions.is_some_and(|most| example.positions() > most) => Ok(None),
                other => other.map(Some),
            },
        );
        let encoded = encoded.map_err(of_question(Path::new(path)))?;
        let left_out = encoded.iter().filter(|e| e.is_none()).count();
        say(&format!(
            "{path}: {} questions{}",
            encoded.len() - left_out,
            if left_out > 0 { format!(", {left_out} too long") } else { String::new() }
        ));
        examples.extend(encoded.into_iter().flatten());
        copies.resize(examples.len(), weight);
    }
    if examples.is_empty() {
        return Err(Stop::Input("no question is left to learn from".into()));
    }
    Ok((examples, copies))
}

/// Reads the file that is scored at intervals, and checks it now rather than after hundreds of steps.
pub(super) fn valid(
    options: &Options,
    text: &TextEncoder,
    skipped: &mut Skipped,
) -> Result<Option<Vec<Instance>>, Stop> {
    options.valid.as_ref().map(|path| options.reading.instances(path, true, text, skipped)).transpose()
}
