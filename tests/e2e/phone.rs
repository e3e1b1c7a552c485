//! A phone's size and a finger, in every browser.

use serde_json::{Value, json};

use crate::browser::{Page, browser};
use crate::limits::WIDE;
use crate::merge::drop_files;
use crate::offline::{PARAGRAPH, QUESTION};

fn token(index: usize) -> String {
    format!("[data-testid=token][data-index='{index}']")
}

fn nothing_scrolls_sideways(page: &Page, place: &str) {
    let wide = page.js(WIDE);
    assert_eq!(wide[0], 0, "{place}: {wide}");
}

fn place(page: &Page, name: &str) {
    page.tap(&format!("[data-testid=place][data-name={name}]"));
    page.wait(&format!("document.body.dataset.place === '{name}'"), name);
    nothing_scrolls_sideways(page, name);
}

/// The page on a phone, with an analysis that a finger has asked for.
fn analysed() -> Option<Page> {
    let page = browser()?;
    page.open_on_a_phone();
    page.ready();
    page.fill("question", QUESTION);
    page.fill("paragraph", PARAGRAPH);
    page.tap("[data-testid=analyse]");
    page.settled(PARAGRAPH);
    Some(page)
}

#[test]
fn a_finger_reads_and_labels() {
    let Some(page) = analysed() else { return };

    // A tap on a token shows p of it.
    let shown = page.tokens();
    let ines = shown.iter().position(|token| token.label == "B").expect("an answer");
    page.tap(&token(ines));
    let heading = format!("document.querySelector('.inspector h2').textContent.includes('{}')", ines + 1);
    page.wait(&heading, "the token that was tapped");
    page.wait("document.querySelector('.inspector .prow').checkVisibility()", "its card");
    let rows = page.js("[...document.querySelectorAll('.inspector .prow .num')].map((p) => p.textContent)");
    let rows: Vec<String> = serde_json::from_value(rows).unwrap();
    assert_eq!(rows.len(), 3);
    for (row, p) in rows.iter().zip(shown[ines].p) {
        let number: f64 = row.parse().unwrap_or_else(|_| panic!("{row} is no number"));
        assert!((number - p).abs() < 1e-3, "{row} for {p}");
    }
    nothing_scrolls_sideways(&page, "read");
    page.shot("phone-token");

    // The links to the places.
    place(&page, "exercise");
    page.wait("document.querySelector('#tab-panel').checkVisibility()", "the exercise");
    place(&page, "labels");
    page.wait("document.querySelector('.goldcard').checkVisibility()", "the labels");

    // A label by the buttons under the paragraph, and by taps alone, which take it off again: "lamp" and "repaired".
    let (lamp, repaired) = (4, 6);
    page.tap(&token(lamp));
    page.tap(".setters .set.B");
    let labelled = |labels: &[(usize, char)]| {
        let row: String =
            (0..shown.len()).map(|i| labels.iter().find(|(at, _)| *at == i).map_or('O', |(_, label)| *label)).collect();
        let cells = "[...document.querySelector('[data-testid=annotator]')?.querySelectorAll('[data-testid=gold-token]') ?? []]";
        page.wait(&format!("{cells}.map((c) => c.dataset.label).join('') === '{row}'"), &row);
    };
    labelled(&[(lamp, 'B')]);
    page.wait("document.querySelector('[data-testid=loss-total]')", "L");
    page.tap(".setters [aria-pressed]");
    page.wait("document.querySelector('.setters [aria-pressed]').ariaPressed === 'true'", "marking by tapping");
    page.tap(&token(repaired));
    labelled(&[(lamp, 'B'), (repaired, 'B')]);
    page.tap(&token(lamp));
    labelled(&[(repaired, 'B')]);
    page.shot("phone-labels");

    // Without marking a tap labels nothing.
    place(&page, "read");
    page.tap(&token(1));
    page.wait("document.querySelector('.inspector h2').textContent.includes('2')", "the token that was tapped");
    labelled(&[(repaired, 'B')]);
    page.no_error();
    assert_eq!(page.js("[innerWidth, scrollX]"), json!([390, 0]));
}

