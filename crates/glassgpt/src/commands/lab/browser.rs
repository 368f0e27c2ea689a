//! Opens the lab in the user's browser.
//!
//! Why through a file if there is a token: the address that a browser is started with stands in the list of processes, which
//! everyone on the machine may read. A file that only its owner may read leads to that address instead.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use crate::data_dir::data_dir;
use crate::output::talk;

/// Where the lab begins.
pub(super) struct StartPage {
    pub(super) url: String,
    /// The address has the token in it.
    pub(super) is_private: bool,
}

/// A file that leads to the lab, removed with this value.
pub(super) struct StartFile(PathBuf);

impl StartPage {
    /// Opens it; if that fails, the user is told. What is returned must live as long as the lab.
    pub(super) fn open(&self) -> Option<StartFile> {
        if !self.is_private {
            tell(open::that_detached(&self.url));
            return None;
        }
        let file = self.write();
        tell(file.as_ref().map_err(copy).and_then(|file| open::that_detached(&file.0)));
        file.ok()
    }

    fn write(&self) -> io::Result<StartFile> {
        let folder = data_dir().ok_or_else(|| io::Error::other("there is no directory for a private file"))?;
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("start-{}.html", std::process::id()));
        drop(fs::remove_file(&path)); // of a lab that was killed and had the same number
        let mut file = private().open(&path)?;
        let file_to_remove = StartFile(path);
        write!(file, "{}", self.html())?;
        Ok(file_to_remove)
    }

    /// An address and a token have no character that means something in HTML.
    fn html(&self) -> String {
        let Self { url, .. } = self;
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n<title>glassgpt</title>\n<p><a href=\"{url}\">Open the lab</a></p>\n</html>\n"
        )
    }
}

impl Drop for StartFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0)); // what cannot be removed can be read by its owner alone
    }
}

/// A new file, for its owner alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn copy(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}

fn tell(opened: io::Result<()>) {
    if let Err(error) = opened {
        talk(&format!("cannot open a browser ({error}); open the address above yourself"));
    }
}
