//! What `--corpus` means: a corpus built in, the original names once fetched, a file, or standard input.
//!
//! Why one place: every command takes the same words for the same data.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use glassgpt_core::corpora::{EMBEDDED, embedded};
use glassgpt_core::{Corpus, CorpusError, corpus::MAX_CORPUS_BYTES};
use glassgpt_lab::fingerprint::sha256_of_bytes;
use glassgpt_lab::protocol::CorpusSource;

use crate::data_dir::data_dir;

/// The original names, as microgpt.py downloads them.
pub(crate) const KARPATHY: Fetched = Fetched {
    name: "karpathy",
    about: "the 32,033 names microgpt.py was published with",
    url: "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt",
    sha256: "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
    bytes: 228_145,
};

/// A corpus that can be fetched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fetched {
    /// The name it goes by.
    pub(crate) name: &'static str,
    /// What is in it, in one phrase.
    pub(crate) about: &'static str,
    /// Where it comes from.
    pub(crate) url: &'static str,
    /// SHA-256 of the file.
    pub(crate) sha256: &'static str,
    /// Its size.
    pub(crate) bytes: u64,
}

impl Fetched {
    /// Where it is kept once fetched.
    pub(crate) fn path(&self) -> anyhow::Result<PathBuf> {
        let directory = data_dir().ok_or_else(|| {
            anyhow!("there is no home directory to keep data in; set XDG_DATA_HOME to a directory of your choice")
        })?;
        Ok(directory.join("corpora").join(format!("{}.txt", self.name)))
    }

    /// It, if it has been fetched.
    pub(crate) fn load(&self) -> anyhow::Result<Option<NamedCorpus>> {
        let path = self.path()?;
        let bytes = match read_file(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let corpus = NamedCorpus::new(self.name, &bytes)?;
        if corpus.sha256 != self.sha256 {
            bail!(
                "{} has been changed since it was fetched; `glassgpt data fetch {}` fetches it anew",
                path.display(),
                self.name
            );
        }
        Ok(Some(corpus))
    }
}

/// A corpus, and what identifies it.
#[derive(Clone, Debug)]
pub(crate) struct NamedCorpus {
    /// What it is called: its own name, or that of its file.
    pub(crate) name: String,
    /// The documents.
    pub(crate) corpus: Corpus,
    /// SHA-256 of the text as it was read.
    pub(crate) sha256: String,
    /// Size of that text.
    pub(crate) bytes: usize,
}

impl NamedCorpus {
    /// From the bytes of a file.
    fn new(name: &str, bytes: &[u8]) -> Result<Self, CorpusError> {
        let corpus = Corpus::from_utf8(bytes)?;
        Ok(Self { name: name.to_string(), corpus, sha256: sha256_of_bytes(bytes), bytes: bytes.len() })
    }

    /// What the user calls `wanted`.
    pub(crate) fn find(wanted: &str) -> anyhow::Result<Self> {
        if let Some(embedded) = embedded(wanted) {
            return Ok(Self::new(embedded.name, embedded.text.as_bytes())?);
        }
        if wanted == KARPATHY.name {
            let absent =
                || anyhow!("the corpus karpathy has not been fetched yet; `glassgpt data fetch karpathy` does it");
            return KARPATHY.load()?.ok_or_else(absent);
        }
        if wanted == "-" {
            let bytes = read_all(std::io::stdin().lock()).context("cannot read the corpus from standard input")?;
            return Self::new("standard input", &bytes).context("standard input");
        }
        let path = Path::new(wanted);
        let bytes = match read_file(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(unknown(wanted)),
            Err(error) => return Err(error).with_context(|| format!("cannot read {wanted}")),
        };
        let name = path.file_name().map_or_else(|| wanted.into(), |name| name.to_string_lossy());
        Self::new(&name, &bytes).with_context(|| wanted.to_string())
    }

    /// Where a session finds it: by its name if every glassgpt knows it by that, else in its own words.
    pub(crate) fn source(&self) -> CorpusSource {
        let name = self.name.clone();
        let built_in = embedded(&name).map(|corpus| sha256_of_bytes(corpus.text.as_bytes()));
        let fetched = (name == KARPATHY.name).then(|| KARPATHY.sha256.to_string());
        if built_in.or(fetched).is_some_and(|sha256| sha256 == self.sha256) {
            return CorpusSource::Named { name };
        }
        CorpusSource::Text { name, text: self.corpus.documents().join("\n") + "\n" }
    }
}

fn unknown(wanted: &str) -> anyhow::Error {
    let names: Vec<&str> = EMBEDDED.iter().map(|corpus| corpus.name).chain([KARPATHY.name]).collect();
    anyhow!("there is no corpus {wanted:?}: it is not a file, and the corpora known by name are {}", names.join(", "))
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    read_all(File::open(path)?)
}

/// One byte more than allowed is enough to see that it is too much.
fn read_all(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_CORPUS_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
