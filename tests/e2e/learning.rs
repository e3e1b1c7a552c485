//! Learning in the page and by the API: steps, undo, reset, explanations, memory.

use bioscope::document::gold::Gold;
use bioscope::document::{Assignment, Document, link};
use bioscope::model::{Checkpoint, Config};
use bioscope::tokenize::TextEncoder;
use bioscope::train::{Example, Tuning};
use serde_json::{Value, json};

use crate::browser::{Page, browser, browser_alone, chromium, opened};
use crate::common::root;

const QUESTION: &str = "Who sang in Oslo?";
const PARAGRAPH: &str = "On Friday Ada Berg sang in Oslo, and Bo listened.";

/// 183 word pieces: with the question and three special tokens 192 positions.
const LONG: &str =
    "const paragraph = Array.from({ length: 183 }, (_, k) => ['the', 'old', 'mill', 'by', 'river'][k % 5]).join(' ');
    const question = 'where is the old mill?';";

/// The first step's instance and a learner, here.
fn native() -> (Tuning, Example) {
    let read = |name: &str| std::fs::read(root().join("static/models/tiny-128").join(name)).unwrap();
    let config = Config::from_bytes(&read("config.json")).unwrap();
    let text = TextEncoder::from_bytes(&read("tokenizer.json"), config.max_position_embeddings).unwrap();
    let encoded = text.encode(QUESTION, PARAGRAPH).unwrap();
    let places = encoded.places(PARAGRAPH);
    let gold = Gold::from_json(r#"[[{"start":10,"end":18}]]"#).unwrap().over(&places, None).unwrap();
    let tuning = Tuning::new(config, Checkpoint::from_bytes(&read("model.safetensors")).unwrap()).unwrap();
    let example = Example::of(encoded, gold);
    (tuning, example)
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
         const stopped = [await aborted], usable = await z() === shipped;
         // Whenever it is stopped: a step that rejects has not been made, one that is made resolves.
         let made = 0, wrong = 0;
         await bioscope.attribute({ ...text, token: 2, label: 'B', method: 'gradient' }); // the learner's model is there
         for (let k = 0; k < 12; k++) {
           const stop = new AbortController(), step = bioscope.step({ ...text, gold, learningRate: 1e-4, signal: stop.signal });
           setTimeout(() => stop.abort(), 8 * k);
           await step.then(({ steps }) => { made += 1; wrong += steps !== made; }, (e) => stopped.push(e.name));
         }
         wrong += (await bioscope.undo()) !== Math.max(0, made - 1);
         return { before, first, after, W: W.length, second, left, again, back, undone, refused, stopped, usable, wrong };",
        json!([QUESTION, PARAGRAPH]),
    );
    let number = |path: &str| seen.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path}: {seen}"));
    // The shipped weights run on int8 kernels, the first step on the same weights in f32: as the native trainer has it.
    let (tuning, example) = native();
    let native = tuning.gradients(&example).unwrap().0;
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
    assert!(seen["stopped"].as_array().unwrap().iter().all(|name| name == "AbortError"), "{seen}");
    assert_eq!(seen["wrong"], 0, "{seen}");
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
    let Some(page) = opened() else { return };
    page.choose_model("tiny-128");
    page.analyse(QUESTION, PARAGRAPH);
    let shipped = page.tokens();
    page.click("[data-testid=token][data-index='7']"); // "," which is no answer
    page.run(
        "document.querySelector('[data-testid=two-of-three]').click(); document.querySelector('#tab-5').click();",
        Value::Null,
    );
    page.wait("document.querySelector('[data-testid=learn-step]')", "the tab, which comes as a program of its own");
    let total = || page.loss();
    let before = total();
    let step = |n: usize| {
        page.click_by_script("[data-testid=learn-step]");
        page.learned(n);
    };
    step(1);
    step(2);
    assert!(total() < before, "every view shows the tuned model: {} {before}", total());
    let after = page.js("Number(document.querySelector('[data-testid=loss-after]').dataset.value)").as_f64().unwrap();
    assert!((after - total()).abs() < 1e-3);
    page.place("labels");
    page.place("learning");
    page.wait(
        "document.querySelector('[data-testid=learn-status]')?.dataset.steps === '2'",
        "what was learned, after a look at the labels",
    );
    page.wait("document.querySelector('[data-testid=changes] tbody tr') && document.querySelector('[data-testid=update-norms] tr')", "tables");
    let two = page.tokens();
    step(3);
    page.run(
        "window.__stop = false; new MutationObserver(() => {
           const undone = document.querySelector('[data-testid=learn-status]').dataset.steps !== '3';
           window.__stop ||= !undone && document.querySelector('[data-testid=learn-stop]') !== null;
         }).observe(document.body, { childList: true, subtree: true });
         document.querySelector('[data-testid=learn-undo]').click();",
        Value::Null,
    );
    page.learned(2);
    assert_eq!(page.tokens(), two, "undo is exact");
    assert_eq!(page.js("window.__stop"), false, "undo cannot be stopped half-way");
    page.click_by_script("[data-testid=explain][data-class=O]");
    page.wait("document.querySelector('[data-testid=completeness]')", "an explanation");
    page.shot("learning");
    page.click_by_script("[data-testid=learn-play]");
    page.wait("Number(document.querySelector('[data-testid=learn-status]').dataset.steps) >= 4", "play");
    assert_eq!(page.js("document.querySelector('[data-testid=held-out]')"), Value::Null, "nothing is known yet");
    page.click_by_script("[data-testid=learn-play]");
    page.wait("document.querySelector('[data-testid=held-out]')", "the other questions, after several steps");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.state === 'idle'", "rest");
    let mean = |when: &str| page.js(&format!("document.querySelector('[data-testid=held-out]').dataset.{when}"));
    assert_ne!(mean("before"), mean("after"));
    page.click_by_script("[data-testid=learn-reset]");
    page.learned(0);
    assert_eq!(page.tokens(), shipped, "the shipped numbers, exactly");
    step(1);
    page.click_by_script("#tab-4");
    let all = "JSON.stringify([...document.querySelectorAll('[data-testid=token]')].map((t) => t.dataset.pb))";
    let first: Vec<String> = shipped.iter().map(|t| t.p[0].to_string()).collect();
    page.wait(
        &format!("{all} === {}", json!(serde_json::to_string(&first).unwrap())),
        "the shipped model after leaving the tab",
    );
    // A link's text has no analysis at first, and is read by the model that has learned.
    page.run("document.querySelector('#tab-5').click();", Value::Null);
    page.wait("document.querySelector('[data-testid=learn-step]')?.disabled === false", "the tab again");
    step(1);
    let document = Document { question: QUESTION.into(), paragraph: "Bo sang.".into(), ..Document::default() };
    page.run("location.hash = a;", json!(link::encode(&document, Assignment::default()).unwrap()));
    page.settled("Bo sang.");
}

