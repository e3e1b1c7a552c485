//! `cargo xtask scores`: what the shipped models score on the validation files, into static/models/index.json, and from
//! there into the sentences of README.md and the model cards.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::tools;

/// The kinds of questions, in the order in which they are shown, and the file of each.
const FILES: [(&str, &str); 8] = [
    ("articles", "squad-v1.1-valid.json"),
    ("newArticles", "squadshifts-wiki-valid.json"),
    ("posts", "squadshifts-reddit-valid.json"),
    ("reviews", "squadshifts-amazon-valid.json"),
    ("search", "qed-valid.jsonl"),
    ("several", "multispanqa-valid.jsonl"),
    ("sentences", "qamr-valid.jsonl"),
    ("unanswerable", "squad-v2.0-valid.json"),
];

/// What stands around the text that is made of the scores.
const MARKS: [&str; 2] = ["<!-- scores: written by `cargo xtask scores` -->\n", "<!-- /scores -->"];

/// Measures, where the data are there, and writes the texts anew. `data` is a folder beside the checkout, or any other.
pub fn run(data: Option<&str>) -> Result<()> {
    let data = tools::root().join(data.unwrap_or("../shared/data"));
    let mut index = tools::index()?;
    if data.is_dir() {
        for model in &mut index {
            measure(model, &data)?;
        }
        fs::write(tools::index_path(), serde_json::to_string_pretty(&index)? + "\n")?;
        println!("Wrote static/models/index.json.");
    } else {
        println!("SKIPPED: nothing is measured, for {} is not there", data.display());
    }
    for (path, text) in texts(&index)? {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("Wrote {}.", path.display());
    }
    Ok(())
}

fn name(model: &Value) -> Result<&str> {
    model["name"].as_str().context("static/models/index.json: a model without a name")
}

/// Scores one model on every file that is there; figures of the others stay.
fn measure(model: &mut Value, data: &Path) -> Result<()> {
    let name = name(model)?.to_owned();
    let mut scores = Vec::new();
    for (kind, file) in FILES {
        let path = data.join(file);
        if !path.is_file() {
            println!("SKIPPED: {} is not there", path.display());
            let known = model["scores"].as_array().and_then(|all| all.iter().find(|s| s["kind"] == kind)).cloned();
            scores.extend(known);
            continue;
        }
        println!("{name}: {file} ...");
        let folder = format!("static/models/{name}");
        let path = path.to_string_lossy();
        let report =
            tools::bioscope(&["eval", "--json", "--no-answer-by", "begin", "--model", &folder, "--data", &path])?;
        let stem = file.split_once(".json").map_or(file, |(stem, _)| stem);
        scores.push(of_report(kind, stem, &report)?);
    }
    if let Some(articles) = scores.iter().find(|s| s["kind"] == "articles") {
        for key in ["em", "f1"] {
            model[key] = rounded(number(&articles[key])?, 10.0).into();
        }
    }
    // Beside the other figures, before the files.
    let files = model.as_object_mut().and_then(|fields| fields.shift_remove("files"));
    model["scores"] = scores.into();
    if let Some(files) = files {
        model["files"] = files;
    }
    Ok(())
}

/// What the index keeps of a report; see `FileScores` in src/metrics/benchmark.rs.
fn of_report(kind: &str, file: &str, report: &Value) -> Result<Value> {
    let percent = |value: &Value| number(value).map(|x| rounded(x, 100.0));
    let (em, f1) = (percent(&report["em"])?, percent(&report["f1"])?);
    let mut scores = json!({"kind": kind, "file": file, "questions": report["questions"], "em": em, "f1": f1});
    let several = &report["severalAnswers"];
    if !several.is_null() {
        let count = |key: &str| number(&several[key]);
        let of = count("questions")?;
        let spans = &report["multiSpan"];
        scores["several"] = json!({
            "exactF1": percent(&spans["exact"]["f1"])?, "overlapF1": percent(&spans["overlap"]["f1"])?,
            "questions": several["questions"], "all": rounded(100.0 * count("all")? / of, 100.0),
            "any": rounded(100.0 * (count("all")? + count("some")?) / of, 100.0),
        });
    }
    let (no_answer, held_out) = (&report["noAnswer"], &report["noAnswer"]["heldOut"]);
    if !held_out.is_null() {
        scores["noAnswer"] = json!({"unanswerable": no_answer["unanswerable"], "f1": percent(&held_out["f1"])?, "never": percent(&held_out["f1Never"])?});
    }
    Ok(scores)
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("{value} where a number should be"))
}

fn rounded(value: f64, units: f64) -> f64 {
    (units * value).round() / units
}

/// The files that quote scores, with what they shall say.
fn texts(index: &[Value]) -> Result<Vec<(PathBuf, String)>> {
    let mut texts = vec![(tools::root().join("README.md"), comparison(index)?)];
    for model in index {
        texts.push((tools::root().join("static/models").join(name(model)?).join("MODEL_CARD.md"), card(model)?));
    }
    texts.into_iter().map(|(path, text)| put(&path, &text).map(|whole| (path, whole))).collect()
}

/// A file's text with another one between the marks.
fn put(path: &Path, text: &str) -> Result<String> {
    let old = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let parts = old.split_once(MARKS[0]).and_then(|(before, rest)| Some((before, rest.split_once(MARKS[1])?.1)));
    let (before, after) = parts.with_context(|| {
        format!("{}: no place for the scores; it is between {:?} and {:?}", path.display(), MARKS[0].trim(), MARKS[1])
    })?;
    Ok([before, MARKS[0], text, MARKS[1], after].concat())
}

