//! BERT's pair encoding: `[CLS] question [SEP] paragraph [SEP]`, by the `tokenizers` crate.

use serde::Deserialize;
use tokenizers::decoders::wordpiece::WordPiece as WordPieceDecoder;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{AddedToken, Encoding, TokenizerImpl};

use super::offsets::Offsets;
use super::window::{self, LEAST_ROOM, POSITIONS, SPECIAL, home};
use crate::bio::Span;
use crate::error::Error;
use crate::inference::Window;

/// A BERT's tokenizer. The crate's `Tokenizer` can be any kind, and brings the code of all of them along, regular
/// expressions included. The last two parts are never used: windows are put together in `window.rs`, and nothing is decoded.
type BertTokenizer = TokenizerImpl<WordPiece, BertNormalizer, BertPreTokenizer, BertProcessing, WordPieceDecoder>;

/// What of a `tokenizer.json` counts here. Published tokenizers often also cut at 128 tokens or pad; windows are ours
/// to make.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    normalizer: Option<BertNormalizer>,
    pre_tokenizer: Option<BertPreTokenizer>,
    model: WordPiece,
}

/// A model's tokenizer, with the special tokens that the pair encoding needs.
#[derive(Debug)]
pub struct TextEncoder {
    inner: BertTokenizer,
    cls: u32,
    sep: u32,
    mask: u32,
    positions: usize,
}

/// One word piece. Offsets are into its text, the question or the paragraph, end exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Row of the embedding table.
    pub id: u32,
    /// Start in UTF-16 code units.
    pub start: usize,
    /// End in UTF-16 code units.
    pub end: usize,
    /// Number of the word that this is a piece of, counted from 0 without gaps.
    pub word: usize,
}

/// A question and a paragraph as token ids, cut into windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The N_Q question pieces.
    pub question: Vec<Piece>,
    /// Whether the question was longer: it ends after these pieces.
    pub question_truncated: bool,
    /// The N_P paragraph pieces.
    pub paragraph: Vec<Piece>,
    /// The windows, as ranges of paragraph pieces.
    pub windows: Vec<Window>,
    cls: u32,
    sep: u32,
}

impl TextEncoder {
    /// Reads a `tokenizer.json`. `positions` is what the model can take at most (its position embeddings);
    /// windows are the smaller of this and [`POSITIONS`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is no tokenizer, [`Error::Mismatch`] when it has no `[CLS]` or `[SEP]`
    /// or the model has too few positions.
    pub fn from_bytes(json: &[u8], positions: usize) -> Result<TextEncoder, Error> {
        let damaged = |why: String| Error::Corrupt { file: "tokenizer.json".into(), why };
        let file: File = serde_json::from_slice(json).map_err(|e| damaged(e.to_string()))?;
        let mut inner = BertTokenizer::new(file.model);
        inner.with_normalizer(file.normalizer).map_err(|e| damaged(e.to_string()))?;
        inner.with_pre_tokenizer(file.pre_tokenizer);
        inner.add_tokens(file.added_tokens).map_err(|e| damaged(e.to_string()))?;
        let special = |token: &str| {
            let why = format!("the tokenizer has no {token} token, so it is not a BERT's");
            inner.token_to_id(token).ok_or(Error::Mismatch { why })
        };
        let (cls, sep) = (special("[CLS]")?, special("[SEP]")?);
        let positions = positions.min(POSITIONS);
        if positions < 2 * LEAST_ROOM + SPECIAL {
            let why = format!("{positions} positions are too few for a question and a paragraph");
            return Err(Error::Mismatch { why });
        }
        let mask = inner.token_to_id("[MASK]").or(inner.token_to_id("[UNK]")).unwrap_or(sep);
        Ok(TextEncoder { inner, cls, sep, mask, positions })
    }

    /// Id of the token that hides a word: `[MASK]`, or what comes nearest in vocabularies without one.
    pub fn mask(&self) -> u32 {
        self.mask
    }

    /// Number of rows that the embedding table must have: one for every id up to the largest.
    pub fn vocabulary(&self) -> usize {
        self.inner.get_vocab(true).into_values().max().map_or(0, |id| id as usize + 1)
    }

