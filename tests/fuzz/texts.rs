//! Tokenizers, and texts with the shipped one: every piece is a whole slice of the text.

use std::sync::LazyLock;

use bioscope::tokenize::{MAX_QUESTION, Offsets, POSITIONS, TextEncoder};
use serde_json::{Value, json};

use crate::common::root;
use crate::driver::{Seeds, fuzz};

static FILE: LazyLock<Vec<u8>> =
    LazyLock::new(|| std::fs::read(root().join("static/models/minilm-l6/tokenizer.json")).unwrap());
static TEXT: LazyLock<TextEncoder> = LazyLock::new(|| TextEncoder::from_bytes(&FILE, 512).unwrap());

fn check(encoder: &TextEncoder, question: &str, paragraph: &str) -> bool {
    let Ok(encoded) = encoder.encode(question, paragraph) else { return false };
    assert!(encoded.question.len() <= MAX_QUESTION && !encoded.paragraph.is_empty());
    for (text, pieces) in [(question, &encoded.question), (paragraph, &encoded.paragraph)] {
        let units: Vec<u16> = text.encode_utf16().collect();
        let (mut end, mut word) = (0, 0);
        for piece in pieces {
            assert!(piece.start < piece.end && piece.end <= units.len() && piece.end >= end, "{piece:?} after {end}");
            assert!(String::from_utf16(&units[piece.start..piece.end]).is_ok(), "{piece:?} halves a character");
            assert!(piece.word == word || piece.word == word + 1, "{piece:?} after word {word}");
            (end, word) = (piece.end, piece.word);
        }
    }
    let table = Offsets::new(paragraph);
    for (k, window) in encoded.windows.iter().enumerate() {
        assert!(window.start < window.end && window.end <= encoded.paragraph.len());
        let (ids, segments) = encoded.ids(k);
        assert!(ids.len() <= POSITIONS && ids.len() == segments.len());
    }
    let edge = encoded.paragraph[0].end;
    assert_eq!(table.utf16(table.byte_of_utf16(edge)), edge);
    assert_eq!(encoded.windows.last().map(|w| w.end), Some(encoded.paragraph.len()), "nothing is left out");
    true
}

#[test]
fn texts() {
    let inputs = [
        "Who sang in Oslo?\nOn Friday Ada Berg sang in Oslo, and Bo listened.",
        "Qui?\nZoe\u{308} cafe\u{301} na\u{ef}ve \u{fb01}n \u{130}stanbul \u{1c4} Stra\u{df}e",
        "\u{65e5}\u{672c}\n\u{65e5}\u{672c}\u{8a9e}\u{306e}\u{6587} \u{5d0}\u{5d1} \u{645}\u{631}\u{62d}\u{628}\u{627}",
        "a\n\u{1f469}\u{1f3fd}\u{200d}\u{1f33e}\u{1f408}\u{200d}\u{2b1b}\u{1f1ec}\u{1f1f7} \r\n\t\u{a0}\u{2028}",
        "?\n[CLS] [SEP] [MASK] ##ing [UNK] \u{fffd}\u{feff}\u{0}",
        "x\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b",
    ];
    let words = &[
        "\u{301}",
        "\u{1f3fd}",
        "\u{200d}",
        "[SEP]",
        "\u{10ffff}",
        "\u{ad}",
        "\u{1e9e}",
        "\u{3a3}",
        "\n",
        "\u{2028}",
        "\u{fe0f}",
    ];
    let seeds = Seeds { inputs: inputs.iter().map(|text| text.as_bytes().to_vec()).collect(), words };
    fuzz("texts", &seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let (question, paragraph) = text.split_once('\n').unwrap_or((&text, &text));
        check(&TEXT, question, paragraph)
    });
}

#[test]
fn tokenizers() {
    // The shipped file with a vocabulary of a few words, so that damage hits what matters.
    let mut file: Value = serde_json::from_slice(&FILE).unwrap();
    let vocabulary = file["model"]["vocab"].as_object().unwrap();
    let kept = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##b", "who", "sang", "##g", "."];
    let vocabulary: serde_json::Map<String, Value> =
        kept.iter().filter_map(|word| Some((word.to_string(), vocabulary.get(*word)?.clone()))).collect();
    file["model"]["vocab"] = json!(vocabulary);
    let words = &[
        "\"[CLS]\"",
        "\"id\":",
        "true",
        "false",
        "null",
        "\"\"",
        "\"##\"",
        "{",
        "}",
        "[",
        "\"normalizer\":null,",
        "\"vocab\":{}",
    ];
    let inputs = vec![serde_json::to_vec(&file).unwrap(), serde_json::to_vec_pretty(&file).unwrap()];
    fuzz("tokenizers", &Seeds { inputs, words }, |bytes| {
        let Ok(encoder) = TextEncoder::from_bytes(bytes, 512) else { return false };
        let _ = (encoder.vocabulary(), encoder.mask());
        let _ = encoder.encode("who sang?", "a Bb sang. \u{e9}");
        true
    });
}
