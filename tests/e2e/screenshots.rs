//! `cargo xtask screenshots`: pictures of the page's places, for reviewers and for the README.

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use serde_json::{Value, json};

use crate::browser::{Page, chromium};
use crate::common::root;

const PLACES: [&str; 6] = ["read", "labels", "exercise", "learning", "class", "questions"];

/// A screen, a small one, a phone.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1024, 768), (390, 844)];

fn picture(page: &Page, options: Value) -> Vec<u8> {
    page.run("await new Promise((r) => setTimeout(r, 400));", Value::Null); // what is drawn lazily
    let taken = page.devtools("Page.captureScreenshot", options);
    base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()
}

#[test]
#[ignore = "writes files: `cargo xtask screenshots`"]
fn write() {
    let Some(page) = chromium() else { return };
    let docs = root().join("docs");
    let folder = std::env::var_os("BIOSCOPE_SCREENSHOTS").map_or_else(|| docs.join("screens"), PathBuf::from);
    fs::create_dir_all(&folder).unwrap();
    page.scheme("light");
    page.open_ready();
    page.h_shown();
    page.size(SIZES[0].0, SIZES[0].1);
    fs::write(folder.parent().unwrap_or(&folder).join("page.png"), picture(&page, json!({"format": "png"}))).unwrap();
    for (language, theme) in [("en", "light"), ("en", "dark"), ("el", "light")] {
        page.speak(language);
        page.h_shown();
        page.scheme(theme);
        // All places in one language, its first and its most wordy in the other.
        let places = if language == "en" { &PLACES[..] } else { &PLACES[..3] };
        for place in places {
            page.place(place);
            for (width, height) in SIZES {
                page.size(width, height);
                let name = format!("{place}-{width}-{theme}-{language}.webp");
                fs::write(folder.join(&name), picture(&page, json!({"format": "webp", "quality": 45}))).unwrap();
            }
        }
        page.place("read");
    }
}
