//! Links: the document in the address, what a teacher's link hides, and links that are none.

use serde_json::{Value, json};

use crate::browser::{Page, browser, chromium, opened};
use crate::merge::drop_files;
use crate::offline::storage_known;

const QUESTION: &str = "Who sang in Oslo?";
const PARAGRAPH: &str = "On Friday Zoë 🎻 Berg sang in Oslo, and Bo listened.";

/// Opens a link to a text whose answers are hidden; its fragment.
pub fn open_hidden(page: &Page, question: &str, paragraph: &str) -> String {
    page.open_ready();
    page.analyse(question, paragraph);
    let fragment = link(page, &["link-hidden"]);
    page.goto(&format!("?lesson=1{fragment}"));
    page.wait("document.querySelector('[data-testid=hidden-note]')", "word of it");
    page.settled(paragraph);
    fragment
}

/// The fragment of the link that the panel shows; the panel is closed again.
pub fn link(page: &Page, options: &[&str]) -> String {
    page.click("[data-testid=share]");
    for option in options {
        page.click(&format!("[data-testid={option}]"));
    }
    page.wait("document.querySelector('[data-testid=link]')?.value.includes('#doc=')", "a link");
    page.wait("document.querySelector('[data-testid=share-note]').textContent || true", "a word");
    let address = page.value("link");
    page.click("[data-testid=share]");
    assert!(address.starts_with(page.server.url().trim_end_matches('/')), "{address}");
    address[address.find('#').unwrap()..].into()
}

/// Marks a token by keyboard.
pub fn mark(page: &Page, token: usize) {
    page.click(&format!("[data-testid=token][data-index='{token}']"));
    page.press(&["b"], false);
}

#[test]
fn a_link_holds_the_document() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    mark(&page, 2);
    page.wait("document.querySelectorAll('[data-testid=annotator]').length === 1 || document.querySelectorAll('[data-testid=gold-token][data-label=B]').length > 0", "a label");
    page.click_by_script("[data-testid=two-of-three]");
    page.count("annotator", 3);
    let labels = page.labels();
    page.click("[data-testid=share]");
    page.wait("document.querySelector('[data-testid=share-note]')?.textContent.trim()", "word of the copy");
    let said = page.js("document.querySelector('[data-testid=share-note]').textContent");
    println!("the panel says: {said}");
    page.shot("share");
    page.click("[data-testid=share]");
    let fragment = link(&page, &[]);
    assert!(fragment.len() < 600, "{} bytes", fragment.len());

    // Another text meanwhile; the link takes its place, and it is one step away.
    let other = "The mill stands at the river.";
    page.analyse("What stands at the river?", other);
    // The service worker fetches what it keeps in the meantime.
    storage_known(&page);
    let requests = page.server.requests().len();
    page.js(&format!("(location.hash = {}, 1)", json!(fragment)));
    page.settled(PARAGRAPH);
    assert_eq!(page.value("question"), QUESTION);
    page.gold_shown();
    assert_eq!(page.labels(), labels);
    assert_eq!(page.js("location.href.includes('#')"), false, "a reload shall not bring it back over later work");
    // A file of the site may still come late; of the link no server hears.
    let heard = page.server.requests().split_off(requests);
    let secret = &fragment[fragment.len() / 2..][..20];
    assert!(heard.len() <= 1 && !heard.iter().any(|path| path.contains("doc") || path.contains(secret)), "{heard:?}");
    page.shot("opened");
    page.click("[data-testid=undo-link]");
    page.settled(other);
    assert_eq!(page.value("paragraph"), other);

    // The same with a page that is loaded for it, and after a reload.
    page.goto(&format!("?fresh=1{fragment}"));
    page.settled(PARAGRAPH);
    page.gold_shown();
    assert_eq!(page.labels(), labels);
    page.wait("localStorage['bioscope.document'].includes('Oslo')", "the document to be kept");
    page.reload();
    page.settled(PARAGRAPH);
    page.click_by_script(".goldcard .tools button");
    page.holds("paragraph", other);
}

