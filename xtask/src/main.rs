//! Bioscope's chores; `cargo xtask help` lists them.

mod dev;
mod docs_pages;
mod examples;
mod fuzz;
mod licences;
mod models;
mod offline;
mod package;
mod scores;
mod single;
mod site;
mod tests;
mod tools;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use xtask::{Access, Server};

const HELP: &str = "\
Bioscope's chores.

  cargo xtask serve [--port N] [--no-build] [--cors]
                                              build the site, then serve it at http://127.0.0.1:8080/ or the next free port;
                                              --cors lets pages of other origins use it
  cargo xtask dev [--port N]                  serve the page in a debug build at http://127.0.0.1:8080/, built anew and loaded anew
                                              after every edit; its workers are those of the last build
  cargo xtask build                           build the site, which is an npm package too, into dist/
  cargo xtask single-file [--model NAME] [--output FILE] [--no-build]
                                              write dist/bioscope.html: page, engine and model (tiny-128) in one file
  cargo xtask test [--browser NAME] [STAGE ...]   run every check, or only: fmt clippy site native e2e; the browser's tests in
                                              Chromium, a core set in Firefox and WebKit, or all in the one named
  cargo xtask examples [--check]              compute static/examples/stored.json anew, or see whether it is still right
  cargo xtask examples --check FILE --model FOLDER   print what a model makes of the examples of a file, such as
                                              tests/fixtures/example-candidates.json
  cargo xtask teaching                        bring numbers and links in docs/teaching.md, the hand-out and their Greek versions
                                              up to date, after a change of models or of the links' format
  cargo xtask bench                           build the site, then time its analyses in the browser
  cargo xtask screenshots                     build the site, then write pictures of its places into docs/screens/, and docs/page.png
  cargo xtask fuzz [TARGET ...] [--runs N] [--seconds S]   damage files, texts, links and messages at random and read them
                                              (a million times per target; not part of the tests)
  cargo xtask scores [FOLDER]                 score the shipped models on the validation files of a folder (../shared/data), write
                                              the figures into static/models/index.json, README.md and the model cards
  cargo xtask models                          bring sizes and hashes in static/models/index.json up to date
  cargo xtask help                            this text

What a chore needs and does not find, it first installs into .tools/ (the wasm target: by rustup), and says so.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<()> {
    match args {
        ["serve", options @ ..] => serve(options),
        ["build"] => site::build().map(drop),
        ["dev"] => dev::run(None),
        ["dev", "--port", port] => dev::run(Some(port)),
        ["test", stages @ ..] => tests::run(stages),
        ["single-file", options @ ..] => single::run(options),
        ["bench"] => tests::bench(),
        ["screenshots"] => tests::screenshots(),
        ["fuzz", options @ ..] => fuzz::run(options),
        ["models"] => models::write(),
        ["scores"] => scores::run(None),
        ["scores", data] => scores::run(Some(data)),
        ["examples"] => examples::write(),
        ["examples", "--check"] => examples::check(),
        ["examples", "--check", file, "--model", model] => examples::answers(file, model),
        ["teaching"] => docs_pages::update(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => bail!("unknown chore `{}`; see `cargo xtask help`", args.join(" ")),
    }
}

fn serve(mut options: &[&str]) -> Result<()> {
    let (mut port, mut build, mut access) = (None, true, Access::SameOrigin);
    loop {
        options = match options {
            [] => break,
            ["--no-build", rest @ ..] => {
                build = false;
                rest
            }
            ["--cors", rest @ ..] => {
                access = Access::Anyone;
                rest
            }
            ["--port", number, rest @ ..] => {
                port = Some(number.parse::<u16>().with_context(|| format!("--port {number}: not a port number"))?);
                rest
            }
            [other, ..] => bail!("serve does not know `{other}`; see `cargo xtask help`"),
        };
    }
    let dist = tools::root().join("dist");
    if build {
        site::build()?;
    } else if !dist.join("index.html").exists() {
        bail!("nothing is built yet: leave out --no-build");
    }
    let server = match port {
        Some(_) => Server::start_for(access, &dist, port)?,
        None => (8080..8100)
            .find_map(|port| Server::start_for(access, &dist, Some(port)).ok())
            .map_or_else(|| Server::start_for(access, &dist, None), Ok)?,
    };
    println!("\nBioscope is at {} (Ctrl-C ends it)", server.url());
    loop {
        std::thread::park();
    }
}
