//! Data files of every format, opened and dropped on the page, and read and written by bioscope.js.

use bioscope::bio::Span;
use bioscope::dataset::{self, Annotator, Dataset, Format, Options, Source};
use serde_json::{Value, json};

use crate::browser::{Page, browser, opened};
use crate::merge::drop_files;
use crate::page::select;
use crate::share::mark;

const PAR: &str = "On Friday Ada sang, and Bo listened. Later José and Ada ate 2 pizzas 🍕 in Zürich.";

/// A small file of every format that is one file, each with the answer "Zürich", behind the emoji.
fn files() -> Vec<(&'static str, String)> {
    let json = |text: &str| text.replace("PAR", PAR);
    vec![
        ("squad.json", json(r#"{"data":[{"title":"t","paragraphs":[{"context":"PAR","qas":[{"id":"1","question":"Where?","answers":[{"text":"Zürich","answer_start":74}]}]}]}]}"#)),
        ("hf.jsonl", json(r#"{"id":"1","context":"PAR","question":"Where?","answers":{"text":["Zürich"],"answer_start":[74]}}"#)),
        ("lines.jsonl", json(r#"{"id":"1","context":"PAR","question":"Where?","annotators":[[[74,80]]]}"#)),
        ("tokens.jsonl", json(r#"{"id":"1","tokens":["in","Zürich"],"ner_tags":["O","B"],"question":"Where?"}"#)),
        ("doccano.jsonl", json(r#"{"id":1,"text":"PAR","label":[[74,80,"ANSWER"]]}"#)),
        ("entities.jsonl", json(r#"{"id":1,"text":"PAR","entities":[{"id":1,"label":"ANS","start_offset":74,"end_offset":80}]}"#)),
        ("label-studio.json", json(r#"[{"id":1,"data":{"text":"PAR","question":"Where?"},"annotations":[{"completed_by":1,"result":[{"value":{"start":74,"end":80,"text":"Zürich","labels":["Answer"]}}]}]}]"#)),
        ("prodigy.jsonl", json(r#"{"text":"PAR","spans":[{"start":74,"end":80,"label":"ANSWER"}],"answer":"accept"}"#)),
        ("iob.conll", "# question = Where?\nin O\nZürich B\n".into()),
        ("table.csv", format!("question;paragraph;answer\nWhere?;{PAR};Zürich\n")),
        ("multi.json", r#"{"data":[{"id":"m","question":["Where?"],"context":["in","Zürich"],"num_span":1,"label":["O","B"]}]}"#.into()),
        ("doc.tsv", "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Answer|value\n\n\n#Text=in Zürich\n1-1\t0-2\tin\t_\t\n1-2\t3-9\tZürich\tA\t\n".into()),
    ]
}

fn lines(page: &Page) -> Vec<(String, String)> {
    page.wait(
        "document.querySelector('[data-testid=opened-file]') && !document.querySelector('[data-testid=opened-file][data-state=reading]')",
        "all files to be read",
    );
    let lines = page.js("[...document.querySelectorAll('[data-testid=opened-file]')].map((line) => [line.dataset.state, line.textContent])");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    lines.as_array().unwrap().iter().map(|line| (text(&line[0]), text(&line[1]))).collect()
}

/// What a dataset can be written as.
const FORMATS: [&str; 14] = [
    "squad",
    "hf-qa",
    "lines",
    "conll",
    "hf-tokens",
    "doccano",
    "doccano-entities",
    "label-studio",
    "prodigy",
    "brat",
    "webanno",
    "csv",
    "tsv",
    "multispanqa",
];

#[test]
fn every_format_is_read_and_written_by_the_api() {
    let Some(page) = browser() else { return };
    page.open();
    page.run("window.api = await import('./bioscope.js');", Value::Null);
    for (name, content) in files() {
        let dataset = page.run("return await window.api.parse(a[1], a[0]);", json!([name, content]));
        assert_eq!(
            (dataset["records"].as_array().unwrap().len(), &dataset["problems"]),
            (1, &json!([])),
            "{name}: {dataset}"
        );
        let marked = page.run(
            "const { paragraph, annotators } = a.records[0];
             return annotators.map(({ spans }) => spans.map(({ start, end }) => paragraph.slice(start, end)));",
            dataset.clone(),
        );
        assert_eq!(marked, json!([["Zürich"]]), "{name}");
        // Into every format and back.
        let again = page.run(
            "const back = {};
             for (const to of a[1]) {
               const { files, losses } = await window.api.serialise(a[0], to);
               const { records } = await window.api.parse(files.map(({ bytes }) => bytes), files.map(({ name }, k) => name || `file${k}`), { from: to });
               back[to] = [records[0].paragraph, records[0].annotators, losses.map(({ feature }) => feature)];
             }
             return back;",
            json!([dataset, FORMATS]),
        );
        for format in FORMATS {
            let again = &again[format];
            assert_eq!(again[0], dataset["records"][0]["paragraph"], "{name} as {format}");
            assert_eq!(again[1], dataset["records"][0]["annotators"], "{name} as {format}");
            let held =
                again[2].as_array().unwrap().iter().all(|feature| ["question", "titles"].iter().any(|f| feature == f));
            assert!(held, "{name} as {format}: {}", again[2]);
        }
    }
    let refused = page.run(
        "try { await window.api.parse('{\"tokens\":[\"a\"],\"ner_tags\":[0]}', 'x.jsonl'); } catch (error) { return [error.kind, error.message, error.problem]; }",
        Value::Null,
    );
    assert_eq!((&refused[0], &refused[2]["reason"]), (&json!("data"), &json!({"kind": "askLabels", "found": [0]})));
}

#[test]
fn thirty_dropped_files_are_listed_with_what_became_of_them() {
    let Some(page) = opened() else { return };
    let mut dropped: Vec<Value> = (0..29)
        .map(|k| json!([format!("{k}.jsonl"), format!(r#"{{"text":"Text {k} of Ada.","label":[[0,4,"X"]]}}"#)]))
        .collect();
    dropped.insert(11, json!(["broken.json", "{\"data\": ["]));
    drop_files(&page, &json!(dropped));
    page.count("opened-file", 30);
    let lines = lines(&page);
    let read = lines.iter().filter(|(state, _)| state == "read").count();
    assert_eq!(read, 29, "{lines:?}");
    let (state, text) = &lines[11];
    assert!(state == "refused" && text.contains("broken.json") && text.contains("no valid JSON"), "{text}");
    assert!(lines[0].1.contains("doccano export, 1 text, 1 annotator"), "{}", lines[0].1);
    // The first is on the page; it has no question, so that is where one goes on.
    assert_eq!(page.js("document.activeElement.dataset.testid"), json!("question"));
    assert_eq!(page.value("paragraph"), "Text 0 of Ada.");
}

#[test]
fn what_nobody_should_guess_is_asked() {
    let Some(page) = opened() else { return };
    page.run("window.confirm = () => true;", Value::Null); // a question that was typed is a change that is not saved
    let ask = |name: &str, content: Value, offer: &str, before: &str, after: &str| {
        page.run(
            "const data = new DataTransfer(), [name, content] = a;
             data.items.add(new File([typeof content === 'string' ? content : Uint8Array.from(content)], name));
             window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
            json!([name, content]),
        );
        page.wait(
            &format!("document.querySelector('[data-testid=opened-file]')?.textContent.includes('{name}')"),
            "its line",
        );
        assert!(lines(&page)[0].1.contains(before), "{:?}", lines(&page));
        page.shown(&format!("[data-testid={offer}]"));
        page.click(&format!("[data-testid={offer}]"));
        page.wait(&format!("document.querySelector('[data-testid=paragraph]').value.includes('{after}')"), after);
        assert_eq!(lines(&page)[0].0, "read");
    };
    let latin: Vec<u8> = "question;paragraph;answer\nWho?;Zoë sang;Zoë\n".chars().map(|c| c as u32 as u8).collect();
    ask("windows.csv", json!(latin), "as-windows-1252", "Windows-1252", "Zoë sang");
    let greek = b"question;paragraph;answer\n\xd0\xef\xe9\xef\xf2;\xc7 \xc6\xf9\xde;\xc6\xf9\xde\n";
    ask("greek.csv", json!(greek.to_vec()), "as-windows-1253", "Windows-1253", "Η Ζωή");
    ask("hf.jsonl", json!(r#"{"tokens":["Ada","ate"],"ner_tags":[0,2]}"#), "name-labels", "0, 2", "Ada ate");
    ask("two.conll", json!("Bo B O\nate O B\n"), "gold-column-2", "2 columns", "Bo ate");
    let utf16 = format!(r#"{{"text":"{PAR}","label":[[75,81,"A"]]}}"#);
    ask("utf16.jsonl", json!(utf16), "as-utf16", "ürich.", "pizzas");
    page.wait(
        "document.querySelector('[data-testid=annotator] .quotes')?.textContent.includes('Zürich')",
        "the right word",
    );
    // A file without questions takes the one that was typed.
    drop_files(&page, &json!([["none.conll", "Ada B\nsang O\n"]]));
    page.wait("document.querySelector('[data-testid=question-above]')", "the offer");
    page.fill("question", "Who sang then?");
    page.click("[data-testid=question-above]"); // which waits: while the text is read anew, the offer is not there
    page.wait("!document.querySelector('[data-testid=question-above]')", "the question taken");
    page.holds("question", "Who sang then?");
    // A kind that was told wrongly can be corrected, and what was skipped can be looked at.
    let bad = r#"{"data":[{"paragraphs":[{"context":"Ada sang.","qas":[{"id":"a","question":"Who?","answers":[{"text":"Ada","answer_start":1}]}]}]}]}"#;
    drop_files(&page, &json!([["bad.json", bad]]));
    page.wait(
        "document.querySelector('[data-testid=skipped]')?.textContent.includes('does not say “Ada” at 1')",
        "the skipped record",
    );
    page.click("[data-testid=repair]");
    page.holds("paragraph", "Ada sang.");
    page.run(
        "const kind = document.querySelector('[data-testid=file-format]');
         kind.value = 'plain'; kind.dispatchEvent(new Event('change', { bubbles: true }));",
        Value::Null,
    );
    page.wait(
        "document.querySelector('[data-testid=opened-file]').textContent.includes('plain text, 1 paragraph')",
        "the corrected kind",
    );
}

#[test]
fn the_page_says_what_a_format_loses_and_saves() {
    let Some(page) = opened() else { return };
    let lines = r#"{"id":"x","context":"Ada sang.","question":"Who?","annotators":[[[0,3]]],"note":"n","weights":[2]}"#;
    drop_files(&page, &json!([["x.jsonl", lines]]));
    page.holds("paragraph", "Ada sang.");
    select(&page, "save-format", "label-studio");
    page.count("loss-of-format", 2);
    let tasks: Value = serde_json::from_str(&page.saved("save-data").1).unwrap();
    assert_eq!(tasks[0]["annotations"][0]["result"][0]["value"]["text"], "Ada");
    page.wait(&format!("{WHAT}.includes('x.label-studio.json')"), "word of it");
}

/// The one file that the page offers for download: its name, and its content as text.
fn save_as(page: &Page, format: &str) -> (String, String) {
    page.wait("document.querySelector('[data-testid=save-data]')", "the button");
    select(page, "save-format", format);
    page.saved("save-data")
}

fn read(name: &str, text: &str) -> Dataset {
    dataset::parse(&[Source { name, bytes: text.as_bytes() }], &Options::default()).unwrap()
}

/// Puts a question of the file in place, and waits for its analysis.
fn choose(page: &Page, index: usize, paragraph: &str) {
    page.click(&format!("[data-testid=question-entry][data-index='{index}']"));
    page.holds("paragraph", paragraph);
    page.settled(paragraph);
}

const CHANGED: &str = "[...document.querySelectorAll('[data-testid=entry-changed]')].map((e) => e.closest('li').querySelector('[data-index]').dataset.index).join()";
const WHAT: &str = "document.querySelector('[data-testid=save-what]').textContent";
const LEAVES: &str = "window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";

#[test]
fn labels_of_every_question_go_into_its_record() {
    let Some(page) = opened() else { return };
    let texts = ["Ada sang.", "Bo listened.", "Cy ate it all."];
    let lines: Vec<String> = texts.iter().map(|text| json!({"text": text, "label": []}).to_string()).collect();
    drop_files(&page, &json!([["doccano.jsonl", lines.join("\n")]]));
    page.count("question-entry", 3);
    assert_eq!(page.js(LEAVES), true, "nothing to lose");
    for (k, text) in texts.iter().enumerate() {
        page.click(&format!("[data-testid=question-entry][data-index='{k}']"));
        page.holds("paragraph", text);
        page.fill("question", &format!("Who, {k}?"));
        page.click("[data-testid=analyse]");
        page.settled(text);
        mark(&page, 0);
        page.wait("document.querySelectorAll('[data-testid=gold-token][data-label=B]').length === 1", "its label");
    }
    page.wait(&format!("{CHANGED} === '0,1,2'"), "three changed ones");
    choose(&page, 0, texts[0]);
    page.wait(
        "document.querySelector('[data-testid=annotator] .quotes')?.textContent === '“Ada”'",
        "the first one's label",
    );
    assert_eq!(page.value("question"), "Who, 0?");
    assert_eq!(page.js(LEAVES), false, "asked before it is lost");
    let (_, text) = save_as(&page, "squad");
    let records = read("squad.json", &text).records;
    let found: Vec<(&str, Vec<Annotator>)> = records.iter().map(|r| (&*r.question, r.annotators.clone())).collect();
    let ends = [3, 2, 2];
    let wanted = ["Who, 0?", "Who, 1?", "Who, 2?"];
    let wanted = wanted.into_iter().zip(ends.map(|end| vec![Annotator::new("1", vec![Span { start: 0, end }])]));
    assert_eq!(found, wanted.collect::<Vec<_>>());
    assert!(!text.contains("annotator"), "nobody gave a name: {text}");
    assert_eq!(page.js(LEAVES), true, "all is saved");
}

#[test]
fn who_labels_goes_on_at_the_next_question_and_what_is_not_saved_at_the_next_visit() {
    let Some(page) = browser() else { return };
    page.open();
    page.ready();
    let lines = r#"{"id":"a","context":"Ada sang.","question":"Who sang?","annotators":[[[0,3]]]}
{"id":"b","context":"Bo listened.","question":"Who listened?","annotators":[[[0,2]]]}"#;
    let files = json!([["two.jsonl", lines]]);
    drop_files(&page, &files);
    page.wait("document.querySelectorAll('[data-testid=question-entry]').length === 2", "two questions");
    choose(&page, 0, "Ada sang.");
    page.run("document.querySelector('.goldcard .add').click();", Value::Null);
    page.wait(
        "document.querySelector('[data-testid=book-labelling]')?.textContent.includes('Annotator 2')",
        "the second annotator",
    );
    page.click("[data-testid=question-after]");
    page.settled("Bo listened.");
    mark(&page, 1);
    let quotes = "[...document.querySelectorAll('[data-testid=annotator] .quotes')].map((q) => q.textContent).join()";
    page.wait(&format!("{quotes} === '“Bo”,“listened”'"), "a row of their own");
    page.wait("document.querySelector('[data-testid=said]').textContent.includes('“listened”')", "word of it");
    // A corrected text is kept with its labels.
    page.analyse("Who listened?", "Then Bo listened.");
    // Whatever else is dropped, what was read stays known.
    drop_files(&page, &json!([["broken.json", "{\"data\": ["]]));
    page.wait("document.querySelector('[data-testid=opened-file][data-state=refused]')", "word of it");
    mark(&page, 0);
    page.wait(&format!("{quotes}.includes('“Then”')"), "one more answer");
    // Another reading of the file waits for a button: it would cost the changes.
    select(&page, "file-format", "plain");
    page.wait("document.querySelector('[data-testid=read-again]')", "the button");
    page.wait(&format!("{CHANGED} === '0,1'"), "the changes");
    page.wait(
        "localStorage['bioscope.data']?.includes('Then Bo') && localStorage['bioscope.data'].includes('\"end\":4')",
        "them to be kept",
    );
    page.run(
        "window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true);",
        Value::Null,
    );
    page.reload();
    page.ready();
    drop_files(&page, &files);
    page.wait(&format!("{CHANGED} === '0,1' && {WHAT}.includes('earlier visit')"), "the changes again");
    choose(&page, 1, "Then Bo listened.");
    page.wait(
        &format!("{quotes}.includes('“Bo”') && {quotes}.includes('“Then”') && {quotes}.includes('“listened”')"),
        "both rows",
    );
    save_as(&page, "lines");
    page.wait("localStorage['bioscope.data'] === '{}'", "nothing more to keep");
}

#[test]
fn a_corrected_text_is_saved_and_another_one_is_not_part_of_the_file() {
    let Some(page) = opened() else { return };
    let lines = r#"{"id":"a","context":"🍕 Ada sang.","question":"Who sang?","annotators":[[[2,5]]],"names":["Ana"],"note":"n"}
{"id":"b","context":"Bo listened.","question":"Who listened?","annotators":[[[0,2]],[]],"names":["Ana","Ben"]}"#;
    drop_files(&page, &json!([["two.jsonl", lines]]));
    page.wait(&format!("{WHAT}.includes('two.jsonl') && {WHAT}.includes('not part')"), "what would be saved");
    choose(&page, 0, "🍕 Ada sang.");
    page.wait(&format!("!{WHAT}.includes('not part')"), "the text is the file's");
    page.fill("paragraph", "So, 🍕 Ada sang.");
    page.wait(&format!("{CHANGED} === '0'"), "a change");
    let mut wanted = read("two.jsonl", lines).records;
    wanted[0].context = "So, 🍕 Ada sang.".into();
    wanted[0].annotators[0].spans = vec![Span { start: 6, end: 9 }];
    assert_eq!(read("two.jsonl", &save_as(&page, "lines").1).records, wanted);
    // Another text is of no question of the file, until one goes back.
    page.analyse("Who sang?", "So, 🍕 Ada sang.");
    select(&page, "example", "fair");
    page.wait("!document.querySelector('[data-testid=question-entry][aria-current]')", "none is chosen");
    page.wait(&format!("{WHAT}.includes('not part')"), "word of it");
    assert_eq!(read("two.jsonl", &save_as(&page, "lines").1).records, wanted);
    page.press(&["z"], true);
    page.wait(
        "document.querySelector('[data-testid=question-entry][aria-current]')?.dataset.index === '0'",
        "the question",
    );
    choose(&page, 1, "Bo listened.");
    page.press(&["z"], true);
    page.wait(
        "document.querySelector('[data-testid=question-entry][aria-current]')?.dataset.index === '0'",
        "the question again",
    );
    assert_eq!(read("two.jsonl", &save_as(&page, "lines").1).records, wanted);
    page.fill("paragraph", "Nothing of that.");
    page.wait(&format!("{WHAT}.includes('not part')"), "a text of one's own");
    assert_eq!(read("two.jsonl", &save_as(&page, "lines").1).records, wanted);
}

#[test]
fn what_is_only_looked_at_is_written_as_it_was_read() {
    let Some(page) = opened() else { return };
    let squad = json!({"version": "1.1", "data": [{"title": "t", "paragraphs": [
        {"context": "Ada and Bo sang.", "qas": [{"id": "a", "question": "Who sang?",
            "answers": [{"text": "Ada", "answer_start": 0}, {"text": "Bo", "answer_start": 8}]}]},
        {"context": "Cy ate it all.", "qas": [{"id": "b", "question": "Who\nate?", "answers": [{"text": "Cy", "answer_start": 0}]}]}]}]});
    drop_files(&page, &json!([["squad.json", squad.to_string()]]));
    page.count("question-entry", 2);
    choose(&page, 0, "Ada and Bo sang.");
    choose(&page, 1, "Cy ate it all.");
    page.speak("el");
    page.wait("document.querySelector('[data-testid=annotator]')", "the page in Greek");
    choose(&page, 0, "Ada and Bo sang.");
    let records = read("squad.json", &squad.to_string()).records;
    for format in [Format::Squad, Format::LabelStudio] {
        let natively = dataset::serialise(&records, format).unwrap().remove(0).bytes;
        let saved: Value = serde_json::from_str(&save_as(&page, format.name()).1).unwrap();
        assert_eq!(saved, serde_json::from_slice::<Value>(&natively).unwrap());
    }
    assert_eq!(page.js(CHANGED), "");
    assert_eq!(page.js(LEAVES), true);
}

#[test]
fn labels_that_only_the_page_knows_are_kept_or_said_to_be_lost() {
    let Some(page) = opened() else { return };
    let line = r#"{"id":"a","context":"🍕 Ada sang.","question":"Who sang?","annotators":[[[2,5]]]}"#;
    drop_files(&page, &json!([["a.jsonl", line]]));
    page.settled("🍕 Ada sang.");
    let last = page.tokens().len() - 1;
    page.click(&format!("[data-testid=token][data-index='{last}']"));
    page.press(&["i"], false);
    page.wait("document.querySelector('[data-testid=gold-token][data-stray]')", "an I alone");
    let at = page.tokens().iter().position(|token| token.start == 3).unwrap();
    page.click(&format!("[data-testid=token][data-index='{at}']"));
    page.wait("document.querySelector('[data-testid=gold-share][data-class=B]').value === '1'", "the share of B");
    page.run(
        "const field = document.querySelector('[data-testid=gold-share][data-class=B]');
         field.value = '0.5'; field.dispatchEvent(new Event('change', { bubbles: true }));",
        Value::Null,
    );
    page.wait(&format!("{CHANGED} === '0'"), "a change");
    select(&page, "save-format", "label-studio");
    page.wait(
        "['t_i set directly', 'labels I without a B'].every((loss) =>
            [...document.querySelectorAll('[data-testid=loss-of-format]')].some((line) => line.textContent.includes(loss)))",
        "both losses",
    );
    let record = read("a.jsonl", &save_as(&page, "lines").1).records.remove(0);
    assert_eq!(record.annotators, [Annotator::new("1", vec![Span { start: 2, end: 5 }])]);
    let soft: Vec<(Span, f64)> = record.soft.iter().map(|soft| (soft.span, soft.t[0])).collect();
    assert_eq!(soft, [(Span { start: 2, end: 5 }, 0.5)]);
}

#[test]
fn many_files_are_saved_as_one_archive() {
    let Some(page) = opened() else { return };
    let lines = ["Ada sang.", "Bo listened.", "Cy ate it all."]
        .map(|text| json!({"text": text, "label": [[0, 2, "X"]]}).to_string());
    drop_files(&page, &json!([["three.texts.jsonl", lines.join("\n")]]));
    page.count("question-entry", 3);
    for (format, names) in [
        ("brat", &["1.txt", "1.ann", "2.txt", "2.ann", "3.txt", "3.ann"][..]),
        ("webanno", &["1.tsv", "2.tsv", "3.tsv"]),
    ] {
        let (name, zip) = save_as(&page, format);
        assert_eq!(name, "three.texts.zip");
        // Local headers, then the directory.
        assert_eq!(zip.matches("PK\u{1}\u{2}").count(), names.len(), "{format}");
        assert!(
            zip.starts_with("PK\u{3}\u{4}") && names.iter().all(|n| zip.contains(&format!("three.texts/{n}"))),
            "{format}"
        );
    }
}

#[test]
fn the_file_that_is_saved_is_named_and_not_left_without_a_question() {
    let Some(page) = opened() else { return };
    page.wait(
        "document.querySelector('[data-testid=save-what]')?.textContent.includes('the text on the page')",
        "no file yet",
    );
    let line = |k: usize| format!(r#"{{"id":"{k}","context":"Ada sang song {k}.","question":"Who sang?"}}"#);
    let good = format!("{}\n{}", line(1), line(2));
    drop_files(&page, &json!([["good.jsonl", good]]));
    page.wait(&format!("{WHAT}.includes('good.jsonl')"), "its name");
    drop_files(&page, &json!([["broken.json", "{\"data\": ["]]));
    page.wait("document.querySelector('[data-testid=opened-file][data-state=refused]')", "the refusal");
    assert!(page.js(WHAT).as_str().unwrap().contains("good.jsonl"), "the open one is still named");
    choose(&page, 0, "Ada sang song 1.");
    mark(&page, 0);
    page.wait(&format!("{CHANGED} === '0' && {WHAT}.includes('1 changed record')"), "a change");
    page.run("window.confirm = (text) => (window.asked = text, false);", Value::Null);
    drop_files(&page, &json!([["other.jsonl", line(3)]]));
    page.wait("window.asked?.includes('good.jsonl')", "the question");
    assert_eq!(page.js(&format!("[{CHANGED}, {WHAT}.includes('good.jsonl')]")), json!(["0", true]), "nothing is lost");
    page.run("window.confirm = () => true;", Value::Null);
    page.click("[data-testid=show-file]");
    page.wait(&format!("{WHAT}.includes('other.jsonl') && {CHANGED} === ''"), "the other file");
}

/// Each of the files in ../shared/cases that is a data file, dropped in a browser: what its line says, the question on
/// the page, and the annotators' answers of the first record.
#[test]
fn files_that_people_have_are_taken() {
    let name = "files: files_that_people_have_are_taken";
    let Some(folder) = crate::common::shared(name).map(|shared| shared.join("cases/files")) else { return };
    let Some(page) = opened() else { return };
    let sang = "Who sang?";
    let none: &[&str] = &[];
    for (names, says, question, answers) in [
        (&["plain.txt"][..], "plain text, 1 paragraph", "", none),
        (&["two-paragraphs.txt"], "plain text, 2 paragraphs", "", none),
        (&["squad.json"], "SQuAD file, 1 question, 1 annotator", sang, &["“Ada”"]),
        (&["hfqa.jsonl"], "Hugging Face question answering, 1 question", sang, &["“Ada”"]),
        (&["hf-qa.json"], "Hugging Face question answering, 1 question", sang, &["“Ada”"]),
        (&["hf-qa-noanswer.jsonl"], "1 question, 1 annotator", "Who danced?", &["no answer"]),
        (&["doccano.jsonl"], "doccano export, 1 text, 1 annotator", "", &["“Ada”"]),
        (&["doccano2.jsonl"], "doccano export, 1 text, 1 annotator", "", &["“Ada”"]),
        (&["prodigy.jsonl"], "Prodigy export, 1 text, 1 annotator", "", &["“Ada”"]),
        (&["doccano-emoji.jsonl"], "doccano export, 1 text", "", &["“Zürich”"]),
        (&["doccano-utf16.jsonl"], "would be “Zürich” as UTF-16", "", &["“ürich.”"]),
        (&["labelstudio.json"], "Label Studio export, 1 task, 1 annotator", sang, &["“Ada”"]),
        (&["labelstudio-two-annotators.json"], "1 task, 2 annotators", "Who ate?", &["“José”, “Ada”", "“Ada”"]),
        (&["labelstudio-two-annotators.json"], "1 annotation was cancelled or rejected", "Who ate?", none),
        (&["conll.txt"], "CoNLL", "", &["“Ada”"]),
        (&["iob2-types.tsv"], "CoNLL", sang, &["“Ada Lovelace”"]),
        (&["iob1.conll"], "its labels are IOB1", "", &["“Ada Lovelace”"]),
        (&["multispanqa.json"], "MultiSpanQA file, 1 question", "who sang", &["“Ada Lovelace”, “Bo”, “Chu”"]),
        (&["brat.ann", "brat.txt"], "brat annotations, 1 document", "", &["“Ada”"]),
        (&["brat-discontinuous.txt", "brat-discontinuous.ann"], "brat annotations", "", &["“José”, “Ada”"]),
        (&["excel.csv"], "table, 1 question", sang, &["“Ada”"]),
        (&["comma.csv"], "table, 2 questions", "Who \"sang\"?", &["“Ada”"]),
        (&["formula.csv"], "table, 1 question", "=HYPERLINK(\"x\")", &["“-1”"]),
    ] {
        let files: Vec<Value> =
            names.iter().map(|name| json!([name, std::fs::read(folder.join(name)).unwrap()])).collect();
        // Dropped on an empty page, so that nothing of the file before is taken for this one's.
        page.run(
            "document.querySelector('[data-testid=paragraph]').value = '';
             const data = new DataTransfer();
             for (const [name, bytes] of a) data.items.add(new File([Uint8Array.from(bytes)], name));
             window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
            json!(files),
        );
        page.wait(
            &format!("[...document.querySelectorAll('[data-testid=opened-file]')].some((line) => {}.includes(line.querySelector('b').textContent) && line.textContent.includes({}))", json!(names), json!(says)),
            says,
        );
        assert_eq!(lines(&page).len(), 1, "{names:?}: one line");
        if page.js("document.querySelectorAll('[data-testid=question-entry]').length > 1") == true {
            page.click("[data-testid=question-entry][data-index='0']");
        }
        page.holds("question", question);
        if !answers.is_empty() {
            page.wait(
                &format!("JSON.stringify([...document.querySelectorAll('[data-testid=annotator] .quotes')].map((q) => q.textContent)) === JSON.stringify({})", json!(answers)),
                &format!("{names:?}: {answers:?}"),
            );
        }
    }
}
