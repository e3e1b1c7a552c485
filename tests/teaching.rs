//! The lesson's documents: every number in them is computed here, by hand or by the shipped models, and every link is made
//! and read here. `cargo xtask teaching` has this test write what it finds, in place of comparing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use bioscope::bio::{self, Decoder, Dist, Label, Span};
use bioscope::display::format::{fixed, fraction, probability, sum_decimals};
use bioscope::document::{Against, Assignment, Document, link};
use bioscope::inference::Analysis;
use bioscope::inference::Engine;

use common::{engine, root};
use serde_json::Value;

/// Documents and the language of each.
const DOCUMENTS: [(&str, &str); 4] =
    [("teaching.md", "en"), ("teaching.el.md", "el"), ("handout.md", "en"), ("handout.el.md", "el")];

/// The hand-out's logits of "On Friday Ada sang.", chosen so that few powers of e are needed and that the rounded numbers
/// add up as the exact ones do.
const Z: [Dist; 5] = [[1.0, 0.0, 4.0], [2.0, 0.0, 4.0], [3.0, 1.0, 0.0], [0.0, 2.0, 4.0], [0.0, 2.0, 4.0]];

const SENTENCE: (&str, &str) = ("Who sang?", "On Friday Ada sang.");
const LETTER: (&str, &str) = ("Who wrote the letter?", "Ada and Tom wrote the letter in Paris.");

/// What stands in the documents between `<!--=name-->` and `<!--/-->`.
#[derive(Default)]
struct Numbers(BTreeMap<String, String>);

impl Numbers {
    fn text(&mut self, name: &str, text: impl Into<String>) {
        assert!(self.0.insert(name.into(), text.into()).is_none(), "{name} twice");
    }

    /// A number with three decimals.
    fn put(&mut self, name: &str, value: f64) {
        self.text(name, shown(value));
    }

    /// Three numbers as the page shows probabilities.
    fn triple(&mut self, name: &str, values: &Dist) {
        let [a, b, c] = values.map(probability);
        self.text(name, format!("({a}, {b}, {c})"));
    }
}

fn shown(value: f64) -> String {
    let text = format!("{value:.3}").replace('-', "−");
    if text == "−0.000" { "0.000".into() } else { text }
}

/// What a reader gets who calculates with the digits that are shown.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

// By hand: nothing of the library, which is held against it below.

fn softmax(z: &Dist) -> Dist {
    let powers = z.map(f64::exp);
    powers.map(|power| power / powers.iter().sum::<f64>())
}

fn term(p: &Dist, t: &Dist) -> f64 {
    (0..3).filter(|&j| t[j] > 0.0).map(|j| -t[j] * p[j].ln()).sum()
}

fn entropy(t: &Dist) -> f64 {
    term(t, t)
}

const O: Dist = [0.0, 0.0, 1.0];
const B: Dist = [1.0, 0.0, 0.0];
const TWO_OF_THREE: Dist = [2.0 / 3.0, 0.0, 1.0 / 3.0];

/// The sentence's t with this one at "Ada".
fn at_ada(t: Dist) -> [Dist; 5] {
    [O, O, t, O, O]
}

fn total(p: &[Dist], t: &[Dist]) -> f64 {
    p.iter().zip(t).map(|(p, t)| term(p, t)).sum()
}

