//! The page without a network: after the first visit all of it works, interrupted downloads go on, storage can be looked
//! at and emptied, and nothing is asked of the network that need not be.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::{Page, browser, chromium, keeping, opened};
use crate::merge::drop_files;
use crate::share::{link, mark};

pub const QUESTION: &str = "Who repaired the lamp?";
pub const PARAGRAPH: &str = "After the storm the lamp was repaired by Ines, and the ships found the harbour again.";
const ANSWER: &str = "document.querySelector('[data-testid=answer]')?.textContent";
const LARGE: &str = "minilm-l6/model.safetensors";

/// Every violation of the page's policy goes into `window.__violations`.
pub const WATCH: &str = "window.__violations = []; document.addEventListener('securitypolicyviolation',
    (e) => window.__violations.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`));";

/// Waits until the storage panel says so: `offline`, `online`, `full`, `blocked`.
pub fn storage(page: &Page, state: &str) {
    page.wait(&format!("document.querySelector('[data-testid=storage]')?.dataset.state === '{state}'"), state);
}

/// Waits until the page knows what it keeps, and has fetched that.
pub fn storage_known(page: &Page) {
    let known = "/^(offline|off|blocked)$/.test(document.querySelector('[data-testid=storage]')?.dataset.state)";
    page.wait(known, "word of the storage");
}

fn rows(page: &Page) -> Value {
    page.js("[...document.querySelectorAll('[data-kept]')].map((row) => row.dataset.kept)")
}

/// The answer that the model gives to a text that it has not read before, and one step of learning.
pub fn works(page: &Page) {
    page.analyse(QUESTION, PARAGRAPH);
    assert_eq!(page.js(ANSWER), "Ines");
    page.click("[data-testid=token][data-index='3']");
    page.press(&["b"], false);
    page.wait("document.querySelector('[data-testid=loss-total]')", "L");
    page.click_by_script("#tab-5");
    page.click("[data-testid=learn-step]");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '1'", "a step of learning");
    // While the text is read anew, the button for the next one rests.
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.state === 'idle'", "rest");
}

/// In every browser: without a network the page works, or has said before why it will not.
#[test]
fn without_a_network_the_page_works_or_has_said_why_not() {
    let Some(page) = opened() else { return };
    storage_known(&page);
    works(&page);
    if page.js("document.querySelector('[data-testid=storage]').dataset.state") != "offline" {
        assert_ne!(page.js("document.querySelector('[data-testid=storage]').textContent.trim()"), "");
        return;
    }
    page.server.stop();
    page.goto("?again"); // not `reload`: Firefox's driver reloads past the service worker
    page.wait("location.search === '?again'", "the page without a network");
    page.ready();
    works(&page);
}

#[test]
fn after_the_first_visit_no_network_is_needed() {
    let Some(page) = chromium() else { return };
    page.before_load(WATCH);
    page.open_ready();
    storage(&page, "offline");
    let before = page.server.requests().len();
    page.server.stop();
    page.reload_ready();
    storage(&page, "offline");
    works(&page);
    assert_eq!(page.server.requests().len(), before);
    assert_eq!(page.js("window.__violations"), json!([]), "the page keeps to its own policy");
    page.wait("document.querySelector('.carry [data-testid=storage]')", "a panel drawn when idle");
    page.run("document.querySelector('.carry [data-testid=storage]').open = true; document.querySelector('footer').scrollIntoView();", Value::Null);
    page.shot("offline");
}

#[test]
fn learning_links_and_a_classs_labels_need_no_network_after_one_visit() {
    let Some(page) = chromium() else { return };
    page.before_load(WATCH);
    page.open_ready();
    storage(&page, "offline");
    let before = page.server.requests();
    let other = before.iter().filter(|path| path.contains("worker-simd128_bg.wasm")).count();
    assert_eq!(other, 1, "the service worker has asked for the program that this browser does not need: {before:?}");
    page.server.stop();

    // Not even a reload: the very page of the first visit. Its second worker starts only now.
    works(&page);
    let steps = "document.querySelector('[data-testid=learn-status]').dataset.steps";
    page.click("[data-testid=learn-step]");
    page.wait(&format!("{steps} === '2'"), "another step");
    page.click_by_script("#tab-0");

    // A link of these labels, opened by a page that is loaded for it.
    let labels = page.labels();
    assert!(labels[0].contains('B'), "{labels:?}");
    let fragment = link(&page, &[]);
    page.goto(&format!("?again{fragment}"));
    page.wait("location.search === '?again'", "the page that the link opens");
    page.settled(PARAGRAPH);
    page.gold_shown();
    assert_eq!(page.labels(), labels);
    assert_eq!(page.js(ANSWER), "Ines");
    mark(&page, 4);

    // What students have saved, dropped on it.
    let document = page.exported();
    let student = |name: &str, spans: Value| {
        let mut file = document.clone();
        file["annotators"] = json!([{"name": name, "weight": 1.0, "spans": spans}]);
        json!([format!("{name}.json"), file.to_string()])
    };
    let answer = json!([{"start": 16, "end": 20}]);
    let files = json!([student("Ann", answer.clone()), student("Ben", answer), student("Cleo", json!([]))]);
    let rows = page.labels().len();
    drop_files(&page, &files);
    page.wait("document.querySelectorAll('[data-testid=came-in][data-added=true]').length === 3", "three lines");
    page.count("annotator", rows + 3);
    page.wait("document.querySelector('[data-testid=heat] .hot')", "the heat map");
    let loss = page.loss();
    assert!(loss > 0.0, "{loss}");
    page.no_error();
    assert_eq!(page.server.requests(), before, "nothing was asked of the network");
    assert_eq!(page.js("window.__violations"), json!([]));
}

#[test]
fn analyses_make_no_request() {
    let Some(page) = opened() else { return };
    storage_known(&page);
    // Programs are started anew for every core that the browser says it has.
    let asked = || page.server.requests().iter().filter(|path| !path.contains("/worker")).count();
    let before = asked();
    for paragraph in [PARAGRAPH, "Ines repaired the lamp in the old tower.", PARAGRAPH] {
        page.analyse(QUESTION, paragraph);
    }
    let count = |attribute: &str| {
        page.js(&format!("Number(document.querySelector('[data-testid=network]').dataset.{attribute})"))
    };
    let names = page.js("document.querySelector('[data-testid=network] .names').textContent");
    assert_eq!(count("count"), 0, "the page's own count: {names}");
    assert_eq!(asked(), before, "the server's");
    assert!(count("all").as_f64().unwrap() >= 8.0, "what was loaded at first was counted, the worker's own too");
    // It would be noticed.
    page.run("await fetch('models/index.json?probe');", Value::Null);
    page.wait("document.querySelector('[data-testid=network]').dataset.count === '1'", "the request counted");
    page.wait("document.querySelector('[data-testid=network]')", "a panel drawn when idle");
    page.run("document.querySelector('[data-testid=network]').open = true; document.querySelector('footer').scrollIntoView();", Value::Null);
    page.shot("network");
}

#[test]
fn another_site_cannot_be_asked_for_anything() {
    let Some(page) = chromium() else { return };
    page.before_load(WATCH);
    page.open_ready();
    let said = page.run(
        "const out = [];
         for (const url of ['http://localhost:1/x', 'https://example.org/']) await fetch(url).then(() => out.push('sent'), () => {});
         const image = new Image(); image.src = 'http://127.0.0.1:1/x.png'; await new Promise((r) => { image.onerror = image.onload = r; });
         const script = document.createElement('script'); script.textContent = 'window.__inline = true'; document.body.append(script);
         try { out.push(eval('1')); } catch { /* refused */ }
         await new Promise((r) => setTimeout(r, 300)); // events come later
         return [out, window.__inline ?? false, window.__violations.map((v) => v.split(' ')[0])];",
        Value::Null,
    );
    println!("{said}");
    assert_eq!((&said[0], &said[1]), (&json!([]), &json!(false)));
    for directive in ["connect-src", "img-src", "script-src"] {
        let named = |v: &Value| v.as_str().is_some_and(|v| v.starts_with(directive));
        assert!(said[2].as_array().unwrap().iter().any(named), "{directive}: {said}");
    }
}

#[test]
fn a_download_goes_on_where_it_broke_off() {
    let Some(page) = browser() else { return };
    // The second attempt brings nothing, so the page gives up until it is told to go on.
    page.server.break_off(LARGE, &[9_000_000, 0]);
    page.open();
    assert!(page.error().contains("model.safetensors"), "{}", page.error());
    page.server.break_off(LARGE, &[]);
    // Not even a page that was closed in between loses what has come.
    page.reload_ready();
    page.analyse(QUESTION, PARAGRAPH);
    assert_eq!(page.js(ANSWER), "Ines");
    // The browser may drop chunks of an answer that breaks off before they are read; the piece before them is kept.
    let starts = starts(&page.server);
    assert!(!starts.is_empty() && starts.iter().all(|start| (4 << 20..=9_000_000).contains(start)), "{starts:?}");

    // What is kept and is no part of the file is thrown away.
    page.run(
        "const cache = await caches.open('bioscope-models'), keys = await cache.keys();
         const sizes = await Promise.all(keys.map(async (k) => (await (await cache.match(k)).blob()).size));
         const first = keys[sizes.indexOf(Math.max(...sizes))];
         await cache.put(first, new Response(new Uint8Array(1000)));",
        Value::Null,
    );
    page.reload_ready();
    page.no_error();
}

#[test]
fn a_network_that_comes_back_is_not_spoken_of() {
    let Some(page) = browser() else { return };
    page.server.break_off(LARGE, &[5_000_000, 5_000_000]);
    page.open_ready();
    page.no_error();
    // One attempt after the other, each from where the one before broke off; the browser's own cache may split one in two.
    let starts = starts(&page.server);
    assert!(starts.len() >= 2 && starts.is_sorted(), "{starts:?}");
    assert!((4 << 20..=5_000_000).contains(&starts[0]) && starts[1] >= starts[0], "{starts:?}");
}

/// Where the ranges begin that the server was asked for.
pub fn starts(server: &xtask::Server) -> Vec<usize> {
    let start = |range: &String| range.strip_prefix("bytes=")?.split('-').next()?.parse().ok();
    server.ranges().iter().map(|range| start(range).expect("a range")).collect()
}

#[test]
fn storage_is_shown_and_emptied() {
    let Some(page) = keeping() else { return };
    page.open_ready();
    storage(&page, "offline");
    page.wait("document.querySelector('[data-testid=storage]')", "a panel drawn when idle");
    page.run("document.querySelector('[data-testid=storage]').open = true;", Value::Null);
    page.wait("document.querySelectorAll('[data-kept]').length === 2", "what is kept");
    assert_eq!(rows(&page), json!(["pages", "minilm-l6"]));
    let bytes = page.js("Number(document.querySelector('[data-testid=storage]').dataset.bytes)").as_f64().unwrap();
    assert!(bytes > 15e6, "{bytes}");
    page.run("document.querySelector('footer').scrollIntoView();", Value::Null);
    page.shot("storage");
    page.click_by_script("[data-kept=minilm-l6] button");
    page.wait("!document.querySelector('[data-kept=minilm-l6]')", "a model less");
    page.click_by_script("[data-kept=pages] button");
    page.wait("document.querySelector('[data-testid=storage]').dataset.bytes === '0'", "nothing kept");
    let left = page
        .run("return [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length];", Value::Null);
    assert_eq!(left, json!([["bioscope-models"], 0]));
    page.analyse(QUESTION, PARAGRAPH);
    assert_eq!(page.js(ANSWER), "Ines", "the page goes on");
}

#[test]
fn storage_that_is_full_or_blocked_is_said_and_nothing_else_changes() {
    let Some(page) = chromium() else { return };
    let quota = json!({"origin": page.server.url().trim_end_matches('/'), "quotaSize": 2_000_000});
    page.devtools("Storage.overrideQuotaForOrigin", quota);
    page.open_ready();
    storage(&page, "full");
    page.analyse(QUESTION, PARAGRAPH);
    assert_eq!(page.js(ANSWER), "Ines");
    // As a browser does that is told to keep nothing: the very question is an error.
    page.before_load("for (const name of ['caches', 'localStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });");
    page.reload_ready();
    storage(&page, "blocked");
    page.analyse(QUESTION, PARAGRAPH);
    assert_eq!(page.js(ANSWER), "Ines");
    page.run("document.querySelector('footer').scrollIntoView();", Value::Null);
    page.shot("blocked");
}

#[test]
fn a_new_version_comes_with_the_next_load_and_breaks_no_open_page() {
    let Some(page) = keeping() else { return };
    page.open_ready();
    storage(&page, "offline");
    // Another version of the page, with programs of another name.
    let dist = PathBuf::from(std::env::var_os("BIOSCOPE_DIST").unwrap());
    let read = |name: &str| std::fs::read_to_string(dist.join(name)).unwrap();
    let constant = |text: &str, name: &str| text.split(&format!("const {name} = \"")).nth(1).unwrap()[..12].to_owned();
    let (index, worker) = (read("index.html"), read("sw.js"));
    let changed = index.replace("<title>", "<meta name=\"next\"><title>"); // the page itself changes the title
    assert_ne!(changed, index);
    let hash = page.run(
        "const digest = async (text) => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
           (byte) => byte.toString(16).padStart(2, '0')).join('');
         return [await digest(a[0]), await digest(a[1])];",
        json!([index, changed]),
    );
    let worker = worker
        .replace(hash[0].as_str().unwrap(), hash[1].as_str().unwrap())
        .replace(&constant(&worker, "SITE"), "0123456789ab");
    page.put("index.html", changed.as_bytes());
    page.put("sw.js", worker.as_bytes());
    page.run("await (await navigator.serviceWorker.getRegistration()).update();", Value::Null);
    page.wait("document.querySelector('[data-testid=update]')", "word of the new version");
    page.shot("update");
    works(&page); // the open page still is the earlier version, and starts another of its programs
    page.server.stop();
    page.goto("?again"); // not `reload`: Firefox's driver reloads past the service worker
    page.wait("document.querySelector('meta[name=next]')", "the new version");
    page.ready();
    storage(&page, "offline");
    let versions = "const shell = (await caches.keys()).filter((k) => k.startsWith('bioscope-shell'));
        return [shell.length, (await (await caches.open(shell[0])).keys()).filter((k) => k.url.includes('/version/')).length];";
    let start = std::time::Instant::now();
    while page.run(versions, Value::Null) != json!([1, 1]) {
        assert!(start.elapsed().as_secs() < 20, "the earlier version is forgotten");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}
