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
use crate::fault::Fault;
use crate::learning::{Mode, Optimizer, StepOptions, StepReport};
use crate::model::{Checkpoint, Config, Model};

/// A model that learns from single instances. Without dropout, so that the same steps give the same numbers.
#[derive(Debug)]
pub struct Tuning {
    start: Checkpoint,
    variables: Variables,
    /// Records what is done, for gradients.
    recording: Model,
    /// The same weights in the same memory, for reading only.
    reading: Model,
    /// Head and joint steps each have their own memory.
    optimisers: HashMap<Mode, AdamW>,
    taken: Vec<Taken>,
    /// The top layer of the instance that head steps are made on: it stays as long as the encoder does.
    top: Option<(Arc<Example>, Tensor)>,
}

/// A step that was made.
#[derive(Clone, Debug)]
struct Taken {
    example: Arc<Example>,
    options: StepOptions,
}

/// Work under way; [`Work::advance`] goes on by one layer.
#[derive(Debug)]
pub struct Work {
    queue: VecDeque<Taken>,
    stage: Stage,
    since: Instant,
    report: Option<StepReport>,
}

#[derive(Debug)]
enum Stage {
    /// The next step begins.
    Next,
    /// Up and down through all layers.
    Joint(Taken, Box<Layered>),
    /// Up once, for the head's inputs.
    Head(Taken, Upwards),
    /// The step is made; L after it is computed.
    After(Taken, Upwards, Box<StepReport>),
}

