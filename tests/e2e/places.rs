//! The page's places: what one sees without scrolling, where addresses and "Back" lead, the paragraph edited where it is read.

use serde_json::{Value, json};

use crate::browser::{Page, browser, chromium, opened};

/// The window, as a screen (or a phone) of this size has it.
/// What of these is not wholly in view, between the window's top and what covers its foot: empty where all is.
fn out_of_view(page: &Page, selectors: &[&str]) -> Value {
    page.run(
        "const covered = [...document.querySelectorAll('.places')].map((e) => e.getBoundingClientRect()).find((r) => r.bottom >= innerHeight - 1 && r.top > innerHeight / 2);
         const foot = covered?.top ?? innerHeight;
         return a.filter((selector) => {
           const all = [...document.querySelectorAll(selector)];
           return !all.length || all.some((e) => { const r = e.getBoundingClientRect();
             return r.width === 0 || r.height === 0 || r.top < 0 || r.bottom > foot || r.left < 0 || r.right > innerWidth; });
         });",
        json!(selectors),
    )
}

fn speak(page: &Page, language: &str) {
    page.speak(language);
    page.wait(
        "document.querySelector('.inspector .strip') && document.querySelector('[data-testid=loss-total]')",
        "the cards",
    );
}

#[test]
fn the_first_screen_holds_question_bars_answers_loss_and_a_token() {
    let Some(page) = chromium() else { return };
    page.size(1440, 900);
    page.open_ready();
    page.h_shown();
    for language in ["en", "el"] {
        speak(&page, language);
        page.size(1440, 900);
        let all = [
            "[data-testid=question]",
            "[data-testid=analyse]",
            "[data-testid=answer]",
            ".spans.other li",
            "[data-testid=token]",
            "[data-testid=token] .p",
            "[data-testid=loss-total]",
            ".losscard math",
            ".losscard .terms",
            ".inspector h2",
            ".inspector .layer",
            ".inspector math",
            ".inspector .prow",
            ".tokenloss math",
        ];
        assert_eq!(out_of_view(&page, &all), json!([]), "{language}");
        page.shot(&format!("first-screen-{language}"));
        // The token under the pointer is the one in detail.
        page.run(
            "document.querySelector('[data-testid=token][data-index=\"5\"]').dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));",
            Value::Null,
        );
        page.wait("document.querySelector('.inspector h2').textContent.includes('6')", "the token under the pointer");
        page.run(
            "document.querySelector('.paper').dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }));",
            Value::Null,
        );
        page.size(390, 844);
        let first = ["[data-testid=question]", "[data-testid=answer]", "[data-testid=token][data-index='9'] .p"];
        assert_eq!(out_of_view(&page, &first), json!([]), "{language}, on a phone");
        page.shot(&format!("first-screen-phone-{language}"));
    }
}

#[test]
fn places_have_addresses_and_back_leads_back() {
    let Some(page) = browser() else { return };
    let at = |place: &str, shown: &str, hidden: &str| {
        page.wait(&format!("document.body.dataset.place === '{place}'"), place);
        page.wait(&format!("document.querySelector('{shown}')?.checkVisibility()"), shown);
        page.wait(&format!("!document.querySelector('{hidden}')?.checkVisibility()"), hidden);
        let current = "document.querySelector('.places [aria-current=page]').dataset.name";
        assert_eq!(page.js(current), place);
    };
    page.goto("#labels");
    page.ready();
    at("labels", ".goldcard", ".inspector");
    page.place("exercise");
    at("exercise", "#tab-panel", ".answers");
    page.click("#tab-4");
    page.wait("location.hash === '#exercise/gradient'", "the tab's address");
    page.place("learning");
    at("learning", "[data-testid=learn-step]", ".tabs");
    page.place("class");
    at("class", "[data-testid=class]", ".reading");
    page.place("questions");
    at("questions", "[data-testid=book]", ".inspector");
    page.place("read");
    at("read", ".inspector", ".goldcard");
    let open = |tab: usize| {
        let open = format!("document.querySelector('#tab-{tab}').getAttribute('aria-selected') === 'true'");
        page.wait(&open, "the tab of that time");
    };
    for (place, shown, hidden, tab) in [
        ("questions", "[data-testid=book]", ".inspector", None),
        ("class", "[data-testid=class]", ".reading", None),
        ("learning", "[data-testid=learn-step]", ".tabs", None),
        ("exercise", "#tab-panel", ".answers", Some(4)),
        ("exercise", "#tab-panel", ".answers", Some(0)),
        ("labels", ".goldcard", ".inspector", None),
    ] {
        page.js("(history.back(), 1)");
        at(place, shown, hidden);
        tab.into_iter().for_each(open);
    }
    for tab in [0, 4] {
        page.js("(history.forward(), 1)");
        at("exercise", "#tab-panel", ".answers");
        open(tab);
    }
    page.reload();
    at("exercise", "#tab-panel", ".answers");
    page.wait("document.querySelector('#tab-4').getAttribute('aria-selected') === 'true'", "the tab, after a reload");
    // Nothing of it in the address is no place's; an unknown name changes nothing; the hooks are there at every place.
    page.goto("?other/file#exercise/c");
    at("exercise", "#tab-panel", ".answers");
    page.ready(); // the engine is looked for where the site is, whatever the address says
    page.wait("document.querySelector('#tab-3').getAttribute('aria-selected') === 'true'", "a link to a tab");
    page.js("(location.hash = '#nowhere', 1)");
    at("exercise", "#tab-panel", ".answers");
    for hook in [
        "question",
        "paragraph",
        "analyse",
        "status",
        "model",
        "example",
        "decoder",
        "token",
        "answer",
        "annotator",
        "gold-token",
        "loss-total",
        "loss-term",
    ] {
        page.wait(&format!("document.querySelector('[data-testid={hook}]')"), hook);
    }
    page.goto("?third");
    at("read", ".inspector", ".goldcard");
}

