//! The lesson's pages: reachable, printable, and every link of theirs opens what it says.

use serde_json::{Value, json};

use crate::access::accessible;
use crate::browser::{Page, browser, chromium, opened};
use crate::page::select;

const PAGES: [(&str, &str); 4] =
    [("teaching.html", "en"), ("teaching.el.html", "el"), ("handout.html", "en"), ("handout.el.html", "el")];

/// Pages of A4 that a browser prints.
fn sheets(page: &Page) -> usize {
    let (text, all) = page.pdf(json!({"preferCSSPageSize": true, "printBackground": true}));
    let a4 =
        text.matches("/MediaBox [0 0 594.95996 841.91998]").count() + text.matches("/MediaBox [0 0 595 842]").count();
    assert_eq!(a4, all, "every page is of A4");
    all
}

#[test]
fn the_lesson_is_a_link_away_in_both_languages() {
    let Some(page) = opened() else { return };
    page.wait("document.querySelector('[data-testid=lesson]')?.getAttribute('href') === 'teaching.html'", "the link");
    select(&page, "language", "el");
    page.wait(
        "document.querySelector('[data-testid=lesson]')?.getAttribute('href') === 'teaching.el.html'",
        "in Greek",
    );
    page.click("[data-testid=lesson]");
    page.wait("document.querySelector('h1')?.textContent.includes('B8.3')", "the lesson");
    assert_eq!(page.js("document.documentElement.lang"), "el");
    page.click("nav a[hreflang=en]");
    page.wait("document.documentElement.lang === 'en' && document.querySelector('main h1')", "the lesson in English");
    page.shot("lesson");
}

#[test]
fn its_pages_print_on_a4_and_fit_a_phone() {
    let Some(page) = chromium() else { return };
    for (name, language) in PAGES {
        page.goto(name);
        page.wait("document.styleSheets.length === 1 && document.querySelector('main table')", name);
        assert_eq!(page.js("document.documentElement.lang"), language);
        let sheets = sheets(&page);
        println!("{name}: {sheets} pages");
        if name.starts_with("handout") {
            assert_eq!(sheets, 1, "{name} is one sheet");
        } else {
            assert!((2..=8).contains(&sheets), "{name}: {sheets} pages");
        }
        // The button asks the browser to print.
        page.run("window.print = () => (window.__printed = true);", Value::Null);
        page.click("#print");
        page.wait("window.__printed === true", "the browser to be asked");
        accessible(&page, name);
        page.screen(390, 844, 2, true);
        let width = page.js("document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(width <= 390, "{name}: {width}");
        page.shot(&format!("phone-{name}"));
        page.devtools("Emulation.clearDeviceMetricsOverride", json!({}));
    }
}

/// A lesson, its language, and in it: the sentence at (a), at (b), all agree, at the gradient, at learning, the mill, the
/// lighthouse, the guided exercise.
const LESSONS: [(&str, &str, [&str; 8]); 2] = [
    (
        "teaching.html",
        "en",
        [
            "Sentence at (a)",
            "Sentence at (b)",
            "All agree, at (c)",
            "Sentence at the gradient",
            "learning",
            "Mill, with labels",
            "Lighthouse",
            "Guided exercise",
        ],
    ),
    (
        "teaching.el.html",
        "el",
        [
            "Η πρόταση στο (α)",
            "Η πρόταση στο (β)",
            "Όλοι συμφωνούν, στο (γ)",
            "Η πρόταση στην κλίση",
            "στη μάθηση",
            "Ο μύλος, με ετικέτες",
            "Ο φάρος",
            "Καθοδηγούμενη άσκηση",
        ],
    ),
];

/// Follows the lesson's first link of this text.
fn follow(page: &Page, lesson: &str, text: &str) {
    page.goto(lesson);
    page.wait("document.querySelector('main table')", lesson);
    page.run("[...document.querySelectorAll('main a')].find((link) => link.textContent === a).click();", json!(text));
    page.wait("document.querySelector('[data-testid=status]')", "the page");
}

#[test]
fn its_links_open_each_step_in_its_language() {
    let Some(page) = browser() else { return };
    let tab = |k: usize| format!("document.querySelector('#tab-{k}')?.getAttribute('aria-selected') === 'true'");
    for (lesson, language, [a, _, agree, gradient, learning, .., guide]) in LESSONS {
        page.goto(lesson);
        let links = page.js("document.querySelectorAll('a[href*=\"#doc=\"]').length").as_u64().unwrap();
        assert!(links >= 13, "{links}");
        // The first one hides the model's answers.
        page.click("a[href*='#doc=']");
        page.wait("document.querySelector('[data-testid=hidden-note]')", "the mill, with its answers hidden");
        assert_eq!(page.js("document.documentElement.lang"), language);
        for (text, k) in [(a, 1), (agree, 3), (learning, 5)] {
            follow(&page, lesson, text);
            page.settled("On Friday Ada sang.");
            page.wait(&tab(k), text);
            page.count("annotator", 3);
            page.wait(
                "(() => { const r = document.querySelector('.exercise').getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0; })()",
                "the exercise in view",
            );
            assert_eq!(page.value("model"), "tiny-128");
        }
        follow(&page, lesson, guide);
        page.wait("document.querySelector('[data-testid=guide-question]')?.textContent.includes('128')", "the guide");
        // The share panel makes such links.
        follow(&page, lesson, gradient);
        page.wait(&tab(4), "the gradient");
        let made = crate::share::link(&page, &["link-tab"]);
        page.click("#tab-0");
        page.wait(&tab(0), "another tab");
        page.goto(&format!("?again-{language}{made}"));
        page.settled("On Friday Ada sang.");
        page.wait(&tab(4), "the tab that was shared");
    }
}

/// The decimal numbers of a text, in order.
fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|part| part.trim_matches('.'));
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// The same numbers, but for the last digit.
fn same(promised: &str, shown: &str) -> bool {
    let (promised, shown) = (numbers(promised), numbers(shown));
    promised.len() == shown.len() && promised.iter().zip(shown).all(|(a, b)| (a - b).abs() < 0.0011)
}

