//! Several workers that analyse together: the same bits as one, and never a wrong or missing result when some of them die.

use serde_json::{Value, json};

use crate::browser::{Page, browser};

const QUESTION: &str = "Which moon did the probe photograph first?";

/// About `words` words, so that lengths of all kinds occur.
fn text(words: usize) -> String {
    let story = "The probe left Earth in 1989 and photographed Ganymede first , then Europa and Io . Its camera was built in \
                 Pasadena by a team of forty engineers , who had also built those of two earlier missions . ";
    story.split_whitespace().cycle().take(words).collect::<Vec<_>>().join(" ")
}

/// Loads a model with so many workers as `window.bioscope`, ends the one before.
fn load(page: &Page, options: &Value) {
    page.run(
        "const { load } = await import('./bioscope.js'); window.bioscope?.close(); window.bioscope = await load(a);",
        options.clone(),
    );
}

/// How many shared the work, and all logits.
fn analyse(page: &Page, words: usize) -> (Value, Value) {
    let reply = page.run(
        "const r = await window.bioscope.analyse(a); return [r.workers, r.tokens.map((t) => t.logits)];",
        json!({"question": QUESTION, "paragraph": text(words)}),
    );
    (reply[0].clone(), reply[1].clone())
}

#[test]
fn two_and_three_workers_give_the_bits_of_one() {
    let Some(page) = browser() else { return };
    page.open();
    // Less than is worth sharing, one window whose rows are shared, windows for each and some to share.
    let lengths = [20, 90, 220, 290, 700, 1500];
    for model in ["tiny-128", "minilm-l6"] {
        load(&page, &json!({"model": model, "workers": 1}));
        let alone: Vec<_> = lengths.iter().map(|words| analyse(&page, *words)).collect();
        assert!(alone.iter().all(|(workers, _)| *workers == 1));
        for workers in [2, 3] {
            load(&page, &json!({"model": model, "workers": workers}));
            for (words, (_, expected)) in lengths.iter().zip(&alone) {
                let (shared, logits) = analyse(&page, *words);
                assert_eq!(shared, if *words < 150 { json!(1) } else { json!(workers) }, "{words} words");
                assert!(logits == *expected, "{model}, {workers} workers, {words} words");
            }
        }
    }
    let wrong = page.run(
        "const { load } = await import('./bioscope.js'); return await load({ workers: 0 }).catch((error) => error.message);",
        Value::Null,
    );
    assert_eq!(wrong, "workers must be a whole number of at least 1, not “0”");
}

#[test]
fn learning_and_cancelling_go_on_beside_helpers() {
    let Some(page) = browser() else { return };
    page.open();
    load(&page, &json!({"model": "tiny-128", "workers": 2}));
    let (_, before) = analyse(&page, 220);
    let reply = page.run(
        "const request = { question: a.question, paragraph: a.paragraph, gold: [[{ start: 0, end: 9 }]] };
         const stop = new AbortController(), long = a.paragraph.repeat(40);
         const aborted = window.bioscope.analyse({ question: a.question, paragraph: long, signal: stop.signal })
           .then(() => 'resolved', (error) => error.name);
         setTimeout(() => stop.abort(), 20);
         const step = await window.bioscope.step(request);
         const tuned = await window.bioscope.analyse(request);
         await window.bioscope.reset();
         return [await aborted, step.lossAfter < step.lossBefore, tuned.workers];",
        json!({"question": QUESTION, "paragraph": text(220)}),
    );
    assert_eq!(reply, json!(["AbortError", true, 1]));
    assert!(analyse(&page, 220) == (json!(2), before));
}

/// `BIOSCOPE_KILLS=200` for a long run.
#[test]
fn helpers_that_die_are_replaced_and_no_result_is_wrong_or_missing() {
    let Some(page) = browser() else { return };
    page.be_patient();
    page.goto("bioscope.js"); // not the page: its policy allows no worker of a text
    let kills: u32 = std::env::var("BIOSCOPE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let body = "const { load } = await import('./bioscope.js');
         const single = await load({ model: 'tiny-128', workers: 1 });
         const expected = await Promise.all(a.texts.map((paragraph) => single.analyse({ question: a.question, paragraph })));
         single.close();
         // The worker that leads starts its helpers from a scope in which they die at random.
         const channel = new BroadcastChannel('deaths');
         let deaths = 0, shared = 0, analyses = 0, wrong = 0;
         channel.onmessage = () => { deaths++; };
         window.Worker = lead(`setTimeout(() => {
           worker.terminate();
           new BroadcastChannel('deaths').postMessage(1);
         }, 100 + 500 * Math.random())`);
         try {
           while (deaths < a.kills) {
             const many = await load({ model: 'tiny-128', workers: 3 });
             for (let k = 0, alone = 0; k < 80 && alone < 12 && deaths < a.kills; k++) {
               const at = k % a.texts.length;
               const r = await many.analyse({ question: a.question, paragraph: a.texts[at] });
               analyses++;
               if (r.workers > 1) { shared++; alone = 0; } else { alone++; }
               if (JSON.stringify(r.tokens) !== JSON.stringify(expected[at].tokens)) wrong++;
             }
             many.close();
           }
         } finally { window.Worker = Real; channel.close(); }
         return { deaths, shared, analyses, wrong };";
    let request = json!({"question": QUESTION, "kills": kills, "texts": [text(200), text(250), text(900)]});
    let reply = page.run(&format!("{LEAD} {body}"), request);
    println!("{reply}");
    assert_eq!(reply["wrong"], 0);
    assert!(reply["deaths"].as_u64() >= Some(u64::from(kills)) && reply["shared"].as_u64() > Some(0), "{reply}");
}

/// A worker that starts its helpers from a scope in which `body` has seen every Worker just made, after `first` was run there.
const LEAD: &str = "const Real = window.Worker;
    const lead = (body, first = '') => function (url, options) {
      const script = `${first}; const Real = self.Worker;
        self.Worker = function (url, options) { const worker = new Real(url, options); ${body}; return worker; };
        self.bioscopeHome = ${JSON.stringify(new URL(url, location.href).href)};
        importScripts(self.bioscopeHome);`;
      return new Real(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), options);
    };";

