//! How fast data files are read, on one core: `cargo bench --bench reading`.
//!
//! Prints megabytes a second for a hundred megabytes of every format (or of the one that is named). JSON lines are to be
//! read at 100 MB/s and more.
#![allow(missing_docs)]

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::time::Instant;

    use bioscope::dataset::{Annotator, Dataset, Format, Options, Place, Record, Source, parse, serialise};

    const SIZE: usize = 100_000_000;
    let context =
        "On Friday Ada sang in Zürich, and Bo listened; later José and Ada ate two pizzas by the lake. ".repeat(8);
    let record = |n: usize| {
        let context: std::sync::Arc<str> = format!("{n}. {context}").into();
        let start = context.chars().take_while(|c| *c != 'A').count();
        Record {
            id: n.to_string(),
            question: "Who sang in Zürich on Friday?".into(),
            title: String::new(),
            annotators: vec![Annotator::new("1", vec![bioscope::bio::Span { start, end: start + 3 }])],
            context,
            soft: Vec::new(),
            confidence: None,
            note: String::new(),
            place: Place::Record(n),
        }
    };
    let wanted = std::env::args().nth(1).and_then(|name| name.parse::<Format>().ok());
    for format in Format::written().filter(|format| !format.is_one_record_a_file()) {
        if wanted.is_some_and(|wanted| wanted != format) {
            continue;
        }
        let one = serialise(&[record(1)], format).expect("it is written").remove(0).bytes.len();
        let records: Vec<Record> = (1..=SIZE / one).map(record).collect();
        let bytes = serialise(&records, format).expect("it is written").remove(0).bytes;
        drop(records);
        let name = format!("data.{}", format.extension());
        let clock = Instant::now();
        let read: Dataset = parse(&[Source { name: &name, bytes: &bytes }], &Options::default()).expect("it is read");
        let seconds = clock.elapsed().as_secs_f64();
        let megabytes = bytes.len() as f64 / 1e6;
        println!("{format:>17}: {:>4.0} MB/s ({} records, {megabytes:.0} MB)", megabytes / seconds, read.records.len());
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}
