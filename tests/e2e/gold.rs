//! Gold labels in all their forms, and every number that follows from them, computed again from the exported document.

use bioscope::bio::Dist;
use bioscope::train::Random;
use serde_json::{Value, json};

use crate::browser::{Page, opened};
use crate::exercise::close;
use crate::page::select;

const QUESTION: &str = "Who sang in Oslo?";
const PARAGRAPH: &str = "On Friday Ada Berg sang in Oslo, and Bo listened.";

fn rows(document: &Value, key: &str) -> Vec<Dist> {
    let row = |token: &Value| serde_json::from_value(token[key].clone()).unwrap();
    document["tokens"].as_array().unwrap().iter().map(row).collect()
}

/// Annotators, their weights and directly set t_i at random, over these tokens.
fn random_labels(tokens: &[Value], random: &mut Random) -> (Vec<Value>, Vec<Value>) {
    let at = |i: usize, edge: &str| tokens[i][edge].as_u64().unwrap();
    let annotators = (0..1 + random.below(4)).map(|k| {
        let (mut spans, mut stray, mut i) = (Vec::new(), Vec::new(), random.below(6));
        while i < tokens.len() {
            let last = (i + random.below(4)).min(tokens.len() - 1);
            let span = json!({"start": at(i, "start"), "end": at(last, "end")});
            if random.below(5) == 0 {
                stray.push(span)
            } else {
                spans.push(span)
            }
            i = last + 1 + random.below(20);
        }
        json!({"name": format!("A{k}"), "weight": 0.5 + random.below(4) as f64, "spans": spans, "stray": stray})
    });
    let annotators = annotators.collect();
    let direct = (0..tokens.len()).filter(|_| random.below(9) == 0).collect::<Vec<_>>();
    let direct = direct.into_iter().map(|i| {
        let (b, o) = (random.below(5) as f64 / 8.0, random.below(4) as f64 / 8.0);
        json!({"start": at(i, "start"), "end": at(i, "end"), "t": [b, 1.0 - b - o, o]})
    });
    (annotators, direct.collect())
}

