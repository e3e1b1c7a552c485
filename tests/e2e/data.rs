//! Questions from a file, their scores, and files of any bytes.

use bioscope::bio::Decoder;
use bioscope::dataset;
use bioscope::inference::Analysis;
use serde_json::{Value, json};

use crate::browser::{browser, opened};
use crate::common::{engine, root, stand_in::StandIn};
use crate::merge::drop_files;
use crate::page::select;

const SQUAD: &str = r#"{"version":"v2.0","data":[{"title":"t","paragraphs":[
    {"context":"In 1931 Anna Keller turned the barn of Zoë’s uncle 🐄 into a school.","qas":[
      {"id":"a","question":"Who turned the barn into a school?","answers":[{"text":"Anna Keller","answer_start":8},{"text":"Keller","answer_start":13}]},
      {"id":"b","question":"What did she turn into a school?","answers":[{"text":"the barn of Zoë’s uncle 🐄","answer_start":27}]},
      {"id":"c","question":"Who painted the ceiling?","answers":[]}]},
    {"context":"The clock of Lund stopped at noon.","qas":[
      {"id":"d","question":"When did the clock stop?","answers":[{"text":"noon","answer_start":29}]}]}]}]}"#;

#[test]
fn a_files_questions_are_paged_through_and_scored() {
    let Some(page) = opened() else { return };
    let path = std::env::temp_dir().join(format!("bioscope-squad-{}.json", std::process::id()));
    std::fs::write(&path, SQUAD).unwrap();
    page.choose_files("book-file", &[path.to_str().unwrap()]);
    page.count("question-entry", 4);
    page.fill("book-search", "LUND");
    page.count("question-entry", 1);
    page.fill("book-search", "");
    page.count("question-entry", 4);
    page.click("[data-testid=question-entry][data-index='1']");
    let instances = dataset::instances("squad.json", SQUAD.as_bytes()).unwrap();
    page.settled(&instances[1].context);
    page.gold_shown();
    let quotes = page.js("document.querySelector('[data-testid=annotator] .quotes').textContent");
    assert_eq!(quotes, "“the barn of Zoë’s uncle 🐄”");
    page.fill("book-go", "1");
    page.count("annotator", 2);
    page.settled(&instances[0].context);

    page.fill("how-many", "50");
    page.click("[data-testid=score]");
    page.wait("document.querySelectorAll('[data-testid=scores] tbody tr').length === 4 && document.querySelector('[data-testid=score-status]').dataset.running === 'false'", "four rows");
    let rows = page.js("[...document.querySelectorAll('[data-testid=scores] tbody tr')].map((r) => [Number(r.dataset.index),
        Number(r.querySelector('[data-value]').dataset.value), r.querySelector('[data-em]').dataset.em, Number(r.querySelector('[data-f1]').dataset.f1)])");
    let rows: Vec<(usize, f64, String, f64)> = serde_json::from_value(rows).unwrap();
    let engine = engine(&root().join("static/models/minilm-l6"));
    let mut scores = Vec::new();
    for (index, loss, em, f1) in &rows {
        let instance = &instances[*index];
        let (reading, _) = engine.analyse(&instance.question, &instance.context).unwrap();
        let score = dataset::score(instance, &Analysis::new(&instance.context, reading, Decoder::Viterbi)).unwrap();
        assert!((score.loss - loss).abs() < 1e-2 * score.loss.max(1.0), "{} natively, {loss} in the page", score.loss);
        assert_eq!((score.em.to_string(), score.f1), (em.clone(), *f1), "{}", instance.question);
        scores.push(score);
    }
    let losses: Vec<f64> = rows.iter().map(|r| r.1).collect();
    assert!(losses.windows(2).all(|w| w[0] >= w[1]), "the hardest first: {losses:?}");
    let (_, em, _) = dataset::means(scores.iter()).unwrap();
    let said = page.js("document.querySelector('[data-testid=score-status]').textContent");
    assert!(said.as_str().unwrap().contains(&format!("EM {em:.1} %")), "{said}");
    // The table says what made it, whatever is chosen since.
    let by = || page.js("document.querySelector('[data-testid=scored-by]').textContent");
    let made_by = by();
    select(&page, "decoder", "one");
    assert_eq!(by(), made_by);
    page.run("document.querySelector('[data-testid=book]').scrollIntoView();", Value::Null);
    page.shot("book");
    page.click("[data-column='0']");
    page.wait("[...document.querySelectorAll('[data-testid=scores] tbody tr')].map((r) => r.dataset.index).join('') === '0123'", "the file's order");
    page.click("[data-testid=scores] tr[data-index='3'] .link");
    page.settled(&instances[3].context);
    let _ = std::fs::remove_file(path);
}

