//! The single file, opened from the file system, with no server anywhere.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::{Page, browser, firefox};
use crate::common;
use crate::offline::{WATCH, works};
use crate::self_test;

/// Its address, or none (with a word) when it was not built.
fn file() -> Option<String> {
    let path = PathBuf::from(std::env::var_os("BIOSCOPE_DIST")?).join("bioscope.html");
    if !path.exists() {
        println!("not run: `cargo xtask single-file` writes dist/bioscope.html");
        return None;
    }
    Some(url::Url::from_file_path(path.canonicalize().unwrap()).unwrap().to_string())
}

/// Loads, analyses, takes gold labels, makes a step of learning.
fn opens(page: &Page, url: &str) {
    page.visit(url);
    page.ready();
    assert_eq!(page.js("document.querySelector('[data-testid=model]').value"), "tiny-128");
    works(page);
    let loss = page.js("Number(document.querySelector('[data-testid=loss-total]').dataset.value)").as_f64().unwrap();
    assert!(loss > 0.0, "{loss}");
    page.wait("document.querySelector('[data-testid=single]')", "word of the single file");
    assert_eq!(page.js("document.querySelector('[data-testid=network]').dataset.all"), "0");
    assert_eq!(page.js("document.querySelector('[data-testid=error]')"), Value::Null);
    assert_eq!(page.server.requests(), Vec::<String>::new());
}

#[test]
fn opens_in_chromium() {
    let (Some(url), Some(page)) = (file(), browser()) else { return };
    page.before_load(WATCH);
    opens(&page, &url);
    assert_eq!(page.js("window.__violations"), json!([]));
    page.shot("single");
}

#[test]
fn the_self_test_runs_there_too() {
    let (Some(url), Some(page)) = (file(), browser()) else { return };
    page.visit(&url);
    page.ready();
    self_test::passes(&page);
    assert!(
        page.js("document.querySelector('[data-testid=self-test-report]').textContent.includes(', single file')")
            == true
    );
    assert_eq!(page.server.requests(), Vec::<String>::new());
}

#[test]
fn opens_in_firefox() {
    let Some(url) = file() else { return };
    let Some(page) = firefox() else {
        return common::skip("the single file in Firefox", "needs Firefox and geckodriver");
    };
    opens(&page, &url);
    page.shot("single-firefox");
}

#[test]
fn the_site_works_in_firefox_too() {
    if std::env::var_os("BIOSCOPE_DIST").is_none() {
        return;
    }
    let Some(page) = firefox() else {
        return common::skip("the site in Firefox", "needs Firefox and geckodriver");
    };
    page.open();
    page.ready();
    page.wait("document.querySelector('[data-testid=storage]').dataset.state === 'offline'", "the page kept");
    works(&page);
    page.server.stop();
    // Not `reload`: Firefox's driver reloads past the service worker.
    page.goto("?again");
    page.wait("location.search === '?again'", "the page without a network");
    page.ready();
    works(&page);
}
