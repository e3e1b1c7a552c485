//! static/self-test.json, which tests/golden/make.py writes: numbers of Hugging Face's tokenizers and BertModel, and of
//! PyTorch's autograd, for the shipped weights.
//!
//! Read by hand: derived code for these types would be a tenth of all that the self-test adds to the page's program.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bio::Label;

/// A shipped model's reference values.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Its name.
    pub model: String,
    /// Texts as they are read.
    pub texts: Vec<Text>,
    /// What is learned from one.
    pub case: LearningCase,
}

/// A text as it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Token ids of the pair encoding.
    pub ids: Vec<f64>,
    /// Where each of the question's pieces begins and ends in it, in UTF-16 code units.
    pub asked: Vec<f64>,
    /// The same of the paragraph's.
    pub read: Vec<f64>,
    /// z of every paragraph token, N_P x 3; of some texts none.
    pub logits: Vec<f64>,
}

/// An instance with its gradients, in nats.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningCase {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Gold labels, as JSON in one of the forms of [`crate::document::gold::Gold`].
    pub gold: String,
    /// L.
    pub loss: f64,
    /// dL/dW, 3 x d, row-major.
    pub w: Vec<f64>,
    /// dL/db.
    pub b: Vec<f64>,
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
    pub fn read(json: &str) -> Result<Vec<Reference>, String> {
        let all: Value = serde_json::from_str(json).map_err(|e| e.to_string())?;
        let all = all.as_array().ok_or("no list")?;
        all.iter().map(|entry| reference(entry).ok_or_else(|| "a value is missing".into())).collect()
    }

    /// Questions and paragraphs of all texts.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.texts.iter().map(|text| (text.question.clone(), text.paragraph.clone())).collect()
    }
}

fn reference(entry: &Value) -> Option<Reference> {
    let texts = entry["texts"].as_array()?.iter().map(text).collect::<Option<_>>()?;
    let case = &entry["lesson"];
    let letter = case["label"].as_str()?;
    let norm = |(name, norm): (&String, &Value)| Some((name.clone(), norm.as_f64()?));
    let case = LearningCase {
        question: words(case, "question")?,
        paragraph: words(case, "paragraph")?,
        gold: case["gold"].to_string(),
        loss: case["loss"].as_f64()?,
        w: numbers(case, "w")?,
        b: numbers(case, "b")?,
        norms: case["norms"].as_object()?.iter().map(norm).collect::<Option<_>>()?,
        token: case["token"].as_u64()? as usize,
        label: Label::ALL.into_iter().find(|label| label.letter() == letter)?,
        shares: numbers(case, "shares")?,
    };
    Some(Reference { model: words(entry, "model")?, texts, case })
}

fn text(entry: &Value) -> Option<Text> {
    Some(Text {
        question: words(entry, "question")?,
        paragraph: words(entry, "paragraph")?,
        ids: numbers(entry, "ids")?,
        asked: numbers(entry, "asked")?,
        read: numbers(entry, "read")?,
        logits: numbers(entry, "logits")?,
    })
}

fn words(entry: &Value, name: &str) -> Option<String> {
    entry[name].as_str().map(String::from)
}

/// All numbers of a list, and of the lists in it.
fn numbers(entry: &Value, name: &str) -> Option<Vec<f64>> {
    fn add(value: &Value, out: &mut Vec<f64>) -> Option<()> {
        match value {
            Value::Array(values) => values.iter().try_for_each(|value| add(value, out)),
            value => value.as_f64().map(|number| out.push(number)),
        }
    }
    let mut out = Vec::new();
    add(&entry[name], &mut out)?;
    Some(out)
}
