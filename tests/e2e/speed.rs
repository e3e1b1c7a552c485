//! The page stays responsive while the engine works.

use crate::browser::browser;

const SENTENCE: &str =
    "The ferry left the northern harbour at dawn, carried letters, lamps and two goats, and came back at night. ";

#[test]
fn no_long_task_while_an_analysis_runs() {
    let Some(page) = browser() else { return };
    page.before_load(
        "window.__long = []; new PerformanceObserver((list) => window.__long.push(...list.getEntries().map((e) => e.duration)))
           .observe({ type: 'longtask' });",
    );
    page.open();
    page.ready();
    // About 320 tokens, as an ordinary long paragraph has, and 640, which take several windows; the gold labels of
    // the example's three annotators go along.
    for (view, sentences) in [("text", 14), ("bars", 14), ("table", 14), ("bars", 28)] {
        page.click(&format!("[data-view={view}]"));
        let mut rounds = Vec::new();
        // The best of four rounds: another program's moment on this machine is not the page's.
        for round in 0..4 {
            let paragraph = format!("Round {round}. {}", SENTENCE.repeat(sentences));
            page.fill("question", "When did the ferry leave the harbour?");
            page.fill("paragraph", &paragraph);
            std::thread::sleep(std::time::Duration::from_millis(700)); // typing's own work is over
            page.js("window.__long.length = 0");
            page.click("[data-testid=analyse]");
            page.settled(&paragraph);
            std::thread::sleep(std::time::Duration::from_millis(300)); // the observer is told late
            let long: Vec<f64> = serde_json::from_value(page.js("window.__long")).unwrap();
            rounds.push(long.into_iter().fold(0.0, f64::max));
            if rounds.last() == Some(&0.0) {
                break;
            }
        }
        println!(
            "{view}, {} characters: longest main-thread task per analysis {rounds:.0?} ms (0: none over 50)",
            SENTENCE.len() * sentences
        );
        assert!(rounds.contains(&0.0), "{view}: {rounds:?}");
    }
}

/// One row of the table: how long an analysis of exactly `length` positions takes.
fn measure(page: &crate::browser::Page, length: usize) -> serde_json::Value {
    page.run(
        "const words = 'the river runs past an old stone house and two tall trees near a small green hill where birds sing'.split(' ');
         const question = 'where does the river run?', count = a - 6 - 3, rounds = { tokenize: [], forward: [], whole: [] };
         let seed = 7;
         const word = () => words[(seed = (seed * 1103515245 + 12345) % 2147483648) % words.length];
         for (let round = -2; round < 9; round++) {
           const paragraph = Array.from({ length: count }, word).join(' '), start = performance.now();
           const r = await window.bioscope.analyse({ question, paragraph });
           const whole = performance.now() - start;
           if (r.questionTokens + r.paragraphTokens + 3 !== a) throw new Error('wrong length');
           if (round < 0) continue;
           rounds.tokenize.push(r.milliseconds.tokenize); rounds.forward.push(r.milliseconds.forward); rounds.whole.push(whole);
         }
         return Object.fromEntries(Object.entries(rounds).map(([k, v]) => [k, v.sort((x, y) => x - y)[v.length >> 1]]));",
        serde_json::json!(length),
    )
}

#[test]
#[ignore = "a measurement, run by `cargo xtask bench`"]
fn bench() {
    let Some(page) = browser() else { return };
    page.open();
    page.run(
        "const { load } = await import('./bioscope.js'); window.bioscope = await load();",
        serde_json::Value::Null,
    );
    let info = page.js("window.bioscope.info");
    println!("\n{} ({}), kernel {}: medians of 9 analyses, ms\n", info["model"], info["quantization"], info["kernel"]);
    println!("| positions | tokenize | forward | whole analysis |\n|---|---|---|---|");
    for length in [64, 128, 384, 640] {
        let ms = measure(&page, length);
        let cell = |name: &str| ms[name].as_f64().unwrap_or(f64::NAN);
        println!("| {length} | {:.1} | {:.1} | {:.1} |", cell("tokenize"), cell("forward"), cell("whole"));
    }
}
