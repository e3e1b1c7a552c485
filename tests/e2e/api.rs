//! The JavaScript API, and the engine in Chromium against the reference's numbers.

use bioscope::bio::{Decoder, Loss};
use bioscope::dataset::Format;
use bioscope::document::gold::Gold;
use bioscope::inference::Analysis;
use serde_json::{Value, json};

use crate::browser::{Kind, Page, Site, browser, browser_on};
use crate::common::{Golden, engine, golden, root, shared};

/// Makes `window.bioscope`, once the page's own worker is done loading.
fn load(page: &Page, model: &str) {
    page.open();
    page.run(
        &format!(
            "const {{ load }} = await import('./bioscope.js'); window.seen = [];
                  window.bioscope = await load({{ model: {model}, onProgress: (p) => window.seen.push(p) }});"
        ),
        Value::Null,
    );
}

const OWN: &str = "await (async () => { const file = async (name) => (await (await fetch('own/' + name)).arrayBuffer());
    return { weights: await file('model.safetensors'), config: await file('config.json'), tokenizer: await file('tokenizer.json') }; })()";

/// Largest difference of a paragraph token's logit in the first window; offsets must be equal.
fn compare(page: &Page, golden: &Golden) -> f64 {
    let mut worst = 0f64;
    for case in &golden.cases {
        let a = page.run(
            "const r = await window.bioscope.analyse(a);
             for (const t of r.tokens) if (a.paragraph.slice(t.start, t.end) !== t.text) throw new Error('slice of ' + t.text);
             return r;",
            json!({"question": case.question, "paragraph": case.paragraph}),
        );
        let tokens = a["tokens"].as_array().unwrap();
        for ((position, offsets), token) in case.positions().iter().zip(case.offsets()).zip(tokens) {
            assert_eq!(
                (&token["start"], &token["end"]),
                (&json!(offsets.0), &json!(offsets.1)),
                "{:?}",
                case.paragraph
            );
            if token["window"] != json!(0) {
                continue; // the reference knows the first window only
            }
            for j in 0..3 {
                let z = token["logits"][j].as_f64().unwrap();
                worst = worst.max((z - f64::from(case.logits[*position][j])).abs());
            }
        }
    }
    worst
}

#[test]
fn f32_logits_in_the_browser_equal_the_reference() {
    let Some(shared) = shared("parity in the browser with the f32 reference") else { return };
    let model = shared.join("models/minilm-l6-bio");
    let Some(page) = browser_on(&Site { beside: &[("own", model)], ..Site::default() }) else { return };
    load(&page, OWN);
    assert_eq!(page.js("window.bioscope.info.quantization"), "f16");
    let worst = compare(&page, &golden(&shared.join("golden/forward.json")));
    println!("largest difference of a logit, Chromium f32: {worst:e}");
    assert!(worst < 1e-3);
}

#[test]
fn what_the_shipped_model_says_of_itself() {
    let Some(page) = browser() else { return };
    load(&page, "'minilm-l6'");
    let info = page.js("window.bioscope.info");
    assert_eq!((&info["model"], &info["hiddenSize"], &info["layers"]), (&json!("minilm-l6"), &json!(384), &json!(6)));
    assert_eq!(info["kernel"], Kind::named().kernel());
    let seen = page.js("window.seen");
    let last = seen.as_array().unwrap().last().unwrap();
    assert_eq!(last["loaded"], last["total"]);
}

const QUESTION: &str = "Who found the map?";
const PARAGRAPH: &str =
    "The map 🗺️ lay in a drawer for ninety years. Irene Novak found the map in 1974 and gave it to the town.";

