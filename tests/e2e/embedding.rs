//! `bioscope.js` in pages of other people: the page of docs/embedding.md as it stands there, from the same origin and from
//! another one, and pages whose policy is in the way.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use xtask::{Access, Server};

use crate::browser::{Kind, Page, Site, browser, browser_on, copy, dist, serve};
use crate::common::root;
use crate::offline::starts;

/// The pages in docs/embedding.md, in order.
pub fn documented() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("docs/embedding.md")).unwrap();
    let blocks = text.split("```html\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// A Bioscope site of another origin, below a folder that nobody would choose.
pub struct Elsewhere {
    pub server: Server,
    folder: PathBuf,
}

const FOLDER: &str = "o'dd & földer #1 $&";

impl Elsewhere {
    pub fn start() -> Elsewhere {
        let name = format!("bioscope-elsewhere-{}-{:?}", std::process::id(), std::thread::current().id());
        let folder = std::env::temp_dir().join(name.replace(['(', ')'], ""));
        copy(&dist().expect("a built site"), &folder.join(FOLDER));
        Elsewhere { server: serve(Access::Anyone, &folder), folder }
    }

    /// Scheme, another host name than the tests' own pages have, and port.
    pub fn origin(&self) -> String {
        self.server.url().trim_end_matches('/').replace("127.0.0.1", "localhost")
    }

    /// The site's root, with a slash at its end.
    pub fn url(&self) -> String {
        let mut url = url::Url::parse(&self.origin()).unwrap();
        url.path_segments_mut().unwrap().push(FOLDER).push("");
        url.into()
    }

    /// How often a file was asked for. Workers that help another are not counted: how many there are is up to the browser.
    pub fn asked(&self, part: &str) -> usize {
        self.server.requests().iter().filter(|path| path.contains(part) && !path.ends_with("&helper")).count()
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const LARGE: &str = "minilm-l6/model.safetensors";

/// Opens a page that may have another content than a moment ago, and waits until an earlier one is gone.
pub fn fresh(page: &Page, path: &str) {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    page.js("window.__old = true");
    // By another name each time: the browser asks for changes by a date, in seconds.
    page.goto(&format!("{path}?{}", NUMBER.fetch_add(1, Ordering::Relaxed)));
    page.wait("!window.__old", "the document, anew");
}

/// The documented page answers, and again another question.
fn answers(page: &Page) {
    let says = |text: &str| format!("document.getElementById('answer').value === '{text}'");
    page.wait(&says("Ada"), "the answer");
    page.run(
        "const field = document.getElementById('question'); field.value = a; field.dispatchEvent(new Event('change'));",
        json!("On which day did Ada sing?"),
    );
    page.wait(&says("Friday"), "the other answer");
}

#[test]
fn the_documented_page_works_beside_the_site() {
    let example = &documented()[0];
    assert!(example.lines().count() <= 15, "it is said to have 15 lines");
    let Some(page) = browser_on(&Site { without: &["index.html"], ..Site::default() }) else { return };
    page.put("example.html", example.as_bytes());
    page.goto("example.html");
    answers(&page);
    page.shot("embedded");
}

#[test]
fn the_documented_page_works_from_another_origin() {
    let Some(page) = browser() else { return };
    let site = Elsewhere::start();
    let example = documented()[0].replace("\"./", &format!("\"{}", site.url()));
    assert!(example.contains(&site.origin()));
    page.put("example.html", example.as_bytes());
    page.goto("example.html");
    answers(&page);
    let own = page.server.requests();
    assert!(own.iter().all(|path| path.contains("example") || path.contains("favicon")), "{own:?}");
    let program = format!("/worker-{}", Kind::named().kernel());
    for file in ["/bioscope.js", "/worker.js?v=", &format!("{program}_bg.wasm?v=")] {
        assert_eq!(site.asked(file), 1, "{file}: {:?}", site.server.requests());
    }
    assert_eq!(site.asked(LARGE), 1);
    page.reload();
    answers(&page);
    if Kind::named().keeps() {
        assert_eq!(site.asked(LARGE), 1, "the model is kept, in the storage of the page's own origin");
    }
}

/// An empty page of its own that has `bioscope.js` of another origin as `load`.
fn stranger(page: &Page, site: &Elsewhere) {
    page.put("stranger.html", b"<!doctype html><title>Elsewhere</title>");
    page.goto("stranger.html");
    page.run("window.load = (await import(a)).load;", json!(format!("{}bioscope.js", site.url())));
}

#[test]
fn learning_works_from_another_origin_too() {
    let Some(page) = browser() else { return };
    page.be_patient();
    let site = Elsewhere::start();
    stranger(&page, &site);
    let said = page.run(
        "const text = { question: 'Who sang?', paragraph: 'On Friday Ada sang.' };
         const b = await load({ model: 'tiny-128' });
         const before = await b.analyse(text), s = await b.step({ ...text, gold: [[{ start: 3, end: 9 }]] });
         const after = await b.analyse(text), left = await b.undo(), wait = b.analyse(text).then(() => '', (e) => e.name);
         b.close();
         const late = await Promise.all([b.analyse(text), b.step({ ...text, gold: [[]] }), b.undo()].map((p) => p.then(() => '', (e) => e.name)));
         return { fell: s.lossAfter < s.lossBefore, moved: after.tokens[1].p[0] !== before.tokens[1].p[0], left, closed: await wait, late };",
        Value::Null,
    );
    assert_eq!(
        said,
        json!({"fell": true, "moved": true, "left": 0, "closed": "AbortError", "late": ["AbortError", "AbortError", "AbortError"]})
    );
    assert_eq!(site.asked("tiny-128/model.safetensors"), 1, "the second worker has the model from storage");
}

const READ: &str = "const b = await load(); return (await b.analyse({ question: 'Who sang?', paragraph: 'On Friday Ada sang.' })).alternatives[0].text;";

#[test]
fn a_download_from_another_origin_goes_on_where_it_broke_off() {
    let Some(page) = browser() else { return };
    let site = Elsewhere::start();
    stranger(&page, &site);
    // The server does not show `Content-Range`.
    site.server.break_off(LARGE, &[9_000_000]);
    assert_eq!(page.run(READ, Value::Null), "Ada");
    // From the last chunk that was read before the end.
    let starts = starts(&site.server);
    assert!(site.asked(LARGE) == 2 && starts.len() == 1 && (4 << 20..=9_000_000).contains(&starts[0]), "{starts:?}");
}

#[test]
fn a_range_that_another_origin_does_not_give_is_done_without() {
    let Some(page) = browser() else { return };
    let site = Elsewhere::start();
    stranger(&page, &site);
    // As where a browser first asks whether it may, and is not answered.
    site.server.break_off(LARGE, &[9_000_000, 0]);
    assert_eq!(page.run(READ, Value::Null), "Ada");
    let (ranges, starts) = (site.server.ranges(), starts(&site.server));
    assert!(site.asked(LARGE) == 3 && (4 << 20..=9_000_000).contains(&starts[0]), "{ranges:?}");
    // The third request is for all of it; how, is the browser's own cache's business: Firefox's wants what it has not kept.
    let whole = |range: &String| range.starts_with("bytes=0-") || Kind::named() == Kind::Firefox;
    assert!(ranges[1..].iter().all(whole), "{ranges:?}");
}

#[test]
fn a_load_can_be_stopped_and_made_again() {
    let Some(page) = browser() else { return };
    let site = Elsewhere::start();
    stranger(&page, &site);
    site.server.hold(LARGE);
    let said = page.run(
        "const stop = new AbortController(), early = AbortSignal.abort();
         const onProgress = ({ stage }) => { if (stage === 'download') setTimeout(() => stop.abort(), 300); };
         return [await load({ signal: stop.signal, onProgress }).then(() => '', (e) => e.name), await load({ signal: early }).then(() => '', (e) => e.name)];",
        Value::Null,
    );
    assert_eq!(said, json!(["AbortError", "AbortError"]));
    site.server.hold("");
    assert_eq!(page.run("return (await load()).info.model;", Value::Null), "minilm-l6");
}

/// A page under this policy that loads `bioscope.js` of a site: what becomes of `load`, and of `parse`.
fn under(page: &Page, site: &str, policy: &str) -> Value {
    let html = format!(
        "<!doctype html><title>Policy</title><meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">
         <script type=\"module\" src=\"policy.js\"></script>"
    );
    let script = format!(
        "import {{ load, parse }} from {};
         const loaded = await load({{ model: 'tiny-128' }}).then((b) => ['fine', b.info.model], (e) => [e.kind ?? e.name, e.message]);
         window.said = [...loaded, await parse('Ada sang.', 'a.txt').then(() => 'fine', (e) => e.kind ?? e.name)];",
        json!(format!("{site}bioscope.js"))
    );
    page.put("policy.js", script.as_bytes());
    page.put("policy.html", html.as_bytes());
    fresh(page, "policy.html");
    page.wait("window.said", "an outcome");
    page.js("window.said")
}

#[test]
fn a_policy_that_is_in_the_way_is_named() {
    let Some(page) = browser() else { return };
    let site = Elsewhere::start();
    let origin = site.origin();
    // As docs/embedding.md says.
    let fine = format!(
        "default-src 'none'; script-src 'self' {origin} 'wasm-unsafe-eval'; connect-src {origin}; worker-src blob:"
    );
    assert_eq!(under(&page, &site.url(), &fine), json!(["fine", "tiny-128", "fine"]));
    let typed = format!("{fine}; require-trusted-types-for 'script'; trusted-types bioscope");
    assert_eq!(under(&page, &site.url(), &typed), json!(["fine", "tiny-128", "fine"]));
    for (without, directive) in [
        (format!(" connect-src {origin};"), "connect-src"),
        (" 'wasm-unsafe-eval'".to_owned(), "script-src"),
        (" worker-src blob:".to_owned(), "worker-src"),
    ] {
        let policy = fine.replace(&without, "");
        assert_ne!(policy, fine);
        let said = under(&page, &site.url(), &policy);
        println!("{said}");
        let message = said[1].as_str().unwrap();
        assert_eq!((&said[0], &said[2]), (&json!("forbidden"), &json!("forbidden")), "{message}");
        assert!(message.contains(&format!("{directive} does not allow")), "{message}");
        assert!(message.contains(&format!("It needs: script-src {origin} 'wasm-unsafe-eval'")), "{message}");
    }
    // The module, but not the worker's script.
    let module = format!("{}bioscope.js", site.url());
    let said = under(&page, &site.url(), &fine.replace(&format!("'self' {origin}"), &format!("'self' {module}")));
    println!("{said}");
    assert_eq!(said[0], "workerDied");
    let message = said[1].as_str().unwrap();
    assert!(message.contains("/worker.js?v=") && message.contains("script-src"), "{message}");
}

#[test]
fn the_policy_that_a_page_of_the_sites_own_origin_needs_is_named() {
    let Some(page) = browser() else { return };
    let site = page.server.url();
    let fine = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
    assert_eq!(under(&page, &site, fine), json!(["fine", "tiny-128", "fine"]));
    let said = under(&page, &site, &fine.replace("worker-src 'self'", "worker-src blob:"));
    println!("{said}");
    assert_eq!((&said[0], &said[2]), (&json!("forbidden"), &json!("forbidden")));
    let wants = format!("; worker-src {}", site.trim_end_matches('/'));
    assert!(said[1].as_str().unwrap().ends_with(&wants), "{said}");
}

#[test]
fn a_worker_of_another_page_may_load_a_model() {
    let Some(page) = browser() else { return };
    page.goto("bioscope.js"); // any file of the site
    let script = "import { load } from './bioscope.js';
        load({ model: 'tiny-128' }).then((b) => postMessage(b.info.model), (e) => postMessage(e.message));";
    page.put("in-a-worker.js", script.as_bytes());
    let said = page.run(
        "const worker = new Worker('in-a-worker.js', { type: 'module' });
         return new Promise((resolve, reject) => { worker.onmessage = ({ data }) => resolve(data); worker.onerror = reject; });",
        Value::Null,
    );
    assert_eq!(said, "tiny-128");
}

#[test]
fn a_page_whose_program_does_not_come_says_so() {
    let Some(page) = browser() else { return };
    page.server.break_off("/app-", &[0; 8]); // what a server with another version's files, or a closed frame, comes to
    page.open();
    assert!(page.error().contains("could not be loaded"), "{}", page.error());
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.state"), "failed");
    page.server.break_off("", &[]);
    page.reload_ready();
}

#[test]
fn a_site_that_lets_no_other_origin_in_is_named() {
    let Some(page) = browser() else { return };
    let site = Elsewhere::start();
    // The module comes from the page's own origin, and its programs would not.
    let closed = serve(Access::SameOrigin, &dist().unwrap());
    page.put("stranger.html", b"<!doctype html><title>Elsewhere</title>");
    page.goto("stranger.html");
    let load = "const { load } = await import('./bioscope.js');
        return load({ base: a, model: 'tiny-128' }).then((b) => [b.info.model], (e) => [e.kind, e.message]);";
    let said = page.run(load, json!(closed.url()));
    println!("{said}");
    assert_eq!(said[0], "network");
    let program = format!("{}worker-{}_bg.wasm", closed.url(), Kind::named().kernel());
    assert!(said[1].as_str().unwrap().contains(&program), "{said}");
    // And then again where it may.
    assert_eq!(page.run(load, json!(site.url().trim_end_matches('/'))), json!(["tiny-128"]));
}
