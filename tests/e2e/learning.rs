//! Learning in the page and by the API: steps, undo, reset, explanations, memory.

use bioscope::gold::Gold;
use bioscope::model::{Checkpoint, Config};
use bioscope::text::TextEncoder;
use bioscope::train::{Example, Tuning};
use serde_json::{Value, json};

use crate::browser::{Page, browser};
use crate::common::root;
use crate::page::select;

const QUESTION: &str = "Who sang in Oslo?";
const PARAGRAPH: &str = "On Friday Ada Berg sang in Oslo, and Bo listened.";

/// 183 word pieces: with the question and three special tokens 192 positions.
const LONG: &str =
    "const paragraph = Array.from({ length: 183 }, (_, k) => ['the', 'old', 'mill', 'by', 'river'][k % 5]).join(' ');
    const question = 'where is the old mill?';";

/// L of the first step's instance, computed here.
fn native_loss() -> f64 {
    let read = |name: &str| std::fs::read(root().join("static/models/tiny-128").join(name)).unwrap();
    let config = Config::from_bytes(&read("config.json")).unwrap();
    let text = TextEncoder::from_bytes(&read("tokenizer.json"), config.max_position_embeddings).unwrap();
    let encoded = text.encode(QUESTION, PARAGRAPH).unwrap();
    let places = encoded.places(PARAGRAPH);
    let gold = Gold::from_json(r#"[[{"start":10,"end":18}]]"#).unwrap().over(&places).unwrap();
    let tuning = Tuning::new(config, Checkpoint::from_bytes(&read("model.safetensors")).unwrap()).unwrap();
    tuning.gradients(&Example::of(encoded, gold)).unwrap().0
}

fn load(page: &Page, model: &str) {
    page.goto("bioscope.js");
    page.be_patient();
    page.run("window.bioscope = await (await import('./bioscope.js')).load({ model: a });", json!(model));
}

fn median(times: &Value) -> f64 {
    let mut times: Vec<f64> = serde_json::from_value(times.clone()).unwrap();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[test]
fn steps_are_made_and_taken_back_by_the_api() {
    let Some(page) = browser() else { return };
    page.goto("");
    load(&page, "tiny-128");
    let seen = page.run(
        "const text = { question: a[0], paragraph: a[1] }, gold = [[{ start: 10, end: 18 }]];
         const z = async () => JSON.stringify((await bioscope.analyse(text)).tokens.map((t) => t.logits));
         const shipped = await z(), before = bioscope.loss(await bioscope.analyse(text), gold).total;
         const first = await bioscope.step({ ...text, gold });
         const analysis = await bioscope.analyse(text), after = bioscope.loss(analysis, gold).total;
         const { W } = await bioscope.head(analysis, 0);
         const second = await bioscope.step({ ...text, gold, mode: 'head', optimizer: 'sgd', learningRate: 0.05 });
         const left = await bioscope.undo(), again = bioscope.loss(await bioscope.analyse(text), gold).total;
         await bioscope.reset();
         const back = await z() === shipped, undone = await bioscope.undo();
         const refused = [];
         for (const wrong of [{ ...text, gold: [[{ start: 0, end: 999 }], []] , mode: 'joint', learningRate: -1 }, { ...text, gold: 7 }, { ...text, gold, mode: 'half' }])
           await bioscope.step(wrong).then(() => refused.push('made'), (e) => refused.push(e.message));
         const stop = new AbortController(), aborted = bioscope.step({ ...text, gold, signal: stop.signal }).catch((e) => e.name);
         stop.abort();
         return { before, first, after, W: W.length, second, left, again, back, undone, refused, aborted: await aborted, usable: await z() === shipped };",
        json!([QUESTION, PARAGRAPH]),
    );
    let number = |path: &str| seen.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path}: {seen}"));
    // The shipped weights run on int8 kernels, the first step on the same weights in f32: as the native trainer has it.
    let native = native_loss();
    assert!((number("/first/lossBefore") - native).abs() < 1e-4 * native, "{native} {seen}");
    assert!((number("/before") / native - 1.0).abs() < 1.0);
    assert!(number("/first/lossAfter") < number("/first/lossBefore"));
    assert!((number("/after") - number("/first/lossAfter")).abs() < 1e-3, "{seen}");
    assert_eq!(seen["first"]["updateNorms"].as_object().unwrap().len(), 103);
    assert_eq!(number("/W"), 384.0);
    assert_eq!(seen["second"]["updateNorms"].as_object().unwrap().len(), 2);
    assert!((number("/second/lossBefore") - number("/first/lossAfter")).abs() < 1e-6);
    assert_eq!((number("/left"), number("/again")), (1.0, number("/after")), "undo is exact");
    assert_eq!((&seen["back"], number("/undone"), &seen["usable"]), (&json!(true), 0.0, &json!(true)));
    assert_eq!(seen["aborted"], "AbortError");
    let refused: Vec<String> = serde_json::from_value(seen["refused"].clone()).unwrap();
    for (refused, word) in refused.iter().zip(["learningRate", "gold", "half"]) {
        assert!(refused.contains(word), "{refused}");
    }
}

#[test]
fn an_explanation_adds_up() {
    let Some(page) = browser() else { return };
    page.goto("");
    load(&page, "tiny-128");
    let x = page.run(
        "const text = { question: a[0], paragraph: a[1] };
         const progress = [];
         return [await bioscope.attribute({ ...text, token: 2, label: 'B' }), await bioscope.attribute({ ...text, token: 2, label: 'B', method: 'gradient' })];",
        json!([QUESTION, PARAGRAPH]),
    );
    let tokens = x[0]["tokens"].as_array().unwrap();
    let texts: Vec<&str> = tokens.iter().map(|t| t["text"].as_str().unwrap()).collect();
    assert_eq!((texts[0], texts[1], texts[7], *texts.last().unwrap()), ("[CLS]", "Who", "On", "[SEP]"));
    assert_eq!(
        (&tokens[1]["part"], &tokens[7]["part"], &tokens[0]["part"]),
        (&json!("question"), &json!("paragraph"), &json!("special"))
    );
    let sum: f64 = tokens.iter().map(|t| t["value"].as_f64().unwrap()).sum();
    let difference = x[0]["value"].as_f64().unwrap() - x[0]["baseline"].as_f64().unwrap();
    assert!((sum - difference).abs() <= 0.02 * difference.abs(), "{sum} {difference}");
    assert!(x[0]["completenessError"].as_f64().unwrap() <= 0.02 && x[1]["completenessError"] == 0);
    assert_eq!(x[1]["tokens"].as_array().unwrap().len(), tokens.len());
}

#[test]
fn the_tab_learns_and_forgets() {
    let Some(page) = browser() else { return };
    page.open();
    page.ready();
    select(&page, "model", "tiny-128");
    page.ready();
    page.analyse(QUESTION, PARAGRAPH);
    let shipped = page.tokens();
    page.click("[data-testid=token][data-index='7']"); // "," which is no answer
    page.run(
        "document.querySelector('[data-testid=two-of-three]').click(); document.querySelector('#tab-5').click();",
        Value::Null,
    );
    let total =
        || page.js("Number(document.querySelector('[data-testid=loss-total]').dataset.value)").as_f64().unwrap();
    let before = total();
    let step = |n: usize| {
        page.run("document.querySelector('[data-testid=learn-step]').click();", Value::Null);
        page.wait(
            &format!("(({{ steps, state }}) => steps === '{n}' && state === 'idle')(document.querySelector('[data-testid=learn-status]').dataset)"),
            "a step",
        );
    };
    step(1);
    step(2);
    assert!(total() < before, "every view shows the tuned model: {} {before}", total());
    let after = page.js("Number(document.querySelector('[data-testid=loss-after]').dataset.value)").as_f64().unwrap();
    assert!((after - total()).abs() < 1e-3);
    page.wait("document.querySelector('[data-testid=changes] tbody tr') && document.querySelector('[data-testid=update-norms] tr')", "tables");
    let two = page.tokens();
    step(3);
    page.run("document.querySelector('[data-testid=learn-undo]').click();", Value::Null);
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '2' && document.querySelector('[data-testid=learn-status]').dataset.state === 'idle'", "undo");
    assert_eq!(page.tokens(), two, "undo is exact");
    page.run("document.querySelector('[data-testid=explain][data-class=O]').click();", Value::Null);
    page.wait("document.querySelector('[data-testid=completeness]')", "an explanation");
    page.shot("learning");
    page.run("document.querySelector('[data-testid=learn-play]').click();", Value::Null);
    page.wait("Number(document.querySelector('[data-testid=learn-status]').dataset.steps) >= 4", "play");
    page.run("document.querySelector('[data-testid=learn-play]').click();", Value::Null);
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.state === 'idle'", "rest");
    page.run("document.querySelector('[data-testid=learn-reset]').click();", Value::Null);
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '0' && document.querySelector('[data-testid=learn-status]').dataset.state === 'idle'", "reset");
    assert_eq!(page.tokens(), shipped, "the shipped numbers, exactly");
    step(1);
    page.run("document.querySelector('#tab-4').click();", Value::Null);
    let all = "JSON.stringify([...document.querySelectorAll('[data-testid=token]')].map((t) => t.dataset.pb))";
    let first: Vec<String> = shipped.iter().map(|t| t.p[0].to_string()).collect();
    page.wait(
        &format!("{all} === {}", json!(serde_json::to_string(&first).unwrap())),
        "the shipped model after leaving the tab",
    );
}

#[test]
fn a_rate_too_high_leaves_the_page_usable() {
    let Some(page) = browser() else { return };
    page.goto("");
    load(&page, "tiny-128");
    let said = page.run(
        "const text = { question: a[0], paragraph: a[1] }, gold = [[{ start: 10, end: 18 }]];
         const wild = { ...text, gold, optimizer: 'sgd', learningRate: 1e30 };
         let kind; for (let k = 0; k < 3 && !kind; k++) await bioscope.step(wild).catch((e) => { kind = e.kind; });
         await bioscope.reset();
         return [kind, (await bioscope.analyse(text)).tokens.length];",
        json!([QUESTION, PARAGRAPH]),
    );
    assert_eq!(said[0], "diverged", "{said}");
    assert!(said[1].as_u64().unwrap() > 5);
}

/// Times of steps, and the worker's memory over many of them.
#[test]
#[ignore = "measured by hand: minutes"]
fn bench_learning() {
    let Some(page) = browser() else { return };
    page.goto("");
    for (model, rounds) in [("tiny-128", 200), ("minilm-l6", 6)] {
        load(&page, model);
        let times = page.run(
            &format!(
                "{LONG} const gold = {{ tokens: Array.from({{ length: 183 }}, (_, k) => k % 7 ? [0, 0, 1] : [2 / 3, 0, 1 / 3]) }};
                 const joint = [], head = [], memory = [];
                 for (let k = 0; k < a; k++) {{ const s = await bioscope.step({{ question, paragraph, gold }}); joint.push(s.milliseconds); memory.push(s.memory); }}
                 for (let k = 0; k < 12; k++) head.push((await bioscope.step({{ question, paragraph, gold, mode: 'head' }})).milliseconds);
                 bioscope.close(); return [joint, head, memory];"
            ),
            json!(rounds),
        );
        println!(
            "{model}, 192 positions: joint {:.1} ms, head {:.2} ms (medians)",
            median(&times[0]),
            median(&times[1])
        );
        let memory: Vec<f64> = serde_json::from_value(times[2].clone()).unwrap();
        let last = memory[memory.len() - 1];
        println!(
            "memory after steps 1, 3 and {}: {:.1}, {:.1}, {:.1} MB",
            memory.len(),
            memory[0] / 1e6,
            memory[2] / 1e6,
            last / 1e6
        );
        assert_eq!(memory[2], last, "memory does not grow");
    }
}
