//! A set of three questions, thirty students: what each hands in, what becomes of it, and what a teacher takes home.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod common;

use bioscope::bio::{self, Decoder, Label, Span};
use bioscope::document::class::{self, HandedIn};
use bioscope::document::csv::{self as table, Separator};
use bioscope::document::link::{self, Linked};
use bioscope::document::merge::MergeOutcome;
use bioscope::document::question_set::QuestionSet;
use bioscope::document::{Against, Document, latex};
use bioscope::inference::Analysis;
use common::{engine, root};

const QUESTIONS: [(&str, &str, &str); 3] = [
    (
        "Who repaired the weathervane?",
        "In spring Eleftheria Papadaki repaired the weathervane, and Anagnostis painted it.",
        "Eleftheria Papadaki",
    ),
    (
        "When did the ferry sail?",
        "The ferry to Aegina sailed at noon on Thursday, after the storm.",
        "noon on Thursday",
    ),
    ("Who slept?", "Nobody slept in the harbour that night.", ""),
];

fn document((question, paragraph, _): &(&str, &str, &str)) -> Document {
    Document { question: (*question).into(), paragraph: (*paragraph).into(), ..Document::default() }
}

fn set() -> QuestionSet {
    let mut set = QuestionSet { title: "Harbour".into(), ..QuestionSet::default() };
    assert!(QUESTIONS.iter().all(|question| set.add(&document(question))));
    set.set_guide(true);
    set
}

/// The place of a text in a paragraph: one byte and one UTF-16 unit a letter here.
fn place(paragraph: &str, text: &str) -> Span {
    let start = paragraph.find(text).unwrap();
    Span { start, end: start + text.len() }
}

fn labels(set: &mut QuestionSet, at: usize, marks: &[&str]) {
    let document = &mut set.items[at].document;
    let row = document.add_annotator("You");
    for text in marks {
        let span = place(&document.paragraph, text);
        document.mark(row, span);
    }
}

/// What student `k` saves, by name and content.
fn file(k: usize) -> (String, String) {
    // Every one opens the same link.
    let Linked::Set(mut work) = link::open(&Document::default(), &link::encode_set(&set()).unwrap()).unwrap() else {
        panic!("a set")
    };
    work.student = match k {
        3 => "=SUM(A1)".into(),
        4 => "Zoë; Müller".into(),
        20 => "Student 19".into(), // two of one name
        _ => format!("Student {k}"),
    };
    match k {
        // Three label nothing; the guided exercise, which comes first, is no label.
        7..10 => {}
        // Five mark half words.
        10..15 => {
            labels(&mut work, 1, &["heria Papa"]);
            labels(&mut work, 2, &["oon on Thurs"]);
            labels(&mut work, 3, &["harb"]);
        }
        // One answers another text.
        15 => {
            work.items[1].document.paragraph = "In autumn nobody repaired anything.".into();
            labels(&mut work, 1, &["nobody"]);
            labels(&mut work, 2, &["noon"]);
        }
        // One marks a blank, which is no token.
        16 => {
            let row = work.items[1].document.add_annotator("You");
            work.items[1].document.annotators[row].spans = vec![Span { start: 2, end: 3 }];
            labels(&mut work, 2, &["noon"]);
        }
        // Two stop after the first question.
        17 | 18 => labels(&mut work, 1, &["Eleftheria Papadaki"]),
        _ => {
            for (at, (_, _, answer)) in QUESTIONS.iter().enumerate() {
                let marks: &[&str] = if answer.is_empty() { &[] } else { &[answer] };
                labels(&mut work, at + 1, marks);
            }
        }
    }
    let text = work.answers_to_json();
    // One file is cut off.
    (format!("bioscope {k}.json"), if k == 29 { text[..text.len() / 2].into() } else { text })
}

fn handed() -> Vec<HandedIn> {
    (0..30).map(file).map(|(name, text)| class::read(&name, &text).expect("a set")).collect()
}

#[test]
fn every_file_of_thirty_is_reported_and_every_label_counts_for_its_question() {
    let class = class::merge(&set(), &handed(), false);
    assert_eq!((&*class.title, class.questions.len(), class.reports.len()), ("Harbour", 3, 30));
    for (k, report) in class.reports.iter().enumerate() {
        let outcomes = match &report.outcome {
            Ok(outcomes) => outcomes,
            Err(error) => {
                assert!(k == 29 && error.to_string().contains("bioscope 29.json"), "{k}: {error}");
                continue;
            }
        };
        let added = match k {
            7..=9 | 20 => 0,
            15..=18 => 1,
            _ => 3,
        };
        assert_eq!(report.added(), added, "{k}: {outcomes:?}");
        assert_eq!(report.others, usize::from(k == 15));
        match k {
            7..10 => assert!(outcomes.iter().all(|o| *o == Some(MergeOutcome::Unlabelled))),
            15 => assert_eq!((&outcomes[0], &outcomes[2]), (&None, &Some(MergeOutcome::Unlabelled))),
            16 => assert!(matches!(outcomes[0], Some(MergeOutcome::Unfit { .. })), "{outcomes:?}"),
            20 => assert_eq!(outcomes[0], Some(MergeOutcome::Duplicate { of: "bioscope 19.json".into() })),
            _ => {}
        }
    }
    let counts: Vec<usize> = class.questions.iter().map(|question| question.annotators.len()).collect();
    // Of 30: three without labels, one of the same name, one damaged; then who left a question out.
    assert_eq!(counts, [23, 23, 21]);
    assert!(class.questions[0].annotators.iter().any(|a| a.name == "=SUM(A1)"), "the student's name, not the row's");
    // Both of one name count, if the teacher says so.
    let doubles = class::merge(&set(), &handed(), true);
    assert_eq!(doubles.questions[0].annotators.len(), 24);
    // Without the teacher's set, the questions are those that most have.
    let found = class::merge(&QuestionSet::default(), &handed(), false);
    assert_eq!(found.questions, class.questions);
    assert_eq!(found.reports, class.reports);
    // Nothing but rubbish is reported as well.
    let (name, text) = file(29);
    let none = class::merge(&set(), &[class::read(&name, &text).unwrap()], false);
    assert_eq!((none.questions.len(), none.reports.len()), (0, 1));
    assert!(class::read("a.json", "{\"format\": \"bioscope-analysis\"}").is_none(), "one question is no set");
}

