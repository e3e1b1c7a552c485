//! Learning from the user's own labels, one step after the other, with undo: the same trainer as on the command line,
//! driven layer by layer.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use candle_core::Tensor;
use candle_core::backprop::GradStore;
use web_time::Instant;

use super::loss::top_loss;
use super::pass::{Layered, Upwards};
use super::{AdamW, Batch, Example, Settings, Variables, sgd};
use crate::error::Error;
use crate::inference::learning::{Mode, Optimizer, StepOptions, StepReport};
use crate::inference::milliseconds;
use crate::model::{Checkpoint, Config, Model};

/// What a step learns from: one instance, or a small set of them.
pub type Instances = Arc<[Example]>;

/// A model that learns from single instances. Without dropout, so that the same steps give the same numbers.
#[derive(Debug)]
pub struct Tuning {
    start: Checkpoint,
    variables: Variables,
    /// Records what is done, for gradients.
    recording: Model,
    /// The same weights in the same memory, for reading only.
    output: Model,
    /// Head and joint steps each have their own memory.
    optimisers: HashMap<Mode, AdamW>,
    taken: Vec<Taken>,
    /// The top layer of the instances that head steps are made on: it stays as long as the encoder does.
    top: Option<(Instances, Vec<Tensor>)>,
    /// The way up of the instance that the last step was made on, by the weights as they are since: it gave L after the
    /// step, and the next step goes down from its top.
    ahead: Option<(Instances, Box<Layered>)>,
}

/// A step that was made.
#[derive(Clone, Debug)]
struct Taken {
    instances: Instances,
    options: StepOptions,
}

/// Work under way; [`Work::advance`] goes on by one layer. Instances go through the encoder one after the other, so that
/// a set needs no more memory than its largest.
#[derive(Debug)]
pub struct Work {
    queue: VecDeque<Taken>,
    stage: Stage,
    /// Layers passed so far, and how many there are in all.
    layers: (usize, usize),
    since: Instant,
    report: Option<StepReport>,
}

#[derive(Debug)]
enum Stage {
    /// The next step begins.
    Next,
    /// Up and down through all layers.
    Joint(Taken, Box<Layered>, Sum),
    /// Up once; the top layers that are there. For the head's inputs, or for L after the step that the report is of.
    Up(Taken, Upwards, Vec<Tensor>, Option<Box<StepReport>>),
    /// L after a joint step on one instance, recorded.
    Ahead(Taken, Box<Layered>, Box<StepReport>),
}

/// What the instances so far add up to.
#[derive(Debug, Default)]
struct Sum {
    instances: usize,
    loss: f64,
    gradients: Option<GradStore>,
}

impl Sum {
    fn add(&mut self, variables: &Variables, loss: f64, gradients: GradStore) -> Result<(), Error> {
        self.instances += 1;
        self.loss += loss;
        let Some(sum) = &mut self.gradients else {
            self.gradients = Some(gradients);
            return Ok(());
        };
        for (_, variable) in variables.iter() {
            if let Some(gradient) = gradients.get(variable) {
                let together = match sum.remove(variable) {
                    Some(before) => (before + gradient)?,
                    None => gradient.clone(),
                };
                sum.insert(variable, together);
            }
        }
        Ok(())
    }

    /// The mean over the instances: L and its gradients.
    fn mean(self, variables: &Variables) -> Result<(f64, GradStore), Error> {
        let mut gradients = self.gradients.ok_or(Error::Internal { why: "a step on no instance".into() })?;
        let count = self.instances as f64;
        if self.instances > 1 {
            for (_, variable) in variables.iter() {
                if let Some(gradient) = gradients.remove(variable) {
                    gradients.insert(variable, (gradient / count)?);
                }
            }
        }
        Ok((self.loss / count, gradients))
    }
}

