//! The tokens as comma-separated values (RFC 4180): one row per token.

use super::Against;
use super::Document;
use crate::bio::Dist;
use crate::error::Error;
use crate::inference::Analysis;

/// The table, with CRLF line ends as the RFC asks: number, text, offsets, z, p, decoded label, then, where somebody has
/// labelled, every annotator's label, t and the token's term of L.
///
/// # Errors
/// [`Error::Gold`] when the labels do not fit the tokens.
pub fn table(document: &Document, paragraph: &str, analysis: &Analysis) -> Result<String, Error> {
    let against = Against::new(document, paragraph, analysis)?;
    let mut head: Vec<String> = ["token", "text", "start", "end"].map(String::from).to_vec();
    head.extend(["z", "p"].iter().flat_map(|name| ["B", "I", "O"].map(|class| format!("{name}_{class}"))));
    head.push("label".into());
    if against.is_some() {
        head.extend(document.annotators.iter().map(|a| field(&a.name)));
        head.extend(["t_B", "t_I", "t_O", "term"].map(String::from));
    }
    let mut out = head.join(",") + "\r\n";
    for (i, token) in analysis.tokens.iter().enumerate() {
        let mut row = vec![(i + 1).to_string(), field(&token.text), token.start.to_string(), token.end.to_string()];
        let mut numbers = |values: &Dist| row.extend(values.map(|x| x.to_string()));
        numbers(&token.logits.map(f64::from));
        numbers(&token.p);
        row.push(token.label.letter().into());
        if let Some(against) = &against {
            row.extend(against.labels.iter().map(|labels| labels[i].letter().to_string()));
            row.extend(against.t[i].map(|x| x.to_string()));
            row.push(against.loss.terms[i].to_string());
        }
        out += &(row.join(",") + "\r\n");
    }
    Ok(out)
}

/// A text as a field: quoted where it must be. A spreadsheet takes what begins with =, +, - or @ for a formula, so such
/// a text gets an apostrophe first.
fn field(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) || !guard.is_empty() {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::made::{PARAGRAPH, made};

    #[test]
    fn rows_and_quotes() {
        let (document, analysis) = made();
        let table = table(&document, PARAGRAPH, &analysis).unwrap();
        let lines: Vec<&str> = table.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 6);
        assert_eq!(
            lines[0],
            "token,text,start,end,z_B,z_I,z_O,p_B,p_I,p_O,label,Ana,\"Ben, \"\"B\"\"\",Cleo,t_B,t_I,t_O,term"
        );
        assert!(
            lines[2].starts_with("2,bank,4,8,2.0999999046325684,") && lines[2].contains(",B,B,B,O,0.666"),
            "{}",
            lines[2]
        );
        assert!(lines[3].starts_with("3,\",\",8,9,"), "{}", lines[3]);
        assert_eq!(field("=1+1"), "\"'=1+1\"");
    }
}
