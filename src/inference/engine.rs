//! The engine: load a model from bytes, analyse a question and a paragraph.
//!
//! An analysis goes on one layer at a time, so that whoever drives it can look up in between, and several can share it:
//! the worker yields to its event loop there and asks its helpers, the command line just goes on.

use std::future::Future;
use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use candle_core::{Device, Tensor};
use web_time::Instant;

use super::team::{Alone, Job, Lead, Team, forward};
use super::{Info, ModelOutput, TokenOutput, milliseconds};
use crate::bio::{Logits, Span};
use crate::error::Error;
use crate::kernel::Int8Encoder;
#[cfg(not(target_arch = "wasm32"))]
use crate::model::Reference;
use crate::model::{Checkpoint, Config, Model, Pass};
use crate::tokenize::{self, Encoded, TextEncoder};

/// The matrix kernel of this build.
pub const KERNEL: &str = if cfg!(not(target_arch = "wasm32")) {
    "native"
} else if cfg!(feature = "relaxed") {
    "relaxed"
} else {
    "simd128"
};

/// Rows of the embedding table that may lie beyond the tokenizer's last id.
const MOST_UNUSED_ROWS: usize = 1024;

/// A loaded model with its tokenizer.
#[derive(Debug)]
pub struct Engine {
    model: Model,
    text: Arc<TextEncoder>,
    info: Info,
    /// The weights as stored, for whoever wants to go on training them. Matrices share the model's memory.
    checkpoint: Checkpoint,
}

/// h of every paragraph token: N_P rows of d values, row-major.
pub type HiddenRows = Vec<f32>;

impl Engine {
    /// Loads a model from its three files: weights (safetensors or GGUF), `config.json`, `tokenizer.json`.
    /// `name` becomes [`Info::model`]. The weights' bytes are given away, so that they are gone before the kernels'
    /// own copy is made: the memory of a WebAssembly program never shrinks.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a damaged file, [`Error::Mismatch`] when they do not belong together.
    pub fn load(name: &str, weights: Vec<u8>, config: &[u8], tokenizer: &[u8]) -> Result<Engine, Error> {
        let config = Config::from_bytes(config)?;
        let text = TextEncoder::from_bytes(tokenizer, config.max_position_embeddings)?;
        // Tables are often padded by some rows; a gap beyond that means another model's tokenizer.
        let (words, rows) = (text.vocabulary(), config.vocab_size);
        if words > rows || rows - words > MOST_UNUSED_ROWS {
            let last = words.saturating_sub(1);
            let why = format!("the tokenizer's ids go up to {last}, the model has {rows} rows of embeddings");
            return Err(Error::Mismatch { why });
        }
        let bytes = weights.len();
        let checkpoint = Checkpoint::from_bytes(&weights)?;
        drop(weights);
        let model = Model::load(config, &checkpoint)?;
        Ok(Engine { checkpoint, ..Engine::new(name, model, text, bytes) })
    }

    /// An engine of a model that is already loaded; `bytes` is the size of its weight file.
    pub fn new(name: &str, model: Model, text: TextEncoder, bytes: usize) -> Engine {
        let info = Info {
            model: name.into(),
            hidden_size: model.config.hidden_size,
            layers: model.config.num_hidden_layers,
            parameters: model.parameters,
            bytes,
            quantization: model.quantization.clone(),
            kernel: KERNEL.into(),
            b_bias: model.config.bio_b_bias,
        };
        Engine { model, text: Arc::new(text), info, checkpoint: Checkpoint::default() }
    }

    /// The same texts and name with another model, as learning has changed it.
    pub fn with_model(&self, model: Model) -> Engine {
        let checkpoint = Checkpoint::default();
        Engine { model, text: self.text.clone(), info: self.info.clone(), checkpoint }
    }

    /// The weights as loaded; empty for an engine that was not loaded from files.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// What is loaded.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The model behind it.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The text side of it.
    pub fn text(&self) -> &TextEncoder {
        &self.text
    }

    /// W (row-major, 3 x d) and b (3).
    pub fn dense(&self) -> Result<(Vec<f32>, Vec<f32>), Error> {
        let head = &self.model.head;
        Ok((head.w.flatten_all()?.to_vec1()?, head.b.to_vec1()?))
    }

