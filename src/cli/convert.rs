//! `bioscope convert`: data from one format into another.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::data::{Reading, Skipped};
use super::output::{self, Output, say};
use super::{Done, Stop, counted};
use crate::dataset::{Dataset, Format, has_ending, parquet, serialise};

#[derive(clap::Args)]
pub(super) struct Options {
    /// File or folder to read; - is standard input
    input: PathBuf,
    /// File to write, for brat and webanno a folder; - is standard output
    output: PathBuf,
    /// Format to write [default: told by the output's ending; .parquet holds hf-qa or hf-tokens]
    #[arg(long)]
    to: Option<Format>,
    #[command(flatten)]
    reading: Reading,
}

pub(super) fn run(options: &Options) -> Result<Done, Stop> {
    let target = Target::new(&options.output, "--to", options.to)?;
    let mut skipped = Skipped::default();
    let dataset = options.reading.open(&options.input, &mut skipped)?;
    target.write(&dataset)?;
    Ok(skipped.done())
}

/// Where and how a data set is written; known to be possible before the work begins.
pub(super) struct Target {
    format: Format,
    /// A file; `None`: a folder at the path.
    output: Option<Output>,
    path: PathBuf,
    /// Whether the rows are put into a Parquet file.
    parquet: bool,
    /// Whether the file is compressed.
    gzip: bool,
}

impl Target {
    /// By the format that was asked for with this option, else by the ending of the name.
    pub fn new(path: &Path, option: &str, format: Option<Format>) -> Result<Target, Stop> {
        let input = |why: String| Stop::Input(format!("{}: {why}", path.display()));
        let gzip = has_ending(&path.display().to_string(), "gz");
        let plain = if gzip { path.with_extension("") } else { path.into() };
        let format = match (format, plain.extension().and_then(|end| end.to_str())) {
            (_, Some("parquet")) if gzip => {
                return Err(input("a Parquet file is compressed in itself: leave out .gz".into()));
            }
            (Some(format), Some("parquet")) if !matches!(format, Format::HfQa | Format::HfTokens) => {
                return Err(input(format!("a Parquet file holds hf-qa or hf-tokens, not {format}")));
            }
            (Some(format), _) => format,
            (None, Some("parquet")) => Format::HfQa,
            (None, Some("json")) => Format::Squad,
            (None, Some("jsonl")) => Format::Lines,
            (None, Some("csv")) => Format::Csv,
            (None, Some("tsv")) => Format::Tsv,
            (None, Some("conll" | "iob" | "iob2" | "bio")) => Format::Conll,
            _ => return Err(input(format!("say in which format to write it, with {option}: {}", names()))),
        };
        if format == Format::Plain {
            return Err(input(format!("plain text cannot be written: it holds no labels; choose one of {}", names())));
        }
        let output = if format.is_one_record_a_file() {
            if path.as_os_str() == "-" {
                return Err(input(format!("{format} writes a folder of files: name one, not standard output")));
            }
            output::check_folder(path)?;
            if let Some(file) = data_file(path, format) {
                return Err(input(format!(
                    "holds {file} already, which would be read with what is written: choose another folder"
                )));
            }
            None
        } else {
            Some(Output::new(path)?)
        };
        let parquet = path.extension().is_some_and(|end| end == "parquet");
        Ok(Target { format, output, path: path.into(), parquet, gzip })
    }

    /// Says what the format cannot hold, then writes.
    pub fn write(self, dataset: &Dataset) -> Result<(), Stop> {
        let format = self.format;
        for (feature, count) in dataset.losses(format) {
            let all = counted(dataset.records.len(), "record", "records");
            say(&format!("{format} cannot hold {feature}: lost in {count} of {all}"));
        }
        let files = serialise(&dataset.records, format).map_err(|problem| Stop::Other(problem.to_string()))?;
        let count = dataset.records.len();
        match self.output {
            Some(output) => {
                let name = output.name().to_owned();
                let mut bytes = files.into_iter().next().map(|file| file.bytes).unwrap_or_default();
                if let Some(table) = self.parquet.then(|| parquet::from_json_lines(&bytes, format)).flatten() {
                    bytes = table.map_err(|e| Stop::Other(format!("{name}: {e}")))?;
                }
                if self.gzip {
                    bytes = gzipped(&bytes).map_err(|e| Stop::Other(format!("{name}: {e}")))?;
                }
                output.write(&bytes)?;
                say(&format!("{} in {name}", counted(count, "record", "records")));
            }
            None => {
                output::make_folder(&self.path)?;
                for file in &files {
                    output::write(&self.path.join(&file.name), &file.bytes)?;
                }
                let (records, files) = (counted(count, "record", "records"), counted(files.len(), "file", "files"));
                say(&format!("{records}, {files} in {}", self.path.display()));
            }
        }
        Ok(())
    }
}

/// The first file in a folder that would be read along with what is written there.
fn data_file(folder: &Path, format: Format) -> Option<String> {
    let endings: &[&str] = if format == Format::Brat { &["ann", "txt"] } else { &["tsv"] };
    let names = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name().display().to_string());
    names.filter(|name| endings.iter().any(|ending| has_ending(name, ending))).min()
}

fn gzipped(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes)?;
    out.finish()
}

fn names() -> String {
    Format::written().map(Format::name).collect::<Vec<_>>().join(", ")
}
