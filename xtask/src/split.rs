//! Cuts the parts out of the page's program that `src/ui/parts.rs` marks, so that the page opens before they have come.
//!
//! This has to happen between linker and wasm-bindgen, where Trunk has no hook. So the `wasm-bindgen` that Trunk finds is
//! this very program under that name: it cuts, and then calls the real one.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::Options;

use crate::tools;

/// The page's program, as cargo names it.
const PROGRAM: &str = "app.wasm";
/// Stands for the page's glue until Trunk has named that.
const GLUE: &str = "./GLUE.js";
/// Where the stand-in finds the real wasm-bindgen, the folder of the parts, and the name of their loader.
const REAL: &str = "BIOSCOPE_WASM_BINDGEN";
const PARTS: &str = "BIOSCOPE_PARTS";
const LOADER: &str = "BIOSCOPE_LOADER";

/// The parts of one version of the page.
pub struct Split {
    version: String,
    folder: PathBuf,
}

impl Split {
    /// Puts the stand-in before the real wasm-bindgen, for this command.
    pub fn prepare(trunk: &mut Command, bindgen: &Path, version: &str) -> Result<Split> {
        let folder = tools::target_dir().join("parts");
        let _ = fs::remove_dir_all(&folder);
        let stand_in = tools::cache("split").join(format!("wasm-bindgen{}", env::consts::EXE_SUFFIX));
        fs::create_dir_all(tools::cache("split"))?;
        let _ = fs::remove_file(&stand_in); // it may be running elsewhere: a new file, not new content
        fs::copy(env::current_exe()?, &stand_in).context("cannot write .tools/split")?;
        let users = env::var_os("PATH").unwrap_or_default();
        let first = [tools::cache("split"), tools::cache("bin")];
        let path = env::join_paths(first.into_iter().chain(env::split_paths(&users)))?;
        let split = Split { version: version.into(), folder };
        trunk.env("PATH", path).env(REAL, bindgen).env(PARTS, &split.folder).env(LOADER, split.loader());
        Ok(split)
    }

    /// File name of what fetches the parts: a module that the page's glue imports.
    pub fn loader(&self) -> String {
        format!("parts-{}.js", self.version)
    }

    /// Puts parts and loader beside the page, whose glue has this name.
    pub fn finish(&self, dist: &Path, glue: &str) -> Result<()> {
        let loader = self.folder.join(self.loader());
        let mut code = fs::read_to_string(&loader).context("the page's program was not split")?;
        let glue = format!("./{}", glue.trim_start_matches("./"));
        code = replaced(&code, GLUE, &glue)?;
        // As it comes, a server must know WebAssembly's media type.
        code = replaced(
            &code,
            "WebAssembly.instantiateStreaming(src, imports)",
            "src.then((response) => response.arrayBuffer()).then((bytes) => WebAssembly.instantiate(bytes, imports))",
        )?;
        for path in crate::site::files(&self.folder)?.iter().filter(|path| part(path)) {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let name = stem.trim_start_matches("split_").replace('_', "-");
            let name = format!("part-{name}-{}.wasm", self.version);
            code = replaced(&code, &format!("\"./{stem}.wasm\""), &format!("\"./{name}\""))?;
            fs::copy(path, dist.join(name))?;
        }
        fs::write(dist.join(self.loader()), code).context("cannot write the loader of parts")
    }
}

/// Whether the file is a part, and not what is left of the program.
fn part(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "wasm") && path.file_name().is_some_and(|name| name != PROGRAM)
}

/// All occurrences replaced, of which there must be one.
fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    ensure!(text.contains(old), "the loader of parts is not as expected: it has no {old}");
    Ok(text.replace(old, new))
}

/// Whether this program was called as wasm-bindgen; then it is done with the exit code.
pub fn stand_in() -> Option<ExitCode> {
    let called = env::args_os().next().map(PathBuf::from)?;
    if called.file_stem()? != "wasm-bindgen" {
        return None;
    }
    Some(match bindgen(env::args_os().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    })
}

fn bindgen(mut args: Vec<OsString>) -> Result<ExitCode> {
    let variable = |name: &str| env::var_os(name).with_context(|| format!("{name} is not set"));
    let program = args.iter_mut().find(|arg| Path::new(arg).file_name().is_some_and(|name| name == PROGRAM));
    if let Some(program) = program {
        *program = cut(Path::new(program), Path::new(&variable(PARTS)?), &variable(LOADER)?)?.into();
        args.push("--keep-lld-exports".into()); // the table of functions, which all parts share
    }
    let status = Command::new(variable(REAL)?).args(args).status().context("cannot start wasm-bindgen")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Cuts the program into parts, written to the folder; returns the path of what is left of it.
fn cut(program: &Path, folder: &Path, loader: &std::ffi::OsStr) -> Result<PathBuf> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    // In a folder of its own, for this is no part; under the same name, which wasm-bindgen puts into its glue.
    let (main, link) = (folder.join("main"), format!("./{}", loader.to_string_lossy()));
    fs::create_dir_all(&main)?;
    let main = main.join(PROGRAM);
    let mut options = Options::new(&bytes);
    (options.output_dir, options.main_out_path) = (folder, &main);
    (options.link_name, options.main_module) = (&link, GLUE);
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot split the page's program: {error:#}"))?;
    Ok(main)
}
