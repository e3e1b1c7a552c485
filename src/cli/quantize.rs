//! `bioscope quantize`: a model folder in a smaller format.

use std::path::PathBuf;

use super::output::{check_folder, is_same, say};
use super::{Done, Stop, check_weights, files, load, of_model, write_files};
use crate::inference::Engine;
use crate::model::{Checkpoint, Format};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder to read
    #[arg(long)]
    model: PathBuf,
    /// int8 (one scale per row), int8-int4 (word embeddings with 4 bits), q8_0, q5_1, q5_0, q4_1, q4_0, f16 or f32
    #[arg(long = "type", default_value = "int8", value_parser = format)]
    format: Format,
    /// Model folder to write
    #[arg(long)]
    output: PathBuf,
}

fn format(name: &str) -> Result<Format, String> {
    let names = || Format::NAMED.map(|(name, _)| name).join(", ");
    let found = Format::NAMED.iter().find(|(known, _)| *known == name.to_lowercase());
    found.map(|(_, format)| *format).ok_or_else(|| format!("expected one of {}", names()))
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    if is_same(&options.model, &options.output) {
        let why = "is the model that is read: choose another folder for what is written";
        return Err(Stop::Input(format!("--output {} {why}", options.output.display())));
    }
    check_folder(&options.output)?;
    check_weights(&options.output, options.format)?;
    load(&options.model)?; // a model that cannot be used is not worth quantizing
    let mut model = files(&options.model)?;
    let before = model.weights.len();
    let checkpoint = Checkpoint::from_bytes(&model.weights).map_err(of_model(&options.model))?;
    model.weights = checkpoint.to_bytes(options.format)?;
    Engine::load("written", model.weights.clone(), &model.config, &model.tokenizer)?;
    write_files(&options.output, &model, options.format)?;
    let target = options.output.join(options.format.file_name());
    say(&format!("{}: {} bytes (from {before})", target.display(), model.weights.len()));
    Ok(Done::All)
}
