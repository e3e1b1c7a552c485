//! Charts taken away as pictures: every chart, as SVG and as PNG, in the page's language and theme; nothing that is hidden.

use serde_json::{Value, json};

use crate::browser::{Page, browser, chromium};
use crate::share::open_hidden;

const QUESTION: &str = "Who <sang> & danced in \"Oslo\"?";
const PARAGRAPH: &str = "On Friday Zoë 🎻 Berg sang in <Oslo>, and Bo & \"Al\" listened.";

/// Presses a chart's button.
fn save(page: &Page, kind: &str, chart: &str) {
    let button = format!("[data-testid=picture-{kind}][data-chart={chart}]");
    page.wait(
        &format!("document.querySelector('{button}') && !document.querySelector('{button}').closest('[hidden]')"),
        &button,
    );
    page.run("window.__saved.length = 0; document.querySelector(a).click();", json!(button));
    page.wait("window.__saved[0]?.name", &format!("{chart} as {kind}"));
}

/// What is in the SVG file of a chart, read as strictly as XML is.
fn svg(page: &Page, chart: &str) -> Value {
    save(page, "svg", chart);
    let seen = page.run(
        "const { blob, name } = window.__saved[0], text = await blob.text();
         const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
         const ground = root.querySelector('rect');
         return { name, type: blob.type, element: root.localName, broken: Boolean(root.querySelector('parsererror')), lang: root.getAttribute('xml:lang'),
           title: root.querySelector('title')?.textContent, lines: [...root.querySelectorAll('text')].map((t) => t.textContent),
           tokens: [...root.querySelectorAll('text[textLength]')].map((t) => t.textContent),
           size: ['width', 'height'].map((edge) => Number(root.getAttribute(edge))), ground: ground?.getAttribute('fill'),
           shapes: root.querySelectorAll('rect, path, circle').length, foreign: root.querySelectorAll('foreignObject, style, script, image').length };",
        Value::Null,
    );
    assert_eq!(seen["name"], format!("bioscope-{chart}.svg"));
    assert_eq!((&seen["type"], &seen["element"]), (&json!("image/svg+xml"), &json!("svg")), "{seen}");
    assert_eq!((&seen["broken"], &seen["foreign"]), (&json!(false), &json!(0)), "{seen}");
    seen
}

/// The same of its PNG file: size, the colour of its ground, how many colours there are.
fn png(page: &Page, chart: &str) -> Value {
    save(page, "png", chart);
    let seen = page.run(
        "const { blob, name } = window.__saved[0];
         const signature = [...new Uint8Array(await blob.arrayBuffer()).slice(0, 8)];
         const image = await createImageBitmap(blob), canvas = document.createElement('canvas');
         [canvas.width, canvas.height] = [image.width, image.height];
         const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
         const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
         const hex = [...new Uint8Array(pixels.slice(0, 1).buffer)].slice(0, 3).map((v) => v.toString(16).padStart(2, '0')).join('');
         return { name, type: blob.type, signature, size: [image.width, image.height], ground: '#' + hex, colors: new Set(pixels).size };",
        Value::Null,
    );
    assert_eq!(seen["name"], format!("bioscope-{chart}.png"));
    assert_eq!(seen["type"], "image/png");
    assert_eq!(seen["signature"], json!([137, 80, 78, 71, 13, 10, 26, 10]));
    seen
}

fn has_line(seen: &Value, part: &str) -> bool {
    seen["lines"].as_array().unwrap().iter().any(|line| line.as_str().unwrap().contains(part))
}

