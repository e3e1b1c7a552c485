//! Round trips over random texts, and examples of every format as their tools' documentation shows them.

use proptest::prelude::*;

use super::*;

fn open(name: &str, text: &str) -> Dataset {
    open_with(name, text, &Options::default())
}

fn open_with(name: &str, text: &str, options: &Options) -> Dataset {
    parse(&[Source { name, bytes: text.as_bytes() }], options).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

/// Every annotator's spans as text.
fn texts(record: &Record) -> Vec<(String, Vec<String>)> {
    let text = text::Text::new(&record.context);
    let spans = |a: &Annotator| a.spans.iter().map(|s| text.slice(*s).to_owned()).collect();
    record.annotators.iter().map(|a| (a.name.clone(), spans(a))).collect()
}

fn reread(records: &[Record], format: Format) -> Vec<Record> {
    let written = serialise(records, format).unwrap();
    let mut out = Vec::new();
    if format.is_one_record_a_file() {
        let sources: Vec<Source<'_>> = written.iter().map(|w| Source { name: &w.name, bytes: &w.bytes }).collect();
        let dataset = parse(&sources, &Options::default()).unwrap();
        assert_eq!(dataset.problems, []);
        out.extend(dataset.records);
    } else {
        let name = format!("data.{}", format.extension());
        let dataset = parse(&[Source { name: &name, bytes: &written[0].bytes }], &Options::default()).unwrap();
        assert_eq!(dataset.problems, [], "{}", String::from_utf8_lossy(&written[0].bytes));
        // A text that nobody has labelled looks the same in several formats.
        if records.iter().all(|record| !record.annotators.is_empty()) {
            assert_eq!(dataset.format, format, "recognised by its content");
        }
        out.extend(dataset.records);
    }
    out
}

/// What must come back: everything but the place.
fn same(before: &[Record], after: &[Record]) -> Result<(), TestCaseError> {
    prop_assert_eq!(before.len(), after.len());
    for (a, b) in before.iter().zip(after) {
        let b = Record { place: a.place.clone(), ..b.clone() };
        prop_assert_eq!(a, &b);
    }
    Ok(())
}

/// Pieces of text with everything that offsets stumble over.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9]{1,6}",
        1 => prop::sample::select(vec![
            "José", "Zu\u{308}rich", "🍕", "👩‍👩‍👧", "👋🏽", "שלום", "العربية", "日本語", "हिन्दी", "#", "\"", "\\", "'", "=1+1", "-", "@x", ",",
            ";", "|", "_", "[CLS]", "*", "%2F", "O", "B", "`", "<b>", "\u{202e}x\u{202c}", "\u{200b}",
        ])
        .prop_map(str::to_owned),
    ]
}

fn blank() -> impl Strategy<Value = String> {
    prop::sample::select(vec![" ", "  ", "\n", "\r\n", "\t", "\u{a0}", "\u{2028}", "\r"]).prop_map(str::to_owned)
}

/// Texts as pieces with blanks between them, and every annotator's spans as ranges of pieces: (name, first, length).
fn records() -> impl Strategy<Value = Vec<Record>> {
    let text = prop::collection::vec((piece(), blank()), 1..12);
    let annotator = prop::collection::vec((0..12_usize, 1..4_usize), 0..3);
    let record = (text, prop::collection::vec(annotator, 0..4), "[a-z=+@-][a-z ?é🍕]{0,12}", any::<bool>(), 0..4_u8);
    prop::collection::vec(record, 1..5).prop_map(|all| {
        let made = all.into_iter().enumerate().map(|(n, (pieces, annotators, question, named, extra))| {
            let (mut context, mut places) = (String::new(), Vec::new());
            for (piece, blank) in &pieces {
                let start = context.chars().count();
                context += piece;
                places.push(Span { start, end: context.chars().count() });
                context += blank;
            }
            let place = Place::Record(n + 1);
            let mut record = Record::new(place, format!("q{n}/é:{n}"), question.trim(), context.as_str().into());
            for (k, ranges) in annotators.into_iter().enumerate() {
                let name = if named { format!("Ana {k} \"ζ\"") } else { (k + 1).to_string() };
                let mut at = 0;
                let mut annotator = Annotator::new(name, Vec::new());
                for (first, length) in ranges {
                    let first = at + first % places.len();
                    if first >= places.len() {
                        break;
                    }
                    let last = (first + length).min(places.len());
                    annotator.spans.push(Span { start: places[first].start, end: places[last - 1].end });
                    at = last;
                }
                if extra & 1 == 1 {
                    annotator.weight = 1.0 + k as f64 / 2.0;
                }
                if extra & 2 == 2 {
                    annotator.scores = annotator.spans.iter().map(|s| 1.0 / (s.end as f64 + 1.0)).collect();
                }
                record.annotators.push(annotator);
            }
            if extra & 2 == 2 {
                (record.confidence, record.agrees) = (Some(0.25), Some(false));
                record.note = "a \"note\"\n".into();
                record.title = "Tit\tle".into();
                record.soft = places.iter().map(|p| Soft { span: *p, t: [0.25, 0.5, 0.25] }).collect();
            }
            record
        });
        made.collect()
    })
}

