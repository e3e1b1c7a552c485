//! The programs that the chores call: looked for first; what is missing is installed into `.tools/`.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

const WASM: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
const GECKODRIVER: &str = "0.36.0";
const AXE: &str = "4.14.1";
/// Older ones do not know every instruction that rustc may write.
const OLDEST_WASM_OPT: u32 = 120;

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A command that runs in the repository's root and finds the programs of `.tools/`.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).env("PATH", search_path());
    // These would replace what .cargo/config.toml says for wasm32.
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

/// `cargo`, of the toolchain that runs this.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs it; an exit code other than 0 is an error.
pub fn check(command: &mut Command) -> Result<()> {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    let first = command.get_args().next().unwrap_or_default().to_string_lossy().into_owned();
    ensure!(status.success(), "{name} {first} failed ({status})");
    Ok(())
}

/// What `bioscope` prints with these arguments, which ask for JSON.
pub fn bioscope(arguments: &[&str]) -> Result<Value> {
    let mut program = cargo();
    program.args(["run", "--quiet", "--package", "bioscope", "--bin", "bioscope", "--"]).args(arguments);
    let output = program.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    let name = arguments[0];
    ensure!(output.status.success(), "bioscope {name} failed ({})", output.status);
    serde_json::from_slice(&output.stdout).with_context(|| format!("what bioscope {name} printed"))
}

/// What `cargo metadata` prints with these arguments.
pub fn metadata(arguments: &[&str]) -> Result<Value> {
    let mut metadata = cargo();
    metadata.args(["metadata", "--format-version", "1", "--locked"]).args(arguments);
    let output = metadata.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo metadata failed ({})", output.status);
    serde_json::from_slice(&output.stdout).context("what cargo metadata printed")
}

/// Where the shipped models are listed.
pub fn index_path() -> PathBuf {
    root().join("static/models/index.json")
}

/// The list of the shipped models.
pub fn index() -> Result<Vec<Value>> {
    serde_json::from_slice(&fs::read(index_path())?).context("static/models/index.json")
}

/// What the site needs.
pub struct Site {
    /// Trunk, the bundler.
    pub trunk: PathBuf,
    /// Binaryen's optimiser, when there is one.
    pub wasm_opt: Option<PathBuf>,
}

/// Installs what the site needs, where it is missing.
pub fn site() -> Result<Site> {
    wasm_target()?;
    // Trunk with its own lock: it does not compile with the newest releases of what it needs (parcel_selectors
    // 0.28.3). It never goes to the network here, so it needs no TLS.
    let trunk = cargo_program("trunk", "trunk", TRUNK, &["--locked", "--no-default-features"], "3 minutes")?;
    // Trunk itself would fetch this from GitHub alone. Without TLS, which its test runner wants.
    let options = ["--no-default-features", "--bin", "wasm-bindgen"];
    cargo_program("wasm-bindgen", "wasm-bindgen-cli", &locked_version("wasm-bindgen")?, &options, "1 minute")?;
    let leftover = cache("target");
    if leftover.exists() {
        fs::remove_dir_all(&leftover).with_context(|| format!("cannot remove {}", leftover.display()))?;
    }
    Ok(Site { trunk, wasm_opt: wasm_opt()? })
}

