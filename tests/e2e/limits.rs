//! What the page may take: of memory, after many texts, too, and of a narrow screen's width.

use std::collections::HashMap;
use std::fs;

use serde_json::{Value, json};

use crate::browser::{Page, chromium, fresh_chromium};
use crate::self_test;

/// Keeps the page's own program in `__programs` and its workers in `__workers`, and lets `memory(worker)` ask www/worker.js
/// for the bytes of a worker's WebAssembly memory; the page does not hear the reply.
const WATCH: &str = "window.__programs = []; window.__workers = []; window.__asked = [];
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const make = WebAssembly[name];
      WebAssembly[name] = async (...a) => { const made = await make.apply(WebAssembly, a); __programs.push(made.instance ?? made); return made; };
    }
    const W = Worker;
    window.Worker = class extends W {
      constructor(...a) {
        super(...a); __workers.push(this);
        this.addEventListener('message', (event) => {
          if (typeof event.data[0] !== 'number') return;
          event.stopImmediatePropagation(); __asked.shift()?.(event.data[1]);
        });
      }
    };
    window.memory = (worker) => new Promise((ok) => { __asked.push(ok); worker.postMessage([false]); });
    window.page = () => __programs.filter((p) => p.exports?.memory).reduce((sum, p) => sum + p.exports.memory.buffer.byteLength, 0);";

/// Random texts in many scripts, the same in every run: `text(k)` gives a question and a paragraph. The eleventh is the longest.
const TEXTS: &str = "
    let seed = 7;
    const below = (n) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor(seed / 4294967296 * n); };
    const ranges = [[97, 26], [97, 26], [97, 26], [65, 26], [0xe0, 30], [0x3b1, 24], [0x430, 32], [0x5d0, 27], [0x627, 36], [0x4e00, 2000],
      [0x3041, 80], [0xac00, 2000], [0xe01, 46], [0x905, 50], [0x1f600, 60], [48, 10], [33, 15], [0x20000, 200]];
    const word = (most) => {
      const [first, count] = ranges[below(ranges.length)];
      let out = '';
      for (let n = 1 + below(most); n > 0; n--) out += String.fromCodePoint(first + below(count)) + (below(20) === 0 ? '\\u0301' : '');
      return out;
    };
    const words = (count, most) => Array.from({ length: count }, () => word(most)).join(below(9) ? ' ' : '\\r\\n');
    const text = (k) => {
      const count = k === 10 ? 900 : below(25) === 0 ? 300 + below(400) : 1 + below(90);
      return [`who ${words(1 + below(3), 4)}?`, `${words(count, 8)} end.`];
    };";

/// So many analyses, one after the other, as a user would ask for them. Times, and memory after every one.
fn analyses(page: &Page, count: usize) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    page.run(&format!("{TEXTS} window.__text = text; window.__at = 0; window.__seen = [[], [], []];"), Value::Null);
    // In portions: a script may not run for ever.
    while page.js("__at").as_u64().unwrap() < count as u64 {
        page.run(
            "const get = (hook) => document.querySelector(`[data-testid=${hook}]`);
             const fill = (hook, text) => {
               const field = get(hook), own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value');
               own.set.call(field, text); field.dispatchEvent(new Event('input', { bubbles: true }));
             };
             const [times, engine, page] = __seen;
             for (const stop = Math.min(a, __at + 25); __at < stop; __at++) {
               const [question, paragraph] = __text(__at), start = performance.now();
               fill('question', question); fill('paragraph', paragraph);
               const typed = get('paragraph').value.length;
               get('analyse').click();
               for (;;) {
                 await new Promise((r) => setTimeout(r, 4));
                 const said = get('error')?.textContent;
                 if (said) throw new Error(`${__at}: ${said}: ${JSON.stringify([question, paragraph])}`);
                 const last = [...document.querySelectorAll('[data-testid=token]')].at(-1);
                 if (get('status').dataset.state === 'ready' && Number(last?.dataset.end) === typed && !document.querySelector('[aria-busy=true]')) break;
                 if (performance.now() - start > 60000) throw new Error(`${__at} takes too long: ${JSON.stringify([question, paragraph])}`);
               }
               const p = [...document.querySelectorAll('[data-testid=token]')].map((t) => [t.dataset.pb, t.dataset.pi, t.dataset.po].map(Number));
               if (!p.every(([b, i, o]) => Math.abs(b + i + o - 1) < 1e-9)) throw new Error(`${__at}: p does not add up to 1`);
               times.push(performance.now() - start); engine.push(await memory(__workers[0])); page.push(window.page());
             }",
            json!(count),
        );
    }
    serde_json::from_value(page.js("__seen")).unwrap()
}

fn flat_after_fifty(count: usize) {
    let Some(page) = chromium() else { return };
    page.be_patient();
    page.before_load(WATCH);
    page.open_ready();
    let (mut times, engine, program) = analyses(&page, count);
    times.sort_by(f64::total_cmp);
    let of = |sizes: &[f64]| [sizes[0], sizes[49], sizes[count - 1]].map(|bytes| (bytes / 1e4).round() / 100.0);
    println!("{count} analyses, median {:.0} ms, longest {:.0} ms", times[count / 2], times[count - 1]);
    let grown: Vec<usize> = (1..count).filter(|&k| program[k] > program[k - 1]).collect();
    println!("the page's program has grown at {grown:?}");
    println!("MB of WebAssembly memory after 1, 50, {count}: engine {:?}, page {:?}", of(&engine), of(&program));
    assert_eq!(page.js("__workers.length"), 1, "no worker died");
    assert_eq!(engine[count - 1], engine[49], "the engine's memory is flat");
    // The page's own holds the last 200 steps for undo, texts of all lengths.
    assert!(program[49] > 0.0 && program[count - 1] <= program[49] + 1e6, "the page's too: {:?}", of(&program));
}

