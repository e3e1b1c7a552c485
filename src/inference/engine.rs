//! The engine: load a model from bytes, analyse a question and a paragraph.
//!
//! An analysis is a [`Run`] that goes on one layer at a time, so that whoever drives it can look up
//! in between: the worker yields to its event loop there, the command line just goes on.

use std::ops::Range;
use std::sync::Arc;

use candle_core::{Device, Tensor};
use web_time::Instant;

use super::{Info, ModelOutput, TokenOutput};
use crate::bio::{Logits, Span};
use crate::error::Error;
use crate::model::fast::Lease;
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
            let why = format!("the tokenizer knows {words} tokens, the model has embeddings for {rows}");
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

    /// Begins an analysis.
    ///
    /// # Errors
    /// The question or the paragraph is empty.
    pub fn begin(&self, question: &str, paragraph: &str) -> Result<Run, Error> {
        let clock = Instant::now();
        let encoded = self.text.encode(question, paragraph)?;
        let home = tokenize::home(encoded.paragraph.len(), &encoded.windows);
        let count = encoded.paragraph.len();
        Ok(Run {
            home,
            logits: vec![[0.0; 3]; count],
            hidden: vec![0.0; count * self.model.config.hidden_size],
            tokenize_ms: milliseconds(clock),
            forward_ms: 0.0,
            window: 0,
            layer: 0,
            state: State::Between,
            pass: Pass::default(),
            encoded,
        })
    }

    /// A whole analysis in one go.
    pub fn analyse(&self, question: &str, paragraph: &str) -> Result<(ModelOutput, HiddenRows), Error> {
        let mut run = self.begin(question, paragraph)?;
        while !run.step(self)? {}
        Ok(run.finish(self))
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// A window's activations between two layers.
#[derive(Debug)]
enum State {
    /// Between two windows.
    Between,
    /// `[1, T, d]`, on candle tensors.
    Tensor(Tensor),
    /// In the buffers of the int8 path.
    Fast(Box<Lease>),
}

/// An analysis under way.
#[derive(Debug)]
pub struct Run {
    encoded: Encoded,
    home: Vec<usize>,
    logits: Vec<Logits>,
    hidden: HiddenRows,
    tokenize_ms: f64,
    forward_ms: f64,
    window: usize,
    layer: usize,
    /// Between two layers of a window.
    state: State,
    pass: Pass,
}

impl Run {
    /// Goes on by one layer (the embeddings count to the first, the head to the last). True: done.
    pub fn step(&mut self, engine: &Engine) -> Result<bool, Error> {
        if self.window == self.encoded.windows.len() {
            return Ok(true);
        }
        let clock = Instant::now();
        let (encoder, fast) = (&engine.model.encoder, engine.model.fast.as_ref());
        let last = self.layer + 1 == encoder.depth();
        let mut state = std::mem::replace(&mut self.state, State::Between);
        if let State::Between = state {
            let (ids, segments) = self.encoded.ids(self.window);
            let x = encoder.embed(&ids, &segments, ids.len(), &self.pass)?;
            state = match fast {
                Some(fast) => State::Fast(Box::new(fast.begin(&x.flatten_all()?.to_vec1()?))),
                None => State::Tensor(x),
            };
        }
        // Of the last layer only the rows that are read are needed.
        let home = self.home_here();
        let first = self.encoded.first_position() + home.start - self.encoded.windows[self.window].start;
        let rows = first..first + home.len();
        match (&mut state, fast) {
            (State::Fast(scratch), Some(fast)) => {
                let all = 0..scratch.length();
                fast.layer(self.layer, scratch, if last { rows.clone() } else { all });
                if last {
                    let d = engine.model.config.hidden_size;
                    self.read(engine, home, &scratch.x[rows.start * d..rows.end * d])?;
                }
            }
            (State::Tensor(x), _) => {
                *x = encoder.layer(self.layer, x, &self.pass)?;
                if last {
                    let h = x.squeeze(0)?.narrow(0, rows.start, rows.len())?.flatten_all()?.to_vec1::<f32>()?;
                    self.read(engine, home, &h)?;
                }
            }
            _ => unreachable!("a state of the engine's own kind"),
        }
        self.layer += 1;
        if last {
            self.window += 1;
            self.layer = 0;
        } else {
            self.state = state;
        }
        self.forward_ms += milliseconds(clock);
        Ok(self.window == self.encoded.windows.len())
    }

    /// The paragraph tokens that are at home in the window under way: one run of them.
    fn home_here(&self) -> Range<usize> {
        let window = self.encoded.windows[self.window];
        let at_home = |i: &usize| self.home[*i] == self.window;
        let start = (window.start..window.end).find(at_home).unwrap_or(window.start);
        let end = (start..window.end).rev().find(at_home).map_or(start, |last| last + 1);
        start..end
    }

    /// Takes h (row-major) and z of these paragraph tokens.
    fn read(&mut self, engine: &Engine, tokens: Range<usize>, h: &[f32]) -> Result<(), Error> {
        let d = engine.model.config.hidden_size;
        self.hidden[tokens.start * d..tokens.end * d].copy_from_slice(h);
        let h = Tensor::from_slice(h, (tokens.len(), d), &Device::Cpu)?;
        let z = engine.model.head.forward(&h)?.to_vec2::<f32>()?;
        if z.iter().flatten().any(|z| !z.is_finite()) {
            return Err(Error::Diverged); // of weights from a file, all numbers were finite
        }
        for (logits, z) in self.logits[tokens].iter_mut().zip(z) {
            *logits = [z[0], z[1], z[2]];
        }
        Ok(())
    }

    /// What was read, once [`Run::step`] has said that it is done.
    pub fn finish(self, engine: &Engine) -> (ModelOutput, HiddenRows) {
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
            tokenize_ms: self.tokenize_ms,
            forward_ms: self.forward_ms,
            b_bias: engine.model.config.bio_b_bias,
        };
        (output, self.hidden)
    }
}
