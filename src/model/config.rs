//! The sizes of a BERT, mirroring the model's own `config.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bio::Label;
use crate::error::Error;

/// What of `config.json` matters here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// d, the length of h_i.
    pub hidden_size: usize,
    /// Encoder layers.
    pub num_hidden_layers: usize,
    /// Attention heads; they divide `hidden_size`.
    pub num_attention_heads: usize,
    /// Width of the feed-forward layers.
    pub intermediate_size: usize,
    /// Rows of the word embeddings.
    pub vocab_size: usize,
    /// Rows of the position embeddings.
    pub max_position_embeddings: usize,
    /// Rows of the segment embeddings.
    pub type_vocab_size: usize,
    /// Added to the variance in LayerNorm.
    #[serde(default = "default_eps")]
    pub layer_norm_eps: f64,
    /// Only `gelu` (the exact one) is known.
    #[serde(default = "default_activation")]
    pub hidden_act: String,
    /// Only `absolute` is known.
    #[serde(default = "default_positions")]
    pub position_embedding_type: String,
    /// Added to every log p_B by the decoder `viterbi`, in nats. Not part of BERT's own configuration; p does not know it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub bio_b_bias: f64,
    /// Names of the classes by index, when the file has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub id2label: BTreeMap<String, String>,
}

/// The names the other way round, which some files have alone.
#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    label2id: BTreeMap<String, usize>,
}

/// Largest [`Config::bio_b_bias`], either way: odds of 22,000.
pub const MOST_BIAS: f64 = 10.0;

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
fn default_eps() -> f64 {
    1e-12
}
fn default_activation() -> String {
    "gelu".into()
}
fn default_positions() -> String {
    "absolute".into()
}

impl Config {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it cannot be read, [`Error::Mismatch`] when it is another kind of model.
    pub fn from_bytes(json: &[u8]) -> Result<Config, Error> {
        let corrupt = |e: serde_json::Error| Error::Corrupt { file: "config.json".into(), why: e.to_string() };
        let mut config: Config = serde_json::from_slice(json).map_err(corrupt)?;
        if config.id2label.is_empty() {
            let names: Names = serde_json::from_slice(json).map_err(corrupt)?;
            config.id2label = names.label2id.into_iter().map(|(name, row)| (row.to_string(), name)).collect();
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |why: String| Err(Error::Mismatch { why });
        let sizes = [
            ("hidden_size", self.hidden_size, 4096),
            ("num_hidden_layers", self.num_hidden_layers, 48),
            ("num_attention_heads", self.num_attention_heads, 64),
            ("intermediate_size", self.intermediate_size, 16384),
            ("vocab_size", self.vocab_size, 1_000_000),
            ("max_position_embeddings", self.max_position_embeddings, 65_536),
            ("type_vocab_size", self.type_vocab_size, 16),
        ];
        for (name, value, most) in sizes {
            if value == 0 || value > most {
                return wrong(format!("config.json has {name} = {value}, which is not between 1 and {most}"));
            }
        }
        if !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            let (d, heads) = (self.hidden_size, self.num_attention_heads);
            return wrong(format!("config.json has {heads} attention heads, which do not divide d = {d}"));
        }
        if self.type_vocab_size < 2 {
            return wrong("config.json knows one segment only, but question and paragraph are two".into());
        }
        if self.hidden_act != "gelu" {
            return wrong(format!("the activation is {}; only gelu is supported", self.hidden_act));
        }
        if self.position_embedding_type != "absolute" {
            let kind = &self.position_embedding_type;
            return wrong(format!("the position embeddings are {kind}; only absolute ones are supported"));
        }
        let bias = self.bio_b_bias;
        if bias.is_nan() || bias.abs() > MOST_BIAS {
            return wrong(format!(
                "config.json has bio_b_bias = {bias}, which is not between -{MOST_BIAS} and {MOST_BIAS}"
            ));
        }
        self.class_order().map(|_| ())
    }

    /// For each of B, I, O the row of W that the file keeps it in. Files without names, or with
    /// `LABEL_0` ..., are taken to be in our order.
    pub fn class_order(&self) -> Result<[usize; 3], Error> {
        let plain = self.id2label.values().all(|name| name.starts_with("LABEL_"));
        if self.id2label.is_empty() || (plain && self.id2label.len() == 3) {
            return Ok([0, 1, 2]);
        }
        let row = |label: Label| {
            let named = |name: &str| name == label.letter() || name.starts_with(&format!("{}-", label.letter()));
            let (row, _) = self.id2label.iter().find(|(_, name)| named(name))?;
            row.parse::<usize>().ok().filter(|&r| r < 3)
        };
        match (self.id2label.len(), row(Label::B), row(Label::I), row(Label::O)) {
            (3, Some(b), Some(i), Some(o)) if b + i + o == 3 && b != i => Ok([b, i, o]),
            _ => {
                let names: Vec<&str> = self.id2label.values().map(String::as_str).collect();
                Err(Error::Mismatch { why: format!("its classes are {}, not B, I, O", names.join(", ")) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(extra: &str) -> String {
        format!(
            r#"{{"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":16,
                "vocab_size":30,"max_position_embeddings":512,"type_vocab_size":2{extra}}}"#
        )
    }

    #[test]
    fn class_names_give_the_row_order() {
        let order = |extra: &str| Config::from_bytes(json(extra).as_bytes()).and_then(|c| c.class_order());
        assert_eq!(order(""), Ok([0, 1, 2]));
        assert_eq!(order(r#","id2label":{"0":"O","1":"B-ANS","2":"I-ANS"}"#), Ok([1, 2, 0]));
        assert_eq!(order(r#","label2id":{"O":0,"B-ANS":1,"I-ANS":2}"#), Ok([1, 2, 0]));
        assert_eq!(order(r#","id2label":{"0":"LABEL_0","1":"LABEL_1","2":"LABEL_2"}"#), Ok([0, 1, 2]));
        assert!(matches!(order(r#","id2label":{"0":"POSITIVE","1":"NEGATIVE"}"#), Err(Error::Mismatch { .. })));
    }

    #[test]
    fn the_bias_on_b_is_kept_where_there_is_one() {
        let read = |extra: &str| Config::from_bytes(json(extra).as_bytes()).unwrap();
        assert_eq!((read("").bio_b_bias, read(r#","bio_b_bias":-0.75"#).bio_b_bias), (0.0, -0.75));
        let write = |config: &Config| serde_json::to_string(config).unwrap();
        assert!(!write(&read("")).contains("bio_b_bias"));
        assert!(write(&read(r#","bio_b_bias":-0.75"#)).contains(r#""bio_b_bias":-0.75"#));
    }

    #[test]
    fn what_is_no_bert_is_said() {
        let wrong = |text: String| Config::from_bytes(text.as_bytes()).unwrap_err();
        assert!(matches!(wrong("{".into()), Error::Corrupt { .. }));
        assert!(wrong(json(r#","hidden_act":"relu""#)).to_string().contains("relu"));
        assert!(wrong(json(r#","bio_b_bias":10.5"#)).to_string().contains("bio_b_bias = 10.5"));
        assert!(
            wrong(json("").replace("\"num_attention_heads\":2", "\"num_attention_heads\":3"))
                .to_string()
                .contains("divide")
        );
        assert!(wrong(json("").replace("\"hidden_size\":8", "\"hidden_size\":0")).to_string().contains("hidden_size"));
    }
}
