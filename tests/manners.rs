//! Command-line manners: pipes, devices, links, locks.
#![cfg(unix)]
#![allow(missing_docs)]

mod common;

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const LINES: &str = r#"{"id":"a","context":"On Friday Ada sang in Oslo.","question":"Who sang?","annotators":[[[10,13]]]}
{"id":"b","context":"On Friday Ada sang in Oslo.","question":"Where did Ada sing?","annotators":[[[22,26]]]}
"#;

struct Folder(PathBuf);

impl Folder {
    /// A folder with a tiny model in `model` and a data file `data.jsonl`.
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("bioscope-manners-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        common::tiny_folder(&path.join("model"));
        fs::write(path.join("data.jsonl"), LINES).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn predict(&self, output: &str) -> Output {
        let (model, data) = (self.path("model"), self.path("data.jsonl"));
        run(&["predict", "--model", &model, "--input", &data, "--output", output])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_bioscope"))
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What every command that prints is asked to print.
fn printing(folder: &Folder) -> Vec<Vec<String>> {
    let (model, data) = (folder.path("model"), folder.path("data.jsonl"));
    let all = [
        format!("analyse|--model|{model}|--question|Who sang?|--paragraph|Ada sang in Oslo."),
        format!("analyse|--model|{model}|--question|Who sang?|--paragraph|Ada sang in Oslo.|--json"),
        format!("eval|--model|{model}|--data|{data}"),
        format!("eval|--model|{model}|--data|{data}|--format|latex"),
        format!("predict|--model|{model}|--input|{data}|--output|-"),
        format!("label|--model|{model}|--input|{data}|--output|-|--format|conll"),
        format!("convert|{data}|-|--to|csv"),
    ];
    all.iter().map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::new("pipe");
    for arguments in printing(&folder) {
        let mut child = program().args(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take()); // nobody reads
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}: {said}");
        assert!(!said.contains("error") && !said.contains("panicked"), "{arguments:?}: {said}");
    }
    // Nor does it matter when nobody reads what is said beside.
    let mut child = program().args(&printing(&folder)[6]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_full_disk_is_one_line_and_exit_1() {
    if !Path::new("/dev/full").exists() {
        return common::skip("manners: a_full_disk_is_one_line_and_exit_1", "needs /dev/full");
    }
    let folder = Folder::new("full");
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for arguments in printing(&folder) {
        let output = program().args(&arguments).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        let said = stderr(&output);
        let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!((output.status.code(), errors.len()), (Some(1), 1), "{arguments:?}: {said}");
        assert!(errors[0].contains("standard output") && !said.contains("panicked"), "{said}");
    }
    // As a file it is written to, and stays a device.
    let output = folder.predict("/dev/full");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("error: /dev/full: "), "{}", stderr(&output));
    assert!(!fs::metadata("/dev/full").unwrap().is_file());
}

#[test]
fn links_stay_links_and_devices_devices() {
    let folder = Folder::new("links");
    let predictions =
        |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).unwrap().as_object().unwrap().len();
    fs::create_dir(folder.0.join("elsewhere")).unwrap();
    fs::write(folder.0.join("elsewhere/real.json"), "old").unwrap();
    // A link to a file, and one whose file is not there yet.
    for (link, target) in [("link.json", "elsewhere/real.json"), ("new.json", "elsewhere/new.json")] {
        symlink(target, folder.0.join(link)).unwrap();
        let output = folder.predict(&folder.path(link));
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(fs::read_link(folder.0.join(link)).unwrap(), Path::new(target), "the link stays");
        assert_eq!(predictions(&fs::read(folder.0.join(target)).unwrap()), 2);
    }
    let names: Vec<_> = fs::read_dir(folder.0.join("elsewhere")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing is left beside them: {names:?}");
    for standard in ["-", "/dev/stdout"] {
        let output = folder.predict(standard);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(predictions(&output.stdout), 2, "predictions and nothing else");
    }
    assert!(folder.predict("/dev/null").status.success() && !fs::metadata("/dev/null").unwrap().is_file());
    // A named pipe.
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (reader, name) = (pipe.clone(), pipe.clone());
    let read = std::thread::spawn(move || fs::read(reader).unwrap());
    assert!(folder.predict(&name).status.success());
    assert_eq!(predictions(&read.join().unwrap()), 2);
    assert!(!fs::metadata(&pipe).unwrap().is_file());
    // A file's permissions stay.
    use std::os::unix::fs::PermissionsExt;
    let private = folder.0.join("private.json");
    fs::write(&private, "").unwrap();
    fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(folder.predict(&private.display().to_string()).status.success());
    assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn outputs_are_checked_before_the_work() {
    let folder = Folder::new("before");
    let (model, data) = (folder.path("model"), folder.path("data.jsonl"));
    let missing = folder.path("no/such/folder/x.json");
    let under_a_file = format!("{data}/run");
    let a_folder = folder.path("model");
    for arguments in [
        vec!["predict", "--model", &model, "--input", &data, "--output", &missing],
        vec!["predict", "--model", &model, "--input", &data, "--output", &a_folder],
        vec!["label", "--model", &model, "--input", &data, "--output", &missing, "--format", "csv"],
        vec!["convert", &data, &missing, "--to", "csv"],
        vec!["relabel", "--model", &model, "--data", &data, "--output", &missing],
        vec!["train", "--base", &model, "--data", &data, "--output", &under_a_file],
        vec!["distill", "--teacher", &model, "--data", &data, "--output", &under_a_file],
        vec!["average", "--model", &model, "--output", &under_a_file],
        vec!["quantize", "--model", &model, "--output", &under_a_file],
        vec!["eval", "--model", &model, "--data", &data, "--plot", &under_a_file],
    ] {
        let output = run(&arguments);
        let said = stderr(&output);
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{arguments:?}: {said}");
        assert!(said.starts_with("error: "), "{said}");
    }
    assert!(!folder.0.join("no").exists());
}

#[test]
fn standard_input_is_a_file() {
    let folder = Folder::new("stdin");
    let input = File::open(folder.0.join("data.jsonl")).unwrap();
    let output = program().args(["convert", "-", "-", "--to", "squad"]).stdin(input).output().unwrap();
    let squad: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(squad["data"][0]["paragraphs"][0]["qas"].as_array().unwrap().len(), 2);
}

#[test]
fn a_runs_folder_is_one_process_alone() {
    let folder = Folder::new("lock");
    let (model, data, out) = (folder.path("model"), folder.path("data.jsonl"), folder.path("run"));
    let train = ["train", "--base", &*model, "--data", &*data, "--output", &*out];
    let long = ["--epochs", "100000", "--save-every", "1000000"];
    let mut first = program().args(train).args(long).stderr(Stdio::null()).spawn().unwrap();
    let lock = folder.0.join("run/lock");
    let held = || fs::read_to_string(&lock).is_ok_and(|text| !text.is_empty());
    for _ in 0..600 {
        if held() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(held(), "the first run has claimed its folder");
    let second = run(&train);
    let said = stderr(&second);
    let who = format!("bioscope train (process {})", first.id());
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(second.status.code(), Some(2), "{said}");
    assert!(said.contains(&who) && said.contains("is writing into it") && said.lines().count() == 1, "{said}");
    // A run that was killed holds nothing back.
    let resumed = run(&[&train[..], &["--steps", "1"]].concat());
    assert!(resumed.status.success(), "{}", stderr(&resumed));
}