    /// A whole analysis in one go.
    ///
    /// # Errors
    /// The question or the paragraph is empty.
    pub fn analyse(&self, question: &str, paragraph: &str) -> Result<(ModelOutput, HiddenRows), Error> {
        let mut nobody = Alone;
        let alone = pin!(self.analyse_with(question, paragraph, &mut nobody));
        match alone.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => unreachable!("alone there is nobody to wait for"),
        }
    }

    /// The same by the reference (see [`Reference`]) instead of this program's layers.
    ///
    /// # Errors
    /// As [`Engine::analyse`].
    #[cfg(not(target_arch = "wasm32"))]
    pub fn analyse_by(
        &self,
        reference: &Reference,
        question: &str,
        paragraph: &str,
    ) -> Result<(ModelOutput, HiddenRows), Error> {
        let mut run = self.begin(question, paragraph)?;
        let clock = Instant::now();
        for window in 0..run.encoded.windows.len() {
            let (ids, segments) = run.encoded.ids(window);
            let rows = run.wanted(window);
            let h = reference.hidden(&ids, &segments)?.narrow(0, rows.start, rows.len())?;
            let z = reference.logits(&h)?;
            run.take(window, &h.flatten_all()?.to_vec1()?, &z.to_vec2()?)?;
        }
        run.forward_ms = milliseconds(clock);
        let (output, hidden) = run.finish(self);
        Ok((ModelOutput { kernel: "candle-transformers".into(), ..output }, hidden))
    }

    /// The same together with others, one layer at a time: in between the team's event loop gets its turn. Each takes
    /// whole windows as long as there are enough of them, and its share of the rows of those that are left.
    ///
    /// # Errors
    /// The question or the paragraph is empty; [`Error::Aborted`] by the team's wish. Who does not answer any more is
    /// done without.
    pub async fn analyse_with<T: Team>(
        &self,
        question: &str,
        paragraph: &str,
        team: &mut T,
    ) -> Result<(ModelOutput, HiddenRows), Error> {
        let mut run = self.begin(question, paragraph)?;
        let mut todo: Vec<usize> = (0..run.encoded.windows.len()).collect();
        while !todo.is_empty() {
            let done = match &self.model.int8 {
                Some(int8) => run.together(self, int8, &mut todo, team).await,
                None => run.on_tensors(self, &mut todo, team).await,
            };
            match done {
                Err(Error::WorkerDied { .. }) => {} // whoever it was is a member no longer: go on with those who are left
                done => done?,
            }
        }
        Ok(run.finish(self))
    }

    fn begin(&self, question: &str, paragraph: &str) -> Result<Run, Error> {
        let clock = Instant::now();
        let encoded = self.text.encode(question, paragraph)?;
        let home = tokenize::home(encoded.paragraph.len(), &encoded.windows);
        let count = encoded.paragraph.len();
        Ok(Run {
            home,
            logits: vec![[0.0; 3]; count],
            hidden: vec![0.0; count * self.model.config.hidden_size],
            workers: 1,
            tokenize_ms: milliseconds(clock),
            forward_ms: 0.0,
            pass: Pass::default(),
            encoded,
        })
    }
}

/// Positions of a window from which on its rows are shared out. Of shorter ones the others' waking up takes more than they save
/// where they have slept for a while (docs/performance.md).
const SHARED_FROM: usize = 192;

/// An analysis under way.
#[derive(Debug)]
struct Run {
    encoded: Encoded,
    home: Vec<usize>,
    logits: Vec<Logits>,
    hidden: HiddenRows,
    /// The most that worked on a window, or on windows at the same time.
    workers: usize,
    tokenize_ms: f64,
    forward_ms: f64,
    pass: Pass,
}

impl Run {
    /// The windows `todo` on int8 weights; who is done is taken out.
    async fn together<T: Team>(
        &mut self,
        engine: &Engine,
        int8: &Int8Encoder,
        todo: &mut Vec<usize>,
        team: &mut T,
    ) -> Result<(), Error> {
        let clock = Instant::now();
        let members = team.members();
        let whole = todo.len() / members.len() * members.len();
        let mut given = Vec::new();
        for (at, &window) in todo[..whole].iter().enumerate().filter(|(at, _)| at % members.len() > 0) {
            let member = members[at % members.len()];
            let x = self.embed(engine, window)?;
            let job = Job::whole(x.len() / int8.shape().d, member, self.wanted(window));
            given.push((window, team.give(&job, |_| x.clone()), job));
        }
        for (at, window) in todo.clone().into_iter().enumerate() {
            if at < whole && at % members.len() > 0 {
                continue;
            }
            team.pause().await?;
            let x = self.embed(engine, window)?;
            let (d, wanted) = (int8.shape().d, self.wanted(window));
            let length = x.len() / d;
            let together = if at >= whole && length >= SHARED_FROM { &members[..] } else { &members[..1] };
            let job = Job::shared(length, together, wanted);
            let number =
                if together.len() > 1 { team.give(&job, |rows| x[rows.start * d..rows.end * d].to_vec()) } else { 0 };
            let mine = job.rows(0);
            let mut s = int8.begin_rows(length, mine.clone(), &x[mine.start * d..mine.end * d]);
            let rows = forward(int8, &mut s, job.wanted.clone(), &mut Lead { team, number, job: &job }).await?;
            let mut h = s.x[rows.start * d..rows.end * d].to_vec();
            for &member in &together[1..] {
                h.extend(team.take(number, &job, member).await?);
            }
            self.read(engine, window, &h)?;
            self.workers = self.workers.max(together.len());
            todo.retain(|left| *left != window);
        }
        if whole > 0 {
            self.workers = self.workers.max(members.len());
        }
        for (window, number, job) in given {
            let h = team.take(number, &job, job.members[0]).await?;
            self.read(engine, window, &h)?;
            todo.retain(|left| *left != window);
        }
        self.forward_ms += milliseconds(clock);
        Ok(())
    }