#[test]
fn what_is_taken_home_holds_the_class_question_by_question() {
    let class = class::merge(&set(), &handed(), false);
    let model = engine(&root().join("static/models/tiny-128"));
    let read = |document: &Document| {
        let (reading, _) = model.analyse(&document.question, &document.paragraph).unwrap();
        Analysis::new(&document.paragraph, reading, Decoder::Viterbi)
    };
    let all: Vec<(Document, Analysis)> = class.questions.iter().map(|d| (d.clone(), read(d))).collect();
    let against: Vec<Against> = all.iter().map(|(d, a)| Against::new(d, &d.paragraph, a).unwrap().unwrap()).collect();

    // Half a word is the word: 23 on the first question, of whom 18 mark the name, 5 half of it, and nobody else.
    let (first, analysis) = &all[0];
    let name = place(&first.paragraph, "Eleftheria");
    let begin = analysis.tokens.iter().position(|token| token.start == name.start).unwrap();
    let half = first.annotators.iter().position(|a| a.name == "Student 10").unwrap();
    let inside = analysis.tokens.iter().position(|t| t.start <= name.start + 5 && t.end > name.start + 5).unwrap();
    assert_eq!(against[0].labels[half][inside], Label::B, "the piece in which half a word begins");
    let t = against[0].t[begin];
    let marked = against[0].labels.iter().filter(|labels| labels[begin] == Label::B).count();
    assert!((t[0] - marked as f64 / 23.0).abs() < 1e-12 && marked == 18, "{t:?}, {marked}");

    for (separator, between, point) in [(Separator::Comma, b',', "."), (Separator::Semicolon, b';', ",")] {
        let text = table::class(&all, "tiny-128", separator).unwrap();
        let bytes = text.strip_prefix('\u{feff}').expect("a byte order mark").as_bytes();
        let mut reader = csv::ReaderBuilder::new().delimiter(between).has_headers(false).from_reader(bytes);
        let rows: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(String::from).collect()).collect();
        assert_eq!(rows.len(), 1 + all.iter().map(|(_, a)| a.tokens.len()).sum::<usize>());
        let number = |text: &str| text.replace(point, ".").parse::<f64>();
        for cell in rows.iter().flatten() {
            let formula = cell.trim_start().starts_with(['=', '+', '-', '@']) && number(cell).is_err();
            assert!(!formula, "a spreadsheet would run {cell:?}");
        }
        let (head, body) = rows.split_first().unwrap();
        let column = |name: &str| head.iter().position(|h| h == name).unwrap_or_else(|| panic!("{name}: {head:?}"));
        assert!(head.contains(&"'=SUM(A1)".into()) && head.contains(&"Zoë; Müller".into()), "{head:?}");
        assert!(!head.contains(&"Student 8".into()), "who labelled nothing has no column");
        let mut body = body.iter();
        for (number_of, (question, against)) in all.iter().zip(&against).enumerate() {
            for (i, token) in question.1.tokens.iter().enumerate() {
                let row = body.next().unwrap();
                assert_eq!((&*row[0], &*row[1]), (&*(number_of + 1).to_string(), &*question.0.question));
                assert_eq!((&*row[2], &row[3]), (&*(i + 1).to_string(), &token.text));
                let own = question.0.annotators.iter().position(|a| a.name == "Student 17");
                let letter = own.map_or("", |k| against.labels[k][i].letter());
                assert_eq!(row[column("Student 17")], letter, "labels of the first question alone");
                assert!((0..3).all(|j| number(&row[column("t_B") + j]).unwrap() == against.t[i][j]));
                assert_eq!(number(&row[column("H")]).unwrap(), bio::entropy(&against.t[i]));
                assert_eq!(number(&row[column("term")]).unwrap(), against.loss.terms[i]);
                assert_eq!(row[column("model")], "tiny-128");
            }
        }
    }

    let text = latex::class(&[&class.title], &all).unwrap();
    assert!(text.starts_with("% Harbour\n\\begin{tabular}"), "{text}");
    assert_eq!(text.matches("\\begin{align*}").count(), 3);
    let kappa = bioscope::metrics::agreement(&against[2].labels).unwrap().fleiss.unwrap();
    assert!(text.contains("3 & Who slept? & 21 & ") && text.contains(&format!("${kappa:.3}$")), "{text}");
}
