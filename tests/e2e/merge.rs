//! A class's labels: thirty files, dropped; everything reported; one step back.

use bioscope::bio::{self, Label};
use bioscope::metrics;
use serde_json::{Value, json};

use crate::browser::{Page, browser};

const QUESTION: &str = "Who sang in Oslo?";
const PARAGRAPH: &str = "On Friday Ada Berg sang in Oslo, and Bo listened.";

/// Drops files on the page.
pub fn drop_files(page: &Page, files: &Value) {
    page.run(
        "const data = new DataTransfer();
         for (const [name, content] of a) data.items.add(new File([content], name));
         window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
        files.clone(),
    );
}

/// The document as the button saves it.
pub fn exported(page: &Page) -> Value {
    page.js("window.__saved = [], URL.createObjectURL = (blob) => (window.__saved.push(blob), 'blob:none'), HTMLAnchorElement.prototype.click = () => {}");
    page.run("document.querySelector('[data-testid=save-json]').click();", Value::Null);
    let text = page.run("return await window.__saved[0].text();", Value::Null);
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

#[test]
fn thirty_files_become_t() {
    let Some(page) = browser() else { return };
    page.open();
    page.ready();
    page.analyse(QUESTION, PARAGRAPH);
    page.wait(
        "!document.querySelector('[data-testid=annotator]') || document.querySelector('.goldcard .annotator .icon')",
        "the card",
    );
    while page.js("document.querySelectorAll('[data-testid=annotator]').length").as_u64() > Some(0) {
        page.run("document.querySelector('[data-testid=annotator] .icon').click();", Value::Null);
    }
    let document = exported(&page);
    let student = |name: &str, spans: Value| {
        let mut file = document.clone();
        file["annotators"] = json!([{"name": name, "weight": 1.0, "spans": spans}]);
        file.to_string()
    };
    // 18 say "Ada Berg", 6 "Ada", 6 that there is no answer.
    let mut files: Vec<Value> = (0..30)
        .map(|k| {
            let spans = match k % 5 {
                0..3 => json!([{"start": 10, "end": 18}]),
                3 => json!([{"start": 10, "end": 13}]),
                _ => json!([]),
            };
            json!([format!("bioscope ({k}).json"), student(&format!("S{k}"), spans)])
        })
        .collect();
    files.push(json!(["again.json", files[0][1]]));
    files.push(json!(["other.json", student("X", json!([])).replace("Oslo", "Rome")]));
    files.push(json!(["broken.json", "{\"format\":\"bioscope-analysis\",\"version\":1"]));
    drop_files(&page, &json!(files));
    page.wait("document.querySelectorAll('[data-testid=came-in]').length === 33", "a line for every file");
    page.wait("document.querySelectorAll('[data-testid=annotator]').length === 30", "30 annotators");
    let lines =
        page.js("[...document.querySelectorAll('[data-testid=came-in]')].map((l) => [l.dataset.added, l.textContent])");
    let added = lines.as_array().unwrap().iter().filter(|l| l[0] == "true").count();
    let said = |k: usize| lines[k][1].as_str().unwrap().to_string();
    assert_eq!(added, 30);
    assert!(said(30).contains("the same as bioscope (0).json"), "{}", said(30));
    assert!(said(31).contains("another paragraph"), "{}", said(31));
    assert!(said(32).contains("broken.json") && said(32).contains("EOF"), "{}", said(32));

    // t, H and the agreement, computed again.
    page.wait("document.querySelectorAll('[data-testid=gold-token]').length > 0", "gold labels");
    let letter = |c: char| Label::ALL.into_iter().find(|l| l.letter() == c.to_string()).unwrap();
    let labels: Vec<Vec<Label>> = page.labels().iter().map(|row| row.chars().map(letter).collect()).collect();
    let t = bio::mean_labels(&labels, None).unwrap();
    assert_eq!(t[2], [0.8, 0.0, 0.2]);
    page.wait("document.querySelector('[data-testid=heat] .hot')", "the heat map");
    let hot = page.js("[...document.querySelectorAll('[data-testid=heat] .hot')].map((h) => [Number(h.dataset.index), Number(h.dataset.entropy)])");
    let hot: Vec<(usize, f64)> = serde_json::from_value(hot).unwrap();
    let expected: Vec<(usize, f64)> = t.iter().map(bio::entropy).enumerate().filter(|(_, h)| *h > 0.0).collect();
    assert_eq!(hot.len(), expected.len());
    assert!(
        hot.iter().zip(&expected).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-9),
        "{hot:?} against {expected:?}"
    );
    let figures = page
        .js("[...document.querySelectorAll('[data-testid=heat] [data-value]')].map((v) => Number(v.dataset.value))");
    let figures: Vec<f64> = serde_json::from_value(figures).unwrap();
    let agreement = metrics::agreement(&labels).unwrap();
    assert!((figures[0] - agreement.observed).abs() < 1e-9 && (figures[1] - agreement.fleiss.unwrap()).abs() < 1e-9);
    let total = page.js("Number(document.querySelector('[data-testid=loss-total]').dataset.value)").as_f64().unwrap();
    assert!((figures[3] - total).abs() < 1e-9);
    page.run("document.querySelector('[data-testid=class]').scrollIntoView();", Value::Null);
    page.shot("class");
    page.devtools("Emulation.setEmulatedMedia", json!({"media": "print"}));
    let prints = |selector: &str| page.js(&format!("document.querySelector({}).checkVisibility()", json!(selector)));
    assert_eq!(prints("[data-testid=heat] .hot"), true, "the heat map is printed");
    assert_eq!(prints("[data-testid=came-in]"), false, "how it came in is not");
    assert_eq!(prints("[data-testid=book]"), false);
    page.devtools("Emulation.setEmulatedMedia", json!({"media": ""}));

    // A word that is disputed is shown where it is labelled.
    page.run("document.querySelector('[data-testid=heat] li .link').click();", Value::Null);
    page.wait(
        "document.body.dataset.place === 'labels' && document.activeElement.matches('[data-testid=token]')",
        "the word, with the focus on it",
    );

    // One step.
    page.run("document.querySelector('.goldcard .tools button').click();", Value::Null);
    page.wait("document.querySelectorAll('[data-testid=annotator]').length === 0", "nobody");
}

#[test]
fn links_merge_and_bring_their_text() {
    let Some(page) = browser() else { return };
    page.open();
    page.ready();
    page.analyse(QUESTION, PARAGRAPH);
    page.run("document.querySelector('[data-testid=two-of-three]').click();", Value::Null);
    page.wait("document.querySelectorAll('[data-testid=annotator]').length === 3", "three annotators");
    page.click("[data-testid=share]");
    page.wait("document.querySelector('[data-testid=link]')?.value.includes('#doc=')", "a link");
    let link = page.js("document.querySelector('[data-testid=link]').value");
    page.analyse("Where?", "Another text altogether.");
    page.place("class");
    page.fill("class-links", &format!("{}\nhttps://example.org/#doc=AXjunk", link.as_str().unwrap()));
    page.click("[data-testid=class-add]");
    page.wait("document.querySelectorAll('[data-testid=came-in]').length === 2", "two lines");
    page.wait(
        "document.querySelectorAll('[data-testid=came-in]')[1].textContent.includes('damaged')",
        "word of the broken one",
    );
    page.click("[data-testid=adopt]");
    page.settled(PARAGRAPH);
    page.wait("document.querySelectorAll('[data-testid=annotator]').length === 3", "three annotators");
    assert_eq!(page.js("document.querySelectorAll('[data-testid=came-in]').length"), 2, "both lines are still there");
}
