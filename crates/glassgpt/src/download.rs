//! Fetching one known file: resumed where it stopped, checked against its fingerprint, put in place whole.
//!
//! Why so careful with so small a file: a classroom's network fails in the middle, and wrong data is worse than none.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use glassgpt_lab::fingerprint::sha256_of_bytes;
use ureq::http::header::{CONTENT_RANGE, RANGE};
use ureq::{Agent, Body, http::Response};

use crate::interrupt;

/// What to fetch, and how to know that it is right.
#[derive(Clone, Debug)]
pub(crate) struct Download<'a> {
    /// Where it is.
    pub(crate) url: &'a str,
    /// SHA-256 of the file.
    pub(crate) sha256: &'a str,
    /// Its size. Nothing larger is taken in.
    pub(crate) bytes: u64,
    /// Where it goes.
    pub(crate) target: &'a Path,
}

/// Why the file is not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DownloadError {
    /// The network or the server cannot be reached.
    #[error("cannot reach {host} ({reason}). Check the network and try again; the built-in corpora work without it.")]
    Unreachable { host: String, reason: String },
    /// The server answers, but not with the file.
    #[error(
        "{host} answered with status {status} instead of the file. Try again later; the built-in corpora work without it."
    )]
    Status { host: String, status: u16 },
    /// The connection broke off.
    #[error(
        "the connection broke off after {got} of {bytes} bytes ({reason}). Run the same command again: it goes on from there."
    )]
    Incomplete { got: u64, bytes: u64, reason: String },
    /// There is more of it than there should be.
    #[error("{host} sends more than the {bytes} bytes expected, so this is another file; nothing was kept")]
    TooLarge { host: String, bytes: u64 },
    /// It is another file.
    #[error("the file fetched is not the expected one: its SHA-256 is {found}, not {expected}; nothing was kept")]
    Checksum { found: String, expected: String },
    /// It cannot be written.
    #[error("cannot write {path}: {source}")]
    Disk { path: PathBuf, source: io::Error },
    /// The user has pressed Ctrl-C.
    #[error(transparent)]
    Interrupted(#[from] interrupt::Interrupted),
}

/// What a server's answer holds.
enum Answer {
    /// The file, from this byte on.
    From(u64, Box<Response<Body>>),
    /// Nothing: what we have is not a beginning of it.
    StartOver,
}

