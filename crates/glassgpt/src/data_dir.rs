//! Where fetched data is kept: the directory that each system has for it.
//!
//! Why by hand: it is three lines a system, and the libraries for it bring a licence along that ours excludes.

use std::env;
use std::path::PathBuf;

/// glassgpt's directory in the user's data directory; it may not exist yet. None if the user has no home.
pub(crate) fn data_dir() -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = |below: &str| env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(below));
    let base = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("XDG_DATA_HOME").or_else(|| home("Library/Application Support"))
    } else {
        absolute("XDG_DATA_HOME").or_else(|| home(".local/share"))
    };
    base.map(|base| base.join("glassgpt"))
}