fn by_hand(n: &mut Numbers) {
    n.text("parameters", (3 * 128 + 3).to_string());
    n.text("weights", (3 * 128).to_string());
    n.text("positions", (1 + 3 + 1 + 5 + 1).to_string());
    for k in 1..=4 {
        n.put(&format!("e{k}"), f64::from(k).exp());
    }
    n.put("ln10", 10f64.ln());
    n.put("ln23", -(2.0 / 3.0_f64).ln());
    n.put("ln3", 3f64.ln());
    n.put("ticket.term", term(&[0.7, 0.2, 0.1], &O));
    n.put("ticket.entropy", entropy(&[2.0 / 3.0, 1.0 / 3.0, 0.0]));

    let p: Vec<Dist> = Z.iter().map(softmax).collect();
    let soft = at_ada(TWO_OF_THREE);
    let terms: Vec<f64> = p.iter().zip(&soft).map(|(p, t)| term(p, t)).collect();
    for (i, (z, p)) in Z.iter().zip(&p).enumerate() {
        let i = i + 1;
        n.text(&format!("paper.z.{i}"), format!("({}, {}, {})", z[0], z[1], z[2]));
        n.triple(&format!("paper.p.{i}"), p);
        n.put(&format!("paper.pB.{i}"), p[0]);
        n.put(&format!("paper.pO.{i}"), p[2]);
        n.put(&format!("paper.sum.{i}"), z.map(f64::exp).iter().sum());
        n.put(&format!("paper.term.{i}"), terms[i - 1]);
    }
    let (loss, floor) = (total(&p, &soft), entropy(&TWO_OF_THREE));
    n.text("paper.terms", terms.iter().map(|x| shown(*x)).collect::<Vec<_>>().join(" + "));
    n.put("paper.L", loss);
    n.put("paper.H", floor);
    n.put("paper.KL", loss - floor);
    n.put("paper.weighted", term(&p[2], &[0.75, 0.0, 0.25]));
    let (marks, none) = (total(&p, &at_ada(B)), total(&p, &at_ada(O)));
    n.put("paper.own.marks", marks);
    n.put("paper.own.none", none);
    n.put("paper.likelihood", p[0][2] * p[1][2] * p[2][0] * p[3][2] * p[4][2]);
    assert!(((2.0 * marks + none) / 3.0 - loss).abs() < 1e-12, "L is the annotators' mean");
    // A reader who calculates with the shown digits gets what is shown.
    let sum: f64 = terms.iter().map(|x| rounded(*x)).sum();
    assert_eq!(shown(sum), shown(loss), "the terms add up to L as they are shown");
    assert_eq!(shown(rounded(floor) + rounded(loss - floor)), shown(loss));
    assert_eq!(shown((2.0 * rounded(marks) + rounded(none)) / 3.0), shown(loss));
    for p in &p {
        assert_eq!(shown(p.iter().map(|x| rounded(*x)).sum()), "1.000", "{p:?}");
    }

    // What goes wrong at "Ada": each mistake has a number of its own.
    let (z, p) = (Z[2], p[2]);
    let right = term(&p, &TWO_OF_THREE);
    let wrong = [
        ("no_exponential", z[0] / z.iter().sum::<f64>()),
        ("without_o.p", z[0].exp() / (z[0].exp() + z[1].exp())),
        ("log10", right / 10f64.ln()),
        ("without_o.term", -2.0 / 3.0 * p[0].ln()),
        ("majority", -p[0].ln()),
        ("class", -p[2].ln()),
    ];
    for (name, value) in wrong {
        n.put(&format!("wrong.{name}"), value);
    }
    let all: BTreeSet<String> = wrong.iter().map(|(_, v)| shown(*v)).chain([shown(right), shown(p[0])]).collect();
    assert_eq!(all.len(), wrong.len() + 2, "no two mistakes look the same, and none looks right");

    // One step of gradient descent on z with rate 1.
    let gradient = [0, 1, 2].map(|j| p[j] - TWO_OF_THREE[j]);
    let after = [0, 1, 2].map(|j| z[j] - gradient[j]);
    n.triple("step.gradient", &gradient);
    n.triple("step.z", &after);
    n.triple("step.p", &softmax(&after));
    n.put("step.term", term(&softmax(&after), &TWO_OF_THREE));
    assert!(gradient[0] > 0.0 && gradient[1] > 0.0 && gradient[2] < 0.0, "B and I fall, O rises");

    // The library says the same of all of it.
    let logits = Z.map(|z| z.map(|z| z as f32));
    let found = bio::loss(&logits, &soft).unwrap();
    assert!((found.total - loss).abs() < 1e-12 && (found.entropy - floor).abs() < 1e-12);
    assert!((found.kl - (loss - floor)).abs() < 1e-12);
    assert!((0..3).all(|j| (found.gradient[2][j] - gradient[j]).abs() < 1e-12));
    assert!((bio::loss(&logits, &at_ada(B)).unwrap().total - marks).abs() < 1e-12);
}

