//! Documents as pages of the site, to read and to print: the lesson (`docs/teaching.md`, its hand-out, their Greek
//! versions), and what the page links to about data files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use pulldown_cmark::{Event, Options, Parser, html};

use crate::tools;

/// Names of the documents in `docs/`, without their ending, which are those of the pages too.
pub const PAGES: [&str; 6] = ["teaching", "teaching.el", "handout", "handout.el", "formats", "python"];

/// What the pages say around the documents: language, the page's own name, the button, the other language's name.
struct Frame {
    language: &'static str,
    back: &'static str,
    print: &'static str,
    other: &'static str,
}

const ENGLISH: Frame = Frame { language: "en", back: "Bioscope", print: "Print", other: "Ελληνικά" };
const GREEK: Frame = Frame { language: "el", back: "Bioscope", print: "Εκτύπωση", other: "English" };

/// Writes the pages.
pub fn write(dist: &Path) -> Result<()> {
    for name in PAGES {
        let path = tools::root().join("docs").join(format!("{name}.md"));
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let target = dist.join(format!("{name}.html"));
        fs::write(&target, page(name, &text)?).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

/// Has the test that computes the documents' numbers and links write them.
pub fn update() -> Result<()> {
    let mut test = tools::cargo();
    test.args(["test", "--workspace", "--test", "teaching", "every_number_and_link"]).env("BIOSCOPE_WRITE", "1");
    tools::check(&mut test)
}

/// The page of a document.
fn page(name: &str, markdown: &str) -> Result<String> {
    let title = markdown.lines().next().and_then(|line| line.strip_prefix("# "));
    let title = title.with_context(|| format!("docs/{name}.md begins without a title"))?;
    ensure!(!title.contains(['<', '&', '*']), "docs/{name}.md: the title is more than text");
    let (kind, frame, other) = match name.strip_suffix(".el") {
        Some(kind) => (kind, GREEK, kind.to_owned()),
        None => (name, ENGLISH, format!("{name}.el")),
    };
    // Marks of the test that fills in the numbers are comments, which nobody needs to load.
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    let events = parser.filter(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => !text.starts_with("<!--"),
        _ => true,
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    let mut body: String = body.split_inclusive('\n').map(anchored).collect();
    for page in PAGES {
        body = body.replace(&format!("href=\"{page}.md\""), &format!("href=\"{page}.html\""));
    }
    let Frame { language, back, print, other: other_name } = frame;
    let other_language = if language == "el" { "en" } else { "el" };
    let other = match PAGES.contains(&&*other) {
        true => {
            format!(r#"<a href="./{other}.html" lang="{other_language}" hreflang="{other_language}">{other_name}</a>"#)
        }
        false => String::new(),
    };
    Ok(format!(
        r#"<!doctype html>
<html lang="{language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{title}</title>
  <link rel="icon" href="icons/icon-192.png">
  <link rel="stylesheet" href="lesson.css">
  <script src="lesson.js" defer></script>
</head>
<body class="{kind}">
  <nav><a href="./">{back}</a>{other}<button type="button" id="print">{print}</button></nav>
  <main>
{body}  </main>
</body>
</html>
"#
    ))
}

/// A heading of one word, such as a format's name, can be linked to by it.
fn anchored(line: &str) -> String {
    let word = line.strip_prefix("<h2>").and_then(|rest| rest.trim_end().strip_suffix("</h2>"));
    match word.filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')) {
        Some(word) => line.replacen("<h2>", &format!("<h2 id=\"{word}\">"), 1),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_all_else_stays() {
        let text = "# Title\n\n| a | b |\n|---|---|\n| <!--=x-->0.5<!--/--> | [here][l] |\n\n(<!--=y-->1<!--/-->) x<sub>i</sub>\n\n[l]: ./#doc=AX_-\n";
        let html = page("teaching.el", text).unwrap();
        assert!(html.contains("<td>0.5</td>") && html.contains(r##"<a href="./#doc=AX_-">here</a>"##), "{html}");
        assert!(html.contains("x<sub>i</sub>") && !html.contains("<!--"), "{html}");
        assert!(html.contains(r#"<html lang="el">"#) && html.contains(r#"href="./teaching.html""#), "{html}");
        assert!(page("teaching", "no title").is_err());
    }

    #[test]
    fn formats_can_be_linked_to() {
        let html = page("formats", "# Data formats\n\n## hf-qa\n\nSee [Python](python.md).\n\n## Two words\n").unwrap();
        assert!(html.contains(r#"<h2 id="hf-qa">hf-qa</h2>"#) && html.contains("<h2>Two words</h2>"), "{html}");
        assert!(html.contains(r#"<a href="python.html">"#) && !html.contains("hreflang"), "{html}");
    }

    /// A number between marks at the start of a line would be a block of HTML, and vanish with its mark.
    #[test]
    fn no_number_is_lost() {
        for name in PAGES {
            let text = fs::read_to_string(tools::root().join("docs").join(format!("{name}.md"))).unwrap();
            let html = page(name, &text).unwrap();
            for part in text.split("<!--=").skip(1) {
                let value = part.split_once("-->").unwrap().1.split_once("<!--/-->").unwrap().0;
                let value = value.replace('<', "&lt;").replace('>', "&gt;");
                assert!(html.contains(&value), "{name}: {value}");
            }
        }
    }
}
