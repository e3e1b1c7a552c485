//! What is in the pictures, and that programs other than browsers can read them.

use serde_json::Value;

use crate::bio::{self, Decoder, Dist, Label};
use crate::display::format::sum_decimals;
use crate::inference::{Analysis, ModelOutput, TokenOutput, Window};
use crate::locale::{EL, EN, Strings};
use crate::metrics::agreement;

use super::attention::Head;
use super::bars::{Bars, Gold, MOST_LINES};
use super::simplex::Simplex;
use super::svg::{DARK, LIGHT, hex};
use super::{Figure, Frame, curve, heat_map, loss};

fn frame(dark: bool, words: &'static Strings) -> Frame {
    let source = words.figure.source("MiniLM-L6", 0, "2026-11-29");
    Frame { question: "Who turned the <old> mill & the river into a museum?".into(), source, dark, words }
}

/// The first example as the shipped model reads it, and three annotators' labels of it.
fn example() -> (String, Analysis, Vec<Vec<Label>>) {
    let examples: Value = serde_json::from_str(include_str!("../../static/examples/examples.json")).unwrap();
    let stored: Value = serde_json::from_str(include_str!("../../static/examples/stored.json")).unwrap();
    let paragraph = examples.pointer("/0/paragraph").or(examples.pointer("/examples/0/paragraph")).unwrap();
    let paragraph = paragraph.as_str().unwrap().to_owned();
    let output: ModelOutput = serde_json::from_value(stored["output"].clone()).unwrap();
    let analysis = Analysis::new(&paragraph, output, Decoder::Viterbi);
    let row = |answer: [usize; 2]| {
        let label = |i: usize| match i {
            _ if i == answer[0] => Label::B,
            _ if i > answer[0] && i <= answer[1] => Label::I,
            _ => Label::O,
        };
        (0..analysis.tokens.len()).map(label).collect::<Vec<_>>()
    };
    let labels = vec![row([2, 3]), row([2, 3]), row([27, 29])];
    (paragraph, analysis, labels)
}

/// Words joined by blanks, all of them surely O but the first, which is B.
fn read(words: &[&str]) -> (String, Analysis) {
    let paragraph = words.join(" ");
    let mut start = 0;
    let token = |(word, text): (usize, &&str)| {
        let end = start + text.encode_utf16().count();
        let logits = if word == 0 { [2.0, -1.0, -1.0] } else { [-3.0, -3.0, 3.0] };
        let token = TokenOutput { start, end, word, window: 0, logits };
        start = end + 1;
        token
    };
    let tokens: Vec<TokenOutput> = words.iter().enumerate().map(token).collect();
    let windows = vec![Window { start: 0, end: tokens.len() }];
    let output = ModelOutput { windows, tokens, ..ModelOutput::default() };
    let analysis = Analysis::new(&paragraph, output, Decoder::Viterbi);
    (paragraph, analysis)
}

fn against(analysis: &Analysis, labels: &[Vec<Label>]) -> (Vec<Dist>, bio::Loss) {
    let t = bio::mean_labels(labels, None).unwrap();
    let z: Vec<_> = analysis.tokens.iter().map(|token| token.logits).collect();
    let loss = bio::loss(&z, &t).unwrap();
    (t, loss)
}

fn bars(paragraph: &str, analysis: &Analysis, labels: &[Vec<Label>], frame: &Frame) -> Figure {
    let (t, loss) = against(analysis, labels);
    let gold = Some(Gold { labels, t: &t, terms: &loss.terms });
    Bars { paragraph, analysis, gold, pieces: false, folds: &[] }.draw(frame)
}

/// Every chart of the first example.
fn all(frame: &Frame) -> [(&'static str, Figure); 6] {
    let (paragraph, analysis, labels) = example();
    let (t, l) = against(&analysis, &labels);
    let tokens: Vec<&str> = analysis.tokens.iter().map(|token| &token.text[..]).collect();
    let count = tokens.len();
    let near = |k: usize| (-((k / count) as f32 - (k % count) as f32).abs()).exp() * 0.46;
    let weights: Vec<f32> = (0..count * count).map(near).collect();
    let name = frame.words.learning.attention_head(3);
    let head = Head { name: &name, layer: 1, tokens: &tokens, weights: &weights, focus: Some(2) };
    let simplex = Simplex { token: 2, text: "Maria", p: analysis.tokens[2].p, t: t[2], term: Some(l.terms[2]) };
    [
        ("bars", bars(&paragraph, &analysis, &labels, frame)),
        ("loss", loss::draw(&tokens, &l, sum_decimals(&[l.entropy, l.kl], l.total, 2), frame)),
        ("simplex", simplex.draw(frame)),
        ("attention", head.draw(frame)),
        ("curve", curve::draw(&[10.07, 7.5, 5.9, 4.8, f64::NAN, 4.1], 3.18, frame)),
        ("heat", heat_map::draw(&paragraph, &analysis, &t, 3, agreement(&labels).as_ref(), frame)),
    ]
}

/// What makes this text other than an XML document without declarations; the elements' names.
fn elements(svg: &str) -> Result<Vec<&str>, String> {
    let mut open = Vec::new();
    let mut names = Vec::new();
    let mut rest = svg;
    while let Some((text, tag)) = rest.split_once('<') {
        entities(text)?;
        if open.is_empty() && !text.trim().is_empty() {
            return Err(format!("text outside: {text}"));
        }
        let (tag, after) = tag.split_once('>').ok_or("an open tag")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}>"));
            }
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut seen = Vec::new();
        while !attributes.is_empty() {
            let (key, value) = attributes.split_once("=\"").ok_or(tag)?;
            let (value, after) = value.split_once('"').ok_or(tag)?;
            entities(value)?;
            if key.contains(char::is_whitespace) || seen.contains(&key) || !(after.is_empty() || after.starts_with(' '))
            {
                return Err(tag.into());
            }
            seen.push(key);
            attributes = after.trim_start();
        }
        names.push(name);
        if !empty {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(names) } else { Err(format!("open: {open:?}")) }
}

