//! `bioscope train`: joint fine-tuning of every parameter on soft gold labels.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use super::{Stop, check, of_model, progress, read, weight_file, write};
use crate::bio::Decoder;
use crate::data::{self, Instance};
use crate::engine::Engine;
use crate::evaluate::{self, Choice};
use crate::fault::Fault;
use crate::model::{Checkpoint, Config, Format, Model, Pass};
use crate::text::TextEncoder;
use crate::train::{Batch, Example, Random, Settings, Trainer, epoch, rate};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder to start from
    #[arg(long)]
    base: PathBuf,
    /// Data file; FILE@2 takes every question twice an epoch, FILE@0.5 a random half
    #[arg(long, required = true, num_args = 1..)]
    data: Vec<String>,
    /// Folder for the model, the run's state and its log
    #[arg(long)]
    output: PathBuf,
    /// Go on from the state in the output folder
    #[arg(long)]
    resume: bool,
    /// Score this file at intervals, and keep the model with the best F1
    #[arg(long)]
    valid: Option<PathBuf>,
    /// Passes over the data
    #[arg(long, default_value_t = 1)]
    epochs: usize,
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
    /// Share of values dropped
    #[arg(long, default_value_t = 0.1)]
    dropout: f32,
    /// Largest norm of the gradient
    #[arg(long, default_value_t = 1.0)]
    clip: f64,
    /// Decoupled weight decay of the matrices
    #[arg(long, default_value_t = 0.01)]
    weight_decay: f64,
    /// Leave out weakly labelled questions below this confidence
    #[arg(long, default_value_t = 0.5)]
    min_confidence: f64,
    /// Seed of order, draws and dropout
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps between checkpoints
    #[arg(long, default_value_t = 100)]
    save_every: usize,
    /// Steps between scores of --valid
    #[arg(long, default_value_t = 500)]
    eval_every: usize,
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

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let config_json = read(&options.base.join("config.json"))?;
    let tokenizer = read(&options.base.join("tokenizer.json"))?;
    let named = of_model(&options.base);
    let config = Config::from_bytes(&config_json).map_err(&named)?;
    let text = TextEncoder::from_bytes(&tokenizer, config.max_position_embeddings).map_err(&named)?;
    let (examples, copies) = examples(options, &text)?;
    let valid = options.valid.as_deref().map(data::read).transpose()?;
    if let (Some(instances), Some(path)) = (&valid, &options.valid) {
        check(&text, instances, path)?; // now, not after hundreds of steps
    }
    let weights = Checkpoint::from_bytes(&read(&weight_file(&options.base)?)?).map_err(&named)?;
    let settings = Settings { weight_decay: options.weight_decay, ..Settings::default() };
    let mut trainer = Trainer::new(config.clone(), &weights, settings).map_err(&named)?;

    let files = Files(options.output.clone());
    fs::create_dir_all(&files.0).map_err(|e| Stop::Input(format!("{}: {e}", files.0.display())))?;
    let mut best = f64::NEG_INFINITY;
    if options.resume {
        let state = read(&files.state())?;
        let notes = trainer.restore(&state).map_err(|f| Stop::Input(format!("{}: {f}", files.state().display())))?;
        best = notes.parse().unwrap_or(best);
        files.rewind(trainer.steps())?;
    } else if files.state().exists() {
        let why = "holds a run already: go on with --resume, or choose another folder";
        return Err(Stop::Input(format!("{} {why}", files.0.display())));
    }
    for (name, bytes) in [("config.json", &config_json), ("tokenizer.json", &tokenizer)] {
        write(&files.0.join(name), bytes)?;
    }

    let lengths: Vec<usize> = examples.iter().map(Example::positions).collect();
    let mut random = Random::new(options.seed);
    let plan: Vec<Vec<usize>> =
        (0..options.epochs).flat_map(|_| epoch(&lengths, &copies, options.batch_positions, &mut random)).collect();
    let last = options.stop_after.map_or(plan.len(), |n| n.min(plan.len()));
    let bar = progress(plan.len());
    bar.set_position(trainer.steps() as u64);
    bar.reset_eta();
    let clock = Instant::now();
    for step in trainer.steps()..last {
        let batch = Batch::new(&plan[step].iter().map(|&i| &examples[i]).collect::<Vec<_>>());
        let seed = Random::new(options.seed ^ (step as u64 + 1) << 20).bits() as u32;
        let pass = Pass { dropout: options.dropout, seed: seed.into(), ..Pass::default() };
        let rate = rate(options.rate, step, plan.len(), options.warmup);
        let done = trainer.step(&batch, &pass, rate, options.clip)?;
        let seconds = clock.elapsed().as_secs_f64();
        files.note(&json!({"step": step + 1, "loss": done.loss, "norm": done.gradient_norm, "rate": rate,
            "instances": batch.instances, "seconds": seconds}))?;
        bar.set_message(format!("loss {:.3}", done.loss));
        bar.inc(1);
        let end = step + 1 == plan.len();
        if let Some(valid) = valid.as_ref().filter(|_| end || (step + 1).is_multiple_of(options.eval_every)) {
            let scores = score(&trainer, &config, &tokenizer, valid)?;
            files.note(&json!({"step": step + 1, "valid": scores}))?;
            bar.println(format!(
                "step {}: EM {:.2}, F1 {:.2}, token loss {:.3}",
                step + 1,
                scores.em,
                scores.f1,
                scores.token_loss
            ));
            if scores.f1 > best {
                best = scores.f1;
                save_model(&trainer, &files.0)?;
            }
        }
        if end || step + 1 == last || (step + 1).is_multiple_of(options.save_every) {
            write(&files.state(), &trainer.to_bytes(&best.to_string())?)?;
        }
    }
    bar.finish_and_clear();
    if valid.is_none() {
        save_model(&trainer, &files.0)?;
    }
    eprintln!("{} of {} steps done, {}", trainer.steps(), plan.len(), files.0.display());
    Ok(())
}