#[test]
fn analyse_loss_and_head_agree_with_the_native_engine() {
    let Some(page) = browser() else { return };
    load(&page, "undefined");
    let (output, _) = engine(&root().join("static/models/minilm-l6")).analyse(QUESTION, PARAGRAPH).unwrap();
    let native = Analysis::new(PARAGRAPH, output, Decoder::Viterbi);
    let answer = &native.answers[0];
    assert_eq!(answer.text, "Irene Novak");
    let span = json!([{"start": answer.start, "end": answer.end}]);
    for gold in [
        json!([span, span, []]),
        json!({"annotators": [span, []], "weights": [3, 1]}),
        json!({"tokens": vec![[0.25, 0.25, 0.5]; native.tokens.len()]}),
    ] {
        let reply = page.run(
            "const r = await window.bioscope.analyse({ question: a.question, paragraph: a.paragraph });
             const l = window.bioscope.loss(r, a.gold);
             const { h, W, b } = await window.bioscope.head(r, 3);
             if (h.length !== r.hiddenSize || W.length !== 3 * h.length || b.length !== 3) throw new Error('lengths');
             const z = [0, 1, 2].map((j) => b[j] + h.reduce((s, x, k) => s + x * W[j * h.length + k], 0));
             return { r, l, z };",
            json!({"question": QUESTION, "paragraph": PARAGRAPH, "gold": gold}),
        );
        let (r, l) = (&reply["r"], &reply["l"]);
        assert_eq!(r["answers"][0]["text"], "Irene Novak");
        assert_eq!(r["paragraphTokens"], json!(native.paragraph_tokens));
        assert!((r["noAnswer"].as_f64().unwrap() - native.no_answer).abs() < 1e-3);
        for j in 0..3 {
            let (z, own) = (&reply["z"][j], &r["tokens"][3]["logits"][j]);
            assert!((z.as_f64().unwrap() - own.as_f64().unwrap()).abs() < 1e-3, "W h + b = z");
        }
        // The loss in the page is the native one of the page's own z.
        let theirs: Analysis = serde_json::from_value(r.clone()).unwrap();
        let loss = Gold::from_json(&gold.to_string()).unwrap().loss(&theirs).unwrap();
        same_loss(l, &loss);
        assert!((l["entropy"].as_f64().unwrap() + l["kl"].as_f64().unwrap() - loss.total).abs() < 1e-9);
        assert_eq!(l["terms"].as_array().unwrap().len(), native.tokens.len());
    }
}

/// The loss that bioscope.js has computed against the native one: each number to a few of the last bits, for `exp` and `log` are
/// the browser's.
fn same_loss(theirs: &Value, loss: &Loss) {
    let ours = serde_json::to_value(loss).unwrap();
    let names = ["total", "terms", "gold", "entropy", "kl", "gradient"];
    assert!(theirs.as_object().unwrap().keys().all(|name| names.contains(&&**name)), "{theirs}");
    for name in names {
        let (mut theirs, mut ours) = (numbers(&theirs[name]).into_iter(), numbers(&ours[name]).into_iter());
        loop {
            match (theirs.next(), ours.next()) {
                (Some(a), Some(b)) => assert!((a - b).abs() <= 1e-13 * b.abs().max(1.0), "{name}: {a} {b}"),
                (None, None) => break,
                different => panic!("{name}: {different:?}"),
            }
        }
    }
}

/// All numbers in a value, in order.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        value => vec![value.as_f64().unwrap()],
    }
}

