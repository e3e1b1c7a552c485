//! The lesson's pages: reachable, printable, and every link of theirs opens what it says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::access::findings;
use crate::browser::{Page, browser, chromium};
use crate::page::select;

const PAGES: [(&str, &str); 4] =
    [("teaching.html", "en"), ("teaching.el.html", "el"), ("handout.html", "en"), ("handout.el.html", "el")];

/// Pages of A4 that a browser prints.
fn sheets(page: &Page) -> usize {
    let printed = page.devtools("Page.printToPDF", json!({"preferCSSPageSize": true, "printBackground": true}));
    let bytes = STANDARD.decode(printed["data"].as_str().expect("a PDF")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let a4 =
        text.matches("/MediaBox [0 0 594.95996 841.91998]").count() + text.matches("/MediaBox [0 0 595 842]").count();
    let all = text.matches("/Type /Page\n").count();
    assert_eq!(a4, all, "every page is of A4");
    all
}

#[test]
fn the_lesson_is_a_link_away_in_both_languages() {
    let Some(page) = browser() else { return };
    page.open();
    page.ready();
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
    let script = std::env::var_os("BIOSCOPE_AXE").map(|path| std::fs::read_to_string(path).unwrap());
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
        if let Some(script) = &script {
            assert_eq!(findings(&page, script), Vec::<String>::new(), "{name}");
        }
        page.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true}),
        );
        let width = page.js("document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(width <= 390, "{name}: {width}");
        page.shot(&format!("phone-{name}"));
        page.devtools("Emulation.clearDeviceMetricsOverride", json!({}));
    }
}

#[test]
fn its_links_open_each_step() {
    let Some(page) = browser() else { return };
    page.goto("teaching.html");
    let links = page.js("[...document.querySelectorAll('a[href*=\"#doc=\"]')].map((a) => [a.textContent, a.getAttribute('href').slice(2)])");
    let links: Vec<(String, String)> = serde_json::from_value(links).unwrap();
    assert!(links.len() >= 13, "{links:?}");
    let link = |text: &str| &links.iter().find(|(t, _)| t == text).unwrap_or_else(|| panic!("no link {text}")).1;
    // A click on the page goes there.
    page.click("a[href*='#doc=']");
    page.wait("document.querySelector('[data-testid=hidden-note]')", "the mill, with its answers hidden");
    let tab = |k: usize| format!("document.querySelector('#tab-{k}')?.getAttribute('aria-selected') === 'true'");
    for (text, k, annotators) in [("Sentence at (a)", 1, 3), ("All agree, at (c)", 3, 3), ("learning", 5, 3)] {
        page.goto("teaching.html");
        page.goto(link(text));
        page.settled("On Friday Ada sang.");
        page.wait(&tab(k), text);
        page.wait(
            &format!("document.querySelectorAll('[data-testid=annotator]').length === {annotators}"),
            "its annotators",
        );
        page.wait(
            "(() => { const r = document.querySelector('.exercise').getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0; })()",
            "the exercise in view",
        );
        assert_eq!(page.js("document.querySelector('[data-testid=model]').value"), "tiny-128");
    }
    page.goto("teaching.html");
    page.goto(link("Guided exercise"));
    page.wait("document.querySelector('[data-testid=guide-question]')?.textContent.includes('128')", "the guide");
    // The share panel makes such links.
    page.goto("teaching.html");
    page.goto(link("Sentence at the gradient"));
    page.wait(&tab(4), "the gradient");
    let made = crate::share::link(&page, &["link-tab"]);
    page.click("#tab-0");
    page.wait(&tab(0), "another tab");
    page.goto(&format!("?again{made}"));
    page.settled("On Friday Ada sang.");
    page.wait(&tab(4), "the tab that was shared");
}