#[test]
fn the_screen_shows_the_numbers_that_it_promises() {
    let Some(page) = browser() else { return };
    let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
    for (lesson, language, [layer, terms, agree, .., mill, lighthouse, _]) in LESSONS {
        page.goto(lesson);
        let promised = page.js(
            "(() => { const last = [...document.querySelectorAll('main table')].at(-1), said = [];
               for (let next = last.nextElementSibling; next; next = next.nextElementSibling) said.push(next.textContent);
               return [[...last.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)), said.join(' ')]; })()",
        );
        let (rows, said): (Vec<[String; 4]>, String) = serde_json::from_value(promised).unwrap();
        assert_eq!(rows.len(), 5);
        let losses: Vec<&str> = said.split("L = ").skip(1).collect();
        let total = |at: usize| losses[at].split_whitespace().next().unwrap().trim_end_matches('.').to_owned();
        let shown_total = |at: usize, name: &str| {
            let found = text(page.js("document.querySelector('[data-testid=loss-total]').textContent"));
            assert!(same(&total(at), &found), "{language}, {name}: {} and on screen {found}", total(at));
        };

        // The hand-out's logits, set with the sliders.
        let by_hand = page.js("document.querySelector('main').textContent.includes('(0.844, 0.114, 0.042)')");
        assert_eq!(by_hand, true, "{language}: what is calculated by hand");
        follow(&page, lesson, layer);
        page.settled("On Friday Ada sang.");
        page.wait("document.querySelectorAll('.whatif input').length === 3", "sliders");
        let moved = page.run(
            "const sliders = [...document.querySelectorAll('.whatif input')];
             for (const [k, slider] of sliders.entries()) { slider.value = a[k]; slider.dispatchEvent(new Event('input', { bubbles: true })); }
             await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
             return [...document.querySelectorAll('.whatif .num:last-child')].map((p) => p.textContent);",
            json!([3, 1, 0]),
        );
        assert_eq!(moved, json!(["0.844", "0.114", "0.042"]), "{language}");
        follow(&page, lesson, terms);
        page.settled("On Friday Ada sang.");
        page.wait("document.querySelectorAll('#tab-panel tr[data-index]').length === 5", "five terms");
        for [token, p, t, term] in rows {
            let row = page.run(
                "const row = [...document.querySelectorAll('#tab-panel tr[data-index]')].find((row) => row.querySelector('q').textContent === a);
                 return [row.cells[2].textContent, row.cells[1].textContent, row.cells[5].textContent];",
                json!(token),
            );
            let [shown_p, shown_t, shown_term]: [String; 3] = serde_json::from_value(row).unwrap();
            assert!(
                same(&p, &shown_p) && same(&term, &shown_term),
                "{language}, {token}: {p} {term}, {shown_p} {shown_term}"
            );
            assert_eq!(t, shown_t, "{token}");
        }
        shown_total(0, terms);
        follow(&page, lesson, agree);
        page.settled("On Friday Ada sang.");
        page.wait("document.querySelector('[data-testid=soft-and-hard] [data-value]')", "both losses");
        let found = text(page.js("document.querySelector('[data-testid=soft-and-hard] [data-value]').textContent"));
        assert!(same(&total(1), &found), "{language}: {} and on screen {found}", total(1));

        // After a text that the small model has read, the examples are the large one's again.
        follow(&page, lesson, mill);
        page.holds("model", "minilm-l6");
        page.ready();
        page.wait("document.querySelector('[data-testid=answer]')?.textContent.includes('Maria Lopez')", "the answer");
        shown_total(2, mill);
        follow(&page, lesson, terms);
        page.settled("On Friday Ada sang.");
        follow(&page, lesson, lighthouse);
        page.ready();
        page.holds("model", "minilm-l6");
        let none = said.split("P(").nth(1).and_then(|rest| rest.split("= ").nth(1)).map(numbers).unwrap()[0];
        page.wait(
            &format!("Math.abs(document.querySelector('.answers')?.textContent.match(/P\\([^)]*\\) = ([\\d.]+)/)?.[1] - {none}) < 0.006"),
            "P(no answer) as promised",
        );
    }
}