#[test]
fn a_question_that_is_edited_while_it_is_read_for_its_score_is_read_again() {
    let Some(page) = opened() else { return };
    drop_files(&page, &json!([["squad.json", SQUAD]]));
    page.count("question-entry", 4);
    page.click("[data-testid=question-entry][data-index='3']");
    page.settled("The clock of Lund stopped at noon.");
    // What is asked about the clock waits until it is let go.
    page.run(
        "window.__held = [];
         Worker.prototype.postMessage = ((post) => function (...message) {
           const clock = String(message[0][0]).startsWith('{\"analyse\"') && message[0][0].includes('clock');
           return clock && window.__held ? void window.__held.push(() => post.apply(this, message)) : post.apply(this, message);
         })(Worker.prototype.postMessage);
         document.querySelector('[data-testid=score]').click();",
        Value::Null,
    );
    page.wait(
        "window.__held.length === 1 && document.querySelectorAll('[data-testid=scores] tbody tr').length === 3",
        "the last question",
    );
    page.fill("paragraph", "The clock stopped at noon.");
    page.run("const held = window.__held; window.__held = null; held.forEach((send) => send());", Value::Null);
    page.wait("document.querySelectorAll('[data-testid=scores] tbody tr').length === 4 && document.querySelector('[data-testid=score-status]').dataset.running === 'false'", "four rows");
    assert_ne!(
        page.js("document.querySelector('[data-testid=scores] tr[data-index=\"3\"] [data-value]')"),
        Value::Null
    );
}

#[test]
fn a_file_of_any_bytes_gets_a_sentence() {
    let Some(page) = opened() else { return };
    page.be_patient();
    for (make, word) in [
        ("new File([crypto.getRandomValues(new Uint8Array(65536))], 'noise.bin')", "its format is none"),
        (
            "new File(Array(1024).fill(crypto.getRandomValues(new Uint8Array(65536))), 'noise.json')",
            "its format is none",
        ),
        ("new File(['{\"data\":', '['.repeat((64 << 20) - 20)], 'deep.json')", "no valid JSON"),
        (
            "new File(['{\"data\":[{\"paragraphs\":[{\"context\":\"', 'x'.repeat((64 << 20) - 200)], 'cut.json')",
            "no valid JSON",
        ),
        ("new File(['{\"id\":1,\"context\":', '9'.repeat((64 << 20) - 200)], 'digits.jsonl')", "line 1"),
        ("new File(['{\"data\":', ' '.repeat(65 << 20)], 'large.json')", "at most 64"),
        // The last one: its line in the list stays.
        (
            "new File(['{\"format\": \"bioscope-analysis\", \"x\":\"', 'x'.repeat((64 << 20) - 200)], 'labels.json')",
            "EOF",
        ),
    ] {
        // Its line in one of the two lists; labels stand in both.
        let line = "[...document.querySelectorAll('[data-testid=came-in], [data-testid=opened-file]')].find((line) =>
            line.textContent.includes(name) && !['reading', 'labels'].includes(line.dataset.state))";
        let took = page.run(
            &"const data = new DataTransfer(); data.items.add(FILE); const { name } = data.files[0];
             const start = performance.now();
             window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
             while (!(LINE)) await new Promise((r) => setTimeout(r, 20));
             return [performance.now() - start, LINE.textContent];"
                .replace("LINE", line)
                .replace("FILE", make), // no `eval`: the site's policy forbids it, to a driver's scripts too in WebKit
            Value::Null,
        );
        let (took, said) = (took[0].as_f64().unwrap(), took[1].as_str().unwrap());
        println!("{took:.0} ms: {said}");
        assert!(said.contains(word), "{said}");
        assert!(took < 60_000.0, "{took}: {said}"); // a few seconds, but on a busy machine
    }
}

#[test]
fn a_model_can_be_dropped() {
    let Some(page) = browser() else { return };
    let model = StandIn::new("dropped");
    page.open_ready();
    // One file is not a model.
    drop_files(&page, &json!([["config.json", std::fs::read_to_string(model.folder.join("config.json")).unwrap()]]));
    assert!(page.error().contains("three files"), "{}", page.error());
    page.click(".error .icon");
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        page.put(name, &std::fs::read(model.folder.join(name)).unwrap());
    }
    page.run(
        "const data = new DataTransfer();
         for (const name of ['config.json', 'tokenizer.json', 'model.safetensors'])
           data.items.add(new File([await (await fetch(name)).arrayBuffer()], name));
         window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
        Value::Null,
    );
    page.holds("model", "own");
    page.ready();
}
