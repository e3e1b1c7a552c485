//! Scores for other programs: all of them as one JSON object; single numbers and names as a table in CSV, Markdown or
//! LaTeX, each under its path in that object (`spans.bestAnnotator.f1`). Of lists those that options ask for are there, by
//! their names (`by.wh.who.f1`, `bBiases.0.5.exact`); curves and bins are in JSON alone. Markdown and LaTeX, which people
//! read, have four decimals.

use serde_json::Value;

use super::Layout;
use crate::document::latex::plain;

/// The scores as a layout has them; `None` for text.
pub(super) fn lay_out(scores: &Value, layout: Layout) -> Option<String> {
    let mut rows = Vec::new();
    flatten("", scores, &mut rows);
    let rounded = matches!(layout, Layout::Markdown | Layout::Latex);
    let rows = rows.into_iter().map(|(name, value)| (name, if rounded { round(value) } else { text(value) }));
    let rows: Vec<(String, String)> = rows.collect();
    let table = |head: &str, row: &dyn Fn(&str, &str) -> String, tail: &str| {
        let rows: String = rows.iter().map(|(name, value)| row(name, value)).collect();
        format!("{head}{rows}{tail}")
    };
    Some(match layout {
        Layout::Text => return None,
        Layout::Json => format!("{scores}\n"),
        Layout::Csv => table("metric,value\n", &|name, value| format!("{},{}\n", cell(name), cell(value)), ""),
        Layout::Markdown => {
            let escaped = |text: &str| text.replace('|', "\\|");
            table(
                "| metric | value |\n|---|---:|\n",
                &|name, value| format!("| {} | {} |\n", escaped(name), escaped(value)),
                "",
            )
        }
        Layout::Latex => table(
            "\\begin{tabular}{lr}\n\\hline\nmetric & value \\\\\n\\hline\n",
            &|name, value| format!("{} & {} \\\\\n", plain(name), plain(value)),
            "\\hline\n\\end{tabular}\n",
        ),
    })
}

/// What an entry of a list is called by: what questions are sorted by, a kind of them, a bias on B.
const NAMES: [&str; 3] = ["by", "kind", "bBias"];

fn flatten<'v>(path: &str, value: &'v Value, rows: &mut Vec<(String, &'v Value)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if name == "groups" { path.to_owned() } else { below(name) };
                flatten(&path, value, rows);
            }
        }
        Value::Array(entries) => {
            for fields in entries.iter().filter_map(Value::as_object) {
                let Some(named) = NAMES.iter().find(|name| fields.contains_key(**name)) else { continue };
                let path = below(&text(&fields[*named]));
                for (name, value) in fields.iter().filter(|(name, _)| name != named) {
                    let path = if name == "groups" { path.clone() } else { format!("{path}.{name}") };
                    flatten(&path, value, rows);
                }
            }
        }
        Value::Null => {}
        _ => rows.push((path.into(), value)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A number as a cell for people: a score has four decimals, a count none.
fn round(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if value.is_f64() => format!("{number:.4}"),
        _ => text(value),
    }
}

/// A cell of a CSV table, in quotes where it needs them.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_that_are_asked_for_and_decimals() {
        let scores = json!({"f1": 77.312_345_678, "n": 3, "curve": [{"threshold": 1}], "bBiases": [{"bBias": -0.5, "predicted": 1}],
            "by": [{"by": "wh", "groups": [{"kind": "who", "f1": 80.5}]}]});
        let csv = lay_out(&scores, Layout::Csv).unwrap();
        let mut rows: Vec<&str> = csv.lines().skip(1).collect();
        rows.sort_unstable();
        assert_eq!(rows, ["bBiases.-0.5.predicted,1", "by.wh.who.f1,80.5", "f1,77.312345678", "n,3"]);
        for layout in [Layout::Markdown, Layout::Latex] {
            let text = lay_out(&scores, layout).unwrap();
            assert!(text.contains("77.3123 ") && text.contains("by.wh.who.f1"), "{text}");
        }
    }

    #[test]
    fn tables_of_numbers() {
        let scores = json!({"data": "a_b, c.json", "f1": 80.25, "spans": {"f1": 1, "none": null}, "curve": [1, 2]});
        let text = |layout| lay_out(&scores, layout).unwrap();
        assert_eq!(text(Layout::Csv), "metric,value\ndata,\"a_b, c.json\"\nf1,80.25\nspans.f1,1\n");
        assert!(
            text(Layout::Markdown)
                .ends_with("|---|---:|\n| data | a_b, c.json |\n| f1 | 80.2500 |\n| spans.f1 | 1 |\n")
        );
        assert!(text(Layout::Latex).contains("data & a\\_b, c.json \\\\\nf1 & 80.2500 \\\\"));
        assert_eq!(lay_out(&scores, Layout::Text), None);
    }
}
