//! The exported analysis: one versioned JSON document. What the user made is read back from it; what the model made
//! is computed anew.

use serde::{Deserialize, Serialize};

use super::Against;
use super::{Annotator, Assignment, Direct, Document};
use crate::bio::{self, Decoder, Dist, Label};
use crate::error::Error;
use crate::inference::{Analysis, Answer, Window};

/// The value of `format`.
pub const FORMAT: &str = "bioscope-analysis";
/// The version that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The question.
    pub question: String,
    /// The paragraph; offsets count its UTF-16 code units.
    pub paragraph: String,
    /// Name of the model; `own` is one of the user's.
    pub model: String,
    /// Steps of learning that the model had made; left out where it had made none.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub tuned: usize,
    /// N_Q.
    pub question_tokens: usize,
    /// The question was longer, and was read up to its last piece only; left out where it was not.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub question_truncated: bool,
    /// N_P.
    pub paragraph_tokens: usize,
    /// d.
    pub hidden_size: usize,
    /// The windows, as ranges of paragraph tokens.
    pub windows: Vec<Window>,
    /// The decoder behind labels and answers.
    pub decode: Decoder,
    /// What the decoder `viterbi` added to every log p_B, in nats; left out where it is 0.
    #[serde(default, skip_serializing_if = "super::is_default")]
    pub b_bias: f64,
    /// P(no answer).
    pub no_answer: f64,
    /// The answers, best first.
    pub answers: Vec<Answer>,
    /// The paragraph tokens, in order.
    pub tokens: Vec<ExportedToken>,
    /// The annotators with their spans and weights.
    pub annotators: Vec<Annotator>,
    /// Tokens whose t_i the user set in place of the annotators' mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub direct: Vec<Direct>,
    /// L and its parts, where somebody has labelled.
    pub loss: Option<ExportedLoss>,
}

/// One token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedToken {
    /// `paragraph.slice(start, end)`.
    pub text: String,
    /// First UTF-16 code unit.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
    /// z_i in the order B, I, O.
    pub z: Dist,
    /// p_i.
    pub p: Dist,
    /// log p_i.
    pub log_p: Dist,
    /// The decoded label.
    pub label: Label,
    /// t_i.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t: Option<Dist>,
    /// - sum_j t_ij log p_ij.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<f64>,
    /// dL/dz_i = p_i - t_i.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient: Option<Dist>,
}

/// L in nats.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedLoss {
    /// L.
    pub total: f64,
    /// H.
    pub entropy: f64,
    /// KL.
    pub kl: f64,
}

impl Exported {
    /// The document of an analysis. Gold labels come along when the analysis is about the document's paragraph.
    ///
    /// # Errors
    /// [`Error::Gold`] when the labels do not fit the tokens.
    pub fn new(document: &Document, question: &str, paragraph: &str, analysis: &Analysis) -> Result<Exported, Error> {
        let own = document.paragraph == paragraph;
        let against = Against::new(document, paragraph, analysis)?;
        let tokens = analysis.tokens.iter().enumerate().map(|(i, token)| ExportedToken {
            text: token.text.clone(),
            start: token.start,
            end: token.end,
            z: token.logits.map(f64::from),
            p: token.p,
            log_p: bio::log_softmax(&token.logits),
            label: token.label,
            t: against.as_ref().map(|a| a.t[i]),
            term: against.as_ref().map(|a| a.loss.terms[i]),
            gradient: against.as_ref().map(|a| a.loss.gradient[i]),
        });
        Ok(Exported {
            format: FORMAT.into(),
            version: VERSION,
            question: question.into(),
            paragraph: paragraph.into(),
            model: document.model.clone(),
            tuned: 0,
            question_tokens: analysis.question_tokens,
            question_truncated: analysis.question_truncated,
            paragraph_tokens: analysis.paragraph_tokens,
            hidden_size: analysis.hidden_size,
            windows: analysis.windows.clone(),
            decode: analysis.decode,
            b_bias: analysis.b_bias,
            no_answer: analysis.no_answer,
            answers: analysis.answers.clone(),
            tokens: tokens.collect(),
            annotators: if own { document.annotators.clone() } else { Vec::new() },
            direct: if own { document.direct.clone() } else { Vec::new() },
            loss: against.map(|a| ExportedLoss { total: a.loss.total, entropy: a.loss.entropy, kl: a.loss.kl }),
        })
    }

    /// As text, for a file that people may also look into.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("an export is plain data")
    }
}

/// What of an exported document is the user's. Other fields are not looked at: they follow from these.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inputs {
    format: String,
    version: u32,
    question: String,
    paragraph: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    decode: Decoder,
    #[serde(default)]
    annotators: Vec<Annotator>,
    #[serde(default)]
    direct: Vec<Direct>,
}

