//! The self-test panel: it passes on the site as built, notices what is damaged, and leaves everything else alone.

use serde_json::{Value, json};

use crate::access::{accessible, axe};
use crate::browser::{Page, Site, browser, browser_on, chromium, dist, fresh_chromium, keeping};
use crate::common;
use crate::common::root;
use crate::common::stand_in::{StandIn, shipped};
use crate::offline::storage;
use crate::page::select;

const QUESTION: &str = "Who mended the nets?";
const PARAGRAPH: &str = "In spring Marta painted the boat green, and her uncle mended the nets beside the old pier. 🎣 Später aß er – Fisch.";
const NAMES: [&str; 8] = ["kernel", "model", "tokenizer", "logits", "logits-f32", "gradients", "difference", "timings"];

/// Every worker that the page starts, with whether it was ended.
const WORKERS: &str = "window.__workers = []; const W = Worker; window.Worker = class extends W {
    constructor(...a) { super(...a); __workers.push(this); } terminate() { this.ended = true; super.terminate(); } };";

/// Opens the panel and runs it to its end; the state that it comes to.
pub fn run(page: &Page) -> String {
    page.be_patient();
    // It is drawn in an idle moment, anew after a change of the language.
    page.wait("document.querySelector('[data-testid=self-test]')", "the panel");
    page.run(
        "const panel = document.querySelector('[data-testid=self-test]'); panel.open = true;
         const report = () => document.querySelector('[data-testid=self-test-report]'), before = report();
         document.querySelector('[data-testid=self-test-run]').click();
         while (!report() || report() === before || panel.dataset.state === 'running') await new Promise((r) => setTimeout(r, 20));",
        Value::Null,
    );
    page.js("document.querySelector('[data-testid=self-test]').dataset.state").as_str().unwrap().into()
}