impl Tuning {
    /// Begins at these weights, dequantized to f32.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn new(config: Config, start: Checkpoint) -> Result<Tuning, Error> {
        let (variables, tracked) = Variables::new(&start)?;
        let recording = Model::load(config.clone(), &tracked)?;
        let output = Model::load(config, &variables.detached())?;
        let (optimisers, taken, top, ahead) = (HashMap::new(), Vec::new(), None, None);
        Ok(Tuning { start, variables, recording, output, optimisers, taken, top, ahead })
    }

    /// The tuned model, for reading.
    pub fn model(&self) -> &Model {
        &self.output
    }

    /// The weights as they are now, in f32.
    pub fn weights(&self) -> Checkpoint {
        self.variables.detached()
    }

    /// Gives back what is only kept to make the next step quicker.
    pub fn rest(&mut self) {
        self.ahead = None;
    }

    /// The variables, by name.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// Steps since the start.
    pub fn steps(&self) -> usize {
        self.taken.len()
    }

    /// Gradients of L for one example, as a joint step has them.
    pub fn gradients(&self, example: &Example) -> Result<(f64, GradStore), Error> {
        let mut pass = Layered::new(Batch::new(&[example]));
        while !pass.advance(&self.recording, &self.variables)? {}
        let (instances, gradients) = pass.finish()?;
        Ok((instances[0], gradients))
    }

    /// A step down the gradient of the mean of L over these instances, at least one.
    pub fn step(&self, instances: Instances, options: StepOptions) -> Work {
        Work::new([Taken { instances, options }].into(), self.output.encoder.depth())
    }

    /// Back by one step: from the start through all steps but the last. Does nothing at the start.
    ///
    /// # Errors
    /// As [`Variables::reset`].
    pub fn undo(&mut self) -> Result<Work, Error> {
        let mut steps = std::mem::take(&mut self.taken);
        steps.pop();
        self.reset()?;
        Ok(Work::new(steps.into(), self.output.encoder.depth()))
    }

    /// Back to the start, bit for bit.
    ///
    /// # Errors
    /// As [`Variables::reset`].
    pub fn reset(&mut self) -> Result<(), Error> {
        self.taken.clear();
        self.optimisers.clear();
        (self.top, self.ahead) = (None, None);
        self.variables.reset(&self.start)
    }

    /// Moves the parameters down a gradient.
    fn descend(
        &mut self,
        options: StepOptions,
        rate: f64,
        gradients: &GradStore,
    ) -> Result<BTreeMap<String, f64>, Error> {
        self.ahead = None;
        if options.mode == Mode::Joint {
            self.top = None;
        }
        match options.optimizer {
            Optimizer::Sgd => sgd::descend(&self.variables, gradients, rate),
            Optimizer::AdamW => {
                let settings = Settings { weight_decay: 0.0, ..Settings::default() };
                let optimiser = self.optimisers.entry(options.mode).or_insert_with(|| AdamW::new(settings));
                optimiser.step(&self.variables, gradients, rate, 1.0)
            }
        }
    }

    /// Makes the step whose loss and gradients are known.
    fn make(&mut self, taken: &Taken, loss: f64, gradients: &GradStore) -> Result<StepReport, Error> {
        let gradient_norm = self.variables.norm(gradients)?;
        if !(loss.is_finite() && gradient_norm.is_finite()) {
            return Err(Error::Diverged);
        }
        let StepOptions { mode, optimizer, learning_rate } = taken.options;
        let rate = learning_rate.unwrap_or_else(|| optimizer.default_rate(mode, self.output.config.hidden_size));
        let update_norms = self.descend(taken.options, rate, gradients)?;
        self.taken.push(taken.clone());
        let t = taken.instances.iter().flat_map(|example| example.gold.iter().flatten());
        let entropy = -t.filter(|t| **t > 0.0).map(|t| t * t.ln()).sum::<f64>() / taken.instances.len() as f64 + 0.0;
        let steps = self.taken.len();
        Ok(StepReport {
            loss_before: loss,
            loss_after: f64::NAN,
            entropy,
            update_norms,
            gradient_norm,
            learning_rate: rate,
            steps,
            milliseconds: 0.0,
            memory: 0,
        })
    }

    /// L, the mean over instances whose top layers are known.
    fn loss(&self, instances: &[Example], tops: &[Tensor]) -> Result<f64, Error> {
        let mut sum = 0.0;
        for (example, top) in instances.iter().zip(tops) {
            sum += top_loss(&self.output, &Batch::new(&[example]), top)?.1[0];
        }
        Ok(sum / instances.len() as f64)
    }
}

/// The way up of the instance after those whose top layers are known.
fn upwards(taken: &Taken, tops: &[Tensor]) -> Upwards {
    Upwards::new(Arc::new(Batch::new(&[&taken.instances[tops.len()]])))
}

impl Work {
    fn new(queue: VecDeque<Taken>, depth: usize) -> Work {
        let passes = |(k, taken): (usize, &Taken)| {
            let last = usize::from(k + 1 == queue.len());
            taken.instances.len() * if taken.options.mode == Mode::Joint { 2 + last } else { 1 }
        };
        let total = queue.iter().enumerate().map(passes).sum::<usize>() * (depth + 1);
        Work { queue, stage: Stage::Next, layers: (0, total), since: Instant::now(), report: None }
    }

    /// Layers passed so far, and how many there are in all; a head step whose h_i are known passes none.
    pub fn progress(&self) -> (usize, usize) {
        self.layers
    }

