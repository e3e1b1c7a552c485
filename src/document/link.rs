//! The document, or a set of questions, in a link: what is behind `#` in the address, which browsers send to no server.
//!
//! `#doc=` and, in base64url, one byte for the version and a zlib stream of JSON with short names. The stream carries a
//! checksum, so that a link that lost or changed a letter on its way says so instead of saying something else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde::{Deserialize, Serialize};

use super::inputs::Inputs;
use super::question_set::{self, Item, QuestionSet};
use super::{Annotator, Assignment, Direct, Document};
use crate::bio::{Decoder, Dist, Span};
use crate::error::Error;

/// The version that this program writes, and the newest that it reads.
pub const VERSION: u8 = 1;

/// What a fragment with a document begins with.
const KEY: &str = "doc=";

/// What may follow the document: the name of the place to open it at. It is the page's alone, and no part of the document.
pub const PLACE: &str = "&place=";

/// Most bytes of a document's JSON: what unpacks to more is no document of ours.
const LIMIT: usize = 1 << 21;

/// Every field has a default and is left out where it has it, so that later versions can add some.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Payload {
    #[serde(rename = "q", skip_serializing_if = "String::is_empty")]
    question: String,
    #[serde(rename = "p", skip_serializing_if = "String::is_empty")]
    paragraph: String,
    #[serde(rename = "m", skip_serializing_if = "String::is_empty")]
    model: String,
    #[serde(rename = "d", skip_serializing_if = "super::is_default")]
    decoder: Decoder,
    #[serde(rename = "a", skip_serializing_if = "Vec::is_empty")]
    annotators: Vec<Person>,
    #[serde(rename = "t", skip_serializing_if = "Vec::is_empty")]
    direct: Vec<(usize, usize, Dist)>,
    #[serde(rename = "l", skip_serializing_if = "Assignment::is_none")]
    assignment: Assignment,
    /// What makes it a set: the questions after this one. A program that knows no sets opens the first question alone.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    further: Option<Vec<Payload>>,
    #[serde(rename = "n", skip_serializing_if = "String::is_empty")]
    title: String,
}

/// What links of both kinds can say.
#[derive(Clone, Debug, PartialEq)]
pub enum Linked {
    /// One question with its paragraph.
    Document(Document),
    /// A set of them.
    Set(QuestionSet),
}

/// Name, weight, spans, ranges labelled I without a beginning.
#[derive(Serialize, Deserialize)]
struct Person(String, f64, Vec<(usize, usize)>, Vec<(usize, usize)>);

/// The fragment, with its `#`, for a document and what the link is to ask of the page. A link to the guided exercise
/// carries no text: the exercise has its own. One that hides the model's answers carries no labels, which would tell them.
///
/// # Errors
/// [`Error::LinkTooLong`].
pub fn encode(document: &Document, assignment: Assignment) -> Result<String, Error> {
    pack(&Payload::new(document, assignment))
}

/// The fragment for a set as it is handed out.
///
/// # Errors
/// [`Error::LinkTooLong`].
pub fn encode_set(set: &QuestionSet) -> Result<String, Error> {
    let set = set.handed_out();
    // The title and what hides the answers are said once.
    let assignment = |item: &Item| Assignment { guided: item.guided, ..Assignment::default() };
    let mut all = set.items.iter().map(|item| Payload::new(&item.document, assignment(item)));
    let mut first = all.next().unwrap_or_default();
    first.assignment.hidden = set.hidden;
    first.further = Some(all.collect());
    first.title = set.title;
    pack(&first)
}

