//! The two builds of the worker: which one starts, and that both compute the same.

use serde_json::{Value, json};

use crate::browser::{Kind, Page, browser, chromium};
use crate::common::{engine, golden, root};

/// Starts the worker of this name beside the page, with its memory and exports at hand, and runs the body of an async
/// function with it: `call(name, ...)` calls an export, `memory()` gives its memory's bytes, `ask(message)` sends a
/// message and waits for the reply of the same id.
pub fn beside(page: &Page, name: &str, body: &str) -> Value {
    let script = "
        const source = `importScripts('${location.origin}/worker-NAME.js');
          let program;
          const ready = wasm_bindgen({ module_or_path: '${location.origin}/worker-NAME_bg.wasm' }).then((p) => { program = p; });
          new BroadcastChannel('exports').onmessage = async ({ data: [name, ...rest] }) => {
            await ready;
            const channel = new BroadcastChannel('replies');
            try { channel.postMessage({ value: name === 'memory' ? program.memory.buffer.byteLength : wasm_bindgen[name](...rest) }); }
            catch (error) { channel.postMessage({ error: String(error) }); }
          };
          ready.then(() => self.postMessage('ready'));`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
        await new Promise((ok, fail) => { worker.onmessage = (m) => m.data === 'ready' && ok(); worker.onerror = (e) => fail(e.message); });
        const call = (...request) => new Promise((ok, fail) => {
          const replies = new BroadcastChannel('replies');
          replies.onmessage = ({ data }) => { replies.close(); 'error' in data ? fail(new Error(data.error)) : ok(data.value); };
          new BroadcastChannel('exports').postMessage(request);
        });
        const memory = () => call('memory');
        const ask = (message) => new Promise((ok, fail) => {
          const { id } = Object.values(message)[0];
          worker.onmessage = ({ data }) => {
            const said = JSON.parse(data[0]);
            if (Object.values(said)[0].id === id && !said.progress) said.failed ? fail(new Error(data[0])) : ok(said);
          };
          worker.postMessage([JSON.stringify(message)]);
        });
        try { BODY } finally { worker.terminate(); }";
    page.run(&script.replace("NAME", name).replace("BODY", body), Value::Null)
}

fn kernel(page: &Page) -> Value {
    page.ready();
    page.js("document.querySelector('[data-testid=status]').dataset.kernel")
}

/// The builds that this browser can run.
fn programs() -> Vec<&'static str> {
    let mut programs = vec!["simd128", Kind::named().kernel()];
    programs.dedup();
    programs
}

#[test]
fn the_quickest_build_starts_and_the_address_can_ask_for_the_plain_one() {
    let Some(page) = browser() else { return };
    page.open();
    let quickest = Kind::named().kernel();
    assert_eq!(kernel(&page), quickest);
    for name in ["relaxed", "simd128"] {
        let program = format!("/worker-{name}_bg.wasm");
        assert_eq!(page.server.requests().iter().any(|path| path.starts_with(&program)), name == quickest, "{name}");
    }
    page.goto("?kernel=simd128");
    assert_eq!(kernel(&page), "simd128");
    let info = page.run(
        "const { load } = await import('./bioscope.js'); const b = await load(); const info = b.info; b.close(); return info;",
        Value::Null,
    );
    assert_eq!(info["kernel"], "simd128");
}

#[test]
fn a_browser_without_relaxed_simd_gets_the_plain_build() {
    let Some(page) = chromium() else { return };
    // The opcode of i32x4.relaxed_dot_i8x16_i7x16_add_s is 253, 147, 2.
    page.before_load(
        "const validate = WebAssembly.validate;
         WebAssembly.validate = (bytes) => !new Uint8Array(bytes.buffer ?? bytes).join().includes('253,147,2') && validate(bytes);",
    );
    page.open();
    assert_eq!(kernel(&page), "simd128");
}

#[test]
fn every_kernel_equals_the_oracle_in_the_browser() {
    let Some(page) = browser() else { return };
    page.goto("bioscope.js"); // not the page: its policy allows no worker of a text
    for name in programs() {
        let reply = beside(&page, name, "return [await call('kernel_names'), await call('check_kernels')];");
        println!("worker-{name}: {reply}");
        let names = reply[0].as_str().unwrap();
        assert!(names.starts_with("portable|simd128") && names.split('|').next_back().unwrap().starts_with(name));
        assert!(reply[1].as_u64().unwrap() > 300);
    }
}

#[test]
fn both_builds_give_the_native_logits() {
    let Some(page) = browser() else { return };
    let native = engine(&root().join("static/models/minilm-l6"));
    let cases = golden(&root().join("tests/golden/minilm-l6.json")).cases;
    for kernel in programs() {
        page.goto(&format!("?kernel={kernel}"));
        page.run(
            "const { load } = await import('./bioscope.js'); window.bioscope = await load({ model: 'minilm-l6' });",
            Value::Null,
        );
        assert_eq!(page.js("window.bioscope.info.kernel"), kernel);
        let mut worst = 0f64;
        for case in &cases {
            let (output, _) = native.analyse(&case.question, &case.paragraph).unwrap();
            let argument = json!({"question": case.question, "paragraph": case.paragraph});
            let a = page.run("return await window.bioscope.analyse(a);", argument);
            assert_eq!(a["kernel"], kernel);
            assert_eq!(a["tokens"].as_array().unwrap().len(), output.tokens.len());
            for (there, here) in a["tokens"].as_array().unwrap().iter().zip(&output.tokens) {
                for j in 0..3 {
                    worst = worst.max((there["logits"][j].as_f64().unwrap() - f64::from(here.logits[j])).abs());
                }
            }
        }
        println!("largest difference of a logit, Chromium {kernel} and native: {worst:e}");
        assert!(worst < 1e-4);
    }
}

#[test]
fn memory_does_not_grow_after_the_first_analysis_of_a_length() {
    let Some(page) = browser() else { return };
    page.goto("bioscope.js"); // as above
    let sizes = beside(
        &page,
        Kind::named().kernel(),
        "const base = location.origin + '/', sizes = [];
         await ask({ loadShipped: { id: 1, name: 'minilm-l6', base, workers: 1 } }); // others start when they see fit
         const words = (n, k) => Array.from({ length: n }, (_, i) => ['river', 'stone', 'tree'][(i * k) % 3]).join(' ');
         for (let round = 0; round < 5; round++) for (const n of [40, 300]) {
           await ask({ analyse: { id: 10 + 2 * round + (n > 40), question: 'where?', paragraph: words(n, round + 1) } });
           sizes.push(await memory());
         }
         return sizes;",
    );
    println!("bytes of wasm memory: {sizes}");
    let sizes = sizes.as_array().unwrap();
    assert!(sizes[2..].iter().all(|size| size == &sizes[1]), "{sizes:?}");
}