#[test]
fn helpers_that_nobody_asked_for_come_where_there_are_cores_and_go_where_they_are_slow() {
    let Some(page) = browser() else { return };
    page.be_patient();
    page.goto("bioscope.js"); // not the page: its policy allows no worker of a text
    // Cores and memory are what the leading worker is told; what it says to a helper is underway for a while, so that no
    // analysis can be quicker by one.
    let body = "const { load } = await import('./bioscope.js'), channel = new BroadcastChannel('helpers');
         const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms)), all = [];
         for (const { cores, memory, expected } of a.machines) {
           let begun = 0, ended = 0;
           channel.onmessage = ({ data }) => { if (data) begun++; else ended++; };
           window.Worker = lead(`const post = worker.postMessage.bind(worker), end = worker.terminate.bind(worker);
             const channel = new BroadcastChannel('helpers');
             worker.postMessage = (...message) => setTimeout(() => post(...message), 150);
             worker.terminate = () => { channel.postMessage(0); end(); };
             channel.postMessage(1);`, `for (const [name, value] of [['hardwareConcurrency', ${cores}], ['deviceMemory', ${memory}]])
             Object.defineProperty(navigator, name, { get: () => value, configurable: true });`);
           const engine = await load({ model: 'tiny-128' });
           for (let k = 0; k < 300 && (begun < expected || ended < begun); k++) await pause(100);
           if (!expected) await pause(2000); // an idle moment has passed by then
           const { workers } = await engine.analyse({ question: a.question, paragraph: a.paragraph });
           all.push([begun, ended, workers]);
           engine.close();
           window.Worker = Real;
         }
         channel.close();
         return all;";
    let machine = |cores, memory: Value, expected| json!({"cores": cores, "memory": memory, "expected": expected});
    let machines = [
        machine(2, Value::Null, 0), // one core is the page's
        machine(8, json!(2), 0),
        machine(8, json!(4), 1),
        machine(3, json!(8), 1),
        machine(16, Value::Null, 3),
    ];
    let request = json!({"question": QUESTION, "paragraph": text(300), "machines": machines});
    let reply = page.run(&format!("{LEAD} {body}"), request);
    assert_eq!(reply, json!([[0, 0, 1], [0, 0, 1], [1, 1, 1], [1, 1, 1], [3, 3, 1]]));
}

#[test]
fn a_helper_takes_little_memory() {
    let Some(page) = browser() else { return };
    page.goto("bioscope.js"); // not the page: its policy allows no worker of a text
    let body = "const { load } = await import('./bioscope.js'), channel = new BroadcastChannel('memory');
         window.Worker = lead(`setTimeout(() => worker.postMessage([false]), 1500);
           worker.addEventListener('message', ({ data }) => {
             if (typeof data[1] === 'number') new BroadcastChannel('memory').postMessage(data[1]);
           })`);
         const reply = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });
         const many = await load({ model: 'minilm-l6', workers: 2 });
         await many.analyse(a);
         const bytes = await reply;
         many.close();
         window.Worker = Real;
         return bytes;";
    let request = json!({"question": QUESTION, "paragraph": text(300)});
    let bytes = page.run(&format!("{LEAD} {body}"), request).as_f64().unwrap();
    println!("a helper of minilm-l6: {:.1} MB", bytes / 1e6);
    assert!(bytes <= 45e6, "{bytes}");
}

/// Prints medians of the forward pass with one and two workers, taking turns.
#[test]
#[ignore = "a measurement: nothing else may run"]
fn speed_of_two_workers() {
    let Some(page) = crate::browser::browser_alone() else { return };
    page.be_patient();
    page.goto("bioscope.js");
    let reply = page.run(
        "const { load } = await import('./bioscope.js'), rows = [];
         for (const model of ['minilm-l6', 'tiny-128']) {
           const engines = [await load({ model, workers: 1 }), await load({ model, workers: 2 })];
           for (const paragraph of a.texts) {
             const ms = [[], []];
             let tokens;
             for (let round = 0; round < 15; round++) {
               for (const k of [0, 1]) {
                 const r = await engines[k].analyse({ question: a.question, paragraph });
                 tokens = r.paragraphTokens;
                 ms[k].push(r.milliseconds.forward);
               }
             }
             const median = ms.map((all) => all.sort((x, y) => x - y)[7]), ratios = median[0] / median[1];
             rows.push({ model, tokens, one: median[0], two: median[1], ratio: ratios });
           }
           engines.forEach((engine) => engine.close());
         }
         return rows;",
        json!({"question": QUESTION, "texts": [text(200), text(225), text(340), text(2100)]}),
    );
    for row in reply.as_array().unwrap() {
        println!("{row}");
    }
}