/// The guide turns the exercise's tabs at a new question alone, so that it takes nobody away from what was learned.
#[test]
fn what_is_learned_beside_the_guide_stays() {
    let Some(page) = opened() else { return };
    page.place("exercise");
    page.click("[data-testid=guide]");
    page.wait("document.activeElement.dataset.testid === 'guide-question'", "the focus at the first question");
    page.wait("document.activeElement.textContent.includes('128')", "the first question");
    page.place("learning");
    page.wait("document.querySelector('[data-testid=learn-step]')?.disabled === false", "a step to make");
    page.click("[data-testid=learn-step]");
    let learned = "(({ steps, state }) => steps === '1' && state === 'idle')(document.querySelector('[data-testid=learn-status]').dataset)";
    page.wait(learned, "a step");
    assert_eq!(page.js("document.body.dataset.place"), "learning");
    // Nor does a right answer.
    page.fill("guide-answer", "387");
    page.click(".guide form button");
    page.wait("document.querySelector('[data-testid=guide-verdict]').dataset.right === 'true'", "right");
    assert_eq!(page.js("document.body.dataset.place"), "learning");
    assert_eq!(page.js(learned), true);
}

/// The page's gradient is what one step of SGD at rate 1 takes away from the weights; the saved model tells both.
#[test]
fn the_gradient_is_the_native_trainers_and_what_is_saved_is_loaded_again() {
    let Some(page) = browser() else { return };
    page.goto("");
    load(&page, "tiny-128");
    let seen = page.run(
        "const text = { question: a[0], paragraph: a[1] }, gold = [[{ start: 10, end: 18 }]];
         await bioscope.step({ ...text, gold, optimizer: 'sgd', learningRate: 1 });
         const z = async (b) => JSON.stringify((await b.analyse(text)).tokens.map((t) => t.logits));
         const files = await bioscope.save(), tuned = await z(bioscope);
         const again = await (await import('./bioscope.js')).load({ model: files }), same = await z(again) === tuned;
         again.close();
         let bytes = new Uint8Array(files.weights), out = '';
         for (let k = 0; k < bytes.length; k += 0x8000) out += String.fromCharCode(...bytes.subarray(k, k + 0x8000));
         return [btoa(out), same];",
        json!([QUESTION, PARAGRAPH]),
    );
    assert_eq!(seen[1], true, "the loaded model's numbers are the saved one's");
    use base64::Engine as _;
    let bytes = base64::prelude::BASE64_STANDARD.decode(seen[0].as_str().unwrap()).unwrap();
    let after = Checkpoint::from_bytes(&bytes).unwrap();
    let (tuning, example) = native();
    let (_, gradients) = tuning.gradients(&example).unwrap();
    let norm = |t: &candle_core::Tensor| t.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap().sqrt();
    let (mut compared, mut worst) = (0, 0.0_f32);
    for (name, weight) in after.iter() {
        let variable = tuning.variables().get(name).unwrap();
        let Some(gradient) = gradients.get(variable) else { panic!("{name} has no gradient") };
        let taken = (variable.as_tensor() - weight.to_f32().unwrap()).unwrap();
        let (far, size) = (norm(&(&taken - gradient).unwrap()), norm(gradient));
        // Key biases have no gradient but rounding.
        if size > 1e-4 {
            worst = worst.max(far / size);
            assert!(norm(&taken) > 0.0, "{name} has moved");
            compared += 1;
        }
    }
    println!("{compared} tensors, worst relative difference {worst:.1e}");
    assert!(compared > 90 && worst <= 1e-4, "{worst}");
}

