//! `bioscope plot`: the loss curve of a training run as SVG.

use std::path::PathBuf;

use super::Stop;
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

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let output = options.output.clone().unwrap_or_else(|| options.log.with_file_name("loss.svg"));
    plot::loss_curve(&options.log, &output)?;
    eprintln!("{}", output.display());
    Ok(())
}