/// bioscope.js has the arithmetic of gold labels and of the loss in JavaScript: on whatever comes, right or wrong, it must say
/// what `bioscope::document::gold` says.
#[test]
fn the_loss_and_its_errors_are_the_native_ones() {
    let Some(page) = browser() else { return };
    load(&page, "'tiny-128'");
    let r = page.run(
        "return (window.r = await window.bioscope.analyse(a));",
        json!({"question": QUESTION, "paragraph": PARAGRAPH}),
    );
    let native: Analysis = serde_json::from_value(r).unwrap();
    let (count, length) = (native.tokens.len(), PARAGRAPH.encode_utf16().count());
    let span = |start: usize, end: usize| json!({"start": start, "end": end});
    let mut cases = vec![
        json!(null),
        json!(7),
        json!("spans"),
        json!({}),
        json!([]),
        json!([[]]),
        json!([[span(0, 3)], 7]),
        json!([[{"start": 0}]]),
        json!([[{"start": -1, "end": 3}]]),
        json!([[{"start": 0.5, "end": 3}]]),
        json!([[span(4, 4)]]),
        json!([[], [span(5, 4)]]),
        json!([[span(0, 7), span(4, 7)]]),
        json!([[span(4, 7), span(4, 7)]]),
        json!([[span(4, 7), span(0, 3)]]),
        json!([[span(4, 5), span(5, 7)]]),
        json!([[span(length, length + 4)]]),
        json!([[span(4, length)]]),
        json!([[], [span(4, length + 1)]]),
        json!([[span(9, 11)]]),
        json!({"annotators": [[span(0, 3)], []], "weights": [1, 2, 3]}),
        json!({"annotators": [[span(0, 3)], []], "weights": [1, -0.5]}),
        json!({"annotators": [[span(0, 3)], []], "weights": [0, 0]}),
        json!({"annotators": [[span(0, 3)], []], "weights": [1e308, 1e308]}),
        json!({"annotators": [[span(0, 3)], []], "weights": "many"}),
        json!({"annotators": [[span(0, 3)], []], "weights": null}),
        json!({"annotators": [[span(0, 3)], []], "weights": [3, 1]}),
        json!({"tokens": [[1, 0, 0]]}),
        json!({"tokens": vec![json!([1, 0]); count]}),
        json!({"tokens": vec![json!([0.5, 0.75, -0.25]); count]}),
        json!({"tokens": vec![json!([0.5, 0.25, 0.125]); count]}),
        json!({"tokens": vec![json!([0.5, 0.25, 0.25]); count], "annotators": []}),
        json!({"tokens": null, "annotators": [[]]}),
    ];
    // Random spans of up to four annotators: many overlap, touch no token or cut the emoji in two.
    let mut seed = 7u32;
    let mut below = |n: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % n
    };
    for _ in 0..300 {
        let spans = |below: &mut dyn FnMut(usize) -> usize| -> Vec<Value> {
            (0..below(3))
                .map(|_| {
                    let start = below(length);
                    span(start, start + below(12))
                })
                .collect()
        };
        let annotators: Vec<Vec<Value>> = (0..1 + below(4)).map(|_| spans(&mut below)).collect();
        cases.push(json!(annotators));
    }
    let theirs = page.run(
        "return a.map((gold) => { try { return window.bioscope.loss(window.r, gold); } catch (e) { return { kind: e.kind, error: e.message }; } });",
        json!(cases),
    );
    let mut fine = 0;
    for (gold, theirs) in cases.iter().zip(theirs.as_array().unwrap()) {
        match Gold::from_json(&gold.to_string()).and_then(|gold| gold.loss(&native)) {
            Ok(loss) => {
                fine += 1;
                same_loss(theirs, &loss);
            }
            Err(error) => assert_eq!(theirs, &json!({"kind": error.kind(), "error": error.to_string()}), "{gold}"),
        }
    }
    assert!(fine > 50 && fine < cases.len() - 50, "{fine} of {}", cases.len());
}

#[test]
fn a_signal_stops_an_analysis_and_the_next_one_works() {
    let Some(page) = browser() else { return };
    load(&page, "undefined");
    let reply = page.run(
        "const long = (a.paragraph + ' ').repeat(40), stop = new AbortController();
         const first = window.bioscope.analyse({ question: a.question, paragraph: long, signal: stop.signal });
         setTimeout(() => stop.abort(), 30);
         const start = performance.now();
         const name = await first.then(() => 'resolved', (e) => e.name);
         const second = await window.bioscope.analyse({ question: a.question, paragraph: a.paragraph });
         const ms = performance.now() - start;
         const whole = performance.now();
         await window.bioscope.analyse({ question: a.question, paragraph: long });
         return { name, answer: second.answers[0].text, ms, whole: performance.now() - whole };",
        json!({"question": QUESTION, "paragraph": PARAGRAPH}),
    );
    assert_eq!((&reply["name"], &reply["answer"]), (&json!("AbortError"), &json!("Irene Novak")));
    // The long one was really given up: what followed did not have to wait for it.
    assert!(reply["ms"].as_f64().unwrap() < reply["whole"].as_f64().unwrap(), "{reply}");
}

