//! The formats, and what each of them can hold.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A file format. As text (command line, JSON) its [`name`](Format::name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Plain text or Markdown: paragraphs between empty lines. Read only.
    Plain,
    /// SQuAD 1.1 and 2.0.
    Squad,
    /// Hugging Face's question answering: one flat record a question, as JSON lines or one list.
    HfQa,
    /// QAMR-style JSON lines, this project's own.
    Lines,
    /// A token and its label a line: CoNLL, IOB1, IOB2, BILOU.
    Conll,
    /// Hugging Face's token classification: lists of tokens and of tags.
    HfTokens,
    /// doccano's JSON lines, spans as lists in `label`.
    Doccano,
    /// doccano's JSON lines, spans as objects in `entities`.
    DoccanoEntities,
    /// Label Studio's JSON.
    LabelStudio,
    /// Prodigy's and spaCy's JSON lines.
    Prodigy,
    /// brat's standoff: a text file, and a file of annotations beside it.
    Brat,
    /// WebAnno TSV 3, as INCEpTION writes it.
    Webanno,
    /// A table, comma or semicolon between cells.
    Csv,
    /// A table, tabs between cells.
    Tsv,
    /// MultiSpanQA's JSON.
    #[serde(rename = "multispanqa")]
    MultiSpanQa,
}

/// Something that a record may have and a format may not be able to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Feature {
    /// The question.
    Question,
    /// Several annotators.
    Annotators,
    /// Names of annotators other than "1", "2", ….
    Names,
    /// Weights of annotators.
    Weights,
    /// Several spans of one annotator.
    SeveralSpans,
    /// An annotator who has a name, or stands beside others, and says "no answer".
    MixedNoAnswer,
    /// That nobody has labelled the record, which is not the same as "no answer".
    Unlabelled,
    /// Blanks at a span's ends.
    EdgeBlanks,
    /// A model's scores of its answers.
    Scores,
    /// t_i set directly.
    Soft,
    /// Labels I without a B before them.
    Stray,
    /// How sure weak labels are.
    Confidence,
    /// Remarks.
    Notes,
    /// Titles of articles.
    Titles,
}

impl Feature {
    /// All of them.
    pub const ALL: [Feature; 14] = [
        Feature::Question,
        Feature::Annotators,
        Feature::Names,
        Feature::Weights,
        Feature::SeveralSpans,
        Feature::MixedNoAnswer,
        Feature::Unlabelled,
        Feature::EdgeBlanks,
        Feature::Scores,
        Feature::Soft,
        Feature::Stray,
        Feature::Confidence,
        Feature::Notes,
        Feature::Titles,
    ];
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 15] = [
        Format::Plain,
        Format::Squad,
        Format::HfQa,
        Format::Lines,
        Format::Conll,
        Format::HfTokens,
        Format::Doccano,
        Format::DoccanoEntities,
        Format::LabelStudio,
        Format::Prodigy,
        Format::Brat,
        Format::Webanno,
        Format::Csv,
        Format::Tsv,
        Format::MultiSpanQa,
    ];

    /// The formats that can be written.
    pub fn written() -> impl Iterator<Item = Format> {
        Format::ALL.into_iter().filter(|format| *format != Format::Plain)
    }

    /// Its name in options and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Format::Plain => "plain",
            Format::Squad => "squad",
            Format::HfQa => "hf-qa",
            Format::Lines => "lines",
            Format::Conll => "conll",
            Format::HfTokens => "hf-tokens",
            Format::Doccano => "doccano",
            Format::DoccanoEntities => "doccano-entities",
            Format::LabelStudio => "label-studio",
            Format::Prodigy => "prodigy",
            Format::Brat => "brat",
            Format::Webanno => "webanno",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::MultiSpanQa => "multispanqa",
        }
    }

    /// The usual ending of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Plain => "txt",
            Format::Squad | Format::LabelStudio | Format::MultiSpanQa => "json",
            Format::HfQa
            | Format::Lines
            | Format::HfTokens
            | Format::Doccano
            | Format::DoccanoEntities
            | Format::Prodigy => "jsonl",
            Format::Conll => "conll",
            Format::Brat => "ann",
            Format::Webanno | Format::Tsv => "tsv",
            Format::Csv => "csv",
        }
    }

    /// Its section in `docs/formats.md`.
    pub fn anchor(self) -> &'static str {
        match self {
            Format::DoccanoEntities => "doccano",
            Format::Tsv => "csv",
            other => other.name(),
        }
    }

    /// Whether a file holds one record, so that several are several files.
    pub fn is_one_record_a_file(self) -> bool {
        matches!(self, Format::Brat | Format::Webanno)
    }

    /// Whether a record's feature comes back when it is written and read again.
    pub fn holds(self, feature: Feature) -> bool {
        use Feature::{
            Annotators, Confidence, EdgeBlanks, MixedNoAnswer, Names, Notes, Question, Scores, Soft, Titles,
            Unlabelled, Weights,
        };
        if feature == Feature::Stray {
            return false; // no other program knows of them
        }
        let lost: &[Feature] = match self {
            Format::Lines => &[],
            Format::Plain => &Feature::ALL,
            Format::Squad | Format::HfQa => &[Weights, MixedNoAnswer, Scores, Soft, Confidence, Notes],
            Format::Conll => &[Weights, Unlabelled, EdgeBlanks, Scores, Soft, Confidence, Notes, Titles],
            Format::HfTokens | Format::MultiSpanQa => &[Weights, EdgeBlanks, Scores, Soft, Confidence, Notes, Titles],
            Format::Doccano | Format::DoccanoEntities => &[Weights, Scores, Soft, Confidence, Notes, Titles],
            Format::LabelStudio | Format::Prodigy => &[Weights, Soft, Confidence, Notes, Titles],
            Format::Brat => {
                &[Question, Annotators, Names, Weights, Unlabelled, Scores, Soft, Confidence, Notes, Titles]
            }
            Format::Webanno => {
                &[Question, Annotators, Names, Weights, Unlabelled, EdgeBlanks, Scores, Soft, Confidence, Notes, Titles]
            }
            Format::Csv | Format::Tsv => &[Weights, Unlabelled, Soft, Confidence, Notes, Titles],
        };
        !lost.contains(&feature)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Format, String> {
        let found = Format::ALL.into_iter().find(|format| format.name() == name.to_lowercase());
        found.ok_or_else(|| format!("expected one of {}", Format::ALL.map(Format::name).join(", ")))
    }
}
