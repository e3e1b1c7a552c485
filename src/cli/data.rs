//! Data files as every command reads them: of any format, bad records listed.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::output::say;
use super::{Done, Stop, counted};
use crate::dataset::{
    self, Dataset, Encoding, Format, Instance, LabelledTokens, Notice, Place, Problem, Reason, Record, Source, Unit,
    labelled_tokens,
};
use crate::metrics::evaluate;
use crate::tokenize::TextEncoder;

/// How data files are read.
#[derive(clap::Args, Clone, Debug, Default)]
#[group(id = "reading")]
#[command(next_help_heading = "Reading data")]
pub(super) struct Reading {
    /// Format of the data [default: told by its content]: plain, squad, hf-qa, lines, conll, hf-tokens, doccano,
    /// doccano-entities, label-studio, prodigy, brat, webanno, csv, tsv or multispanqa
    #[arg(long)]
    from: Option<Format>,
    /// The question, for data without one
    #[arg(long, allow_hyphen_values = true)]
    question: Option<String>,
    /// Stop at the first bad record instead of skipping it
    #[arg(long)]
    strict: bool,
    /// Move an answer that does not stand where the file says to the only place where it stands
    #[arg(long)]
    repair: bool,
    /// What offsets count: code-points or utf16 [default: what the format says]
    #[arg(long, value_parser = unit)]
    offsets: Option<Unit>,
    /// The numbers of B, I and O where tags are numbers, for example 0,1,2
    #[arg(long, value_parser = labels)]
    labels: Option<[i64; 3]>,
    /// What a file's columns of labels are, from the left: gold, prediction, anything else is passed over
    #[arg(long, value_delimiter = ',')]
    pub columns: Vec<String>,
    /// utf-8, windows-1252 or, of Greek, windows-1253
    #[arg(long, value_parser = ENCODINGS.map(|(name, _)| name), ignore_case = true, default_value = ENCODINGS[0].0)]
    encoding: String,
}

const ENCODINGS: [(&str, Option<Encoding>); 3] =
    [("utf-8", None), ("windows-1252", Some(Encoding::Windows1252)), ("windows-1253", Some(Encoding::Windows1253))];

fn unit(name: &str) -> Result<Unit, String> {
    match name {
        "code-points" => Ok(Unit::CodePoints),
        "utf16" => Ok(Unit::Utf16),
        _ => Err("expected code-points or utf16".into()),
    }
}

fn labels(text: &str) -> Result<[i64; 3], String> {
    let numbers: Option<Vec<i64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| "expected three numbers, for example 0,1,2".into())
}

/// Records that were left out, all files together.
#[derive(Debug, Default)]
pub(super) struct Skipped(usize);

impl Skipped {
    /// Lists a record that is left out; an error where the options are strict.
    fn add(&mut self, reading: &Reading, file: &str, problem: &Problem) -> Result<(), Stop> {
        if reading.strict {
            return Err(named(file, problem));
        }
        self.0 += 1;
        say(&format!("skipped: {}", dataset::DataError::new(file, problem)));
        Ok(())
    }

    /// How the command ended.
    pub fn done(&self) -> Done {
        if self.0 == 0 {
            return Done::All;
        }
        let were = if self.0 == 1 { "was" } else { "were" };
        let records = counted(self.0, "record", "records");
        say(&format!("{records} {were} skipped; docs/formats.md says what each format holds"));
        Done::Skipped
    }
}

fn named(file: &str, problem: &Problem) -> Stop {
    dataset::DataError::new(file, problem).into()
}

