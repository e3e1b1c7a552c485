//! Several tabs at a time, and pages that end in the middle of something: nothing is lost, and what comes next works.

use serde_json::json;

use crate::browser::{Kind, Page, Site, browser, browser_on, opened};
use crate::offline::starts;

const MILL: (&str, &str) = ("Who owned the old mill?", "For forty years Ada Berg owned the old mill by the river.");
const SHIP: (&str, &str) =
    ("Who painted the ship?", "In the spring Tomas painted the ship, and Ines cleaned the sails.");
const LARGE: &str = "minilm-l6/model.safetensors";

/// Labels a token of the text on show as an answer that begins there. A model that reads while one types may draw the text once
/// more between click and key; then the key is nobody's, and one clicks again.
fn label(page: &Page, token: usize) {
    let labelled =
        format!("document.querySelector('[data-testid=gold-token][data-index=\"{token}\"]')?.dataset.label === 'B'");
    for _ in 0..10 {
        page.click(&format!("[data-testid=token][data-index='{token}']"));
        page.press(&["b"], false);
        std::thread::sleep(std::time::Duration::from_millis(300));
        if page.js(&labelled) == true {
            return;
        }
    }
    panic!("token {token} cannot be labelled");
}

/// Waits until what is kept holds this text.
fn kept(page: &Page, key: &str, text: &str) {
    page.wait(&format!("localStorage['bioscope.{key}']?.includes({})", json!(text)), &format!("{key} to hold {text}"));
}

#[test]
fn two_tabs_that_save_at_once_lose_no_label() {
    let Some(page) = opened() else { return };
    let first = page.tab();
    page.analyse(MILL.0, MILL.1);
    label(&page, 3);
    let second = page.new_tab();
    page.open_ready();
    page.analyse(SHIP.0, SHIP.1);
    label(&page, 3);
    let ship = page.labels();
    // Both change something before either has saved.
    page.look_at(&first);
    let last = |page: &Page| page.tokens().len() - 2;
    label(&page, last(&page));
    let mill = page.labels();
    page.look_at(&second);
    label(&page, last(&page));
    let ship_too = page.labels();
    assert!(ship != ship_too);
    // Each has saved by now, in whichever order.
    page.look_at(&first);
    std::thread::sleep(std::time::Duration::from_secs(2));
    let both = page.js("[localStorage['bioscope.document'], localStorage['bioscope.before']]");
    let both: Vec<String> = serde_json::from_value(both).unwrap();
    for text in [MILL.1, SHIP.1] {
        assert!(both.iter().any(|kept| kept.contains(text)), "{text}: {both:?}");
    }
    // A tab that is closed saves nothing that is not new.
    let before = page.js("localStorage['bioscope.document']");
    page.close_tab();
    page.look_at(&second);
    assert_eq!(page.js("localStorage['bioscope.document']"), before);
    // The next visit has one text, and the other is one undo away, both with their last labels.
    page.reload_ready();
    let (now, then) = if before.as_str().unwrap().contains(MILL.1) {
        ((MILL, mill), (SHIP, ship_too))
    } else {
        ((SHIP, ship_too), (MILL, mill))
    };
    page.settled(now.0.1);
    assert_eq!(page.labels(), now.1);
    page.js("document.activeElement.blur()");
    page.press(&["z"], true);
    page.holds("paragraph", then.0.1);
    page.click("[data-testid=analyse]");
    page.settled(then.0.1);
    assert_eq!(page.labels(), then.1);
}

#[test]
fn a_tab_with_nothing_new_leaves_alone_what_another_has_saved() {
    let Some(page) = opened() else { return };
    let idle = page.tab();
    let busy = page.new_tab();
    page.open_ready();
    page.analyse(MILL.0, MILL.1);
    label(&page, 3);
    kept(&page, "document", MILL.1);
    page.look_at(&idle);
    page.close_tab();
    page.look_at(&busy);
    page.reload_ready();
    page.settled(MILL.1);
}

#[test]
fn a_tab_closed_amid_learning_keeps_the_labels_and_leaves_the_model_as_it_is() {
    let Some(page) = opened() else { return };
    page.choose_model("tiny-128");
    kept(&page, "document", "tiny-128");
    let first = page.tab();
    page.new_tab();
    page.open_ready();
    page.analyse(MILL.0, MILL.1);
    let shipped = page.tokens();
    label(&page, 3);
    kept(&page, "document", MILL.1);
    let labels = page.labels();
    page.click_by_script("#tab-5");
    page.click("[data-testid=learn-play]");
    page.wait("Number(document.querySelector('[data-testid=learn-status]').dataset.steps) >= 1", "a step");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.state !== 'idle'", "the next one");
    page.close_tab();
    page.look_at(&first);
    page.reload_ready();
    page.settled(MILL.1);
    assert_eq!(page.tokens(), shipped);
    assert_eq!(page.labels(), labels);
    page.click_by_script("#tab-5");
    page.click("[data-testid=learn-step]");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '1'", "a step of learning");
    page.no_error();
}

