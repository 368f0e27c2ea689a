//! A trained model on paper: settings, vocabulary, parameters and where they come from, as versioned JSON.
//!
//! Why JSON: anyone can read it, in any language, and every double survives it. Why so suspicious on the way in: a file
//! may be cut short, edited, or something else altogether, and a model must never start from numbers nobody trained.

use glassgpt_core::{Config, ConfigError, Corpus, Plan, Tokenizer};
use serde::{Deserialize, Serialize};

use crate::engine::TrainedBy;
use crate::fingerprint::{sha256_of_f64, sha256_of_lines};
use crate::heading::{HeadingError, check_heading};

/// What the field `format` says.
pub const FORMAT: &str = "glassgpt-model";
/// The version this program writes, and the latest it reads.
pub const VERSION: u32 = 1;
/// A corpus travels with its model up to this size, in bytes of documents.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// A trained model that has been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedModel {
    /// The checked settings.
    pub plan: Plan,
    /// The vocabulary.
    pub tokenizer: Tokenizer,
    /// The parameters, in `state_dict` order.
    pub params: Vec<f64>,
    /// Where they come from.
    pub provenance: Provenance,
    /// The documents it was trained on, if they travel with it.
    pub corpus: Option<Corpus>,
}

/// Where a model's parameters come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// What trained it.
    pub engine: TrainedBy,
    /// Steps trained.
    pub steps: u32,
    /// Loss of the last step, in nats.
    pub loss: f64,
    /// What the corpus is called.
    pub corpus: String,
    /// SHA-256 of the corpus as a file.
    pub corpus_sha256: String,
    /// Documents in it.
    pub num_docs: u32,
    /// SHA-256 of the documents, each followed by a line feed. None in older files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents_sha256: Option<String>,
    /// SHA-256 of the parameters as little-endian f64.
    pub params_sha256: String,
    /// The version of glassgpt that wrote the file.
    pub glassgpt_version: String,
}

/// The file, field by field. `format` and `version` come first, so that a reader knows what to expect.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    format: String,
    version: u32,
    config: Config,
    vocab: String,
    provenance: Provenance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<String>>,
    params: Vec<f64>,
}

/// Why a file is not a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    /// It ends in the middle.
    #[error(
        "the file ends too early, at line {line}, column {column}: was it cut short? copy it again, or train anew with --out"
    )]
    Truncated {
        /// Where it ends.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// It is not JSON at all.
    #[error("this is not a glassgpt model: it is not JSON ({problem}); `glassgpt train --out model.json` writes one")]
    NotJson {
        /// What the parser stumbled over.
        problem: String,
    },
    /// It is some other JSON.
    #[error(
        "this is JSON but not a glassgpt model: it lacks \"format\": \"glassgpt-model\"; `glassgpt train --out model.json` writes one"
    )]
    Foreign,
    /// It is from the future, or its version is not a number.
    #[error(
        "the model file has version {found}; this glassgpt reads version 1: use the glassgpt that wrote it, or a newer one"
    )]
    UnknownVersion {
        /// What stands there.
        found: String,
    },
    /// A field is missing, unknown, or of the wrong kind.
    #[error("the model file is damaged: {problem}; copy it again, or train anew with --out")]
    Malformed {
        /// What is wrong, and where.
        problem: String,
    },
    /// A setting is out of bounds.
    #[error("the model file asks for what cannot be: {0}")]
    Config(#[from] ConfigError),
    /// The vocabulary is not one.
    #[error("the model file's vocab is {vocab:?}; it must list each character once, in code-point order")]
    Vocabulary {
        /// What stands there.
        vocab: String,
    },
    /// The parameters do not fill the matrices.
    #[error("the model file has {found} params; its config and vocab call for {expected}: it was cut or edited")]
    ParamCount {
        /// Parameters in the file.
        found: usize,
        /// Parameters there should be.
        expected: usize,
    },
    /// A parameter is infinite or not a number.
    #[error(
        "params[{index}] is {value}; a parameter must be a finite number: the model has diverged, train it anew with a smaller --learning-rate"
    )]
    NotFinite {
        /// Which one.
        index: usize,
        /// What it is.
        value: f64,
    },
    /// The parameters are not those that were saved.
    #[error(
        "the params do not match their fingerprint params_sha256: they were changed after they were saved ({found} is not {expected})"
    )]
    Fingerprint {
        /// Of the parameters in the file.
        found: String,
        /// What the file says.
        expected: String,
    },
    /// The documents use characters that the vocabulary lacks, or there are none, or they are not those that were saved.
    #[error("the model file's documents are not those it was trained on: {problem}")]
    Documents {
        /// What is wrong.
        problem: String,
    },
}