impl Download<'_> {
    /// Fetches the file. Tells `progress` how many bytes there are, now and then.
    pub(crate) fn fetch(&self, mut progress: impl FnMut(u64)) -> Result<(), DownloadError> {
        let part = self.part();
        let resumed = self.receive(&part, &mut progress)?;
        match self.check(&part) {
            Err(DownloadError::Checksum { .. }) if resumed => {
                // What was kept from last time did not fit what came now. Once more, from the beginning.
                self.receive(&part, &mut progress)?;
                self.check(&part)?;
            }
            checked => checked?,
        }
        fs::rename(&part, self.target).map_err(|source| disk(self.target, source))
    }

    /// Where the bytes are kept until all are there.
    fn part(&self) -> PathBuf {
        let mut name = self.target.as_os_str().to_owned();
        name.push(".part");
        PathBuf::from(name)
    }

    /// Brings `part` to its full size. Returns whether some of it was there before.
    fn receive(&self, part: &Path, progress: &mut impl FnMut(u64)) -> Result<bool, DownloadError> {
        let kept = fs::metadata(part).map_or(0, |metadata| metadata.len());
        if kept == self.bytes {
            return Ok(true);
        }
        let kept = if kept < self.bytes { kept } else { 0 };
        let (start, response) = match self.ask(kept)? {
            Answer::From(start, response) => (start, response),
            Answer::StartOver => match self.ask(0)? {
                Answer::From(0, response) => (0, response),
                _ => return Err(DownloadError::Status { host: self.host(), status: 416 }),
            },
        };
        if let Some(folder) = self.target.parent() {
            fs::create_dir_all(folder).map_err(|source| disk(folder, source))?;
        }
        let file = OpenOptions::new().create(true).append(start > 0).write(true).truncate(start == 0).open(part);
        let file = file.map_err(|source| disk(part, source))?;
        self.copy(start, response.into_body().into_reader(), file, part, progress)?;
        Ok(start > 0)
    }

    fn ask(&self, start: u64) -> Result<Answer, DownloadError> {
        let agent: Agent = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(15)))
            .timeout_recv_response(Some(Duration::from_secs(30)))
            .timeout_global(Some(Duration::from_secs(120)))
            .http_status_as_error(false)
            .user_agent(concat!("glassgpt/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let mut request = agent.get(self.url);
        if start > 0 {
            request = request.header(RANGE, format!("bytes={start}-"));
        }
        let unreachable = |error: ureq::Error| DownloadError::Unreachable { host: self.host(), reason: plain(&error) };
        let response = request.call().map_err(unreachable)?;
        match response.status().as_u16() {
            200 => Ok(Answer::From(0, Box::new(response))), // all of it, asked for or not
            206 if starts_at(&response) == Some(start) => Ok(Answer::From(start, Box::new(response))),
            206 | 416 if start > 0 => Ok(Answer::StartOver),
            status => Err(DownloadError::Status { host: self.host(), status }),
        }
    }

    fn copy(
        &self,
        mut got: u64,
        mut from: impl Read,
        mut to: File,
        part: &Path,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), DownloadError> {
        let mut chunk = [0; 16 * 1024];
        loop {
            interrupt::check()?;
            progress(got);
            let incomplete = |reason: String| DownloadError::Incomplete { got, bytes: self.bytes, reason };
            let n = match from.read(&mut chunk) {
                Ok(0) if got < self.bytes => return Err(incomplete("the server closed it".into())),
                Ok(0) => return Ok(()),
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(incomplete(error.to_string())),
            };
            got += n as u64;
            if got > self.bytes {
                fs::remove_file(part).ok();
                return Err(DownloadError::TooLarge { host: self.host(), bytes: self.bytes });
            }
            to.write_all(&chunk[..n]).map_err(|source| disk(part, source))?;
        }
    }

    /// Compares fingerprints. A wrong file is removed.
    fn check(&self, part: &Path) -> Result<(), DownloadError> {
        let bytes = fs::read(part).map_err(|source| disk(part, source))?;
        let found = sha256_of_bytes(&bytes);
        if found == self.sha256 {
            return Ok(());
        }
        fs::remove_file(part).ok();
        Err(DownloadError::Checksum { found, expected: self.sha256.to_string() })
    }

    fn host(&self) -> String {
        let rest = self.url.split_once("://").map_or(self.url, |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest).to_string()
    }
}

fn disk(path: &Path, source: io::Error) -> DownloadError {
    DownloadError::Disk { path: path.to_path_buf(), source }
}

