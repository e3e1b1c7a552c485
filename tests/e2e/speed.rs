//! The page stays responsive while the engine works: `cargo xtask bench` measures it. No other machine's or neighbour's work
//! decides whether a change is right, so the tests' verdict is without these.

use serde_json::{Value, json};

use crate::browser::{Page, browser_alone, chromium_alone};

/// Milliseconds that [`slowness`]'s loop takes on a core of one's own (Xeon, Emerald Rapids, 2.1 GHz).
const LOOP: f64 = 2.6;

/// How many times longer than that a loop of independent additions and products takes here and now; 1 where it takes no
/// longer. The bars are meant for a core of one's own: where another machine's work is on the other half of the core, as may
/// be on a rented one, everything takes nearly twice as long, and so does this loop.
fn slowness(page: &Page) -> f64 {
    let times = page.run(
        "const a = Int32Array.from({ length: 4096 }, (_, i) => i * 7919), f = Float32Array.from(a), times = [];
         for (let round = 0; round < 15; round++) {
           const start = performance.now();
           let p = 1, q = 2, r = 3, t = 4, u = 5, v = 6, x = 0, y = 0;
           for (let k = 0; k < 600; k++) for (let i = 0; i < 4096; i += 4) {
             p = Math.imul(p, 31) + a[i] | 0; q = Math.imul(q, 33) + a[i + 1] | 0;
             r = Math.imul(r, 35) ^ a[i + 2]; t = Math.imul(t, 37) ^ a[i + 3];
             x += f[i] * 1.5; y += f[i + 1] * 2.5; u = u + a[i] | 0; v = v ^ a[i + 1];
           }
           window.__sum = (p ^ q ^ r ^ t ^ u ^ v) + x + y; // or it would not be computed
           times.push(performance.now() - start);
         }
         return times.sort((a, b) => a - b);",
        Value::Null,
    );
    (times[7].as_f64().unwrap() / LOOP).max(1.0)
}

const SENTENCE: &str =
    "The ferry left the northern harbour at dawn, carried letters, lamps and two goats, and came back at night. ";

#[test]
#[ignore = "a measurement: nothing else may run"]
fn no_long_task_while_an_analysis_runs() {
    let Some(page) = chromium_alone() else { return };
    page.before_load(
        "window.__long = []; new PerformanceObserver((list) => window.__long.push(...list.getEntries().map((e) => e.duration)))
           .observe({ type: 'longtask' });",
    );
    page.open_ready();
    // About 320 tokens, as an ordinary long paragraph has, and 640, which take several windows; the gold labels of
    // the example's three annotators go along.
    for (view, sentences) in [("text", 14), ("bars", 14), ("table", 14), ("bars", 28)] {
        page.click(&format!("[data-view={view}]"));
        let mut rounds = Vec::new();
        // The best of six rounds: another program's moment on this machine is not the page's.
        for round in 0..6 {
            let paragraph = format!("Round {round}. {}", SENTENCE.repeat(sentences));
            page.fill("question", "When did the ferry leave the harbour?");
            page.fill("paragraph", &paragraph);
            std::thread::sleep(std::time::Duration::from_millis(700)); // typing's own work is over
            page.js("window.__long.length = 0");
            page.click("[data-testid=analyse]");
            page.settled(&paragraph);
            std::thread::sleep(std::time::Duration::from_millis(300)); // the observer is told late
            let long: Vec<f64> = serde_json::from_value(page.js("window.__long")).unwrap();
            rounds.push(long.into_iter().fold(0.0, f64::max) / slowness(&page));
            if rounds.last().is_some_and(|longest| *longest <= 50.0) {
                break;
            }
        }
        println!(
            "{view}, {} characters: longest main-thread task per analysis, without the machine's slowness: {rounds:.0?} ms \
             (0: none over 50)",
            SENTENCE.len() * sentences
        );
        assert!(rounds.iter().any(|longest| *longest <= 50.0), "{view}: {rounds:?}");
    }
}

/// A label set with a key on 200 tokens with five annotators: from the key's event to the end of the layout that
/// follows, all on the main thread.
#[test]
#[ignore = "a measurement: nothing else may run"]
fn a_label_is_set_within_a_frame() {
    let Some(page) = browser_alone() else { return };
    page.open_ready();
    let mut marked = false; // labels stay where the text goes on
    for count in [200, 1000] {
        let paragraph = (0..count).map(|k| ["the", "old", "mill", "by", "river"][k % 5]).collect::<Vec<_>>().join(" ");
        page.analyse("Where is the mill?", &paragraph);
        let annotators = "document.querySelectorAll('[data-testid=annotator]').length";
        while page.js(annotators).as_f64().unwrap() < 5.0 {
            page.click_by_script(".goldcard .add");
        }
        page.count("gold-token", 5 * count);
        let mut medians = Vec::new();
        let most = if count == 200 { 16.0 } else { 100.0 };
        for view in ["text", "bars", "table"] {
            page.run(
                "document.querySelector(`[data-view=${a}]`).click(); document.querySelector('#tab-2').click();",
                view.into(),
            );
            page.count("token", count);
            let mut best = f64::INFINITY;
            // The best of up to three medians: another program's moment on this machine is not the page's.
            for _ in 0..3 {
                // Every round changes the labels that the one before set.
                marked = !marked;
                let times = page.run(
                    "const times = [];
                     for (let k = 0; k < 24; k++) {
                       const token = document.querySelector(`[data-testid=token][data-index='${10 + 3 * k}']`);
                       await new Promise((r) => requestAnimationFrame(r));
                       const start = performance.now();
                       token.dispatchEvent(new KeyboardEvent('keydown', { key: a, bubbles: true, cancelable: true }));
                       for (let turn = 0; turn < 20; turn++) await null; // effects run as microtasks
                       document.body.getBoundingClientRect();
                       times.push(performance.now() - start);
                     }
                     return times.sort((x, y) => x - y);",
                    if marked { "b" } else { "o" }.into(),
                );
                let times: Vec<f64> = serde_json::from_value(times).unwrap();
                let slow = slowness(&page);
                println!(
                    "{count} tokens, 5 annotators, {view}: median {:.1} ms, {:.1} to {:.1}, slowness {slow:.2}",
                    times[12], times[0], times[23]
                );
                best = best.min(times[12] / slow);
                if best <= most {
                    break;
                }
            }
            medians.push(best);
        }
        let set = page.labels().iter().any(|row| row.matches('B').count() >= 24);
        assert_eq!(set, marked, "the keys set labels, and took them off again");
        assert!(medians.iter().all(|median| *median <= most), "{count} tokens: {medians:?}");
    }
}

