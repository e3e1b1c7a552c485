//! The page's program and its parts: how large they are, that the first screen needs the first alone, and what happens when
//! one does not come.

use crate::browser::{Site, browser, browser_on, dist};

/// Names of the site's files that begin and end so.
fn files(begin: &str, end: &str) -> Vec<String> {
    let Some(dist) = dist() else { return Vec::new() };
    let names = std::fs::read_dir(dist).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(begin) && name.ends_with(end)).collect()
}

#[test]
fn programs_are_small() {
    let Some(dist) = dist() else { return };
    for (begin, end, most) in
        [("app-", ".wasm", 600_000), ("worker-relaxed", ".wasm", 3_000_000), ("worker-simd128", ".wasm", 3_000_000)]
    {
        let names = files(begin, end);
        assert_eq!(names.len(), 1, "{begin}");
        let bytes = std::fs::metadata(dist.join(&names[0])).unwrap().len();
        println!("{}: {bytes} bytes", names[0]);
        assert!(bytes <= most, "{}: {bytes} bytes, at most {most}", names[0]);
    }
}

#[test]
fn the_first_screen_does_not_wait_for_the_rest() {
    let Some(page) = browser() else { return };
    page.server.hold("part-rest");
    page.open();
    page.wait("document.querySelectorAll('[data-testid=token]').length > 20", "the first example");
    page.ready();
    page.fill("question", "Who sang?");
    page.fill("paragraph", "On Friday Ada sang.");
    page.click("[data-testid=analyse]");
    page.wait("document.querySelectorAll('[data-testid=token]').length === 5", "an analysis");
    assert_eq!(page.js("document.querySelectorAll('[data-testid=annotator]').length"), 0, "the rest is not here");
}

#[test]
fn a_part_that_does_not_come_can_be_asked_for_again() {
    let Some(dist) = dist() else { return };
    let name: &'static str = files("part-learning-", ".wasm").pop().unwrap().leak();
    let Some(page) = browser_on(&Site { without: &[name], ..Site::default() }) else { return };
    page.open();
    page.ready();
    page.wait("document.querySelector('#tab-5')", "the tabs");
    page.click("#tab-5");
    page.wait("document.querySelector('[data-testid=part-failed]')", "word of it");
    page.click("[data-testid=part-failed] button");
    page.wait("document.querySelector('[data-testid=part-failed]')", "word of it again");
    page.put(name, &std::fs::read(dist.join(name)).unwrap());
    page.click("[data-testid=part-failed] button");
    page.wait("document.querySelector('[data-testid=learn-step]')", "the tab");
}
