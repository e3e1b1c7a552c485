//! A class's labels: any number of documents and links, each one's annotators become annotators of the document here.
//!
//! Everything that comes in goes out again as a line of the report: what was added, and what was not and why.

use super::json::import;
use super::link;
use super::{Annotator, Document, same_text};
use crate::bio::{GoldError, Span};
use crate::dataset;
use crate::error::Error;

/// One document or link that came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The file's name, or a link's place in it.
    pub name: String,
    /// What it holds, or why it cannot be read.
    pub read: Result<Document, Error>,
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum MergeOutcome {
    /// Its annotators are here now.
    Added {
        /// How many.
        annotators: usize,
        /// Annotators that were here already, or came with another entry, and are not counted again: a student who
        /// saves an example saves its annotators too.
        known: usize,
        /// Tokens whose t_i it sets directly; that is nobody's label, and stays out.
        direct: usize,
    },
    /// It is about another paragraph.
    OtherText,
    /// It answers another question about this paragraph.
    OtherQuestion,
    /// It holds no annotator that is not here already.
    Duplicate {
        /// Name of the other one; empty: the annotators were here before.
        of: String,
    },
    /// Nobody has labelled anything in it.
    Unlabelled,
    /// Its labels are no labels of this paragraph's tokens.
    Unfit {
        /// Why.
        error: Error,
    },
    /// It cannot be read.
    Unreadable {
        /// Why.
        error: Error,
    },
}

/// How to merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Take question and paragraph from the entries: those that most of them are about.
    pub adopt: bool,
    /// The annotators that are here go.
    pub replace: bool,
    /// Duplicates count: two people may well have marked the same and given no name.
    pub doubles: bool,
}

/// Reads a file's content: one document, or a text with links, each of which is an entry.
pub fn read(name: &str, text: &str) -> Vec<Entry> {
    let blank = Document::default();
    let links: Vec<&str> = text.split_whitespace().filter(|word| link::holds(word)).collect();
    if text.trim_start().starts_with('{') || links.is_empty() {
        return vec![Entry { name: name.into(), read: import(&blank, name, text) }];
    }
    let entry = |(k, address): (usize, &&str)| {
        let name = if links.len() == 1 { name.to_string() } else { format!("{name} {}", k + 1) };
        Entry { name, read: link::decode(&blank, address) }
    };
    links.iter().enumerate().map(entry).collect()
}

/// Merges; the document that comes out differs from `document` in its annotators only, unless a text was adopted.
/// `tokens` are those of the paragraph of that text, where they are known.
pub fn merge(
    document: &Document,
    tokens: Option<(&str, &[Span])>,
    entries: &[Entry],
    options: Options,
) -> (Document, Vec<MergeOutcome>) {
    let mut merged = document.clone();
    if options.adopt
        && let Some(text) = commonest(entries)
        && elsewhere(text, &merged).is_some()
    {
        // Labels of another text or to another question are none of this one's.
        merged.annotators.clear();
        merged.direct.clear();
        merged.edit_question(&text.question);
        merged.edit_paragraph(&text.paragraph);
    }
    if options.replace {
        merged.annotators.clear();
    }
    let tokens = tokens.filter(|(paragraph, _)| *paragraph == merged.paragraph).map(|(_, tokens)| tokens);
    // Of every annotator, the entry that it came with.
    let mut origins = vec![""; merged.annotators.len()];
    let outcomes = entries.iter().map(|entry| {
        let other = match &entry.read {
            Ok(other) => other,
            Err(error) => return MergeOutcome::Unreadable { error: error.clone() },
        };
        if let Some(outcome) = elsewhere(other, &merged) {
            return outcome;
        }
        if other.annotators.is_empty() {
            return MergeOutcome::Unlabelled;
        }
        if let Err(error) = other.annotators.iter().try_for_each(|a| fits(a, &other.paragraph, tokens)) {
            return MergeOutcome::Unfit { error };
        }
        let named = |a: &Annotator| Annotator { name: own_name(a, entry).into(), ..a.clone() };
        let place = |a: &Annotator| merged.annotators.iter().position(|b| !options.doubles && same(a, b));
        let places: Vec<(Annotator, Option<usize>)> =
            other.annotators.iter().map(named).map(|a| (place(&a), a)).map(|(at, a)| (a, at)).collect();
        if let [(_, Some(at)), ..] = places[..]
            && places.iter().all(|(_, at)| at.is_some())
        {
            return MergeOutcome::Duplicate { of: origins[at].into() };
        }
        let fresh: Vec<Annotator> = places.into_iter().filter(|(_, at)| at.is_none()).map(|(a, _)| a).collect();
        if merged.annotators.len() + fresh.len() > super::inputs::MOST_ANNOTATORS {
            return MergeOutcome::Unfit { error: GoldError::TooManyAnnotators(merged.annotators.len()).into() };
        }
        let added = fresh.len();
        for annotator in fresh {
            let name = free_name(&merged.annotators, &annotator.name, entry);
            merged.annotators.push(Annotator { name, ..annotator });
            origins.push(&entry.name);
        }
        MergeOutcome::Added { annotators: added, known: other.annotators.len() - added, direct: other.direct.len() }
    });
    let outcomes = outcomes.collect();
    (merged, outcomes)
}