#[test]
fn half_a_character_harms_no_request() {
    let Some(page) = browser() else { return };
    load(&page, "'tiny-128'");
    let found = page.run(
        "const texts = [a.paragraph, '\\ud83e ' + a.paragraph, a.paragraph + ' \\ud83e', a.paragraph.replace('ninety', 'nin\\ud83ety')];
         const read = await Promise.all(texts.map((paragraph) => window.bioscope.analyse({ question: a.question, paragraph })));
         return read.map(({ tokens }, k) => [tokens.length, tokens.every(({ start, end, text }) => texts[k].slice(start, end) === text)]);",
        json!({"question": QUESTION, "paragraph": PARAGRAPH}),
    );
    let found = found.as_array().unwrap();
    assert!(found[..3].iter().all(|reply| *reply == json!([found[0][0], true])), "{found:?}");
    assert_eq!(found[3][1], true, "in the middle of a word");
    let written = page.run(
        "const { serialise } = await import('./bioscope.js'), out = [];
         const write = (annotators, more) => serialise({ records: [{ paragraph: 'Ada sang. \\ud83e', annotators, ...more }] }, 'csv');
         out.push((await write([{ spans: [] }], { title: null, note: null, question: null })).files.length);
         for (const spans of [[{ start: 3, end: 1 }], [{ start: 0, end: 3 }, { start: 2, end: 4 }]]) {
           await write([{ spans }]).then(() => out.push(''), (e) => out.push(`${e.kind}: ${e.message}`));
         }
         return out;",
        Value::Null,
    );
    assert_eq!(
        written,
        json!([1, "data: record 1: the span 3..1 is empty", "data: record 1: the spans 0 to 3 and 2 to 4 overlap"])
    );
}

#[test]
fn no_answer_and_no_file_is_passed_over() {
    let Some(page) = browser() else { return };
    page.goto("bioscope.js"); // not the page: no engine of its own
    let span = json!({"start": 0, "end": 3});
    let records = [
        (json!({"annotators": [[span]]}), "record 1: annotator 1 has no spans"),
        (json!({"annotators": [{"name": "A"}]}), "record 1: annotator 1 has no spans"),
        (json!({"annotators": "A"}), "record 1: annotators must be an array"),
        (json!({"annotators": [{"spans": [null]}]}), "record 1: undefined is no place"),
        (json!({"annotators": [{"spans": [span], "weight": "1"}]}), "record 1: weight and scores of annotator 1"),
        (json!({"annotators": [{"spans": [span], "scores": [[7]]}]}), "record 1: weight and scores of annotator 1"),
        (json!({"question": 5}), "record 1: question must be a string"),
        (json!({"confidence": "0.5"}), "record 1: confidence must be a number"),
        (json!({"soft": [{"start": 0, "end": 3, "t": [0.9, 0.9, 0.9]}]}), "record 1: soft from 0 to 3"),
        (json!({"paragraph": null}), "record 1 has no paragraph"),
    ];
    let said = page.run(
        "const { serialise } = await import('./bioscope.js'), out = [];
         for (const record of a) {
           const written = serialise({ records: [{ paragraph: 'Ada sang.', ...record }] }, 'lines');
           out.push(await written.then(() => 'written', (e) => (e.kind ?? '') + e.message));
         }
         return out;",
        json!(records.iter().map(|(record, _)| record).collect::<Vec<_>>()),
    );
    for ((record, begin), said) in records.iter().zip(said.as_array().unwrap()) {
        assert!(said.as_str().unwrap().starts_with(begin), "{record}: {said}");
    }
    let read = page.run(
        "const { parse } = await import('./bioscope.js');
         const files = ['1', '2'].map((id) => JSON.stringify({ id, context: 'Ada sang.', question: '', annotators: [] }));
         const read = (name) => parse(files, name).then(({ records }) => records.map(({ id }) => id), (e) => e.message);
         return [await read(), await read(['a.jsonl', 'b.jsonl']), await read('a.jsonl')];",
        Value::Null,
    );
    let refused = "as many names are needed as there are files (2), not 1";
    assert_eq!(read, json!([["1", "2"], ["1", "2"], refused]));
}