fn entities(text: &str) -> Result<(), String> {
    let known = ["amp;", "lt;", "gt;", "quot;", "#13;"];
    let right = |after: &str| known.iter().any(|name| after.starts_with(name));
    let control = text.chars().any(|c| c.is_control() && c != '\n');
    if control || text.contains('>') || !text.split('&').skip(1).all(right) { Err(text.into()) } else { Ok(()) }
}

fn count(svg: &str, color: [u8; 3]) -> usize {
    svg.matches(&format!("fill=\"{}\"/>", hex(color))).count()
}

#[test]
fn every_picture_is_plain_svg_with_title_question_and_source_in_its_language_and_theme() {
    assert!(elements("<a b=\"c\"><d/></a>").is_ok());
    for broken in ["<a>", "<a></b>", "<a b=c/>", "<a>&nbsp;</a>", "<a b=\"1\" b=\"1\"/>", "<a>\u{1}</a>", "x<a/>"] {
        assert!(elements(broken).is_err(), "{broken}");
    }
    for (words, language, title) in
        [(&EN, "en", "The loss L and its terms"), (&EL, "el", "Η απώλεια L και οι όροι της")]
    {
        for (dark, palette, other) in [(false, &LIGHT, &DARK), (true, &DARK, &LIGHT)] {
            let pictures = all(&frame(dark, words));
            assert!(pictures[1].1.svg.contains(&format!("<title>{title}</title>")), "{title}");
            for (name, Figure { svg, width, height }) in pictures {
                let elements = elements(&svg).unwrap_or_else(|e| panic!("{name}: {e}"));
                let plain = ["svg", "title", "desc", "g", "rect", "path", "circle", "text"];
                assert!(elements.iter().all(|element| plain.contains(element)), "{name}");
                assert!(
                    svg.contains(&format!("width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\""))
                );
                assert!(svg.contains(&format!("xml:lang=\"{language}\"")) && !svg.contains("NaN"), "{name}");
                let text = format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", hex(palette.card));
                assert!(svg.contains(&text) && !svg.contains(&hex(other.ink)), "{name}: {dark}");
                assert!(svg.contains("Who turned the &lt;old&gt; mill &amp; the river"), "{name}");
                assert!(svg.contains(">Bioscope, MiniLM-L6, 2026-11-29</text>"), "{name}");
                // For people to look at.
                if let Some(folder) = std::env::var_os("BIOSCOPE_SHOTS") {
                    let theme = if dark { "dark" } else { "light" };
                    let name = format!("figure-{name}-{theme}-{language}.svg");
                    std::fs::create_dir_all(&folder).unwrap();
                    std::fs::write(std::path::Path::new(&folder).join(name), svg).unwrap();
                }
            }
        }
    }
}

#[test]
fn every_token_has_its_bar_and_what_gold_labels_say_of_it() {
    let (paragraph, analysis, labels) = example();
    let svg = bars(&paragraph, &analysis, &labels, &frame(false, &EN)).svg;
    let tokens = analysis.tokens.len();
    // Each class' colour stands in the legend once more; the two letters' grounds have those of B and I.
    assert_eq!(count(&svg, LIGHT.o), tokens + 1);
    assert_eq!(svg.matches("textLength").count(), tokens);
    assert_eq!((count(&svg, LIGHT.gold), count(&svg, LIGHT.gold_soft)), (3 + 1, 2 + 2));
    let (t, loss) = against(&analysis, &labels);
    let large = loss.terms.iter().filter(|term| **term * 12.0 >= 1.0).count();
    assert_eq!((large, count(&svg, LIGHT.loss)), (5, 5 + 1));
    // Without gold labels nothing is said of them; a fold stands for what it hides.
    let folds = [(30..tokens, "… 42 more words".to_owned())];
    let folded = Bars { paragraph: &paragraph, analysis: &analysis, gold: None, pieces: false, folds: &folds };
    let svg = folded.draw(&frame(false, &EN)).svg;
    assert_eq!((count(&svg, LIGHT.o), count(&svg, LIGHT.gold), count(&svg, LIGHT.loss)), (30 + 1, 0, 0));
    assert!(svg.contains("… 42 more words") && !svg.contains("Sundays"));
    // A class has one line for all, as dark as it is many.
    let class: Vec<Vec<Label>> = (0..MOST_LINES + 1).map(|k| labels[k % 3].clone()).collect();
    let svg = bars(&paragraph, &analysis, &class, &frame(false, &EN)).svg;
    assert_eq!(count(&svg, super::svg::mix(LIGHT.gold, t[2][0] + t[2][1], LIGHT.card)), 2);
}