/// What keeps `other`'s labels out of `document`, if they are about another text or question.
pub fn elsewhere(other: &Document, document: &Document) -> Option<MergeOutcome> {
    if other.paragraph != document.paragraph {
        return Some(MergeOutcome::OtherText);
    }
    (!same_text(other.text(), document.text())).then_some(MergeOutcome::OtherQuestion)
}

/// A document with the text that most entries are about; of several the first.
fn commonest(entries: &[Entry]) -> Option<&Document> {
    let readable: Vec<&Document> = entries.iter().filter_map(|e| e.read.as_ref().ok()).collect();
    let about = |a: &Document| readable.iter().filter(|b| same_text(a.text(), b.text())).count();
    readable.iter().rev().max_by_key(|document| about(document)).copied()
}

/// One bad annotator would leave the whole class without a loss, so every one is tried alone.
fn fits(annotator: &Annotator, paragraph: &str, tokens: Option<&[Span]>) -> Result<(), Error> {
    match tokens {
        Some(tokens) => Ok(annotator.labels(tokens).map(drop)?),
        None => {
            // Without tokens: words are places enough.
            let words = words(paragraph);
            Ok(crate::bio::labels_from_spans(&words, &annotator.spans).map(drop)?)
        }
    }
}

/// Every code point that is no white space, as a token of its own.
fn words(paragraph: &str) -> Vec<Span> {
    let mut at = 0;
    let place = |c: char| {
        let start = at;
        at += c.len_utf16();
        (!c.is_whitespace()).then_some(Span { start, end: at })
    };
    paragraph.chars().filter_map(place).collect()
}

/// Whether `b` is `a`, perhaps under the longer name that it got when it came in.
fn same(a: &Annotator, b: &Annotator) -> bool {
    let named = b.name == a.name || b.name.strip_prefix(&a.name).is_some_and(|rest| rest.starts_with(" ("));
    named && (a.weight, &a.spans, &a.stray) == (b.weight, &b.spans, &b.stray)
}

/// The file's name without its ending.
fn stem(entry: &Entry) -> &str {
    dataset::stem(&entry.name)
}

/// An annotator's name, or the file's for one who gave none.
fn own_name<'a>(annotator: &'a Annotator, entry: &'a Entry) -> &'a str {
    let name = annotator.name.trim();
    if name.is_empty() { stem(entry) } else { name }
}

