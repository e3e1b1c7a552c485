//! Presenter mode: one thing at a time, large, keys to go on.

use serde_json::Value;

use crate::browser::{Page, chromium};

fn begin(page: &Page) {
    page.run(
        "const button = document.querySelector('[data-testid=present]'); button.focus(); button.click();",
        Value::Null,
    );
    page.wait("document.body.dataset.present === 'text'", "the first view");
}

/// Which slide is on screen, and how many there are.
fn place(page: &Page) -> (usize, usize) {
    let text = page.js("document.querySelector('.presenter .place').firstChild.textContent");
    let (at, of) = text.as_str().unwrap().split_once('/').unwrap();
    (at.parse().unwrap(), of.parse().unwrap())
}

/// What cannot be read from the last row of a room: text that is too small, and text that is not on the screen. Scripts of
/// formulas are smaller than what they belong to, as everywhere; a row of tokens goes on beyond the sides.
const UNREADABLE: &str = "
    let seen = 0;
    const foot = document.querySelector('.presenter').getBoundingClientRect().top, bad = [];
    if (document.documentElement.scrollHeight > innerHeight) bad.push(`the page scrolls: ${document.documentElement.scrollHeight}`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, element = node.parentElement;
      if (!node.textContent.trim() || element.closest('.sr, script, style, option, textarea') || !element.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (!box.width || !box.height) continue;
      if (!element.closest('.presenter')) seen += 1;
      const said = `${node.textContent.trim().slice(0, 30)} in ${element.tagName}.${element.className}`;
      const script = element.closest('sub, sup, msub > :nth-child(n + 2), msup > :nth-child(n + 2), msubsup > :nth-child(n + 2), munder > :nth-child(n + 2), munderover > :nth-child(n + 2)');
      const size = parseFloat(getComputedStyle(element).fontSize);
      if (size < 24 && !script) bad.push(`${size} px: ${said}`);
      if (element.closest('.cols')) continue;
      if (box.right > (element.closest('.panel')?.getBoundingClientRect().right ?? innerWidth) + 1) bad.push(`cut off: ${said}`);
      if (box.top < -1 || box.left < -1 || box.right > innerWidth + 1) bad.push(`off the screen: ${said}`);
      if (!element.closest('.presenter') && box.bottom > foot + 1) bad.push(`below the screen: ${said} ${Math.round(box.bottom)} > ${Math.round(foot)}`);
    }
    if (!seen) bad.push('nothing is shown');
    return [...new Set(bad)];";

#[test]
fn every_view_fits_the_screen_and_can_be_read_from_the_last_row() {
    let Some(page) = chromium() else { return };
    page.size(1280, 720);
    page.open_ready();
    page.h_shown();
    page.wait("document.querySelector('[data-testid=heat] .hot')", "the heat map");
    let mut all = Vec::new();
    for language in ["en", "el"] {
        page.speak(language);
        page.wait(
            "document.querySelector('.inspector .strip') && document.querySelector('[data-testid=present]')",
            "the cards",
        );
        begin(&page);
        let (_, of) = place(&page);
        assert!(of >= 18, "{of} views");
        for k in 1..=of {
            assert_eq!(place(&page).0, k);
            page.wait(
                "!document.querySelector('#tab-panel') || document.querySelector('#tab-panel').childElementCount > 0",
                "the panel",
            );
            page.run("await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));", Value::Null);
            page.shot(&format!("present-{language}-{k:02}"));
            let bad: Vec<String> = serde_json::from_value(page.run(UNREADABLE, Value::Null)).unwrap();
            all.extend(bad.into_iter().map(|b| format!("{language}, view {k}: {b}")));
            page.press(&["ArrowRight"], false);
        }
        page.press(&["Escape"], false);
        page.wait("!document.body.dataset.present", "the page again");
        page.wait("document.activeElement.dataset.testid === 'present'", "the focus where it was");
    }
    assert!(all.is_empty(), "{} findings:\n{}", all.len(), all.join("\n"));
}

#[test]
fn keys_go_on_back_and_to_the_sets_questions() {
    let Some(page) = chromium() else { return };
    page.open_ready();
    page.wait("document.querySelector('[data-testid=set]')", "the teacher's list");
    for (question, paragraph) in
        [("Who sang?", "On Friday Ada sang, and Bo listened."), ("Who slept?", "Nobody slept that night.")]
    {
        page.analyse(question, paragraph);
        page.click_by_script(".setcard [data-testid=set-add]");
    }
    page.count("set-row", 2);
    begin(&page);
    let question = "document.querySelector('[data-testid=present-question]').textContent";
    assert!(page.js(question).as_str().unwrap().contains("2 of 2"));
    for key in ["ArrowRight", " ", "PageDown"] {
        let (at, _) = place(&page);
        page.press(&[key], false);
        assert_eq!(place(&page).0, at + 1, "{key}");
    }
    for key in ["ArrowLeft", "PageUp"] {
        let (at, _) = place(&page);
        page.press(&[key], false);
        assert_eq!(place(&page).0, at - 1, "{key}");
    }
    // Up and down: another token; a click on a token takes no key away.
    let token = "document.querySelector('[data-testid=token][data-focus]').dataset.index";
    let before = page.js(token);
    page.press(&["ArrowDown"], false);
    page.wait(&format!("{token} !== {before}"), "another token");
    page.press(&["ArrowLeft", "ArrowLeft"], false);
    page.click("[data-testid=token][data-index='1']");
    page.press(&["ArrowRight"], false);
    assert_eq!(place(&page).0, 2);
    // Shift: the set's other question, at the same view.
    page.run(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true, bubbles: true, cancelable: true }));",
        Value::Null,
    );
    page.settled("On Friday Ada sang, and Bo listened.");
    assert!(page.js(question).as_str().unwrap().contains("1 of 2"));
    assert_eq!(place(&page).0, 2);
    // After the last view comes the next question's first.
    let (at, of) = place(&page);
    page.press(&vec!["PageDown"; of - at], false);
    assert_eq!(place(&page).0, of);
    page.press(&["PageDown"], false);
    page.settled("Nobody slept that night.");
    page.wait("document.body.dataset.present === 'text'", "the first view");
    page.press(&["Escape"], false);
    page.wait("!document.body.dataset.present && document.querySelector('.ask').checkVisibility()", "the page again");
    // "Back" ends it, too, and nothing else.
    begin(&page);
    page.press(&["ArrowRight"], false);
    page.js("(history.back(), 1)");
    page.wait("!document.body.dataset.present && document.body.dataset.place === 'read'", "the page again");
}
