//! Everything that can go wrong is said in a sentence, and the page goes on working.

use std::fs;

use crate::browser::{Page, Site, browser_on, chromium, opened};
use crate::common::root;

const QUESTION: &str = "Who baked the bread?";
const PARAGRAPH: &str = "Every morning at four Tomas baked the bread, and his daughter sold it.";

/// The page still analyses.
fn works(page: &Page) {
    page.analyse(QUESTION, PARAGRAPH);
    page.wait("!document.querySelector('[data-testid=error]')", "end of the error message");
    assert_eq!(page.js("document.querySelector('[data-testid=answer]').textContent"), "Tomas");
}

fn weights() -> Vec<u8> {
    fs::read(root().join("static/models/minilm-l6/model.safetensors")).unwrap()
}

const WEIGHTS: &str = "models/minilm-l6/model.safetensors";

#[test]
fn empty_input() {
    let Some(page) = opened() else { return };
    for (question, paragraph, word) in [("", PARAGRAPH, "question"), (QUESTION, "  \n", "paragraph")] {
        page.fill("question", question);
        page.fill("paragraph", paragraph);
        page.click("[data-testid=analyse]");
        page.wait(
            &format!("document.querySelector('[data-testid=error]')?.textContent.includes('{word}')"),
            &format!("message about {word}"),
        );
        let fields = (page.value("question"), page.value("paragraph"));
        assert_eq!(fields, (question.into(), paragraph.into()), "nothing is lost");
    }
    works(&page);
}

/// A model file that is not what it should be: said, and the stored example stays readable.
fn broken(site: &Site, words: &[&str]) {
    let Some(page) = browser_on(site) else { return };
    page.open();
    let error = page.error();
    println!("{error}");
    assert!(words.iter().all(|word| error.contains(word)), "{error}");
    page.wait("document.querySelector('[data-testid=status]').dataset.state === 'failed'", "failed status");
    assert!(page.tokens().len() > 20, "the stored example is still there");
    // Without a model, what is there can still be looked at and labelled.
    page.click("[data-testid=token][data-index='1']");
    page.press(&["b"], false);
    page.wait("document.querySelector('[data-testid=gold-token][data-index=\"1\"]').dataset.label === 'B'", "a label");
    // Once the server has the right file, asking again is enough.
    for name in site.without.iter().chain(site.changed.iter().map(|(name, _)| name)) {
        let built = std::path::PathBuf::from(std::env::var_os("BIOSCOPE_DIST").unwrap());
        page.put(name, &fs::read(built.join(name)).unwrap());
    }
    page.fill("question", QUESTION);
    page.fill("paragraph", PARAGRAPH);
    page.click("[data-testid=analyse]");
    page.settled(PARAGRAPH);
    works(&page);
}

#[test]
fn model_file_missing() {
    broken(&Site { without: &[WEIGHTS], ..Site::default() }, &["model.safetensors", "404"]);
}

#[test]
fn model_file_truncated() {
    let mut short = weights();
    short.truncate(short.len() / 2);
    broken(&Site { changed: &[(WEIGHTS, short)], ..Site::default() }, &["model.safetensors", "instead of"]);
}

#[test]
fn model_file_corrupt() {
    let mut bent = weights();
    bent[12345678] ^= 1;
    broken(&Site { changed: &[(WEIGHTS, bent)], ..Site::default() }, &["model.safetensors", "published"]);
}

#[test]
fn worker_program_missing() {
    broken(&Site { without: &["worker-simd128_bg.wasm", "worker-relaxed_bg.wasm"], ..Site::default() }, &["engine"]);
}

