//! The words of links, a class's labels, questions from files, and dropped files.

/// One language's.
pub struct Words {
    /// Heading of the panel.
    pub heading: &'static str,
    /// Label of the field with the link.
    pub link: &'static str,
    /// Copies it.
    pub copy: &'static str,
    /// It is on the clipboard.
    pub copied: &'static str,
    /// The clipboard is out of reach.
    pub by_hand: &'static str,
    /// How long the link is, and where it goes: kB.
    pub size: fn(&str) -> String,
    /// The link is longer than some programs take.
    pub long: &'static str,
    /// The model's answers are hidden at first.
    pub hide: &'static str,
    /// The guided exercise only.
    pub guided: &'static str,
    /// Closes a panel.
    pub close: &'static str,
    /// A link was opened.
    pub opened: &'static str,
    /// The model's answers are hidden.
    pub hidden_note: &'static str,
    /// Shows them.
    pub show: &'static str,
    /// Only the guided exercise is here.
    pub guided_note: &'static str,
    /// Shows all of the page.
    pub whole: &'static str,

    /// Heading of the class's labels.
    pub class: &'static str,
    /// What to do there.
    pub class_note: &'static str,
    /// Asks for files.
    pub choose: &'static str,
    /// Label of the field for links.
    pub paste: &'static str,
    /// Takes the links.
    pub add: &'static str,
    /// The annotators that are here stay.
    pub keep: &'static str,
    /// What came in: documents, of them added, annotators in all.
    pub summary: fn(usize, usize, usize) -> String,
    /// An entry's annotators were added: how many, and how many t_i were left out.
    pub added: fn(usize, usize) -> String,
    /// Another paragraph.
    pub other_text: &'static str,
    /// Another question.
    pub other_question: &'static str,
    /// The same as another entry, or as what is here.
    pub duplicate: fn(&str) -> String,
    /// No labels.
    pub unlabelled: &'static str,
    /// Takes the entries' text.
    pub adopt: &'static str,
    /// Counts duplicates.
    pub count_doubles: &'static str,
    /// Heading of the heat map.
    pub heat: &'static str,
    /// How to read it, as HTML.
    pub heat_note: &'static str,
    /// A token of it: number, text, H, shares of B, I and O.
    pub heat_token: fn(usize, &str, &str, [String; 3]) -> String,
    /// Heading of the most disputed tokens.
    pub disputed: &'static str,
    /// All agree on everything.
    pub undisputed: &'static str,

    /// Heading of the questions from a file.
    pub book: &'static str,
    /// What to open there.
    pub book_note: &'static str,
    /// Asks for the file.
    pub open: &'static str,
    /// A file is read: name.
    pub opening: fn(&str) -> String,
    /// A file is here: name, questions.
    pub holds: fn(&str, usize) -> String,
    /// Label of the search.
    pub search: &'static str,
    /// Nothing fits the search.
    pub nothing: &'static str,
    /// Which questions are listed: first, last, of.
    pub listed: fn(usize, usize, usize) -> String,
    /// A page back.
    pub previous: &'static str,
    /// A page on.
    pub next: &'static str,
    /// Label of the field for a question's number.
    pub go_to: &'static str,
    /// Runs the model over the list.
    pub score: &'static str,
    /// Label of the field for how many.
    pub how_many: &'static str,
    /// How far it is: done, of.
    pub scoring: fn(usize, usize) -> String,
    /// Stops it.
    pub stop: &'static str,
    /// Mean scores: questions, L, EM, F1.
    pub means: fn(usize, &str, &str, &str) -> String,
    /// Column headings: number, question, L, EM, F1, answer.
    pub columns: [&'static str; 6],
    /// No answer.
    pub none: &'static str,
    /// Rows that are not shown: how many.
    pub more: fn(usize) -> String,
    /// Which decoder gave the answers: its name.
    pub by: fn(&str) -> String,

    /// While files are held over the page.
    pub drop: &'static str,
    /// A file that is too large: its MB, the most; completes "The file … is damaged or of an unknown format: ….".
    pub too_large: fn(&str, &str) -> String,
}
