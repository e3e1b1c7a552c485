//! `bioscope train`: joint fine-tuning of every parameter on soft gold labels.

use std::path::PathBuf;

use serde_json::Value;

use super::run::{self, Run};
use super::{Stop, of_model, read, weight_file};
use crate::model::{Checkpoint, Config};
use crate::text::TextEncoder;
use crate::train::{Batch, Settings, Trainer};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder to start from
    #[arg(long)]
    base: PathBuf,
    #[command(flatten)]
    run: run::Options,
}

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let config_json = read(&options.base.join("config.json"))?;
    let tokenizer = read(&options.base.join("tokenizer.json"))?;
    let named = of_model(&options.base);
    let config = Config::from_bytes(&config_json).map_err(&named)?;
    let text = TextEncoder::from_bytes(&tokenizer, config.max_position_embeddings).map_err(&named)?;
    let (examples, copies) = run::examples(&options.run, &text)?;
    let weights = Checkpoint::from_bytes(&read(&weight_file(&options.base)?)?).map_err(&named)?;
    let settings = Settings { weight_decay: options.run.weight_decay, ..Settings::default() };
    let trainer = Trainer::new(config.clone(), &weights, settings).map_err(&named)?;
    let valid = run::valid(&options.run, &text)?;
    let run = Run { config, config_json, tokenizer, trainer, examples, copies, valid };
    run.go(&options.run, |trainer, examples, turn| {
        let batch = Batch::new(&turn.chosen.iter().map(|&i| &examples[i]).collect::<Vec<_>>());
        Ok((trainer.step(&batch, turn.pass, turn.rate, turn.clip)?, Value::Null))
    })
}
