//! Files of questions, texts and labels: one reader and one writer a format, all through one [`Dataset`].
//!
//! [`parse`] recognises a file by its content. A bad record is skipped and listed, unless [`Options::strict`]; a file
//! that is no data file at all is an error. [`serialise`] writes; [`Dataset::losses`] tells beforehand what a format
//! cannot hold. `docs/formats.md` shows every format.

mod brat;
mod conll;
mod csv;
mod detect;
mod doccano;
mod edited;
mod encoding;
mod format;
mod hf_qa;
mod hf_tokens;
mod json;
mod label_studio;
mod lines;
mod multispanqa;
pub(crate) mod notice;
#[cfg(not(target_arch = "wasm32"))]
pub mod parquet;
mod plain;
mod problem;
mod prodigy;
mod reader;
mod record;
mod score;
mod squad;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod webanno;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

pub use conll::{LabelledTokens, labelled_tokens};
pub use csv::guarded;
pub use detect::detect;
pub use edited::{field_lines, one_line};
pub use format::{Feature, Format};
pub use notice::{Notice, counted};
pub use problem::{Place, Problem, Reason};
pub use record::{Annotator, Dataset, Record, Soft};
pub use score::{Score, means, score};

use reader::Reader;
use serde::{Deserialize, Serialize};

use crate::bio::Span;

/// One question about one paragraph, as models are trained and scored on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The file's own id.
    pub id: String,
    /// The paragraph.
    pub context: Arc<str>,
    /// The question.
    pub question: String,
    /// One list of spans per annotator, in Unicode code points; an empty list says "no answer".
    pub annotators: Vec<Vec<Span>>,
    /// One weight per annotator; empty: all count the same.
    pub weights: Vec<f64>,
    /// How sure the labels are, where the file says so; labels that the file itself doubts
    /// (`"agrees": false`) have 0.
    pub confidence: Option<f64>,
}

impl Instance {
    /// Every annotator's answer as text; several spans are joined by a space, no span gives "".
    pub fn texts(&self) -> Vec<String> {
        self.span_texts().iter().map(|texts| texts.join(" ")).collect()
    }

    /// The text of every span of every annotator.
    pub fn span_texts(&self) -> Vec<Vec<String>> {
        let points: Vec<char> = self.context.chars().collect();
        let text = |s: &Span| points[s.start..s.end].iter().collect::<String>();
        self.annotators.iter().map(|spans| spans.iter().map(text).collect()).collect()
    }

    /// Every annotator's spans in UTF-16 code units, as documents and analyses count.
    pub fn utf16(&self) -> Vec<Vec<Span>> {
        let starts = edited::starts(&self.context);
        let span = |s: &Span| Span { start: starts[s.start], end: starts[s.end] };
        self.annotators.iter().map(|spans| spans.iter().map(span).collect()).collect()
    }

    /// The weights as [`bio::mean_labels`](crate::bio::mean_labels) takes them.
    pub fn weights(&self) -> Option<&[f64]> {
        (!self.weights.is_empty()).then_some(&*self.weights)
    }
}

/// A file as it was opened or dropped.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// Its name; endings such as `.csv` help where the content leaves a doubt.
    pub name: &'a str,
    /// Its content, unpacked.
    pub bytes: &'a [u8],
}

/// How offsets count where a format's own unit is not meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Unicode code points.
    #[default]
    CodePoints,
    /// UTF-16 code units.
    Utf16,
}

/// An encoding that a file does not say of itself. One that is UTF-8, or has UTF-16's mark, is read as that all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// What older Excel saves in the West.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// The same in Greece.
    #[serde(rename = "windows-1253")]
    Windows1253,
}

impl Encoding {
    /// Its usual name.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Windows1252 => "Windows-1252",
            Encoding::Windows1253 => "Windows-1253",
        }
    }
}

