//! `<bio-scope>`: the documented page, its keyboard, its events, what it says when something fails, and when it fetches.

use serde_json::{Value, json};

use crate::browser::{Page, Site, browser_on};
use crate::common;
use crate::embedding::{Elsewhere, documented, fresh};

const LARGE: &str = "minilm-l6/model.safetensors";

/// Notes every event, from the page's first element on; gives out the parts of an element and what it shows.
const HELPERS: &str = "window.told = [];
    for (const type of ['analysed', 'error']) document.addEventListener(type, (event) => {
      if (event.target.localName === 'bio-scope') told.push([type, event.detail?.answers.map((a) => a.text) ?? event.error.kind]);
    }, true);
    window.part = (name, k = 0) => document.querySelectorAll('bio-scope')[k].shadowRoot.querySelector(`[part=${name}]`);
    window.says = (name, k) => { const found = part(name, k); return found.hidden ? '' : found.textContent; };";

/// The strictest policy that it works under; violations are noted as in the offline tests.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'\">";

/// The helpers, before anything else of a page.
const LOADED_FIRST: &str = "<script src=\"helpers.js\"></script>";

/// A page of this content beside the site.
fn with(content: &str) -> Option<Page> {
    let page = browser_on(&Site { without: &["index.html"], ..Site::default() })?;
    page.put("helpers.js", format!("{HELPERS}\n{}", crate::offline::WATCH).as_bytes());
    show(&page, content);
    Some(page)
}

fn show(page: &Page, content: &str) {
    let head = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Element</title>";
    let script = "<script type=\"module\" src=\"bio-scope.js\"></script>";
    page.put("element.html", format!("{head}{POLICY}{LOADED_FIRST}{script}<main>{content}</main>").as_bytes());
    fresh(page, "element.html");
}

/// How often a file was asked for. Workers that help another are not counted: how many there are is up to the browser.
fn asked(page: &Page, part: &str) -> usize {
    page.server.requests().iter().filter(|path| path.contains(part) && !path.ends_with("&helper")).count()
}

fn waits(page: &Page, part: &str, k: usize, text: &str) {
    page.wait(&format!("window.says?.({}, {k}) === {}", json!(part), json!(text)), text);
}

#[test]
fn the_documented_page_works_here_and_from_another_origin() {
    let Some(page) = with("") else { return };
    let site = Elsewhere::start();
    for (name, root) in [("here.html", "./".to_owned()), ("there.html", site.url())] {
        let content = documented()[1].replace("\"./", &format!("\"{root}"));
        page.put(name, content.replace("<title>", &format!("{LOADED_FIRST}<title>")).as_bytes());
        fresh(&page, name);
        waits(&page, "status", 0, "Answer: Ada");
        waits(&page, "status", 1, "Answer: Friday");
        let marked = page.js("[0, 1].map((k) => part('answer', k).textContent)");
        assert_eq!(marked, json!(["Ada", "Friday"]));
        assert_eq!(page.js("part('text').textContent"), "On Friday Ada sang, and Bo listened.");
        page.shot("element");
    }
    assert_eq!((asked(&page, "/worker.js"), site.asked("/worker.js")), (1, 1), "two elements, one engine");
    assert_eq!((asked(&page, LARGE), site.asked(LARGE)), (1, 0), "the page's origin has the model already");
}

#[test]
fn keyboard_and_pointer_show_p_of_a_token() {
    if !crate::browser::chromium_only() {
        return;
    }
    let Some(page) = with(
        "<bio-scope model=tiny-128 question='Who sang?'>\n  On <b>Friday</b>\n  Ada sang.\n</bio-scope><button>After</button>",
    ) else {
        return;
    };
    waits(&page, "status", 0, "Answer: Ada");
    assert_eq!(page.js("part('text').textContent"), "On Friday Ada sang.", "white space as HTML shows it");
    let hint = page.js("says('token')");
    assert!(hint.as_str().unwrap().contains("arrow keys"), "{hint}");
    let now = "document.querySelector('bio-scope').shadowRoot.activeElement?.textContent ?? null";
    page.strike("Tab", 9);
    assert_eq!(page.js(now), "On");
    for (key, code, token) in [
        ("ArrowRight", 39, 1),
        ("ArrowRight", 39, 2),
        ("ArrowLeft", 37, 1),
        ("End", 35, 4),
        ("ArrowRight", 39, 4),
        ("Home", 36, 0),
        ("ArrowRight", 39, 1),
        ("ArrowRight", 39, 2),
    ] {
        page.strike(key, code);
        let shown = page.run(
            "const element = document.querySelector('bio-scope'), token = element.analysis.tokens[a], line = part('token');
             const bars = [...line.querySelectorAll('i')].map((bar) => bar.getBoundingClientRect().width / bar.parentElement.getBoundingClientRect().width);
             return { focus: element.shadowRoot.activeElement.textContent === token.text, live: line.getAttribute('aria-live'),
               text: line.textContent.replace(/\\s+/g, ' ').trim(), wanted: `${token.text}B ${token.p[0].toFixed(3)} I ${token.p[1].toFixed(3)} O ${token.p[2].toFixed(3)}`,
               off: Math.max(...bars.map((bar, j) => Math.abs(bar - token.p[j]))) };",
            json!(token),
        );
        assert_eq!((&shown["focus"], &shown["live"]), (&json!(true), &json!("polite")), "{key}: {shown}");
        assert_eq!(shown["text"], shown["wanted"], "{key}");
        assert!(shown["off"].as_f64().unwrap() < 0.02, "{key}: {shown}");
    }
    assert_eq!(page.js(now), "Ada");
    page.shot("element-token");
    // One stop of the Tab key, there and back.
    page.strike("Tab", 9);
    assert_eq!(page.js("document.activeElement.textContent"), "After");
    assert_eq!(page.js("says('token')"), hint);
    let place = page.js("(() => { const r = part('answer').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()");
    page.devtools("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": place[0], "y": place[1]}));
    page.wait("says('token').startsWith('Ada')", "p under the pointer");
    page.devtools("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": 1, "y": 1}));
    page.wait("!says('token').startsWith('Ada')", "the pointer gone");
    assert_eq!(page.js("window.__violations"), json!([]), "no style, no script that the policy forbids");
}