#[test]
fn the_loss_has_a_bar_for_each_term_and_its_parts_add_up() {
    let (_, analysis, labels) = example();
    let (_, l) = against(&analysis, &labels);
    let tokens: Vec<&str> = analysis.tokens.iter().map(|token| &token.text[..]).collect();
    let Figure { svg, .. } = loss::draw(&tokens, &l, 2, &frame(false, &EN));
    let tall = l.terms.iter().filter(|term| *term * 190.0 >= 0.005 * l.terms.iter().fold(0.5, |a, b| f64::max(a, *b)));
    assert_eq!(count(&svg, LIGHT.loss), tall.count() + 2, "bars; KL in the divided bar and in the legend");
    let sum = format!("L = H(t) + KL(t‖p) = 3.18 + {:.2} = {:.2} nats", l.kl, l.total); // H is the annotators' alone
    assert!(svg.contains(&sum), "{svg}");
    let largest = l.terms.iter().copied().fold(0.0, f64::max);
    assert!(svg.contains(&format!(">{largest:.2}</text>")), "the largest term's value");
    assert_eq!(svg.matches("rotate(-90").count(), tokens.len(), "there is room for every name");
    // In a long text there is not.
    let many = vec!["mill"; 700];
    let l = bio::loss(&vec![[0.0, 0.0, 3.0]; 700], &vec![[0.0, 0.0, 1.0]; 700]).unwrap();
    let named = loss::draw(&many, &l, 2, &frame(false, &EN)).svg.matches("rotate(-90").count();
    assert!((60..100).contains(&named), "{named}");
}

#[test]
fn any_text_stays_text() {
    let (paragraph, analysis) = read(&["<b>&\"", "שלום", "👩‍🔬", "水車", "a\u{b}\u{1}b", &"x".repeat(400)]);
    for dark in [false, true] {
        let svg = bars(&paragraph, &analysis, &[vec![Label::O; 6]], &frame(dark, &EN)).svg;
        assert!(elements(&svg).is_ok());
        assert!(
            svg.contains(">&lt;b&gt;&amp;&quot;</text>") && svg.contains(">👩‍🔬</text>") && svg.contains(">ab</text>")
        );
        assert!(svg.contains("…</text>"), "a word wider than the picture is cut");
    }
}

#[test]
fn attention_is_one_rectangle_per_run_of_a_shade() {
    let tokens = ["[CLS]", "<", "b"];
    let weights = [1.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.1, 0.1, 0.8];
    let head = Head { name: "head 2", layer: 0, tokens: &tokens, weights: &weights, focus: Some(1) };
    let svg = head.draw(&frame(false, &EN)).svg;
    assert!(svg.contains("<title>Attention, layer 1, head 2</title>"));
    assert!(svg.contains(r#"d="M0 0h1v1h-1z""#) && svg.contains(r#"d="M0 1h2v1h-2z""#), "{svg}");
    assert_eq!(svg.matches("h2v1").count(), 2);
    assert_eq!(svg.matches(">&lt;</text>").count(), 2, "at its row and at its column");
    // Too many to be named.
    let many = vec!["a"; 200];
    let svg = Head { tokens: &many, weights: &vec![0.005; 200 * 200], ..head }.draw(&frame(false, &EN)).svg;
    assert!(!svg.contains(">a</text>") && svg.len() < 20_000, "{}", svg.len());
}

#[test]
fn the_curve_passes_over_what_is_no_number() {
    let svg = curve::draw(&[4.0, 3.0, f64::NAN, 2.5], 0.5, &frame(false, &EN)).svg;
    assert_eq!(svg.matches("<circle").count(), 3);
    assert!(svg.contains(">L = 2.50</text>") && svg.contains(">H = 0.50</text>"));
    assert!(elements(&curve::draw(&[], 0.0, &frame(false, &EN)).svg).is_ok());
}

#[test]
fn the_heat_map_shades_what_is_disputed() {
    let (paragraph, analysis, labels) = example();
    let (t, _) = against(&analysis, &labels);
    let svg = heat_map::draw(&paragraph, &analysis, &t, 3, agreement(&labels).as_ref(), &frame(false, &EN)).svg;
    let disputed = t.iter().filter(|t| bio::entropy(t) > 0.0).count();
    assert_eq!((disputed, svg.matches("height=\"22\"").count()), (5, 5));
    assert!(svg.contains("Where 3 annotators disagree") && svg.contains("Fleiss"));
    assert!(!svg.contains("KL"), "nothing of the model's");
}