/// The first byte of a partial answer: `bytes 100-199/200` starts at 100.
fn starts_at(response: &Response<Body>) -> Option<u64> {
    let range = response.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

/// The reason in few words.
fn plain(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "its name cannot be resolved; is this machine offline?".to_string(),
        ureq::Error::Timeout(_) => "no answer in time".to_string(),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => "connection refused".to_string(),
        ureq::Error::Io(error) if error.to_string().contains("failed to lookup address") => {
            "its name cannot be resolved; is this machine offline?".to_string()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    const TEXT: &[u8] = b"emma\nolivia\nava\nisabella\n";

    /// Answers one request after the other, each with the next answer. Returns the requests.
    fn server(answers: Vec<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/names.txt", listener.local_addr().unwrap());
        let serving = thread::spawn(move || {
            let mut requests = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = String::new();
                let mut lines = BufReader::new(stream.try_clone().unwrap());
                while lines.read_line(&mut request).unwrap() > 2 {}
                requests.push(request.to_lowercase());
                stream.write_all(&answer).unwrap();
            }
            requests
        });
        (url, serving)
    }

    fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n");
        [head.as_bytes(), body].concat()
    }

    fn whole(body: &[u8]) -> Vec<u8> {
        answer("200 OK", "", body)
    }

    fn rest(start: usize) -> Vec<u8> {
        let headers = format!("Content-Range: bytes {start}-{}/{}\r\n", TEXT.len() - 1, TEXT.len());
        answer("206 Partial Content", &headers, &TEXT[start..])
    }

    struct Place {
        folder: PathBuf,
    }

    impl Place {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("glassgpt-download-{}-{name}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self { folder }
        }

        fn target(&self) -> PathBuf {
            self.folder.join("names.txt")
        }

        fn part(&self) -> PathBuf {
            self.folder.join("names.txt.part")
        }

        fn fetch(&self, url: &str) -> Result<(), DownloadError> {
            let (sha256, target) = (sha256_of_bytes(TEXT), self.target());
            let download = Download { url, sha256: &sha256, bytes: TEXT.len() as u64, target: &target };
            download.fetch(|_| {})
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.folder).ok();
        }
    }

    #[test]
    fn a_file_is_fetched_whole() {
        let place = Place::new("whole");
        let (url, serving) = server(vec![whole(TEXT)]);
        place.fetch(&url).unwrap();
        assert_eq!(fs::read(place.target()).unwrap(), TEXT);
        assert!(!place.part().exists());
        assert!(!serving.join().unwrap()[0].contains("range:"));
    }

    #[test]
    fn a_broken_download_goes_on_where_it_stopped() {
        let place = Place::new("resumed");
        let cut = whole(TEXT)[..whole(TEXT).len() - 15].to_vec();
        let (url, serving) = server(vec![cut, rest(10)]);
        let error = place.fetch(&url).unwrap_err();
        assert!(matches!(error, DownloadError::Incomplete { got: 10, .. }), "{error}");
        assert!(!place.target().exists());
        place.fetch(&url).unwrap();
        assert_eq!(fs::read(place.target()).unwrap(), TEXT);
        assert!(serving.join().unwrap()[1].contains("range: bytes=10-"));
    }

    #[test]
    fn a_server_without_ranges_starts_over() {
        let place = Place::new("no-ranges");
        fs::write(place.part(), b"something else").unwrap();
        let (url, serving) = server(vec![whole(TEXT)]);
        place.fetch(&url).unwrap();
        assert_eq!(fs::read(place.target()).unwrap(), TEXT);
        serving.join().unwrap();
    }

    #[test]
    fn a_wrong_beginning_is_thrown_away() {
        let place = Place::new("wrong-part");
        fs::write(place.part(), b"something").unwrap();
        let (url, serving) = server(vec![rest(9), whole(TEXT)]);
        place.fetch(&url).unwrap();
        assert_eq!(fs::read(place.target()).unwrap(), TEXT);
        serving.join().unwrap();
    }

    #[test]
    fn a_range_refused_or_misunderstood_starts_over() {
        for first in [answer("416 Range Not Satisfiable", "", b""), rest(3)] {
            let place = Place::new("range-refused");
            fs::write(place.part(), &TEXT[..9]).unwrap();
            let (url, serving) = server(vec![first, whole(TEXT)]);
            place.fetch(&url).unwrap();
            assert_eq!(fs::read(place.target()).unwrap(), TEXT);
            serving.join().unwrap();
        }
    }

    #[test]
    fn another_file_is_not_kept() {
        let place = Place::new("checksum");
        let other = TEXT.to_ascii_uppercase();
        let (url, serving) = server(vec![whole(&other)]);
        let error = place.fetch(&url).unwrap_err();
        assert!(matches!(error, DownloadError::Checksum { .. }), "{error}");
        assert!(!place.target().exists() && !place.part().exists());
        serving.join().unwrap();
    }

    #[test]
    fn a_longer_file_is_not_kept() {
        let place = Place::new("too-large");
        let (url, serving) = server(vec![whole(&TEXT.repeat(3))]);
        let error = place.fetch(&url).unwrap_err();
        assert!(matches!(error, DownloadError::TooLarge { .. }), "{error}");
        assert!(!place.target().exists() && !place.part().exists());
        serving.join().unwrap();
    }

    #[test]
    fn a_refusal_names_its_status() {
        let place = Place::new("status");
        let (url, serving) = server(vec![answer("404 Not Found", "", b"no")]);
        let error = place.fetch(&url).unwrap_err();
        assert!(matches!(error, DownloadError::Status { status: 404, .. }), "{error}");
        serving.join().unwrap();
    }

    #[test]
    fn nobody_there_is_said_plainly() {
        let place = Place::new("refused");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = place.fetch(&format!("http://127.0.0.1:{port}/names.txt")).unwrap_err().to_string();
        let host = format!("127.0.0.1:{port}");
        assert!(error.starts_with(&format!("cannot reach {host} (connection refused). ")), "{error}");
    }
}
