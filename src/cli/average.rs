//! `bioscope average`: the mean of several models' weights.

use std::path::{Path, PathBuf};

use super::output::{check_folder, make_folder, say, write};
use super::{Done, Stop, of_model, read, read_json, weight_file, weighted};
use crate::model::{Checkpoint, Format};
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
    let mut models = Vec::new();
    for named in &options.model {
        let (folder, weight) = weighted("--model", named)?;
        let bytes = read(&weight_file(Path::new(folder))?)?;
        models.push((Checkpoint::from_bytes(&bytes).map_err(of_model(Path::new(folder)))?, weight));
    }
    let mean = average(&models)?.to_bytes(Format::F32)?;
    let (first, _) = weighted("--model", &options.model[0])?;
    let copies = ["config.json", "tokenizer.json"]
        .map(|name| read_json(&Path::new(first).join(name)).map(|bytes| (name, bytes)));
    make_folder(&options.output)?;
    for copy in copies {
        let (name, bytes) = copy?;
        write(&options.output.join(name), &bytes)?;
    }
    write(&options.output.join(Format::F32.file_name()), &mean)?;
    say(&format!("{}: mean of {} models", options.output.display(), models.len()));
    Ok(Done::All)
}