/// How a file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// The format; left out: by content.
    pub from: Option<Format>,
    /// The question of records that have none.
    pub question: Option<String>,
    /// Stop at the first bad record.
    pub strict: bool,
    /// Move an answer that does not stand where the file says to the only place where it stands.
    pub repair: bool,
    /// The unit of offsets; left out: the format's own.
    pub offsets: Option<Unit>,
    /// Which numbers of `ner_tags` are B, I and O.
    pub labels: Option<[i64; 3]>,
    /// What the columns of labels of a CoNLL file are, from the left.
    pub columns: Vec<String>,
    /// The encoding of a file that is not Unicode.
    pub encoding: Option<Encoding>,
}

/// A data file that cannot be used: one line that names the file and the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// The file.
    pub file: String,
    /// The record or line, if it is one record's fault.
    pub place: Option<String>,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{}, {}: {}", self.file, place, self.why),
            None => write!(f, "{}: {}", self.file, self.why),
        }
    }
}

impl std::error::Error for DataError {}

impl DataError {
    /// A problem of a file by its name.
    pub fn new(file: &str, problem: &Problem) -> DataError {
        let why = with_option(problem.reason.to_string(), problem.reason.option());
        DataError {
            file: file.into(),
            place: problem.place.as_ref().map(ToString::to_string),
            why: match problem.format {
                Some(format) => {
                    format!("{why}; read as {}, see docs/formats.md#{}", format.title(), format.anchor())
                }
                None => why,
            },
        }
    }
}

/// A sentence, and the command line's option that helps.
pub fn with_option(sentence: String, option: Option<&str>) -> String {
    option.map_or(sentence.clone(), |option| format!("{sentence} ({option})"))
}

/// Reads a data file, gzipped or not, as instances; the first bad record is an error.
///
/// # Errors
/// The file cannot be read, or as [`parse`].
#[cfg(not(target_arch = "wasm32"))]
pub fn read(path: &std::path::Path) -> Result<Vec<Instance>, DataError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).and_then(unpack);
    let bytes = bytes.map_err(|e| DataError { file: file.clone(), place: None, why: e.to_string() })?;
    instances(&file, &bytes)
}

/// Reads a data file's content as instances; the first bad record is an error.
///
/// # Errors
/// As [`parse`].
pub fn instances(file: &str, bytes: &[u8]) -> Result<Vec<Instance>, DataError> {
    let options = Options { strict: true, ..Options::default() };
    let dataset = parse(&[Source { name: file, bytes }], &options);
    let dataset = dataset.map_err(|problem| DataError::new(file, &problem))?;
    Ok(dataset.records.into_iter().map(Record::into_instance).collect())
}

/// The content of a file: unpacked where it is gzipped, as JSON lines where it is Parquet.
///
/// # Errors
/// It is damaged.
#[cfg(not(target_arch = "wasm32"))]
pub fn unpack(bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    if bytes.starts_with(detect::PARQUET) {
        return parquet::to_json_lines(bytes);
    }
    if !bytes.starts_with(detect::GZIP) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain)?;
    Ok(plain)
}

/// Whether a file is a part of brat's projects by its name: a text or annotations.
pub fn is_of_brat(name: &str) -> bool {
    has_ending(name, "ann") || has_ending(name, "txt")
}

