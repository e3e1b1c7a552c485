//! The tokens as delimiter-separated values (RFC 4180): one row per token, made to be opened by a spreadsheet as it is.

use std::borrow::Cow;

use super::Against;
use super::Document;
use crate::bio::{self, Dist};
use crate::dataset::guarded;
use crate::error::Error;
use crate::inference::Analysis;

/// Spreadsheets read a file that begins so as UTF-8, and as the system's old code page otherwise.
const BOM: char = '\u{feff}';

/// What stands between two fields and within a number. A spreadsheet takes both from the language of its system: where
/// numbers have a decimal comma (Greek, German, French, ...), `0.5` would become a text, or the fifth of some month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// Comma between fields, decimal point: what the RFC and programs expect.
    Comma,
    /// Semicolon between fields, decimal comma.
    Semicolon,
}

impl Separator {
    /// A row with its end.
    fn row(self, fields: &[String]) -> String {
        let between = match self {
            Separator::Comma => ",",
            Separator::Semicolon => ";",
        };
        fields.join(between) + "\r\n"
    }

    fn number(self, value: f64) -> String {
        let text = value.to_string();
        match self {
            Separator::Comma => text,
            Separator::Semicolon => text.replace('.', ","),
        }
    }
}

/// The table, with CRLF line ends as the RFC asks, behind a byte order mark: number, text, offsets, z, p, decoded label,
/// then, where somebody has labelled, every annotator's label, t and the token's term of L; last the model whose p they are,
/// and the steps that it had learned.
///
/// # Errors
/// [`Error::Gold`] when the labels do not fit the tokens.
pub fn table(
    document: &Document,
    paragraph: &str,
    analysis: &Analysis,
    (model, tuned): (&str, usize),
    separator: Separator,
) -> Result<String, Error> {
    let against = Against::new(document, paragraph, analysis)?;
    let mut head: Vec<String> = ["token", "text", "start", "end"].map(String::from).to_vec();
    head.extend(["z", "p"].iter().flat_map(|name| ["B", "I", "O"].map(|class| format!("{name}_{class}"))));
    head.push("label".into());
    if against.is_some() {
        head.extend(document.annotators.iter().map(|a| field(&a.name)));
        head.extend(["t_B", "t_I", "t_O", "term"].map(String::from));
    }
    head.extend(["model", "tuned"].map(String::from));
    let mut out = BOM.to_string() + &separator.row(&head);
    for (i, token) in analysis.tokens.iter().enumerate() {
        let mut row = vec![(i + 1).to_string(), field(&token.text), token.start.to_string(), token.end.to_string()];
        let mut numbers = |values: &Dist| row.extend(values.map(|x| separator.number(x)));
        numbers(&token.logits.map(f64::from));
        numbers(&token.p);
        row.push(token.label.letter().into());
        if let Some(against) = &against {
            row.extend(against.labels.iter().map(|labels| labels[i].letter().to_string()));
            row.extend(against.t[i].map(|x| separator.number(x)));
            row.push(separator.number(against.loss.terms[i]));
        }
        row.extend([field(model), tuned.to_string()]);
        out += &separator.row(&row);
    }
    Ok(out)
}

/// All questions of a class in one table: the question's number and text, the token, p and the decoded label, a column for every
/// student, t, H(t), the token's term of L, and the model whose p they are. What a question has no labels for stays empty.
///
/// # Errors
/// [`Error::Gold`] when the labels do not fit the tokens.
pub fn class(questions: &[(Document, Analysis)], model: &str, separator: Separator) -> Result<String, Error> {
    let mut students: Vec<&str> = Vec::new();
    for annotator in questions.iter().flat_map(|(document, _)| &document.annotators) {
        if !students.contains(&&*annotator.name) {
            students.push(&annotator.name);
        }
    }
    let mut head: Vec<String> = ["number", "question", "token", "text", "start", "end", "p_B", "p_I", "p_O", "label"]
        .map(String::from)
        .to_vec();
    head.extend(students.iter().map(|name| field(name)));
    head.extend(["t_B", "t_I", "t_O", "H", "term", "model"].map(String::from));
    let mut out = BOM.to_string() + &separator.row(&head);
    for (number, (document, analysis)) in questions.iter().enumerate() {
        let against = Against::new(document, &document.paragraph, analysis)?;
        let columns: Vec<Option<usize>> =
            students.iter().map(|name| document.annotators.iter().position(|a| a.name == **name)).collect();
        for (i, token) in analysis.tokens.iter().enumerate() {
            let mut row = vec![(number + 1).to_string(), field(&document.question), (i + 1).to_string()];
            row.extend([field(&token.text), token.start.to_string(), token.end.to_string()]);
            row.extend(token.p.map(|x| separator.number(x)));
            row.push(token.label.letter().into());
            let label = |column: &Option<usize>| {
                let labels = column.zip(against.as_ref()).map(|(k, against)| against.labels[k][i].letter());
                labels.unwrap_or_default().to_string()
            };
            row.extend(columns.iter().map(label));
            match &against {
                Some(against) => {
                    let t = against.t[i];
                    row.extend(t.map(|x| separator.number(x)));
                    row.extend([bio::entropy(&t), against.loss.terms[i]].map(|x| separator.number(x)));
                }
                None => row.extend(vec![String::new(); 5]),
            }
            row.push(field(model));
            out += &separator.row(&row);
        }
    }
    Ok(out)
}

/// A text as a field, quoted where it must be. A formula would run with whatever a student has put into a name.
fn field(text: &str) -> String {
    let guarded = guarded(text);
    if matches!(guarded, Cow::Owned(_)) || text.contains([',', ';', '"', '\r', '\n', '\t']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::fixture::{PARAGRAPH, made};

    #[test]
    fn rows_and_quotes() {
        let (document, analysis) = made();
        let table = |separator| table(&document, PARAGRAPH, &analysis, ("tiny-128", 3), separator).unwrap();
        let commas = table(Separator::Comma);
        let lines: Vec<&str> = commas.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 6);
        assert_eq!(
            lines[0],
            "token,text,start,end,z_B,z_I,z_O,p_B,p_I,p_O,label,Ana,\"Ben, \"\"B\"\"\",Cleo,t_B,t_I,t_O,term,model,tuned"
        );
        assert!(
            lines[2].starts_with("2,bank,4,8,2.0999999046325684,") && lines[2].contains(",B,B,B,O,0.666"),
            "{}",
            lines[2]
        );
        assert!(lines[3].starts_with("3,\",\",8,9,"), "{}", lines[3]);
        assert!(lines[1..].iter().all(|line| line.ends_with(",tiny-128,3")), "{commas}");
        let semicolons = table(Separator::Semicolon);
        let line = semicolons.split_terminator("\r\n").nth(2).unwrap();
        assert!(line.starts_with("2;bank;4;8;2,0999999046325684;") && line.contains(";B;B;B;O;0,666"), "{line}");
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\u{a0}=1", "\u{feff}=1", "＝1", "\r1", "\t1"] {
            assert_eq!(field(text), format!("\"'{text}\""));
        }
        for text in ["Ana", "a=b", "Zoë", "1-2", "", "–"] {
            assert_eq!(field(text), text);
        }
        assert_eq!((&*field("a;b"), &*field("say \"=\"")), ("\"a;b\"", "\"say \"\"=\"\"\""));
    }
}
