//! ModelOutput while one types, with the small model.

use std::path::Path;
use std::time::{Duration, Instant};

use bioscope::bio::Decoder;
use bioscope::inference::Analysis;
use bioscope::inference::Engine;
use serde_json::json;

use crate::browser::{Page, browser};
use crate::common::{engine, root};
use crate::page::{assert_same, select};

const QUESTION: &str = "When did the crew sail?";
const PARAGRAPH: &str = "The crew of the Halcyon sailed at noon, and at dusk they saw the lamps of the harbour.";

fn small() -> Engine {
    let folder = root().join("static/models/tiny-128");
    engine(Path::new(&folder))
}

fn read(engine: &Engine, question: &str, paragraph: &str) -> Analysis {
    let (output, _) = engine.analyse(question, paragraph).unwrap();
    Analysis::new(paragraph, output, Decoder::Viterbi)
}

/// Waits until the page shows just this analysis.
fn shows(page: &Page, expected: &Analysis) {
    let start = Instant::now();
    let near = |page: &Page| {
        let shown = page.tokens();
        shown.len() == expected.tokens.len()
            && shown.iter().zip(&expected.tokens).all(|(s, t)| s.end == t.end && (s.p[0] - t.p[0]).abs() < 1e-3)
    };
    while !near(page) && start.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_same(&page.tokens(), expected);
}

#[test]
fn the_small_model_reads_as_one_types() {
    let Some(page) = browser() else { return };
    let engine = small();
    page.open_ready();
    assert_eq!(page.js("document.querySelector('[data-testid=live]').textContent"), "", "the large model waits");
    select(&page, "model", "tiny-128");
    page.wait("document.querySelector('[data-testid=live]').textContent !== ''", "word that it reads along");
    page.ready();

    // Nobody presses the button from here on.
    page.fill("question", QUESTION);
    page.fill("paragraph", PARAGRAPH);
    shows(&page, &read(&engine, QUESTION, PARAGRAPH));

    // Key by key, quicker than anyone types: the last text is the one that counts.
    let more = " They had left the nets ashore.";
    page.run(
        "const field = document.querySelector('[data-testid=paragraph]');
         const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value');
         for (const letter of a) {
           own.set.call(field, field.value + letter);
           field.dispatchEvent(new Event('input', { bubbles: true }));
           await new Promise((ok) => setTimeout(ok, 9));
         }",
        json!(more),
    );
    let whole = format!("{PARAGRAPH}{more}");
    shows(&page, &read(&engine, QUESTION, &whole));
    page.shot("live");

    // A field that is empty for a moment is no error, and what is on show is said to be the earlier text's.
    page.fill("question", " ");
    page.wait("document.querySelector('.reading.stale')", "word that the text is the earlier one");
    page.no_error();
    page.fill("question", "Who saw the lamps?");
    shows(&page, &read(&engine, "Who saw the lamps?", &whole));
    page.wait("!document.querySelector('.reading.stale')", "fresh reading");

    // What the model refuses is said, and forgotten with the next text.
    page.fill("question", "\u{200b}");
    assert!(page.error().contains("question is empty"), "{}", page.error());
    page.fill("question", QUESTION);
    shows(&page, &read(&engine, QUESTION, &whole));
    page.wait("!document.querySelector('[data-testid=error]')", "end of the message");
}
