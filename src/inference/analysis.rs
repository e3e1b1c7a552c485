//! The result of one analysis, as plain data: the shape that the JavaScript API returns and that
//! `bioscope analyse --json` prints.

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

use crate::bio::{self, Decoder, Dist, Label, Logits, Span, TokenSpan};

/// How many single spans [`Analysis::alternatives`] holds at most.
pub const ALTERNATIVES: usize = 5;

/// What is loaded: `bioscope.info` of the JavaScript API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// Name of the shipped model, or `own`.
    pub model: String,
    /// d.
    pub hidden_size: usize,
    /// Encoder layers.
    pub layers: usize,
    /// Number of trained values, head included.
    pub parameters: usize,
    /// Size of the weight file.
    pub bytes: usize,
    /// `int8 rows`, `f16` or `f32`.
    pub quantization: String,
    /// `simd128`, `relaxed` or `native`.
    pub kernel: String,
    /// What the decoder `viterbi` adds to every log p_B, in nats: the model's own number, mostly 0.
    #[serde(default)]
    pub b_bias: f64,
}

/// What the model read: everything of an analysis that needs the model. z is f32, all else follows from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelOutput {
    /// N_Q: word pieces of the question.
    pub question_tokens: usize,
    /// Their places in the question, in UTF-16 code units.
    #[serde(default)]
    pub question_pieces: Vec<Span>,
    /// The question was longer, and is read up to its last piece only.
    #[serde(default)]
    pub question_truncated: bool,
    /// Token ids of the first window, special tokens included; empty where they are not known.
    #[serde(default)]
    pub ids: Vec<u32>,
    /// d: the length of h_i.
    pub hidden_size: usize,
    /// The windows, as ranges of paragraph tokens.
    pub windows: Vec<Window>,
    /// The N_P paragraph tokens, in order.
    pub tokens: Vec<TokenOutput>,
    /// The matrix kernel that ran: `simd128`, `relaxed` or `native`.
    pub kernel: String,
    /// How many workers shared the work.
    #[serde(default = "alone")]
    pub workers: usize,
    /// Time to tokenize.
    pub tokenize_ms: f64,
    /// Time in the encoder and the head, over all windows.
    pub forward_ms: f64,
    /// The model's bias on B for the decoder `viterbi`, in nats.
    #[serde(default)]
    pub b_bias: f64,
}

fn alone() -> usize {
    1
}

/// One paragraph token as the model read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenOutput {
    /// Start in the paragraph, in UTF-16 code units.
    pub start: usize,
    /// End, exclusive, in UTF-16 code units.
    pub end: usize,
    /// Index of the word that this piece belongs to.
    pub word: usize,
    /// The window that its values come from.
    pub window: usize,
    /// z_i in the order B, I, O.
    pub logits: Logits,
}

/// A window's paragraph tokens: `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First paragraph token.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
}

/// A whole analysis: z, p, the decoded labels and answers. Field names as in the JavaScript API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Analysis {
    /// N_Q.
    pub question_tokens: usize,
    /// The question's word pieces: their places in it, in UTF-16 code units.
    #[serde(default)]
    pub question_pieces: Vec<Span>,
    /// The question was longer, and is read up to its last piece only.
    #[serde(default)]
    pub question_truncated: bool,
    /// N_P.
    pub paragraph_tokens: usize,
    /// The paragraph's length in UTF-16 code units; analyses that were kept from before have none.
    #[serde(default)]
    pub paragraph_length: Option<usize>,
    /// d.
    pub hidden_size: usize,
    /// The windows, as ranges of paragraph tokens.
    pub windows: Vec<Window>,
    /// The decoder behind `label` and `answers`.
    pub decode: Decoder,
    /// What the decoder `viterbi` adds to every log p_B, in nats, whether it was the decoder or not.
    #[serde(default)]
    pub b_bias: f64,
    /// P(no answer).
    pub no_answer: f64,
    /// The paragraph tokens, in order.
    pub tokens: Vec<Token>,
    /// Tokens whose I had no span to go on with, so that the greedy decoder made it a B.
    #[serde(default)]
    pub repaired: Vec<usize>,
    /// The decoded spans, best first; empty: no answer.
    pub answers: Vec<Answer>,
    /// The best few single spans.
    pub alternatives: Vec<Answer>,
    /// The matrix kernel that ran.
    pub kernel: String,
    /// How many workers shared the work.
    #[serde(default = "alone")]
    pub workers: usize,
    /// Where the time went.
    pub milliseconds: Milliseconds,
}

/// One paragraph token with its distribution and labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// `paragraph.slice(start, end)`.
    pub text: String,
    /// Start in UTF-16 code units.
    pub start: usize,
    /// End, exclusive, in UTF-16 code units.
    pub end: usize,
    /// Index of the word that this piece belongs to.
    pub word: usize,
    /// z_i.
    pub logits: Logits,
    /// p_i = softmax(z_i), in f64.
    pub p: Dist,
    /// The decoded label.
    pub label: Label,
    /// The label with the largest p.
    pub argmax: Label,
    /// The window that the values come from.
    pub window: usize,
}