#[test]
fn a_signal_ends_the_wait_for_the_engine_too() {
    let Some(page) = browser() else { return };
    page.goto("bioscope.js"); // as above
    let asked = |part: &str| page.server.requests().iter().filter(|path| path.contains(part)).count();
    let load =
        "const { load, parse } = await import('./bioscope.js'), name = (asked) => asked.then(() => '', (e) => e.name);";
    page.server.hold("_bg.wasm");
    let early = "return name(load({ model: 'tiny-128', signal: AbortSignal.abort() }));";
    assert_eq!(page.run(&format!("{load} {early}"), Value::Null), "AbortError");
    assert_eq!((asked("_bg.wasm"), asked("/worker.js")), (0, 0), "{:?}", page.server.requests());
    let waiting = "const stop = new AbortController(), { signal } = stop;
        const asked = [load({ model: 'tiny-128', signal }), parse('Ada sang.', 'a.txt', { signal })].map(name);
        stop.abort();
        return Promise.all(asked);";
    assert_eq!(page.run(&format!("{load} {waiting}"), Value::Null), json!(["AbortError", "AbortError"]));
    page.server.hold("");
    let later = "return (await load({ model: 'tiny-128' })).info.model;";
    assert_eq!(page.run(&format!("{load} {later}"), Value::Null), "tiny-128");
}

#[test]
fn steps_are_checked_before_the_second_worker_and_taken_back_in_order() {
    let Some(page) = browser() else { return };
    page.be_patient();
    page.goto("bioscope.js"); // as above
    let text = json!({"question": "Who sang?", "paragraph": "On Friday Ada sang."});
    let wrong = page.run(
        "const { load } = await import('./bioscope.js'), out = [];
         const b = (window.b = await load({ model: 'tiny-128', workers: 1 }));
         for (const more of [{}, { gold: {} }, { gold: [{ start: 3, end: 9 }] }, { instances: [] }, { instances: {} }]) {
           out.push(await b.step({ ...a, ...more }).then(() => 'made', (e) => e.kind ?? e.message));
         }
         return out;",
        text.clone(),
    );
    assert_eq!(wrong, json!(["gold", "gold", "gold", "gold", "instances must be an array, not “[object Object]”"]));
    let workers = page.server.requests().iter().filter(|path| path.contains("/worker.js")).count();
    assert_eq!(workers, 1, "{:?}", page.server.requests());
    let said = page.run(
        "const { b } = window, text = { ...a, gold: [[{ start: 3, end: 9 }]] };
         const says = (asked) => asked.then(() => '', (e) => `${e.name}: ${e.message}`);
         const [first, left] = await Promise.all([b.step(text), b.undo()]);
         const second = await b.step(text), none = [await b.undo(), await b.undo()];
         const cut = says(b.step(text));
         await b.reset();
         b.close();
         return { steps: [first.steps, left, second.steps, ...none], cut: await cut,
           late: await Promise.all([b.analyse(a), b.step(text), b.undo(), b.reset(), b.save()].map(says)) };",
        text,
    );
    assert_eq!(said["steps"], json!([1, 0, 1, 0, 0]));
    assert_eq!(said["cut"], "AbortError: The request was cancelled by a reset.");
    assert_eq!(said["late"], json!(vec!["AbortError: This model is closed."; 5]));
}

