//! Offsets are right to the UTF-16 unit, whatever the text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::sync::LazyLock;

use bioscope::text::{MAX_QUESTION, POSITIONS, TextEncoder};
use common::root;
use proptest::prelude::*;

static TEXT: LazyLock<TextEncoder> = LazyLock::new(|| {
    let json = std::fs::read(root().join("static/models/minilm-l6/tokenizer.json")).unwrap();
    TextEncoder::from_bytes(&json, 512).unwrap()
});

/// Words, accents composed and not, CJK, right-to-left, emoji with joiners, line ends, odd spaces.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z]{1,12}",
        "[0-9.,!?()\"'-]{1,4}",
        Just("cafe\u{301}".to_string()),
        Just("Ｆｕｌｌ ﬁ Ǆ İ ß".to_string()),
        Just("日本語の文".to_string()),
        Just("שלום مرحبا".to_string()),
        Just("👩🏽‍🌾🐈‍⬛🇬🇷".to_string()),
        Just("\r\n\t\u{a0}\u{2028}".to_string()),
        Just("\u{200b}\u{feff}\u{0}\u{fffd}".to_string()),
        any::<String>(),
    ];
    prop::collection::vec(piece, 1..30).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_piece_is_a_whole_slice_of_the_text(paragraph in text()) {
        let Ok(encoded) = TEXT.encode("Who?", &paragraph) else { return Ok(()) }; // no token in it
        let units: Vec<u16> = paragraph.encode_utf16().collect();
        let (mut end, mut word) = (0, 0);
        for (i, piece) in encoded.paragraph.iter().enumerate() {
            prop_assert!(piece.start < piece.end && piece.end <= units.len(), "{piece:?}");
            // Half a surrogate pair is no text; the slice must be one.
            prop_assert!(String::from_utf16(&units[piece.start..piece.end]).is_ok(), "{piece:?} in {paragraph:?}");
            // Characters that normalise into several pieces share their offsets; none goes back.
            prop_assert!(i == 0 || piece.end >= end, "{piece:?} after {end}");
            prop_assert!(piece.word == word || piece.word == word + 1 || i == 0);
            (end, word) = (piece.end, piece.word);
        }
        for k in 0..encoded.windows.len() {
            let (ids, segments) = encoded.ids(k);
            prop_assert!(ids.len() <= POSITIONS && ids.len() == segments.len());
            prop_assert_eq!((ids[0], ids[ids.len() - 1]), (101, 102));
        }
    }
}

#[test]
fn by_hand() {
    let encoded = TEXT.encode("Who?", "Zoe\u{301} 🐈 naps\r\nin Πάτρα").unwrap();
    let paragraph: Vec<u16> = "Zoe\u{301} 🐈 naps\r\nin Πάτρα".encode_utf16().collect();
    let texts: Vec<String> =
        encoded.paragraph.iter().map(|p| String::from_utf16(&paragraph[p.start..p.end]).unwrap()).collect();
    assert_eq!(texts[0], "Zoe", "as the reference: a mark that normalisation drops belongs to no piece");
    assert_eq!(texts[1], "🐈");
    assert!(texts[2..].join("").starts_with("napsin"), "{texts:?}");
    assert_eq!(encoded.paragraph[1].start, 5);
    assert_eq!(encoded.paragraph[1].end, 7, "an emoji is two UTF-16 units");
}

#[test]
fn limits_of_the_question() {
    let question = |words: usize| TEXT.encode(&"why ".repeat(words), "Because.");
    assert!(question(MAX_QUESTION).is_ok());
    let fault = question(MAX_QUESTION + 1).unwrap_err().to_string();
    assert!(fault.contains("65") && fault.contains("64"), "{fault}");
    assert!(TEXT.encode(" ", "x").is_err() && TEXT.encode("x", "\u{200b}").is_err());
}
