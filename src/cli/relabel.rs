//! `bioscope relabel`: a weakly labelled file with its labels matched anew by a model.

use std::path::PathBuf;

use serde_json::json;

use super::{Stop, load, of_question, progress, write};
use crate::data;
use crate::evaluate;
use crate::train::relabel::{best, candidates, settle};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder that matches
    #[arg(long)]
    model: PathBuf,
    /// JSON lines whose spans are the paragraphs' answers, whichever question they stand beside
    #[arg(long)]
    data: PathBuf,
    /// JSON lines to write, with `confidence` and `agrees`
    #[arg(long)]
    output: PathBuf,
}

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let engine = load(&options.model)?;
    let instances = data::read(&options.data)?;
    let known = candidates(&instances);
    let bar = progress(instances.len());
    let matches =
        evaluate::each(&instances, || bar.inc(1), |instance| best(&engine, instance, &known[&*instance.context]));
    let mut matches = matches.map_err(of_question(&options.data))?;
    bar.finish_and_clear();
    settle(&instances, &mut matches);
    let mut lines = String::new();
    let (mut kept, mut moved) = (0, 0);
    for (instance, found) in instances.iter().zip(&matches) {
        let Some(found) = found else { continue };
        kept += usize::from(found.agrees);
        moved += usize::from(!instance.annotators.iter().flatten().any(|span| *span == found.span));
        let line = json!({"id": instance.id, "context": &*instance.context, "question": instance.question,
            "annotators": [[[found.span.start, found.span.end]]], "confidence": found.confidence, "agrees": found.agrees});
        lines += &format!("{line}\n");
    }
    write(&options.output, lines.as_bytes())?;
    eprintln!(
        "{}: of {} questions {kept} agree, {moved} got another answer",
        options.output.display(),
        instances.len()
    );
    Ok(())
}