/// Whether a file's name ends in `.ending`, in capitals or not.
pub(crate) fn has_ending(name: &str, ending: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// A file's name without its ending.
pub(crate) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Reads files that belong together: one file, or brat's and WebAnno's files of one project, without what lies beside
/// them ([`Notice::PassedOver`]). Others are of one format, the first one's, without a README.md beside them.
///
/// # Errors
/// A file is of no known format, or needs a decision ([`Reason::AskLabels`], [`Reason::AskColumns`],
/// [`Reason::NotUtf8`]); with [`Options::strict`] also the first bad record.
pub fn parse(files: &[Source<'_>], options: &Options) -> Result<Dataset, Problem> {
    let annotations = |file: &Source<'_>| has_ending(file.name, "ann");
    let webanno = |file: &Source<'_>| {
        let text = file.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file.bytes);
        text.trim_ascii_start().starts_with(webanno::MAGIC.as_bytes())
    };
    let project = options.from.or_else(|| match files {
        files if files.iter().any(annotations) => Some(Format::Brat),
        files if files.iter().any(webanno) => Some(Format::Webanno),
        _ => None,
    });
    let all_prose = files.iter().all(|file| has_ending(file.name, "md") || has_ending(file.name, "txt"));
    let belongs = |file: &Source<'_>| match project {
        Some(Format::Plain) => true,
        Some(Format::Brat) => files.len() == 1 || is_of_brat(file.name),
        Some(Format::Webanno) => files.len() == 1 || webanno(file),
        _ => all_prose || !has_ending(file.name, "md"), // a README is about the data
    };
    let (files, others): (Vec<&Source<'_>>, Vec<&Source<'_>>) = files.iter().partition(|file| belongs(file));
    // brat's text is read with the annotations of the same name.
    let stems = files.iter().filter(|file| annotations(file)).map(|file| stem(file.name));
    let annotated: HashSet<&str> = stems.collect();
    let texts = files.iter().filter(|file| has_ending(file.name, "txt")).map(|file| (stem(file.name), *file));
    let texts: HashMap<&str, &Source<'_>> = texts.collect();
    let read_with = |file: &Source<'_>| has_ending(file.name, "txt") && annotated.contains(stem(file.name));
    let documents: Vec<&Source<'_>> = files.iter().copied().filter(|file| !read_with(file)).collect();
    let mut reader: Option<Reader<'_>> = None;
    for file in &documents {
        let format = project.or(reader.as_ref().map(Reader::format));
        // Of several files each says which one it is.
        let named = |problem: Problem| match documents.len() {
            0 | 1 => problem,
            _ => problem.within(file.name),
        };
        let before = reader.as_ref().map_or((0, 0), |reader| (reader.problems(), reader.records()));
        read_one(file, texts.get(stem(file.name)).copied(), format, &mut reader, options).map_err(named)?;
        if let Some(reader) = &mut reader {
            reader.rename_problems(before.0, named);
            if documents.len() > 1 {
                reader.place_within(before.1, file.name);
            }
        }
    }
    let mut reader = reader.ok_or(Problem::from(Reason::NoRecord))?;
    if !others.is_empty() {
        let name = |file: &&Source<'_>| file_name(file.name).to_owned();
        reader.notice(Notice::PassedOver { names: others.iter().map(name).collect() });
    }
    reader.finish()
}

/// The content of a file as text, in the encoding that the options say.
///
/// # Errors
/// [`Reason::NotUtf8`], or it is no text.
pub fn text<'b>(bytes: &'b [u8], options: &Options) -> Result<Cow<'b, str>, Problem> {
    Ok(encoding::decode(bytes, options)?.0)
}

