//! A class of thirty, as classes are: what comes of their files, how far they agree, and the table that is taken home.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use bioscope::bio::{self, Decoder, Dist, Label, Span};
use bioscope::document::csv::{self as table, Separator};
use bioscope::document::json::Exported;
use bioscope::document::merge::{self, Entry, MergeOutcome, Options};
use bioscope::document::{Against, Annotator, Document, inputs};
use bioscope::inference::Analysis;
use common::{engine, root};

const QUESTION: &str = "Who repaired the weathervane?";
const PARAGRAPH: &str = "In spring Eleftheria Papadaki repaired the weathervane, and her cousin Anagnostis painted it.";

/// What a student does.
enum Student {
    /// Marks these texts; an empty list says that there is no answer.
    Marks(&'static [&'static str]),
    /// Saves without having labelled anything.
    Nothing,
    /// Marks a blank, which is no token.
    Blank,
    /// Has another paragraph, or another question.
    OtherText,
    OtherQuestion,
    /// Saves half a file.
    Broken,
}

use Student::{Blank, Broken, Marks, Nothing, OtherQuestion, OtherText};

/// Thirty names, some of which a spreadsheet would run, and what their owners do. Two give no name and mark the same; the
/// names and labels of two more are the same to the letter.
const CLASS: [(&str, Student); 30] = [
    ("Alexandros", Marks(&["Eleftheria Papadaki"])),
    ("Βασιλική", Marks(&["Eleftheria Papadaki"])),
    ("=HYPERLINK(\"http://example.org\";\"click\")", Marks(&["Eleftheria Papadaki"])),
    ("+30 210 1234", Marks(&["Eleftheria Papadaki"])),
    ("-1", Marks(&["Papadaki"])),
    ("@SUM(A1:A9)", Marks(&["Eleftheria"])),
    ("\t=1+1", Marks(&["Eleftheria Papadaki"])),
    ("Zoë; Müller", Marks(&["Eleftheria Papadaki", "Anagnostis"])),
    ("O'Neill, \"Shay\"", Marks(&["her cousin Anagnostis"])),
    ("two\r\nlines", Marks(&["Eleftheria Papadaki"])),
    ("", Marks(&["Eleftheria Papadaki"])),
    ("", Marks(&["Eleftheria Papadaki"])),
    ("Annotator 1", Marks(&["Eleftheria Papadaki"])),
    ("Annotator 1", Marks(&["Eleftheria Papadaki"])),
    ("Annotator 1", Marks(&[])),
    ("Half the name", Marks(&["Elef"])),
    ("Other half", Marks(&["eria Papa"])),
    ("A letter", Marks(&["k"])),
    ("Half of both", Marks(&["heria Pap", "gnos"])),
    ("No answer", Marks(&[])),
    ("No answer 2", Marks(&[])),
    ("All", Marks(&[PARAGRAPH])),
    ("Stop", Marks(&["."])),
    ("Vane", Marks(&["the weathervane"])),
    ("Asleep", Nothing),
    ("Asleep too", Nothing),
    ("Blank", Blank),
    ("Neighbour", OtherText),
    ("Asks", OtherQuestion),
    ("Battery", Broken),
];

fn read(question: &str, paragraph: &str) -> Analysis {
    let model = engine(&root().join("static/models/tiny-128"));
    let (reading, _) = model.analyse(question, paragraph).unwrap();
    Analysis::new(paragraph, reading, Decoder::Viterbi)
}

/// The file that a student hands in.
fn file(analysis: &Analysis, name: &str, does: &Student) -> String {
    let mut document = Document { question: QUESTION.into(), paragraph: PARAGRAPH.into(), ..Document::default() };
    let save = |document: &Document| {
        Exported::new(document, &document.question, &document.paragraph, analysis).unwrap().to_json()
    };
    if let Nothing = does {
        return save(&document);
    }
    document.add_annotator(name);
    if let Marks(texts) = does {
        for text in *texts {
            let start = PARAGRAPH.find(text).unwrap(); // all of one byte and one UTF-16 unit a letter
            document.mark(0, Span { start, end: start + text.len() });
        }
    }
    let text = save(&document);
    match does {
        Blank => text.replace("\"spans\": []", "\"spans\": [{\"start\": 2, \"end\": 3}]"),
        OtherText => text.replace("In spring", "In autumn"),
        OtherQuestion => text.replace("Who repaired", "Who painted"),
        Broken => text[..text.len() / 2].into(),
        _ => text,
    }
}

