//! Gold labels as they come from outside: the JavaScript API's `gold` and the command line's `--gold` file.

use serde::{Deserialize, Serialize};

use crate::analysis::Analysis;
use crate::bio::{self, Dist, GoldError, Loss, Span};
use crate::fault::Fault;

/// Gold labels for one paragraph, in one of three forms. Spans are in UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Gold {
    /// One list of spans per annotator, all of equal weight.
    Spans(Vec<Vec<Span>>),
    /// The same with weights.
    Weighted {
        /// One list of spans per annotator.
        annotators: Vec<Vec<Span>>,
        /// One weight per annotator; left out: equal.
        #[serde(default)]
        weights: Option<Vec<f64>>,
    },
    /// t_i of every paragraph token.
    Tokens {
        /// In the order B, I, O.
        tokens: Vec<Dist>,
    },
}

impl From<GoldError> for Fault {
    fn from(error: GoldError) -> Fault {
        Fault::Gold { why: error.to_string() }
    }
}

impl Gold {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`Fault::Gold`] when it is none of the three.
    pub fn from_json(json: &str) -> Result<Gold, Fault> {
        // An untagged enum's own message names none of its forms.
        let forms = "expected [[{start, end}, …], …], {annotators, weights} or {tokens: [[B, I, O], …]}";
        let value: serde_json::Value =
            serde_json::from_str(json).map_err(|e| Fault::Gold { why: format!("no JSON ({e})") })?;
        serde_json::from_value(value).map_err(|_| Fault::Gold { why: forms.into() })
    }

    /// t_i for every token of the analysis.
    ///
    /// # Errors
    /// [`Fault::Gold`] when spans or weights do not fit.
    pub fn distributions(&self, analysis: &Analysis) -> Result<Vec<Dist>, Fault> {
        let tokens: Vec<Span> = analysis.tokens.iter().map(|t| Span { start: t.start, end: t.end }).collect();
        let (annotators, weights) = match self {
            Gold::Spans(annotators) => (annotators, None),
            Gold::Weighted { annotators, weights } => (annotators, weights.as_deref()),
            Gold::Tokens { tokens: given } => {
                if given.len() != tokens.len() {
                    let why = format!("{} distributions for {} tokens", given.len(), tokens.len());
                    return Err(Fault::Gold { why });
                }
                bio::check_dists(given)?;
                return Ok(given.clone());
            }
        };
        let labels = annotators.iter().enumerate().map(|(a, spans)| {
            let named = |e: GoldError| Fault::Gold { why: format!("annotator {}: {e}", a + 1) };
            bio::labels_from_spans(&tokens, spans).map_err(named)
        });
        Ok(bio::mean_labels(&labels.collect::<Result<Vec<_>, _>>()?, weights)?)
    }

    /// The loss of the analysis against these labels.
    pub fn loss(&self, analysis: &Analysis) -> Result<Loss, Fault> {
        Ok(bio::loss(&analysis.logits(), &self.distributions(analysis)?)?)
    }
}
