//! Offsets are right to the UTF-16 unit, whatever the text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::sync::LazyLock;

use bioscope::tokenize::{LEAST_ROOM, MAX_QUESTION, POSITIONS, TextEncoder, home, overlap};
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
    let question = |words: usize| TEXT.encode(&"why ".repeat(words), "Because.").unwrap();
    let (whole, cut) = (question(MAX_QUESTION), question(MAX_QUESTION + 1));
    assert_eq!((MAX_QUESTION, whole.question.len(), whole.question_truncated), (256, 256, false));
    assert_eq!((&cut.question, cut.question_truncated), (&whole.question, true));
    assert_eq!((cut.ids(0), cut.question[255].end), (whole.ids(0), 255 * 4 + 3));
    assert!(TEXT.encode(" ", "x").is_err() && TEXT.encode("x", "\u{200b}").is_err());
}

#[test]
fn a_model_of_few_positions_leaves_room_for_the_paragraph() {
    let json = std::fs::read(root().join("static/models/minilm-l6/tokenizer.json")).unwrap();
    assert!(TextEncoder::from_bytes(&json, 2 * LEAST_ROOM + 2).unwrap_err().to_string().contains("too few"));
    for positions in [2 * LEAST_ROOM + 3, 200, 322, 323, 384, 512] {
        let encoder = TextEncoder::from_bytes(&json, positions).unwrap();
        let encoded = encoder.encode(&"why ".repeat(400), &"so ".repeat(300)).unwrap();
        assert!(encoded.question_truncated);
        let room = positions.min(POSITIONS) - 3 - encoded.question.len();
        assert_eq!(encoded.question.len(), MAX_QUESTION.min(positions - 3 - LEAST_ROOM), "{positions}");
        assert_eq!((encoded.windows[0].end, encoded.ids(0).0.len()), (room, positions.min(POSITIONS)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The rule of windows for every length of the question, by what a window holds.
    #[test]
    fn windows_behind_any_question(asked in 0usize..=400, words in 1usize..1500) {
        let encoded = TEXT.encode(&"why ".repeat(asked), &"so ".repeat(words));
        if asked == 0 {
            prop_assert!(encoded.is_err());
            return Ok(());
        }
        let encoded = encoded.unwrap();
        prop_assert_eq!((encoded.question.len(), encoded.question_truncated), (asked.min(256), asked > 256));
        let room = 384 - 3 - asked.min(256);
        prop_assert!(room >= 125);
        let windows = &encoded.windows;
        prop_assert_eq!((windows[0].start, windows[windows.len() - 1].end), (0, words));
        for pair in windows.windows(2) {
            let shared = if room >= 256 { 128 } else { room / 2 };
            prop_assert_eq!((pair[0].end - pair[0].start, pair[0].end - pair[1].start), (room, shared));
            prop_assert_eq!(shared, overlap(room));
            prop_assert!(pair[1].end > pair[0].end, "every window reads something new");
        }
        for k in 0..windows.len() {
            let (ids, segments) = encoded.ids(k);
            prop_assert!(ids.len() <= POSITIONS && ids.len() == segments.len());
            prop_assert_eq!(segments.iter().filter(|s| **s == 0).count(), encoded.question.len() + 2);
        }
        // Each token's values come from one of its windows, from an unbroken run of tokens in each.
        let home = home(words, windows);
        prop_assert!(home.windows(2).all(|pair| pair[1] == pair[0] || pair[1] == pair[0] + 1));
        prop_assert!(home.iter().enumerate().all(|(i, &k)| windows[k].start <= i && i < windows[k].end));
    }
}