#[test]
fn memory_is_flat_over_many_random_texts() {
    flat_after_fifty(100);
}

#[test]
#[ignore = "minutes"]
fn memory_is_flat_over_a_thousand_random_texts() {
    flat_after_fifty(1000);
}

/// Bytes that a process and what it started hold for themselves alone (anonymous memory), renderers only.
fn anonymous_of_renderers(root: u32) -> Option<f64> {
    let mut parents = HashMap::new();
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // "PID (NAME) STATE PPID ..."
        let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
        parents.insert(pid, parent.unwrap_or(0));
    }
    let below = |pid: u32| {
        let mut at = pid;
        while at > 1 && at != root {
            at = *parents.get(&at).unwrap_or(&0);
        }
        at == root
    };
    let mut sum = 0.0;
    for pid in parents.keys().copied().filter(|pid| below(*pid)) {
        let command = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss_Anon:"));
        if let (true, Some(line)) = (command.contains("--type=renderer"), line) {
            sum += line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) * 1024.0;
        }
    }
    (sum > 0.0).then_some(sum)
}

#[test]
fn an_analysis_takes_less_than_200_megabytes() {
    let Some(page) = fresh_chromium() else { return };
    page.before_load(WATCH);
    let empty = anonymous_of_renderers(page.driver());
    page.open_ready();
    let paragraph = "The old mill stands by the river, a mile south of Arden. ".repeat(60); // three windows
    page.analyse("Where is the old mill?", paragraph.trim_end());
    let bytes = page.run("return [await memory(__workers[0]), window.page()];", Value::Null);
    let heap = page.devtools("Runtime.getHeapUsage", json!({}));
    let number = |value: &Value| value.as_f64().unwrap();
    let parts = [number(&bytes[0]), number(&bytes[1]), number(&heap["usedSize"]), number(&heap["backingStorageSize"])];
    let sum: f64 = parts.iter().sum();
    let shown = parts.map(|bytes| (bytes / 1e5).round() / 10.0);
    println!("MB: engine, page, JavaScript heap, its buffers {shown:?}, in all {:.1}", sum / 1e6);
    assert!(parts[0] > 20e6 && sum < 200e6, "{parts:?}");
    // By a stricter measure: all that the page has made the browser's renderers hold, with what the collector has yet to free.
    if let (Some(empty), Some(now)) = (empty, anonymous_of_renderers(page.driver())) {
        println!("MB of the renderers' own memory: {:.1}, before the page {:.1}", now / 1e6, empty / 1e6);
        assert!(now - empty < 200e6, "{empty} {now}");
    }
}

/// Elements that reach beyond the window, unless something that scrolls holds them.
pub const WIDE: &str = "(() => {
    const width = document.documentElement.clientWidth, out = [];
    if (document.documentElement.scrollWidth > width) for (const e of document.querySelectorAll('body *')) {
      const { right } = e.getBoundingClientRect();
      let held = false;
      for (let up = e.parentElement; up; up = up.parentElement) held ||= ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX);
      if (right > width + 1 && !held) out.push(`${Math.round(right)}: ${e.outerHTML.slice(0, 120)}`);
    }
    return [document.documentElement.scrollWidth - width, out.slice(0, 5)];
  })()";

#[test]
fn nothing_scrolls_sideways_at_320_pixels() {
    let Some(page) = chromium() else { return };
    page.be_patient();
    page.screen(320, 740, 2, true);
    let mut wide = Vec::new();
    let mut look = |what: String| {
        let found = page.js(WIDE);
        if found[0] != 0 {
            wide.push(format!("{what}: {found}"));
        }
    };
    for language in ["en", "el"] {
        page.open_ready();
        page.speak(language);
        page.wait("document.querySelector('[data-testid=token]')", "an analysis");
        look(format!("{language}, as it opens"));
        page.click_by_script("[data-testid=share]");
        if language == "en" {
            assert_eq!(self_test::run(&page), "passed"); // its table is as wide in either language
        }
        page.run("document.querySelectorAll('details').forEach((d) => d.open = true);", Value::Null);
        look(format!("{language}, all panels open"));
        for view in ["bars", "table", "text"] {
            page.run("document.querySelector(`[data-view=${a}]`)?.click();", json!(view));
            look(format!("{language}, {view}"));
        }
        for tab in 0..8 {
            page.exercise_tab(tab);
            page.run("document.querySelectorAll('details').forEach((d) => d.open = true);", Value::Null);
            page.run("await new Promise((r) => setTimeout(r, 200));", Value::Null); // what is drawn lazily
            look(format!("{language}, tab {tab}"));
        }
        for place in ["read", "labels", "learning", "class", "questions"] {
            page.place(place);
            look(format!("{language}, {place}"));
        }
        page.js("localStorage.clear()");
    }
    assert!(wide.is_empty(), "{wide:#?}");
    // It would be noticed.
    page.run("document.querySelector('main').style.width = '50rem';", Value::Null);
    assert_ne!(page.js(WIDE)[0], 0);
}