/// A file's name without its folder.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Reads one file, brat's annotations with their text; the first file's reader is made here.
fn read_one<'o>(
    file: &Source<'_>,
    text_of_brat: Option<&Source<'_>>,
    format: Option<Format>,
    reader: &mut Option<Reader<'o>>,
    options: &'o Options,
) -> Result<(), Problem> {
    let annotations = has_ending(file.name, "ann");
    let (text, encoding) = match file.bytes {
        // brat's way to say that there is nothing to mark.
        [] if annotations => ("".into(), None),
        bytes => encoding::decode(bytes, options)?,
    };
    let format = match format {
        Some(format) => format,
        None => detect(file.name, &text)?,
    };
    let reader = reader.get_or_insert_with(|| Reader::new(format, options));
    reader.encoding(encoding);
    match format {
        Format::Plain => plain::read(&text, reader),
        Format::Squad => squad::read(&text, reader),
        Format::HfQa => hf_qa::read(&text, reader),
        Format::Lines => lines::read(&text, reader),
        Format::Conll => conll::read(&text, reader),
        Format::HfTokens => hf_tokens::read(&text, reader),
        Format::Doccano | Format::DoccanoEntities => doccano::read(&text, reader),
        Format::LabelStudio => label_studio::read(&text, reader),
        Format::Prodigy => prodigy::read(&text, reader),
        // A text that nobody has annotated.
        Format::Brat if has_ending(file.name, "txt") => brat::read(stem(file.name), &text, None, reader),
        Format::Brat => {
            let name = format!("{}.txt", stem(file.name));
            let about = text_of_brat.ok_or(Reason::Partner { name });
            match about.and_then(|about| encoding::decode(about.bytes, options)) {
                Ok((about, _)) => brat::read(stem(file.name), &about, Some(&text), reader),
                Err(reason) => Err(reason.into()),
            }
        }
        Format::Webanno => webanno::read(stem(file.name), &text, reader),
        Format::Csv | Format::Tsv => csv::read(&text, reader),
        Format::MultiSpanQa => multispanqa::read(&text, reader),
    }
    .map_err(|problem| Problem { format: Some(format), ..problem })
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its name where a format needs several files; empty where there is one.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Records that a program has made, as the readers make them: labels in text order, everyone with a name.
///
/// # Errors
/// What a reader would not take: an empty text, spans that are none or overlap, other than one score for each, bad weights.
pub fn checked(records: Vec<Record>) -> Result<Vec<Record>, Problem> {
    let options = Options::default();
    let mut reader = Reader::new(Format::Lines, &options);
    let check = |record: Record| {
        let (text, place) = (reader.text(&record.context), record.place.clone());
        let fits = record.annotators.iter().try_for_each(|annotator| {
            let (spans, scores) = (annotator.spans.len(), annotator.scores.len());
            if scores != spans && scores > 0 {
                return Err(Reason::Fault { why: format!("it has {scores} scores for {spans} spans") });
            }
            annotator.spans.iter().try_for_each(|span| text.span(span.start as i64, span.end as i64).map(drop))
        });
        fits.and_then(|()| reader.checked(record)).map_err(|reason| Problem {
            place: Some(place),
            reason,
            format: None,
        })
    };
    records.into_iter().map(check).collect()
}

/// Writes records in a format; [`Dataset::losses`] tells what is lost. One file, or for brat and WebAnno one or two
/// for every record. Annotators of one name are told apart first: a file that says a name twice could not be read again.
///
/// # Errors
/// [`Reason::Unknown`] for [`Format::Plain`], which cannot be written.
pub fn serialise(records: &[Record], format: Format) -> Result<Vec<Written>, Problem> {
    let mut apart = Cow::Borrowed(records);
    if records.iter().any(Record::has_namesakes) {
        apart.to_mut().iter_mut().for_each(Record::tell_apart);
    }
    let records = &*apart;
    let one = |text: String| vec![Written { name: String::new(), bytes: text.into_bytes() }];
    Ok(match format {
        Format::Plain => return Err(Reason::Unknown.into()),
        Format::Squad => one(squad::write(records)),
        Format::HfQa => one(hf_qa::write(records)),
        Format::Lines => one(lines::write(records)),
        Format::Conll => one(conll::write(records)),
        Format::HfTokens => one(hf_tokens::write(records)),
        Format::Doccano => one(doccano::write(records, false)),
        Format::DoccanoEntities => one(doccano::write(records, true)),
        Format::LabelStudio => one(label_studio::write(records)),
        Format::Prodigy => one(prodigy::write(records)),
        Format::Brat => brat::write(records),
        Format::Webanno => webanno::write(records),
        Format::Csv => one(csv::write(records, b',')),
        Format::Tsv => one(csv::write(records, b'\t')),
        Format::MultiSpanQa => one(multispanqa::write(records)),
    })
}
