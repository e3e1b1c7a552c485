//! The single file, opened from the file system, with no server anywhere.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::browser::{Kind, Page, Storage, fresh_browser, fresh_chromium};
use crate::offline::{PARAGRAPH, QUESTION, WATCH, works};
use crate::self_test;

/// Where it is, or none (with a word) when it was not built.
fn path() -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os("BIOSCOPE_DIST")?).join("bioscope.html");
    if !path.exists() {
        println!("not run: `cargo xtask single-file` writes dist/bioscope.html");
        return None;
    }
    Some(path.canonicalize().unwrap())
}

fn address(path: &Path) -> String {
    url::Url::from_file_path(path).unwrap().to_string()
}

/// Its address.
fn file() -> Option<String> {
    path().map(|path| address(&path))
}

/// Loads, analyses, takes gold labels, makes a step of learning.
fn opens(page: &Page, url: &str, model: &str) {
    page.visit(url);
    page.ready();
    assert_eq!(page.value("model"), model);
    works(page);
    let loss = page.loss();
    assert!(loss > 0.0, "{loss}");
    page.wait("document.querySelector('[data-testid=single]')", "word of the single file");
    assert_eq!(page.js("document.querySelector('[data-testid=network]').dataset.all"), "0");
    page.no_error();
    assert_eq!(page.server.requests(), Vec::<String>::new());
}

#[test]
fn it_opens() {
    let (Some(url), Some(page)) = (file(), fresh_browser(Storage::Usual)) else { return };
    opens(&page, &url, "tiny-128");
    page.shot("single");
}

#[test]
fn it_keeps_to_its_policy() {
    let (Some(url), Some(page)) = (file(), fresh_chromium()) else { return };
    page.before_load(WATCH);
    opens(&page, &url, "tiny-128");
    assert_eq!(page.js("window.__violations"), json!([]));
}

#[test]
fn it_is_within_its_budget() {
    let Some(path) = path() else { return };
    let bytes = path.metadata().unwrap().len();
    println!("{bytes} bytes");
    assert!(bytes <= 8_000_000, "{bytes}");
}

#[test]
fn with_the_larger_model_it_is_within_its_budget_and_opens() {
    let (Some(path), Some(page)) =
        (std::env::var_os("BIOSCOPE_SINGLE_LARGE").map(PathBuf::from), fresh_browser(Storage::Usual))
    else {
        return;
    };
    let bytes = path.metadata().unwrap().len();
    println!("{bytes} bytes");
    assert!(bytes <= 26_000_000, "{bytes}");
    opens(&page, &address(&path), "minilm-l6");
}

/// Most browsers run the program that lies in the file whole; the other one is made of it.
#[test]
fn a_browser_without_relaxed_simd_gets_the_other_program() {
    let (Some(url), Some(page)) = (file(), fresh_browser(Storage::Usual)) else { return };
    page.visit(&format!("{url}?kernel=simd128"));
    page.ready();
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.kernel"), "simd128");
    works(&page);
    page.visit(&url);
    page.ready();
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.kernel"), Kind::named().kernel());
}

/// A browser that cannot unpack says so, in the language that it is set to.
#[test]
fn a_browser_that_cannot_unpack_says_so() {
    let (Some(url), Some(page)) = (file(), fresh_chromium()) else { return };
    page.before_load("delete window.DecompressionStream;");
    page.visit(&url);
    let error = page.error();
    assert!(error.contains("DecompressionStream") && error.contains("Firefox 113"), "{error}");
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.state"), "failed");
    assert_eq!(page.js("document.querySelector('[data-testid=error]').lang"), "en");
    page.js("localStorage.setItem('bioscope.language', 'el')");
    page.reload();
    assert!(page.error().starts_with("Αυτός ο περιηγητής δεν μπορεί να αποσυμπιέσει"), "{}", page.error());
    assert_eq!(page.js("document.querySelector('[data-testid=error]').lang"), "el");
    page.shot("single-cannot");
}

#[test]
fn the_self_test_runs_there_too() {
    let (Some(url), Some(page)) = (file(), fresh_browser(Storage::Usual)) else { return };
    page.visit(&url);
    page.ready();
    self_test::passes(&page);
    assert!(
        page.js("document.querySelector('[data-testid=self-test-report]').textContent.includes(', single file')")
            == true
    );
    assert_eq!(page.server.requests(), Vec::<String>::new());
}

/// Helpers are workers that a worker starts, here from a Blob. WebKit allows that in no worker of a page from file://, and there
/// one does the work alone.
#[test]
fn several_workers_give_the_bits_of_one() {
    let (Some(url), Some(page)) = (file(), fresh_browser(Storage::Usual)) else { return };
    let paragraph =
        format!("{PARAGRAPH} {}", "The ships found the harbour again , and nobody asked who had come . ".repeat(18));
    let read = |workers: u32| {
        page.visit(&format!("{url}?workers={workers}"));
        page.ready();
        page.analyse(QUESTION, &paragraph);
        let shared = page.js("Number(document.querySelector('[data-testid=status]').dataset.workers)");
        page.no_error();
        let p = page.js("[...document.querySelectorAll('[data-testid=token]')].map((t) => [t.dataset.pb, t.dataset.pi, t.dataset.po])");
        (shared, p)
    };
    let (alone, expected) = read(1);
    assert_eq!(alone, 1);
    let (shared, p) = read(3);
    assert!(p == expected, "the same bits");
    assert_eq!(shared, if Kind::named() == Kind::WebKit { 1 } else { 3 });
}