    /// The windows `todo` on candle tensors, which any kind of weights can be.
    async fn on_tensors<T: Team>(&mut self, engine: &Engine, todo: &mut Vec<usize>, team: &mut T) -> Result<(), Error> {
        let clock = Instant::now();
        let encoder = &engine.model.encoder;
        for window in std::mem::take(todo) {
            let (ids, segments) = self.encoded.ids(window);
            let mut x = encoder.embed(&ids, &segments, ids.len(), &self.pass)?;
            for k in 0..encoder.depth() {
                team.pause().await?;
                x = encoder.layer(k, &x, &self.pass)?;
            }
            let rows = self.wanted(window);
            let h = x.squeeze(0)?.narrow(0, rows.start, rows.len())?.flatten_all()?.to_vec1::<f32>()?;
            self.read(engine, window, &h)?;
        }
        self.forward_ms += milliseconds(clock);
        Ok(())
    }

    /// The embeddings of a window, `[T, d]`.
    fn embed(&self, engine: &Engine, window: usize) -> Result<Vec<f32>, Error> {
        let (ids, segments) = self.encoded.ids(window);
        let x = engine.model.encoder.embed(&ids, &segments, ids.len(), &self.pass)?;
        Ok(x.flatten_all()?.to_vec1()?)
    }

    /// The positions of a window whose h is read: of the last layer only these are needed.
    fn wanted(&self, window: usize) -> Range<usize> {
        let home = self.at_home(window);
        let first = self.encoded.first_position() + home.start - self.encoded.windows[window].start;
        first..first + home.len()
    }

    /// The paragraph tokens that are at home in a window: one run of them.
    fn at_home(&self, number: usize) -> Range<usize> {
        let window = self.encoded.windows[number];
        let at_home = |i: &usize| self.home[*i] == number;
        let start = (window.start..window.end).find(at_home).unwrap_or(window.start);
        let end = (start..window.end).rev().find(at_home).map_or(start, |last| last + 1);
        start..end
    }

    /// Takes h (row-major) of the paragraph tokens that are at home in a window, and computes z.
    fn read(&mut self, engine: &Engine, window: usize, h: &[f32]) -> Result<(), Error> {
        let (count, d) = (self.at_home(window).len(), engine.model.config.hidden_size);
        let z = engine.model.head.forward(&Tensor::from_slice(h, (count, d), &Device::Cpu)?)?;
        self.take(window, h, &z.to_vec2()?)
    }

    /// Takes h (row-major) and z of the paragraph tokens that are at home in a window.
    fn take(&mut self, window: usize, h: &[f32], z: &[Vec<f32>]) -> Result<(), Error> {
        let tokens = self.at_home(window);
        let d = h.len() / tokens.len().max(1);
        self.hidden[tokens.start * d..tokens.end * d].copy_from_slice(h);
        if z.iter().flatten().any(|z| !z.is_finite()) {
            return Err(Error::Diverged); // of weights from a file, all numbers were finite
        }
        for (logits, z) in self.logits[tokens].iter_mut().zip(z) {
            *logits = [z[0], z[1], z[2]];
        }
        Ok(())
    }

    /// What was read, once all windows are.
    fn finish(self, engine: &Engine) -> (ModelOutput, HiddenRows) {
        let tokens = self.encoded.paragraph.iter().enumerate().map(|(i, piece)| TokenOutput {
            start: piece.start,
            end: piece.end,
            word: piece.word,
            window: self.home[i],
            logits: self.logits[i],
        });
        let output = ModelOutput {
            question_tokens: self.encoded.question.len(),
            ids: self.encoded.ids(0).0,
            question_pieces: self.encoded.question.iter().map(|p| Span { start: p.start, end: p.end }).collect(),
            question_truncated: self.encoded.question_truncated,
            hidden_size: engine.model.config.hidden_size,
            tokens: tokens.collect(),
            windows: self.encoded.windows,
            kernel: KERNEL.into(),
            workers: self.workers,
            tokenize_ms: self.tokenize_ms,
            forward_ms: self.forward_ms,
            b_bias: engine.model.config.bio_b_bias,
        };
        (output, self.hidden)
    }
}