/// Every element that carries its value and shows a number shows that value, rounded.
fn shown_as_computed(page: &Page) -> usize {
    let all = page
        .js("[...document.querySelectorAll('[data-value]')].filter((e) => /^[−-]?[0-9.]+$/.test(e.textContent.trim()))
           .map((e) => [e.dataset.value, e.textContent.trim()])");
    let all: Vec<(String, String)> = serde_json::from_value(all).unwrap();
    for (value, text) in &all {
        let value: f64 = value.parse().unwrap();
        let decimals = text.split('.').nth(1).map_or(0, str::len);
        let shown: f64 = text.replace('−', "-").parse().unwrap();
        assert!((shown - value).abs() <= 0.5001 * 10f64.powi(-(decimals as i32)), "{text} for {value}");
    }
    all.len()
}

fn check_numbers(page: &Page) {
    let document = page.exported();
    let (z, p, t) = (rows(&document, "z"), rows(&document, "p"), rows(&document, "t"));
    let (mut total, mut entropy, mut kl) = (0.0, 0.0, 0.0);
    let mut terms = Vec::new();
    for i in 0..z.len() {
        let sum: f64 = z[i].iter().map(|z| z.exp()).sum();
        let own: Vec<f64> = z[i].iter().map(|z| z.exp() / sum).collect();
        assert!((t[i].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let mut term = 0.0;
        for j in 0..3 {
            assert!(close(p[i][j], own[j]), "p of token {i}");
            assert!(close(rows(&document, "gradient")[i][j], own[j] - t[i][j]), "gradient of token {i}");
            if t[i][j] > 0.0 {
                term -= t[i][j] * own[j].ln();
                entropy -= t[i][j] * t[i][j].ln();
                kl += t[i][j] * (t[i][j].ln() - own[j].ln());
            }
        }
        assert!(close(document["tokens"][i]["term"].as_f64().unwrap(), term), "term of token {i}");
        terms.push(term);
        total += term;
    }
    for (key, value) in [("total", total), ("entropy", entropy), ("kl", kl)] {
        assert!(close(document["loss"][key].as_f64().unwrap(), value), "{key}");
    }
    assert!(close(entropy + kl, total));
    // The page's own hooks carry the same.
    let hooks = page.js("(() => { const d = document.querySelector('[data-testid=loss-total]').dataset;
        return [[d.value, d.entropy, d.kl], [...document.querySelectorAll('[data-testid=loss-term]')].map((e) => e.dataset.value)]; })()");
    let number = |v: &Value| v.as_str().unwrap().parse::<f64>().unwrap();
    for (hook, value) in hooks[0].as_array().unwrap().iter().zip([total, entropy, kl]) {
        assert!(close(number(hook), value), "{hook} against {value}");
    }
    let shown: Vec<f64> = hooks[1].as_array().unwrap().iter().map(number).collect();
    assert!(shown.len() == terms.len() && shown.iter().zip(&terms).all(|(a, b)| close(*a, *b)));
}

#[test]
fn every_number_follows_from_the_exported_document() {
    let Some(page) = opened() else { return };
    let examples =
        page.js("[...document.querySelector('[data-testid=example]').options].map((o) => o.value).filter(Boolean)");
    let examples: Vec<String> = serde_json::from_value(examples).unwrap();
    assert!(examples.len() >= 3);
    let mut random = Random::new(20);
    let path = std::env::temp_dir().join(format!("bioscope-labels-{}.json", std::process::id()));
    let (mut numbers, mut checked) = (0, 0);
    // Every third: what differs between them is covered by random labels.
    let examples: Vec<String> = examples.into_iter().step_by(3).collect();
    for example in &examples {
        select(&page, "example", example);
        page.settled(&page.value("paragraph"));
        page.wait("document.querySelectorAll('[data-testid=gold-token]').length > 0 || !document.querySelector('[data-testid=annotator]')", "labels");
        for round in 0..3 {
            if page.js("Boolean(document.querySelector('[data-testid=loss-total]'))") == true {
                check_numbers(&page);
                for tab in [2, 3, 4] {
                    page.click_by_script(&format!("#tab-{tab}"));
                    numbers += shown_as_computed(&page);
                }
                checked += 1;
            }
            if round == 2 {
                break;
            }
            let mut document = page.exported();
            let (annotators, direct) = random_labels(document["tokens"].as_array().unwrap(), &mut random);
            let people = annotators.len();
            (document["annotators"], document["direct"]) = (annotators.into(), direct.into());
            std::fs::write(&path, document.to_string()).unwrap();
            page.choose_files("open-json", &[path.to_str().unwrap()]);
            let there = format!(
                "[...document.querySelectorAll('[data-testid=annotator] input.name')].map((e) => e.value).join() === '{}'",
                (0..people).map(|k| format!("A{k}")).collect::<Vec<_>>().join(",")
            );
            page.wait(&there, "the imported annotators");
            page.settled(document["paragraph"].as_str().unwrap());
            page.wait("document.querySelector('[data-testid=loss-total]')", "their loss");
        }
    }
    let _ = std::fs::remove_file(path);
    println!("{checked} documents, {numbers} shown numbers");
    assert!(checked > examples.len() && numbers > 100);
}

#[test]
fn the_exercises_case_is_one_button() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.click("[data-testid=token][data-index='2']"); // "Ada"
    page.click_by_script("[data-testid=two-of-three]");
    page.count("annotator", 3);
    let labels = page.labels();
    assert_eq!(labels.iter().map(|row| &row[2..3]).collect::<Vec<_>>(), ["B", "B", "O"]);
    let p = page.tokens()[2].p;
    let term = page.js("Number(document.querySelector('[data-testid=loss-term][data-index=\"2\"]').dataset.value)");
    assert!(close(term.as_f64().unwrap(), -(2.0 * p[0].ln() + p[2].ln()) / 3.0));
    page.wait("document.querySelector('.tokenloss .gold').textContent.includes('2/3, 0, 1/3')", "t");
}

/// BERT's tokens have no accents; what is shown, found and labelled has.
#[test]
fn an_accent_of_its_own_stays_with_its_letter() {
    let Some(page) = opened() else { return };
    page.analyse("Who sang?", "On Friday Jose\u{301} sang, and Bo listened.");
    let token = "[data-testid=token][data-index='2']";
    for view in ["bars", "text"] {
        page.click(&format!("[data-view={view}]"));
        page.wait(&format!("document.querySelector(\"{token}\")?.textContent.startsWith('Jose\u{301}')"), view);
    }
    assert_eq!(page.js("document.querySelector('[data-testid=answer]').textContent"), "Jose\u{301}");
    page.click(token);
    page.press(&["b"], false);
    page.wait("document.querySelector('[data-testid=loss-total]')?.dataset.value", "loss");
    assert_eq!(page.exported()["annotators"][0]["spans"], json!([{"start": 10, "end": 15}]));
}

#[test]
fn an_inside_without_a_beginning_is_kept_and_marked() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.click("[data-testid=token][data-index='5']");
    page.press(&["i"], false);
    page.wait("document.querySelector('[data-testid=gold-token][data-stray]')", "a mark");
    assert_eq!(page.js("document.querySelector('[data-stray]').dataset.index"), "5");
    assert_eq!(&page.labels()[0][4..7], "OIO");
    page.press(&["ArrowLeft", "b"], false);
    page.wait("!document.querySelector('[data-stray]')", "the mark to go: B I is valid");
    page.press(&["z"], true);
    page.wait("document.querySelector('[data-stray]')", "undo");
}

