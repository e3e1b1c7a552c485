//! Several models: the picker, the way out of a long download, the user's own files.

use bioscope::bio::Decoder;
use bioscope::inference::Analysis;
use bioscope::model::Files;
use serde_json::{Value, json};

use crate::browser::{Kind, Page, Site, browser_on, opened};
use crate::common::stand_in::{StandIn, WIDTH, shipped};
use crate::common::{engine, root};
use crate::page::{assert_same, select};

const QUESTION: &str = "Who painted the boat?";
const PARAGRAPH: &str = "In spring Marta painted the boat green, and her uncle mended the nets beside the old pier.";
const LARGE: &str = "minilm-l6/model.safetensors";

/// A site with the default model and a small one that no one ships.
fn two_models(stand_in: &StandIn) -> Option<Page> {
    let index = json!([shipped()[0], stand_in.entry()]).to_string().into_bytes();
    let path = format!("models/{}", stand_in.name);
    browser_on(&Site {
        changed: &[("models/index.json", index)],
        beside: &[(&path, stand_in.folder.clone())],
        ..Site::default()
    })
}

fn native(folder: &std::path::Path, question: &str, paragraph: &str) -> Analysis {
    let (output, _) = engine(folder).analyse(question, paragraph).unwrap();
    Analysis::new(paragraph, output, Decoder::Viterbi)
}

#[test]
fn the_small_model_is_one_click_away_while_the_large_one_loads() {
    let stand_in = StandIn::new("stand-in");
    let Some(page) = two_models(&stand_in) else { return };
    page.server.hold(LARGE);
    page.open();
    // Text and labels of the user's, before any model is there.
    page.wait("document.querySelectorAll('[data-testid=gold-token]').length > 0", "stored example with its labels");
    page.click("[data-testid=token][data-index='9']");
    page.press(&["b"], false);
    page.wait("document.querySelector('[data-testid=gold-token][data-index=\"9\"]').dataset.label === 'B'", "label");
    page.fill("question", QUESTION);
    let (paragraph, before) = (page.value("paragraph"), page.labels());

    let entries = page.js("[...document.querySelectorAll('[data-testid=model] option')].map((o) => o.textContent)");
    let megabytes = format!("{:.1} MB", stand_in.bytes() as f64 / 1e6);
    assert!(entries[1].as_str().unwrap().contains(&megabytes), "{entries}");
    assert!(entries[1].as_str().unwrap().contains("34.5"), "{entries}");
    page.shown("[data-testid=quicker]");
    let offer = page.js("document.querySelector('[data-testid=quicker]').textContent");
    assert!(offer.as_str().unwrap().contains(&megabytes), "{offer}");
    page.shot("quicker");
    page.click("[data-testid=quicker]");
    page.ready(); // although the large one still hangs
    assert_eq!(page.value("model"), "stand-in");
    page.settled(&paragraph);
    assert_same(&page.tokens(), &native(&stand_in.folder, QUESTION, &paragraph));
    assert_eq!(page.value("question"), QUESTION);
    assert_eq!(page.labels(), before, "the labels stay");
    assert_eq!(page.js("document.querySelector('[data-testid=quicker]')"), Value::Null, "the offer goes");
    let space = |d: usize| format!("document.querySelector('.inspector').textContent.includes('ℝ{d}')");
    page.wait(&space(WIDTH), "h of the small model's width");
    page.shot("small");
    // What the greedy decoder repairs is shown: a model that has learned nothing often says I after O.
    select(&page, "decoder", "greedy");
    let (output, _) = engine(&stand_in.folder).analyse(QUESTION, &paragraph).unwrap();
    let repaired = Analysis::new(&paragraph, output, Decoder::Greedy).repaired;
    assert!(!repaired.is_empty());
    let marked =
        "JSON.stringify([...document.querySelectorAll('[data-repaired]')].map((t) => Number(t.dataset.index)))";
    page.wait(&format!("{marked} === '{}'", json!(repaired)), "repaired tokens");
    page.shot("repaired");
    select(&page, "decoder", "viterbi");

    page.server.hold("");
    page.choose_model("minilm-l6");
    page.wait(&space(384), "h of the large model's width");
    assert_same(&page.tokens(), &native(&root().join("static/models/minilm-l6"), QUESTION, &paragraph));
    assert_eq!((page.value("question"), page.labels()), (QUESTION.into(), before));

    // The choice is kept, and so are both models' files.
    page.choose_model("stand-in");
    page.reload_ready();
    assert_eq!(page.value("model"), "stand-in");
    if Kind::named().keeps() {
        let fetched = |part: &str| page.server.requests().iter().filter(|r| r.contains(part)).count();
        assert_eq!(fetched("models/stand-in/model.safetensors"), 1);
        assert_eq!(fetched(LARGE), 2, "once given up, once taken");
    }
}

