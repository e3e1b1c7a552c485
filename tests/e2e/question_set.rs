//! A set of questions from a teacher's list to a link, a student's labels, the file, and the class.

use bioscope::metrics;
use bioscope::train::Random;
use serde_json::{Value, json};

use crate::access::accessible;
use crate::browser::{Page, chromium, opened};
use crate::exercise::labels;
use crate::merge::drop_files;
use crate::page::select;
use crate::share::mark;

const MILL: (&str, &str) = ("Who owned the mill?", "For forty years Ada Berg owned the old mill by the river.");
const SHIP: (&str, &str) = ("Who painted the ship?", "In spring Tomas painted the ship, and Ines cleaned the sails.");
const SLEEP: (&str, &str) = ("Who slept?", "Nobody slept in the harbour that night.");

fn rows(page: &Page) -> Vec<String> {
    let rows = page.js("[...document.querySelectorAll('[data-testid=set-row] b')].map((b) => b.textContent)");
    serde_json::from_value(rows).unwrap()
}

/// Waits for a question's tick.
fn labelled(page: &Page, index: usize) {
    let entry = format!("document.querySelector('[data-testid=work-entry][data-index=\"{index}\"]')");
    page.wait(&format!("{entry}?.dataset.labelled === 'true'"), "its tick");
}

/// A set of the three texts, made on the page; the page is at the class's place afterwards.
fn compose(page: &Page) {
    page.analyse(MILL.0, MILL.1);
    page.click("[data-testid=share]");
    page.click(".sharepanel [data-testid=set-add]");
    page.wait("document.querySelector('.sharepanel [data-testid=set-added]').textContent.includes('1')", "the first");
    page.click(".sharepanel [data-testid=set-add]");
    page.wait(
        "document.querySelector('.sharepanel [data-testid=set-added]').textContent.includes('already')",
        "word that it is there",
    );
    page.click("[data-testid=share]");
    page.place("questions");
    let file = [SHIP, SLEEP]
        .map(|(question, text)| json!({"id": question, "context": text, "question": question}).to_string());
    drop_files(page, &json!([["questions.jsonl", file.join("\n")]]));
    page.count("question-entry", 2);
    for k in [0, 1] {
        page.run("document.querySelectorAll('[data-testid=entry-to-set]')[a].click();", json!(k));
    }
    page.place("class");
    page.count("set-row", 3);
    assert_eq!(rows(page), [MILL.0, SHIP.0, SLEEP.0]);
}

