//! Links: the letters damaged, and what is packed in them damaged and packed again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bioscope::bio::{Decoder, Span};
use bioscope::document::class::{self, HandedIn};
use bioscope::document::link;
use bioscope::document::question_set::QuestionSet;
use bioscope::document::{Annotator, Assignment, Direct, Document};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib;

use crate::driver::{Seeds, fuzz};
use crate::labels::use_it;

pub fn document() -> Document {
    let span = |start, end| Span { start, end };
    let annotator = |name: &str, spans: &[Span]| Annotator {
        name: name.into(),
        weight: 1.5,
        spans: spans.to_vec(),
        stray: vec![span(0, 2)],
    };
    Document {
        question: "Who sang?".into(),
        paragraph: "On Friday \u{1f3bb} Zoe\u{308} sang in \u{391}\u{3b8}\u{3ae}\u{3bd}\u{3b1}.".into(),
        annotators: vec![annotator("Ana", &[span(13, 17), span(21, 23)]), annotator("", &[])],
        direct: vec![Direct { start: 0, end: 2, t: [0.25, 0.25, 0.5] }],
        decoder: Decoder::One,
        model: "tiny-128".into(),
        ..Document::default()
    }
}

#[test]
fn links() {
    let lessons = [(false, false, None), (true, false, Some(7)), (false, true, None)]
        .map(|(hidden, guided, tab)| Assignment { hidden, guided, tab });
    let inputs =
        lessons.iter().map(|assignment| link::encode(&document(), *assignment).unwrap().into_bytes()).collect();
    let words = &["#doc=", "AX", "AnicY2AAAAACAAE", "=", "-", "_"];
    let here = Document::default();
    fuzz("links", &Seeds { inputs, words }, |bytes| match link::decode(&here, &String::from_utf8_lossy(bytes)) {
        Ok(document) => use_it(document),
        Err(_) => false,
    });
}

#[test]
fn link_contents() {
    let text = link::encode(&document(), Assignment::default()).unwrap();
    let packed = URL_SAFE_NO_PAD.decode(&text["#doc=".len()..]).unwrap();
    let json = decompress_to_vec_zlib(&packed[1..]).unwrap();
    let words = &["\"a\":", "\"t\":", "[", "]", "[[0,1]]", "\"l\":{\"hidden\":true}", "\"x\",", "1e308", "\\ud83c"];
    let here = Document::default();
    fuzz("link_contents", &Seeds { inputs: vec![json], words }, |bytes| {
        let mut packed = vec![link::VERSION];
        packed.extend(compress_to_vec_zlib(bytes, 1));
        match link::decode(&here, &format!("#doc={}", URL_SAFE_NO_PAD.encode(packed))) {
            Ok(document) => use_it(document),
            Err(_) => false,
        }
    });
}

#[test]
fn sets() {
    let mut set = QuestionSet { student: "Ana".into(), hidden: false, ..QuestionSet::default() };
    assert!(set.add(&document()) && set.add(&Document { question: "Who slept?".into(), ..document() }));
    set.set_guide(true);
    let inputs = vec![set.to_json().into_bytes(), set.answers_to_json().into_bytes()];
    let words = &[
        "bioscope-set",
        "bioscope-answers",
        "\"given\": 9,",
        "\"guided\": true,",
        "\"hidden\": true",
        "[",
        "]",
        "{",
        "}",
    ];
    fuzz("sets", &Seeds { inputs, words }, |bytes| {
        let Ok(set) = QuestionSet::from_json("x", &String::from_utf8_lossy(bytes)) else { return false };
        let handed = HandedIn::from(("x.json".to_string(), set.answers_to_json()));
        let class = class::merge(&QuestionSet::default(), &[handed], false);
        assert_eq!(class.reports.len(), 1);
        let back = QuestionSet::from_json("y", &set.answers_to_json()).unwrap();
        assert_eq!(back.items.len(), set.items.len());
        if let Ok(fragment) = link::encode_set(&set) {
            let opened = link::open(&Document::default(), &fragment);
            assert!(set.items.is_empty() || opened.is_ok(), "{opened:?}");
        }
        class.questions.into_iter().map(use_it).filter(|used| *used).count() > 0 // all are tried
    });
}
