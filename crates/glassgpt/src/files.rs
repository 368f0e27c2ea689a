//! Reading and writing files: `-` is standard input or output, and a file that is written is there whole or as it was before.
//!
//! Why: a run that is interrupted must not leave half a model behind, and a place that cannot be written must be refused before
//! the work, not after it.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::{interrupt, output};

/// What a file holds and what to call it; `-` is standard input.
pub(crate) fn read(path: &Path) -> io::Result<(Vec<u8>, String)> {
    if path != OsStr::new("-") {
        return Ok((fs::read(path)?, path.display().to_string()));
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok((bytes, "standard input".to_string()))
}

/// Whether a path means standard output. By its name in /dev it could be opened as a file, too, but then the model and what is
/// printed would be written over each other.
pub(crate) fn is_stdout(path: &Path) -> bool {
    [OsStr::new("-"), OsStr::new("/dev/stdout")].contains(&path.as_os_str())
}

/// Refuses, before any work is done, a place where no file can be written.
pub(crate) fn check_writable(path: &Path) -> io::Result<()> {
    if is_stdout(path) {
        return Ok(());
    }
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory; name a file in it"));
    }
    if path.exists() {
        return if path.is_file() { OpenOptions::new().append(true).open(path).map(drop) } else { Ok(()) };
    }
    let target = target_of(path)?;
    let folder = folder_of(&target);
    if !folder.is_dir() {
        let link = if target == path { String::new() } else { format!("it is a link to {}, and ", target.display()) };
        let problem = format!("{link}there is no directory {}; create it first", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, problem));
    }
    // Only trying tells whether a file can be made here, by this user and with this name.
    OpenOptions::new().write(true).create_new(true).open(&target)?;
    fs::remove_file(target)
}

/// Links followed to one file, as many as Linux follows.
const LINKS: usize = 40;

/// The file that a path means, which need not exist: a link is written through, also if there is nothing yet where it points.
fn target_of(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            Err(_) => return Ok(target), // no link, or nothing
        }
    }
    let problem = format!("it is a link to a link, and so on, more than {LINKS} times; name the file itself");
    Err(io::Error::new(io::ErrorKind::InvalidInput, problem))
}

/// Writes `bytes` to a file beside `path` and then gives it that name. `-` is standard output.
///
/// A file with several names, and one in a directory where no other can be made, is written in place: replaced, it would lose its
/// other names, or not be written at all. A file keeps its permissions.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_stdout(path) {
        return output::write_bytes(bytes);
    }
    if path.exists() && !path.is_file() {
        return fs::write(path, bytes); // a device or a pipe is written to, not replaced
    }
    let path = target_of(path)?; // a link keeps pointing where it points
    let unfinished = beside(&path);
    interrupt::file_begun(&unfinished);
    let written = match File::create(&unfinished) {
        _ if has_other_names(&path) => in_place(&path, bytes),
        Ok(mut file) => replace(&mut file, &unfinished, &path, bytes),
        // Only if nothing but this file may be written here: on a full disk, say, what was there must stay.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && path.is_file() => in_place(&path, bytes),
        Err(error) => Err(error),
    };
    fs::remove_file(&unfinished).ok(); // it has its name, or is not wanted
    interrupt::file_finished();
    written
}

fn replace(file: &mut File, unfinished: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    if let Ok(before) = fs::metadata(path) {
        file.set_permissions(before.permissions())?;
    }
    file.sync_all()?;
    fs::rename(unfinished, path)
}

fn in_place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn has_other_names(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.nlink() > 1)
}

#[cfg(not(unix))]
fn has_other_names(_path: &Path) -> bool {
    false
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name that no file of the user's has, and short, whatever the file's own.
fn beside(path: &Path) -> PathBuf {
    folder_of(path).join(format!(".glassgpt-{}.part", std::process::id()))
}