    /// Most word pieces of a question; the rest of a longer one is not read. [`MAX_QUESTION`](super::MAX_QUESTION), or less
    /// where the model has few positions.
    pub fn most_question(&self) -> usize {
        window::most_question(self.positions)
    }

    /// Encodes a question and a paragraph. A question of more than [`most_question`](Self::most_question) pieces is cut.
    ///
    /// # Errors
    /// Either is empty: it has no token.
    pub fn encode(&self, question: &str, paragraph: &str) -> Result<Encoded, Error> {
        let run =
            |text: &str| self.inner.encode(text, false).map_err(|e| Error::Internal { why: format!("tokenizer: {e}") });
        let mut question = pieces(question, &run(question)?);
        if question.is_empty() {
            return Err(Error::EmptyQuestion);
        }
        let question_truncated = question.len() > self.most_question();
        question.truncate(self.most_question());
        let paragraph = pieces(paragraph, &run(paragraph)?);
        if paragraph.is_empty() {
            return Err(Error::EmptyParagraph);
        }
        let windows = window::windows(paragraph.len(), self.positions - question.len() - SPECIAL);
        Ok(Encoded { question, question_truncated, paragraph, windows, cls: self.cls, sep: self.sep })
    }
}

fn slice<'a>(text: &'a str, offsets: &Offsets, piece: &Piece) -> &'a str {
    &text[offsets.byte_of_utf16(piece.start)..offsets.byte_of_utf16(piece.end)]
}

/// The word pieces of a text with their places.
fn pieces(text: &str, encoding: &Encoding) -> Vec<Piece> {
    let offsets = Offsets::new(text);
    let mut word = 0;
    let mut last = None;
    let mut pieces = Vec::with_capacity(encoding.len());
    for (k, (&id, &(start, end))) in encoding.get_ids().iter().zip(encoding.get_offsets()).enumerate() {
        let this = encoding.get_word_ids()[k];
        if k > 0 && (this.is_none() || this != last) {
            word += 1;
        }
        last = this;
        // An end inside a character (possible after normalisation) is moved past it.
        let end = (end..=text.len()).find(|&e| text.is_char_boundary(e)).unwrap_or(text.len());
        pieces.push(Piece { id, start: offsets.utf16(start), end: offsets.utf16(end), word });
    }
    pieces
}

impl Encoded {
    /// The paragraph's pieces with their texts.
    pub fn places<'a>(&self, paragraph: &'a str) -> Vec<(Span, &'a str)> {
        let offsets = Offsets::new(paragraph);
        let place = |p: &Piece| (Span { start: p.start, end: p.end }, slice(paragraph, &offsets, p));
        self.paragraph.iter().map(place).collect()
    }

    /// The question's pieces as they stand in it.
    pub fn asked<'a>(&self, question: &'a str) -> Vec<&'a str> {
        let offsets = Offsets::new(question);
        self.question.iter().map(|p| slice(question, &offsets, p)).collect()
    }

    /// Token ids and segment ids of window `k`, both of the window's full length.
    pub fn ids(&self, k: usize) -> (Vec<u32>, Vec<u32>) {
        let window = self.windows[k];
        let first = self.question.len() + 2;
        let mut ids = vec![self.cls];
        ids.extend(self.question.iter().map(|piece| piece.id));
        ids.push(self.sep);
        ids.extend(self.paragraph[window.start..window.end].iter().map(|piece| piece.id));
        ids.push(self.sep);
        let segments = (0..ids.len()).map(|position| u32::from(position >= first)).collect();
        (ids, segments)
    }

    /// The window that a paragraph token is at home in, and its position there.
    ///
    /// # Errors
    /// [`Error::Argument`] when there is no such token.
    pub fn place_of(&self, token: usize) -> Result<(usize, usize), Error> {
        let home = home(self.paragraph.len(), &self.windows);
        let window = *home.get(token).ok_or_else(|| Error::no_token(token, home.len()))?;
        Ok((window, self.first_position() + token - self.windows[window].start))
    }

    /// Where paragraph tokens begin in a window: after `[CLS]`, the question and `[SEP]`.
    pub fn first_position(&self) -> usize {
        self.question.len() + 2
    }
}
