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
    let lengths = [20, 90, 200, 290, 700, 1500];
    for model in ["tiny-128", "minilm-l6"] {
        load(&page, &json!({"model": model, "workers": 1}));
        let alone: Vec<_> = lengths.iter().map(|words| analyse(&page, *words)).collect();
        assert!(alone.iter().all(|(workers, _)| *workers == 1));
        for workers in [2, 3] {
            load(&page, &json!({"model": model, "workers": workers}));
            for (words, (_, expected)) in lengths.iter().zip(&alone) {
                let (shared, logits) = analyse(&page, *words);
                assert_eq!(shared, if *words < 40 { json!(1) } else { json!(workers) }, "{words} words");
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
    let (_, before) = analyse(&page, 200);
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
        json!({"question": QUESTION, "paragraph": text(200)}),
    );
    assert_eq!(reply, json!(["AbortError", true, 1]));
    assert!(analyse(&page, 200) == (json!(2), before));
}

/// `BIOSCOPE_KILLS=200` for a long run.
#[test]
fn helpers_that_die_are_replaced_and_no_result_is_wrong_or_missing() {
    let Some(page) = browser() else { return };
    page.open();
    let kills: u32 = std::env::var("BIOSCOPE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let reply = page.run(
        "const { load } = await import('./bioscope.js');
         const single = await load({ model: 'tiny-128', workers: 1 });
         const expected = await Promise.all(a.texts.map((paragraph) => single.analyse({ question: a.question, paragraph })));
         single.close();
         // The worker that leads starts its helpers from a scope in which they die at random.
         const Real = window.Worker, channel = new BroadcastChannel('deaths');
         let deaths = 0, shared = 0, analyses = 0, wrong = 0;
         channel.onmessage = () => { deaths++; };
         window.Worker = function (url, options) {
           const script = `const Real = self.Worker, channel = new BroadcastChannel('deaths');
             self.Worker = function (url, options) {
               const worker = new Real(url, options);
               setTimeout(() => { worker.terminate(); channel.postMessage(1); }, 100 + 500 * Math.random());
               return worker;
             };
             self.bioscopeHome = ${JSON.stringify(new URL(url, location.href).href)};
             importScripts(self.bioscopeHome);`;
           return new Real(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), options);
         };
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
         return { deaths, shared, analyses, wrong };",
        json!({"question": QUESTION, "kills": kills, "texts": [text(90), text(250), text(900)]}),
    );
    println!("{reply}");
    assert_eq!(reply["wrong"], 0);
    assert!(reply["deaths"].as_u64() >= Some(u64::from(kills)) && reply["shared"].as_u64() > Some(0), "{reply}");
}
