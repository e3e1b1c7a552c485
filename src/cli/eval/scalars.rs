//! Scores for other programs: all of them as one JSON object; single numbers and names as a table in CSV, Markdown or
//! LaTeX, each under its path in that object (`spans.bestAnnotator.f1`). Lists (curves, bins, groups) are in JSON alone.

use serde_json::Value;

use super::Layout;

/// The scores as a layout has them; `None` for text.
pub(super) fn lay_out(scores: &Value, layout: Layout) -> Option<String> {
    let mut rows = Vec::new();
    flatten("", scores, &mut rows);
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
            &|name, value| format!("{} & {} \\\\\n", latex(name), latex(value)),
            "\\hline\n\\end{tabular}\n",
        ),
    })
}

fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(&if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, rows);
            }
        }
        Value::String(text) => rows.push((path.into(), text.clone())),
        Value::Number(_) | Value::Bool(_) => rows.push((path.into(), value.to_string())),
        Value::Null | Value::Array(_) => {}
    }
}

/// A cell of a CSV table, in quotes where it needs them.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn latex(text: &str) -> String {
    let escaped = |c: char| match c {
        '\\' => "\\textbackslash{}".to_owned(),
        '~' => "\\textasciitilde{}".to_owned(),
        '^' => "\\textasciicircum{}".to_owned(),
        c if "#$%&_{}".contains(c) => format!("\\{c}"),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_of_numbers() {
        let scores = json!({"data": "a_b, c.json", "f1": 80.25, "spans": {"f1": 1, "none": null}, "curve": [1, 2]});
        let text = |layout| lay_out(&scores, layout).unwrap();
        assert_eq!(text(Layout::Csv), "metric,value\ndata,\"a_b, c.json\"\nf1,80.25\nspans.f1,1\n");
        assert!(
            text(Layout::Markdown).ends_with("|---|---:|\n| data | a_b, c.json |\n| f1 | 80.25 |\n| spans.f1 | 1 |\n")
        );
        assert!(text(Layout::Latex).contains("data & a\\_b, c.json \\\\\nf1 & 80.25 \\\\"));
        assert_eq!(lay_out(&scores, Layout::Text), None);
        assert_eq!(latex("50 % of \\x_y^2"), "50 \\% of \\textbackslash{}x\\_y\\textasciicircum{}2");
    }
}