fn research(n: &mut Numbers) {
    // "and" and "Tom", where Ana says O B, Ben I I, Cleo O O.
    let third = 1.0 / 3.0;
    let (and, tom) = ([0.0, third, 2.0 * third], [third; 3]);
    n.put("research.H", entropy(&and) + entropy(&tom));
    n.put("letter.H.and", entropy(&and));
    assert!((entropy(&tom) - 3f64.ln()).abs() < 1e-12);
    // Pairs of annotators that agree: 3 of 3 on seven tokens, 1 of 3 on "and", none on "Tom". Of 27 labels 4 are B (three
    // at "Ada", one at "Tom"), 2 are I.
    let observed = (7.0 + third) / 9.0;
    let chance = (4f64.powi(2) + 2f64.powi(2) + 21f64.powi(2)) / 27f64.powi(2);
    n.put("letter.observed", observed);
    n.put("letter.fleiss", (observed - chance) / (1.0 - chance));
    // Sequences of the two tokens under p = t, in ninths.
    let ninths = |and_label: usize, tom_label: usize| (9.0 * and[and_label] * tom[tom_label]).round() as u32;
    let [b, i, o] = [0, 1, 2];
    let own = [ninths(o, b), ninths(i, i), ninths(o, o)];
    let invalid = ninths(o, i);
    let nobody = ninths(i, b) + ninths(i, o);
    assert_eq!(own.iter().sum::<u32>() + invalid + nobody, 9);
    let names = ["seq.ana", "seq.ben", "seq.cleo", "seq.own", "seq.nobody", "seq.invalid"];
    let all = [own[0], own[1], own[2], own.iter().sum(), nobody, invalid];
    for (name, count) in names.iter().zip(all) {
        n.text(name, format!("{count}/9"));
    }
    n.text("seq.and.O", fraction(and[2]));
}

fn read(engine: &Engine, (question, paragraph): (&str, &str)) -> Analysis {
    let (reading, _) = engine.analyse(question, paragraph).unwrap();
    Analysis::new(paragraph, reading, Decoder::Viterbi)
}

fn example(id: &str) -> Value {
    let all: Value =
        serde_json::from_slice(&std::fs::read(root().join("static/examples/examples.json")).unwrap()).unwrap();
    all.as_array().unwrap().iter().find(|e| e["id"] == id).unwrap_or_else(|| panic!("no example {id}")).clone()
}

fn texts(example: &Value) -> (&str, &str) {
    (example["question"].as_str().unwrap(), example["paragraph"].as_str().unwrap())
}

/// An example with its own annotators, read by MiniLM-L6, whatever model the link before was read by.
fn with_labels(id: &str) -> Document {
    let example = example(id);
    let (question, paragraph) = texts(&example);
    let annotators = serde_json::from_value(example["annotators"].clone()).unwrap();
    let model = "minilm-l6".into();
    Document { question: question.into(), paragraph: paragraph.into(), annotators, model, ..Document::default() }
}

/// A text of the lesson, read by Tiny-128, with the annotators' marked texts.
fn made((question, paragraph): (&str, &str), language: &str, marks: [&[&str]; 3]) -> Document {
    let mut document = Document { question: question.into(), paragraph: paragraph.into(), ..Document::default() };
    document.model = "tiny-128".into();
    let names = if language == "el" { ["Άννα", "Βασίλης", "Χλόη"] } else { ["Ana", "Ben", "Cleo"] };
    for (row, (name, marks)) in names.iter().zip(marks).enumerate() {
        document.add_annotator(name);
        for text in marks {
            let start = paragraph.find(text).unwrap();
            document.mark(row, Span { start, end: start + text.len() });
        }
    }
    document
}

fn sentence(language: &str) -> Document {
    made(SENTENCE, language, [&["Ada"], &["Ada"], &[]])
}

fn agree(language: &str) -> Document {
    made(SENTENCE, language, [&["Ada"]; 3])
}

