//! What stands at every position of a window, for views of the whole input.

use crate::inference::learning::{InputPart, InputToken};
use crate::tokenize::Encoded;

/// `[CLS]`, the question's pieces, `[SEP]`, the paragraph's pieces of this window, `[SEP]`.
pub(super) fn positions(encoded: &Encoded, window: usize, question: &str, paragraph: &str) -> Vec<InputToken> {
    let token = |text: &str, part| InputToken { text: text.into(), part };
    let places = encoded.places(paragraph);
    let window = encoded.windows[window];
    let mut out = vec![token("[CLS]", InputPart::Special)];
    out.extend(encoded.asked(question).into_iter().map(|text| token(text, InputPart::Question)));
    out.push(token("[SEP]", InputPart::Special));
    out.extend(places[window.start..window.end].iter().map(|(_, text)| token(text, InputPart::Paragraph)));
    out.push(token("[SEP]", InputPart::Special));
    out
}
