//! Any bytes as a corpus: what parses is whole, can be counted, and can be trained on.
//!
//! Why beside each other: a character that one of parser, tokenizer and statistics sees differently moves every number after.

use std::cell::LazyCell;

use glassgpt_core::{Config, Corpus, Tokenizer};
use glassgpt_lab::protocol::{Command, CorpusSource, Spec};
use glassgpt_lab::statistics::CorpusStatistics;
use glassgpt_lab::{Answer, Question, Session};

use crate::again::json;
use crate::small;

thread_local! {
    static SESSION: LazyCell<Session> = const { LazyCell::new(small::session) };
}

/// Reads the bytes as a corpus, counts it, and trains a step on it.
///
/// # Panics
/// If the documents are not those of the file, or the figures do not add up.
pub fn corpus(bytes: &[u8]) {
    let corpus = match Corpus::from_utf8(bytes) {
        Ok(corpus) => corpus,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let text = std::str::from_utf8(bytes).expect("a corpus is UTF-8");
    check_documents(&corpus);
    let source = CorpusSource::Text { name: "any".into(), text: text.to_string() };
    let question = Question::Corpus { source: source.clone(), seed: Some(7) };
    match SESSION.with(|session| session.ask(&question)) {
        Ok(Answer::Corpus(statistics)) => check_statistics(&statistics, &corpus),
        Ok(other) => panic!("{other:?} is no answer to this"),
        Err(refusal) => assert_eq!(refusal.field.as_deref(), Some("corpus"), "{refusal}"),
    }
    let spec = Spec { config: Config { steps: 2, ..small::spec().config }, corpus: source, ..small::spec() };
    match Session::new(&spec, small::library()) {
        Ok(mut session) => drop(session.apply(Command::Step).expect("a fresh session can train")),
        Err(refusal) => drop(json(&refusal)),
    }
}

fn check_documents(corpus: &Corpus) {
    let documents = corpus.documents();
    assert!(
        !documents.is_empty() && documents.iter().all(|document| !document.is_empty() && corpus.contains(document))
    );
    assert_eq!(Corpus::parse(&documents.join("\n")).as_ref(), Ok(corpus), "its documents are the same corpus");
    let tokenizer = Tokenizer::new(corpus);
    for document in documents {
        let tokens = tokenizer.encode(document).expect("the vocabulary has every character");
        assert_eq!(tokenizer.decode(&tokens), *document);
    }
}

fn check_statistics(statistics: &CorpusStatistics, corpus: &Corpus) {
    json(statistics);
    let lengths = || corpus.documents().iter().map(|document| document.chars().count() as u32);
    assert_eq!(statistics.num_docs, corpus.documents().len() as u32);
    assert_eq!(statistics.num_unique, corpus.n_unique() as u32);
    assert_eq!(statistics.num_chars, lengths().sum::<u32>());
    assert_eq!((Some(statistics.shortest), Some(statistics.longest)), (lengths().min(), lengths().max()));
    let of =
        |field: fn(&glassgpt_lab::statistics::CharacterCount) -> u32| statistics.characters.iter().map(field).sum();
    let [count, begins, ends]: [u32; 3] = [of(|c| c.count), of(|c| c.begins), of(|c| c.ends)];
    assert_eq!([count, begins, ends], [statistics.num_chars, statistics.num_docs, statistics.num_docs]);
    assert_eq!(statistics.lengths.iter().map(|length| length.count).sum::<u32>(), statistics.num_docs);
    assert_eq!(statistics.vocab_size as usize, statistics.characters.len() + 1);
    assert_eq!(statistics.first.len(), statistics.shuffled.len());
}