fn letter(language: &str) -> Document {
    made(LETTER, language, [&["Ada", "Tom"], &["Ada and Tom"], &["Ada"]])
}

/// Every link of the documents.
fn links(language: &str) -> BTreeMap<&'static str, (Document, Assignment)> {
    let plain = Assignment::default();
    let at = |tab: usize| Assignment { tab: Some(tab), ..plain };
    let hidden = Assignment { hidden: true, ..plain };
    BTreeMap::from([
        ("mill-hidden", (with_labels("mill"), hidden)),
        ("mill", (with_labels("mill"), plain)),
        ("sentence-a", (sentence(language), at(1))),
        ("sentence-b", (sentence(language), at(2))),
        ("sentence-gradient", (sentence(language), at(4))),
        ("sentence-learning", (sentence(language), at(5))),
        ("agree-c", (agree(language), at(3))),
        ("guide", (Document::default(), Assignment { guided: true, ..plain })),
        ("letter", (letter(language), plain)),
        ("letter-hidden", (letter(language), hidden)),
        ("letter-c", (letter(language), at(3))),
        ("letter-learning", (letter(language), at(5))),
        ("lighthouse", (with_labels("lighthouse"), plain)),
    ])
}

fn by_models(n: &mut Numbers, language: &str) {
    let model = |name: &str| engine(&root().join("static/models").join(name));
    let (tiny, mini) = (model("tiny-128"), model("minilm-l6"));
    let against = |engine: &Engine, document: &Document| {
        let analysis = read(engine, (&document.question, &document.paragraph));
        let found = Against::new(document, &document.paragraph, &analysis).unwrap().unwrap();
        (analysis, found)
    };
    // With as many decimals as it takes for the parts to add up, as on the page.
    let parts = |n: &mut Numbers, name: &str, loss: &bio::Loss| {
        let k = sum_decimals(&[loss.entropy, loss.kl], loss.total, 2);
        for (part, value) in [("L", loss.total), ("H", loss.entropy), ("KL", loss.kl)] {
            n.text(&format!("{name}.{part}"), fixed(value, k));
        }
    };
    let (analysis, found) = against(&tiny, &sentence(language));
    assert_eq!(analysis.hidden_size, 128);
    assert_eq!(found.t, at_ada(TWO_OF_THREE), "the sentence's five tokens");
    let decimals = sum_decimals(&found.loss.terms, found.loss.total, 3);
    for (i, token) in analysis.tokens.iter().enumerate() {
        n.triple(&format!("tiny.p.{}", i + 1), &token.p);
        n.text(&format!("tiny.term.{}", i + 1), fixed(found.loss.terms[i], decimals));
    }
    parts(n, "tiny", &found.loss);
    let ada = &analysis.tokens[2];
    n.triple("tiny.z.3", &ada.logits.map(f64::from));
    let falls = ada.p[0] > TWO_OF_THREE[0];
    n.text(
        "tiny.direction",
        match (language, falls) {
            ("el", true) => "προς τα κάτω",
            ("el", false) => "προς τα πάνω",
            (_, true) => "down",
            (_, false) => "up",
        },
    );
    n.put("tiny.agree", against(&tiny, &agree(language)).1.loss.total);

    let (analysis, found) = against(&tiny, &letter(language));
    parts(n, "letter", &found.loss);
    let by_hand = &n.0["research.H"];
    assert_eq!(shown(found.loss.entropy), *by_hand);
    let letters = |row: &Vec<Label>| row.iter().map(|label| label.letter()).collect::<String>();
    let rows: Vec<String> = found.labels.iter().map(letters).collect();
    assert_eq!(rows, ["BOBOOOOOO", "BIIOOOOOO", "BOOOOOOOO"]);
    let agreement = bioscope::metrics::agreement(&found.labels).unwrap();
    assert_eq!(
        (shown(agreement.observed), shown(agreement.fleiss.unwrap())),
        (n.0["letter.observed"].clone(), n.0["letter.fleiss"].clone())
    );
    let majority = bio::majority(&found.t);
    assert_eq!(
        majority.iter().enumerate().filter(|(_, m)| m.tie).map(|(i, _)| i).collect::<Vec<_>>(),
        [2],
        "Tom is the tie"
    );
    assert_eq!(majority[2].class, Label::B, "of which the page takes the first");
    assert_eq!(analysis.tokens.len(), 9);

    let (analysis, found) = against(&mini, &with_labels("mill"));
    parts(n, "mill", &found.loss);
    n.text("mill.answer", analysis.answers.first().map_or("", |a| &a.text));
    for name in ["Maria", "Juan"] {
        let token = analysis.tokens.iter().find(|t| t.text == name).unwrap();
        n.triple(&format!("mill.p.{}", name.to_lowercase()), &token.p);
    }
    let lighthouse = with_labels("lighthouse");
    n.put("lighthouse.none", read(&mini, (&lighthouse.question, &lighthouse.paragraph)).no_answer);
}

