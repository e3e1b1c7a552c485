//! A class's labels: thirty files, dropped; everything reported; one step back.

use bioscope::bio;
use bioscope::metrics;
use serde_json::{Value, json};

use crate::browser::{Page, opened};
use crate::exercise::labels;

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

#[test]
fn thirty_files_become_t() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.wait(
        "!document.querySelector('[data-testid=annotator]') || document.querySelector('.goldcard .annotator .icon')",
        "the card",
    );
    while page.js("document.querySelectorAll('[data-testid=annotator]').length").as_u64() > Some(0) {
        page.click_by_script("[data-testid=annotator] .icon");
    }
    let document = page.exported();
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
    page.count("came-in", 33);
    page.count("annotator", 30);
    let lines =
        page.js("[...document.querySelectorAll('[data-testid=came-in]')].map((l) => [l.dataset.added, l.textContent])");
    let added = lines.as_array().unwrap().iter().filter(|l| l[0] == "true").count();
    let said = |k: usize| lines[k][1].as_str().unwrap().to_string();
    assert_eq!(added, 30);
    assert!(said(30).contains("the same as bioscope (0).json"), "{}", said(30));
    assert!(said(31).contains("another paragraph"), "{}", said(31));
    assert!(said(32).contains("broken.json") && said(32).contains("EOF"), "{}", said(32));

    // t, H and the agreement, computed again.
    page.gold_shown();
    let labels = labels(&page);
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
    let total = page.loss();
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
    page.click_by_script(".goldcard .tools button");
    page.count("annotator", 0);
}

#[test]
fn links_merge_and_bring_their_text() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.click_by_script("[data-testid=two-of-three]");
    page.count("annotator", 3);
    page.click("[data-testid=share]");
    page.wait("document.querySelector('[data-testid=link]')?.value.includes('#doc=')", "a link");
    let link = page.value("link");
    page.analyse("Where?", "Another text altogether.");
    page.place("class");
    page.fill("class-links", &format!("{link}\nhttps://example.org/#doc=AXjunk"));
    page.click("[data-testid=class-add]");
    page.count("came-in", 2);
    page.wait(
        "document.querySelectorAll('[data-testid=came-in]')[1].textContent.includes('damaged')",
        "word of the broken one",
    );
    page.click("[data-testid=adopt]");
    page.settled(PARAGRAPH);
    page.count("annotator", 3);
    assert_eq!(page.js("document.querySelectorAll('[data-testid=came-in]').length"), 2, "both lines are still there");
}
