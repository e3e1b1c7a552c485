//! What an automated accessibility checker says of the page: nothing serious.

use serde_json::{Value, json};

use crate::browser::{Page, chromium, opened};
use crate::common;
use crate::merge::drop_files;

const QUESTION: &str =
    r#"{"id":"a","context":"On Friday Ada sang.","question":"Who sang?","annotators":[[[10,13]],[]]}"#;

/// Findings of weight, one line each.
pub fn findings(page: &Page, script: &str) -> Vec<String> {
    // Not as a script element: the page's policy allows none from elsewhere.
    page.run(&format!("if (!window.axe) {{ {script} }}"), Value::Null);
    let found = page.run(
        "const found = await axe.run(document, { resultTypes: ['violations'] });
         return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
           .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.html.slice(0, 160)}`));",
        Value::Null,
    );
    serde_json::from_value(found).unwrap()
}

/// The checker's script, where there is one.
pub fn axe() -> Option<String> {
    std::env::var_os("BIOSCOPE_AXE").map(|path| std::fs::read_to_string(path).unwrap())
}

/// It finds nothing serious, where there is one.
pub fn accessible(page: &Page, what: &str) {
    if let Some(script) = axe() {
        assert_eq!(findings(page, &script), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn the_tab_key_leads_to_one_token_however_often_the_text_is_painted() {
    let Some(page) = opened() else { return };
    let stops = |token: &str, what: &str| {
        page.wait(
            &format!(
                "[...document.querySelectorAll('[data-testid=token][tabindex=\"0\"]')].map((t) => t.dataset.index).join() === '{token}'
                 && document.querySelector('[data-testid=token][data-pinned=true]')?.dataset.index === '{token}'"
            ),
            what,
        );
    };
    page.click("[data-testid=token][data-index='3']");
    stops("3", "the chosen token alone");
    for view in ["table", "text", "bars"] {
        page.click_by_script(&format!("[data-view={view}]"));
        stops("3", view);
    }
    page.click("[data-testid=token][data-index='1']");
    stops("1", "another one");
}

#[test]
fn nothing_serious_in_either_colour_scheme() {
    if crate::browser::dist().is_none() {
        return; // no browser runs
    }
    let Some(script) = axe() else {
        return common::skip("the accessibility check", "needs axe-core, which npm could not install");
    };
    let Some(page) = chromium() else { return };
    page.be_patient();
    let mut all = Vec::new();
    for scheme in ["light", "dark"] {
        page.scheme(scheme);
        page.open_ready();
        page.h_shown();
        page.wait("document.querySelector('[data-testid=set-gold]')", "a panel drawn when idle");
        page.run("document.querySelector('[data-testid=set-gold]').open = true;", Value::Null);
        for tab in 0..8 {
            page.exercise_tab(tab);
            all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, tab {tab}: {f}")));
        }
        for view in ["bars", "table"] {
            page.click_by_script(&format!("[data-view={view}]"));
            all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, {view}: {f}")));
        }
        page.place("labels");
        page.run("document.querySelector('[data-testid=set-gold]').open = true;", Value::Null);
        all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, labels: {f}")));
        page.place("read");
        page.run("document.querySelector('[data-testid=paragraph]').focus();", Value::Null);
        page.wait("document.querySelector('.reading.editing')", "the paragraph's field");
        all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, editing: {f}")));
        page.click("[data-testid=share]");
        drop_files(&page, &json!([["a.jsonl", QUESTION], ["b.json", "{\"format\":\"bioscope-analysis\""]]));
        page.wait("document.querySelector('[data-testid=question-entry]')", "a question");
        page.wait("document.querySelector('[data-testid=came-in]')", "a line");
        page.wait("document.body.dataset.place === 'class'", "where labels come in");
        all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, class: {f}")));
        page.place("questions");
        page.click("[data-testid=score]");
        page.wait("document.querySelector('[data-testid=scores] tbody tr')", "a score");
        page.wait("document.querySelector('[data-testid=heat] .hot')", "the heat map");
        all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, questions: {f}")));
        page.shot(&format!("cards-{scheme}"));
        page.click_by_script("[data-testid=share]");
        page.click_by_script("[data-testid=guide]");
        page.settled("On Friday Ada sang.");
        all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, guide: {f}")));
        // On a phone, in the other language.
        page.click_by_script(".guide .leave");
        page.size(390, 844);
        page.speak("el");
        page.h_shown();
        for place in ["read", "labels", "exercise", "learning", "class", "questions"] {
            page.place(place);
            all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, phone, {place}: {f}")));
        }
        page.speak("en");
        page.devtools("Emulation.clearDeviceMetricsOverride", json!({}));
        page.wait("document.querySelector('[data-testid=present]')", "the page in English"); // it is drawn in an idle moment
        page.click_by_script("[data-testid=present]");
        all.extend(findings(&page, &script).into_iter().map(|f| format!("{scheme}, presentation: {f}")));
        page.js("localStorage.clear()");
    }
    assert!(all.is_empty(), "{} findings:\n{}", all.len(), all.join("\n"));
}