#[test]
fn a_bias_on_b_is_said_where_viterbi_is_chosen_and_explained() {
    let stand_in = StandIn::new("biased");
    let path = stand_in.folder.join("config.json");
    let plain = native(&stand_in.folder, QUESTION, PARAGRAPH);
    let config = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, config.replacen('{', "{\"bio_b_bias\":2.5,", 1)).unwrap();
    let Some(page) = two_models(&stand_in) else { return };
    page.open_ready();
    page.analyse(QUESTION, PARAGRAPH);
    let option = "document.querySelector('[data-testid=decoder] option[value=viterbi]').textContent";
    let note = "document.querySelector('[data-testid=b-bias]')";
    let tab = page.js("[...document.querySelectorAll('[data-testid=tab]')].length - 1");
    page.place("exercise");
    page.click(&format!("#tab-{tab}"));
    page.wait("document.querySelector('[data-testid=decoders]')", "the decoders");
    assert_eq!(
        page.js(&format!("[{option}, {note}]")),
        json!(["Viterbi", null]),
        "nothing to say of the default model"
    );

    page.choose_model("biased");
    page.settled(PARAGRAPH);
    page.wait(&format!("{option} === 'Viterbi (B +2.50)'"), "the bias in the picker");
    let biased = native(&stand_in.folder, QUESTION, PARAGRAPH);
    assert!(biased.b_bias == 2.5 && biased.answers.len() > plain.answers.len());
    assert_eq!(biased.tokens[3].p, plain.tokens[3].p);
    assert_same(&page.tokens(), &biased);
    page.wait(
        &format!("{note}?.dataset.value === '2.5' && {note}.textContent.includes('+2.50 to every log p_B')"),
        "why",
    );
    assert_eq!(page.js("document.querySelector('.decoders th:nth-child(5)').textContent"), "Viterbi (B +2.50)");
    page.js("document.querySelector('[data-testid=b-bias]').scrollIntoView()");
    page.shot("b-bias");
    select(&page, "language", "el");
    page.wait(&format!("{note}?.textContent.includes('+2.50 σε κάθε log p_B')"), "the same in Greek");
}

#[test]
fn one_model_alone_has_no_rival() {
    let only = json!([shipped()[0]]).to_string().into_bytes();
    let Some(page) = browser_on(&Site { changed: &[("models/index.json", only)], ..Site::default() }) else { return };
    page.server.hold(LARGE);
    page.open();
    page.wait("Number(document.querySelector('[data-testid=status]').dataset.total) > 0", "download under way");
    page.wait(
        "document.querySelectorAll('[data-testid=model] option').length === 3",
        "one model, the own files, the scores",
    );
    assert_eq!(page.js("document.querySelector('[data-testid=quicker]')"), Value::Null);
    page.shot("one-model");
    page.server.hold("");
    page.ready();
}

#[test]
fn a_model_of_an_earlier_visit_that_is_gone_gives_way_to_the_default() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    page.js("window.onpagehide = () => { const d = JSON.parse(localStorage['bioscope.document']); \
         d.model = 'bygone'; localStorage['bioscope.document'] = JSON.stringify(d); }");
    page.reload();
    assert!(page.error().contains("bygone"), "{}", page.error());
    page.ready();
    page.settled(PARAGRAPH);
    assert_eq!(page.value("model"), "minilm-l6");
}

#[test]
fn a_model_that_cannot_be_had_leaves_the_one_before_in_use() {
    let stand_in = StandIn::new("absent");
    let index = json!([shipped()[0], stand_in.entry()]).to_string().into_bytes();
    let Some(page) = browser_on(&Site { changed: &[("models/index.json", index)], ..Site::default() }) else { return };
    page.open_ready();
    page.wait("document.querySelector('[data-testid=model] option[value=absent]')", "an entry without files");
    select(&page, "model", "absent");
    page.error();
    page.ready();
    assert_eq!(page.value("model"), "minilm-l6");
    page.analyse(QUESTION, PARAGRAPH);
    assert_same(&page.tokens(), &native(&root().join("static/models/minilm-l6"), QUESTION, PARAGRAPH));
}

