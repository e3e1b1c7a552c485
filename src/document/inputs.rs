//! What of a document comes from the user, and whether it can be: shared by everything that reads documents back.

use super::{Annotator, Direct, Document};
use crate::bio::{self, Span};

/// More annotators than this are no class but an accident, and would keep the page busy.
pub const MOST_ANNOTATORS: usize = 1000;

/// Whether weights, spans and t_i can belong to the paragraph; if not, why. Whether spans overlap is for the labels to say:
/// a page that shows them also says what is wrong with them.
///
/// # Errors
/// What is wrong, in one clause.
pub fn check(paragraph: &str, annotators: &[Annotator], direct: &[Direct]) -> Result<(), String> {
    if annotators.len() > MOST_ANNOTATORS {
        return Err(format!("it has {} annotators; {MOST_ANNOTATORS} are the most", annotators.len()));
    }
    let units = paragraph.encode_utf16().count();
    let outside = |s: &&Span| s.start >= s.end || s.end > units;
    for annotator in annotators {
        if !(annotator.weight.is_finite() && annotator.weight >= 0.0) {
            return Err(format!("the weight of annotator “{}” is no weight", annotator.name));
        }
        if let Some(span) = annotator.spans.iter().chain(&annotator.stray).find(outside) {
            let why = format!("the span from {} to {} of annotator “{}”", span.start, span.end, annotator.name);
            return Err(format!("{why} lies outside of the paragraph"));
        }
    }
    if let Some(direct) = direct.iter().find(|d| d.start >= d.end || d.end > units) {
        return Err(format!("the token from {} to {} lies outside of the paragraph", direct.start, direct.end));
    }
    bio::check_dists(&direct.iter().map(|d| d.t).collect::<Vec<_>>()).map_err(|e| e.to_string())
}

/// Whether a document that an earlier visit kept can be what it says.
pub fn sound(document: &Document) -> bool {
    check(&document.paragraph, &document.annotators, &document.direct).is_ok()
}
