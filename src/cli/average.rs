//! `bioscope average`: the mean of several models' weights.

use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use serde_json::Value;

use super::output::{check_folder, say};
use super::{Done, Stop, check_weights, counted, files, of_model, weighted, write_files};
use crate::error::Error;
use crate::model::{Checkpoint, Config, Files, Format, Head, Weight};
use crate::train::average;

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folders of one shape; FOLDER@2 counts twice
    #[arg(long, required = true, num_args = 1..)]
    model: Vec<String>,
    /// Model folder to write; config.json and tokenizer.json are the first one's
    #[arg(long)]
    output: PathBuf,
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    check_folder(&options.output)?;
    check_weights(&options.output, Format::F32)?;
    let named = options.model.iter().map(|named| weighted("--model", named)).collect::<Result<Vec<_>, _>>()?;
    let lead = Path::new(named[0].0);
    let first = Description::read(lead)?;
    let order = first.config.class_order()?;
    let mut models = Vec::new();
    for (folder, weight) in named {
        let folder = Path::new(folder);
        let own = Description::read(folder)?;
        if own.words != first.words {
            let why = format!("another tokenizer than that of the model {}", lead.display());
            return Err(Stop::Input(format!("{}: {why}", folder.display())));
        }
        let ordered =
            Checkpoint::from_bytes(&own.files.weights).and_then(|checkpoint| in_order(checkpoint, &own.config, order));
        models.push((ordered.map_err(of_model(folder))?, weight));
    }
    let mean = Files { weights: average(&models)?.to_bytes(Format::F32)?, ..first.files };
    write_files(&options.output, &mean, Format::F32)?;
    say(&format!("{}: mean of {}", options.output.display(), counted(models.len(), "model", "models")));
    Ok(Done::All)
}

/// A model's files, and what they say.
struct Description {
    files: Files,
    config: Config,
    /// What of the tokenizer decides which word a row of the embeddings is of.
    words: [Value; 2],
}

impl Description {
    fn read(folder: &Path) -> Result<Description, Stop> {
        let files = files(folder)?;
        let config = Config::from_bytes(&files.config).map_err(of_model(folder))?;
        let corrupt = |e: serde_json::Error| Error::Corrupt { file: "tokenizer.json".into(), why: e.to_string() };
        let mut parts: Value = serde_json::from_slice(&files.tokenizer).map_err(corrupt).map_err(of_model(folder))?;
        let words = ["model", "normalizer"].map(|part| parts.get_mut(part).map(Value::take).unwrap_or_default());
        Ok(Description { files, config, words })
    }
}

/// The weights with the head's rows in that order of B, I, O: files may keep them in any.
fn in_order(mut checkpoint: Checkpoint, config: &Config, order: [usize; 3]) -> Result<Checkpoint, Error> {
    let Head { w, b } = Head::load(config, &checkpoint)?; // B, I, O
    let mut rows = [0; 3];
    order.into_iter().zip(0u32..).for_each(|(row, class)| rows[row] = class);
    let rows = Tensor::new(&rows, &Device::Cpu)?;
    for (name, values) in [("classifier.weight", w), ("classifier.bias", b)] {
        checkpoint.insert(name, Weight::Full(values.index_select(&rows, 0)?));
    }
    Ok(checkpoint)
}
