//! Where results go: standard output, files, devices, pipes.
//!
//! A closed pipe ends the command quietly, as `head` expects it. A file gets its name when it is whole; a link stays a
//! link; what is no regular file (a device, a named pipe) is written to as it is. Whether an output can be written is
//! known before the work begins.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Stop;

/// Prints on standard output.
pub(super) fn print(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| failed("standard output", &e))
}

/// Says something on standard error. Nobody may be listening, and that is no failure.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

fn failed(name: &str, error: &std::io::Error) -> Stop {
    match error.kind() {
        ErrorKind::BrokenPipe => Stop::Closed,
        _ => Stop::Other(format!("{name}: {error}")),
    }
}

/// A result that will be written in one piece.
pub(super) struct Output {
    name: String,
    kind: Kind,
}

enum Kind {
    Standard,
    /// A file under its real name, links followed. It is written beside that first.
    Whole(PathBuf),
    /// A device or a pipe, or a file in a folder that takes no other file. It is opened when it is written: opening a
    /// pipe waits for whoever reads it.
    Direct(PathBuf),
}

impl Output {
    /// Finds out whether and how `path` can be written. `-` is standard output.
    pub fn new(path: &Path) -> Result<Output, Stop> {
        let name = path.display().to_string();
        let kind = Kind::of(path).map_err(|why| Stop::Input(format!("{name}: {why}")))?;
        Ok(Output { name, kind })
    }

    /// Whether it is standard output.
    pub fn is_standard(&self) -> bool {
        matches!(self.kind, Kind::Standard)
    }

    /// Its name, for people.
    pub fn name(&self) -> &str {
        if self.is_standard() { "standard output" } else { &self.name }
    }

    /// Writes all of it.
    pub fn write(self, bytes: &[u8]) -> Result<(), Stop> {
        let name = self.name().to_owned();
        let fail = |e: std::io::Error| failed(&name, &e);
        match self.kind {
            Kind::Standard => {
                let mut out = std::io::stdout().lock();
                out.write_all(bytes).and_then(|()| out.flush()).map_err(fail)
            }
            Kind::Direct(path) => {
                let file = OpenOptions::new().write(true).truncate(true).create(true).open(path);
                file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.flush())).map_err(fail)
            }
            Kind::Whole(path) => {
                let mut part = part_of(&path).map_err(fail)?;
                part.write_all(bytes).and_then(|()| part.flush()).map_err(fail)?;
                if let Ok(old) = fs::metadata(&path) {
                    part.as_file().set_permissions(old.permissions()).map_err(fail)?;
                }
                part.persist(&path).map(drop).map_err(|e| failed(&name, &e.error))
            }
        }
    }
}

impl Kind {
    fn of(path: &Path) -> Result<Kind, String> {
        if path.as_os_str() == "-" || is_standard(path) {
            return Ok(Kind::Standard);
        }
        let real = real(path).map_err(|e| e.to_string())?;
        match fs::metadata(&real) {
            Ok(found) if found.is_dir() => return Err("is a folder".into()),
            Ok(found) if !found.is_file() => return Ok(Kind::Direct(real)),
            Ok(_) => {
                OpenOptions::new().write(true).open(&real).map_err(|e| e.to_string())?;
            }
            Err(_) => {}
        }
        match part_of(&real) {
            Ok(_) => Ok(Kind::Whole(real)), // the part is gone again: what is interrupted leaves nothing
            Err(_) if real.is_file() => Ok(Kind::Direct(real)),
            Err(e) => Err(e.to_string()),
        }
    }
}

/// A file beside this one, until it takes its name.
fn part_of(path: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".bioscope-").permissions(usual()).tempfile_in(folder_of(path))
}

/// The folder that a file lies in, or will.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The permissions that a new file usually has (less what the user's mask takes away), not those of a secret one.
fn usual() -> fs::Permissions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::Permissions::from_mode(0o666)
    }
    #[cfg(not(unix))]
    {
        fs::metadata(".").map_or_else(|_| unreachable!("the current folder is there"), |m| m.permissions())
    }
}

/// Names of standard output; what they point to may be a file that must not be replaced.
fn is_standard(path: &Path) -> bool {
    ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Where links lead, also one whose file is not there yet.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(std::io::Error::other("too many links"))
}

/// Writes a file in one piece.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let output = Output::new(path).map_err(|stop| match stop {
        Stop::Input(why) => Stop::Other(why), // it could be written when the work began
        other => other,
    })?;
    output.write(bytes)
}

/// Whether two paths are of one file, or both of standard output; a device may be named twice.
pub(super) fn is_same(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        let new = || {
            let real = real(path).ok()?;
            Some(folder_of(&real).canonicalize().ok()?.join(real.file_name()?))
        };
        path.canonicalize().ok().or_else(new)
    };
    let device = fs::metadata(a).is_ok_and(|found| !found.is_file() && !found.is_dir());
    !device && place(a).is_some_and(|a| place(b) == Some(a))
}

/// Sees whether a folder can be made, or is there and takes files, without making it.
pub(super) fn check_folder(folder: &Path) -> Result<(), Stop> {
    let fail = |why: String| Stop::Input(format!("{}: {why}", folder.display()));
    let there = folder.ancestors().find(|part| part.as_os_str().is_empty() || part.symlink_metadata().is_ok());
    let there = there.filter(|part| !part.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !there.is_dir() {
        return Err(fail(format!("{} is no folder", there.display())));
    }
    tempfile::tempfile_in(there).map(drop).map_err(|e| fail(e.to_string()))
}

/// Makes a folder and those that it is in.
pub(super) fn make_folder(folder: &Path) -> Result<(), Stop> {
    fs::create_dir_all(folder).map_err(|e| Stop::Input(format!("{}: {e}", folder.display())))
}

/// A run's folder, while one process works in it.
pub(super) struct Claim(File);

impl Claim {
    /// Claims a folder, which must be there.
    ///
    /// # Errors
    /// Another process has it: its number and since when.
    pub fn new(folder: &Path) -> Result<Claim, Stop> {
        let path = folder.join("lock");
        let fail = |e: std::io::Error| Stop::Input(format!("{}: {e}", path.display()));
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.trim().is_empty() { "another process" } else { holder.trim() };
                return Err(Stop::Input(format!("{}: {holder} is writing into it", folder.display())));
            }
            Err(TryLockError::Error(e)) => return Err(fail(e)),
        }
        let command = std::env::args().nth(1).unwrap_or_default();
        let written = file.set_len(0).and_then(|()| file.rewind());
        let holder = format!("bioscope {command} (process {})", std::process::id());
        written.and_then(|()| file.write_all(holder.as_bytes())).map_err(fail)?;
        Ok(Claim(file))
    }

    /// Claims a folder if it is there.
    pub fn if_there(folder: &Path) -> Result<Option<Claim>, Stop> {
        check_folder(folder)?;
        folder.is_dir().then(|| Claim::new(folder)).transpose()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // The lock itself goes with the file; its words would only puzzle whoever looks.
        let _ = self.0.set_len(0);
    }
}
