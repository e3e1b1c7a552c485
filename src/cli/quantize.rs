//! `bioscope quantize`: a model folder in a smaller format.

use std::path::PathBuf;

use super::output::{check_folder, is_same, make_folder, say, write};
use super::{Done, Stop, check_weights, load, of_model, read, read_json, weight_file};
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
    let source = weight_file(&options.model)?;
    let (config, tokenizer) = ("config.json", "tokenizer.json");
    let before = read(&source)?;
    let weights = Checkpoint::from_bytes(&before).map_err(of_model(&options.model))?.to_bytes(options.format)?;
    let copies = [config, tokenizer].map(|name| read_json(&options.model.join(name)).map(|bytes| (name, bytes)));
    let [config, tokenizer] = copies;
    let (config, tokenizer) = (config?, tokenizer?);
    Engine::load("written", weights.clone(), &config.1, &tokenizer.1)?;
    make_folder(&options.output)?;
    for (name, bytes) in [config, tokenizer] {
        write(&options.output.join(name), &bytes)?;
    }
    let target = options.output.join(options.format.file_name());
    write(&target, &weights)?;
    say(&format!("{}: {} bytes (from {})", target.display(), weights.len(), before.len()));
    Ok(Done::All)
}