/// Of every row: name, state, value, limit, what it says.
fn rows(page: &Page) -> Vec<(String, String, f64, Option<f64>, String)> {
    let rows = page.js("[...document.querySelectorAll('[data-testid=self-test-row]')].map((r) =>
        [r.dataset.name, r.dataset.state, r.dataset.value, r.dataset.limit, r.textContent])");
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let row = |r: &Value| {
        (text(&r[0]), text(&r[1]), text(&r[2]).parse().unwrap_or(f64::NAN), text(&r[3]).parse().ok(), text(&r[4]))
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

/// The rows of this state.
fn named(page: &Page, state: &str) -> Vec<String> {
    rows(page).into_iter().filter(|row| row.1 == state).map(|row| row.0).collect()
}

fn report(page: &Page) -> String {
    page.js("document.querySelector('[data-testid=self-test-report]').textContent").as_str().unwrap().into()
}

/// Asserts that all is passed, each within its limit.
pub fn passes(page: &Page) {
    let state = run(page);
    let rows = rows(page);
    assert_eq!(state, "passed", "{rows:#?}");
    assert_eq!(rows.iter().map(|row| &*row.0).collect::<Vec<_>>(), NAMES);
    for (name, state, value, limit, said) in &rows {
        println!("{said}");
        assert!(state == "passed" && limit.is_none_or(|limit| *value <= limit) && value.is_finite(), "{name}: {said}");
    }
    assert!(rows[0].2 > 300.0, "comparisons of kernels");
}

fn open(page: &Page, model: &str) {
    page.open_as_left(model, QUESTION, PARAGRAPH);
}

#[test]
fn all_is_passed_in_the_users_browser_and_nothing_else_is_touched() {
    let Some(page) = chromium() else { return };
    page.before_load(WORKERS);
    open(&page, "minilm-l6");
    assert_eq!(named(&page, "waiting"), NAMES, "nothing runs before it is asked for");
    let (tokens, workers) = (page.tokens(), page.js("__workers.length").as_u64().unwrap());
    passes(&page);
    assert_eq!(
        page.js("__workers.map((w) => Boolean(w.ended))"),
        json!([vec![false; workers as usize], vec![true; 2]].concat())
    );
    assert_eq!(page.tokens(), tokens);
    assert_eq!(page.value("question"), QUESTION);
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.state"), "ready");
    page.no_error();

    let report = report(&page);
    println!("{report}");
    let sha256 =
        shipped()[0]["files"].as_array().unwrap().iter().find(|f| f["name"] == "model.safetensors").unwrap()["sha256"]
            .clone();
    let version = page.js("document.querySelector('[data-testid=self-test-report]').textContent.match(/page: version ([0-9a-f]{12})/)?.[1]");
    let asked = page.server.requests();
    assert!(asked.iter().any(|r| r.contains(&format!("self-test.json?v={}", version.as_str().unwrap()))), "{asked:?}");
    for part in [
        "8 passed\n",
        "relaxed SIMD",
        sha256.as_str().unwrap(),
        "forward ",
        "a step of learning ",
        "user agent: Mozilla",
        "processors: ",
        "WebAssembly memory: engine ",
    ] {
        assert!(report.contains(part), "{part}");
    }
    assert!(!report.contains("Marta"), "nothing of the user's text");
    let line = |row: &str| report.lines().filter(|line| line.starts_with(row)).count();
    assert_eq!(line("[passed]"), 8);

    // Token by token as the native engine has it.
    let native = common::engine(&root().join("static/models/minilm-l6"));
    let tuning = bioscope::train::Tuning::new(native.model().config.clone(), native.checkpoint().clone()).unwrap();
    let exact = native.with_model(tuning.model().clone());
    let z = |engine: &bioscope::inference::Engine| {
        engine.analyse(QUESTION, PARAGRAPH).unwrap().0.tokens.iter().map(|t| t.logits).collect::<Vec<_>>()
    };
    let wanted = bioscope::self_test::differences(&z(&native), &z(&exact));
    let shown = page.js("[...document.querySelectorAll('[data-testid=self-test-differences] [data-p]')].map((t) => [Number(t.dataset.p), Number(t.dataset.kl)])");
    let shown: Vec<(f64, f64)> = serde_json::from_value(shown).unwrap();
    assert_eq!(shown.len(), wanted.len());
    for ((p, kl), wanted) in shown.iter().zip(&wanted) {
        assert!((p - wanted.p).abs() < 1e-5 && (kl - wanted.kl).abs() < 1e-5, "{p} {kl} {wanted:?}");
    }
    assert!(shown.iter().any(|(p, _)| *p > 1e-4), "they are not the same path");
}

#[test]
fn the_plain_kernel_says_why_it_is_that_one_and_greek_is_greek() {
    let Some(page) = browser() else { return };
    page.goto("?kernel=simd128");
    page.ready();
    page.choose_model("tiny-128");
    page.speak("el");
    passes(&page);
    let rows = rows(&page);
    assert!(rows[0].4.contains("simd128") && rows[0].4.contains("επειδή το ζητά η διεύθυνση"), "{}", rows[0].4);
    assert!(rows.iter().all(|row| row.4.contains("πέρασε")), "{rows:?}");
    let shown = page.js("document.querySelector('[data-testid=self-test]').innerText");
    let shown = shown.as_str().unwrap();
    assert!(shown.contains("Αυτοέλεγχος") && !shown.contains("Run the self-test"), "{shown}");
    assert!(report(&page).contains("because the address asks for it"), "the report is English in every language");
    // What was found outlives a change of the language.
    select(&page, "language", "en");
    page.wait("document.querySelector('[data-testid=self-test] summary')?.textContent === 'Self-test'", "English");
    assert_eq!(named(&page, "passed"), NAMES);
}

/// The reference values as shipped, with one thing changed for tiny-128.
fn damaged(change: impl Fn(&mut Value)) -> Vec<u8> {
    let file = std::fs::read(root().join("static/self-test.json")).unwrap();
    let mut all: Value = serde_json::from_slice(&file).unwrap();
    change(all.as_array_mut().unwrap().iter_mut().find(|r| r["model"] == "tiny-128").unwrap());
    all.to_string().into_bytes()
}

/// Runs the self-test on a site with these reference values; the rows that failed.
fn failed_with(reference: Vec<u8>) -> Option<Vec<String>> {
    let page = browser_on(&Site { changed: &[("self-test.json", reference)], ..Site::default() })?;
    open(&page, "tiny-128");
    assert_eq!(run(&page), "failed");
    assert!(report(&page).contains("[failed]"));
    Some(named(&page, "failed"))
}

#[test]
fn a_wrong_reference_value_fails_its_own_row() {
    // Two at a time, in places of different rows: every one of them is seen, and no row fails for another's sake.
    let both = |one: fn(&mut Value), other: fn(&mut Value)| {
        failed_with(damaged(|r| {
            one(r);
            other(r);
        }))
    };
    let ids = |r: &mut Value| r["texts"][9]["ids"][4] = json!(1);
    let w = |r: &mut Value| r["lesson"]["w"][1][5] = json!(r["lesson"]["w"][1][5].as_f64().unwrap() + 0.05);
    let Some(failed) = both(ids, w) else { return };
    assert_eq!(failed, ["tokenizer", "gradients"]);
    let moved =
        |r: &mut Value| r["texts"][12]["read"][2][0] = json!(r["texts"][12]["read"][2][0].as_u64().unwrap() + 1);
    let b = |r: &mut Value| r["lesson"]["b"][0] = json!(0.0);
    assert_eq!(both(moved, b).unwrap(), ["tokenizer", "gradients"]);
    // Between the two limits: int8 cannot tell, f32 does.
    let z =
        |r: &mut Value| r["texts"][0]["logits"][3][1] = json!(r["texts"][0]["logits"][3][1].as_f64().unwrap() + 0.01);
    let norms = |r: &mut Value| r["lesson"]["norms"]["encoder.layer.0.output.dense.weight"] = json!(1.0);
    assert_eq!(both(z, norms).unwrap(), ["logits-f32", "gradients"]);
    let z =
        |r: &mut Value| r["texts"][0]["logits"][3][1] = json!(r["texts"][0]["logits"][3][1].as_f64().unwrap() + 2.0);
    let shares = |r: &mut Value| r["lesson"]["shares"][3] = json!(0.5);
    assert_eq!(both(z, shares).unwrap(), ["logits", "logits-f32", "gradients"]);
}

#[test]
fn reference_values_that_are_not_there_are_no_failure_and_broken_ones_are() {
    let Some(page) = browser_on(&Site { without: &["self-test.json"], ..Site::default() }) else { return };
    open(&page, "tiny-128");
    assert_eq!(run(&page), "incomplete");
    assert_eq!(named(&page, "skipped"), ["tokenizer", "logits", "logits-f32", "gradients"]);
    assert!(rows(&page)[2].4.contains("404"), "{}", rows(&page)[2].4);
    assert_eq!(named(&page, "passed"), ["kernel", "model", "difference", "timings"]);
    drop(page);
    let broken = failed_with(b"[{\"model\":\"tiny-128\"".to_vec()).unwrap();
    assert_eq!(broken, ["tokenizer", "logits", "logits-f32", "gradients"]);
}

#[test]
fn a_check_of_the_kernels_that_breaks_off_says_why() {
    let Some(dist) = dist() else { return };
    // The program's own export throws, as one does that runs out of memory.
    let broken = |name: &'static str| {
        let glue = std::fs::read_to_string(dist.join(name)).unwrap();
        (name, format!("{glue}\nwasm_bindgen.check_kernels = () => {{ throw new Error('no room'); }};\n").into_bytes())
    };
    let changed = ["worker-relaxed.js", "worker-simd128.js"].map(broken);
    let page = browser_on(&Site { changed: &changed, ..Site::default() }).unwrap();
    open(&page, "tiny-128");
    assert_eq!(run(&page), "failed");
    assert_eq!(named(&page, "failed"), ["kernel"]);
    assert!(rows(&page)[0].4.contains("no room"), "{}", rows(&page)[0].4);
}

#[test]
fn damaged_weights_are_seen() {
    // Published with the damage, so that the hash is right: only the numbers tell.
    let mut weights = std::fs::read(root().join("static/models/tiny-128/model.safetensors")).unwrap();
    // A safetensors file: 8 bytes of length, a JSON header of that length, the tensors.
    let header = 8 + u64::from_le_bytes(weights[..8].try_into().unwrap()) as usize;
    let tensors: Value = serde_json::from_slice(&weights[8..header]).unwrap();
    let tensor = &tensors["bert.encoder.layer.3.output.dense.weight"]["data_offsets"];
    let start = header + tensor[0].as_u64().unwrap() as usize;
    weights[start..start + 4000].iter_mut().for_each(|byte| *byte ^= 0x20);
    use sha2::Digest;
    let sha256: String = sha2::Sha256::digest(&weights).iter().map(|byte| format!("{byte:02x}")).collect();
    let published = |sha256: &str| {
        let mut index = json!(shipped());
        let model = index.as_array_mut().unwrap().iter_mut().find(|m| m["name"] == "tiny-128").unwrap();
        let files = model["files"].as_array_mut().unwrap();
        files.iter_mut().find(|f| f["name"] == "model.safetensors").unwrap()["sha256"] = json!(sha256);
        index.to_string().into_bytes()
    };
    let path = "models/tiny-128/model.safetensors";
    let changed = [(path, weights.clone()), ("models/index.json", published(&sha256))];
    let Some(page) = browser_on(&Site { changed: &changed, ..Site::default() }) else { return };
    open(&page, "tiny-128");
    assert_eq!(run(&page), "failed");
    let failed = named(&page, "failed");
    assert!(["logits", "logits-f32", "gradients"].iter().all(|name| failed.iter().any(|f| f == name)), "{failed:?}");
    let passed = named(&page, "passed");
    assert!(["kernel", "model", "tokenizer"].iter().all(|name| passed.iter().any(|p| p == name)), "{passed:?}");
    drop(page);

    // Damaged on its way: no other weights than the published ones are loaded at all.
    let path = "models/minilm-l6/model.safetensors";
    let page = browser_on(&Site { changed: &[(path, weights)], ..Site::default() }).unwrap();
    page.open();
    page.wait("document.querySelector('[data-testid=status]').dataset.state === 'failed'", "a failed load");
    assert_eq!(run(&page), "failed");
    assert_eq!(named(&page, "failed"), ["model"]);
    assert_eq!(named(&page, "passed"), ["kernel"]);
    assert!(rows(&page)[1].4.contains("model.safetensors"), "{}", rows(&page)[1].4);
    assert_eq!(named(&page, "skipped").len(), 6);
}

#[test]
fn a_model_of_ones_own_is_tested_as_far_as_it_can_be() {
    let Some(page) = browser() else { return };
    open(&page, "minilm-l6");
    let stand_in = StandIn::new("self-test");
    let path = |name: &str| stand_in.folder.join(name).display().to_string();
    page.choose_files("model-files", &[&path("model.safetensors"), &path("config.json"), &path("tokenizer.json")]);
    page.holds("model", "own");
    page.ready();
    page.settled(PARAGRAPH);
    run(&page);
    assert_eq!(named(&page, "skipped"), ["tokenizer", "logits", "logits-f32", "gradients"]);
    let passed = named(&page, "passed");
    assert!(["kernel", "model", "timings"].iter().all(|name| passed.iter().any(|p| p == name)), "{:?}", rows(&page));
    assert!(rows(&page)[7].4.contains("a step of learning"), "{}", rows(&page)[7].4);
}

#[test]
fn it_can_be_stopped_and_run_again() {
    let Some(page) = chromium() else { return };
    page.before_load(WORKERS);
    open(&page, "minilm-l6");
    page.be_patient();
    page.wait("document.querySelector('[data-testid=self-test]')", "the panel");
    page.run(
        "document.querySelector('[data-testid=self-test]').open = true;
         const button = document.querySelector('[data-testid=self-test-run]'); button.click();
         while (!document.querySelector('[data-name=kernel][data-state=passed]')) await new Promise((r) => setTimeout(r, 5));
         button.click();",
        Value::Null,
    );
    page.wait("document.querySelector('[data-testid=self-test-report]')", "a report on what there is");
    assert_eq!(page.js("document.querySelector('[data-testid=self-test]').dataset.state"), "incomplete");
    assert_eq!(named(&page, "passed"), ["kernel"]);
    assert_eq!(named(&page, "skipped").len(), 7);
    assert_eq!(page.js("__workers.filter((w) => !w.ended).length"), 1, "the page's own");
    passes(&page);
    assert_eq!(page.js("__workers.filter((w) => !w.ended).length"), 1);
}

#[test]
fn it_needs_no_network_after_the_first_visit() {
    let Some(page) = keeping() else { return };
    page.open_ready();
    storage(&page, "offline");
    page.server.stop();
    page.goto("?again"); // not `reload`: Firefox's driver reloads past the service worker
    page.wait("location.search === '?again'", "the page without a network");
    page.ready();
    passes(&page);
    assert!(report(&page).contains("service worker: in control"));
}

#[test]
fn a_text_that_cannot_be_read_gives_way_to_an_example() {
    let Some(page) = browser() else { return };
    open(&page, "tiny-128");
    page.fill("paragraph", "  ");
    passes(&page);
    assert!(rows(&page)[6].4.contains("the first example"), "{}", rows(&page)[6].4);
    page.fill("paragraph", PARAGRAPH);
    page.fill("question", "\u{200b}");
    passes(&page);
    assert!(rows(&page)[6].4.contains("the first example"), "{}", rows(&page)[6].4);
}

/// A key as the keyboard gives it.
fn key(page: &Page, key: &str, code: u32, text: &str) {
    for kind in ["keyDown", "keyUp"] {
        let text = if kind == "keyDown" { text } else { "" };
        page.devtools(
            "Input.dispatchKeyEvent",
            json!({"type": kind, "key": key, "windowsVirtualKeyCode": code, "text": text}),
        );
    }
}

#[test]
fn by_keyboard_and_for_a_checker_in_either_colour_scheme() {
    let Some(page) = chromium() else { return };
    page.be_patient();
    let (tab, enter) = (|| key(&page, "Tab", 9, ""), || key(&page, "Enter", 13, "\r"));
    for scheme in ["light", "dark"] {
        page.scheme(scheme);
        open(&page, "tiny-128");
        page.run("document.querySelector('[data-testid=self-test] summary').focus();", Value::Null);
        enter();
        page.wait("document.querySelector('[data-testid=self-test]').open", "the panel");
        tab();
        assert_eq!(page.js("document.activeElement.dataset.testid"), "self-test-run");
        enter();
        page.wait("document.querySelector('[data-testid=self-test-report]')", "a report");
        page.wait("document.querySelector('[data-testid=self-test]').dataset.state === 'passed'", "all passed");
        assert_eq!(page.js("document.activeElement.dataset.testid"), "self-test-run", "the focus stays");
        for hook in ["self-test-copy", "self-test-save", "self-test-report"] {
            tab();
            assert_eq!(page.js("document.activeElement.dataset.testid"), hook);
        }
        accessible(&page, scheme);
        for (width, device) in [(1280, "wide"), (390, "phone")] {
            page.screen(width, 1400, 1, false);
            page.run("document.querySelector('[data-testid=self-test]').scrollIntoView();", Value::Null);
            page.shot(&format!("self-test-{scheme}-{device}"));
            page.run(
                "document.querySelector('[data-testid=self-test-report]').scrollIntoView({ block: 'end' });",
                Value::Null,
            );
            page.shot(&format!("self-test-{scheme}-{device}-end"));
        }
        page.devtools("Emulation.clearDeviceMetricsOverride", json!({}));
    }
    if axe().is_none() {
        common::skip("the accessibility check of the self-test", "needs axe-core, which npm could not install");
    }
}

#[test]
fn the_report_is_copied_and_saved() {
    let Some(page) = fresh_chromium() else { return };
    page.devtools(
        "Browser.grantPermissions",
        json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}),
    );
    open(&page, "tiny-128");
    passes(&page);
    page.click("[data-testid=self-test-copy]");
    page.wait("document.querySelector('[data-testid=self-test]').textContent.includes('Copied.')", "word of it");
    assert_eq!(page.run("return await navigator.clipboard.readText();", Value::Null).as_str(), Some(&*report(&page)));
    assert_eq!(page.saved("self-test-save"), ("bioscope-self-test.txt".into(), report(&page)));
    assert_eq!(page.js("__saved[0].blob.type"), "text/plain");
}