#[test]
fn every_chart_can_be_taken_away_in_both_languages_and_themes() {
    let Some(page) = chromium() else { return };
    page.be_patient();
    page.open_ready();
    page.choose_model("tiny-128");
    page.analyse(QUESTION, PARAGRAPH);
    page.click("[data-testid=token][data-index='2']");
    page.click_by_script("[data-testid=two-of-three]");
    let tokens: Vec<Value> = page
        .js("[...document.querySelectorAll('[data-testid=token] .x')].map((t) => t.textContent)")
        .as_array()
        .unwrap()
        .clone();
    let charts = ["bars", "loss", "simplex", "heat", "attention", "curve"];
    let english = [
        "p of every token: B, I and O",
        "The loss L and its terms",
        "p and t of token 3, “Zoë”",
        "Where 3 annotators disagree",
        "Attention, layer 2, head 1",
        "L after every step, above its floor H",
    ];
    let greek = [
        "Το p κάθε συμβόλου: B, I και O",
        "Η απώλεια L και οι όροι της",
        "p και t του συμβόλου 3, «Zoë»",
        "Πού διαφωνούν 3 επισημειωτές",
        "Προσοχή, επίπεδο 2, κεφαλή 1",
        "Η L μετά από κάθε βήμα, πάνω από το κατώφλι H",
    ];
    let learned = ["Bioscope, Tiny-128 after 1 step of learning, ", "Bioscope, Tiny-128 μετά από 1 βήμα μάθησης, "];
    for (language, scheme, titles, source, ground) in
        [("en", "light", english, learned[0], "#ffffff"), ("el", "dark", greek, learned[1], "#1c1f25")]
    {
        page.scheme(scheme);
        page.speak(language);
        page.wait("document.querySelector('#tab-5')", "the exercise");
        page.click_by_script("#tab-5");
        page.wait("document.querySelector('[data-testid=learn-step]')?.disabled === false", "the tab");
        page.click_by_script("[data-testid=learn-step]");
        page.learned(1);
        page.run("document.querySelectorAll('[data-testid=attention-layer]')[1].click();", Value::Null);
        page.wait("document.querySelectorAll('[data-testid=attention-head]').length > 2", "heads");
        page.run("document.querySelectorAll('[data-testid=attention-head]')[1].click();", Value::Null);
        page.catch_downloads();
        for (chart, title) in charts.into_iter().zip(titles) {
            let drawn = svg(&page, chart);
            assert_eq!((&drawn["title"], &drawn["lang"]), (&json!(title), &json!(language)), "{chart}");
            assert!(has_line(&drawn, QUESTION), "{chart}: {drawn}");
            assert!(has_line(&drawn, source), "{chart}: {drawn}");
            assert_eq!(drawn["ground"], ground, "{chart}");
            assert!(drawn["shapes"].as_u64().unwrap() >= 5, "{chart}");
            if ["bars", "heat"].contains(&chart) {
                assert_eq!(drawn["tokens"], json!(tokens), "{chart}");
            }
            let painted = png(&page, chart);
            let edges = |seen: &Value, by: f64| [0, 1].map(|k| (by * seen["size"][k].as_f64().unwrap()).round());
            assert_eq!(edges(&painted, 1.0), edges(&drawn, 2.0), "{chart}");
            assert_eq!(painted["ground"], ground, "{chart}");
            assert!(painted["colors"].as_u64().unwrap() > 20, "{chart}: {painted}");
        }
        page.shot(&format!("pictures-{scheme}"));
    }
}

#[test]
fn the_bars_become_a_png_in_every_browser() {
    let Some(page) = browser() else { return };
    page.open();
    page.wait("document.querySelectorAll('[data-testid=token]').length > 20", "the first example");
    page.catch_downloads();
    let size = svg(&page, "bars")["size"].clone();
    let painted = png(&page, "bars");
    assert_eq!(painted["size"][0].as_f64().unwrap(), 2.0 * size[0].as_f64().unwrap());
    assert!(painted["colors"].as_u64().unwrap() > 20, "{painted}");
}

#[test]
fn what_is_hidden_is_in_no_picture() {
    let Some(page) = browser() else { return };
    open_hidden(&page, QUESTION, PARAGRAPH);
    page.wait("document.querySelector('[data-testid=set-gold]')", "what is drawn when idle");
    let buttons = "[...document.querySelectorAll('[data-testid^=picture-]')]";
    assert_eq!(page.js(&format!("{buttons}.filter((b) => !b.closest('[hidden]')).length")), 0);
    // Not even a script that finds them gets one: the first to come is what is asked for once the answers are shown.
    page.catch_downloads();
    page.run(&format!("{buttons}.forEach((b) => b.click());"), Value::Null);
    page.click("[data-testid=show-answers]");
    page.click("[data-testid=picture-png][data-chart=bars]");
    page.wait("window.__saved.some((saved) => saved.name === 'bioscope-bars.png')", "the bars");
    assert_eq!(page.js("window.__saved.length"), 1);
}