fn entries(analysis: &Analysis) -> Vec<Entry> {
    let file = |(k, (name, does)): (usize, &(&str, Student))| {
        merge::read(&format!("bioscope ({k}).json"), &file(analysis, name, does))
    };
    CLASS.iter().enumerate().flat_map(file).collect()
}

fn merged(analysis: &Analysis, options: Options) -> (Document, Vec<MergeOutcome>) {
    let tokens: Vec<Span> = analysis.tokens.iter().map(|t| Span { start: t.start, end: t.end }).collect();
    let teacher = Document { question: QUESTION.into(), paragraph: PARAGRAPH.into(), ..Document::default() };
    merge::merge(&teacher, Some((PARAGRAPH, &tokens)), &entries(analysis), options)
}

/// Labels from marked texts, counted letter by letter.
fn labels(analysis: &Analysis, annotator: &Annotator) -> Vec<Label> {
    let mut owner = vec![None; PARAGRAPH.len()];
    for (k, span) in annotator.spans.iter().enumerate() {
        owner[span.start..span.end].fill(Some(k));
    }
    let mut before = None;
    let mut label = |t: &bioscope::inference::Token| match owner[t.start..t.end].iter().flatten().next() {
        None => Label::O,
        Some(k) if before == Some(*k) => Label::I,
        Some(k) => {
            before = Some(*k);
            Label::B
        }
    };
    analysis.tokens.iter().map(&mut label).collect()
}

#[test]
fn every_file_has_its_line_and_every_label_counts() {
    let analysis = read(QUESTION, PARAGRAPH);
    assert!(analysis.tokens.windows(2).any(|t| t[0].word == t[1].word), "some word has several pieces");
    let (document, outcomes) = merged(&analysis, Options::default());
    let added = MergeOutcome::Added { annotators: 1, known: 0, direct: 0 };
    assert_eq!(outcomes.len(), 30);
    for (k, outcome) in outcomes.iter().enumerate() {
        match (&CLASS[k].1, outcome) {
            (Marks(_), outcome) if k == 13 => {
                assert_eq!(*outcome, MergeOutcome::Duplicate { of: "bioscope (12).json".into() })
            }
            (Marks(_), outcome) => assert_eq!(*outcome, added, "{k}"),
            (Nothing, outcome) => assert_eq!(*outcome, MergeOutcome::Unlabelled),
            (Blank, outcome) => assert!(matches!(outcome, MergeOutcome::Unfit { .. }), "{outcome:?}"),
            (OtherText, outcome) => assert_eq!(*outcome, MergeOutcome::OtherText),
            (OtherQuestion, outcome) => assert_eq!(*outcome, MergeOutcome::OtherQuestion),
            (Broken, outcome) => assert!(matches!(outcome, MergeOutcome::Unreadable { .. }), "{outcome:?}"),
        }
    }
    assert_eq!(document.annotators.len(), 23);
    let names: std::collections::BTreeSet<&str> = document.annotators.iter().map(|a| &*a.name).collect();
    assert_eq!(names.len(), 23, "no two have the same name");
    assert!(names.contains("bioscope (10)") && names.contains("bioscope (11)"), "{names:?}");
    assert!(inputs::sound(&document), "the page keeps it for the next visit");
    // Two who gave no name and happen to agree can be counted both.
    let (all, _) = merged(&analysis, Options { doubles: true, ..Options::default() });
    assert_eq!(all.annotators.len(), 24);
    // The same thirty again change nothing.
    let (again, outcomes) = merge::merge(&document, None, &entries(&analysis), Options::default());
    assert_eq!(again, document);
    assert!(!outcomes.iter().any(|o| matches!(o, MergeOutcome::Added { .. })));
}