#[test]
fn changes_are_read_and_told_and_failures_are_said() {
    let Some(page) =
        with("<bio-scope model=no-such question='Who sang?'>On Friday Ada sang, and Bo listened.</bio-scope>")
    else {
        return;
    };
    page.wait("told.length === 1", "word of a failure");
    assert_eq!(page.js("told[0]"), json!(["error", "unknownModel"]));
    let error = page.js("says('error')");
    assert!(error.as_str().unwrap().contains("no-such"), "{error}");
    assert_eq!(page.js("[part('error').getAttribute('role'), says('button')]"), json!(["alert", "Try again"]));
    page.run("document.querySelector('bio-scope').model = 'minilm-l6';", Value::Null);
    waits(&page, "status", 0, "Answer: Ada");
    assert_eq!(page.js("[says('error'), says('button')]"), json!(["", ""]));
    page.run("document.querySelector('bio-scope').question = 'On which day did Ada sing?';", Value::Null);
    waits(&page, "status", 0, "Answer: Friday");
    // Several changes at once are one.
    page.run(
        "const element = document.querySelector('bio-scope'); element.question = 'Who danced?'; element.question = 'Who slept?';
         element.textContent = 'In the evening Bo slept.';",
        Value::Null,
    );
    waits(&page, "status", 0, "Answer: Bo");
    let told =
        json!([["error", "unknownModel"], ["analysed", ["Ada"]], ["analysed", ["Friday"]], ["analysed", ["Bo"]]]);
    assert_eq!(page.js("told"), told);
    // What begins a line begins one in the text too, and what is not shown is not read.
    page.run(
        "document.querySelector('bio-scope').innerHTML = '<p>At night\\n <b>Bo</b> slept.</p><p>Ada<br>did not.</p><style>p { margin: 0 }</style>';",
        Value::Null,
    );
    page.wait("told.length === 5", "another text");
    let lines = json!("At night Bo slept.\nAda\ndid not.");
    assert_eq!(
        page.js("[part('text').textContent, document.querySelector('bio-scope').paragraph]"),
        json!([lines, lines])
    );
    assert_eq!(page.js("getComputedStyle(part('text')).whiteSpace"), "pre-line");
    page.run("document.querySelector('bio-scope').textContent = 'In the evening Bo slept.';", Value::Null);
    page.wait("told.length === 6", "the text before");
    // A long question is cut, and that is said.
    page.run("document.querySelector('bio-scope').question = 'Who slept ' + 'so '.repeat(300);", Value::Null);
    page.wait(
        "told.length === 7 && says('status').endsWith('its first 256 word pieces were read.')",
        "word of the cut",
    );
    assert_eq!(page.js("document.querySelector('bio-scope').analysis.questionTruncated"), true);
    // A question that the engine refuses, and one more.
    page.run("document.querySelector('bio-scope').question = '\\u200b';", Value::Null);
    page.wait("told.length === 8 && told[7][1] === 'emptyQuestion'", "a refusal");
    assert_eq!(page.js("[part('answer'), document.querySelector('bio-scope').analysis ?? null]"), json!([null, null]));
    page.run("document.querySelector('bio-scope').question = 'Who slept?';", Value::Null);
    waits(&page, "status", 0, "Answer: Bo");
    assert_eq!(asked(&page, "/worker.js"), 2, "one for the name that there is not, one for all the rest");
    // A page in Greek, a text in English.
    page.run(
        "document.querySelector('main').lang = 'el'; const element = document.querySelector('bio-scope'); element.lang = 'en'; element.question = 'Who sleeps?';",
        Value::Null,
    );
    waits(&page, "status", 0, "Απάντηση: Bo");
    assert_eq!(page.js("part('status').lang"), "el");
}

