//! static/self-test.json, which tests/golden/make.py writes: numbers of Hugging Face's tokenizers and BertModel, and of
//! PyTorch's autograd, for the shipped weights.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::bio::{Dist, Label, Logits, Span};

/// A shipped model's reference values.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Reference {
    /// Its name.
    pub model: String,
    /// Texts as they are read.
    pub texts: Vec<Text>,
    /// What is learned from one.
    pub lesson: Lesson,
}

/// A text as it is read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Text {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Token ids of the pair encoding.
    pub ids: Vec<u32>,
    /// Where the question's pieces begin and end in it, in UTF-16 code units.
    pub asked: Vec<(usize, usize)>,
    /// The same of the paragraph's.
    pub read: Vec<(usize, usize)>,
    /// z of every paragraph token; of some texts none.
    pub logits: Vec<Logits>,
}

/// An instance with its gradients, in nats.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Lesson {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Each annotator's spans.
    pub gold: Vec<Vec<Span>>,
    /// L.
    pub loss: f64,
    /// dL/dW, three rows of d values.
    pub w: Vec<Vec<f64>>,
    /// dL/db.
    pub b: Dist,
    /// L2 norm of dL/dw of every tensor of BERT, by its name.
    pub norms: BTreeMap<String, f64>,
    /// The paragraph token that is explained.
    pub token: usize,
    /// The class whose log odds at that token are explained.
    pub label: Label,
    /// Gradient times input, of every position.
    pub shares: Vec<f64>,
}

impl Reference {
    /// Reads the file: one entry for every shipped model.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(json: &[u8]) -> Result<Vec<Reference>, String> {
        serde_json::from_slice(json).map_err(|e| e.to_string())
    }

    /// Questions and paragraphs of all texts, those without logits last.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.texts.iter().map(|text| (text.question.clone(), text.paragraph.clone())).collect()
    }
}
