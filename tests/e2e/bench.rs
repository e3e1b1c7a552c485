//! `cargo xtask bench`: times of whole analyses and of single operations in the browser, both kernels taking turns,
//! as Markdown on stdout and as JSON in `target/bench.json`.

use serde_json::{Value, json};

use crate::browser::{Page, browser_alone};
use crate::kernel::beside;

const LENGTHS: [usize; 4] = [64, 128, 384, 640]; // 640 positions are two windows
const ROUNDS: usize = 9;

/// Makes `window.engines`: one per model and kernel. The kernel is read off the page's address, so it is changed there.
fn load(page: &Page, models: &[String]) {
    page.run(
        "const { load } = await import('./bioscope.js'); window.engines = [];
         for (const model of a) for (const kernel of ['relaxed', 'simd128']) {
           history.replaceState(null, '', '?kernel=' + kernel);
           let prepare = 0;
           const engine = await load({ model, onProgress: (p) => { if (p.stage === 'prepare') prepare = performance.now(); } });
           window.engines.push({ model, kernel: engine.info.kernel, engine, ready: performance.now() - prepare });
         }",
        json!(models),
    );
}

/// Medians per engine for analyses of exactly `length` positions, every round with another text, the engines taking
/// turns.
fn measure(page: &Page, length: usize) -> Value {
    page.run(
        "const words = 'the river runs past an old stone house and two tall trees near a small green hill where birds sing'.split(' ');
         const question = 'where does the river run?', rows = window.engines.map(({ model, kernel }) => ({ model, kernel, length: a.length, times: [] }));
         let seed = 7;
         const word = () => words[(seed = (seed * 1103515245 + 12345) % 2147483648) % words.length];
         // Windows overlap by 128 paragraph tokens; the text is as long as makes all windows together `length` positions.
         const count = a.length <= 384 ? a.length - 9 : a.length - 18 - 128;
         for (let round = -2; round < a.rounds; round++) {
           const paragraph = Array.from({ length: count }, word).join(' ');
           for (const [k, { engine }] of window.engines.entries()) {
             const start = performance.now(), r = await engine.analyse({ question, paragraph }), whole = performance.now() - start;
             if (r.questionTokens !== 6 || r.paragraphTokens !== count) throw new Error('wrong length');
             if (round >= 0) rows[k].times.push({ whole, ...r.milliseconds });
           }
         }
         const median = (times, name) => times.map((t) => t[name]).sort((x, y) => x - y)[times.length >> 1];
         return rows.map(({ times, ...row }) => ({ ...row,
           ...Object.fromEntries(['tokenize', 'forward', 'decode', 'whole'].map((name) => [name, median(times, name)])) }));",
        json!({"length": length, "rounds": ROUNDS}),
    )
}

#[test]
#[ignore = "a measurement, run by `cargo xtask bench`"]
fn bench() {
    let Some(page) = browser_alone() else { return };
    page.be_patient();
    page.goto("bioscope.js"); // not the page: its policy allows no worker of a text
    let index = page.run("return await (await fetch('models/index.json')).json();", Value::Null);
    let models: Vec<String> =
        index.as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap().to_owned()).collect();
    load(&page, &models);
    let ready = page.js("window.engines.map(({ model, kernel, ready }) => ({ model, kernel, ready }))");
    let analyses: Vec<Value> = LENGTHS.iter().flat_map(|&n| measure(&page, n).as_array().unwrap().clone()).collect();
    let mut operations = Vec::new();
    for worker in ["relaxed", "simd128"] {
        for length in [128, 384] {
            let body = format!("return await call('time_operations', {length}, 15);");
            let table: Vec<Value> = serde_json::from_str(beside(&page, worker, &body).as_str().unwrap()).unwrap();
            operations.extend(table.into_iter().map(|mut row| {
                row["worker"] = worker.into();
                row["length"] = length.into();
                row
            }));
        }
    }
    let browser = page.js("navigator.userAgent");

    println!(
        "\n{}\n\n## Analyses (ms, medians of {ROUNDS}; 640 positions: two windows)\n",
        browser.as_str().unwrap_or_default()
    );
    println!("| model | kernel | positions | tokenize | forward | decode | whole |\n|---|---|---|---|---|---|---|");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let number = |v: &Value| v.as_f64().map_or(String::new(), |x| format!("{x:.2}"));
    for r in &analyses {
        let times = ["tokenize", "forward", "decode", "whole"].map(|name| number(&r[name])).join(" | ");
        println!("| {} | {} | {} | {times} |", text(&r["model"]), text(&r["kernel"]), r["length"]);
    }
    println!("\n## From the bytes to a model in use (ms)\n\n| model | kernel | ms |\n|---|---|---|");
    for r in ready.as_array().unwrap() {
        println!("| {} | {} | {} |", text(&r["model"]), text(&r["kernel"]), number(&r["ready"]));
    }
    println!(
        "\n## Operations of one layer of MiniLM-L6 (best of 15)\n\n| worker | positions | operation | by | ms | GOP/s |\n|---|---|---|---|---|---|"
    );
    for r in &operations {
        let (worker, name, kernel) = (text(&r["worker"]), text(&r["name"]), text(&r["kernel"]));
        println!("| {worker} | {} | {name} | {kernel} | {} | {} |", r["length"], number(&r["ms"]), number(&r["gops"]));
    }
    let all =
        json!({"browser": browser, "rounds": ROUNDS, "analyses": analyses, "ready": ready, "operations": operations});
    let path = crate::common::root().join("target/bench.json");
    std::fs::write(&path, serde_json::to_string_pretty(&all).unwrap()).unwrap();
    println!("\nThe same as JSON: target/bench.json");
}
