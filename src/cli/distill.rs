//! `bioscope distill`: a narrower student of a trained model.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::json;

use super::data::Skipped;
use super::output::say;
use super::run::{self, Run, fingerprint};
use super::values::{count, factor, share};
use super::{Done, Stop, files, of_model};
use crate::model::{Checkpoint, Config, Files};
use crate::tokenize::TextEncoder;
use crate::train::distill::{self, LossWeights, Shape, Teacher, TeacherOutputs};
use crate::train::{Batch, Example, Random, Settings, Trainer};

#[derive(clap::Args, Serialize)]
pub(super) struct Options {
    /// Model folder of the teacher
    #[arg(long)]
    #[serde(skip)]
    teacher: PathBuf,
    /// The student's d; a multiple of the width of the teacher's heads
    #[arg(long, default_value_t = 128, value_parser = count)]
    width: usize,
    /// The student's layers
    #[arg(long, default_value_t = 6, value_parser = count)]
    layers: usize,
    /// Neurons of its feed-forward layers; by default four times the width
    #[arg(long, value_parser = count)]
    intermediate: Option<usize>,
    /// Texts by which the student is cut out of the teacher
    #[arg(long, default_value_t = 1000, value_parser = count)]
    sample: usize,
    /// Factor of the hidden states' error
    #[arg(long, default_value_t = 100.0, value_parser = factor)]
    hidden: f64,
    /// Factor of the attention's KL
    #[arg(long, alias = "relation", default_value_t = 30.0, value_parser = factor)]
    #[serde(rename = "relation")] // so that a run that was begun under that name goes on
    attention: f64,
    /// Share of the gold labels in t_i; the rest is the teacher's p_i
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    gold: f64,
    #[command(flatten)]
    #[serde(flatten)]
    run: run::Options,
}

/// Refuses a student that cannot be cut out of its teacher, before anything is read or computed.
fn check(shape: Shape, teacher: &Config) -> Result<(), Stop> {
    let sizes = [
        ("--width", shape.width, teacher.hidden_size),
        ("--layers", shape.layers, teacher.num_hidden_layers),
        ("--intermediate", shape.intermediate, teacher.intermediate_size),
    ];
    if let Some((option, size, most)) = sizes.into_iter().find(|(_, size, most)| size > most) {
        return Err(Stop::Input(format!("{option} {size}: the teacher has {most}, and its student at most as much")));
    }
    let head = teacher.hidden_size / teacher.num_attention_heads;
    if !shape.width.is_multiple_of(head) {
        let width = shape.width;
        let why = format!("expected a multiple of {head}, which is the width of the teacher's heads");
        return Err(Stop::Input(format!("--width {width}: {why}")));
    }
    Ok(())
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    let claim = run::claim(&options.run)?;
    let mut skipped = Skipped::default();
    let named = of_model(&options.teacher);
    let Files { weights: bytes, config, tokenizer } = files(&options.teacher)?;
    let config = Config::from_bytes(&config).map_err(&named)?;
    let text = TextEncoder::from_bytes(&tokenizer, config.max_position_embeddings).map_err(&named)?;
    let head = config.hidden_size / config.num_attention_heads;
    let shape = Shape {
        width: options.width,
        layers: options.layers,
        heads: (options.width / head).max(1),
        intermediate: options.intermediate.unwrap_or(4 * options.width),
    };
    check(shape, &config)?;
    let weights = Checkpoint::from_bytes(&bytes).map_err(&named)?;
    let mut plan = run::plan(options)?;
    plan["teacher"] = fingerprint(bytes).into();
    let teacher = Teacher::new(config, &weights).map_err(&named)?;
    let (examples, copies) = run::examples(&options.run, &text, &mut skipped)?;
    let valid = run::valid(&options.run, &text, &mut skipped)?;

    // The same student for the same seed: a resumed run cuts it out again to know what it imitates.
    let mut order: Vec<usize> = (0..examples.len()).collect();
    Random::new(options.run.seed ^ 0xd157).shuffle(&mut order);
    let sample: Vec<&Example> = order.iter().take(options.sample).map(|&i| &examples[i]).collect();
    say(&format!("cutting the student out of {} ...", options.teacher.display()));
    let student = distill::init_student(&teacher, shape, &sample)?;
    let percent: Vec<String> = student.unexplained.iter().map(|u| format!("{:.1} %", 100.0 * u)).collect();
    say(&format!("unexplained of the teacher's hidden states, from the embeddings up: {}", percent.join(", ")));

    let settings = Settings { weight_decay: options.run.weight_decay, ..Settings::default() };
    let trainer = Trainer::new(student.config.clone(), &student.checkpoint, settings)?;
    let config_json = serde_json::to_vec_pretty(&student.config).map_err(|e| Stop::Other(e.to_string()))?;
    let mut run =
        Run { config: student.config, config_json, tokenizer, trainer, examples, copies, valid, plan, best: None };
    let claim = run.open(&options.run, claim)?;
    let mut teacher_outputs =
        TeacherOutputs::open(&options.run.output.join("lessons.bin"), &student.source, &run.examples)?;
    if teacher_outputs.taught() > 0 {
        say(&format!(
            "the teacher's lessons on {} of {} questions are there already",
            teacher_outputs.taught(),
            run.examples.len()
        ));
    }
    let weights = LossWeights { hidden: options.hidden, attention: options.attention, gold: options.gold };
    run.go(&options.run, &claim, |trainer, examples, turn| {
        let batch = Batch::new(&turn.chosen.iter().map(|&i| &examples[i]).collect::<Vec<_>>());
        let teacher_output = teacher_outputs.of(&teacher, &student.source, examples, turn.chosen, &batch)?;
        let (objective, parts) =
            distill::distillation_loss(trainer, &student.source, &batch, &teacher_output, weights, turn.pass)?;
        let done = trainer.descend(&objective, parts.instances, turn.rate, turn.clip)?;
        Ok((done, json!({"hidden": parts.hidden, "relation": parts.attention})))
    })?;
    Ok(skipped.done())
}
