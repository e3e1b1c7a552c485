//! Everything that can go wrong, typed, so that the page can say it in any language.
//! `Display` is the English sentence of `locales/en/errors.ftl`; the command line prints it as it is.

use serde::Serialize;

use crate::bio::GoldError;
use crate::internally_tagged::internally_tagged;

/// What went wrong.
///
/// As JSON the variant's name is `kind`, beside the fields: `{"kind":"corrupt","file":"a.json","why":"..."}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Error {
    /// The question has no token.
    EmptyQuestion,
    /// The paragraph has no token.
    EmptyParagraph,
    /// No model of that name is shipped.
    UnknownModel {
        /// The name asked for.
        name: String,
    },
    /// A file of the model is not there.
    Missing {
        /// File name or URL.
        file: String,
        /// HTTP status, or a few words.
        status: String,
    },
    /// The network broke off.
    Network {
        /// File name or URL.
        file: String,
        /// The browser's words.
        why: String,
    },
    /// A file is not what it should be: truncated, corrupt, of another format.
    Corrupt {
        /// File name.
        file: String,
        /// What was found.
        why: String,
    },
    /// One of the three files of a model of the user's own was not chosen.
    NotChosen {
        /// The file's usual name.
        file: String,
    },
    /// A file of the user's cannot be read.
    Unreadable {
        /// File name.
        file: String,
    },
    /// The files are fine one by one, but do not fit each other.
    Mismatch {
        /// What disagrees.
        why: String,
    },
    /// No model has been loaded yet.
    NoModel,
    /// The browser has no WebAssembly SIMD.
    NoSimd,
    /// The worker stopped.
    WorkerDied {
        /// What is known.
        why: String,
    },
    /// The request was cancelled by whoever made it.
    Aborted,
    /// A step of learning led to numbers that are none.
    Diverged,
    /// Gold labels that cannot be read as labels of this paragraph.
    Gold {
        /// What is wrong with them, in English.
        why: String,
        /// The same, typed, where it is known; it does not travel as JSON.
        #[serde(skip)]
        cause: Option<GoldCause>,
    },
    /// A request for what there is not, such as a token past the paragraph's last; only scripts can make one.
    Argument {
        /// A sentence.
        why: String,
    },
    /// A link that says nothing: damaged, or cut short on its way.
    LinkBroken,
    /// A link of a later version.
    LinkTooNew {
        /// Version of the link.
        version: u8,
    },
    /// A document that no link can hold.
    LinkTooLong {
        /// Bytes of the document.
        bytes: usize,
    },
    /// Anything else: a defect of this program.
    Internal {
        /// The error's own words.
        why: String,
    },
}

internally_tagged!(Error {
    EmptyQuestion, EmptyParagraph, UnknownModel { name }, Missing { file, status }, Network { file, why },
    Corrupt { file, why }, NotChosen { file }, Unreadable { file }, Mismatch { why }, NoModel, NoSimd,
    WorkerDied { why }, Aborted, Diverged, Gold { why; skip cause }, Argument { why }, LinkBroken,
    LinkTooNew { version }, LinkTooLong { bytes }, Internal { why },
});

/// What is wrong with gold labels, and whose they are where it is one annotator's fault.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldCause {
    /// Index of the annotator, from 0.
    pub annotator: Option<usize>,
    /// What is wrong.
    pub error: GoldError,
}

impl From<GoldError> for Error {
    fn from(error: GoldError) -> Error {
        Error::Gold { why: error.to_string(), cause: Some(GoldCause { annotator: None, error }) }
    }
}

impl Error {
    /// Gold labels that do not fit, for a reason that only this sentence tells.
    pub fn gold(why: impl Into<String>) -> Error {
        Error::Gold { why: why.into(), cause: None }
    }

    /// There is no token of that index among so many.
    pub fn no_token(index: usize, count: usize) -> Error {
        Error::Argument { why: format!("there is no token {index}: the paragraph has {count}") }
    }

    /// One annotator's labels do not fit.
    pub fn gold_of(annotator: usize, error: GoldError) -> Error {
        let why = format!("annotator {}: {error}", annotator + 1);
        Error::Gold { why, cause: Some(GoldCause { annotator: Some(annotator), error }) }
    }

    /// Whether another text is all it takes.
    pub fn is_about_the_text(&self) -> bool {
        matches!(self, Error::EmptyQuestion | Error::EmptyParagraph)
    }

    /// The variant's name as scripts see it: `emptyQuestion`, `noModel`, ...
    pub fn kind(&self) -> String {
        let fields = serde_json::to_value(self).unwrap_or_default();
        fields["kind"].as_str().unwrap_or_default().into()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Error;

    /// One of each. The list below must name a new variant, for this does not compile without it.
    pub fn all() -> Vec<Error> {
        let text = |text: &str| text.to_owned();
        let all = vec![
            Error::EmptyQuestion,
            Error::EmptyParagraph,
            Error::UnknownModel { name: text("n") },
            Error::Missing { file: text("f"), status: text("404") },
            Error::Network { file: text("f"), why: text("w") },
            Error::Corrupt { file: text("f"), why: text("w") },
            Error::NotChosen { file: text("f") },
            Error::Unreadable { file: text("f") },
            Error::Mismatch { why: text("w") },
            Error::NoModel,
            Error::NoSimd,
            Error::WorkerDied { why: text("w") },
            Error::Aborted,
            Error::Diverged,
            Error::gold("w"),
            Error::Argument { why: text("w") },
            Error::LinkBroken,
            Error::LinkTooNew { version: 9 },
            Error::LinkTooLong { bytes: 70_000 },
            Error::Internal { why: text("w") },
        ];
        let place = |error: &Error| match error {
            Error::EmptyQuestion => 0,
            Error::EmptyParagraph => 1,
            Error::UnknownModel { .. } => 2,
            Error::Missing { .. } => 3,
            Error::Network { .. } => 4,
            Error::Corrupt { .. } => 5,
            Error::NotChosen { .. } => 6,
            Error::Unreadable { .. } => 7,
            Error::Mismatch { .. } => 8,
            Error::NoModel => 9,
            Error::NoSimd => 10,
            Error::WorkerDied { .. } => 11,
            Error::Aborted => 12,
            Error::Diverged => 13,
            Error::Gold { .. } => 14,
            Error::Argument { .. } => 15,
            Error::LinkBroken => 16,
            Error::LinkTooNew { .. } => 17,
            Error::LinkTooLong { .. } => 18,
            Error::Internal { .. } => 19,
        };
        assert!(all.iter().map(place).eq(0..20));
        all
    }

    #[test]
    fn every_fault_comes_back_from_json() {
        for error in all() {
            let text = serde_json::to_string(&error).unwrap();
            assert_eq!(serde_json::from_str::<Error>(&text).unwrap(), error, "{text}");
        }
    }

    #[test]
    fn kinds() {
        assert_eq!(Error::NoModel.kind(), "noModel");
        assert_eq!(Error::EmptyQuestion.kind(), "emptyQuestion");
        let text = serde_json::to_string(&Error::WorkerDied { why: "x".into() }).unwrap();
        assert_eq!(text, r#"{"kind":"workerDied","why":"x"}"#, "as www/worker.js writes it");
    }
}