#[test]
fn a_teacher_collects_orders_and_keeps_a_set() {
    let Some(page) = opened() else { return };
    compose(&page);
    // By key: the focus goes with the question.
    page.run(
        "document.querySelector('[data-testid=set-row][data-index=\"2\"] [data-testid=set-up]').focus();",
        Value::Null,
    );
    for expected in [[MILL.0, SLEEP.0, SHIP.0], [SLEEP.0, MILL.0, SHIP.0]] {
        page.run("document.activeElement.click();", Value::Null);
        page.wait(&format!("document.querySelector('[data-testid=set-row] b').textContent !== '' && {} === JSON.stringify([...document.querySelectorAll('[data-testid=set-row] b')].map((b) => b.textContent))", json!(json!(expected).to_string())), "the order");
    }
    assert_eq!(
        page.js("document.activeElement.closest('[data-testid=set-row]').dataset.index"),
        "0",
        "the moved question has the focus"
    );
    page.click("[data-testid=set-row][data-index='0'] [data-testid=set-remove]");
    page.count("set-row", 2);
    page.click("[data-testid=set-undo]");
    page.count("set-row", 3);
    // Another text in the place of one.
    page.click("[data-testid=set-row][data-index='1'] .entry");
    page.settled(MILL.1);
    page.place("read");
    let longer = format!("{} She sold it in May.", MILL.1);
    page.analyse(MILL.0, &longer);
    page.place("class");
    page.click("[data-testid=set-row][data-index='1'] [data-testid=set-replace]");
    page.wait(
        "document.querySelector('[data-testid=set-row][data-index=\"1\"]').textContent.includes('in May')",
        "the new text",
    );
    page.fill("set-title", "Harbour");
    page.click("[data-testid=set-guided]");
    page.count("set-row", 4);
    page.shot("set");
    page.wait(
        "localStorage['bioscope.set']?.includes('in May') && localStorage['bioscope.set'].includes('Harbour')",
        "it to be kept",
    );
    page.reload_ready();
    page.count("set-row", 4);
    assert_eq!(page.value("set-title"), "Harbour");
    let (name, text) = page.saved("set-save");
    assert_eq!(name, "bioscope-set-Harbour.json");
    page.click("[data-testid=set-clear]");
    page.count("set-row", 0);
    // A teacher opens it again to go on, or anybody by dropping it, to label.
    page.run("const field = document.querySelector('[data-testid=set-open]'), data = new DataTransfer();
        data.items.add(new File([a], 'set.json')); field.files = data.files; field.dispatchEvent(new Event('change', { bubbles: true }));", json!(text));
    page.count("set-row", 4);
    assert_eq!(page.js("Boolean(document.querySelector('[data-testid=work]'))"), false);
    // Too long for a link: the file is offered.
    page.place("read");
    let mut random = Random::new(1);
    let letters: String = (0..4000).map(|_| format!("{:x} ", random.bits() >> 40)).collect();
    page.fill("question", "Why?");
    page.fill("paragraph", &letters);
    page.place("class");
    page.click(".setcard [data-testid=set-add]");
    page.wait("!document.querySelector('[data-testid=set-link]') && /file/.test(document.querySelector('[data-testid=set-size]').textContent)", "word that it is too long");
    assert!(page.js("Boolean(document.querySelector('[data-testid=set-save]:not(:disabled)'))") == true);
}

#[test]
fn a_link_is_labelled_saved_and_read_by_the_class() {
    let Some(page) = opened() else { return };
    select(&page, "model", "tiny-128");
    page.holds("model", "tiny-128");
    page.ready();
    compose(&page);
    page.fill("set-title", "Harbour");
    page.wait("document.querySelector('[data-testid=set-link]')?.value.includes('#doc=')", "a link");
    let link = page.value("set-link");
    let fragment = &link[link.find('#').unwrap()..];

    // A student, who begins with nothing of the teacher's.
    page.wait("localStorage['bioscope.set']?.includes('Harbour')", "it to be kept");
    page.js("(localStorage.clear(), 1)");
    page.goto(&format!("?student=1{fragment}"));
    page.wait(
        "document.querySelector('[data-testid=work-place]')?.textContent.includes('1 of 3')",
        "the first of three",
    );
    page.settled(MILL.1);
    page.wait("document.querySelector('[data-testid=hidden-note]')", "word that answers are hidden");
    assert_eq!(page.js("location.href.includes('#doc=')"), false);
    page.count("work-entry", 3);
    assert_eq!(
        page.js("document.querySelectorAll('[data-testid=set-row]').length"),
        0,
        "the set is not the student's to change"
    );
    mark(&page, 3);
    labelled(&page, 0);
    page.wait("!document.querySelector('[data-testid=hidden-note]')", "the answers");
    let first = page.labels();
    page.click("[data-testid=work-next]");
    page.settled(SHIP.1);
    page.wait("document.querySelector('[data-testid=hidden-note]')", "hidden again");
    mark(&page, 2);
    labelled(&page, 1);
    let second = page.labels();
    page.shot("work");
    accessible(&page, "a set that is worked on");
    // To and fro, by list and button, and a reload: nothing is lost.
    page.click("[data-testid=work-entry][data-index='2']");
    page.settled(SLEEP.1);
    page.click("[data-testid=work-entry][data-index='0']");
    page.settled(MILL.1);
    page.gold_shown();
    assert_eq!(page.labels(), first);
    page.click("[data-testid=work-next]");
    page.settled(SHIP.1);
    page.gold_shown();
    page.wait("localStorage['bioscope.works']?.includes('\"at\":1')", "it to be kept");
    page.reload();
    page.settled(SHIP.1);
    page.gold_shown();
    assert_eq!(page.labels(), second);
    assert!(
        page.js("document.querySelector('[data-testid=work-place]').textContent").as_str().unwrap().contains("2 of 3")
    );
    // A step back that leads to another question leads there in the list as well.
    page.click("[data-testid=work-previous]");
    page.settled(MILL.1);
    page.press(&["z"], true);
    page.wait(
        "document.querySelector('[data-testid=work-place]').textContent.includes('2 of 3')",
        "the question before the step",
    );
    page.settled(SHIP.1);
    assert_eq!(page.labels(), second);
    // The same link again finds what was done.
    page.goto(&format!("?student=2{fragment}"));
    page.wait("document.querySelector('[data-testid=work-done]')?.textContent.includes('2 of 3')", "both labels");
    page.settled(SHIP.1);
    // A name first.
    page.click("[data-testid=work-save]");
    page.wait(
        "document.querySelector('[data-testid=work-note]').textContent.includes('name')",
        "a request for the name",
    );
    page.fill("work-student", "Ana/Papadaki");
    let (name, text) = page.saved("work-save");
    assert_eq!(name, "bioscope-Ana-Papadaki.json");
    page.wait("document.querySelector('[data-testid=work-note]').textContent.includes('2 of 3')", "what was saved");
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&file["format"], &file["student"]), (&json!("bioscope-answers"), &json!("Ana/Papadaki")));

    // The class: thirty files from this one.
    page.js("(localStorage.clear(), 1)");
    page.goto("?class=1#class");
    page.ready();
    let student = |k: usize| {
        let mut file = file.clone();
        file["student"] = json!(format!("S{k}"));
        match k {
            // Labels nothing.
            7 => (0..3).for_each(|q| file["questions"][q]["annotators"] = json!([])),
            // Half a word.
            8 => file["questions"][0]["annotators"][0]["spans"] = json!([{"start": 17, "end": 19}]),
            // Another text.
            9 => file["questions"][0]["paragraph"] = json!("Another text altogether, about another mill and river."),
            10..20 => {
                file["questions"][0]["annotators"][0]["spans"] = json!([]);
                file["questions"][2]["annotators"] =
                    json!([{"name": "You", "weight": 1.0, "spans": [{"start": 0, "end": 6}]}]);
            }
            _ => {}
        }
        file.to_string()
    };
    let mut files: Vec<Value> = (0..29).map(|k| json!([format!("bioscope-S{k}.json"), student(k)])).collect();
    files.push(json!(["bioscope-S29.json", &text[..text.len() / 2]]));
    drop_files(&page, &json!(files));
    page.count("handed-in", 30);
    page.count("class-question", 3);
    page.wait("[...document.querySelectorAll('[data-testid=class-question] td:last-child')].slice(0, 2).every((c) => c.dataset.value)", "L of the questions");
    let said = |k: usize| {
        let name = json!(format!("bioscope-S{k}.json"));
        let line = page.js(&format!("(() => {{ const l = [...document.querySelectorAll('[data-testid=handed-in]')].find((l) => l.querySelector('b').textContent.endsWith({name})); return [l.dataset.questions, l.textContent]; }})()"));
        (line[0].as_str().unwrap().to_string(), line[1].as_str().unwrap().to_string())
    };
    assert_eq!(said(0).0, "2");
    assert!(said(7).0 == "0" && said(7).1.contains("nothing labelled"), "{:?}", said(7));
    assert!(said(9).0 == "1" && said(9).1.contains("another text"), "{:?}", said(9));
    assert!(said(29).0 == "0" && said(29).1.contains("damaged"), "{:?}", said(29));
    // The question on the page is the class's, with every student as an annotator.
    page.settled(MILL.1);
    page.count("annotator", 27);
    page.wait("document.querySelector('[data-testid=heat] .hot')", "the heat map");
    let figures = |page: &Page, at: usize| -> Vec<f64> {
        let cells = page.js(&format!("[...document.querySelectorAll('[data-testid=class-question][data-index=\"{at}\"] td')].map((c) => Number(c.dataset.value ?? c.textContent))"));
        serde_json::from_value(cells).unwrap()
    };
    for (at, paragraph, students) in [(0, MILL.1, 27), (2, SLEEP.1, 10), (1, SHIP.1, 28)] {
        page.click(&format!("[data-testid=class-question][data-index='{at}'] button"));
        page.settled(paragraph);
        page.count("annotator", students);
        page.gold_shown();
        page.wait("document.querySelector('[data-testid=loss-total]')?.dataset.value", "L");
        let agreement = metrics::agreement(&labels(&page)).unwrap();
        let found = figures(&page, at);
        assert_eq!(found[0], students as f64);
        assert!((found[1] - agreement.observed).abs() < 1e-9, "{found:?} {agreement:?}");
        assert!((found[2] - agreement.fleiss.unwrap_or(0.0)).abs() < 1e-9, "{found:?} {agreement:?}");
        let total = page.loss();
        assert!((found[3] - total).abs() < 1e-6, "{found:?} {total}");
    }
    page.shot("class-set");
    accessible(&page, "the class, question by question");
    // What one takes home.
    let (name, table) = page.saved("class-csv");
    assert_eq!(name, "bioscope-class-Harbour.csv");
    assert!(page.has_byte_order_mark());
    assert!(table.lines().count() > 30, "{}", table.lines().count());
    assert!(table.contains("\r\n3,Who slept?,1,Nobody,0,6,"), "{table}");
    let model = format!(",{}", page.value("model"));
    assert!(table.lines().skip(1).all(|line| line.ends_with(&model)), "whose p these are: {table}");
    let (_, table) = page.saved("class-csv-semicolon");
    assert!(table.contains("\r\n3;Who slept?;1;Nobody;0;6;0,"), "{table}");
    // It is there on the next visit.
    page.wait("localStorage['bioscope.class']?.includes('S28')", "it to be kept");
    page.reload();
    page.count("handed-in", 30);
    page.count("class-question", 3);
    page.click("[data-testid=class-set-forget]");
    page.wait("!document.querySelector('[data-testid=class-set]')", "nothing of it");
}