#[test]
fn an_answer_begun_amid_another_leaves_its_beginning() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.click("[data-testid=token][data-index='5']");
    page.press(&["b", "ArrowRight", "i", "ArrowRight", "i"], false);
    page.wait(
        "document.querySelector('[data-testid=gold-token][data-index=\"7\"]')?.dataset.label === 'I'",
        "an answer of three words",
    );
    page.press(&["ArrowLeft", "b"], false);
    page.wait(
        "document.querySelector('[data-testid=gold-token][data-index=\"6\"]').dataset.label === 'B'",
        "an answer amid it",
    );
    assert_eq!(&page.labels()[0][4..9], "OBBIO");
    page.press(&["b"], false);
    page.wait(
        "document.querySelector('[data-testid=gold-token][data-index=\"7\"]').dataset.label === 'I'",
        "nothing to change",
    );
    assert_eq!(&page.labels()[0][4..9], "OBBIO");
}

#[test]
fn annotators_get_names_that_nobody_has() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.place("labels");
    let names = "[...document.querySelectorAll('[data-testid=annotator] .name')].map((e) => e.value)";
    let rows = |count: usize| page.count("annotator", count);
    for count in 1..=3 {
        page.click(".goldcard .add");
        rows(count);
    }
    page.click("[data-testid=annotator][data-index='1'] .icon");
    rows(2);
    page.click(".goldcard .add");
    rows(3);
    let names = page.js(names);
    let mut different: Vec<&str> = names.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 3, "{names}");
}

#[test]
fn t_is_set_directly_by_typing_and_dragging() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.click("[data-testid=token][data-index='2']");
    page.wait("document.querySelector('[data-testid=set-gold]')", "a panel drawn when idle");
    page.place("labels");
    page.run("document.querySelector('[data-testid=set-gold]').open = true;", Value::Null);
    let shares = || page.js("[...document.querySelectorAll('[data-testid=gold-share]')].map((e) => e.value)");
    let type_in = |class: &str, text: &str| {
        page.run(
            "const f = document.querySelector(`[data-testid=gold-share][data-class=${a[0]}]`); f.value = a[1]; f.dispatchEvent(new Event('change', { bubbles: true }));",
            json!([class, text]),
        );
    };
    type_in("B", "2/3");
    page.wait("document.querySelector('[data-testid=gold-share][data-class=O]').value === '1/3'", "the rest");
    assert_eq!(shares(), json!(["2/3", "0", "1/3"]));
    let p = page.tokens()[2].p;
    let term = page.js("Number(document.querySelector('[data-testid=loss-term][data-index=\"2\"]').dataset.value)");
    assert!(close(term.as_f64().unwrap(), -(2.0 * p[0].ln() + p[2].ln()) / 3.0));
    check_numbers(&page);
    type_in("I", "many");
    page.wait("document.querySelector('.setgold .broken').textContent.includes('number')", "a word of it");
    assert_eq!(
        page.js("document.querySelector('[data-testid=gold-share][data-class=I]').getAttribute('aria-invalid')"),
        "true"
    );
    // A drag to the corner of I.
    page.run(
        "const svg = document.querySelector('[data-testid=simplex]'); svg.scrollIntoView({ block: 'center', behavior: 'instant' }); const r = svg.getBoundingClientRect();
         const send = (type, x, y) => svg.dispatchEvent(new PointerEvent(type, { pointerId: 1, bubbles: true, clientX: r.left + x * r.width, clientY: r.top + y * r.height }));
         svg.setPointerCapture = () => {}; send('pointerdown', .5, .6); send('pointermove', .97, .93); send('pointerup', .97, .93);",
        Value::Null,
    );
    page.wait("document.querySelector('[data-testid=gold-share][data-class=I]').value === '1'", "the corner");
    page.shot("set-gold");
    page.click_by_script("[data-testid=gold-back]");
    page.wait("document.querySelector('[data-testid=gold-back]').disabled", "the annotators' mean");
}

