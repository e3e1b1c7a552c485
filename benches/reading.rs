//! How fast data files are read, on one core, and in how much memory: `cargo bench --bench reading`.
//!
//! Prints megabytes a second for a hundred megabytes of every format (or of the one that is named), and the most memory
//! that was in use, the file's own content counted, as a multiple of the file. JSON lines are to be read at 100 MB/s and
//! more, in three times their size.
#![allow(missing_docs)]

#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static MEMORY: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use bioscope::dataset::Format;

    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let first = arguments.next();
    if let (Some(file), Some("--read")) = (arguments.next(), first.as_deref()) {
        return read(file.as_ref());
    }
    let wanted = first.and_then(|name| name.parse::<Format>().ok());
    let folder = tempfile::tempdir().expect("a temporary folder");
    for format in Format::written().filter(|format| !format.is_one_record_a_file()) {
        if wanted.is_none_or(|wanted| wanted == format) {
            let file = folder.path().join(format!("data.{}", format.extension()));
            std::fs::write(&file, written(format)).expect("room for the file");
            print!("{format:>17}: ");
            std::io::Write::flush(&mut std::io::stdout()).expect("the line begins before another process ends it");
            // A process of its own, whose memory is that of reading alone.
            let own = std::env::current_exe().expect("this program");
            let status = std::process::Command::new(own).arg("--read").arg(&file).status();
            assert!(status.is_ok_and(|status| status.success()), "it is read");
        }
    }
}

/// A hundred megabytes of a format.
#[cfg(not(target_arch = "wasm32"))]
fn written(format: bioscope::dataset::Format) -> Vec<u8> {
    use bioscope::dataset::{Annotator, Place, Record, serialise};

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
            agrees: None,
            note: String::new(),
            place: Place::Record(n),
        }
    };
    let one = serialise(&[record(1)], format).expect("it is written").remove(0).bytes.len();
    let records: Vec<Record> = (1..=SIZE / one).map(record).collect();
    serialise(&records, format).expect("it is written").remove(0).bytes
}

/// Reads a file and prints what that took.
#[cfg(not(target_arch = "wasm32"))]
fn read(file: &std::path::Path) {
    use bioscope::dataset::{Options, Source, parse};

    let bytes = std::fs::read(file).expect("the file");
    let name = file.display().to_string();
    let clock = std::time::Instant::now();
    let read = parse(&[Source { name: &name, bytes: &bytes }], &Options::default()).expect("it is read");
    let (seconds, megabytes) = (clock.elapsed().as_secs_f64(), bytes.len() as f64 / 1e6);
    let memory = MEMORY.max_allocated() as f64 / bytes.len() as f64;
    let kept = MEMORY.allocated() as f64 / bytes.len() as f64;
    let count = read.records.len();
    println!(
        "{:>4.0} MB/s, {memory:.1} times the file in memory, {kept:.1} at the end ({count} records, {megabytes:.0} MB)",
        megabytes / seconds
    );
}

#[cfg(target_arch = "wasm32")]
fn main() {}