impl SavedModel {
    /// The file's text.
    ///
    /// # Errors
    /// [`ModelFileError::NotFinite`] if the model has diverged: JSON has no word for that, and nobody could use it.
    pub fn to_json(&self) -> Result<String, ModelFileError> {
        check_finite(&self.params)?;
        let bytes = |corpus: &&Corpus| corpus.documents().iter().map(|doc| doc.len() + 1).sum::<usize>();
        let travels = self.corpus.as_ref().filter(|corpus| bytes(corpus) <= MAX_DOCUMENT_BYTES);
        let paper = Paper {
            format: FORMAT.to_string(),
            version: VERSION,
            config: self.plan.config().clone(),
            vocab: self.tokenizer.chars().iter().collect(),
            provenance: self.provenance.clone(),
            documents: travels.map(|corpus| corpus.documents().to_vec()),
            params: self.params.clone(),
        };
        let json = serde_json::to_string(&paper).expect("plain data with finite numbers has a JSON form");
        Ok(json.replacen(",\"config\"", ",\n\"config\"", 1) + "\n")
    }

    /// Reads a file and checks all of it.
    ///
    /// # Errors
    /// A [`ModelFileError`] that says what is wrong and what to do.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ModelFileError> {
        check_heading(bytes, FORMAT, VERSION)?;
        let paper: Paper = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
        let Some(tokenizer) = Tokenizer::from_chars(&paper.vocab) else {
            return Err(ModelFileError::Vocabulary { vocab: paper.vocab });
        };
        let plan = Plan::new(paper.config, tokenizer.vocab_size())?;
        let [found, expected] = [paper.params.len(), plan.layout().n_params];
        if found != expected {
            return Err(ModelFileError::ParamCount { found, expected });
        }
        check_finite(&paper.params)?;
        let [found, expected] = [sha256_of_f64(&paper.params), paper.provenance.params_sha256.clone()];
        if found != expected {
            return Err(ModelFileError::Fingerprint { found, expected });
        }
        let about = &paper.provenance;
        let corpus = paper.documents.map(|documents| check_documents(&documents, &tokenizer, about)).transpose()?;
        Ok(Self { plan, tokenizer, params: paper.params, provenance: paper.provenance, corpus })
    }
}

impl From<HeadingError> for ModelFileError {
    fn from(error: HeadingError) -> Self {
        match error {
            HeadingError::Truncated { line, column } => Self::Truncated { line, column },
            HeadingError::NotJson { problem } => Self::NotJson { problem },
            HeadingError::Duplicate { problem } => Self::Malformed { problem },
            HeadingError::Foreign => Self::Foreign,
            HeadingError::UnknownVersion { found } => Self::UnknownVersion { found },
        }
    }
}

fn malformed(error: &serde_json::Error) -> ModelFileError {
    ModelFileError::Malformed { problem: error.to_string() }
}

fn check_finite(params: &[f64]) -> Result<(), ModelFileError> {
    match params.iter().position(|param| !param.is_finite()) {
        Some(index) => Err(ModelFileError::NotFinite { index, value: params[index] }),
        None => Ok(()),
    }
}

