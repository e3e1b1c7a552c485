//! `bioscope plot`: the loss curve of a training run as SVG.

use std::path::PathBuf;

use super::output::{Output, say};
use super::{Done, Stop};
use crate::plot;

#[derive(clap::Args)]
pub(super) struct Options {
    /// The run's log.jsonl
    #[arg(long)]
    log: PathBuf,
    /// File to write [default: loss.svg beside the log]
    #[arg(long)]
    output: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    let output = options.output.clone().unwrap_or_else(|| options.log.with_file_name("loss.svg"));
    let output = Output::new(&output)?;
    let name = output.name().to_owned();
    output.write(plot::loss_curve(&options.log)?.as_bytes())?;
    say(&name);
    Ok(Done::All)
}