#[test]
fn a_link_opens_its_text_at_a_place() {
    let Some(page) = opened() else { return };
    let paragraph = "On Friday Ada sang, and Bo listened.";
    page.analyse("Who sang?", paragraph);
    page.place("labels");
    let fragment = crate::share::link(&page, &["link-place"]);
    assert!(fragment.ends_with("&place=labels"), "{fragment}");
    page.goto(&format!("?fresh{fragment}"));
    page.wait(
        "document.body.dataset.place === 'labels' && location.hash === '#labels'",
        "the place, and its own address",
    );
    page.settled(paragraph);
    page.no_error();
    // Pasted into the address of an open page.
    page.place("read");
    page.js(&format!("(location.hash = {}, 1)", json!(fragment)));
    page.wait("document.body.dataset.place === 'labels'", "the place again");
}

#[test]
fn the_paragraph_is_edited_where_it_is_read_and_nothing_is_lost() {
    let Some(page) = chromium() else { return };
    page.open_ready();
    let value = || page.value("paragraph");
    let before = value();
    let open = || {
        page.wait(
            "document.querySelector('.reading.editing') && document.activeElement.id === 'paragraph'",
            "the field",
        )
    };
    let closed = || {
        page.wait(
            "!document.querySelector('.reading.editing') && document.activeElement.id !== 'paragraph'",
            "the text",
        )
    };
    // Once on the page: read or edited.
    assert_eq!(page.js("document.querySelector('.paper').checkVisibility()"), true);
    page.click("[data-testid=paragraph]");
    open();
    // Where the model reads along, its bars stand below what one types.
    let live = page.js("document.querySelector('.reading').classList.contains('live')");
    assert_eq!(page.js("document.querySelector('.paper').checkVisibility()"), live);
    page.shot("editing");
    page.devtools("Input.insertText", json!({"text": "Yes. "}));
    page.strike("Escape", 27);
    closed();
    let after = value();
    assert!(after.contains("Yes. ") && after.len() == before.len() + 5, "{after}");
    page.settled(&after);
    // A step back is a step back.
    page.press(&["z"], true);
    page.holds("paragraph", &before);
    page.click("[data-testid=analyse]");
    page.settled(&before);
    // Tab leaves it for the text, as Escape does.
    page.click("[data-testid=paragraph]");
    open();
    page.strike("Tab", 9);
    closed();
    page.wait("document.activeElement.matches('[data-testid=token]')", "the focus on a token");
    // By key, at a word, which is selected.
    page.click("[data-testid=token][data-index='2']");
    page.press(&["e"], false);
    open();
    page.wait("getSelection().toString() === 'Maria' || (({ selectionStart, selectionEnd, value }) => value.slice(selectionStart, selectionEnd) === 'Maria')(document.activeElement)", "the word");
    page.devtools("Input.insertText", json!({"text": "Olga"}));
    // A press of the button is enough, and it is not missed while the field closes.
    page.click("[data-testid=done]");
    closed();
    let olga = before.replacen("Maria", "Olga", 1);
    assert_eq!(value(), olga);
    page.settled(&olga);
    // What is pasted beside all fields is the paragraph.
    let pasted = "On Friday Ada sang, and Bo listened.";
    page.run(
        "const data = new DataTransfer(); data.setData('text/plain', a);
         document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));",
        json!(pasted),
    );
    page.settled(pasted);
    assert_eq!(value(), pasted);
    // An empty paragraph is a field to write into, and no error.
    page.fill("paragraph", "");
    page.click("h1");
    page.wait("document.querySelector('.reading.editing .editor').checkVisibility()", "the field");
    page.no_error();
}