fn scores<'a>(model: &'a Value, kind: &str) -> Option<&'a Value> {
    model["scores"].as_array()?.iter().find(|scores| scores["kind"] == kind)
}

fn title(kind: &str) -> &'static str {
    match kind {
        "articles" => "on encyclopaedic articles",
        "newArticles" => "on newer articles",
        "posts" => "on forum posts",
        "reviews" => "on product reviews",
        "search" => "typed into a search engine",
        "several" => "typed into a search engine, with several answers",
        "sentences" => "about a single sentence",
        _ => "on encyclopaedic articles, half without an answer",
    }
}

/// What a model finds, in plain words.
fn sentence(model: &Value) -> Result<String> {
    let share = |value: &Value| number(value).map(|x| format!("{x:.0} %"));
    let mut exact = Vec::new();
    for kind in ["articles", "posts", "search"] {
        if let Some(scores) = scores(model, kind) {
            exact.push(format!("{} of the questions {}", share(&scores["em"])?, title(kind)));
        }
    }
    let mut text = format!("`{}` finds the exact answer to {}", name(model)?, exact.join(", "));
    if let Some(several) = scores(model, "several").map(|scores| &scores["several"]) {
        let (all, any) = (share(&several["all"])?, share(&several["any"])?);
        text += &format!("; of several answers it finds all in {all} of such questions, at least one in {any}");
    }
    Ok(text + ".\n")
}

/// A cell of a table: what is right exactly, and F1.
fn cell(scores: Option<&Value>, kind: &str) -> Result<String> {
    let Some(scores) = scores else { return Ok("not measured".into()) };
    // As the page shows it: of 58.65, which is a little less, rounding twice would make 58.7.
    let show = |value: &Value| number(value).map(|x| format!("{x:.1}"));
    match kind {
        "several" => {
            Ok(format!("{}, {}", show(&scores["several"]["exactF1"])?, show(&scores["several"]["overlapF1"])?))
        }
        "unanswerable" => Ok(format!(
            "{} (never answering: {})",
            show(&scores["noAnswer"]["f1"])?,
            show(&scores["noAnswer"]["never"])?
        )),
        _ => Ok(format!("{}, {}", show(&scores["em"])?, show(&scores["f1"])?)),
    }
}

fn figure(kind: &str) -> &'static str {
    match kind {
        "several" => "exact, overlap F1 of all spans",
        "unanswerable" => "F1 with a threshold, held out",
        _ => "EM, F1",
    }
}

/// All models beside each other.
fn comparison(index: &[Value]) -> Result<String> {
    let names = index.iter().map(|model| Ok(format!("`{}`", name(model)?))).collect::<Result<Vec<_>>>()?;
    let mut text = format!("| questions | | {} |\n|---|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for (kind, _) in FILES {
        let cells = index.iter().map(|model| cell(scores(model, kind), kind)).collect::<Result<Vec<_>>>()?;
        text += &format!("| {} | {} | {} |\n", title(kind), figure(kind), cells.join(" | "));
    }
    text += "\n";
    for model in index {
        text += &sentence(model)?;
    }
    Ok(text)
}

/// One model's table and sentence.
fn card(model: &Value) -> Result<String> {
    let mut text = String::from("| questions | validation file | number | | |\n|---|---|---|---|---|\n");
    for (kind, file) in FILES {
        let scores = scores(model, kind);
        let count = scores.map_or(&Value::Null, |scores| &scores["questions"]);
        text += &format!("| {} | `{file}` | {count} | {} | {} |\n", title(kind), figure(kind), cell(scores, kind)?);
    }
    Ok(format!("{text}\n{}", sentence(model)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_report() {
        let report = json!({
            "questions": 8, "em": 62.504, "f1": 70.0, "multiSpan": {"exact": {"f1": 12.346}, "overlap": {"f1": 33.8}},
            "severalAnswers": {"questions": 3, "all": 1, "some": 1, "none": 1},
            "noAnswer": {"unanswerable": 2, "heldOut": {"f1": 56.0, "f1Never": 52.3}},
        });
        let kept = json!({
            "kind": "search", "file": "q", "questions": 8, "em": 62.5, "f1": 70.0,
            "several": {"exactF1": 12.35, "overlapF1": 33.8, "questions": 3, "all": 33.33, "any": 66.67},
            "noAnswer": {"unanswerable": 2, "f1": 56.0, "never": 52.3},
        });
        assert_eq!(of_report("search", "q", &report).unwrap(), kept);
        let plain = json!({"questions": 8, "em": 62.5, "f1": 70.0, "severalAnswers": null, "noAnswer": null});
        assert_eq!(of_report("posts", "r", &plain).unwrap().as_object().unwrap().len(), 5);
        assert!(of_report("posts", "r", &json!({})).is_err());
    }

    #[test]
    fn readme_and_cards_say_what_was_measured() {
        for (path, text) in texts(&tools::index().unwrap()).unwrap() {
            let now = fs::read_to_string(&path).unwrap();
            assert!(now == text, "{} is out of date: run `cargo xtask scores`", path.display());
        }
    }

    #[test]
    fn a_sentence_is_made_of_the_numbers() {
        let model = json!({"name": "m", "scores": [
            {"kind": "articles", "em": 69.26}, {"kind": "search", "em": 32.0}, {"kind": "several", "several": {"all": 4.2, "any": 50.0}},
        ]});
        let expected = "`m` finds the exact answer to 69 % of the questions on encyclopaedic articles, 32 % of the questions typed into a \
            search engine; of several answers it finds all in 4 % of such questions, at least one in 50 %.\n";
        assert_eq!(sentence(&model).unwrap(), expected);
    }
}
