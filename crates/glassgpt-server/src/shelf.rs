//! The corpora that people add: on the shelf for everyone, and in the store.
//!
//! Why a name is enough for a session: it takes the text along when it begins (see `Library::lend`), so a corpus can be taken
//! away without taking anything from a session.

use glassgpt_lab::Library;
use glassgpt_lab::protocol::{CorpusEntry, Refusal};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::error::ApiError;
use crate::store::{KeptCorpus, Store, StoreError};

/// Where they stand.
pub(crate) struct Shelf {
    library: Library,
    store: Store,
    most: usize,
    /// Held while something is put there or taken away, so that library and store agree.
    sorting: Mutex<()>,
}

impl Shelf {
    pub(crate) fn new(library: Library, store: Store, most: usize) -> Self {
        Self { library, store, most, sorting: Mutex::default() }
    }

    /// Puts back what the store has. What cannot stand there any more, because the program now has one of that name, is left.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(crate) async fn fill(&self) -> Result<(), StoreError> {
        for KeptCorpus { name, about, text } in self.store.corpora().await? {
            if let Err(refusal) = self.library.lend(&name, &about, &text) {
                tracing::warn!(name, reason = refusal.message, "a corpus that was added cannot be used");
            }
        }
        Ok(())
    }

    /// Adds one.
    ///
    /// # Errors
    /// If there are as many as may be, the name is taken, the text is no corpus, or it cannot be written down.
    pub(crate) async fn add(&self, corpus: KeptCorpus) -> Result<CorpusEntry, ApiError> {
        let _alone = self.sorting.lock().await;
        if self.library.n_lent() >= self.most {
            let message = format!("{} corpora were added already; remove one (DELETE /api/v1/corpora/NAME)", self.most);
            return Err(Refusal::general(message).into());
        }
        let library = self.library.clone();
        let lend = move || library.lend(&corpus.name, &corpus.about, &corpus.text).map(|entry| (entry, corpus));
        let (entry, corpus) = spawn_blocking(lend).await.map_err(|_| ApiError::Closing)??;
        if let Err(error) = self.store.keep_corpus(corpus).await {
            self.library.take_back(&entry.name);
            return Err(ApiError::not_saved(error));
        }
        tracing::info!("a corpus was added");
        Ok(entry)
    }

    /// Removes one.
    ///
    /// # Errors
    /// If there is none of that name, it is part of the program, or that cannot be written down.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), ApiError> {
        let _alone = self.sorting.lock().await;
        if self.library.get(name).is_none() {
            return Err(ApiError::UnknownCorpus { name: name.to_string() });
        }
        if !self.library.is_lent(name) {
            return Err(Refusal::general("this corpus is part of the program; only those that were added go").into());
        }
        self.store.drop_corpus(name).await.map_err(ApiError::not_saved)?;
        self.library.take_back(name);
        tracing::info!("a corpus was removed");
        Ok(())
    }
}