/// Puts an exported document's question, paragraph, annotators, decoder and model into a copy of `document`; how things
/// are shown stays.
///
/// # Errors
/// [`Error::Corrupt`] naming `file`: no JSON, no export of ours, a newer version, spans outside of the paragraph.
pub fn import(document: &Document, file: &str, text: &str) -> Result<Document, Error> {
    let corrupt = |why: String| Error::Corrupt { file: file.into(), why };
    let inputs: Inputs = serde_json::from_str(text).map_err(|e| corrupt(e.to_string()))?;
    if inputs.format != FORMAT {
        return Err(corrupt(format!("its format is “{}”, not “{FORMAT}”", inputs.format)));
    }
    if inputs.version > VERSION {
        return Err(corrupt(format!("its version {} is newer than this program's, {VERSION}", inputs.version)));
    }
    super::inputs::check(&inputs.paragraph, &inputs.annotators, &inputs.direct).map_err(corrupt)?;
    let mut document = document.clone();
    document.question = inputs.question;
    document.paragraph = inputs.paragraph;
    document.annotators = inputs.annotators;
    document.direct = inputs.direct;
    document.decoder = inputs.decode;
    document.example = None;
    document.assignment = Assignment::default();
    if !inputs.model.is_empty() {
        document.model = inputs.model;
    }
    Ok(super::inputs::with_field_lines(document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::Span;
    use crate::document::fixture::{PARAGRAPH, made};

    #[test]
    fn numbers_can_be_computed_again_from_the_document() {
        let (document, analysis) = made();
        let text = Exported::new(&document, &document.question, PARAGRAPH, &analysis).unwrap().to_json();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let rows = |key: &str, i: usize| -> Vec<f64> {
            value["tokens"][i][key].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
        };
        let (mut total, mut entropy) = (0.0, 0.0);
        for i in 0..5 {
            // An independent softmax: no shift, no logarithm of sums.
            let (z, p, t) = (rows("z", i), rows("p", i), rows("t", i));
            let sum: f64 = z.iter().map(|z| z.exp()).sum();
            let mut term = 0.0;
            for j in 0..3 {
                assert!((z[j].exp() / sum / p[j] - 1.0).abs() < 1e-12);
                term -= if t[j] > 0.0 { t[j] * (z[j].exp() / sum).ln() } else { 0.0 };
                entropy -= if t[j] > 0.0 { t[j] * t[j].ln() } else { 0.0 };
                assert!((p[j] - t[j] - rows("gradient", i)[j]).abs() < 1e-12);
            }
            assert!((term - value["tokens"][i]["term"].as_f64().unwrap()).abs() < 1e-12);
            total += term;
        }
        let loss = |key: &str| value["loss"][key].as_f64().unwrap();
        assert!((total - loss("total")).abs() < 1e-12 && (entropy - loss("entropy")).abs() < 1e-12);
        assert!((loss("entropy") + loss("kl") - loss("total")).abs() < 1e-12);
        assert_eq!(rows("t", 1), [2.0 / 3.0, 0.0, 1.0 / 3.0]);
    }

    #[test]
    fn a_cut_question_is_said_and_a_whole_one_is_not() {
        let (document, mut analysis) = made();
        let text = |analysis: &Analysis| Exported::new(&document, "?", PARAGRAPH, analysis).unwrap().to_json();
        assert!(!text(&analysis).contains("questionTruncated"));
        analysis.question_truncated = true;
        let cut = text(&analysis);
        assert!(cut.contains("\"questionTruncated\": true"));
        assert!(serde_json::from_str::<Exported>(&cut).unwrap().question_truncated);
        assert_eq!(import(&Document::default(), "a.json", &cut).unwrap().question, "?");
    }

    #[test]
    fn comes_back() {
        let (document, analysis) = made();
        let text = Exported::new(&document, &document.question, PARAGRAPH, &analysis).unwrap().to_json();
        let read: Exported = serde_json::from_str(&text).unwrap();
        assert_eq!(read.to_json(), text);
        let back = import(&Document::default(), "a.json", &text).unwrap();
        assert_eq!((&back.question, &back.paragraph), (&document.question, &document.paragraph));
        assert_eq!(
            (&back.annotators, &back.model, back.decoder),
            (&document.annotators, &document.model, analysis.decode)
        );
    }

    #[test]
    fn what_was_set_directly_counts_and_comes_back() {
        let (mut document, analysis) = made();
        document.set_direct(Span { start: 8, end: 9 }, Some([0.25, 0.25, 0.5]));
        let exported = Exported::new(&document, &document.question, PARAGRAPH, &analysis).unwrap();
        assert_eq!(
            (exported.tokens[1].t, exported.tokens[2].t),
            (Some([2.0 / 3.0, 0.0, 1.0 / 3.0]), Some([0.25, 0.25, 0.5]))
        );
        let back = import(&Document::default(), "a.json", &exported.to_json()).unwrap();
        assert_eq!(back.direct, document.direct);
        document.annotators.clear();
        let alone = Exported::new(&document, &document.question, PARAGRAPH, &analysis).unwrap();
        assert_eq!(alone.tokens[0].t, Some([0.0, 0.0, 1.0]), "nobody says otherwise");
    }

    #[test]
    fn labels_of_another_paragraph_stay_out() {
        let (mut document, analysis) = made();
        document.edit_paragraph("Another text.");
        let exported = Exported::new(&document, "?", PARAGRAPH, &analysis).unwrap();
        assert!(exported.loss.is_none() && exported.annotators.is_empty() && exported.tokens[1].t.is_none());
    }

    #[test]
    fn what_is_refused() {
        let (document, analysis) = made();
        let good = Exported::new(&document, "?", PARAGRAPH, &analysis).unwrap().to_json();
        let refuse = |text: &str, word: &str| {
            let error = import(&document, "x.json", text).unwrap_err().to_string();
            assert!(error.contains("x.json") && error.contains(word), "{error}");
        };
        refuse("", "EOF");
        refuse("{\"format\":\"other\",\"version\":1,\"question\":\"\",\"paragraph\":\"\"}", "other");
        refuse(&good.replace("\"version\": 1", "\"version\": 2"), "newer");
        refuse(&good.replacen("\"end\": 8", "\"end\": 8000", 9), "outside");
        refuse(&good.replace("\"weight\": 1.0", "\"weight\": -1.0"), "weight");
        let direct =
            |value: &str| good.replacen("\"annotators\":", &format!("\"direct\": [{value}], \"annotators\":"), 1);
        refuse(&direct(r#"{"start":4,"end":800,"t":[1,0,0]}"#), "outside");
        refuse(&direct(r#"{"start":4,"end":8,"t":[1,1,0]}"#), "distribution");
    }
}