impl Reading {
    fn options(&self) -> dataset::Options {
        dataset::Options {
            from: self.from,
            question: self.question.clone(),
            strict: self.strict,
            repair: self.repair,
            offsets: self.offsets,
            labels: self.labels,
            columns: self.columns.clone(),
            encoding: ENCODINGS
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&self.encoding))
                .and_then(|(_, e)| *e),
        }
    }

    /// Reads a file, a folder of files, or standard input (`-`); says what it is and lists what was skipped.
    pub fn open(&self, path: &Path, skipped: &mut Skipped) -> Result<Dataset, Stop> {
        let file = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        let files = contents(path, self.from).map_err(|(path, e)| Stop::Input(format!("{path}: {e}")))?;
        let sources: Vec<Source<'_>> = files.iter().map(|(name, bytes)| Source { name, bytes }).collect();
        let mut dataset = dataset::parse(&sources, &self.options()).map_err(|problem| named(&file, &problem))?;
        drop(files);
        say(&format!("{file}: {}", dataset.sentence()));
        for notice in &dataset.notices {
            say(&format!("{file}: {}", dataset::with_option(notice.to_string(), notice.option())));
        }
        for problem in std::mem::take(&mut dataset.problems) {
            skipped.add(self, &file, &problem)?;
        }
        Ok(dataset)
    }

    /// The gold labels and predictions of CoNLL files.
    pub fn labelled_tokens(&self, paths: &[PathBuf]) -> Result<Vec<LabelledTokens>, Stop> {
        let idle = [
            ("--from", self.from.is_some_and(|from| from != Format::Conll)),
            ("--question", self.question.is_some()),
            ("--repair", self.repair),
            ("--offsets", self.offsets.is_some()),
            ("--labels", self.labels.is_some()),
        ];
        if let Some((option, _)) = idle.into_iter().find(|(_, given)| *given) {
            return Err(Stop::Input(format!(
                "without --model two columns of CoNLL are compared: {option} is of no use"
            )));
        }
        let mut sentences = Vec::new();
        for path in paths {
            for (file, bytes) in contents(path, self.from).map_err(|(path, e)| Stop::Input(format!("{path}: {e}")))? {
                let text = dataset::text(&bytes, &self.options()).map_err(|problem| named(&file, &problem))?;
                let read = labelled_tokens(&text, &self.columns);
                sentences.extend(read.map_err(|problem| named(&file, &problem))?);
            }
        }
        Ok(sentences)
    }

    /// Reads questions for a model: records that have a question and, where `labelled`, an annotator, all of whose labels
    /// fit the model's tokens.
    pub fn instances(
        &self,
        path: &Path,
        labelled: bool,
        text: &TextEncoder,
        skipped: &mut Skipped,
    ) -> Result<Vec<Instance>, Stop> {
        let dataset = self.open(path, skipped)?;
        self.fitting(dataset.records, path, labelled, text, skipped)
    }

    /// The records that a model can work on; the others are listed.
    pub fn fitting(
        &self,
        records: Vec<Record>,
        path: &Path,
        labelled: bool,
        text: &TextEncoder,
        skipped: &mut Skipped,
    ) -> Result<Vec<Instance>, Stop> {
        let file = path.display().to_string();
        let soft = records.iter().filter(|record| !record.soft.is_empty()).count();
        if soft > 0 {
            say(&format!("{file}: {}", Notice::SoftUnused { count: soft }));
        }
        let checked: Vec<Result<(Instance, usize), (Place, Reason)>> = records
            .into_par_iter()
            .map(|mut record| {
                if !labelled {
                    record.annotators.clear(); // nor may they be in the way
                }
                let place = record.place.clone();
                let usable = match () {
                    _ if labelled && record.annotators.is_empty() => Err(Reason::NoAnnotator),
                    _ if record.question.trim().is_empty() => Err(Reason::NoQuestion),
                    _ => Ok(()),
                };
                usable
                    .and_then(|()| {
                        let mut instance = record.into_instance();
                        if instance.annotators.is_empty() {
                            instance.annotators.push(Vec::new()); // nobody's labels are needed, and nobody looks at them
                        }
                        let cut = evaluate::check(text, &instance).map_err(|e| Reason::Fault { why: e.to_string() })?;
                        Ok((instance, cut))
                    })
                    .map_err(|reason| (place, reason))
            })
            .collect();
        let (mut instances, mut cut) = (Vec::with_capacity(checked.len()), 0);
        for outcome in checked {
            match outcome {
                Ok((instance, spans)) => {
                    instances.push(instance);
                    cut += spans;
                }
                Err((place, reason)) => {
                    skipped.add(self, &file, &Problem { place: Some(place), reason, format: None })?
                }
            }
        }
        if cut > 0 {
            say(&format!(
                "{file}: {cut} spans begin or end inside of a token of the model: the whole token is labelled"
            ));
        }
        Ok(instances)
    }
}

/// A file's name and content.
type Named = (String, Vec<u8>);

/// The files at a path, with their names: one, the two of brat, all of a folder, or standard input. In brat's folders
/// other files are named, but not read.
fn contents(path: &Path, from: Option<Format>) -> Result<Vec<Named>, (String, std::io::Error)> {
    let named = |path: &Path| path.display().to_string();
    let read = |path: &Path| {
        let bytes = fs::read(path).and_then(dataset::unpack).map_err(|e| (named(path), e))?;
        Ok((named(path), bytes))
    };
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let all = std::io::stdin().lock().read_to_end(&mut bytes).and_then(|_| dataset::unpack(bytes));
        return all.map(|bytes| vec![("standard input".into(), bytes)]).map_err(|e| ("standard input".into(), e));
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut paths: Vec<PathBuf> = entries.map_err(|e| (named(path), e))?.iter().map(fs::DirEntry::path).collect();
        paths.retain(|path| {
            path.is_file() && !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
        });
        paths.sort();
        let annotations = |path: &PathBuf| dataset::has_ending(&named(path), "ann");
        let brat = from.map_or_else(|| paths.iter().any(annotations), |from| from == Format::Brat);
        let foreign = |path: &Path| brat && !dataset::is_of_brat(&named(path));
        return paths
            .iter()
            .map(|path| if foreign(path) { Ok((named(path), Vec::new())) } else { read(path) })
            .collect();
    }
    let mut files = vec![read(path)?];
    if path.extension() == Some(OsStr::new("ann")) {
        let text = path.with_extension("txt");
        files.extend(text.is_file().then(|| read(&text)).transpose()?);
    }
    Ok(files)
}
