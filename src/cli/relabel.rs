//! `bioscope relabel`: a weakly labelled file with its labels matched anew by a model.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::json;

use super::data::{Reading, Skipped};
use super::output::{Output, is_same, say};
use super::{Done, Stop, counted, load, of_question, progress};
use crate::metrics::evaluate;
use crate::train::relabel::{candidates, claim, deal};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder that matches
    #[arg(long)]
    model: PathBuf,
    /// Data of any format whose spans are the paragraphs' answers, whichever question they stand beside
    #[arg(long)]
    data: PathBuf,
    /// JSON lines to write: questions whose new answer the model would have chosen itself, with the pair's `confidence`
    #[arg(long)]
    output: PathBuf,
    /// JSON lines to write: questions that got their answer by elimination, with the pair's `confidence`
    #[arg(long)]
    eliminated: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

/// Refuses to write two results into one file, or one over what is read.
fn distinct(options: &Options) -> Result<(), Stop> {
    let read = Some(&options.data).filter(|path| path.as_os_str() != "-");
    let all = [("--data", read), ("--output", Some(&options.output)), ("--eliminated", options.eliminated.as_ref())];
    let all: Vec<(&str, &PathBuf)> = all.into_iter().filter_map(|(name, path)| Some((name, path?))).collect();
    for (k, (name, path)) in all.iter().enumerate() {
        if let Some((other, _)) = all[..k].iter().find(|(_, before)| is_same(before, path)) {
            return Err(Stop::Input(format!("{other} and {name} are both {}: name two files", path.display())));
        }
    }
    Ok(())
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    distinct(options)?;
    let output = Output::new(&options.output)?;
    let rest = options.eliminated.as_deref().map(Output::new).transpose()?;
    let engine = load(&options.model)?;
    let mut skipped = Skipped::default();
    let instances = options.reading.instances(&options.data, true, engine.text(), &mut skipped)?;
    let known = candidates(&instances);
    let bar = progress(instances.len());
    let claims =
        evaluate::each(&instances, || bar.inc(1), |instance| claim(&engine, instance, &known[&*instance.context]));
    let claims = claims.map_err(of_question(&options.data))?;
    bar.finish_and_clear();
    let mut paragraphs: HashMap<&str, Vec<usize>> = HashMap::new();
    for (n, instance) in instances.iter().enumerate() {
        paragraphs.entry(&instance.context).or_default().push(n);
    }
    let mut matches = vec![None; instances.len()];
    for questions in paragraphs.values() {
        let found = deal(&questions.iter().map(|&n| &claims[n]).collect::<Vec<_>>());
        questions.iter().zip(found).for_each(|(&n, found)| matches[n] = found);
    }
    let [mut agreed, mut eliminated] = [String::new(), String::new()];
    let mut moved = 0;
    for ((instance, found), claim) in instances.iter().zip(&matches).zip(&claims) {
        let Some(found) = found else { continue };
        let span = known[&*instance.context][found.answer];
        moved += usize::from(!instance.annotators.iter().flatten().any(|before| *before == span));
        let line = json!({"id": instance.id, "context": &*instance.context, "question": instance.question,
            "annotators": [[[span.start, span.end]]], "confidence": found.confidence});
        let lines = if claim.chosen[found.answer] { &mut agreed } else { &mut eliminated };
        *lines += &format!("{line}\n");
    }
    let count = |lines: &str| lines.lines().count();
    say(&format!(
        "{}: with {} the model agrees, {} got their answer by elimination, {} are left without; \
         {} another answer than before",
        counted(instances.len(), "question", "questions"),
        count(&agreed),
        count(&eliminated),
        matches.iter().filter(|found| found.is_none()).count(),
        counted(moved, "has", "have")
    ));
    output.write(agreed.as_bytes())?;
    rest.map_or(Ok(()), |rest| rest.write(eliminated.as_bytes()))?;
    Ok(skipped.done())
}