/// An answer span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// `paragraph.slice(start, end)`.
    pub text: String,
    /// Start in UTF-16 code units.
    pub start: usize,
    /// End, exclusive, in UTF-16 code units.
    pub end: usize,
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub last: usize,
    /// log(p_B/p_O) of the first token + sum of log(p_I/p_O) of the others.
    pub score: f64,
}

/// Times in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Milliseconds {
    /// Text to token ids.
    pub tokenize: f64,
    /// Encoder and head, all windows.
    pub forward: f64,
    /// Decoding and the softmax in f64.
    pub decode: f64,
}

/// Where what ends with a token at `end` ends: after the accents on its last letter. BERT's normaliser drops accents that are
/// characters of their own (as macOS writes them), so that no token has them. Of a text in UTF-16 code units.
pub fn with_accents(units: &[u16], end: usize) -> usize {
    let invisible = |c| matches!(c, '\u{ad}' | '\u{200b}'..='\u{206f}' | '\u{feff}');
    let accent = |c: &char| c.width() == Some(0) && !invisible(*c);
    let rest = char::decode_utf16(units.get(end..).unwrap_or_default().iter().copied()).map_while(Result::ok);
    end + rest.take_while(accent).map(char::len_utf16).sum::<usize>()
}

impl Token {
    /// Its place in the paragraph.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

impl Analysis {
    /// Turns what the model read into an analysis. `decode_ms` is left at 0 for the caller, who has a clock.
    pub fn new(paragraph: &str, output: ModelOutput, decoder: Decoder) -> Analysis {
        let units: Vec<u16> = paragraph.encode_utf16().collect();
        let token = |t: &TokenOutput| Token {
            text: String::from_utf16_lossy(&units[t.start..t.end]),
            start: t.start,
            end: t.end,
            word: t.word,
            logits: t.logits,
            p: bio::log_softmax(&t.logits).map(f64::exp),
            label: Label::O,
            argmax: Label::argmax(&t.logits),
            window: t.window,
        };
        let mut analysis = Analysis {
            question_tokens: output.question_tokens,
            question_pieces: output.question_pieces,
            question_truncated: output.question_truncated,
            paragraph_tokens: output.tokens.len(),
            paragraph_length: Some(units.len()),
            hidden_size: output.hidden_size,
            decode: decoder,
            b_bias: output.b_bias,
            no_answer: 0.0,
            tokens: output.tokens.iter().map(token).collect(),
            repaired: Vec::new(),
            answers: Vec::new(),
            alternatives: Vec::new(),
            windows: output.windows,
            kernel: output.kernel,
            workers: output.workers,
            milliseconds: Milliseconds { tokenize: output.tokenize_ms, forward: output.forward_ms, decode: 0.0 },
        };
        analysis.decode_by(paragraph, decoder);
        analysis
    }

    /// Finds the labels and answers anew, by this decoder; z and p stay. Its time is left at 0 for the caller.
    pub fn decode_by(&mut self, paragraph: &str, decoder: Decoder) {
        let units: Vec<u16> = paragraph.encode_utf16().collect();
        let log_p: Vec<Dist> = self.tokens.iter().map(|t| bio::log_softmax(&t.logits)).collect();
        let decoded = bio::decode(&log_p, decoder, self.b_bias);
        let answer = |span: &TokenSpan| {
            let (start, end) = (self.tokens[span.first].start, with_accents(&units, self.tokens[span.last - 1].end));
            let text = String::from_utf16_lossy(&units[start..end]);
            Answer { text, start, end, first: span.first, last: span.last, score: span.score }
        };
        let mut answers: Vec<Answer> = decoded.spans.iter().map(answer).collect();
        answers.sort_by(|a, b| b.score.total_cmp(&a.score)); // stable: equal scores stay in text order
        let alternatives = bio::best_spans(&log_p, ALTERNATIVES).iter().map(answer).collect();
        (self.decode, self.milliseconds.decode) = (decoder, 0.0);
        (self.answers, self.alternatives, self.repaired) = (answers, alternatives, decoded.repaired);
        self.no_answer = bio::log_no_answer(&log_p).exp();
        self.tokens.iter_mut().zip(decoded.labels).for_each(|(token, label)| token.label = label);
    }

    /// The places of all tokens.
    pub fn spans(&self) -> Vec<Span> {
        self.tokens.iter().map(Token::span).collect()
    }

    /// The logits of all tokens: what the loss is computed from.
    pub fn logits(&self) -> Vec<Logits> {
        self.tokens.iter().map(|t| t.logits).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_belong_to_the_letter_before() {
        let end = |text: &str, end| with_accents(&text.encode_utf16().collect::<Vec<u16>>(), end);
        assert_eq!(end("Jose\u{301} sang", 4), 5);
        assert_eq!(end("Vie\u{302}\u{301}t", 3), 5, "two of them");
        assert_eq!(end("שָׁ", 1), 3, "points");
        for (text, at) in [("Jos\u{e9} sang", 4), ("Jose", 4), ("", 0), ("a\u{200b}b", 1), ("a\u{ad}b", 1), ("a\nb", 1)]
        {
            assert_eq!(end(text, at), at, "{text:?}");
        }
    }
}