#[test]
fn a_finger_marks_an_answer_of_two_words_where_answers_are_hidden() {
    let Some(page) = analysed() else { return };
    page.click_by_script("[data-testid=share]");
    page.wait("document.querySelector('[data-testid=link-hidden]')", "the panel");
    page.click_by_script("[data-testid=link-hidden]");
    let link = "document.querySelector('[data-testid=link]').value.split('#')[1]";
    page.wait(&format!("{link}?.startsWith('doc=')"), "a link");
    let link = page.js(link);
    let open = || {
        page.js(&format!("(location.hash = {link}, 1)"));
        page.wait("document.querySelector('[data-testid=hidden-note]')", "answers are hidden");
        page.settled(PARAGRAPH);
    };
    open();

    page.tap(".setters [aria-pressed]");
    page.wait("document.querySelector('.setters [aria-pressed]').ariaPressed === 'true'", "marking by tapping");
    page.tap(&token(3));
    page.tap(&token(4));
    page.wait(
        "document.querySelector('[data-testid=gold-token][data-index=\"4\"]')?.dataset.label === 'I'",
        "one answer",
    );
    // The model's answers come when one has finished, not with the first word.
    assert_eq!(page.js("Boolean(document.querySelector('[data-testid=hidden-note]'))"), true);
    page.tap(".setters [aria-pressed]");
    page.wait("!document.querySelector('[data-testid=hidden-note]')", "the model's answers");
    assert_eq!(page.labels()[0].replace('O', ""), "BI");

    // The same when the page is opened again meanwhile.
    open();
    page.tap(".setters [aria-pressed]");
    page.tap(&token(3));
    page.wait("document.querySelector('[data-testid=gold-token][data-index=\"3\"]')?.dataset.label === 'B'", "a label");
    page.wait("localStorage['bioscope.document']?.includes('\"start\"')", "it to be kept");
    page.reload_ready();
    page.wait("!document.querySelector('[data-testid=hidden-note]')", "the model's answers");

    // Who asks for them meanwhile goes on where the switch is.
    open();
    page.tap(".setters [aria-pressed]");
    page.tap(&token(3));
    page.tap("[data-testid=show-answers]");
    page.wait("document.body.dataset.place === 'labels'", "the labels");
    page.tap(&token(4));
    page.wait(
        "document.querySelector('[data-testid=gold-token][data-index=\"4\"]')?.dataset.label === 'I'",
        "one answer",
    );
    assert_eq!(page.labels()[0].replace('O', ""), "BI");
    assert_eq!(page.js("document.querySelector('.setters [aria-pressed]').ariaPressed"), "true");
}

#[test]
fn a_file_of_questions_is_read_and_presented() {
    let Some(page) = browser() else { return };
    page.open_on_a_phone();
    page.ready();
    page.speak("el");
    page.wait(
        "document.querySelector('[data-testid=book]') && document.querySelector('[data-testid=present]')",
        "the cards",
    );
    let question = |k: usize| {
        json!({"id": k.to_string(), "context": PARAGRAPH, "question": format!("{QUESTION} ({k})")}).to_string()
    };
    let questions: Vec<String> = (1..=8).map(question).collect();
    let mut files = vec![json!(["questions.jsonl", questions.join("\n")])];
    files.extend((1..=8).map(|k| json!([format!("{k}.txt"), format!("Text {k}.")])));
    files.push(json!(["broken.json", "{\"data\": ["]));
    drop_files(&page, &json!(files));

    // Phones show no scroll bar: the list of files has its whole height, and what went wrong comes first.
    let files = "[...document.querySelectorAll('[data-testid=opened-file]')]";
    page.wait(&format!("{files}.length === 10 && {files}.every((f) => f.dataset.state !== 'reading')"), "ten files");
    let hidden = "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('[data-testid=opened-files]'))";
    assert!(page.js(hidden).as_i64().unwrap() <= 1, "{} px are hidden", page.js(hidden));
    let top = |of: &str| format!("Math.min(...{files}.filter((f) => {of}).map((f) => f.getBoundingClientRect().top))");
    assert_eq!(page.js(&format!("{} === {}", top("f.dataset.state === 'refused'"), top("true"))), true);

    // A question that is chosen comes into sight.
    page.count("question-entry", 8);
    page.tap("[data-testid=question-entry][data-index='2']");
    page.wait(
        "(({ top, bottom }) => bottom > 0 && top < innerHeight / 2)(document.querySelector('.ask').getBoundingClientRect())",
        "the question in sight",
    );
    page.settled(PARAGRAPH);
    nothing_scrolls_sideways(&page, "questions");

    // Presented with a set, every button is on the screen.
    page.run(
        "for (const k of [0, 2]) document.querySelectorAll('[data-testid=entry-to-set]')[k].click();
         document.querySelector('[data-testid=present]').click();",
        Value::Null,
    );
    page.wait(
        "document.querySelector('[data-testid=present-question]')?.textContent === 'Ερώτηση 2 από 2'",
        "the set's question",
    );
    page.shot("phone-present");
    let outside = page.js("[...document.querySelectorAll('.presenter button')].filter((b) => {
           const { left, right, bottom, width } = b.getBoundingClientRect();
           return left < 0 || right > innerWidth || bottom > innerHeight || width < 24; }).map((b) => b.textContent)");
    assert_eq!(outside, json!([]));
    page.tap(".presenter button:last-child");
    page.wait("!document.body.dataset.present", "its end");
}
