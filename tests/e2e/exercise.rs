//! The exercise's tabs: every number against one computed again from what the page shows elsewhere.

use bioscope::bio::{self, Dist, Label};
use bioscope::metrics::agreement;
use serde_json::{Value, json};

use crate::browser::{Page, browser, opened};
use crate::offline::storage_known;
use crate::page::select;

const TABS: [&str; 8] = ["model", "layer", "terms", "one-hot", "gradient", "learning", "versions", "decoding"];

fn open_tab(page: &Page, name: &str) {
    let k = TABS.iter().position(|tab| *tab == name).unwrap();
    if name == "learning" {
        page.place("learning");
    } else {
        page.place("exercise");
        page.click(&format!("#tab-{k}"));
    }
    page.wait(&format!("document.querySelector('#tab-{k}').getAttribute('aria-selected') === 'true'"), name);
}

/// Numbers in the attribute `data-value` below a selector.
fn values(page: &Page, selector: &str) -> Vec<f64> {
    let all = page.js(&format!(
        "[...document.querySelectorAll({} + ' [data-value]')].map((e) => Number(e.dataset.value))",
        json!(selector)
    ));
    serde_json::from_value(all).unwrap()
}

/// A number as the page writes it.
fn number(text: &str) -> f64 {
    let plain = text.trim().replace('−', "-").replace(['\u{202f}', '(', ')'], "");
    plain.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

fn texts(page: &Page, selector: &str) -> Vec<String> {
    let all = page.js(&format!("[...document.querySelectorAll({})].map((e) => e.textContent)", json!(selector)));
    serde_json::from_value(all).unwrap()
}

/// The annotators' labels as the gold card shows them.
pub fn labels(page: &Page) -> Vec<Vec<Label>> {
    let letter = |c: char| Label::ALL.into_iter().find(|l| l.letter() == c.to_string()).unwrap();
    page.labels().iter().map(|row| row.chars().map(letter).collect()).collect()
}

/// Equal but for rounding.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

#[test]
fn the_tabs_numbers_can_be_computed_again() {
    let Some(page) = opened() else { return };
    page.gold_shown();
    page.h_shown();
    let p: Vec<Dist> = page.tokens().iter().map(|t| t.p).collect();
    let labels = labels(&page);
    let t = bio::mean_labels(&labels, None).unwrap();
    let term = |p: &Dist, t: &Dist| -> f64 { (0..3).filter(|&j| t[j] > 0.0).map(|j| -t[j] * p[j].ln()).sum() };
    let total: f64 = p.iter().zip(&t).map(|(p, t)| term(p, t)).sum();

    open_tab(&page, "model");
    let columns = page.js("document.querySelectorAll('[data-testid=picture] .read').length");
    assert_eq!(columns, p.len());
    let asked =
        page.js("[...document.querySelectorAll('[data-testid=picture] .asked b')].map((b) => b.textContent).join('')");
    let question = page.js("document.querySelector('[data-testid=question]').value.replaceAll(' ', '')");
    assert_eq!(asked, question, "the question's own pieces");
    page.shot("tab-model");

    // (a) What is listed adds up to z, in the digits that are shown.
    open_tab(&page, "layer");
    page.wait("document.querySelectorAll('.productlist').length === 3", "three lists");
    for k in 1..=3 {
        let list = format!(".productlist:nth-of-type({k})");
        let z = number(&texts(&page, &format!("{list} caption [data-value]"))[0]);
        let parts: f64 = texts(&page, &format!("{list} td.num")).iter().map(|x| number(x)).sum();
        let decimals = texts(&page, &format!("{list} caption [data-value]"))[0].split('.').nth(1).map_or(0, str::len);
        assert!((parts - z).abs() <= 0.51 * 10f64.powi(-(decimals as i32)), "list {k}: {parts} against {z}");
    }
    // The sliders begin at the model's z; moving one moves all p.
    let before = texts(&page, ".whatif .num:last-child");
    page.run(
        "const s = document.querySelector('.whatif input'); s.value = '9'; s.dispatchEvent(new Event('input', { bubbles: true }));",
        Value::Null,
    );
    page.wait(
        &format!("document.querySelector('.whatif .num:last-child').textContent !== {}", json!(before[0])),
        "another p",
    );
    page.shot("tab-layer");

    // (b) Annotators' own losses; their mean is L; agreement.
    open_tab(&page, "terms");
    let own = values(&page, "[data-testid=annotator-losses]");
    assert_eq!(own.len(), labels.len());
    for (own, labels) in own.iter().zip(&labels) {
        let expected: f64 = p.iter().zip(labels).map(|(p, r)| -p[r.index()].ln()).sum();
        assert!(close(*own, expected), "{own} against {expected}");
    }
    assert!(close(own.iter().sum::<f64>() / own.len() as f64, total));
    let found = agreement(&labels).unwrap();
    let shown = values(&page, "[data-testid=agreement]");
    let kappa = if labels.len() == 2 { found.cohen } else { found.fleiss };
    assert!(close(shown[0], kappa.unwrap()) && close(shown[1], found.alpha.unwrap()), "{shown:?}");
    page.shot("tab-terms");

    // (c) Soft and majority loss.
    open_tab(&page, "one-hot");
    let sides = values(&page, "[data-testid=soft-and-hard]");
    let hard: f64 = p.iter().zip(bio::majority(&t)).map(|(p, m)| -p[m.class.index()].ln()).sum();
    assert!(close(sides[0], total) && close(sides[1], hard), "{sides:?} against {total} and {hard}");
    assert_eq!(page.js("document.querySelectorAll('[data-testid=derivation] li').length"), 5);
    page.shot("tab-one-hot");
    page.click("[data-testid=assume]");
    page.wait(
        "!document.querySelector('[data-testid=derivation] li')",
        "the derivation to go: these labels are not 1-hot",
    );

    // The gradient of the token in focus.
    open_tab(&page, "gradient");
    page.click("[data-testid=token][data-index='2']");
    page.wait("document.querySelector('[data-testid=gradient] caption').textContent.includes('3')", "the third token");
    for (shown, expected) in values(&page, "[data-testid=gradient]").iter().zip((0..3).map(|j| p[2][j] - t[2][j])) {
        assert!(close(*shown, expected), "{shown} against {expected}");
    }
    page.wait("document.querySelector('[data-testid=gradient-norms]')", "norms");
    page.shot("tab-gradient");

    open_tab(&page, "decoding");
    let shown: f64 =
        serde_json::from_value(page.js("Number(document.querySelector('[data-testid=p-no-answer]').dataset.value)"))
            .unwrap();
    let log_p: Vec<Dist> = p.iter().map(|p| p.map(f64::ln)).collect();
    assert!(close(shown, bio::log_no_answer(&log_p).exp()), "{shown}");
    assert!((0.0..=1.0).contains(&shown));
    page.shot("tab-decoding");
}

#[test]
fn tabs_answer_to_the_keyboard() {
    let Some(page) = browser() else { return };
    page.open();
    page.wait("document.querySelector('#tab-0')", "tabs");
    page.place("exercise");
    page.js("document.querySelector('#tab-0').focus()");
    for (key, expected) in [
        ("ArrowRight", "tab-1"),
        ("ArrowLeft", "tab-0"),
        ("ArrowLeft", "tab-7"),
        ("Home", "tab-0"),
        ("End", "tab-7"),
        ("ArrowLeft", "tab-6"),
        ("ArrowLeft", "tab-4"),
    ] {
        page.press(&[key], false);
        page.wait(&format!("document.activeElement.id === '{expected}'"), expected);
        assert_eq!(page.js(&format!("document.querySelector('#{expected}').getAttribute('aria-selected')")), "true");
    }
}

#[test]
fn an_exported_analysis_comes_back() {
    let Some(page) = opened() else { return };
    page.gold_shown();
    let [json, csv, semicolons] = ["save-json", "save-csv", "save-csv-semicolon"].map(|hook| page.saved(hook).1);
    assert!(page.has_byte_order_mark(), "a spreadsheet reads it as UTF-8");
    let fields = |table: &str, between: char| table.lines().next().unwrap().split(between).count();
    assert_eq!(fields(&semicolons, ';'), fields(&csv, ','));
    let logit = |table: &str, between: char| table.lines().nth(1).unwrap().split(between).nth(4).unwrap().to_owned();
    assert_eq!(logit(&semicolons, ';'), logit(&csv, ',').replace('.', ","));
    let document: Value = serde_json::from_str(&json).unwrap();
    let tokens = page.tokens();
    assert_eq!(document["tokens"].as_array().unwrap().len(), tokens.len());
    assert_eq!(csv.lines().count(), tokens.len() + 1);
    assert!(csv.lines().skip(1).all(|line| line.ends_with(",minilm-l6,0")), "whose p these are: {csv}");
    assert!(close(document["loss"]["total"].as_f64().unwrap(), page.loss()));

    let before = page.labels();
    let path = std::env::temp_dir().join(format!("bioscope-export-{}.json", std::process::id()));
    std::fs::write(&path, &json).unwrap();
    page.analyse("Who sang?", "On Friday Ada sang.");
    page.choose_files("open-json", &[path.to_str().unwrap()]);
    page.settled(document["paragraph"].as_str().unwrap());
    page.gold_shown();
    assert_eq!(page.labels(), before);

    std::fs::write(&path, "{\"format\":\"recipe\",\"version\":1,\"question\":\"\",\"paragraph\":\"\"}").unwrap();
    page.choose_files("open-json", &[path.to_str().unwrap()]);
    let line = "document.querySelector('[data-testid=opened-file]')";
    page.wait(&format!("{line}?.textContent.includes('missing field `context`')"), "what became of the file");
    assert_eq!(page.labels(), before, "nothing is lost");
    let _ = std::fs::remove_file(path);
}

/// What the guide says, in Greek.
const GREEK: [(&str, &str); 13] = [
    ("no number", "δεν είναι αριθμός"),
    ("Not quite. Look again", "Όχι ακριβώς. Δες ξανά"),
    ("And b?", "Και το b;"),
    ("387", "387"),
    ("nobody labels them", "κανείς δεν τους βάζει ετικέτα"),
    ("the O is missing", "λείπει το O"),
    ("minus sign", "Το μείον"),
    ("base 10", "βάση 10"),
    ("tO = 1/3 has a part", "tO = 1/3 έχει μέρος"),
    ("as if t had its 1 at O", "σαν να είχε το t το 1 στο O"),
    ("the term of token 2", "ο όρος του συμβόλου 2"),
    ("Mind the sign", "Πρόσεξε το πρόσημο"),
    ("11 answered", "απαντημένες: 11"),
];

#[test]
fn the_guide_asks_and_checks_in_both_languages() {
    for language in ["en", "el"] {
        let Some(page) = browser() else { return };
        guided(&page, language);
    }
}

fn guided(page: &Page, language: &str) {
    let said = |english: &str| {
        let (english, greek) = GREEK.into_iter().find(|(words, _)| *words == english).expect("it is in the list");
        if language == "el" { greek } else { english }
    };
    page.open_ready();
    page.speak(language);
    let before = page.value("paragraph");
    page.place("exercise");
    page.click("[data-testid=guide]");
    page.holds("model", "tiny-128");
    page.settled("On Friday Ada sang.");
    page.wait(
        "document.querySelector('[data-testid=guide-question]').textContent.includes('128')",
        "the first question",
    );
    let right = "document.querySelector('[data-testid=guide-verdict]').dataset.right === 'true'";
    let answer = |text: &str| {
        page.fill("guide-answer", text);
        page.click(".guide form button");
    };
    let named = |english: &str| {
        let words = said(english);
        page.wait(
            &format!("document.querySelector('[data-testid=guide-verdict]').textContent.includes({})", json!(words)),
            words,
        );
    };
    answer("many");
    named("no number");
    answer("1");
    named("Not quite. Look again");
    answer("384");
    named("And b?");
    // What is right comes after a hint.
    assert_eq!(page.js("document.querySelector('[data-testid=guide-reveal]').disabled"), true);
    page.click("[data-testid=guide-hint]");
    page.wait("!document.querySelector('[data-testid=guide-reveal]').disabled", "the way to the answer");
    page.click("[data-testid=guide-reveal]");
    named("387");
    answer("387");
    page.wait(right, "right");
    page.shot("guide");
    let next = |step: usize| {
        page.click("[data-testid=guide-next]");
        page.wait(
            &format!("document.querySelector('[data-testid=guide-question]').dataset.step === '{step}'"),
            "next step",
        );
    };
    let choose = |k: usize| page.click(&format!("[data-testid=guide-choice]:nth-child({})", k + 1));
    next(1);
    choose(0);
    named("nobody labels them");
    choose(1);
    page.wait(right, "the paragraph's");
    // The rest from what the page shows: "Ada" is the token in doubt.
    let tokens = page.tokens();
    let p = tokens[2].p;
    let (term, floor) = (-(2.0 * p[0].ln() + p[2].ln()) / 3.0, 3f64.ln() - 2.0 / 3.0 * 2f64.ln());
    next(2);
    answer(&format!("{:.3}", p[0] / (p[0] + p[1])));
    named("the O is missing");
    answer(&format!("{:.2}", p[0]));
    page.wait(right, "p by hand");
    next(3);
    answer("2/3");
    page.wait(right, "t");
    next(4);
    answer(&format!("{:.3}", -term));
    named("minus sign");
    answer(&format!("{:.3}", term / 10f64.ln()));
    named("base 10");
    answer(&format!("{:.3}", -2.0 / 3.0 * p[0].ln()));
    named("tO = 1/3 has a part");
    answer(&format!("{term:.2}").replace('.', ","));
    page.wait(right, "the term");
    next(5);
    answer(&format!("{floor:.2}"));
    page.wait(right, "H");
    next(6);
    choose(0);
    page.wait(right, "t = 0");
    next(7);
    answer("1");
    page.wait(right, "one product");
    next(8);
    answer(&format!("{:.3}", -p[2].ln()));
    named("as if t had its 1 at O");
    answer(&format!("{:.3}", -tokens[1].p[0].ln()));
    named("the term of token 2");
    answer(&format!("{:.2}", -p[0].ln()));
    page.wait(right, "the 1-hot term");
    next(9);
    choose(usize::from(p[0] <= 2.0 / 3.0));
    named("Mind the sign");
    choose(usize::from(p[0] > 2.0 / 3.0));
    page.wait(right, "direction");
    next(10);
    choose(2);
    page.wait(right, "jointly");
    assert_eq!(page.js("document.querySelector('[data-testid=guide-next]').disabled"), true);
    assert!(
        page.js("document.querySelector('.guide .tools').textContent").as_str().unwrap().contains(said("11 answered"))
    );
    // One's own text comes back.
    page.click(".guide .icon");
    page.click_by_script(".goldcard .tools button");
    page.holds("paragraph", &before);
}

#[test]
fn the_guide_keeps_its_place_and_ones_own_text() {
    let Some(page) = browser() else { return };
    let own = "In spring Marta painted the boat green.";
    let step = "document.querySelector('[data-testid=guide-question]')?.dataset.step === '1'";
    page.open_ready();
    page.analyse("Who painted the boat?", own);
    page.place("exercise");
    page.click("[data-testid=guide]");
    page.settled("On Friday Ada sang.");
    page.click("[data-testid=guide-next]");
    page.wait(&format!("{step} && document.activeElement.dataset.testid === 'guide-question'"), "the next question");
    page.speak("el");
    page.wait(step, "the same step in Greek");
    page.click(".guide .leave");
    page.click("[data-testid=guide]");
    page.wait(step, "the same step again");
    page.wait("localStorage['bioscope.document']?.includes('On Friday Ada sang.')", "it to be kept");
    page.reload_ready();
    let undo = "document.querySelector('.goldcard .tools button')";
    page.wait(&format!("{undo}?.getAttribute('aria-disabled') === 'false'"), "a step back, after a reload");
    page.run(&format!("{undo}.click();"), Value::Null);
    page.holds("paragraph", own);
}

#[test]
fn the_page_speaks_greek() {
    let Some(page) = opened() else { return };
    storage_known(&page); // the service worker has fetched what it keeps
    page.click("[data-testid=token][data-index='2']");
    let before = page.tokens();
    let requests = page.server.requests().len();
    select(&page, "language", "el");
    page.wait("document.documentElement.lang === 'el' && document.querySelector('[data-testid=analyse]').textContent === 'Ανάλυση'", "Greek");
    assert_eq!(page.tokens(), before, "the analysis stays");
    assert_eq!(page.js("document.querySelector('[data-testid=token][data-pinned=true]').dataset.index"), "2");
    assert_eq!(page.server.requests().len(), requests, "nothing is loaded again");
    for name in TABS {
        open_tab(&page, name);
        // Greek letters in every panel; English words only where they are names or the text itself.
        page.wait("/[α-ω]{4}/.test(document.querySelector('.panel').textContent)", "Greek in the panel");
        page.shot(&format!("greek-{name}"));
    }
    page.fill("question", "");
    page.click("[data-testid=analyse]");
    assert!(page.error().contains("κενή"), "{}", page.error());
    page.reload();
    page.wait("document.querySelector('[data-testid=analyse]')?.textContent === 'Ανάλυση'", "Greek on the next visit");
    select(&page, "language", "en");
    page.wait("document.querySelector('[data-testid=analyse]').textContent === 'Analyse'", "English again");
}