/// The record with only what a format can hold.
fn reduced(mut record: Record, format: Format) -> Record {
    let holds = |feature| format.holds(feature);
    if !holds(Feature::Question) {
        record.question.clear();
    }
    if !holds(Feature::Annotators) {
        record.annotators.truncate(1);
    }
    if !holds(Feature::Unlabelled) && record.annotators.is_empty() {
        record.annotators.push(Annotator::new("1", Vec::new()));
    }
    let several = record.annotators.len() > 1;
    if !holds(Feature::MixedNoAnswer) && several && record.annotators.iter().any(|a| a.spans.is_empty()) {
        record.annotators.truncate(1);
    }
    for (k, annotator) in record.annotators.iter_mut().enumerate() {
        // A "no answer" has nowhere to say whose it is in SQuAD.
        if !holds(Feature::Names) || (!holds(Feature::MixedNoAnswer) && annotator.spans.is_empty()) {
            annotator.name = (k + 1).to_string();
        }
        if !holds(Feature::Weights) {
            annotator.weight = 1.0;
        }
        if !holds(Feature::Scores) {
            annotator.scores.clear();
        }
    }
    if !holds(Feature::Soft) {
        record.soft.clear();
    }
    if !holds(Feature::Confidence) {
        (record.confidence, record.agrees) = (None, None);
    }
    if !holds(Feature::Notes) {
        record.note.clear();
    }
    if !holds(Feature::Titles) {
        record.title.clear();
    }
    record
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_a_format_holds_comes_back(records in records()) {
        for format in Format::written() {
            let records: Vec<Record> = records.iter().map(|r| reduced(r.clone(), format)).collect();
            let dataset = Dataset { format, records, problems: Vec::new(), notices: Vec::new() };
            prop_assert_eq!(dataset.losses(format), [], "{}", format);
            same(&dataset.records, &reread(&dataset.records, format))?;
        }
    }

    #[test]
    fn what_is_lost_is_said(records in records()) {
        for format in Format::written() {
            let dataset = Dataset { format, records: records.clone(), problems: Vec::new(), notices: Vec::new() };
            let after = reread(&records, format);
            let equal = records.len() == after.len()
                && records.iter().zip(&after).all(|(a, b)| *a == Record { place: a.place.clone(), ..b.clone() });
            prop_assert!(equal || !dataset.losses(format).is_empty(), "{}: a loss that nobody says", format);
        }
    }

    #[cfg(not(target_arch = "wasm32"))] // Parquet
    #[test]
    fn unlabelled_comes_back_or_is_said_to_be_lost(mut records in records(), all in any::<bool>()) {
        let number = if all { records.len() } else { 1 };
        records.iter_mut().take(number).for_each(|record| record.annotators.clear());
        for format in Format::written() {
            let unlabelled = |records: &[Record]| records.iter().filter(|r| r.annotators.is_empty()).count();
            let dataset = Dataset { format, records: records.clone(), problems: Vec::new(), notices: Vec::new() };
            let lost = dataset.losses(format).into_iter().find(|loss| loss.0 == Feature::Unlabelled).map_or(0, |loss| loss.1);
            let mut files = vec![serialise(&records, format).unwrap()];
            let table = parquet::from_json_lines(&files[0][0].bytes, format);
            files.extend(table.map(|table| {
                vec![Written { name: "data.parquet".into(), bytes: unpack(table.unwrap()).unwrap() }]
            }));
            for files in files {
                let sources = files.iter().map(|file| Source { name: &file.name, bytes: &file.bytes });
                let after = parse(&sources.collect::<Vec<_>>(), &Options { from: Some(format), ..Options::default() }).unwrap();
                prop_assert_eq!(&after.problems, &[]);
                prop_assert_eq!(unlabelled(&after.records) + lost, unlabelled(&records), "{}", format);
            }
        }
    }

    #[test]
    fn no_bytes_break_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[\\[{\"T1\t -,:}\\]a-zO\n#=]{0,80}") {
        for format in Format::ALL {
            for bytes in [&*bytes, text.as_bytes()] {
                let options = Options { from: Some(format), ..Options::default() };
                let _ = parse(&[Source { name: "x.ann", bytes }, Source { name: "x.txt", bytes: b"Ada sang." }], &options);
            }
        }
    }
}

const PAR: &str = "On Friday Ada sang, and Bo listened. Later José and Ada ate 2 pizzas 🍕 in Zürich.";

#[test]
fn blanks_at_a_spans_ends_are_a_loss_of_the_formats_with_tokens() {
    let mut record = Record::new(Place::Record(1), "a".into(), "Who?", " Ada sang".into());
    record.annotators.push(Annotator::new("1", vec![Span { start: 0, end: 4 }]));
    let dataset = Dataset { format: Format::Lines, records: vec![record], problems: vec![], notices: vec![] };
    assert_eq!(dataset.losses(Format::Conll), [(Feature::EdgeBlanks, 1)]);
    assert_eq!(dataset.losses(Format::Squad), []);
    assert_eq!(texts(&reread(&dataset.records, Format::Conll)[0])[0].1, ["Ada"]);
}

#[test]
fn squad_and_its_relatives() {
    let all = |text: &str| {
        let dataset = open("x.json", text);
        assert_eq!(dataset.problems, []);
        dataset.records.iter().map(texts).collect::<Vec<_>>()
    };
    let ada = |name: &str| (name.to_owned(), vec!["Ada".to_owned()]);
    let row = |answers: &str| format!(r#"[{{"context":"On Friday Ada sang.","question":"Who?","answers":{answers}}}]"#);
    assert_eq!(all(&row(r#"{"text":["Ada","Ada"],"answer_start":[10,10]}"#)), [[ada("1"), ada("2")]]);
    assert_eq!(all(&row(r#"[{"text":"Ada","answer_start":10}]"#)), [[ada("1")]]);
    assert_eq!(all(&row(r#"{"text":"Ada","answer_start":10}"#)), [[ada("1")]]);
    assert_eq!(all(&row(r#"{"text":[],"answer_start":[]}"#)), [[("1".to_owned(), vec![])]]);
    assert_eq!(all(&row("null")), [[("1".to_owned(), vec![])]]);
    let bad = open("x.json", &row(r#"{"text":["Ada"],"answer_start":[]}"#));
    assert!(bad.problems[0].to_string().contains("1 texts and 0 starts"), "{}", bad.problems[0]);
}

#[test]
fn one_bad_record_costs_no_other() {
    let questions: Vec<String> = [
        r#""id":"a","question":"Who?","answers":[{"text":"Ada","answer_start":10}]"#,
        r#""id":"b","question":"Who?","answers":[{"text":"Ada","answer_start":9}]"#,
        r#""id":"c","question":7,"answers":[]"#,
        r#""question":"Who?","answers":[{"text":"Ada"}]"#,
        r#""id":4,"question":"Who?","answers":[]"#,
    ]
    .map(|q| format!("{{{q}}}"))
    .to_vec();
    let file = format!(
        r#"{{"data":[{{"title":"t","paragraphs":[{{"context":"On Friday Ada sang.","qas":[{}]}},{{}}]}},3]}}"#,
        questions.join(",")
    );
    let dataset = open("x.json", &file);
    assert_eq!(dataset.records.iter().map(|r| &*r.id).collect::<Vec<_>>(), ["a", "4"]);
    let said: Vec<String> = dataset.problems.iter().map(ToString::to_string).collect();
    assert_eq!(said[0], "question b: the paragraph does not say “Ada” at 9; it stands once, at 10");
    assert!(said[1].starts_with("question c: ") && said[1].contains("integer `7`"), "{}", said[1]);
    assert_eq!(said[2], "data[0].paragraphs[0].qas[3]: missing field `answer_start`");
    assert_eq!(said[3], "data[0].paragraphs[1]: missing field `context`");
    assert!(said[4].starts_with("data[1]: "), "{}", said[4]);
    let strict = Options { strict: true, ..Options::default() };
    let stopped = parse(&[Source { name: "x.json", bytes: file.as_bytes() }], &strict).unwrap_err();
    assert_eq!((&stopped.place, &stopped.reason), (&dataset.problems[0].place, &dataset.problems[0].reason));
    let repaired = open_with("x.json", &file, &Options { repair: true, ..Options::default() });
    assert_eq!(repaired.records[1].annotators[0].spans, [Span { start: 10, end: 13 }]);
    assert!(repaired.notices.contains(&Notice::Repaired { count: 1 }));
}

#[test]
fn annotators_of_one_text_come_together() {
    let options = Options { question: Some("Who sang?".into()), ..Options::default() };
    let doccano = r#"{"id":1,"text":"Ada and Bo sang.","label":[[0,3,"A"]],"annotator":"Ana"}
{"id":1,"text":"Ada and Bo sang.","label":[],"annotator":"Ben"}"#;
    let prodigy = r#"{"text":"Ada and Bo sang.","_input_hash":-7,"_task_hash":1,"spans":[{"start":0,"end":3,"label":"A"}],"answer":"accept","_annotator_id":"Ana"}
{"text":"Ada and Bo sang.","_input_hash":-7,"_task_hash":1,"spans":[],"answer":"accept","_annotator_id":"Ben"}"#;
    for (name, file, options) in
        [("a.jsonl", doccano, &options), ("b.jsonl", prodigy, &options), ("b.jsonl", prodigy, &Options::default())]
    {
        let dataset = open_with(name, file, options);
        let found: Vec<_> = dataset.records.iter().map(texts).collect();
        assert_eq!(found, [[("Ana".into(), vec!["Ada".into()]), ("Ben".into(), vec![])]], "{name}");
    }
}

#[test]
fn annotators_of_one_name_are_told_apart_in_every_format() {
    let mut record = Record::new(Place::Record(1), "a".into(), "Who?", "Ada and Bo sang.".into());
    let annotator = |name: &str| Annotator::new(name, vec![Span { start: 0, end: 3 }, Span { start: 8, end: 10 }]);
    record.annotators = ["Ana", "", "Ana", "Ana (2)"].map(annotator).to_vec();
    for format in Format::written() {
        let after = reread(std::slice::from_ref(&record), format);
        let names: Vec<&str> = after[0].annotators.iter().map(|a| &*a.name).collect();
        match format.holds(Feature::Annotators) {
            true => assert_eq!(names, ["Ana", "2", "Ana (3)", "Ana (2)"], "{format}"),
            false => assert_eq!(names, ["1"], "{format}"),
        }
        assert!(after[0].annotators.iter().all(|a| a.spans == record.annotators[0].spans), "{format}");
    }
}

#[test]
fn labels_i_without_a_b_are_a_loss_of_every_format() {
    let mut record = Record::new(Place::Record(1), "a".into(), "Who?", "Ada sang.".into());
    record.annotators.push(Annotator { stray: vec![Span { start: 4, end: 8 }], ..Annotator::new("1", Vec::new()) });
    let dataset = Dataset { format: Format::Lines, records: vec![record], problems: vec![], notices: vec![] };
    for format in Format::written() {
        assert!(dataset.losses(format).contains(&(Feature::Stray, 1)), "{format}");
    }
}

#[test]
fn what_a_program_made_is_checked_as_a_file_is() {
    let made = |spans: &[(usize, usize)], scores: &[f64]| {
        let spans = spans.iter().map(|&(start, end)| Span { start, end }).collect();
        let mut record = Record::new(Place::Record(3), "a".into(), "Who?", "Ada and Bo\u{308} sang.".into());
        record.annotators = vec![Annotator { scores: scores.into(), ..Annotator::new("", spans) }];
        checked(vec![record])
    };
    let fine = made(&[(8, 11), (0, 3)], &[0.5, 0.25]).unwrap();
    assert_eq!(texts(&fine[0]), [("1".into(), vec!["Ada".into(), "Bo\u{308}".into()])]);
    assert_eq!(fine[0].annotators[0].scores, [0.25, 0.5], "scores go along");
    type Refused<'a> = (&'a [(usize, usize)], &'a [f64], &'a str);
    let refused: [Refused<'_>; 5] = [
        (&[(3, 1)], &[], "record 3: the span 3..1 is empty"),
        (&[(0, 99)], &[], "record 3: the span 0..99 ends past the paragraph's 17 characters"),
        (&[(8, 10)], &[], "record 3: the span 8..10 cuts a character in two at 10"),
        (&[(0, 7), (4, 11)], &[], "record 3: the spans 0 to 7 and 4 to 11 overlap"),
        (&[(0, 3)], &[0.5, 0.5], "record 3: it has 2 scores for 1 spans"),
    ];
    for (spans, scores, why) in refused {
        assert_eq!(made(spans, scores).unwrap_err().to_string(), why);
    }
}

#[test]
fn units_are_told_by_the_texts_beside_them_and_offered_without() {
    let task = |start: usize, end: usize| {
        format!(
            r#"[{{"id":7,"data":{{"text":"{PAR}"}},"annotations":[{{"completed_by":3,"result":[{{"value":{{"start":{start},"end":{end},"text":"Zürich","labels":["X"]}}}}]}}]}}]"#
        )
    };
    for (text, notice) in [(task(74, 80), false), (task(75, 81), true)] {
        let dataset = open("ls.json", &text);
        assert_eq!(texts(&dataset.records[0]), [("3".to_owned(), vec!["Zürich".to_owned()])]);
        assert_eq!(dataset.notices.contains(&Notice::Utf16 { count: 1 }), notice);
    }
    let line = format!(r#"{{"id": 3, "text": "{PAR}", "label": [[75, 81, "ANSWER"]]}}"#);
    let dataset = open("d.jsonl", &line);
    assert_eq!(texts(&dataset.records[0])[0].1, ["ürich."]);
    let offered = Notice::PerhapsUtf16 { count: 1, now: "ürich.".into(), utf16: "Zürich".into() };
    assert!(dataset.notices.contains(&offered), "{:?}", dataset.notices);
    let utf16 = open_with("d.jsonl", &line, &Options { offsets: Some(Unit::Utf16), ..Options::default() });
    assert_eq!(texts(&utf16.records[0])[0].1, ["Zürich"]);
}

#[test]
fn sentences_say_what_a_file_is() {
    let ann = "T1\tAnswer 43 47;52 55\tJosé Ada\nA1\tConfidence T1 High\n#1\tAnnotatorNotes T1\twho ate\n";
    let files =
        [Source { name: "a/doc.ann", bytes: ann.as_bytes() }, Source { name: "a/doc.txt", bytes: PAR.as_bytes() }];
    let brat = parse(&files, &Options::default()).unwrap();
    assert_eq!(texts(&brat.records[0])[0].1, ["José", "Ada"]);
    assert_eq!(brat.sentence(), "brat annotations, 1 document, 1 annotator");
    let alone = parse(&files[..1], &Options::default()).unwrap_err();
    assert_eq!(alone.reason, Reason::Partner { name: "a/doc.txt".into() });
    assert_eq!(open("x", "One.\r\n \r\nTwo\nlines.\n").sentence(), "plain text, 2 paragraphs");
}

#[test]
fn what_lies_beside_brats_and_webannos_files_is_passed_over() {
    let read = |files: &[(&str, &[u8])]| {
        let sources: Vec<Source<'_>> = files.iter().map(|&(name, bytes)| Source { name, bytes }).collect();
        parse(&sources, &Options::default())
    };
    let strays: [(&str, &[u8]); 4] = [
        ("p/README.md", b"# About\n\nTwo texts."),
        ("p/annotation.conf", b"[entities]\nAnswer\n"),
        ("p/1.jsonl", b"{\"id\": 1}\n"),
        ("p/picture.png", b"\x89PNG\r\n\x1a\n\0"),
    ];
    let passed = Notice::PassedOver { names: strays.map(|(name, _)| name[2..].to_owned()).to_vec() };
    let brat: [(&str, &[u8]); 5] = [
        ("p/0.txt", b"Nobody sang."),
        ("p/1.ann", b"T1\tAnswer 0 3\tAda\n"),
        ("p/1.txt", b"Ada sang."),
        ("p/2.ann", b""),
        ("p/2.txt", b"Bo listened."),
    ];
    let dataset = read(&[&strays[..], &brat[..]].concat()).unwrap();
    let found: Vec<_> = dataset.records.iter().map(|r| (&*r.id, texts(r))).collect();
    let by = |spans: &[&str]| vec![("1".to_owned(), spans.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>())];
    assert_eq!(found, [("0", vec![]), ("1", by(&["Ada"])), ("2", by(&[]))]);
    assert!(dataset.notices.contains(&passed), "{:?}", dataset.notices);
    // WebAnno's are told by their content.
    let webanno: (&str, &[u8]) =
        ("p/a.tsv", b"#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Answer|value\n\n\n#Text=Ada\n1-1\t0-3\tAda\tA\t\n");
    let dataset = read(&[&strays[..], &[webanno]].concat()).unwrap();
    assert_eq!(dataset.records.iter().map(|r| &*r.id).collect::<Vec<_>>(), ["a"]);
    assert!(dataset.notices.contains(&passed), "{:?}", dataset.notices);
    // Of several files the one at fault is named.
    let wrong = read(&[&brat[..], &[("p/3.txt", b"Zo\xeb")]].concat()).unwrap_err();
    assert!(wrong.to_string().starts_with("3.txt: it is not UTF-8"), "{wrong}");
    let wrong = read(&[&brat[..], &[("p/3.txt", b"Ada"), ("p/3.ann", b"T1\tAnswer 0 9\tAda\n")]].concat()).unwrap();
    assert!(wrong.problems[0].to_string().starts_with("3.ann, line 1: "), "{}", wrong.problems[0]);
}

#[test]
fn tables() {
    let table = "\u{feff}Question;Text;Answer;Annotator\r\nWho?;Ada sang;Ada;Ana\r\nWho?;Ada sang;;Ben\r\n";
    let dataset = open("t.csv", table);
    assert_eq!(dataset.records.len(), 2, "without ids every row is a record");
    let with_ids = "id,question,paragraph,annotator,answer,start\n1,Who?,\"Ada, Bo\",Ana,Ada,0\n1,Who?,\"Ada, Bo\",Ana,Bo,5\n1,Who?,\"Ada, Bo\",Ben,,\n";
    let dataset = open("t.csv", with_ids);
    let expected = [("Ana".to_owned(), vec!["Ada".to_owned(), "Bo".to_owned()]), ("Ben".to_owned(), vec![])];
    assert_eq!(texts(&dataset.records[0]), expected);
    let wrong = parse(&[Source { name: "t.csv", bytes: b"a,b\n1,2\n" }], &Options::default()).unwrap_err();
    assert!(wrong.to_string().contains("no column named paragraph, context, text"), "{wrong}");
    let formula = open("f.csv", "question,paragraph,answer\n\"=HYPERLINK(\"\"x\"\")\",\"-1 is what Ada sang\",-1\n");
    assert_eq!(formula.records[0].question, "=HYPERLINK(\"x\")");
    let written = String::from_utf8(serialise(&formula.records, Format::Csv).unwrap().remove(0).bytes).unwrap();
    assert!(written.contains("\"'=HYPERLINK(\"\"x\"\")\",'-1 is what Ada sang,1,'-1,0"), "{written}");
}

#[test]
fn a_tables_rows_are_named_by_their_lines() {
    let lines = [
        "",
        "id,question,paragraph,answer",
        "1,Who?,Ada sang,Ada",
        "2,Who?,\"Ada",
        "",
        "and Bo sang\",Ada",
        "",
        "3,Who?,Ada sang,Bo", // line 8
        "4,Who?,Ada sang,Ada",
        "5,Who?,Ada sang,Chu", // line 10
    ];
    for end in ["\n", "\r\n", "\r"] {
        let dataset = open("t.csv", &(lines.join(end) + end));
        let places: Vec<Option<Place>> = dataset.problems.iter().map(|problem| problem.place.clone()).collect();
        assert_eq!(places, [Some(Place::Line(8)), Some(Place::Line(10))], "{end:?}");
        assert_eq!(dataset.records.len(), 3);
    }
}

#[test]
fn webanno_as_inception_writes_it() {
    let file = "#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma|value\n#T_SP=webanno.custom.Answer|kind|note\n\n\n#Text=Ann 🍕 ate.\n1-1\t0-3\tAnn\tann\tA[1]\t*[1]\t\n1-2\t4-6\t🍕\t_\tA[1]|B\t*[1]|x\t\n1-3\t7-10\tate\teat\t_\t_\t\n1-4\t10-11\t.\t_\t_\t_\t\n\n#Text=Bo.\n2-1\t12-14\tBo\t_\tB\t_\t\n2-2\t14-15\t.\t_\t_\t_\t\n";
    let dataset = parse(&[Source { name: "doc.tsv", bytes: file.as_bytes() }], &Options::default()).unwrap();
    assert_eq!(dataset.problems.len(), 1, "a stacked span overlaps: {:?}", dataset.problems);
    let file = file.replace("|B\t*[1]|x", "\t*[1]");
    let dataset = open("doc.tsv", &file);
    assert_eq!(&*dataset.records[0].context, "Ann 🍕 ate.\nBo.");
    assert_eq!(texts(&dataset.records[0])[0].1, ["Ann 🍕", "Bo"]);
}

#[test]
fn tags_that_are_numbers_are_asked_for() {
    let rows = r#"{"id": "1", "tokens": ["On", "Friday", "Ada", "sang", "."], "ner_tags": [2, 2, 0, 2, 2]}"#;
    let source = [Source { name: "hf.jsonl", bytes: rows.as_bytes() }];
    assert_eq!(parse(&source, &Options::default()).unwrap_err().reason, Reason::AskLabels { found: vec![0, 2] });
    let dataset = open_with("hf.jsonl", rows, &Options { labels: Some([0, 1, 2]), ..Options::default() });
    assert_eq!(texts(&dataset.records[0])[0].1, ["Ada"]);
    let other = open_with("hf.jsonl", rows, &Options { labels: Some([1, 3, 2]), ..Options::default() });
    assert!(other.problems[0].to_string().contains("`ner_tags` is 0"), "{}", other.problems[0]);
}

#[test]
fn columns_of_labels() {
    let two = "On O O\nAda B B\nLovelace I O\n";
    let asked = parse(&[Source { name: "x.conll", bytes: two.as_bytes() }], &Options::default()).unwrap_err();
    assert_eq!(asked.reason, Reason::AskColumns { count: 2 });
    let names = ["gold".to_owned(), "prediction".to_owned()];
    let dataset = open_with("x.conll", two, &Options { columns: names.to_vec(), ..Options::default() });
    assert_eq!(texts(&dataset.records[0])[0].1, ["Ada Lovelace"]);
    let both = labelled_tokens(two, &names).unwrap();
    assert_eq!((both[0].gold.join(""), both[0].predicted.join("")), ("OBI".into(), "OBO".into()));
    // CoNLL-2003 has a column of chunks before that of names.
    let chunks =
        open("x.conll", "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\nGerman JJ B-NP B-MISC\n");
    assert_eq!(texts(&chunks.records[0])[0].1, ["EU", "German"]);
    assert!(chunks.notices.contains(&Notice::Kinds { names: vec!["ORG".into(), "MISC".into()] }));
}

#[test]
fn one_mistyped_label_costs_its_sentence() {
    let rows = "EU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nGerman JJ B-NP B_MISC\ncall NN I-NP O\n\nBo NNP B-NP B-PER\n";
    let dataset = open("x.conll", rows);
    let found: Vec<_> = dataset.records.iter().map(|record| texts(record)[0].1.join("|")).collect();
    assert_eq!(found, ["EU", "Bo"], "names, not chunks");
    assert_eq!(dataset.problems.len(), 1);
    assert_eq!(dataset.problems[0].place, Some(Place::Line(4)));
    assert_eq!(dataset.problems[0].reason, Reason::Label { label: "B_MISC".into() });
    let strict = Options { strict: true, ..Options::default() };
    assert!(parse(&[Source { name: "x.conll", bytes: rows.as_bytes() }], &strict).is_err());
    // With one column of labels, and in a row that has too few.
    let dataset = open_with(
        "x.conll",
        "Ada B\nsang O\n\nBo B\nalso\n",
        &Options { from: Some(Format::Conll), ..Options::default() },
    );
    assert_eq!((dataset.records.len(), &dataset.problems[0].place), (1, &Some(Place::Line(5))));
    let names = ["gold".to_owned(), "prediction".to_owned()];
    let wrong = labelled_tokens("a B B\nb O O\n\nc O X\nd O O\n", &names).unwrap_err();
    assert_eq!(wrong.place, Some(Place::Line(4)));
}

#[test]
fn rows_of_tables_have_the_cells_of_the_first() {
    let table = "question,paragraph,answer\nWho?,Ada sang.,Ada\nWho?,Bo, who sang, left.,Bo\nWho?,Cy sang.\nWho?,Di sang.,Di,,\n";
    let dataset = open("t.csv", table);
    let contexts: Vec<&str> = dataset.records.iter().map(|record| &*record.context).collect();
    assert_eq!(contexts, ["Ada sang.", "Di sang."]);
    let wrong: Vec<_> = dataset.problems.iter().map(|p| (p.place.clone().unwrap(), p.reason.clone())).collect();
    let cells = |line, cells| (Place::Line(line), Reason::Cells { cells, columns: 3 });
    assert_eq!(wrong, [cells(3, 5), cells(4, 2)]);
}

#[test]
fn a_quotation_mark_that_stays_open_is_said() {
    let read = |table: &str| parse(&[Source { name: "t.csv", bytes: table.as_bytes() }], &Options::default());
    let wrong = read("question,paragraph\nWho?,Ada sang.\nWho?,\"Bo sang.\nWho?,Cy sang.\n").unwrap_err();
    assert_eq!((wrong.place, wrong.reason), (Some(Place::Line(3)), Reason::OpenQuote));
    let whole = read("question,paragraph\nWho?,\"Ada\nsang\"\nWho?,\"Bo \"\"sang\"\"\"").unwrap();
    assert_eq!((whole.records.len(), &*whole.records[1].context), (2, "Bo \"sang\""));
    assert_eq!(read("question,paragraph\nWho?,Bo 5\" sang.\n").unwrap().records.len(), 1);
}

#[test]
fn doubts_and_soft_labels_of_lines() {
    let line = r#"{"id":"1","context":"Ada sang.","question":"","annotators":[],"confidence":0.97,"agrees":false}"#;
    let record = open("x.jsonl", line).records.remove(0);
    assert_eq!((record.confidence, record.agrees), (Some(0.97), Some(false)));
    assert_eq!(record.into_instance().confidence, Some(0.0), "whoever asks for confidence leaves it out");
    let line = r#"{"context":"Ada sang.","question":"","annotators":[],"soft":[[0,3,[0.9,0.3,0.1]]]}"#;
    assert_eq!(open("x.jsonl", line).problems[0].reason, Reason::Soft { b: 0.9, i: 0.3, o: 0.1 });
}

#[test]
fn long_ids_make_short_names() {
    let record = |n: u8| Record::new(Place::Record(1), format!("{}{n}", "é/".repeat(200)), "", "Ada sang.".into());
    let written = serialise(&[record(1), record(2)], Format::Brat).unwrap();
    assert!(written.iter().all(|file| file.name.len() < 220));
    let names: HashSet<&str> = written.iter().map(|file| &*file.name).collect();
    assert_eq!(names.len(), 4);
}

#[test]
fn files_of_a_folder_are_told_apart() {
    let source = |name| Source { name, bytes: b"Ada sang." };
    let dataset = parse(&[source("d/a.txt"), source("d/b.txt")], &Options::default()).unwrap();
    let ids: Vec<&str> = dataset.records.iter().map(|record| &*record.id).collect();
    assert_eq!(ids, ["1", "2"]);
    let line = br#"{"id":"x","context":"Ada sang.","question":"Who?","annotators":[]}"#;
    let source = |name| Source { name, bytes: line };
    let dataset = parse(&[source("d/a.jsonl"), source("d/b.jsonl")], &Options::default()).unwrap();
    assert!(dataset.notices[0].to_string().contains("(a.jsonl, line 1, b.jsonl, line 1)"), "{}", dataset.notices[0]);
    let readme = Source { name: "d/README.md", bytes: b"# Two files" };
    let dataset = parse(&[readme, source("d/a.jsonl"), source("d/b.jsonl")], &Options::default()).unwrap();
    assert_eq!((dataset.format, dataset.records.len()), (Format::Lines, 2));
    assert!(dataset.notices.contains(&Notice::PassedOver { names: vec!["README.md".into()] }));
}

#[test]
fn columns_of_another_scheme_are_scored_as_iob2() {
    let read = |rows: &str| {
        labelled_tokens(&rows.replace(' ', "\t").replace('|', "\n"), &["gold".into(), "prediction".into()])
            .unwrap()
            .remove(0)
    };
    let bilou = read("a B-P B-P|b L-P O|c O O|d U-P U-P");
    assert_eq!((bilou.gold.join(" "), bilou.predicted.join(" ")), ("B-P I-P O B-P".into(), "B-P O O B-P".into()));
    let iob1 = read("a I-P I-P|b I-P I-P|c O I-P");
    assert_eq!((iob1.gold.join(" "), iob1.predicted.join(" ")), ("B-P I-P O".into(), "B-P I-P I-P".into()));
    let iob2 = read("a B-P I-P|b I-P I-P|c O O");
    assert_eq!(iob2.predicted.join(" "), "I-P I-P O", "an I that begins a span is left to the score");
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
        assert_eq!(serde_json::to_value(format).unwrap(), format.name());
    }
    assert!("word".parse::<Format>().unwrap_err().contains("label-studio"));
}

#[test]
fn brat_keeps_a_mark_at_the_beginning_of_a_text() {
    let mut record = Record::new(Place::Record(1), "a".into(), "", "\u{feff}Ada sang.".into());
    record.annotators = vec![Annotator::new("1", vec![Span { start: 1, end: 4 }])];
    let written = serialise(std::slice::from_ref(&record), Format::Brat).unwrap();
    let files: Vec<Source<'_>> = written.iter().map(|file| Source { name: &file.name, bytes: &file.bytes }).collect();
    let read = parse(&files, &Options::default()).unwrap();
    assert_eq!((&read.records[0].context, texts(&read.records[0])[0].1.concat()), (&record.context, "Ada".into()));
}