#[test]
fn files_that_do_not_fit_each_other() {
    let Some(page) = opened() else { return };
    let said = page.run(
        "const { load } = await import('./bioscope.js'), out = [];
         const file = async (name) => (await fetch('models/minilm-l6/' + name)).arrayBuffer();
         const [weights, config, tokenizer] = [await file('model.safetensors'), await file('config.json'), await file('tokenizer.json')];
         const edit = (buffer, change) => { const v = JSON.parse(new TextDecoder().decode(buffer)); change(v); return new TextEncoder().encode(JSON.stringify(v)).buffer; };
         const says = async (model) => { try { (await load({ model })).close(); out.push(''); } catch (e) { out.push(e.message); } };
         await says({ weights, config: edit(config, (c) => c.vocab_size = 1000), tokenizer });
         await says({ weights, config: edit(config, (c) => c.hidden_size = 192), tokenizer });
         await says({ weights, config, tokenizer: config });
         await says({ weights: weights.slice(0, 5e6), config, tokenizer });
         await says({ weights: new ArrayBuffer(0), config, tokenizer });
         await says({ weights, config, tokenizer: edit(tokenizer, (t) => t.model.vocab = { '[UNK]': 0, a: 1 }) });
         return out;",
        serde_json::Value::Null,
    );
    let said: Vec<String> = serde_json::from_value(said).unwrap();
    println!("{said:#?}");
    for (message, word) in
        said.iter().zip(["30521", "shape", "tokenizer.json", "model.safetensors", "model.safetensors", "30522"])
    {
        assert!(message.contains(word), "{message:?} should speak of {word:?}");
    }
    works(&page);
}

#[test]
fn browser_without_simd() {
    let Some(page) = chromium() else { return };
    page.before_load("WebAssembly.validate = () => false;");
    page.open();
    assert!(page.error().contains("SIMD"), "{}", page.error());
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.state"), "failed");
    assert!(!page.server.requests().iter().any(|r| r.contains(".wasm")), "no program is fetched in vain");
}

/// Keeps the page's worker within reach of the test, and every message: the one of a worker that has died goes with a new one.
const CATCH: &str = "window.__said = [];
    new MutationObserver(() => { const said = document.querySelector('[data-testid=error]')?.textContent; if (said) __said.push(said); })
      .observe(document, { childList: true, subtree: true, characterData: true });
    const Native = Worker; window.__workers = [];
    window.Worker = class extends Native { constructor(...a) { super(...a); window.__workers.push(this); } };";

#[test]
fn worker_that_breaks() {
    let Some(page) = chromium() else { return };
    page.before_load(CATCH);
    page.open_ready();
    // What a trap in the engine looks like to the page.
    page.js("__workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'unreachable', cancelable: true }))");
    page.wait("__said.some((said) => said.includes('engine'))", "word of it");
    page.wait("__workers.length === 2", "a fresh worker");
    page.ready();
    works(&page);
}

/// The model is loaded anew twice, and would be for ever.
#[test]
fn a_text_that_the_worker_dies_of_is_given_up() {
    let Some(page) = chromium() else { return };
    page.before_load(CATCH);
    page.open_ready();
    page.be_patient();
    page.js("Worker.prototype.postMessage = ((post) => function (message, ...rest) {
           const deadly = String(message[0]).startsWith('{\"analyse\"') && message[0].includes('poison');
           return deadly ? this.terminate() : post.call(this, message, ...rest);
         })(Worker.prototype.postMessage)");
    page.fill("question", "Who baked the poison?");
    page.click("[data-testid=analyse]");
    page.wait("document.querySelector('[data-testid=status]').dataset.state === 'failed'", "an end");
    assert_eq!(page.js("__workers.length"), 3);
    assert!(page.error().contains("engine"), "{}", page.error());
    works(&page);
}

#[test]
fn worker_that_is_killed_in_silence() {
    let Some(page) = chromium() else { return };
    page.before_load(CATCH);
    page.open_ready();
    page.js("__workers.at(-1).terminate()");
    page.wait("__said.some((said) => said.includes('engine'))", "word of its end");
    page.wait("__workers.length === 2", "a fresh worker");
    page.ready();
    works(&page);
}