#[test]
fn one_word_is_marked_by_dragging_over_it() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.place("labels");
    let drag = |token: usize, far: &str| {
        page.run(
            &format!(
                "const t = document.querySelector(`[data-testid=token][data-index='${{a}}']`); t.scrollIntoView({{ block: 'center', behavior: 'instant' }});
                 const r = t.getBoundingClientRect(), y = r.top + r.height / 2;
                 const send = (type, x) => t.dispatchEvent(new PointerEvent(type, {{ pointerType: 'mouse', isPrimary: true, bubbles: true, cancelable: true, clientX: x, clientY: y }}));
                 send('pointerdown', r.left + 2); send('pointermove', {far}); send('pointerup', {far}); t.click();"
            ),
            json!(token),
        );
    };
    // A click by an unsteady hand is none.
    drag(1, "r.left + 4");
    page.wait("document.querySelector('[data-testid=token][data-pinned=true]')?.dataset.index === '1'", "a click");
    assert_eq!(page.labels(), Vec::<String>::new());
    drag(2, "r.right - 2");
    page.wait("document.querySelector('[data-testid=gold-token][data-index=\"2\"]')?.dataset.label === 'B'", "a label");
    assert_eq!(page.labels()[0].matches('O').count(), page.labels()[0].len() - 1);
    // Weights as people write them; what is none is said, and the one before counts.
    let weigh = |text: &str| {
        page.run(
            "const f = document.querySelector('.weight input'); f.value = a; f.dispatchEvent(new Event('change', { bubbles: true }));",
            json!(text),
        );
    };
    weigh("0,5");
    page.wait("document.querySelector('.weight input').value === '0.5'", "half a vote");
    weigh("-1");
    page.wait("document.querySelector('.weight input').ariaInvalid === 'true'", "word of it");
    page.wait("document.querySelector('.weight .broken').textContent.includes('at least 0')", "what a weight is");
}

#[test]
fn symbols_and_terms_light_up_what_they_stand_for() {
    let Some(page) = opened() else { return };
    // The formula is drawn anew with the first analysis' N_P, and takes the focus with it.
    page.h_shown();
    page.wait("document.querySelector('[data-symbol=t]')", "a formula");
    for (symbol, says) in [("L", "one number"), ("N", "word pieces"), ("t", "gold share"), ("p", "probability")] {
        page.run("document.querySelector(`[data-symbol=${a}]`).focus();", json!(symbol));
        page.wait(&format!("document.body.dataset.lit === '{symbol}'"), symbol);
        page.wait(&format!("document.querySelector('.meaning').textContent.includes('{says}')"), says);
    }
    page.run(
        "document.querySelector('.terms [data-index=\"3\"]').dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));",
        Value::Null,
    );
    page.wait("document.querySelector('[data-testid=token][data-focus]').dataset.index === '3'", "the term's token");
    page.click("[data-testid=token][data-index='5']");
    page.wait("document.querySelector('.terms [data-focus]').dataset.index === '5'", "the token's term");
}