#[test]
fn a_link_that_is_none_says_so_and_changes_nothing() {
    let Some(page) = opened() else { return };
    let before = page.value("paragraph");
    page.place("labels");
    for (fragment, word) in [("#doc=AXjunk", "damaged"), ("#doc=", "damaged"), ("#doc=Ag", "newer")] {
        page.js(&format!("(location.hash = {}, 1)", json!(fragment)));
        page.wait(&format!("document.querySelector('[data-testid=error]')?.textContent.includes('{word}')"), word);
        assert_eq!(page.value("paragraph"), before);
        assert_eq!(page.js("[document.body.dataset.place, location.hash]"), json!(["labels", "#labels"]));
        page.click(".error .icon");
    }
    page.js("(location.hash = '#elsewhere', 1)");
    page.js("document.body.offsetHeight");
    assert_eq!(
        page.js("Boolean(document.querySelector('[data-testid=error]'))"),
        false,
        "not every fragment is a link of ours"
    );
}

#[test]
fn a_damaged_link_is_told_of_still_when_the_model_has_read_the_example() {
    let Some(page) = browser() else { return };
    page.goto("#doc=AXjunk");
    page.ready();
    page.h_shown();
    let said = page.js("document.querySelector('[data-testid=error]')?.textContent ?? ''");
    assert!(said.as_str().unwrap().contains("damaged"), "{said}");
}

#[test]
fn answers_stay_hidden_until_one_labels_or_asks() {
    let Some(page) = browser() else { return };
    let fragment = open_hidden(&page, QUESTION, PARAGRAPH);
    let hidden = "['.answers', '.losscard', '.inspector', '.exercise'].every((s) => !document.querySelector(s)?.checkVisibility())";
    page.wait(hidden, "nothing of the model's");
    let told = page.js("[...document.querySelectorAll('[data-testid=token]')].some((t) => t.title || t.dataset.label !== 'O' || t.dataset.pb)");
    assert_eq!(told, false);
    assert_eq!(
        page.js("document.querySelector('[data-testid=token][data-focus]')?.dataset.index"),
        "0",
        "nor the outline"
    );
    page.shot("hidden");
    // A label shows the rest; so does the button.
    mark(&page, 2);
    page.wait(
        "!document.querySelector('[data-testid=hidden-note]') && document.querySelector('.answers').checkVisibility()",
        "the answers",
    );
    page.wait(
        "[...document.querySelectorAll('[data-testid=token]')].some((t) => t.dataset.label === 'B')",
        "highlights",
    );
    page.goto(&format!("?lesson=2{fragment}"));
    page.settled(PARAGRAPH);
    page.click("[data-testid=show-answers]");
    page.wait("document.querySelector('.answers').checkVisibility()", "the answers");
}

#[test]
fn a_phone_shows_it_all_without_scrolling_sideways() {
    let Some(page) = chromium() else { return };
    page.screen(320, 780, 2, true);
    page.open_ready();
    let question = r#"{"id":"a","context":"On Friday Ada sang.","question":"Who sang on the Friday before the longest Saturday of the year?","annotators":[[[10,13]],[]]}"#;
    drop_files(
        &page,
        &json!([
            ["questions-with-a-rather-long-name.jsonl", question],
            ["b.json", "{\"format\":\"bioscope-analysis\""]
        ]),
    );
    page.wait("document.querySelector('[data-testid=question-entry]')", "a question");
    page.wait("document.body.dataset.place === 'class'", "what became of the other file");
    page.place("questions");
    page.click("[data-testid=question-entry]");
    page.settled("On Friday Ada sang.");
    page.click_by_script("[data-testid=score]");
    page.wait("document.querySelector('[data-testid=scores] tbody tr')", "a score");
    page.click_by_script("[data-testid=share]");
    page.wait("document.querySelector('[data-testid=link]')", "the panel");
    page.run("scrollTo(0, 0);", Value::Null);
    page.shot("phone-share");
    for place in ["read", "labels", "exercise", "learning", "class", "questions"] {
        page.place(place);
        page.shot(&format!("phone-{place}"));
        let width = page.js("document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(width <= 320, "{place}: {width}");
    }
}

#[test]
fn a_link_opens_the_guided_exercise_alone() {
    let Some(page) = opened() else { return };
    let fragment = link(&page, &["link-guided"]);
    assert!(fragment.len() < 80, "{fragment}");
    page.goto(&format!("?guided=1{fragment}"));
    page.wait(
        "document.querySelector('[data-testid=guide-question]')?.textContent.includes('128')",
        "the first question",
    );
    for hidden in [".ask", ".takeaway", "[data-testid=share]", "[data-testid=class]", ".guide .leave"] {
        page.wait(&format!("!document.querySelector('{hidden}').checkVisibility()"), hidden);
    }
    page.shot("guided");
    page.click("[data-testid=whole-page]");
    page.wait("document.querySelector('.ask').checkVisibility()", "the whole page");
}