#[test]
fn own_files_become_the_model_and_wrong_ones_are_said() {
    let Some(page) = opened() else { return };
    page.analyse(QUESTION, PARAGRAPH);
    let stand_in = StandIn::new("own-files");
    let path = |name: &str| stand_in.folder.join(name).display().to_string();
    let (weights, config, tokenizer) = (path("model.safetensors"), path("config.json"), path("tokenizer.json"));
    page.choose_files("model-files", &[&weights, &config]);
    assert!(page.error().contains("tokenizer.json"), "{}", page.error());
    assert_eq!(page.value("model"), "minilm-l6", "nothing has changed");

    page.choose_files("model-files", &[&weights, &config, &tokenizer]);
    page.holds("model", "own");
    page.ready();
    page.wait(&format!("document.querySelector('.inspector').textContent.includes('ℝ{WIDTH}')"), "its h");
    assert_same(&page.tokens(), &native(&stand_in.folder, QUESTION, PARAGRAPH));
    page.no_error();

    // The same in one archive, as the page saves a tuned model; and one that is none.
    page.choose_model("minilm-l6");
    let read = |path: &str| std::fs::read(path).unwrap();
    let files = Files { weights: read(&weights), config: read(&config), tokenizer: read(&tokenizer) };
    let (zip, no_zip) = (path("model.zip"), path("no.zip"));
    std::fs::write(&zip, files.pack("tuned").unwrap()).unwrap();
    std::fs::write(&no_zip, b"PK no archive").unwrap();
    page.choose_files("model-files", &[&no_zip]);
    assert!(page.error().contains(".zip"), "{}", page.error());
    page.choose_files("model-files", &[&zip]);
    page.ready();
    page.wait(&format!("document.querySelector('.inspector').textContent.includes('ℝ{WIDTH}')"), "its h again");
    assert_same(&page.tokens(), &native(&stand_in.folder, QUESTION, PARAGRAPH));

    // Weights of one model with the configuration of another: a sentence, and the way back is open.
    let other = root().join("static/models/minilm-l6/config.json").display().to_string();
    page.choose_files("model-files", &[&weights, &other, &tokenizer]);
    assert!(page.error().contains("do not fit"), "{}", page.error());
    page.ready();
    assert_eq!(page.value("model"), "own", "the model before stays in use");
    page.choose_model("minilm-l6");
    page.analyse(QUESTION, PARAGRAPH);
    assert_eq!(page.js("document.querySelector('[data-testid=answer]').textContent"), "Marta");
    page.no_error();
}

#[test]
fn a_saved_analysis_names_its_model_and_is_opened_by_it() {
    let Some(page) = opened() else { return };
    page.choose_model("tiny-128");
    page.analyse(QUESTION, PARAGRAPH);
    let saved = page.exported();
    assert_eq!((&saved["model"], saved.get("tuned")), (&json!("tiny-128"), None));
    page.open(); // the button's stand-in has caught the download: the page is as it was
    page.ready();
    page.choose_model("minilm-l6");
    let path = std::env::temp_dir().join(format!("bioscope-saved-{}.json", std::process::id()));
    let open = |document: &Value| {
        std::fs::write(&path, document.to_string()).unwrap();
        page.choose_files("open-json", &[path.to_str().unwrap()]);
    };
    // Of a model that is not here only the numbers were saved.
    let mut own = saved.clone();
    (own["model"], own["question"]) = (json!("own"), json!("Who listened?"));
    open(&own);
    page.settled(PARAGRAPH);
    page.holds("question", "Who listened?");
    assert_eq!(page.value("model"), "minilm-l6");
    open(&saved);
    page.holds("model", "tiny-128");
    page.ready();
    page.settled(PARAGRAPH);
    let again = page.exported();
    assert_eq!((&again["model"], &again["tokens"]), (&saved["model"], &saved["tokens"]));
    let _ = std::fs::remove_file(path);
}