#[test]
fn several_instances_and_attention_by_the_api() {
    let Some(page) = browser() else { return };
    page.goto("");
    load(&page, "tiny-128");
    let seen = page.run(
        "const one = { question: a[0], paragraph: a[1], gold: [[{ start: 10, end: 18 }]] }, other = { question: 'Where is the mill?', paragraph: 'The mill is in Arden.', gold: [[{ start: 15, end: 20 }]] };
         const alone = []; for (const x of [one, other]) { alone.push((await bioscope.step({ ...x, learningRate: 0 })).lossBefore); }
         await bioscope.reset();
         const both = await bioscope.step({ instances: [one, other] });
         const none = await bioscope.step({ instances: [] }).catch((e) => e.message);
         const x = await bioscope.attention({ ...one, token: 2, layer: 5 });
         return { alone, both, none, tokens: x.tokens.map((t) => t.text), position: x.position, heads: x.heads, layers: x.layers, weights: Array.from(x.weights) };",
        json!([QUESTION, PARAGRAPH]),
    );
    let alone: Vec<f64> = serde_json::from_value(seen["alone"].clone()).unwrap();
    let before = seen["both"]["lossBefore"].as_f64().unwrap();
    assert!((before - 0.5 * (alone[0] + alone[1])).abs() < 1e-5, "{alone:?} {before}");
    assert!(seen["both"]["lossAfter"].as_f64().unwrap() < before);
    assert!(seen["none"].as_str().unwrap().contains("no instance"));
    let length = seen["tokens"].as_array().unwrap().len();
    let weights: Vec<f64> = serde_json::from_value(seen["weights"].clone()).unwrap();
    assert_eq!(
        (weights.len(), &seen["layers"]),
        (seen["heads"].as_u64().unwrap() as usize * length * length, &json!(6))
    );
    assert!(weights.chunks(length).all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-4));
    assert_eq!(seen["tokens"][seen["position"].as_u64().unwrap() as usize], "Ada");
}