fn numbers(language: &str) -> Numbers {
    let mut n = Numbers::default();
    by_hand(&mut n);
    research(&mut n);
    by_models(&mut n, language);
    n
}

fn path(name: &str) -> PathBuf {
    root().join("docs").join(name)
}

fn document(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("docs/{name}: {e}"))
}

/// Whether a number is a model's: other processors round otherwise.
fn by_model(name: &str) -> bool {
    ["tiny.", "mill.", "letter.", "lighthouse."].iter().any(|start| name.starts_with(start))
}

/// Whether the last digits alone differ, by 1 at most.
fn near(old: &str, new: &str) -> bool {
    let digits = |text: &str| -> Vec<i64> {
        let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).filter(|part| part.contains('.'));
        parts.map(|part| part.replace('.', "").parse().unwrap_or(i64::MAX)).collect()
    };
    let shape = |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    shape(old) == shape(new) && digits(old).iter().zip(digits(new)).all(|(a, b)| a.abs_diff(b) <= 1)
}

/// The text with what is computed in its places. Where it is to be `exact`, the numbers of
/// models are those of this processor, too: what was merely near may add up to something else.
fn filled(text: &str, numbers: &Numbers, exact: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--=") {
        let (name, after) = after.split_once("-->").expect("a mark ends");
        let (old, after) = after.split_once("<!--/-->").unwrap_or_else(|| panic!("{name} has no end"));
        let value = numbers.0.get(name).unwrap_or_else(|| panic!("nothing computes {name}"));
        let value = if !exact && by_model(name) && near(old, value) { old } else { value };
        out += &format!("{before}<!--={name}-->{value}<!--/-->");
        rest = after;
    }
    out + rest
}

