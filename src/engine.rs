//! The one door: load a model from bytes, analyse a question and a paragraph.
//!
//! An analysis is a [`Run`] that goes on one layer at a time, so that whoever drives it can look up
//! in between: the worker yields to its event loop there, the command line just goes on.

use candle_core::Tensor;
use web_time::Instant;

use crate::analysis::{Info, ReadToken, Reading};
use crate::bio::Logits;
use crate::fault::Fault;
use crate::model::{Checkpoint, Config, Model, Pass};
use crate::text::{self, Encoded, TextEncoder};

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
    text: TextEncoder,
    info: Info,
}

/// h of every paragraph token: N_P rows of d values, row-major.
pub type HiddenRows = Vec<f32>;

impl Engine {
    /// Loads a model from its three files: weights (safetensors or GGUF), `config.json`, `tokenizer.json`.
    /// `name` is what [`Info::model`] says.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] for a damaged file, [`Fault::Mismatch`] when they do not belong together.
    pub fn load(name: &str, weights: &[u8], config: &[u8], tokenizer: &[u8]) -> Result<Engine, Fault> {
        let config = Config::from_bytes(config)?;
        let text = TextEncoder::from_bytes(tokenizer, config.max_position_embeddings)?;
        // Tables are often padded by some rows; a gap beyond that means another model's tokenizer.
        let (words, rows) = (text.vocabulary(), config.vocab_size);
        if words > rows || rows - words > MOST_UNUSED_ROWS {
            let why = format!("the tokenizer knows {words} tokens, the model has embeddings for {rows}");
            return Err(Fault::Mismatch { why });
        }
        let model = Model::load(config, &Checkpoint::from_bytes(weights)?)?;
        Ok(Engine::new(name, model, text, weights.len()))
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
        };
        Engine { model, text, info }
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
    pub fn dense(&self) -> Result<(Vec<f32>, Vec<f32>), Fault> {
        let head = &self.model.head;
        Ok((head.w.flatten_all()?.to_vec1()?, head.b.to_vec1()?))
    }

    /// Begins an analysis.
    ///
    /// # Errors
    /// The question is empty or too long, or the paragraph is empty.
    pub fn begin(&self, question: &str, paragraph: &str) -> Result<Run, Fault> {
        let clock = Instant::now();
        let encoded = self.text.encode(question, paragraph)?;
        let home = text::home(encoded.paragraph.len(), &encoded.windows);
        let count = encoded.paragraph.len();
        Ok(Run {
            home,
            logits: vec![[0.0; 3]; count],
            hidden: vec![0.0; count * self.model.config.hidden_size],
            tokenize_ms: milliseconds(clock),
            forward_ms: 0.0,
            window: 0,
            layer: 0,
            state: None,
            pass: Pass::default(),
            encoded,
        })
    }

    /// A whole analysis in one go.
    pub fn analyse(&self, question: &str, paragraph: &str) -> Result<(Reading, HiddenRows), Fault> {
        let mut run = self.begin(question, paragraph)?;
        while !run.step(self)? {}
        Ok(run.finish(self))
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
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
    /// `[1, T, d]` between two layers of a window.
    state: Option<Tensor>,
    pass: Pass,
}

impl Run {
    /// Goes on by one layer (the embeddings count to the first, the head to the last). True: done.
    pub fn step(&mut self, engine: &Engine) -> Result<bool, Fault> {
        if self.window == self.encoded.windows.len() {
            return Ok(true);
        }
        let clock = Instant::now();
        let encoder = &engine.model.encoder;
        let x = match self.state.take() {
            Some(x) => x,
            None => {
                let (ids, segments) = self.encoded.ids(self.window);
                encoder.embed(&ids, &segments, ids.len(), &self.pass)?
            }
        };
        let x = encoder.layer(self.layer, &x, &self.pass)?;
        self.layer += 1;
        if self.layer < encoder.depth() {
            self.state = Some(x);
        } else {
            self.read(engine, &x)?;
            self.window += 1;
            self.layer = 0;
        }
        self.forward_ms += milliseconds(clock);
        Ok(self.window == self.encoded.windows.len())
    }

    /// Takes the values of the tokens that are at home in the window just finished.
    fn read(&mut self, engine: &Engine, x: &Tensor) -> Result<(), Fault> {
        let window = self.encoded.windows[self.window];
        let h = x.squeeze(0)?.narrow(0, self.encoded.first_position(), window.end - window.start)?.contiguous()?;
        let z = engine.model.head.forward(&h)?.to_vec2::<f32>()?;
        let h = h.flatten_all()?.to_vec1::<f32>()?;
        let d = engine.model.config.hidden_size;
        for (k, (z, h)) in z.iter().zip(h.chunks_exact(d)).enumerate() {
            let i = window.start + k;
            if self.home[i] == self.window {
                self.logits[i] = [z[0], z[1], z[2]];
                self.hidden[i * d..(i + 1) * d].copy_from_slice(h);
            }
        }
        Ok(())
    }

    /// What was read, once [`Run::step`] has said that it is done.
    pub fn finish(self, engine: &Engine) -> (Reading, HiddenRows) {
        let tokens = self.encoded.paragraph.iter().enumerate().map(|(i, piece)| ReadToken {
            start: piece.start,
            end: piece.end,
            word: piece.word,
            window: self.home[i],
            logits: self.logits[i],
        });
        let reading = Reading {
            question_tokens: self.encoded.question.len(),
            hidden_size: engine.model.config.hidden_size,
            tokens: tokens.collect(),
            windows: self.encoded.windows,
            kernel: KERNEL.into(),
            tokenize_ms: self.tokenize_ms,
            forward_ms: self.forward_ms,
        };
        (reading, self.hidden)
    }
}
