//! Writing a file so that there is either all of it or what was there before.
//!
//! Why: a run that is interrupted must not leave half a model behind.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::interrupt;

/// Refuses, before any work is done, a place where no file can be written.
pub(crate) fn check_writable(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory; name a file in it"));
    }
    let folder = folder_of(path);
    if !folder.is_dir() {
        let problem = format!("there is no directory {}; create it first", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, problem));
    }
    Ok(())
}

/// Writes `bytes` to a file beside `path` and then gives it that name.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.exists() && !path.is_file() {
        return fs::write(path, bytes); // a device or a pipe is written to, not replaced
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf()); // a link keeps pointing where it points
    let unfinished = beside(&path);
    interrupt::file_begun(&unfinished);
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    });
    if written.is_err() {
        fs::remove_file(&unfinished).ok();
    }
    interrupt::file_finished();
    written
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder_of(path).join(format!(".{name}.{}.part", std::process::id()))
}
