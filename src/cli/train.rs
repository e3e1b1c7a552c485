//! `bioscope train`: joint fine-tuning of every parameter on soft gold labels.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::data::Skipped;
use super::run::{self, Run, fingerprint};
use super::values::share;
use super::{Done, Stop, files, of_model};
use crate::model::{Checkpoint, Config, Files, Model};
use crate::tokenize::TextEncoder;
use crate::train::{Batch, Settings, Trainer, batch_logits};

#[derive(clap::Args, Serialize)]
pub(super) struct Options {
    /// Model folder to start from
    #[arg(long)]
    #[serde(skip)]
    base: PathBuf,
    /// Model folder whose p_i are part of t_i
    #[arg(long)]
    #[serde(skip)]
    teacher: Option<PathBuf>,
    /// Share of the gold labels in t_i beside a teacher; the rest is its p_i
    #[arg(long, default_value_t = 0.5, requires = "teacher", value_parser = share)]
    gold: f64,
    #[command(flatten)]
    #[serde(flatten)]
    run: run::Options,
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    let claim = run::claim(&options.run)?;
    let mut skipped = Skipped::default();
    let Files { weights, config: config_json, tokenizer } = files(&options.base)?;
    let named = of_model(&options.base);
    let config = Config::from_bytes(&config_json).map_err(&named)?;
    let text = TextEncoder::from_bytes(&tokenizer, config.max_position_embeddings).map_err(&named)?;
    let (examples, copies) = run::examples(&options.run, &text, &mut skipped)?;
    let weights = Checkpoint::from_bytes(&weights).map_err(&named)?;
    let settings = Settings { weight_decay: options.run.weight_decay, ..Settings::default() };
    let trainer = Trainer::new(config.clone(), &weights, settings).map_err(&named)?;
    let teacher = options.teacher.as_deref().map(|folder| teacher(folder, &tokenizer)).transpose()?;
    let valid = run::valid(&options.run, &text, &mut skipped)?;
    let mut plan = run::plan(options)?;
    plan["teacher"] = teacher.as_ref().map(|(_, weights)| weights.as_str()).into();
    let mut run = Run { config, config_json, tokenizer, trainer, examples, copies, valid, plan, best: None };
    let claim = run.open(&options.run, claim)?;
    run.go(&options.run, &claim, |trainer, examples, turn| {
        let mut batch = Batch::new(&turn.chosen.iter().map(|&i| &examples[i]).collect::<Vec<_>>());
        if let Some((teacher, _)) = &teacher {
            let logits = batch_logits(teacher, &batch)?;
            batch.mix(options.gold, logits);
        }
        Ok((trainer.step(&batch, turn.pass, turn.rate, turn.clip)?, Value::Null))
    })?;
    Ok(skipped.done())
}

/// A model that reads the same tokens as the student, and the fingerprint of its weights.
fn teacher(folder: &Path, tokenizer: &[u8]) -> Result<(Model, String), Stop> {
    let files = files(folder)?;
    if files.tokenizer != tokenizer {
        return Err(Stop::Input(format!("{}: another tokenizer.json than the student's", folder.display())));
    }
    let named = of_model(folder);
    let config = Config::from_bytes(&files.config).map_err(&named)?;
    let weights = Checkpoint::from_bytes(&files.weights).map_err(&named)?;
    Ok((Model::load(config, &weights).map_err(&named)?, fingerprint(files.weights)))
}