#[test]
fn a_reload_amid_a_download_loses_neither_text_nor_what_has_come() {
    let Some(page) = browser() else { return };
    // In many small pieces, so that there is a middle to reload in.
    let pieces: Vec<usize> = std::iter::once(5_000_000).chain([400_000; 30]).collect();
    page.server.break_off(LARGE, &pieces);
    page.open();
    page.wait("document.querySelector('[data-testid=status]')?.dataset.total > 0", "the page");
    page.fill("question", MILL.0);
    page.fill("paragraph", MILL.1);
    kept(&page, "document", MILL.1);
    page.wait("Number(document.querySelector('[data-testid=status]').dataset.loaded) > 5.3e6", "some of the download");
    page.server.hold(LARGE);
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.state"), "loading");
    page.reload();
    page.server.break_off(LARGE, &[]);
    page.server.hold("");
    page.ready();
    page.settled(MILL.1);
    assert_eq!(page.value("question"), MILL.0);
    page.no_error();
    if Kind::named().keeps() {
        let starts = starts(&page.server);
        assert!(starts.last().is_some_and(|start| *start >= 4 << 20), "it went on where it was: {starts:?}");
    }
}

/// Chooses what the next step is to change: `head` or `joint`.
fn mode(page: &Page, mode: &str) {
    page.click(&format!("[data-testid=learn-mode][data-mode={mode}]"));
}

/// A program whose memory may not grow beyond so many pages of 64 KiB: a browser that has no more to give.
fn capped(program: &[u8], pages: u32) -> Vec<u8> {
    let leb = |mut n: u32| {
        let mut out = Vec::new();
        while n >= 128 {
            out.push(n as u8 | 128);
            n >>= 7;
        }
        out.push(n as u8);
        out
    };
    let read = |at: &mut usize| {
        let (mut n, mut shift) = (0, 0);
        loop {
            let byte = program[*at];
            *at += 1;
            n |= u32::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return n;
            }
        }
    };
    let mut at = 8; // behind magic number and version
    loop {
        let (start, section) = (at, program[at]);
        at += 1;
        let length = read(&mut at) as usize;
        let end = at + length;
        if section != 5 {
            at = end;
            continue;
        }
        assert_eq!((program[at], program[at + 1]), (1, 0), "one memory, without a limit");
        at += 2;
        let least = read(&mut at);
        assert!(least <= pages && at == end);
        let limits = [vec![1, 1], leb(least), leb(pages)].concat();
        return [&program[..start], &[5], &leb(limits.len() as u32), &limits, &program[end..]].concat();
    }
}

/// Megabytes that suffice for the engine and for steps of the dense layer, and not for one of all of BERT.
const ENOUGH_FOR_THE_HEAD: u32 = 100;

#[test]
fn learning_that_is_refused_memory_leaves_the_model_as_before_the_step() {
    let Some(dist) = crate::browser::dist() else { return };
    let name = format!("worker-{}_bg.wasm", Kind::named().kernel());
    let program = capped(&std::fs::read(dist.join(&name)).unwrap(), ENOUGH_FOR_THE_HEAD * 16);
    let Some(page) = browser_on(&Site { changed: &[(&*name, program)], ..Site::default() }) else { return };
    page.open_ready();
    page.choose_model("tiny-128");
    page.analyse(MILL.0, MILL.1);
    let shipped = page.tokens();
    label(&page, 3);
    let labels = page.labels();
    page.click_by_script("#tab-5");
    mode(&page, "head");
    page.click("[data-testid=learn-step]");
    page.learned(1);
    let head = page.tokens();
    assert_ne!(head, shipped);
    mode(&page, "joint");
    page.run(
        "const status = document.querySelector('[data-testid=learn-status]'); window.states = [];
         new MutationObserver(() => window.states.push(status.dataset.state)).observe(status, { attributeFilter: ['data-state'] });",
        json!(null),
    );
    page.click("[data-testid=learn-step]");
    let error = page.error();
    println!("{error}");
    assert!(error.contains("engine"), "{error}");
    page.learned(1);
    let states = page.js("window.states");
    assert_eq!(
        states,
        json!(["busy", "idle"]),
        "between two workers it does not rest: a step pressed then would be lost"
    );
    assert_eq!(page.tokens(), head, "the step before is made again, exactly");
    assert_eq!(page.labels(), labels);
    // The page goes on, and so does learning.
    mode(&page, "head");
    page.click("[data-testid=learn-step]");
    page.learned(2);
    page.click_by_script("#tab-0");
    page.analyse(SHIP.0, SHIP.1);
}
