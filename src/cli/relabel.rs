//! `bioscope relabel`: a weakly labelled file with its labels matched anew by a model.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::json;

use super::{Stop, load, of_question, progress, write};
use crate::dataset;
use crate::metrics::evaluate;
use crate::train::relabel::{candidates, claim, deal};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Model folder that matches
    #[arg(long)]
    model: PathBuf,
    /// JSON lines whose spans are the paragraphs' answers, whichever question they stand beside
    #[arg(long)]
    data: PathBuf,
    /// JSON lines to write: questions whose new answer the model would have chosen itself, with the pair's `confidence`
    #[arg(long)]
    output: PathBuf,
    /// JSON lines to write: questions that got their answer by elimination, with the pair's `confidence`
    #[arg(long)]
    eliminated: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<(), Stop> {
    let engine = load(&options.model)?;
    let instances = dataset::read(&options.data)?;
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
    eprintln!(
        "{} questions: with {} the model agrees, {} got their answer by elimination, {} are left without; \
         {moved} have another answer than before",
        instances.len(),
        count(&agreed),
        count(&eliminated),
        matches.iter().filter(|found| found.is_none()).count()
    );
    write(&options.output, agreed.as_bytes())?;
    options.eliminated.as_ref().map_or(Ok(()), |path| write(path, eliminated.as_bytes()))
}
