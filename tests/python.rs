//! docs/python.md's blocks, run one after the other.
#![cfg(unix)]
#![allow(missing_docs)]

mod common;

use std::path::Path;
use std::process::Command;

#[test]
fn the_documents_python_blocks_run() {
    let name = "python: the_documents_python_blocks_run";
    let python = |code: &str| {
        let mut command = Command::new("python3");
        command.args(["-W", "ignore", "-c", code]);
        command
    };
    if !python("import datasets, pandas").output().is_ok_and(|output| output.status.success()) {
        return common::skip(name, "needs python3 with datasets and pandas (pip install datasets pandas)");
    }
    let text = std::fs::read_to_string(common::root().join("docs/python.md")).unwrap();
    let blocks: Vec<&str> = text.split("```python\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() > 4, "the document has blocks");
    let folder = std::env::temp_dir().join(format!("bioscope-python-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    // As a user has it: `bioscope` on the path, models beside the document.
    std::os::unix::fs::symlink(common::root().join("static"), folder.join("static")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_bioscope")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = python(&blocks.concat());
    command.current_dir(&folder).env("PATH", path).env("HF_HOME", folder.join("hf")).env("HF_HUB_OFFLINE", "1");
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let _ = std::fs::remove_dir_all(&folder);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("Who sang?") && said.contains("score"), "the model's answers are printed: {said}");
}