#[test]
fn what_is_no_set_is_listed_with_the_others_and_forgetting_can_be_taken_back() {
    let Some(page) = opened() else { return };
    page.analyse(SLEEP.0, SLEEP.1);
    let labels = json!([{"name": "You", "spans": [{"start": 16, "end": 24}]}]);
    let question = json!({"question": MILL.0, "paragraph": MILL.1, "annotators": labels});
    let student = json!({"format": "bioscope-answers", "version": 1, "student": "Ana", "questions": [question]});
    let note = "Dear teacher, here are the labels that you asked for.";
    let files = json!([["Ana.json", student.to_string()], ["empty.json", ""], ["bare.json", "{}"], ["note.txt", note]]);
    drop_files(&page, &files);
    page.count("handed-in", 4);
    page.wait("document.body.dataset.place === 'class'", "the class");
    page.count("class-question", 1);
    page.settled(MILL.1);
    page.click("[data-testid=class-set-forget]");
    page.count("handed-in", 0);
    page.settled(SLEEP.1);
    page.click("[data-testid=class-set-undo]");
    page.count("handed-in", 4);
    page.settled(MILL.1);
    page.wait("!document.querySelector('[data-testid=class-set-undo]')", "nothing more to take back");
}

#[test]
fn two_tabs_with_one_set_lose_no_label() {
    let Some(page) = opened() else { return };
    let questions: Vec<Value> = [MILL, SHIP].iter().map(|(q, p)| json!({"question": q, "paragraph": p})).collect();
    let set = json!({"format": "bioscope-set", "version": 1, "questions": questions});
    drop_files(&page, &json!([["set.json", set.to_string()]]));
    page.settled(MILL.1);
    page.wait("localStorage['bioscope.works']?.includes('Ada Berg')", "it to be kept");
    let first = page.tab();
    let second = page.new_tab();
    page.open_ready();
    page.click("[data-testid=work-next]");
    page.settled(SHIP.1);
    mark(&page, 2);
    labelled(&page, 1);
    page.look_at(&first);
    mark(&page, 3);
    for tab in [&first, &second] {
        page.look_at(tab);
        labelled(&page, 0);
        labelled(&page, 1);
    }
}

