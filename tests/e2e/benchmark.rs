//! How well the shipped models read: the chart that the model menu opens.

use serde_json::{Value, json};

use crate::access::{accessible, axe};
use crate::browser::{Page, chromium};
use crate::common;
use crate::common::stand_in::shipped;

const PANEL: &str = "document.querySelector('[data-testid=model-scores]')";

/// Chooses the entry of the menu as a user does.
fn open(page: &Page) {
    page.run(
        "const menu = document.querySelector('[data-testid=model]');
         menu.focus();
         menu.value = 'scores';
         menu.dispatchEvent(new Event('change', { bubbles: true }));",
        Value::Null,
    );
    page.wait(&format!("{PANEL} && document.activeElement === {PANEL}"), "the panel, with the focus in it");
}

#[test]
fn the_model_menu_opens_the_scores_and_escape_closes_them() {
    let Some(page) = chromium() else { return };
    page.open_ready();
    let model = "document.querySelector('[data-testid=model]').value";
    let before = page.js(model);
    open(&page);
    assert_eq!(page.js(model), before, "the model stays");
    // Every number is the index's; screen readers hear which is which.
    let rows = page.js(&format!(
        "[...{PANEL}.querySelectorAll('tbody tr')].map((row) => [row.querySelector('th[scope=row]') !== null,
           [...row.querySelectorAll('td')].map((cell) => [Number(cell.dataset.exact), Number(cell.dataset.partly), cell.innerText.trim() !== '',
             cell.querySelector('.meter').getAttribute('aria-hidden')])])"
    ));
    let index = shipped();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 8);
    for (k, row) in rows.iter().enumerate() {
        assert_eq!(row[0], true);
        for (m, cell) in row[1].as_array().unwrap().iter().enumerate() {
            let scores = &index[m]["scores"][k];
            let expected = match scores["kind"].as_str().unwrap() {
                "several" => [&scores["several"]["exactF1"], &scores["several"]["overlapF1"]],
                "unanswerable" => [&Value::Null, &scores["noAnswer"]["f1"]],
                _ => [&scores["em"], &scores["f1"]],
            };
            assert_eq!(cell[0].as_f64(), expected[0].as_f64(), "{scores}");
            assert_eq!((cell[1].as_f64(), &cell[2], &cell[3]), (expected[1].as_f64(), &json!(true), &json!("true")));
        }
    }
    // A bar is as long as its number says.
    let wide = page.js(&format!(
        "(() => {{ const meter = {PANEL}.querySelector('.meter'); return meter.querySelector('.partly').getBoundingClientRect().width / meter.getBoundingClientRect().width; }})()"
    ));
    let f1 = index[0]["scores"][0]["f1"].as_f64().unwrap();
    assert!((100.0 * wide.as_f64().unwrap() - f1).abs() < 1.0, "{wide} for {f1}");
    // The sentences are computed: a tenth more would be another one.
    let text = page.js(&format!("{PANEL}.textContent"));
    let tenths = |share: &Value| match (share.as_f64().unwrap() / 10.0).round() as u32 {
        0 => "fewer than 1 of 10".to_owned(),
        n => format!("{n} of 10"),
    };
    let several = &index[0]["scores"][5]["several"];
    let sentence = format!(
        "MiniLM-L6 finds all of several answers in {}, one of them in {}.",
        tenths(&several["all"]),
        tenths(&several["any"])
    );
    assert!(text.as_str().unwrap().contains(&sentence), "{sentence}: {text}");
    let quality = page.js("document.querySelector('[data-testid=model]').title");
    let articles =
        format!("exact answer to {} questions on encyclopaedic articles", tenths(&index[0]["scores"][0]["em"]));
    assert!(quality.as_str().unwrap().contains(&articles), "{quality}");

    page.strike("Escape", 27);
    page.wait(&format!("{PANEL} === null && document.activeElement.dataset.testid === 'model'"), "the way back");
    page.wait("document.querySelector('[data-testid=open-model-scores]')", "the button at the foot");
    page.click("[data-testid=open-model-scores]");
    page.wait(&format!("document.activeElement === {PANEL}"), "the panel again");
    page.strike("Escape", 27);
    page.wait("document.activeElement.dataset.testid === 'open-model-scores'", "the way back to the foot");
}

#[test]
fn the_scores_fit_a_phone_in_both_languages_and_schemes() {
    let Some(page) = chromium() else { return };
    page.be_patient();
    page.open_ready();
    for (language, heading) in [("en", "How well the models read"), ("el", "Πόσο καλά διαβάζουν τα μοντέλα")]
    {
        crate::page::select(&page, "language", language);
        open(&page);
        assert_eq!(page.js(&format!("{PANEL}.querySelector('h2').textContent")), heading);
        for scheme in ["light", "dark"] {
            page.scheme(scheme);
            for width in [1280, 390] {
                page.screen(width, 1200, 1, false);
                let fits = format!(
                    "{PANEL}.scrollWidth <= {PANEL}.clientWidth && document.documentElement.scrollWidth <= {width}"
                );
                assert_eq!(page.js(&fits), true, "{language}, {width} pixels");
                page.run(&format!("{PANEL}.scrollIntoView();"), Value::Null);
                page.shot(&format!("model-scores-{language}-{scheme}-{width}"));
            }
            accessible(&page, &format!("{language}, {scheme}"));
            page.devtools("Emulation.clearDeviceMetricsOverride", json!({}));
        }
    }
    if axe().is_none() {
        common::skip("the accessibility check of the models' scores", "needs axe-core, which npm could not install");
    }
}