#[test]
fn wrong_use_is_said_in_a_sentence() {
    let Some(page) = browser() else { return };
    load(&page, "undefined");
    let said = page.run(
        "const b = window.bioscope, out = [], r = await b.analyse(a);
         const says = async (f) => { try { await f(); out.push(''); } catch (e) { out.push(e.message); } };
         await says(() => b.analyse({ question: '', paragraph: 'x' }));
         await says(() => b.analyse({ question: 'x', paragraph: ' ' }));
         await says(() => b.analyse({ question: 'x' }));
         await says(() => b.analyse({ ...a, decode: 'best' }));
         await says(() => b.loss(r, [[{ start: 9000, end: 9999 }]]));
         await says(() => b.loss(r, 7));
         await says(() => b.head({}, 0));
         await says(() => b.head(r, 999));
         const { load } = await import('./bioscope.js');
         await says(() => load({ model: 'no-such' }));
         // A wrong argument has no kind: those are of what may go wrong with right ones.
         const { parse, serialise } = await import('./bioscope.js');
         const wrong = async (f) => { try { await f(); out.push(''); } catch (e) { out.push((e.kind ?? '') + e.message); } };
         await wrong(() => b.head(r, '2'));
         await wrong(() => b.head(r, 1.5));
         await wrong(() => load('tiny-128'));
         await wrong(() => load({ model: 42 }));
         await wrong(() => parse('x', 'x', { from: 'nope' }));
         await wrong(() => parse('x', 'x', { offsets: 'bytes' }));
         await wrong(() => parse('x', 'x', { encoding: 'latin' }));
         await wrong(() => parse('x', 'x', { labels: [1, 2] }));
         await wrong(() => parse('x', 'x', { columns: 'gold' }));
         await wrong(() => parse('x', 'x', { question: 7 }));
         await wrong(() => serialise({ records: [] }));
         await wrong(() => serialise({ records: [] }, 'parquet'));
         await wrong(() => serialise({ records: [] }, 'plain'));
         await wrong(() => load({ signal: {} }));
         await wrong(() => load({ onProgress: 5 }));
         await wrong(() => load({ base: 'http://[' }));
         await wrong(() => b.attribute({ ...a, token: 99, label: 'B' }));
         await wrong(() => b.attention({ ...a, token: 99, layer: 0 }));
         await wrong(() => b.attention({ ...a, token: 0, layer: 77 }));
         for (const format of a.formats) await wrong(() => parse('x', 'x.txt', { from: format, strict: 1 }));
         const again = await b.analyse(a);
         return { out, text: again.answers[0].text };",
        json!({"question": QUESTION, "paragraph": PARAGRAPH, "formats": Format::ALL.map(Format::name)}),
    );
    let out: Vec<String> = serde_json::from_value(said["out"].clone()).unwrap();
    for (message, word) in out.iter().zip([
        "question is empty",
        "paragraph is empty",
        "paragraph must be",
        "decode must be",
        "gold labels",
        "gold labels",
        "very object",
        "no token 999",
        "no-such",
    ]) {
        assert!(message.contains(word), "{message:?} should speak of {word:?}");
    }
    let wrong = [
        "token must be a whole number",
        "token must be a whole number",
        "load takes an object",
        "model must be",
        "from must be plain, squad,",
        "offsets must be code-points or utf16",
        "encoding must be windows-1252 or windows-1253",
        "labels must be three whole numbers",
        "columns must be an array",
        "question must be a string",
        "format must be squad,",
        "format must be squad,",
        "format must be squad,",
        "signal must be an AbortSignal",
        "onProgress must be a function",
        "base must be the address of a folder",
        "there is no token 99: the paragraph has",
        "there is no token 99: the paragraph has",
        "there is no layer 77: the model has 6",
    ];
    let (wrongs, formats) = out[9..].split_at(wrong.len());
    for (message, begin) in wrongs.iter().zip(wrong) {
        assert!(message.starts_with(begin), "{message:?} should begin with {begin:?}, and no kind");
    }
    // Every format of the engine's is one that `from` takes.
    assert!(formats.iter().all(|message| !message.contains("must be")), "{formats:?}");
    assert_eq!(said["text"], "Irene Novak");
}