/// The name; if another one has it, with the file's name behind it; if that is taken too, with a number.
fn free_name(taken: &[Annotator], name: &str, entry: &Entry) -> String {
    let free = |name: &str| taken.iter().all(|a| a.name != name);
    if free(name) {
        return name.into();
    }
    let file = stem(entry);
    let with_file = format!("{name} ({file})");
    if free(&with_file) {
        return with_file;
    }
    (2..).map(|k| format!("{name} ({file}, {k})")).find(|name| free(name)).unwrap_or(with_file)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::document::fixture::{PARAGRAPH, made};
    use crate::document::json::Exported;
    use crate::document::{Against, Assignment, Direct};

    /// What a student saves who marks these spans.
    fn saved(name: &str, spans: &[(usize, usize)]) -> String {
        let (mut document, analysis) = made();
        document.annotators.clear();
        let spans = spans.iter().map(|&(start, end)| Span { start, end }).collect();
        let mut exported = Exported::new(&document, &document.question, PARAGRAPH, &analysis).unwrap();
        exported.annotators = vec![Annotator { name: name.into(), weight: 1.0, spans, stray: Vec::new() }];
        exported.to_json()
    }

    /// The teacher's page: the same text, nobody has labelled.
    fn teacher() -> (Document, Vec<Span>) {
        let (mut document, analysis) = made();
        document.annotators.clear();
        let tokens = analysis.tokens.iter().map(|t| Span { start: t.start, end: t.end }).collect();
        (document, tokens)
    }

    fn entries(files: &[(&str, String)]) -> Vec<Entry> {
        files.iter().flat_map(|(name, text)| read(name, text)).collect()
    }

    #[test]
    fn a_class_becomes_t() {
        let files: Vec<(String, String)> = (0..30)
            .map(|k| (format!("bioscope ({k}).json"), saved(&format!("S{k}"), if k < 20 { &[(4, 8)] } else { &[] })))
            .collect();
        let (document, tokens) = teacher();
        let entries: Vec<Entry> = files.iter().flat_map(|(name, text)| read(name, text)).collect();
        let (merged, outcomes) = merge(&document, Some((PARAGRAPH, &tokens)), &entries, Options::default());
        assert_eq!(merged.annotators.len(), 30);
        assert!(outcomes.iter().all(|o| *o == MergeOutcome::Added { annotators: 1, known: 0, direct: 0 }));
        let t = Against::new(&merged, PARAGRAPH, &made().1).unwrap().unwrap().t;
        assert!((t[1][0] - 2.0 / 3.0).abs() < 1e-15 && (t[1][2] - 1.0 / 3.0).abs() < 1e-15, "{t:?}");
        assert_eq!(merged.question, document.question);
    }

    #[test]
    fn everything_is_reported() {
        let (mut document, tokens) = teacher();
        document.annotators =
            vec![Annotator { name: "Here".into(), weight: 1.0, spans: Vec::new(), stray: Vec::new() }];
        let other = saved("X", &[]).replace("The bank", "The bonk");
        let asked = saved("X", &[]).replace("What is old?", "What is new?");
        let mut unlabelled = document.clone();
        unlabelled.annotators.clear();
        let link = |d: &Document| link::encode(d, Assignment::default()).unwrap();
        let mut set = document.clone();
        set.annotators = vec![Annotator {
            name: "Dora".into(),
            weight: 1.0,
            spans: vec![Span { start: 0, end: 3 }],
            stray: Vec::new(),
        }];
        set.direct = vec![Direct { start: 0, end: 3, t: [0.5, 0.0, 0.5] }];
        let files = [
            ("a.json", saved("Ana", &[(4, 8)])),
            ("b.json", saved("Ana", &[(4, 8)])),
            ("c.json", saved("Ana", &[(4, 9)])),
            ("d.json", saved("Here", &[])),
            ("e.json", other),
            ("f.json", asked),
            ("g.json", saved("Eve", &[(3, 4)])),
            ("h.json", saved("Eve", &[(4, 8), (4, 9)])),
            ("i.json", "\u{1}rubbish".into()),
            ("links.txt", format!("Dora: {}\nFay: https://example.org/{}", link(&set), link(&unlabelled))),
        ];
        let (merged, outcomes) = merge(&document, Some((PARAGRAPH, &tokens)), &entries(&files), Options::default());
        let names: Vec<&str> = merged.annotators.iter().map(|a| &*a.name).collect();
        assert_eq!(names, ["Here", "Ana", "Ana (c)", "Dora"]);
        assert_eq!(outcomes.len(), 11, "one line for each");
        assert_eq!(outcomes[0], MergeOutcome::Added { annotators: 1, known: 0, direct: 0 });
        assert_eq!(outcomes[1], MergeOutcome::Duplicate { of: "a.json".into() });
        assert_eq!(outcomes[2], MergeOutcome::Added { annotators: 1, known: 0, direct: 0 });
        assert_eq!(outcomes[3], MergeOutcome::Duplicate { of: String::new() });
        assert_eq!(outcomes[4..6], [MergeOutcome::OtherText, MergeOutcome::OtherQuestion]);
        assert!(matches!(&outcomes[6], MergeOutcome::Unfit { error } if error.to_string().contains("no token")));
        assert!(matches!(&outcomes[7], MergeOutcome::Unfit { error } if error.to_string().contains("overlap")));
        assert!(matches!(&outcomes[8], MergeOutcome::Unreadable { error } if error.to_string().contains("i.json")));
        assert_eq!(
            outcomes[9..],
            [MergeOutcome::Added { annotators: 1, known: 0, direct: 1 }, MergeOutcome::Unlabelled]
        );
        // Again: nothing is counted twice, unless it is asked for.
        let (again, outcomes) = merge(&merged, None, &entries(&files), Options::default());
        assert_eq!(again.annotators, merged.annotators);
        assert!(
            matches!(outcomes[0], MergeOutcome::Duplicate { .. })
                && matches!(outcomes[2], MergeOutcome::Duplicate { .. })
        );
        let doubles = Options { doubles: true, ..Options::default() };
        let (twice, _) = merge(&merged, None, &entries(&files[1..2]), doubles);
        assert_eq!(twice.annotators.last().unwrap().name, "Ana (b)");
    }

    /// A student opens an example, whose annotators are saved with the student's own labels.
    #[test]
    fn an_examples_annotators_count_once() {
        let (example, analysis) = made();
        let save = |name: &str, spans: &[(usize, usize)]| {
            let mut document = example.clone();
            document.annotators.push(Annotator {
                name: name.into(),
                weight: 1.0,
                spans: spans.iter().map(|&(start, end)| Span { start, end }).collect(),
                stray: Vec::new(),
            });
            Exported::new(&document, &document.question, PARAGRAPH, &analysis).unwrap().to_json()
        };
        let files = [("a.json", save("Dora", &[(4, 8)])), ("b.json", save("Eli", &[])), ("c.json", save("", &[]))];
        let (document, tokens) = teacher();
        let (merged, outcomes) = merge(&document, Some((PARAGRAPH, &tokens)), &entries(&files), Options::default());
        let names: Vec<&str> = merged.annotators.iter().map(|a| &*a.name).collect();
        assert_eq!(names, ["Ana", "Ben, \"B\"", "Cleo", "Dora", "Eli", "c"]);
        assert_eq!(outcomes[0], MergeOutcome::Added { annotators: 4, known: 0, direct: 0 });
        assert_eq!(outcomes[1..], vec![MergeOutcome::Added { annotators: 1, known: 3, direct: 0 }; 2]);
        let (_, again) = merge(&merged, None, &entries(&files[2..]), Options::default());
        assert_eq!(again, [MergeOutcome::Duplicate { of: String::new() }]);
    }

    #[test]
    fn the_files_text_can_be_taken() {
        let files = [("a.json", saved("Ana", &[(4, 8)])), ("b.json", saved("Bo", &[]))];
        let here = Document { question: "?".into(), paragraph: "Another text.".into(), ..Document::default() };
        let (same, outcomes) = merge(&here, None, &entries(&files), Options::default());
        assert_eq!((same, outcomes), (here.clone(), vec![MergeOutcome::OtherText; 2]));
        let adopt = Options { adopt: true, ..Options::default() };
        let (merged, _) = merge(&here, None, &entries(&files), adopt);
        assert_eq!((&*merged.question, &*merged.paragraph, merged.annotators.len()), ("What is old?", PARAGRAPH, 2));
        // Labels to one question are none to another about the same text.
        let other = Document { question: "Who?".into(), ..merged.clone() };
        let (again, _) = merge(&other, None, &entries(&files[..1]), adopt);
        assert_eq!((&*again.question, again.annotators.len()), ("What is old?", 1));
        let replace = Options { replace: true, ..Options::default() };
        let (replaced, _) = merge(&merged, None, &entries(&files[..1]), replace);
        assert_eq!(replaced.annotators.len(), 1);
    }

    #[test]
    fn thirty_files_take_about_five_times_as_long_as_six() {
        // Four hundred tokens, of which a file says more than any student's does.
        let paragraph = "Lorem ipsum ".repeat(200);
        let (document, analysis) = made();
        let mut exported = Exported::new(&document, "Q", PARAGRAPH, &analysis).unwrap();
        exported.tokens = exported.tokens.iter().cycle().take(400).cloned().collect();
        exported.paragraph = paragraph.clone();
        let files: Vec<String> = (0..30)
            .map(|k| {
                for annotator in &mut exported.annotators {
                    annotator.name = format!("{} of {k}", annotator.name);
                }
                exported.to_json()
            })
            .collect();
        let here = Document { question: "Q".into(), paragraph, ..Document::default() };
        let took = |files: &[String]| {
            let start = Instant::now();
            let entries: Vec<Entry> =
                files.iter().enumerate().flat_map(|(k, text)| read(&format!("{k}.json"), text)).collect();
            let (merged, _) = merge(&here, None, &entries, Options::default());
            assert_eq!(merged.annotators.len(), 3 * files.len());
            start.elapsed().as_secs_f64()
        };
        // The best of a few, so that a neighbour's work does not count; if each file were held against each, it would be 25 times.
        let best = |files: &[String]| (0..4).map(|_| took(files)).fold(f64::INFINITY, f64::min);
        let (six, thirty) = (best(&files[..6]), best(&files));
        assert!(thirty < 15.0 * six, "{thirty} s and {six} s");
    }
}