impl Tuning {
    /// Begins at these weights, dequantized to f32.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn new(config: Config, start: Checkpoint) -> Result<Tuning, Fault> {
        let (variables, tracked) = Variables::new(&start)?;
        let recording = Model::load(config.clone(), &tracked)?;
        let reading = Model::load(config, &variables.detached())?;
        Ok(Tuning { start, variables, recording, reading, optimisers: HashMap::new(), taken: Vec::new(), top: None })
    }

    /// The tuned model, for reading.
    pub fn model(&self) -> &Model {
        &self.reading
    }

    /// The weights as they are now, in f32.
    pub fn weights(&self) -> Checkpoint {
        self.variables.detached()
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
    pub fn gradients(&self, example: &Example) -> Result<(f64, GradStore), Fault> {
        let mut pass = Layered::new(Batch::new(&[example]));
        while !pass.advance(&self.recording, &self.variables)? {}
        let (instances, gradients) = pass.finish()?;
        Ok((instances[0], gradients))
    }

    /// A step on one example.
    pub fn step(&self, example: Arc<Example>, options: StepOptions) -> Work {
        Work::new([Taken { example, options }].into())
    }

    /// Back by one step: from the start through all steps but the last. Does nothing at the start.
    ///
    /// # Errors
    /// As [`Variables::reset`].
    pub fn undo(&mut self) -> Result<Work, Fault> {
        let mut steps = std::mem::take(&mut self.taken);
        steps.pop();
        self.reset()?;
        Ok(Work::new(steps.into()))
    }

    /// Back to the start, bit for bit.
    ///
    /// # Errors
    /// As [`Variables::reset`].
    pub fn reset(&mut self) -> Result<(), Fault> {
        self.taken.clear();
        self.optimisers.clear();
        self.top = None;
        self.variables.reset(&self.start)
    }

    /// Moves the parameters down a gradient.
    fn descend(
        &mut self,
        options: StepOptions,
        rate: f64,
        gradients: &GradStore,
    ) -> Result<BTreeMap<String, f64>, Fault> {
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
    fn make(&mut self, taken: &Taken, loss: f64, gradients: &GradStore) -> Result<StepReport, Fault> {
        let gradient_norm = self.variables.norm(gradients)?;
        if !(loss.is_finite() && gradient_norm.is_finite()) {
            return Err(Fault::Diverged);
        }
        let StepOptions { mode, optimizer, learning_rate } = taken.options;
        let rate = learning_rate.unwrap_or_else(|| optimizer.default_rate(mode, self.reading.config.hidden_size));
        let update_norms = self.descend(taken.options, rate, gradients)?;
        self.taken.push(taken.clone());
        let t = &taken.example.gold;
        let entropy = -t.iter().flatten().filter(|t| **t > 0.0).map(|t| t * t.ln()).sum::<f64>() + 0.0;
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

    /// L of one example from its top layer.
    fn loss(&self, example: &Example, top: &Tensor) -> Result<f64, Fault> {
        let (_, instances) = top_loss(&self.reading, &Batch::new(&[example]), top)?;
        Ok(instances[0])
    }
}

impl Work {
    fn new(queue: VecDeque<Taken>) -> Work {
        Work { queue, stage: Stage::Next, since: Instant::now(), report: None }
    }

    /// Goes on by one layer; true: done.
    ///
    /// # Errors
    /// [`Fault::Diverged`] when L or its gradient is no number before the step: nothing has changed then.
    pub fn advance(&mut self, tuning: &mut Tuning) -> Result<bool, Fault> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Next) {
            Stage::Next => match self.queue.pop_front() {
                None => return Ok(true),
                Some(taken) => {
                    self.since = Instant::now();
                    self.begin(tuning, taken)?
                }
            },
            Stage::Joint(taken, mut pass) => {
                if pass.advance(&tuning.recording, &tuning.variables)? {
                    let batch = Arc::new(pass.batch().clone());
                    let (instances, gradients) = pass.finish()?;
                    let report = tuning.make(&taken, instances[0], &gradients)?;
                    // Steps that are made again need no loss after them.
                    match self.queue.is_empty() {
                        true => Stage::After(taken, Upwards::new(batch), Box::new(report)),
                        false => Stage::Next,
                    }
                } else {
                    Stage::Joint(taken, pass)
                }
            }
            Stage::Head(taken, mut pass) => match pass.advance(&tuning.reading)? {
                None => Stage::Head(taken, pass),
                Some(top) => {
                    tuning.top = Some((taken.example.clone(), top));
                    self.head(tuning, &taken)?
                }
            },
            Stage::After(taken, mut pass, mut report) => match pass.advance(&tuning.reading)? {
                None => Stage::After(taken, pass, report),
                Some(top) => {
                    report.loss_after = tuning.loss(&taken.example, &top)?;
                    tuning.top = Some((taken.example, top));
                    self.done(*report)
                }
            },
        };
        Ok(self.queue.is_empty() && matches!(self.stage, Stage::Next))
    }

    fn begin(&mut self, tuning: &mut Tuning, taken: Taken) -> Result<Stage, Fault> {
        let batch = Batch::new(&[&taken.example]);
        if taken.options.mode == Mode::Joint {
            return Ok(Stage::Joint(taken, Box::new(Layered::new(batch))));
        }
        let same = |(example, _): &(Arc<Example>, Tensor)| {
            Arc::ptr_eq(example, &taken.example) || example.encoded == taken.example.encoded
        };
        match tuning.top.as_ref().is_some_and(same) {
            true => self.head(tuning, &taken),
            false => Ok(Stage::Head(taken, Upwards::new(Arc::new(batch)))),
        }
    }

    /// A head step: the top layer is known.
    fn head(&mut self, tuning: &mut Tuning, taken: &Taken) -> Result<Stage, Fault> {
        let (_, top) = tuning.top.clone().ok_or(Fault::Internal { why: "the top layer is not known".into() })?;
        let (mean, instances) = top_loss(&tuning.recording, &Batch::new(&[&taken.example]), &top)?;
        let mut report = tuning.make(taken, instances[0], &mean.backward()?)?;
        report.loss_after = tuning.loss(&taken.example, &top)?;
        Ok(self.done(report))
    }

    fn done(&mut self, mut report: StepReport) -> Stage {
        report.milliseconds = self.since.elapsed().as_secs_f64() * 1e3;
        #[cfg(target_arch = "wasm32")]
        {
            report.memory = core::arch::wasm32::memory_size(0) << 16; // pages of 64 KiB
        }
        self.report = Some(report);
        Stage::Next
    }

    /// Whether nothing has changed yet, so that the work can be dropped.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Joint(..) | Stage::Head(..))
    }

    /// What the last step did; `None` where none was made.
    pub fn finish(self) -> Option<StepReport> {
        self.report
    }
}