/// The same with links: lines `[name]: ./#doc=…`.
fn linked(text: &str, links: &BTreeMap<&str, (Document, Assignment)>) -> String {
    let line = |line: &str| match line.split_once("]: ./#doc=") {
        Some((name, _)) => {
            let name = name.trim_start_matches('[');
            let (document, lesson) = links.get(name).unwrap_or_else(|| panic!("no link is called {name}"));
            format!("[{name}]: ./{}\n", link::encode(document, *lesson).unwrap())
        }
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn every_number_and_link_is_what_it_should_be() {
    let write = std::env::var_os("BIOSCOPE_WRITE").is_some();
    for language in ["en", "el"] {
        let numbers = numbers(language);
        let links = links(language);
        for (name, _) in DOCUMENTS.iter().filter(|(_, l)| *l == language) {
            let text = document(name);
            let fresh = linked(&filled(&text, &numbers, write), &links);
            if write {
                std::fs::write(path(name), fresh).unwrap();
                continue;
            }
            for (line, (old, new)) in text.lines().zip(fresh.lines()).enumerate() {
                assert_eq!(old, new, "docs/{name}, line {}: run `cargo xtask teaching`", line + 1);
            }
            assert_eq!(text, fresh, "docs/{name}: run `cargo xtask teaching`");
        }
    }
}

/// A number that nobody computes would rot: outside of the marks there is no decimal fraction but what is given.
#[test]
fn no_decimal_stands_outside_of_the_marks() {
    // The exercise's name, and the exit ticket's p.
    let given = ["B8.3", "0.7", "0.2", "0.1"];
    for (name, _) in DOCUMENTS {
        let mut text = String::new();
        for part in document(name).split("<!--=") {
            text += part.split_once("<!--/-->").map_or(part, |(_, after)| after);
        }
        let text: Vec<&str> = text.lines().filter(|line| !line.contains("]: ./#doc=")).collect();
        let words = text.iter().flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')));
        let decimal = |word: &str| {
            let digit = |k: Option<usize>| k.and_then(|k| word.as_bytes().get(k)).is_some_and(u8::is_ascii_digit);
            word.char_indices().any(|(k, c)| c == '.' && digit(k.checked_sub(1)) && digit(Some(k + 1)))
        };
        for word in words.filter(|word| decimal(word)) {
            assert!(given.contains(&word.trim_end_matches('.')), "docs/{name}: {word} is computed by nobody");
        }
    }
}

#[test]
fn both_languages_say_the_same() {
    for (a, b) in [("teaching.md", "teaching.el.md"), ("handout.md", "handout.el.md")] {
        let marks = |text: &str| -> Vec<String> {
            text.split("<!--=").skip(1).map(|part| part.split_once("-->").unwrap().0.into()).collect()
        };
        let (a_text, b_text) = (document(a), document(b));
        assert_eq!(marks(&a_text), marks(&b_text), "{a} and {b} have the same numbers in the same order");
        let count = |text: &str, start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        for start in ["#", "|", "1.", "5.", "["] {
            assert_eq!(count(&a_text, start), count(&b_text, start), "lines that begin with {start} in {a} and {b}");
        }
    }
}

#[test]
fn every_link_is_defined_used_and_readable() {
    for (name, language) in DOCUMENTS {
        let text = document(name);
        let made = links(language);
        let mut defined = BTreeSet::new();
        for line in text.lines() {
            let Some((label, fragment)) = line.strip_prefix('[').and_then(|l| l.split_once("]: ./")) else { continue };
            assert!(defined.insert(label), "{label} twice in {name}");
            let (document, lesson) = &made[label];
            let read = link::decode(&Document::default(), fragment).unwrap_or_else(|e| panic!("{name}, {label}: {e}"));
            assert_eq!(read.assignment, *lesson, "{label}");
            if !lesson.guided {
                assert_eq!((&read.question, &read.paragraph), (&document.question, &document.paragraph));
            }
            let labels = !(lesson.hidden || lesson.guided);
            assert_eq!(read.annotators, if labels { document.annotators.clone() } else { Vec::new() }, "{label}");
        }
        for label in &defined {
            assert!(text.contains(&format!("][{label}]")), "{name} never uses {label}");
        }
        for used in text.split("][").skip(1).map(|part| part.split(']').next().unwrap()) {
            assert!(defined.contains(used), "{name} uses {used}, which is not defined");
        }
        if name.starts_with("teaching") {
            assert_eq!(defined.len(), made.len(), "every link of {name}");
        }
        // Other links lead to pages that the site has.
        for target in text.split("](").skip(1).map(|part| part.split(')').next().unwrap()) {
            let page = target.strip_prefix("./").and_then(|page| page.strip_suffix(".html"));
            let page = page.unwrap_or_else(|| panic!("{name} links to {target}"));
            assert!(DOCUMENTS.iter().any(|(name, _)| *name == format!("{page}.md")), "{target}");
        }
    }
}

/// The links are about the page that the guided exercise prepares, word for word.
#[test]
fn the_sentence_is_the_guides() {
    assert_eq!(SENTENCE, (bioscope::exercise::QUESTION, bioscope::exercise::PARAGRAPH));
    let mut guide = Document { model: bioscope::exercise::MODEL.into(), ..Document::default() };
    bioscope::exercise::prepare(&mut guide, ["Ana", "Ben", "Cleo"].map(String::from));
    assert_eq!(guide, sentence("en"));
}
