//! Messages between page and worker, and the document that an earlier visit kept.

use bioscope::document::Document;
use bioscope::worker::protocol::{FromWorker, ToWorker};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::driver::{Seeds, fuzz};
use crate::labels::use_it;
use crate::links::document;

/// What is read is written and read again the same way.
fn steady<T: Serialize + DeserializeOwned>(text: &str) -> bool {
    let Ok(message) = serde_json::from_str::<T>(text) else { return false };
    let written = serde_json::to_string(&message).unwrap();
    let again: T = serde_json::from_str(&written).unwrap_or_else(|e| panic!("{written}: {e}"));
    assert_eq!(serde_json::to_string(&again).unwrap(), written);
    true
}

#[test]
fn messages() {
    let inputs: Vec<Vec<u8>> = [
        r#"{"loadShipped":{"id":1,"name":"minilm-l6","base":"http://127.0.0.1/"}}"#,
        r#"{"loadOwn":{"id":2}}"#,
        r#"{"analyse":{"id":3,"question":"Who?","paragraph":"Ann sang."}}"#,
        r#"{"undo":{"id":4}}"#,
        r#"{"cancel":{"id":5}}"#,
        r#""ping""#,
        r#""here""#,
        r#"{"progress":{"id":6,"progress":{"stage":"download","loaded":10,"total":20}}}"#,
        r#"{"analysed":{"id":7,"reading":{"questionTokens":2,"questionPieces":[{"start":0,"end":3}],"hiddenSize":8,"windows":[{"start":0,"end":1}],"tokens":[{"start":0,"end":3,"word":0,"window":0,"logits":[0.5,-1.25,3e-5]}],"kernel":"simd128","tokenizeMs":0.1,"forwardMs":2.5}}}"#,
        r#"{"failed":{"id":8,"fault":{"kind":"unknownModel","name":"tiny-129"}}}"#,
        r#"{"failed":{"id":8,"fault":{"kind":"noModel"}}}"#,
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    let words = &["\"analyse\":", "\"id\":", "{", "}", "null", "\"step\"", "1e999", "\\u0000"];
    fuzz("messages", &Seeds { inputs, words }, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let (to, from) = (steady::<ToWorker>(&text), steady::<FromWorker>(&text));
        to || from
    });
}

#[test]
fn kept_documents() {
    let inputs = vec![document().to_json().into_bytes(), Document::default().to_json().into_bytes()];
    let words =
        &["\"spans\":[]", "\"lesson\":{\"hidden\":true}", "{", "}", "null", "\"view\":\"bars\"", "\"fold\":false"];
    fuzz("kept_documents", &Seeds { inputs, words }, |bytes| {
        let Some(document) = Document::from_json(&String::from_utf8_lossy(bytes)) else { return false };
        // What this page has written it reads without a check; what somebody else has may be out of bounds.
        if bioscope::document::inputs::sound(&document) { use_it(document) } else { false }
    });
}