#[test]
fn agreement_and_heat_are_those_of_their_labels() {
    let analysis = read(QUESTION, PARAGRAPH);
    let (document, _) = merged(&analysis, Options::default());
    let expected: Vec<Vec<Label>> = document.annotators.iter().map(|a| labels(&analysis, a)).collect();
    assert_eq!(document.labels(&analysis).unwrap(), expected);

    // t and the heat map's H, by counting.
    let (raters, tokens) = (expected.len() as f64, analysis.tokens.len());
    let t = document.mean(&expected, &analysis).unwrap();
    let count = |i: usize, label: Label| expected.iter().filter(|labels| labels[i] == label).count() as f64;
    for (i, t) in t.iter().enumerate() {
        let by_count: Dist = Label::ALL.map(|label| count(i, label) / raters);
        assert!((0..3).all(|j| (t[j] - by_count[j]).abs() < 1e-12), "token {i}: {t:?} and {by_count:?}");
        let h: f64 = by_count.iter().filter(|x| **x > 0.0).map(|x| -x * x.ln()).sum();
        assert!((bio::entropy(t) - h).abs() < 1e-12 && h <= 3f64.ln());
    }
    assert!(t.iter().any(|t| bio::entropy(t) > 0.5), "they disagree");

    // Agreement, pair by pair.
    let (mut same, mut pairs) = (0.0, 0.0);
    for (a, first) in expected.iter().enumerate() {
        for second in &expected[a + 1..] {
            same += first.iter().zip(second).filter(|(x, y)| x == y).count() as f64;
            pairs += tokens as f64;
        }
    }
    let observed = same / pairs;
    let n = raters * tokens as f64;
    let totals = Label::ALL.map(|label| (0..tokens).map(|i| count(i, label)).sum::<f64>());
    let chance: f64 = totals.iter().map(|c| (c / n).powi(2)).sum();
    let drawn: f64 = totals.iter().map(|c| c * (c - 1.0)).sum::<f64>() / (n * (n - 1.0));
    let found = bioscope::metrics::agreement(&expected).unwrap();
    assert!((found.observed - observed).abs() < 1e-12);
    assert!((found.fleiss.unwrap() - (observed - chance) / (1.0 - chance)).abs() < 1e-12);
    assert!((found.alpha.unwrap() - (observed - drawn) / (1.0 - drawn)).abs() < 1e-12);

    // L is the mean of the students' own losses.
    let loss = Against::new(&document, PARAGRAPH, &analysis).unwrap().unwrap().loss;
    let own = |labels: &Vec<Label>| -> f64 {
        labels.iter().zip(&analysis.tokens).map(|(label, t)| -t.p[label.index()].ln()).sum()
    };
    let mean = expected.iter().map(own).sum::<f64>() / raters;
    assert!((loss.total - mean).abs() < 1e-9, "{} and {mean}", loss.total);
    assert!((loss.entropy + loss.kl - loss.total).abs() < 1e-9);
}

#[test]
fn the_classs_table_opens_in_a_spreadsheet() {
    let analysis = read(QUESTION, PARAGRAPH);
    let (document, _) = merged(&analysis, Options::default());
    let against = Against::new(&document, PARAGRAPH, &analysis).unwrap().unwrap();
    for (separator, between, point) in [(Separator::Comma, b',', "."), (Separator::Semicolon, b';', ",")] {
        let table = table::table(&document, PARAGRAPH, &analysis, ("tiny-128", 0), separator).unwrap();
        let bytes = table.strip_prefix('\u{feff}').expect("a byte order mark").as_bytes();
        let mut reader = csv::ReaderBuilder::new().delimiter(between).has_headers(false).from_reader(bytes);
        // Every record has as many fields as the first, or the reader says so.
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect();
        assert_eq!(rows.len(), 1 + analysis.tokens.len());
        let number = |text: &str| text.replace(point, ".").parse::<f64>();
        for cell in rows.iter().flatten() {
            let bare = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
            let formula = bare.starts_with(['=', '+', '-', '@']) && number(cell).is_err();
            assert!(!formula && !cell.starts_with(['\t', '\r']), "a spreadsheet would run {cell:?}");
            if point == "," {
                assert!(!cell.parse::<f64>().is_ok_and(|_| cell.contains('.')), "{cell} has a decimal point");
            }
        }
        // What is in the cells is what is in the document.
        let (head, body) = rows.split_first().unwrap();
        let named = head.iter().position(|h| h == "Βασιλική").unwrap();
        let t_b = head.iter().position(|h| h == "t_B").unwrap();
        assert!(head.ends_with(&["model".into(), "tuned".into()]), "{head:?}");
        assert!(body.iter().all(|row| row.ends_with(&["tiny-128".into(), "0".into()])));
        assert!(head.iter().any(|h| h == "'=HYPERLINK(\"http://example.org\";\"click\")"), "{head:?}");
        assert!(head.iter().any(|h| h == "Zoë; Müller") && head.iter().any(|h| h == "two\r\nlines"), "{head:?}");
        for (i, row) in body.iter().enumerate() {
            assert_eq!(row[1], analysis.tokens[i].text);
            assert_eq!(row[named], against.labels[1][i].letter());
            assert!((0..3).all(|j| number(&row[t_b + j]).unwrap() == against.t[i][j]), "t is there in full");
            assert_eq!(number(&row[t_b + 3]).unwrap(), against.loss.terms[i]);
        }
    }
}