#[test]
fn the_class_is_printed_alone_and_on_one_page() {
    let Some(page) = chromium() else { return };
    page.goto("#class");
    page.ready();
    let student = |k: usize| {
        let spans = if k < 20 { json!([{"start": 16, "end": 24}]) } else { json!([{"start": 16, "end": 19}]) };
        let questions: Vec<Value> = [(MILL, spans), (SHIP, json!([])), (SLEEP, json!([{"start": 0, "end": 1 + k % 6}]))]
            .into_iter()
            .map(|((question, paragraph), spans)| json!({"question": question, "paragraph": paragraph, "annotators": [{"name": "You", "spans": spans}]}))
            .collect();
        json!({"format": "bioscope-answers", "version": 1, "title": "Harbour", "student": format!("S{k}"), "questions": questions}).to_string()
    };
    let files: Vec<Value> = (0..30).map(|k| json!([format!("{k}.json"), student(k)])).collect();
    drop_files(&page, &json!(files));
    page.count("handed-in", 30);
    page.run("window.print = () => (window.__printed = true);", Value::Null);
    page.wait("document.querySelector('[data-testid=class-print]:not(:disabled)')", "all questions to be read");
    page.click("[data-testid=class-print]");
    page.wait("window.__printed === true", "the browser to be asked");
    page.devtools("Emulation.setEmulatedMedia", json!({"media": "print"}));
    let printed = |selector: &str| {
        page.js(&format!(
            "[...document.querySelectorAll({})].filter((e) => e.checkVisibility()).length",
            json!(selector)
        ))
    };
    assert_eq!(printed(".classpage .heatmap"), 3, "every question's heat map");
    assert_eq!(printed(".classpage .facts"), 3, "and its figures");
    for alone in [
        "[data-testid=handed-in]",
        "[data-testid=heat]",
        "[data-testid=set]",
        "[data-testid=book]",
        "[data-testid=question]",
        "button",
    ] {
        assert_eq!(printed(alone), 0, "{alone}");
    }
    page.shot("class-print");
    page.devtools("Emulation.setEmulatedMedia", json!({"media": ""}));
    let (_, sheets) = page.pdf(json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true}));
    assert_eq!(sheets, 1, "one page");
}

