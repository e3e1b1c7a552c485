//! Cuts the parts out of the page's program that `src/ui/parts.rs` marks, so that the page opens before they have come.
//!
//! This has to happen between linker and wasm-bindgen, where Trunk has no hook. So the `wasm-bindgen` that Trunk finds is
//! this very program under that name: it cuts, and then does what wasm-bindgen does, by the library that this is made of.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

use crate::tools;

/// The page's program, as cargo names it.
const PROGRAM: &str = "app.wasm";
/// Stands for the page's glue until Trunk has named that.
const GLUE: &str = "./GLUE.js";
/// Where the stand-in finds the folder of the parts, and the name of their loader.
const PARTS: &str = "BIOSCOPE_PARTS";
const LOADER: &str = "BIOSCOPE_LOADER";

/// The parts of one version of the page.
pub struct Split {
    version: String,
    folder: PathBuf,
}

impl Split {
    /// Puts the stand-in where this command looks for wasm-bindgen first.
    pub fn prepare(trunk: &mut Command, version: &str) -> Result<Split> {
        let folder = tools::target_dir().join("split").join("parts");
        let _ = fs::remove_dir_all(&folder);
        let stand_in = tools::cache("split").join(format!("wasm-bindgen{}", env::consts::EXE_SUFFIX));
        fs::create_dir_all(tools::cache("split"))?;
        let _ = fs::remove_file(&stand_in); // it may be running elsewhere: a new file, not new content
        fs::copy(env::current_exe()?, &stand_in).context("cannot write .tools/split")?;
        let path = env::join_paths([tools::cache("split")].into_iter().chain(env::split_paths(&tools::search_path())))?;
        let split = Split { version: version.into(), folder };
        trunk.env("PATH", path).env(PARTS, &split.folder).env(LOADER, split.loader());
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
        for path in
            crate::site::files(&self.folder)?.iter().filter(|path| path.extension().is_some_and(|e| e == "wasm"))
        {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let name = stem.trim_start_matches("split_").replace('_', "-");
            let name = format!("part-{name}-{}.wasm", self.version);
            code = replaced(&code, &format!("\"./{stem}.wasm\""), &format!("\"./{name}\""))?;
            fs::copy(path, dist.join(name))?;
        }
        fs::write(dist.join(self.loader()), code).context("cannot write the loader of parts")
    }
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
    let args: Vec<String> = env::args().skip(1).collect();
    Some(match bindgen(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    })
}

/// Does what wasm-bindgen's own program does with the options that Trunk gives it.
fn bindgen(args: &[String]) -> Result<()> {
    let option = |name: &str| args.iter().find_map(|arg| arg.strip_prefix(name)?.strip_prefix('='));
    let flag = |name: &str| args.iter().any(|arg| arg == name);
    if flag("--version") {
        println!("wasm-bindgen {}", tools::locked_version("wasm-bindgen")?);
        return Ok(());
    }
    for arg in args.iter().filter(|arg| arg.starts_with("--")) {
        let known = ["--target", "--out-dir", "--out-name", "--no-typescript"];
        ensure!(known.contains(&arg.split('=').next().unwrap_or_default()), "Trunk gives an option that is new: {arg}");
    }
    let mut input = PathBuf::from(args.iter().find(|arg| !arg.starts_with("--")).context("no program is named")?);
    let (folder, name) = (option("--out-dir").context("no --out-dir")?, option("--out-name").context("no --out-name")?);
    let mut bindgen = Bindgen::new();
    match option("--target") {
        Some("web") => bindgen.web(true)?,
        Some("no-modules") => bindgen.no_modules(true)?,
        other => bail!("no site of ours is for the target {other:?}"),
    };
    if input.file_name().is_some_and(|name| name == PROGRAM) {
        let variable = |name: &str| env::var_os(name).with_context(|| format!("{name} is not set"));
        input = cut(&input, Path::new(&variable(PARTS)?), &variable(LOADER)?)?;
        bindgen.keep_lld_exports(true); // the table of functions, which all parts share
    }
    bindgen.input_path(input).out_name(name).typescript(!flag("--no-typescript")).generate(folder)
}

/// Cuts the program into parts, written to the folder; returns the path of what is left of it.
fn cut(program: &Path, folder: &Path, loader: &std::ffi::OsStr) -> Result<PathBuf> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    // Beside the parts' folder; under the same name, which wasm-bindgen puts into its glue.
    let (main, link) = (folder.with_file_name(PROGRAM), format!("./{}", loader.to_string_lossy()));
    fs::create_dir_all(folder)?;
    let mut options = Options::new(&bytes);
    (options.output_dir, options.main_out_path) = (folder, &main);
    (options.link_name, options.main_module) = (&link, GLUE);
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot split the page's program: {error:#}"))?;
    Ok(main)
}