/// Installs rustfmt and clippy, where they are missing.
pub fn lints() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        // Asked of the program: rustup leaves a proxy for it on PATH even where the component is missing.
        if version(Path::new(program)).is_none() {
            println!("Installing {component} (rustup, once) ...");
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

/// Installs the compiler's wasm32 target, where it is missing.
pub fn wasm_target() -> Result<()> {
    let mut rustc = command("rustc");
    let output = rustc.args(["--print", "target-libdir", "--target", WASM]).output().context("cannot start rustc")?;
    let dir = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && Path::new(&dir).is_dir() {
        return Ok(());
    }
    println!("Installing the target {WASM} (rustup, once) ...");
    rustup(&["target", "add", WASM])
}

fn rustup(args: &[&str]) -> Result<()> {
    let rustup = find("rustup").with_context(|| {
        format!("this toolchain does not come from rustup: install its `{}` the way it was installed", args[2])
    })?;
    check(command(rustup).args(args))
}

/// A browser and the program that drives it.
pub struct Browser {
    /// Chromium or Chrome.
    pub chrome: PathBuf,
    /// Its driver.
    pub driver: PathBuf,
}

/// Firefox and its driver, where there is a Firefox; the driver is installed for it.
pub fn firefox() -> Option<(PathBuf, PathBuf)> {
    let named = std::env::var_os("FIREFOX").map(PathBuf::from);
    let firefox = named.or_else(|| ["firefox", "firefox-esr"].iter().find_map(|name| find(name)))?;
    let driver = match std::env::var_os("GECKODRIVER") {
        Some(driver) => driver.into(),
        None => cargo_program("geckodriver", "geckodriver", GECKODRIVER, &["--locked"], "2 minutes")
            .map_err(|error| println!("{error:#}"))
            .ok()?,
    };
    Some((firefox, driver))
}

/// WebKitGTK's small browser, where it, its driver, a virtual screen and a message bus are installed.
pub fn webkit() -> Option<PathBuf> {
    ["WebKitWebDriver", "Xvfb", "dbus-run-session"].iter().all(|name| find(name).is_some()).then_some(())?;
    let folders =
        fs::read_dir("/usr/lib").ok()?.flatten().flat_map(|entry| fs::read_dir(entry.path())).flatten().flatten();
    folders.map(|entry| entry.path().join("MiniBrowser")).find(|path| path.is_file())
}

/// A browser for the end-to-end tests; on Debian it is installed where there is none.
pub fn browser() -> Result<Browser> {
    if let Some(browser) = find_browser() {
        return Ok(browser);
    }
    if is_debian() && is_root() {
        println!("Installing chromium and chromium-driver (apt-get, once) ...");
        check(command("apt-get").args(["-qq", "update"]))?;
        let install = ["-qq", "install", "-y", "--no-install-recommends", "chromium", "chromium-driver"];
        check(command("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))?;
    }
    find_browser().context(
        "the end-to-end tests need Chromium or Chrome and its chromedriver: install both (Debian: chromium \
         chromium-driver), or name them in CHROME and CHROMEDRIVER",
    )
}

fn find_browser() -> Option<Browser> {
    let named = |variable: &str| env::var_os(variable).map(PathBuf::from);
    let usual = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    let chrome = named("CHROME")
        .or_else(|| ["chromium", "chromium-browser", "google-chrome", "chrome"].iter().find_map(|name| find(name)))
        .or_else(|| usual.iter().map(PathBuf::from).find(|path| path.is_file()))?;
    let driver = named("CHROMEDRIVER").or_else(|| find("chromedriver"))?;
    Some(Browser { chrome, driver })
}

/// Debian itself: on Ubuntu those packages only point to a snap.
fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// A program from crates.io in exactly that version: from PATH, or else installed.
fn cargo_program(name: &str, package: &str, wanted: &str, options: &[&str], time: &str) -> Result<PathBuf> {
    let right = |path: &PathBuf| version(path).is_some_and(|text| text.split_whitespace().nth(1) == Some(wanted));
    if let Some(path) = find(name).filter(right) {
        return Ok(path);
    }
    println!("Installing {package} {wanted} into .tools (about {time}, once) ...");
    let mut install = cargo();
    install
        .args(["install", package, "--quiet", "--force", "--version", wanted, "--root"])
        .arg(cache(""))
        .args(options);
    // The project's own build of it, where cargo-binstall is at hand to fetch that.
    if find("cargo-binstall").is_some() {
        let mut fetch = cargo();
        fetch.args(["binstall", "--no-confirm", "--force", "--disable-strategies", "compile", "--install-path"]);
        let fetched = fetch.arg(cache("bin")).arg(format!("{package}@{wanted}")).status();
        if fetched.is_ok_and(|status| status.success())
            && let Some(path) = find(name).filter(right)
        {
            return Ok(path);
        }
    }
    // Quick to build matters more here than quick to run. One folder for all, removed at the end: what one needs serves the next.
    install
        .env("CARGO_TARGET_DIR", cache("target"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    check(&mut install).with_context(|| format!("cannot install {package} {wanted}"))?;
    find(name).filter(right).with_context(|| format!("{package} is installed, but `{name}` does not say {wanted}"))
}

fn wasm_opt() -> Result<Option<PathBuf>> {
    let fit = |path: &PathBuf| {
        let text = version(path).unwrap_or_default(); // wasm-opt version 132 (version_132)
        text.split_whitespace().nth(2).and_then(|word| word.parse().ok()).is_some_and(|n: u32| n >= OLDEST_WASM_OPT)
    };
    if let Some(path) = find("wasm-opt").filter(fit) {
        return Ok(Some(path));
    }
    Ok(if npm_package("binaryen", BINARYEN) { find("wasm-opt").filter(fit) } else { None })
}

/// The accessibility checker's script, when npm can give it.
pub fn axe() -> Option<PathBuf> {
    let script = cache("node_modules").join("axe-core").join("axe.min.js");
    (script.is_file() || npm_package("axe-core", AXE)).then_some(script).filter(|path| path.is_file())
}

/// Installs a package of npm; says why where it cannot.
fn npm_package(name: &str, version: &str) -> bool {
    let Some(npm) = find("npm") else { return false };
    println!("Installing {name} {version} into .tools (npm, some seconds, once) ...");
    let mut install = command(npm);
    // Of what npm finds there, it removes what is not named; each call names all.
    install.args(["install", "--silent", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix"]);
    install.arg(cache("")).args([format!("binaryen@{BINARYEN}"), format!("axe-core@{AXE}")]);
    check(&mut install).map_err(|error| println!("{error:#}")).is_ok()
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).with_context(|| format!("Cargo.lock has no {package}"))
}

/// The output of `--version`; none when the program does not run.
fn version(program: &Path) -> Option<String> {
    let output = command(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A path in `.tools/`.
pub fn cache(name: &str) -> PathBuf {
    root().join(".tools").join(name)
}

/// Where programs are looked for: in `.tools/` first.
pub fn search_path() -> OsString {
    let ours = [cache("bin"), cache("node_modules").join(".bin")];
    let users = env::var_os("PATH").unwrap_or_default();
    env::join_paths(ours.into_iter().chain(env::split_paths(&users))).unwrap_or(users)
}

fn find(name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    env::split_paths(&search_path())
        .flat_map(|dir| endings.iter().map(move |ending| dir.join(format!("{name}{ending}"))))
        .find(|path| path.is_file())
}

/// Lower-case hexadecimal.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fails with one line when a folder's file is missing.
pub fn need(path: &Path) -> Result<()> {
    if !path.exists() {
        bail!("{} is missing", path.strip_prefix(root()).unwrap_or(path).display());
    }
    Ok(())
}
