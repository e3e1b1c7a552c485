//! What `train` and `distill` share: reading the data, the loop over batches, checkpoints, the log, scores.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use super::data::{Reading, Skipped};
use super::output::{Claim, make_folder, say, write};
use super::{Stop, of_question, progress, read, say_truncated, weighted};
use crate::bio::Decoder;
use crate::dataset::Instance;
use crate::error::Error;
use crate::inference::Engine;
use crate::metrics::evaluate::{self, Choice};
use crate::model::{Config, Format, Model, Pass};
use crate::plot;
use crate::tokenize::TextEncoder;
use crate::train::{Example, Random, Step, Trainer, epoch, rate};

#[derive(clap::Args)]
#[group(id = "run")] // two groups named after their types, both `Options`, would clash
pub(super) struct Options {
    /// Data file of any format; FILE@2 takes every question twice an epoch, FILE@0.5 a random half
    #[arg(long, required = true, num_args = 1..)]
    data: Vec<String>,
    /// Folder for the model, the run's state and its log
    #[arg(long)]
    pub output: PathBuf,
    /// Go on from the state in the output folder
    #[arg(long)]
    pub resume: bool,
    /// Score this file at intervals, and keep the model with the best F1
    #[arg(long)]
    valid: Option<PathBuf>,
    /// Passes over the data
    #[arg(long, default_value_t = 1)]
    epochs: usize,
    /// End the run after so many steps, before the epochs are over; the rate falls to 0 by then
    #[arg(long)]
    steps: Option<usize>,
    /// Stop after so many steps of the whole plan, as if killed (go on with --resume)
    #[arg(long)]
    stop_after: Option<usize>,
    /// Peak learning rate
    #[arg(long, default_value_t = 5e-5)]
    rate: f64,
    /// Share of the steps over which the rate rises
    #[arg(long, default_value_t = 0.1)]
    warmup: f64,
    /// Positions per batch, padding included
    #[arg(long, default_value_t = 3072)]
    batch_positions: usize,
    /// Leave out texts with more positions than this
    #[arg(long)]
    max_positions: Option<usize>,
    /// Share of values dropped
    #[arg(long, default_value_t = 0.1)]
    dropout: f32,
    /// Largest norm of the gradient
    #[arg(long, default_value_t = 1.0)]
    pub clip: f64,
    /// Decoupled weight decay of the matrices
    #[arg(long, default_value_t = 0.01)]
    pub weight_decay: f64,
    /// Leave out weakly labelled questions below this confidence
    #[arg(long, default_value_t = 0.5)]
    min_confidence: f64,
    /// Seed of order, draws and dropout
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Steps between checkpoints
    #[arg(long, default_value_t = 100)]
    save_every: usize,
    /// Steps between scores of --valid
    #[arg(long, default_value_t = 500)]
    eval_every: usize,
    #[command(flatten)]
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
    /// The folder is claimed: no other process writes into it.
    pub fn go(
        mut self,
        options: &Options,
        _claim: &Claim,
        mut step: impl FnMut(&mut Trainer, &[Example], &Turn) -> Result<(Step, Value), Error>,
    ) -> Result<(), Stop> {
        let valid = self.valid.take();
        let files = Files(options.output.clone());
        let mut best = self.open(options, &files)?;
        let lengths: Vec<usize> = self.examples.iter().map(Example::positions).collect();
        let mut random = Random::new(options.seed);
        let mut plan: Vec<Vec<usize>> = (0..options.epochs)
            .flat_map(|_| epoch(&lengths, &self.copies, options.batch_positions, &mut random))
            .collect();
        plan.truncate(options.steps.unwrap_or(usize::MAX));
        let last = options.stop_after.map_or(plan.len(), |n| n.min(plan.len()));
        let bar = progress(plan.len());
        bar.set_position(self.trainer.steps() as u64);
        bar.reset_eta();
        let clock = Instant::now();
        for n in self.trainer.steps()..last {
            let seed = Random::new(options.seed ^ (n as u64 + 1) << 20).bits() as u32;
            let pass = Pass { dropout: options.dropout, seed: seed.into(), ..Pass::default() };
            let rate = rate(options.rate, n, plan.len(), options.warmup);
            let turn = Turn { chosen: &plan[n], pass: &pass, rate, clip: options.clip };
            let (done, more) = match step(&mut self.trainer, &self.examples, &turn) {
                Ok(done) => done,
                Err(error) => {
                    // Nothing of the run is lost: the step that failed has changed nothing.
                    let state = files.state();
                    write(&state, &self.trainer.to_bytes(&best.to_string())?)?;
                    let kept = format!("the state after step {n} is in {}", state.display());
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
            let end = n + 1 == plan.len();
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
                if scores.f1 > best {
                    best = scores.f1;
                    self.save(&files.0)?;
                }
                write(&files.0.join("loss.svg"), plot::loss_curve(&files.log())?.as_bytes())?;
            }
            if end || n + 1 == last || (n + 1).is_multiple_of(options.save_every) {
                write(&files.state(), &self.trainer.to_bytes(&best.to_string())?)?;
            }
        }
        bar.finish_and_clear();
        if valid.is_none() {
            self.save(&files.0)?;
        }
        say(&format!("{} of {} steps done, {}", self.trainer.steps(), plan.len(), files.0.display()));
        let truncated = self.examples.iter().filter(|example| example.encoded.question_truncated).count();
        say_truncated(truncated, self.examples.len());
        Ok(())
    }

    /// Prepares the output folder, takes up an earlier state; returns the best F1 so far.
    fn open(&mut self, options: &Options, files: &Files) -> Result<f64, Stop> {
        let mut best = f64::NEG_INFINITY;
        if options.resume {
            let state = read(&files.state())?;
            let notes = self.trainer.restore(&state);
            let notes = notes.map_err(|f| Stop::Input(format!("{}: {f}", files.state().display())))?;
            best = notes.parse().unwrap_or(best);
            files.rewind(self.trainer.steps())?;
        } else if files.state().exists() {
            let why = "holds a run already: go on with --resume, or choose another folder";
            return Err(Stop::Input(format!("{} {why}", files.0.display())));
        }
        for (name, bytes) in [("config.json", &self.config_json), ("tokenizer.json", &self.tokenizer)] {
            write(&files.0.join(name), bytes)?;
        }
        Ok(best)
    }

    fn score(&self, valid: &[Instance]) -> Result<evaluate::Scores, Stop> {
        // A copy without variables: it records nothing for a gradient.
        let model = Model::load(self.config.clone(), &self.trainer.snapshot()?)?;
        let text = TextEncoder::from_bytes(&self.tokenizer, self.config.max_position_embeddings)?;
        let engine = Engine::new("in training", model, text, 0);
        let choice = Choice { decoder: Decoder::One, no_answer_threshold: None, max_answer_tokens: None, b_bias: None };
        let outcomes = evaluate::each(valid, || {}, |instance| evaluate::run(&engine, instance, choice));
        let outcomes = outcomes.map_err(|(id, error)| Stop::Input(format!("question {id}: {error}")))?;
        Ok(evaluate::scores(valid, &outcomes)?)
    }

    fn save(&self, folder: &Path) -> Result<(), Stop> {
        write(&folder.join("model.safetensors"), &self.trainer.snapshot()?.to_bytes(Format::F32)?)
    }
}

/// Makes the output folder, and claims it unless it is claimed already.
pub(super) fn claim(options: &Options, early: Option<Claim>) -> Result<Claim, Stop> {
    make_folder(&options.output)?;
    early.map_or_else(|| Claim::new(&options.output), Ok)
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