#[test]
fn the_header_is_whole_at_1024_by_768() {
    let Some(page) = chromium() else { return };
    page.size(1024, 768);
    // Seen while the model loads, too: its words are the longest.
    let large = "minilm-l6/model.safetensors";
    page.server.break_off(large, &[5_000_000]);
    page.server.hold(large);
    page.open();
    page.wait("document.querySelector('[data-testid=language]')", "the page");
    for language in ["en", "el"] {
        page.speak(language);
        page.wait("document.querySelector('.places a')", "the links");
        let cut = page.run(
            "const texts = [...document.querySelectorAll('header *')].filter((e) => e.checkVisibility() && !e.closest('.sr, option, select') && e.textContent.trim());
             const select = [...document.querySelectorAll('header select')].filter((e) => {
               const twin = document.createElement('select'); twin.append(new Option(e.selectedOptions[0].textContent));
               twin.style.cssText = 'position:absolute;visibility:hidden;width:auto;max-width:none'; e.parentElement.append(twin);
               const wanted = twin.getBoundingClientRect().width; twin.remove();
               return wanted > e.getBoundingClientRect().width + 1; });
             const parts = [...document.querySelector('header').children].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 0 && getComputedStyle(e).position !== 'fixed');
             const boxes = parts.map((e) => e.getBoundingClientRect());
             const meet = boxes.some((r, i) => boxes.some((s, k) => k > i && r.left < s.right - 1 && s.left < r.right - 1 && r.top < s.bottom - 1 && s.top < r.bottom - 1));
             return [texts.filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map((e) => e.textContent), select.map((e) => e.dataset.testid), meet,
               boxes.every((r) => r.right <= innerWidth)];",
            Value::Null,
        );
        assert_eq!(cut, json!([[], [], false, true]), "{language}");
    }
    page.server.break_off(large, &[]);
    page.server.hold("");
    page.ready();
    page.h_shown();
    page.shot("header-1024");
}

/// What scrolls beside the window itself, but for a row of tokens, which goes on beyond its sides.
fn scrolled_apart(page: &Page) -> Value {
    page.js(
        "[...document.querySelectorAll('main *')].filter((e) => e.checkVisibility() && !e.matches('.cols, textarea') && (() => {
           const { overflowX, overflowY } = getComputedStyle(e), scrolls = (how) => how === 'auto' || how === 'scroll';
           return (scrolls(overflowY) && e.scrollHeight > e.clientHeight) || (scrolls(overflowX) && e.scrollWidth > e.clientWidth);
         })()).map((e) => e.className)",
    )
}

#[test]
fn nothing_scrolls_beside_the_window_at_any_place() {
    let Some(page) = chromium() else { return };
    page.open_ready();
    page.h_shown();
    for language in ["en", "el"] {
        speak(&page, language);
        for (width, height) in [(1024, 768), (1440, 900)] {
            page.size(width, height);
            for place in ["read", "labels", "exercise", "learning", "class", "questions"] {
                page.place(place);
                for tab in if place == "exercise" { &[0, 1, 2, 3, 4, 6, 7][..] } else { &[] } {
                    page.click_by_script(&format!("#tab-{tab}"));
                    page.wait("document.querySelector('#tab-panel').childElementCount > 0", "the panel");
                    page.run("await new Promise((r) => setTimeout(r, 200));", Value::Null); // what is drawn lazily
                    assert_eq!(scrolled_apart(&page), json!([]), "{language}, {width}, tab {tab}");
                }
                assert_eq!(scrolled_apart(&page), json!([]), "{language}, {width}, {place}");
                let wide = page.js("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
                assert_eq!(wide, true, "{language}, {width}, {place}");
            }
        }
    }
}

#[test]
fn on_a_phone_errors_are_in_view_and_no_table_scrolls_sideways() {
    let Some(page) = chromium() else { return };
    page.size(390, 844);
    page.open_ready();
    page.h_shown();
    for language in ["en", "el"] {
        speak(&page, language);
        page.run("scrollTo(0, document.body.scrollHeight);", Value::Null);
        page.fill("question", " ");
        page.run(
            "document.querySelector('[data-testid=analyse]').click(); scrollTo(0, document.body.scrollHeight);",
            Value::Null,
        );
        page.wait("document.querySelector('[data-testid=error]')", "a message");
        assert_eq!(out_of_view(&page, &["[data-testid=error]"]), json!([]));
        let greek = page.error().chars().any(|c| ('α'..='ω').contains(&c));
        assert_eq!(greek, language == "el", "{}", page.error());
        page.shot(&format!("phone-error-{language}"));
        page.click(".error .icon");
        page.fill("question", "Who turned the old mill into a museum?");
        page.click_by_script("[data-testid=analyse]");
        let wide = || {
            page.js("[...document.querySelectorAll('table')].filter((t) => t.checkVisibility()).filter((t) => {
               for (let up = t; up !== document.body; up = up.parentElement)
                 if (getComputedStyle(up).overflowX !== 'visible' && up.scrollWidth > up.clientWidth + 1) return true;
               return false; }).map((t) => t.outerHTML.slice(0, 90))")
        };
        for view in ["bars", "table"] {
            page.click_by_script(&format!("[data-view={view}]"));
            assert_eq!(wide(), json!([]), "{language}, {view}");
        }
        page.click_by_script("[data-view=bars]");
        page.place("exercise");
        for tab in [0, 1, 2, 3, 4, 6, 7] {
            page.exercise_tab(tab);
            page.run("await new Promise((r) => setTimeout(r, 200));", Value::Null); // what is drawn lazily
            assert_eq!(wide(), json!([]), "{language}, tab {tab}");
            page.shot(&format!("phone-tab-{tab}-{language}"));
        }
        page.place("read");
    }
}