/// Reads all data files; for every example how often it appears in an epoch.
fn examples(options: &Options, text: &TextEncoder) -> Result<(Vec<Example>, Vec<f64>), Stop> {
    let (mut examples, mut copies) = (Vec::new(), Vec::new());
    for source in &options.data {
        let (path, weight) = match source.rsplit_once('@') {
            Some((path, weight)) => {
                let parsed = weight.parse::<f64>().ok().filter(|w| w.is_finite() && *w > 0.0 && *w <= 100.0);
                (path, parsed.ok_or_else(|| Stop::Input(format!("--data {source}: {weight} is no weight")))?)
            }
            None => (source.as_str(), 1.0),
        };
        let mut instances = data::read(Path::new(path))?;
        instances.retain(|i| i.confidence.is_none_or(|c| c >= options.min_confidence));
        let encoded = evaluate::each(
            &instances,
            || {},
            |instance| match Example::new(text, instance) {
                // A question beyond the limit teaches nothing about any other.
                Err(Fault::QuestionTooLong { .. }) => Ok(None),
                other => other.map(Some),
            },
        );
        let encoded = encoded.map_err(|(id, fault)| Stop::Input(format!("{path}, question {id}: {fault}")))?;
        let left_out = encoded.iter().filter(|e| e.is_none()).count();
        eprintln!(
            "{path}: {} questions{}",
            encoded.len() - left_out,
            if left_out > 0 { format!(", {left_out} too long") } else { String::new() }
        );
        examples.extend(encoded.into_iter().flatten());
        copies.resize(examples.len(), weight);
    }
    Ok((examples, copies))
}

fn score(trainer: &Trainer, config: &Config, tokenizer: &[u8], valid: &[Instance]) -> Result<evaluate::Scores, Stop> {
    // A copy without variables: it records nothing for a gradient.
    let model = Model::load(config.clone(), &trainer.snapshot()?)?;
    let text = TextEncoder::from_bytes(tokenizer, config.max_position_embeddings)?;
    let engine = Engine::new("in training", model, text, 0);
    let choice = Choice { decoder: Decoder::One, no_answer_threshold: None, max_answer_tokens: None };
    let outcomes = evaluate::each(valid, || {}, |instance| evaluate::run(&engine, instance, choice));
    let outcomes = outcomes.map_err(|(id, fault)| Stop::Input(format!("question {id}: {fault}")))?;
    Ok(evaluate::scores(valid, &outcomes)?)
}

fn save_model(trainer: &Trainer, folder: &Path) -> Result<(), Stop> {
    write(&folder.join("model.safetensors"), &trainer.snapshot()?.to_bytes(Format::F32)?)
}
