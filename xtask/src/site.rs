//! The site: Trunk bundles it into `dist/`, wasm-opt makes its programs smaller.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::{docs_pages, licences, offline, package, tools};

/// wasm-opt's flags: the instructions that rustc may write by default, and SIMD; no names; how hard to try.
const WASM_OPT: [&str; 9] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    // What comes through the network is smallest so: -Oz makes the page 6 % smaller, and 1 % larger once compressed; -O3 takes four times as
    // long for a worker, and gains nothing.
    "-O1",
];

/// Before those for the page, where bytes count and not speed: 0.8 % less once compressed. Nothing of a Rust program lies in the
/// memory's first kilobyte (it is the far end of the stack), so that constants may be added by the loads themselves.
const WASM_OPT_PAGE: [&str; 8] = [
    "--low-memory-unused",
    "--optimize-added-constants-propagate",
    "--rse",
    "--code-folding",
    "--once-reduction",
    "--dae-optimizing",
    "--simplify-locals",
    "--rse",
];

/// The line of www/bioscope.js that names the version of its programs.
const VERSION: &str = "const VERSION = \"dev\";";

/// Builds the site; returns its folder.
pub fn build() -> Result<PathBuf> {
    let tools = tools::site()?;
    let start = Instant::now();
    let dist = tools::root().join("dist");
    for name in ["models", "examples"] {
        fs::create_dir_all(tools::root().join("static").join(name))?;
    }
    // Trunk copies every JavaScript snippet that it finds here, those of earlier builds too.
    let _ = fs::remove_dir_all(tools::target_dir().join("wasm-bindgen"));
    // Trunk is told to stay offline, so that it never downloads tools of its own; it tells cargo the same.
    tools::check(tools::cargo().args(["fetch", "--quiet", "--locked"]))?;
    println!("Building the site ...");
    let version = version()?;
    let mut trunk = tools::command(&tools.trunk);
    trunk.args(["build", "--offline", "--skip-version-check", "--log", "warn"]).env("BIOSCOPE_VERSION", &version);
    // Trunk reads NO_COLOR as an option and takes nothing but true or false.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    tools::check(&mut trunk)?;
    name_version(&dist.join("bioscope.js"), &version)?;
    match &tools.wasm_opt {
        Some(wasm_opt) => optimise(wasm_opt, &dist)?,
        None => println!("Without wasm-opt (or npm, to install it) the programs stay about a tenth larger."),
    }
    docs_pages::write(&dist)?;
    licences::write(&dist)?;
    package::write(&dist)?;
    offline::write(&dist, &version)?;
    report(&dist)?;
    println!("Built dist/ in {:.0} s.", start.elapsed().as_secs_f64());
    Ok(dist)
}

/// Writes the version into bioscope.js, which asks for programs by it.
fn name_version(path: &Path, version: &str) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(text.contains(VERSION), "{} has no line `{VERSION}`", path.display());
    fs::write(path, text.replace(VERSION, &format!("const VERSION = \"{version}\";")))?;
    Ok(())
}

/// Names what the programs are built from: 12 hexadecimal digits. Styles, pages and the scripts that belong to them are
/// not part of it, so that a change of theirs compiles nothing anew.
fn version() -> Result<String> {
    let root = tools::root();
    let mut paths = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "static/models/index.json"]
        .map(|name| root.join(name))
        .to_vec();
    for folder in ["src", "kernel", "worker"] {
        paths.extend(files(&root.join(folder))?);
    }
    paths.extend(["worker.js", "bioscope.js"].map(|name| root.join("www").join(name)));
    let mut hash = Sha256::new();
    for path in paths.iter().filter(|path| path.exists()) {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        hash.update(format!("{} {}\n", relative(path, root), bytes.len()));
        hash.update(bytes);
    }
    Ok(tools::hex(&hash.finalize()[..6]))
}

/// Every file below `dir`, in a stable order.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The path below `root`, with slashes.
pub fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Runs wasm-opt on every program, unless it has done so before.
fn optimise(wasm_opt: &Path, dist: &Path) -> Result<()> {
    let cache = tools::cache("wasm-opt");
    fs::create_dir_all(&cache)?;
    let mut jobs = Vec::new();
    for path in files(dist)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "wasm")) {
        let mut flags = WASM_OPT.to_vec();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.contains("relaxed") {
            flags.push("--enable-relaxed-simd");
        } else if name.starts_with("app-") {
            flags.splice(0..0, WASM_OPT_PAGE);
        }
        let mut hash = Sha256::new_with_prefix(flags.join(" "));
        hash.update(fs::read(&path)?);
        let kept = cache.join(format!("{}.wasm", tools::hex(&hash.finalize())));
        jobs.push((path, flags, kept));
    }
    // What no program of this build needs any more goes.
    for old in files(&cache)?.iter().filter(|old| jobs.iter().all(|(_, _, kept)| kept != *old)) {
        fs::remove_file(old)?;
    }
    std::thread::scope(|scope| {
        let run = |(path, flags, kept): &(PathBuf, Vec<&str>, PathBuf)| -> Result<()> {
            if !kept.exists() {
                let part = kept.with_extension("part");
                let mut command = tools::command(wasm_opt);
                tools::check(command.args(flags).arg(path).arg("-o").arg(&part))?;
                fs::rename(part, kept)?;
            }
            fs::copy(kept, path)?;
            Ok(())
        };
        let running: Vec<_> = jobs.iter().map(|job| scope.spawn(move || run(job))).collect();
        running.into_iter().try_for_each(|job| job.join().expect("no job panics"))
    })
}

/// Prints what the site consists of.
fn report(dist: &Path) -> Result<()> {
    let mut total = 0;
    println!("{:>12} {:>12}", "bytes", "gzip");
    for path in files(dist)? {
        let size = fs::metadata(&path)?.len();
        total += size;
        println!("{size:>12} {:>12}  {}", zipped(&path)?, relative(&path, dist));
    }
    println!("{total:>12} {:>12}  in all", "");
    Ok(())
}

/// What a server that compresses would send; weights hardly shrink.
fn zipped(path: &Path) -> Result<String> {
    let kinds = ["html", "css", "js", "json", "svg", "wasm", "webmanifest"];
    if !path.extension().is_some_and(|ending| kinds.iter().any(|kind| ending == *kind)) {
        return Ok(String::new());
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&fs::read(path)?)?;
    Ok(gzip.finish()?.len().to_string())
}