#[test]
fn a_dropped_set_is_labelled_on_a_phone_in_greek() {
    let Some(page) = chromium() else { return };
    page.screen(390, 844, 2, true);
    page.open_ready();
    page.speak("el");
    let questions: Vec<Value> = [MILL, SHIP].iter().map(|(q, p)| json!({"question": q, "paragraph": p})).collect();
    let guided = json!({"guided": true});
    let questions: Vec<Value> = std::iter::once(guided).chain(questions).collect();
    let set = json!({"format": "bioscope-set", "version": 1, "hidden": true, "questions": questions});
    drop_files(&page, &json!([["set.json", set.to_string()]]));
    page.wait("document.querySelector('[data-testid=work-place]')?.textContent.includes('Ερώτηση 1 από 3')", "the bar");
    page.wait("document.querySelector('[data-testid=guide-question]')", "the guided exercise");
    page.shot("work-phone-guided");
    page.click("[data-testid=work-next]");
    page.settled(MILL.1);
    page.wait(
        "document.body.dataset.lesson === 'hidden' && document.body.dataset.place === 'read'",
        "the question alone",
    );
    page.shot("work-phone");
    mark(&page, 3);
    labelled(&page, 1);
    let width = page.js("document.documentElement.scrollWidth").as_u64().unwrap();
    assert!(width <= 390, "{width}");
    page.click("[data-testid=work-close]");
    page.wait("!document.querySelector('[data-testid=work]')", "no bar");
    page.place("class");
    page.click("[data-testid=set-go-on]");
    page.wait("document.querySelector('[data-testid=work-done]')?.textContent.includes('1 από 2')", "what was done");
}
