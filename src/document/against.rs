//! Gold labels put against one analysis.

use super::Document;
use crate::bio::{self, Dist, Label, Loss};
use crate::error::Error;
use crate::inference::Analysis;

/// Gold labels put against one analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// Each annotator's label of each token.
    pub labels: Vec<Vec<Label>>,
    /// t_i.
    pub t: Vec<Dist>,
    /// L and its parts.
    pub loss: Loss,
}

impl Against {
    /// `None` where nobody has labelled, or the labels are another paragraph's than the analysed one.
    ///
    /// # Errors
    /// [`Error::Gold`] when the labels do not fit the tokens.
    pub fn new(document: &Document, paragraph: &str, analysis: &Analysis) -> Result<Option<Against>, Error> {
        if !document.is_labelled() || document.paragraph != paragraph {
            return Ok(None);
        }
        let labels = document.labels(analysis)?;
        let t = document.mean(&labels, analysis)?;
        let loss = bio::loss(&analysis.logits(), &t)?;
        Ok(Some(Against { labels, t, loss }))
    }
}