    /// Goes on by one layer; true: done.
    ///
    /// # Errors
    /// [`Error::Diverged`] when L or its gradient is no number before the step: nothing has changed then.
    pub fn advance(&mut self, tuning: &mut Tuning) -> Result<bool, Error> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Next) {
            Stage::Next => match self.queue.pop_front() {
                None => return Ok(true),
                Some(taken) => {
                    self.since = Instant::now();
                    self.begin(tuning, taken)?
                }
            },
            Stage::Joint(taken, mut pass, mut sum) => {
                self.layers.0 += 1;
                if pass.advance(&tuning.recording, &tuning.variables)? {
                    let (losses, gradients) = pass.finish()?;
                    sum.add(&tuning.variables, losses[0], gradients)?;
                    self.after_instance(tuning, taken, sum)?
                } else {
                    Stage::Joint(taken, pass, sum)
                }
            }
            Stage::Up(taken, mut pass, mut tops, report) => {
                self.layers.0 += 1;
                if let Some(top) = pass.advance(&tuning.output)? {
                    tops.push(top);
                    if tops.len() == taken.instances.len() {
                        let loss = report.as_ref().map(|_| tuning.loss(&taken.instances, &tops));
                        tuning.top = Some((taken.instances.clone(), tops));
                        match report.zip(loss) {
                            None => self.head(tuning, &taken)?,
                            Some((report, loss)) => self.done(StepReport { loss_after: loss?, ..*report }),
                        }
                    } else {
                        let pass = upwards(&taken, &tops);
                        Stage::Up(taken, pass, tops, report)
                    }
                } else {
                    Stage::Up(taken, pass, tops, report)
                }
            }
            Stage::Ahead(taken, mut pass, mut report) => {
                self.layers.0 += 1;
                pass.advance(&tuning.recording, &tuning.variables)?;
                match (pass.losses().map(|losses| losses[0]), pass.top()) {
                    (Some(loss), Some(top)) => {
                        report.loss_after = loss;
                        tuning.top = Some((taken.instances.clone(), vec![top]));
                        tuning.ahead = Some((taken.instances, pass));
                        self.done(*report)
                    }
                    _ => Stage::Ahead(taken, pass, report),
                }
            }
        };
        Ok(self.queue.is_empty() && matches!(self.stage, Stage::Next))
    }

    fn begin(&mut self, tuning: &mut Tuning, taken: Taken) -> Result<Stage, Error> {
        if taken.options.mode == Mode::Joint {
            if let Some((known, pass)) = tuning.ahead.take()
                && (Arc::ptr_eq(&known, &taken.instances) || *known == *taken.instances)
            {
                self.layers.0 += tuning.output.encoder.depth() + 1;
                return Ok(Stage::Joint(taken, pass, Sum::default()));
            }
            let pass = Layered::new(Batch::new(&[&taken.instances[0]]));
            return Ok(Stage::Joint(taken, Box::new(pass), Sum::default()));
        }
        let same = |(known, _): &(Instances, Vec<Tensor>)| {
            let texts = known.iter().map(|example| &example.encoded);
            Arc::ptr_eq(known, &taken.instances) || texts.eq(taken.instances.iter().map(|example| &example.encoded))
        };
        if tuning.top.as_ref().is_some_and(same) {
            return self.head(tuning, &taken);
        }
        let pass = upwards(&taken, &[]);
        Ok(Stage::Up(taken, pass, Vec::new(), None))
    }

    /// A joint step after one more instance: the next one, or the step itself.
    fn after_instance(&mut self, tuning: &mut Tuning, taken: Taken, sum: Sum) -> Result<Stage, Error> {
        if let Some(next) = taken.instances.get(sum.instances) {
            let pass = Layered::new(Batch::new(&[next]));
            return Ok(Stage::Joint(taken, Box::new(pass), sum));
        }
        let (loss, gradients) = sum.mean(&tuning.variables)?;
        let report = tuning.make(&taken, loss, &gradients)?;
        if !self.queue.is_empty() {
            return Ok(Stage::Next); // steps that are made again need no loss after them
        }
        if let [alone] = &taken.instances[..] {
            let pass = Layered::new(Batch::new(&[alone]));
            return Ok(Stage::Ahead(taken, Box::new(pass), Box::new(report)));
        }
        let pass = upwards(&taken, &[]);
        Ok(Stage::Up(taken, pass, Vec::new(), Some(Box::new(report))))
    }

    /// A head step: the top layers are known.
    fn head(&mut self, tuning: &mut Tuning, taken: &Taken) -> Result<Stage, Error> {
        let (_, tops) = tuning.top.clone().ok_or(Error::Internal { why: "the top layer is not known".into() })?;
        let mut sum = Sum::default();
        for (example, top) in taken.instances.iter().zip(&tops) {
            let (mean, losses) = top_loss(&tuning.recording, &Batch::new(&[example]), top)?;
            sum.add(&tuning.variables, losses[0], mean.backward()?)?;
        }
        let (loss, gradients) = sum.mean(&tuning.variables)?;
        let mut report = tuning.make(taken, loss, &gradients)?;
        report.loss_after = tuning.loss(&taken.instances, &tops)?;
        Ok(self.done(report))
    }

    fn done(&mut self, mut report: StepReport) -> Stage {
        report.milliseconds = milliseconds(self.since);
        #[cfg(target_arch = "wasm32")]
        {
            report.memory = core::arch::wasm32::memory_size(0) << 16; // pages of 64 KiB
        }
        self.report = Some(report);
        Stage::Next
    }

    /// Whether nothing has changed yet, so that the work can be dropped.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Joint(..) | Stage::Up(.., None))
    }

    /// What the last step did; `None` where none was made.
    pub fn finish(self) -> Option<StepReport> {
        self.report
    }
}