fn idle(page: &Page, what: &str) {
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.state === 'idle'", what);
}

/// The tab of learning, over the text and with labels that want a step, by this model; its workers are in `__workers`.
fn learner(model: &str) -> Option<Page> {
    let page = chromium()?;
    page.before_load("window.__workers = []; const W = Worker; window.Worker = class extends W { constructor(...a) { super(...a); __workers.push(this); } };");
    page.open_as_left(model, QUESTION, PARAGRAPH);
    page.click("[data-testid=token][data-index='7']");
    page.run(
        "document.querySelector('[data-testid=two-of-three]').click(); document.querySelector('#tab-5').click();",
        Value::Null,
    );
    page.wait("document.querySelector('[data-testid=learn-step]')", "the tab, which comes as a program of its own");
    Some(page)
}

#[test]
fn predictions_sets_and_other_questions() {
    let Some(page) = learner("tiny-128") else { return };
    let number = |selector: &str, name: &str| {
        page.js(&format!("Number(document.querySelector('{selector}').dataset.{name})")).as_f64().unwrap()
    };
    // The labels want B of token 8, which the model does not: p of B will rise, that of O fall.
    for (class, up) in [("B", true), ("O", true)] {
        page.run(
            "document.querySelector(`[data-testid=predict][data-class=${a[0]}][data-up=${a[1]}]`).click();",
            json!([class, up.to_string()]),
        );
    }
    page.click_by_script("[data-testid=learn-step]");
    page.wait("document.querySelector('[data-testid=prediction]').textContent.startsWith('1 of 2')", "the outcome");
    idle(&page, "the other questions");
    page.wait("document.querySelector('[data-testid=held-out]')", "other questions");
    let before = number("[data-testid=held-out]", "before");
    assert!(before > 0.0 && number("[data-testid=held-out]", "after") != before, "something else has changed too");
    // A set: this text and another, analysed by the tuned model.
    page.click_by_script("[data-testid=collect]");
    page.wait("document.querySelectorAll('[data-testid=collected] li').length === 1", "a collected text");
    let shipped = page.tokens();
    page.fill("question", "Who listened?");
    idle(&page, "the tuned model's reading");
    page.settled(PARAGRAPH);
    assert_ne!(page.tokens(), shipped);
    page.click_by_script("[data-testid=collect]");
    page.wait("document.querySelectorAll('[data-testid=collected] li').length === 2", "two collected texts");
    page.click_by_script("[data-testid=learn-step]");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '2'", "a step on both");
    idle(&page, "rest");
    page.shot("learning-set");
}

#[test]
fn head_and_joint_side_by_side() {
    let Some(page) = learner("tiny-128") else { return };
    page.be_patient();
    page.run("document.querySelector('[data-testid=compare-fold]').click(); document.querySelector('[data-testid=compare-modes]').click();", Value::Null);
    page.wait("document.querySelectorAll('[data-testid=compared] thead th').length === 3", "both runs");
    idle(&page, "the end");
    let cell = |row: usize, column: usize| {
        page.js(&format!("document.querySelectorAll('[data-testid=compared] tbody tr')[{row}].querySelectorAll('td')[{column}].textContent"))
            .as_str()
            .unwrap()
            .to_string()
    };
    let gone = |column: usize| cell(1, column).trim_end_matches(" %").parse::<f64>().unwrap();
    assert!(gone(1) > 50.0, "ten joint steps go a long way: {}", gone(1));
    assert!(cell(3, 0).starts_with("0.00e0"), "head steps leave BERT alone: {}", cell(3, 0));
    assert!(!cell(3, 1).starts_with("0.00e0"));
    assert_eq!(
        page.js("document.querySelector('[data-testid=learn-status]').dataset.steps"),
        "10",
        "the joint steps stay"
    );
    page.shot("learning-compare");
}