#[test]
#[ignore = "a measurement: nothing else may run"]
fn the_small_model_is_as_quick_as_a_frame() {
    let Some(page) = browser_alone() else { return };
    page.open_ready();
    // 128 positions: [CLS], 6 word pieces, [SEP], 119 word pieces, [SEP]; every round another text.
    page.run(
        "const { load } = await import('./bioscope.js'), bioscope = await load({ model: 'tiny-128' });
         const words = 'the river runs past an old stone house and two tall trees near a small green hill where birds sing'.split(' ');
         let seed = 7;
         const word = () => words[(seed = (seed * 1103515245 + 12345) % 2147483648) % words.length];
         window.__measure = async () => { const times = [];
         for (let round = -4; round < 25; round++) {
           const paragraph = Array.from({ length: 119 }, word).join(' '), start = performance.now();
           const a = await bioscope.analyse({ question: 'where does the river run?', paragraph });
           if (a.questionTokens !== 6 || a.paragraphTokens !== 119) throw new Error('wrong length');
           if (round >= 0) times.push(performance.now() - start);
         }
         return times.sort((a, b) => a - b); };",
        serde_json::Value::Null,
    );
    let mut medians = Vec::new();
    // As above: the best of six rounds.
    while medians.len() < 6 && medians.last().is_none_or(|median| *median > 16.0) {
        let times = page.run("return await window.__measure();", serde_json::Value::Null);
        let times: Vec<f64> = serde_json::from_value(times).unwrap();
        let slow = slowness(&page);
        println!(
            "tiny-128, 128 positions: median {:.1} ms, {:.1} to {:.1}, slowness {slow:.2}",
            times[12], times[0], times[24]
        );
        medians.push(times[12] / slow);
    }
    assert!(medians.last().is_some_and(|median| *median <= 16.0), "{medians:?}");
}

/// The page stays responsive while a worker reads (Chromium alone tells of long tasks): no task of its own thread is longer than three frames.
#[test]
#[ignore = "a measurement: nothing else may run"]
fn twenty_megabytes_do_not_keep_the_page_busy() {
    let Some(page) = chromium_alone() else { return };
    page.open_ready();
    page.be_patient();
    // A neighbour of this machine's may hold up one attempt, or two.
    let longest =
        (1..=3).map(|attempt| longest_task_of_twenty_megabytes(&page, attempt)).find(|longest| *longest < 50.0);
    assert!(longest.is_some(), "every time a task of 50 ms or more");
}

fn longest_task_of_twenty_megabytes(page: &Page, attempt: usize) -> f64 {
    let result = page.run(
        "const text = 'On Friday Ada sang, and Bo listened. '.repeat(20), lines = [], name = `large-${a}.jsonl`;
         for (let size = 0, k = 0; size < 20 << 20; k++) {
           lines.push(JSON.stringify({ id: String(k), context: `${k} ${text}`, question: 'Who sang?', annotators: [[[10, 13]]] }));
           size += lines.at(-1).length + 1;
         }
         const data = new DataTransfer();
         data.items.add(new File([lines.join('\\n')], name));
         await new Promise((r) => setTimeout(r, 2000));
         const tasks = [];
         const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)));
         observer.observe({ entryTypes: ['longtask'] });
         const start = performance.now();
         window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
         const line = () => [...document.querySelectorAll('[data-testid=opened-file][data-state=read]')].find((line) => line.textContent.includes(name));
         while (!line()) await new Promise((r) => setTimeout(r, 20));
         const took = performance.now() - start;
         await new Promise((r) => setTimeout(r, 500));
         observer.disconnect();
         return [took, tasks, line().textContent];",
        json!(attempt),
    );
    println!("20 MB in {:.0} ms; tasks over 50 ms: {}", result[0].as_f64().unwrap(), result[1]);
    assert!(result[2].as_str().unwrap().contains("questions, 1 annotator"), "{}", result[2]);
    result[1].as_array().unwrap().iter().map(|task| task.as_f64().unwrap()).fold(0.0, f64::max)
}