fn check_documents(documents: &[String], tokenizer: &Tokenizer, about: &Provenance) -> Result<Corpus, ModelFileError> {
    let refuse = |problem: String| ModelFileError::Documents { problem };
    let corpus = Corpus::parse(&documents.join("\n")).map_err(|error| refuse(error.to_string()))?;
    for document in corpus.documents() {
        tokenizer.encode(document).map_err(|error| refuse(error.to_string()))?;
    }
    let [found, expected] = [corpus.documents().len(), about.num_docs as usize];
    if found != expected {
        return Err(refuse(format!("there are {found}, but num_docs says {expected}: some were added or removed")));
    }
    let found = sha256_of_lines(corpus.documents());
    if let Some(expected) = about.documents_sha256.as_ref().filter(|&expected| *expected != found) {
        let problem = format!("their fingerprint is {found}, but documents_sha256 says {expected}: some were edited");
        return Err(refuse(problem));
    }
    Ok(corpus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::{Preset, Setup};
    use proptest::prelude::*;

    fn model(config: Config, text: &str) -> SavedModel {
        let corpus = Corpus::parse(text).expect("a corpus");
        let mut engine = crate::engine::Engine::new(
            crate::engine::EngineKind::Fused,
            Setup::new(config, &corpus).expect("valid settings"),
        );
        let loss = engine.step();
        let setup = engine.setup();
        let provenance = Provenance {
            engine: TrainedBy::Fused,
            steps: 1,
            loss,
            corpus: "test".into(),
            corpus_sha256: crate::fingerprint::sha256_of_bytes(text.as_bytes()),
            num_docs: corpus.documents().len() as u32,
            documents_sha256: Some(sha256_of_lines(corpus.documents())),
            params_sha256: sha256_of_f64(&setup.params),
            glassgpt_version: "0.1.0".into(),
        };
        SavedModel {
            plan: setup.plan.clone(),
            tokenizer: setup.tokenizer.clone(),
            params: setup.params.clone(),
            provenance,
            corpus: Some(corpus),
        }
    }

    fn small() -> SavedModel {
        let config = Config { n_embd: 2, n_head: 1, block_size: 3, ..Preset::Blog.config() };
        model(config, "ab\nba\n")
    }

    fn error(json: &str) -> String {
        SavedModel::from_json(json.as_bytes()).expect_err("not a model").to_string()
    }

    #[test]
    fn a_model_comes_back_bit_by_bit() {
        let saved = small();
        let json = saved.to_json().expect("finite");
        assert_eq!(SavedModel::from_json(json.as_bytes()).expect("a model"), saved);
        assert!(json.starts_with("{\"format\":\"glassgpt-model\",\"version\":1,\n\"config\":{"));
    }

    #[test]
    fn a_large_corpus_stays_at_home() {
        let saved = model(small().plan.config().clone(), &"abababab\n".repeat(MAX_DOCUMENT_BYTES / 9 + 1));
        let json = saved.to_json().expect("finite");
        assert!(SavedModel::from_json(json.as_bytes()).expect("a model").corpus.is_none());
    }

    #[test]
    fn what_is_not_a_model_is_refused_in_plain_words() {
        let json = small().to_json().expect("finite");
        assert!(error("").contains("not JSON"));
        assert!(error("  \n").contains("not JSON"));
        assert!(error("emma\nolivia\n").contains("not JSON"));
        assert!(error("{}").contains("not a glassgpt model"));
        assert!(error("[1, 2]").contains("not a glassgpt model"));
        assert!(error("{\"format\": \"onnx\"}").contains("not a glassgpt model"));
        let twice = "{\"format\": \"glassgpt-model\", \"format\": \"glassgpt-model\"}";
        assert!(error(twice).contains("duplicate field `format`"), "{}", error(twice));
        assert!(error(&json[..json.len() / 2]).contains("ends too early"));
        assert!(error(&json.replace("\"version\":1", "\"version\":2")).contains("version 2"));
        assert!(error(&json.replace("\"version\":1", "\"version\":\"1\"")).contains("version \"1\""));
        assert!(error(&json.replace("\"n_head\"", "\"heads\"")).contains("heads"));
        assert!(error(&json.replace("\"n_head\":1", "\"n_head\":5")).contains("n_head is 5"));
        assert!(error(&json.replace("\"n_embd\":2", "\"n_embd\":512")).contains("call for"));
        assert!(error(&json.replace("\"vocab\":\"ab\"", "\"vocab\":\"ba\"")).contains("code-point order"));
        assert!(error(&json.replace("\"vocab\":\"ab\"", "\"vocab\":\"aa\"")).contains("code-point order"));
        assert!(error(&json.replace("\"params\":[", "\"params\":[1.0,")).contains("call for"));
        assert!(
            error(&json.replace("\"vocab\":\"ab\"", "\"vocab\":\"bc\"")).contains("are not those it was trained on")
        );
        assert!(
            error(&json.replace("\"documents\":[\"ab\"", "\"documents\":[\"xy\""))
                .contains("are not those it was trained on")
        );
    }

    #[test]
    fn one_changed_bit_is_noticed() {
        let mut saved = small();
        saved.params[0] = f64::from_bits(saved.params[0].to_bits() ^ 1);
        let json = saved.to_json().expect("finite");
        assert!(error(&json).contains("fingerprint"));
    }

    #[test]
    fn one_edited_document_is_noticed() {
        let json = small().to_json().expect("finite");
        let edited = json.replace("[\"ab\",\"ba\"]", "[\"ab\",\"bb\"]");
        let said = error(&edited);
        assert!(said.contains("are not those it was trained on") && said.contains("documents_sha256"), "{said}");
        let swapped = json.replace("[\"ab\",\"ba\"]", "[\"ba\",\"ab\"]");
        assert!(error(&swapped).contains("documents_sha256"), "their order is the order of training");
    }

    #[test]
    fn an_older_file_has_no_fingerprint_of_its_documents_and_is_read() {
        let mut older = small();
        older.provenance.documents_sha256 = None;
        let json = older.to_json().expect("finite");
        assert!(!json.contains("documents_sha256"));
        assert_eq!(SavedModel::from_json(json.as_bytes()).expect("a model"), older);
    }

    #[test]
    fn a_diverged_model_is_not_saved() {
        let mut saved = small();
        saved.params[3] = f64::NAN;
        assert!(saved.to_json().expect_err("not finite").to_string().contains("params[3] is NaN"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_model_comes_back(
            n_head in 1u32..3, d in 1u32..3, n_layer in 1u32..3, block_size in 1u32..5, seed in -9i64..9,
            words in proptest::collection::vec("[a-zé \\-]{0,5}[a-zß]", 1..6),
            params in proptest::collection::vec(any::<f64>().prop_filter("finite", |x| x.is_finite()), 16),
        ) {
            let config = Config { n_embd: n_head * d, n_head, n_layer, block_size, seed, ..Preset::Gist.config() };
            let mut saved = model(config, &words.join("\n"));
            for (param, arbitrary) in saved.params.iter_mut().zip(params) {
                *param = arbitrary;
            }
            saved.provenance.params_sha256 = sha256_of_f64(&saved.params);
            let json = saved.to_json().expect("finite");
            prop_assert_eq!(SavedModel::from_json(json.as_bytes()).expect("a model"), saved);
        }

        #[test]
        fn nothing_makes_it_panic(cut in 0usize..4000, changes in proptest::collection::vec((0usize..4000, any::<u8>()), 0..6)) {
            let mut bytes = small().to_json().expect("finite").into_bytes();
            for (at, byte) in changes {
                let len = bytes.len();
                bytes[at % len] = byte;
            }
            let keep = cut.max(1) % bytes.len();
            let whole = SavedModel::from_json(&bytes);
            if let Ok(model) = whole {
                prop_assert!(model.to_json().is_ok());
            }
            prop_assert!(SavedModel::from_json(&bytes[..keep]).is_err());
        }

        #[test]
        fn any_cut_is_an_error(keep in 0usize..4000) {
            let json = small().to_json().expect("finite");
            let keep = keep % (json.len() - 2);
            prop_assert!(SavedModel::from_json(&json.as_bytes()[..keep]).is_err());
        }
    }
}