#[test]
fn attention_is_drawn_for_the_token_in_focus() {
    let Some(page) = learner("tiny-128") else { return };
    page.run("document.querySelector('[data-testid=attention-fold]').click(); document.querySelectorAll('[data-testid=attention-layer]')[2].click();", Value::Null);
    page.wait("document.querySelectorAll('[data-testid=attention-head]').length > 2", "heads");
    let sum = "[...document.querySelectorAll('[data-testid=attention] .shares-text span')].reduce((s, x) => s + Number(x.dataset.value), 0)";
    page.wait(&format!("Math.abs({sum} - 1) < 1e-4"), "a row that adds up to 1");
    let painted = page.js("[...document.querySelectorAll('[data-testid=attention-head] canvas')].every((c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((x) => x > 0))");
    assert_eq!(painted, true);
    page.run("document.querySelectorAll('[data-testid=attention-head]')[1].click();", Value::Null);
    page.wait("document.querySelector('[data-testid=attention] h3').textContent.includes('head 1')", "one head");
    page.shot("attention");
}

#[test]
fn a_learner_that_dies_is_followed_by_one_that_makes_its_steps_again() {
    let Some(page) = learner("tiny-128") else { return };
    page.click_by_script("[data-testid=learn-step]");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '1'", "a step");
    idle(&page, "rest");
    let labels = page.labels();
    page.be_patient();
    page.js("__workers.at(-1).terminate()");
    page.wait("document.querySelector('[data-testid=error]')", "a message");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '1'", "the step, made again");
    idle(&page, "rest");
    assert_eq!(page.labels(), labels);
    page.click_by_script("[data-testid=learn-step]");
    page.wait("document.querySelector('[data-testid=learn-status]').dataset.steps === '2'", "a step of the new worker");
}

#[test]
fn a_step_that_a_learner_dies_of_is_made_once_more_and_no_oftener() {
    let Some(page) = learner("tiny-128") else { return };
    page.be_patient();
    // A worker ends at the next step where `__ends` says so.
    page.js(
        "Worker.prototype.postMessage = ((post) => function (message, ...rest) {
           return String(message[0]).startsWith('{\"step\"') && window.__ends.shift() ? this.terminate() : post.call(this, message, ...rest);
         })(Worker.prototype.postMessage)",
    );
    let step = |ends: &[bool], steps: &str| {
        page.run("window.__ends = a[0]; document.querySelector('[data-testid=learn-step]').click();", json!([ends]));
        page.wait("window.__ends.length === 0", "every worker's step");
        let made = format!("document.querySelector('[data-testid=learn-status]').dataset.steps === '{steps}'");
        page.wait(&made, "the step");
        idle(&page, "rest");
    };
    step(&[true, false], "1");
    page.wait("!document.querySelector('[data-testid=error]')", "nothing to say any more");
    // The second step, the first one by a new worker, the second again, the first by a third worker.
    step(&[true, false, true, false], "1");
    page.wait("document.querySelector('[data-testid=error]')", "what stopped it");
    step(&[false], "2");
}

#[test]
fn a_changed_word_is_compared_with_the_text_before() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.click_by_script("#tab-6");
    page.wait("document.querySelector('[data-testid=versions]')", "the tab");
    page.click_by_script("[data-testid=keep-version]");
    let before = page.tokens();
    page.analyse(QUESTION, &PARAGRAPH.replace("Ada Berg", "Nobody"));
    page.wait("document.querySelector('[data-testid=versions] ins')?.textContent === 'Nobody'", "what was put in");
    let gone =
        page.js("[...document.querySelectorAll('[data-testid=versions] del')].map((d) => d.textContent).join(' ')");
    assert_eq!(gone, "Ada Berg");
    // The listed change of a token is half the sum of what its p have moved.
    let (index, value) = (
        page.js("Number(document.querySelector('[data-testid=moved] tbody tr').dataset.index)").as_u64().unwrap()
            as usize,
        page.js("Number(document.querySelector('[data-testid=moved] tbody tr').dataset.value)").as_f64().unwrap(),
    );
    let now = page.tokens();
    // "Nobody" is one piece where two were.
    let old = if index < 3 { index } else { index + before.len() - now.len() };
    let moved: f64 = 0.5 * before[old].p.iter().zip(now[index].p).map(|(p, q)| (p - q).abs()).sum::<f64>();
    assert!((moved - value).abs() < 1e-9, "{index}: {moved} {value}");
    page.shot("versions");
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
    let Some(page) = browser_alone() else { return };
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
