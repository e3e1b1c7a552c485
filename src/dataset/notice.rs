//! What a reader of a file should know although nothing is wrong with it: counts, assumptions, open choices.

use serde::Serialize;

use super::problem::Place;
use crate::internally_tagged::internally_tagged;

/// One remark about a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Notice {
    /// No record has a question.
    NoQuestions,
    /// `answers: null` was taken as "no answer".
    NullAnswers {
        /// Records.
        count: usize,
    },
    /// Annotations that their annotator or a reviewer took back were left out.
    Cancelled {
        /// Annotations.
        count: usize,
    },
    /// The file has tokens only: they were joined by blanks.
    TokensJoined {
        /// Records.
        count: usize,
    },
    /// Records without an id got a running number.
    NoIds {
        /// Records.
        count: usize,
    },
    /// One id is used more than once.
    DuplicateIds {
        /// The first such id.
        id: String,
        /// Where it stands first.
        first: Place,
        /// Where it stands again.
        again: Place,
        /// Records whose id is taken.
        count: usize,
    },
    /// Answers that did not stand where the file says were moved to the only place where they stand.
    Repaired {
        /// Answers.
        count: usize,
    },
    /// Answers that stand several times, without an offset: the first place was taken.
    FirstPlace {
        /// Answers.
        count: usize,
    },
    /// Spans that cut words as code points, and do not as UTF-16 code units.
    PerhapsUtf16 {
        /// Spans.
        count: usize,
        /// The first one as it reads now.
        now: String,
        /// The first one as UTF-16 code units.
        utf16: String,
    },
    /// The texts beside the offsets show that these count UTF-16 code units.
    Utf16 {
        /// Spans.
        count: usize,
    },
    /// A scheme of labels other than IOB2.
    Scheme {
        /// Its name.
        name: String,
    },
    /// Labels of several kinds, all of which count as answers.
    Kinds {
        /// Their names.
        names: Vec<String>,
    },
    /// The file was read in another encoding than UTF-8.
    Encoding {
        /// Its name.
        name: String,
    },
    /// Files that lie beside brat's or WebAnno's and are none of them were not read.
    PassedOver {
        /// Their names.
        names: Vec<String>,
    },
    /// t_i set directly is kept, but not what training and scores use.
    SoftUnused {
        /// Records.
        count: usize,
    },
}

internally_tagged!(Notice {
    NoQuestions, NullAnswers { count }, Cancelled { count }, TokensJoined { count }, NoIds { count },
    DuplicateIds { id, first, again, count }, Repaired { count }, FirstPlace { count },
    PerhapsUtf16 { count, now, utf16 }, Utf16 { count }, Scheme { name }, Kinds { names }, Encoding { name },
    PassedOver { names }, SoftUnused { count },
});

impl Notice {
    /// The command line's option that changes it.
    pub fn option(&self) -> Option<&'static str> {
        match self {
            Notice::NoQuestions => Some("--question"),
            Notice::PerhapsUtf16 { .. } => Some("--offsets utf16"),
            _ => None,
        }
    }

    /// The same with one more counted, where it counts.
    pub(super) fn more(&mut self) {
        match self {
            Notice::NullAnswers { count }
            | Notice::Cancelled { count }
            | Notice::TokensJoined { count }
            | Notice::NoIds { count }
            | Notice::DuplicateIds { count, .. }
            | Notice::Repaired { count }
            | Notice::FirstPlace { count }
            | Notice::PerhapsUtf16 { count, .. }
            | Notice::Utf16 { count }
            | Notice::SoftUnused { count } => *count += 1,
            Notice::NoQuestions
            | Notice::Scheme { .. }
            | Notice::Kinds { .. }
            | Notice::Encoding { .. }
            | Notice::PassedOver { .. } => {}
        }
    }
}

/// A count and what it counts: "1 record", "2 records".
pub fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// The first names, and that there are more.
pub(crate) fn first(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{shown}, … (+{more})") } else { shown }
}