fn pack(payload: &Payload) -> Result<String, Error> {
    let json = serde_json::to_vec(payload).expect("a payload is plain data");
    if json.len() > LIMIT {
        return Err(Error::LinkTooLong { bytes: json.len() });
    }
    let mut bytes = vec![VERSION];
    bytes.extend(compress_to_vec_zlib(&json, 9));
    Ok(format!("#{KEY}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// Whether an address, or its fragment alone, holds a document.
pub fn holds(address: &str) -> bool {
    address.split_once('#').is_some_and(|(_, fragment)| fragment.starts_with(KEY))
}

/// Puts what a link holds into a copy of `document`; how things are shown stays. `address` is a whole address or its
/// fragment. Of a set it is the first question.
///
/// # Errors
/// [`Error::LinkTooNew`], or [`Error::LinkBroken`] for anything else that is no link of ours.
pub fn decode(document: &Document, address: &str) -> Result<Document, Error> {
    unpack(address)?.into_document(document)
}

/// The same, of both kinds of links.
///
/// # Errors
/// As [`decode`].
pub fn open(document: &Document, address: &str) -> Result<Linked, Error> {
    let mut first = unpack(address)?;
    let Some(further) = first.further.take() else { return Ok(Linked::Document(first.into_document(document)?)) };
    let (title, hidden) = (std::mem::take(&mut first.title), first.assignment.hidden);
    let item = |payload: Payload| -> Result<Item, Error> {
        if payload.assignment.guided {
            return Ok(question_set::guide());
        }
        let mut read = payload.into_document(&Document::default())?;
        read.assignment = Assignment { hidden, ..Assignment::default() };
        Ok(Item { given: read.annotators.len(), document: read, guided: false })
    };
    let items: Result<Vec<Item>, Error> = std::iter::once(first).chain(further).map(item).collect();
    let set = QuestionSet { title, hidden, items: items?, ..QuestionSet::default() };
    set.check().map_err(|_| Error::LinkBroken)?;
    Ok(Linked::Set(set))
}

fn unpack(address: &str) -> Result<Payload, Error> {
    let fragment = address.trim().split_once('#').map_or("", |(_, fragment)| fragment);
    let text = fragment.strip_prefix(KEY).ok_or(Error::LinkBroken)?;
    let text = text.split_once(PLACE).map_or(text, |(text, _)| text);
    if text.len() > 2 * LIMIT {
        return Err(Error::LinkBroken);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::LinkBroken)?;
    let packed = match bytes.split_first() {
        Some((&VERSION, packed)) => packed,
        Some((&version, _)) if version > VERSION => return Err(Error::LinkTooNew { version }),
        _ => return Err(Error::LinkBroken),
    };
    let json = decompress_to_vec_zlib_with_limit(packed, LIMIT).map_err(|_| Error::LinkBroken)?;
    serde_json::from_slice(&json).map_err(|_| Error::LinkBroken)
}

impl Payload {
    fn new(document: &Document, assignment: Assignment) -> Payload {
        if assignment.guided {
            return Payload { assignment, ..Payload::default() };
        }
        let pairs = |spans: &[Span]| spans.iter().map(|s| (s.start, s.end)).collect();
        let person = |a: &Annotator| Person(a.name.clone(), a.weight, pairs(&a.spans), pairs(&a.stray));
        Payload {
            question: document.question.clone(),
            paragraph: document.paragraph.clone(),
            model: document.model.clone(),
            decoder: document.decoder,
            annotators: document.annotators.iter().filter(|_| !assignment.hidden).map(person).collect(),
            direct: document.direct.iter().filter(|_| !assignment.hidden).map(|d| (d.start, d.end, d.t)).collect(),
            assignment,
            ..Payload::default()
        }
    }

    fn into_document(self, document: &Document) -> Result<Document, Error> {
        let spans = |pairs: Vec<(usize, usize)>| pairs.into_iter().map(|(start, end)| Span { start, end }).collect();
        let annotator =
            |Person(name, weight, marked, stray)| Annotator { name, weight, spans: spans(marked), stray: spans(stray) };
        let annotators: Vec<Annotator> = self.annotators.into_iter().map(annotator).collect();
        let direct: Vec<Direct> = self.direct.into_iter().map(|(start, end, t)| Direct { start, end, t }).collect();
        let Payload { question, paragraph, model, decoder: decode, assignment, .. } = self;
        let inputs = Inputs { question, paragraph, model, decode, annotators, direct };
        let document = inputs.put_into(document).map_err(|_| Error::LinkBroken)?;
        Ok(Document { assignment, ..document })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dataset::one_line;
    use crate::document::inputs::MOST_ANNOTATORS;

    fn annotator(name: &str, spans: &[(usize, usize)]) -> Annotator {
        let spans = spans.iter().map(|&(start, end)| Span { start, end }).collect();
        Annotator { name: name.into(), weight: 1.0, spans, stray: Vec::new() }
    }

    fn document() -> Document {
        let paragraph = "On Friday 🎻 Zoë sang in Αθήνα.".to_string();
        let annotators = vec![annotator("Άννα", &[(13, 16)]), annotator("", &[]), annotator("Cy", &[(0, 9), (25, 30)])];
        let mut document = Document { question: "Who sang?".into(), paragraph, annotators, ..Document::default() };
        document.model = "tiny-128".into();
        document.decoder = Decoder::One;
        document.annotators[1].weight = 0.1;
        document.annotators[2].stray = vec![Span { start: 17, end: 21 }];
        document.direct = vec![Direct { start: 0, end: 2, t: [1.0 / 3.0, 0.0, 2.0 / 3.0] }];
        document
    }

    #[test]
    fn what_goes_in_comes_out() {
        let document = document();
        let fragment = encode(&document, Assignment::default()).unwrap();
        assert!(holds(&fragment) && holds(&format!("https://example.org/a/?kernel=simd128{fragment}")));
        let back = decode(&Document::default(), &format!("file:///bioscope.html{fragment}\n")).unwrap();
        assert_eq!(back, document);
        let hidden = Assignment { hidden: true, tab: Some(3), ..Assignment::default() };
        let back = decode(&document, &encode(&document, hidden).unwrap()).unwrap();
        assert_eq!((back.assignment, &back.paragraph, back.is_labelled()), (hidden, &document.paragraph, false));
        let guided = Assignment { guided: true, ..Assignment::default() };
        let short = encode(&document, guided).unwrap();
        assert!(short.len() < 80, "{short}");
        assert_eq!(decode(&document, &short).unwrap().assignment, guided);
    }

    #[test]
    fn a_link_of_the_first_version_stays_readable() {
        // Written when the format was new: links are kept in course pages for years.
        let old = "#doc=AXjaXYw9CsJAEIWvskw9LjMb_EtjIdhaCg4pAhFN4cafNEFsLQVP4AEEwU4QK_s9i0dwItrkwcC8ed-8HawhhsmiMNvUzweAsFI_9ma0ybO0Mu_z8WGmxevyzU3uTTiFe7iGZ7hZpZdKl7mvWux6ajO1hZ_plkIsAuGgoKKAbAlFOELuJAlKPQBIlnX_2WH1xwj7enBtjKhOhLvoOFEhlHUvoUMhGzWkdaTTaUj_9h9vI0Yz";
        assert_eq!(decode(&Document::default(), old), Ok(document()));
        assert_eq!(decode(&Document::default(), &format!("{old}{PLACE}labels")), Ok(document()));
    }

    fn set() -> QuestionSet {
        let mut set = QuestionSet { title: "Songs".into(), ..QuestionSet::default() };
        set.add(&document());
        set.add(&Document { question: "Who slept?".into(), ..document() });
        set
    }

    #[test]
    fn a_set_comes_back_with_the_order_and_without_what_is_hidden() {
        let mut set = set();
        set.set_guide(true);
        set.swap(0);
        for hidden in [true, false] {
            set.hidden = hidden;
            let fragment = encode_set(&set).unwrap();
            let Linked::Set(back) = open(&Document::default(), &format!("{fragment}{PLACE}class")).unwrap() else {
                panic!("a set")
            };
            assert_eq!(back, set.handed_out());
            assert_eq!(back.items[0].document.is_labelled(), !hidden);
            assert_eq!(back.items[0].given, if hidden { 0 } else { 3 });
        }
        // One question is a set as well, if it was made as one.
        set.items.truncate(1);
        assert_eq!(open(&Document::default(), &encode_set(&set).unwrap()), Ok(Linked::Set(set.handed_out())));
    }

    /// Programs from before there were sets skip what they do not know.
    #[test]
    fn an_older_program_opens_the_first_question_of_a_set() {
        let first = decode(&Document::default(), &encode_set(&set()).unwrap()).unwrap();
        assert_eq!((first.paragraph, first.assignment.hidden), (document().paragraph, true));
        let plain = encode(&document(), Assignment::default()).unwrap();
        assert_eq!(open(&Document::default(), &plain), Ok(Linked::Document(document())));
    }

    #[test]
    fn a_set_of_too_many_questions_is_no_link_of_ours() {
        let items = vec![Item { document: document(), ..Item::default() }; question_set::MOST_QUESTIONS + 1];
        let text = encode_set(&QuestionSet { items, ..QuestionSet::default() }).unwrap();
        assert_eq!(open(&Document::default(), &text), Err(Error::LinkBroken));
    }

    /// Three hundred words of an example, and three annotators.
    #[test]
    fn a_long_text_makes_a_link_of_at_most_four_kilobytes() {
        let examples: serde_json::Value =
            serde_json::from_str(include_str!("../../static/examples/examples.json")).unwrap();
        let long = examples.as_array().unwrap().iter().filter_map(|e| e["paragraph"].as_str());
        let long = long.max_by_key(|text| text.len()).unwrap();
        let words: Vec<&str> = long.split_whitespace().take(300).collect();
        assert_eq!(words.len(), 300);
        let mut document = document();
        document.paragraph = words.join(" ");
        for (row, spans) in
            [vec![(3, 40)], vec![(3, 40), (700, 720)], vec![(650, 661), (1000, 1010)]].iter().enumerate()
        {
            document.annotators[row] = annotator(["Alexandra", "Konstantinos", "Wilhelmina"][row], spans);
        }
        let text = encode(&document, Assignment::default()).unwrap();
        println!("{} letters of text, a link of {} bytes", document.paragraph.len(), text.len());
        assert!(text.len() <= 4000, "{}", text.len());
    }

    #[test]
    fn a_damaged_link_says_so() {
        let fragment = encode(&document(), Assignment::default()).unwrap();
        let here = Document::default();
        for end in 0..fragment.len() {
            assert_eq!(decode(&here, &fragment[..end]), Err(Error::LinkBroken), "cut at {end}");
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(&fragment[5..]).unwrap();
        for at in 1..bytes.len() {
            bytes[at] ^= 0x20;
            let bent = format!("#doc={}", URL_SAFE_NO_PAD.encode(&bytes));
            // The two bits of zlib's header that say how hard the packer tried change nothing.
            let read = decode(&here, &bent);
            assert!(read == Err(Error::LinkBroken) || read == decode(&here, &fragment), "byte {at}: {read:?}");
            bytes[at] ^= 0x20;
        }
        bytes[0] = VERSION + 1;
        let newer = format!("#doc={}", URL_SAFE_NO_PAD.encode(&bytes));
        assert_eq!(decode(&here, &newer), Err(Error::LinkTooNew { version: VERSION + 1 }));
        for text in ["", "#", "#doc=", "#doc=%%%", "#doc=AA", "doc=AA", "https://example.org/#part"] {
            assert_eq!(decode(&here, text), Err(Error::LinkBroken), "{text}");
        }
        assert!(!holds("https://example.org/") && !holds("#part") && !holds("doc=AA"));
    }

    #[test]
    fn a_small_link_cannot_become_a_large_document() {
        let bomb = compress_to_vec_zlib(&vec![b' '; 50 << 20], 9);
        let mut bytes = vec![VERSION];
        bytes.extend(bomb);
        let text = format!("#doc={}", URL_SAFE_NO_PAD.encode(bytes));
        assert_eq!(decode(&Document::default(), &text), Err(Error::LinkBroken));
        let long = Document { paragraph: "x".repeat(LIMIT), ..Document::default() };
        assert!(matches!(encode(&long, Assignment::default()), Err(Error::LinkTooLong { .. })));
        let many = Document { annotators: vec![annotator("", &[]); MOST_ANNOTATORS + 1], ..Document::default() };
        let text = encode(&many, Assignment::default()).unwrap();
        assert_eq!(decode(&Document::default(), &text), Err(Error::LinkBroken));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(question in ".{0,40}", paragraph in ".{0,300}", weight in 0.0..1e9_f64, cut in 0..300_usize) {
            let units = paragraph.encode_utf16().count();
            let question = one_line(&question);
            let paragraph = crate::dataset::field_lines(&paragraph).into_owned();
            let starts: Vec<usize> = paragraph.chars().scan(0, |at, c| { *at += c.len_utf16(); Some(*at - c.len_utf16()) }).collect();
            let mut document = Document { question, paragraph, ..Document::default() };
            if units > 0 {
                let start = starts[cut % starts.len()];
                document.annotators.push(annotator("A", &[(start, units)]));
                document.annotators[0].weight = weight;
            }
            let text = encode(&document, Assignment::default()).unwrap();
            prop_assert_eq!(decode(&Document::default(), &text), Ok(document));
        }

        #[test]
        fn any_fragment_is_read_or_refused(text in "#doc=AX[a-zA-Z0-9_-]{0,200}") {
            let _ = open(&Document::default(), &text);
        }
    }
}