#[test]
fn what_is_set_before_the_module_has_come_counts() {
    let Some(page) = with("") else { return };
    page.put("early.js", b"document.querySelector('bio-scope').question = 'Who sang?';");
    show(&page, "<bio-scope>On Friday Ada sang, and Bo listened.</bio-scope><script src=\"early.js\"></script>");
    waits(&page, "status", 0, "Answer: Ada");
    let now = page.run(
        "const element = document.querySelector('bio-scope'); element.question = a;
         return [element.getAttribute('question'), element.analysis ?? null];",
        json!("On which day did Ada sing?"),
    );
    assert_eq!(now, json!(["On which day did Ada sing?", null]), "an attribute, and nothing of the question before");
    waits(&page, "status", 0, "Answer: Friday");
    page.run("document.querySelector('bio-scope').question = null;", Value::Null);
    waits(&page, "status", 0, "");
    assert_eq!(page.js("document.querySelector('bio-scope').question"), "", "not the word null");
}

#[test]
fn a_network_that_fails_can_be_tried_again() {
    let Some(page) = with("") else { return };
    page.server.break_off("tiny-128/model.safetensors", &[0, 0]);
    show(&page, "<bio-scope model=tiny-128 loading=eager question='Who sang?'>On Friday Ada sang.</bio-scope>");
    page.wait("told.length === 1 && told[0][1] === 'network'", "the failure");
    assert_eq!(page.js("part('text').querySelector('slot') !== null"), true, "the text stays");
    page.server.break_off("", &[]);
    page.run("part('button').click();", Value::Null);
    waits(&page, "status", 0, "Answer: Ada");
}

#[test]
fn it_fetches_when_it_is_wanted() {
    let Some(page) = with("") else { return };
    let element = |loading: &str| {
        format!("<bio-scope model=tiny-128 loading={loading} question='Who sang?'>On Friday Ada sang.</bio-scope>")
    };
    show(&page, &format!("{}<canvas height=3000></canvas>{}", element("click"), element("view")));
    page.wait("window.says?.('button') === 'Find the answer'", "the button");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!((asked(&page, "bioscope.js"), asked(&page, "models/")), (0, 0), "{:?}", page.server.requests());
    page.server.hold("tiny-128/model.safetensors");
    page.run("window.scrollTo(0, 1e6);", Value::Null);
    page.wait("says('progress', 1).endsWith(' of 4.9 MB')", "progress");
    assert_eq!(page.js("says('status', 1)"), "Loading the model …");
    page.server.hold("");
    waits(&page, "status", 1, "Answer: Ada");
    assert_eq!(page.js("says('button', 0)"), "Find the answer");
    page.run("part('button').click();", Value::Null);
    waits(&page, "status", 0, "Answer: Ada");
    assert_eq!(asked(&page, "/worker.js"), 1);
    // One that is only moved keeps its engine; with the last one it ends.
    page.run("const [first, second] = document.querySelectorAll('bio-scope'); first.remove(); document.body.prepend(second);", Value::Null);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    waits(&page, "status", 0, "Answer: Ada");
    assert_eq!(asked(&page, "/worker.js"), 1);
    page.run("window.last = document.querySelector('bio-scope'); last.remove();", Value::Null);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    page.run("document.body.prepend(last);", Value::Null);
    page.wait("told.length === 4", "another analysis");
    assert_eq!(asked(&page, "/worker.js"), 2);
}

#[test]
fn nothing_serious_for_a_screen_reader_in_either_colour_scheme() {
    if crate::browser::dist().is_none() || !crate::browser::chromium_only() {
        return;
    }
    let Some(script) = crate::access::axe() else {
        return common::skip("the element's accessibility check", "needs axe-core, which npm could not install");
    };
    let content = "<h1>Element</h1><bio-scope model=tiny-128 question='Who sang?'>On Friday Ada sang.</bio-scope><bio-scope model=no-such question='Who?'>Ada sang.</bio-scope>";
    let Some(page) = with(content) else { return };
    for scheme in ["light", "dark"] {
        page.scheme(scheme);
        show(&page, content);
        // As a page does that follows the reader's scheme.
        page.run(
            "document.documentElement.style.colorScheme = 'light dark'; Object.assign(document.body.style, { background: 'Canvas', color: 'CanvasText' });",
            Value::Null,
        );
        waits(&page, "status", 0, "Answer: Ada");
        page.wait("says('error', 1)", "the other one's error");
        page.run("part('text').querySelector('mark .token').focus();", Value::Null);
        let found = crate::access::findings(&page, &script);
        assert!(found.is_empty(), "{scheme}: {}", found.join("\n"));
        page.shot(&format!("element-{scheme}"));
    }
    for width in [320, 1280] {
        page.screen(width, 800, 1, false);
        let over = page.js("document.documentElement.scrollWidth - innerWidth");
        assert!(over.as_f64().unwrap() <= 0.0, "{width}: {over}");
        page.shot(&format!("element-{width}"));
    }
}
