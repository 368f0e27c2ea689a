//! The corpora, the way text is read, and the vocabulary.

use std::sync::Arc;

use glassgpt_core::corpora::{EMBEDDED, embedded};
use glassgpt_core::{Corpus, CorpusError, Encoded, Preset, Setup, Tokenizer};
use proptest::prelude::*;

fn bytes(hex: &str) -> Vec<u8> {
    let pair = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex");
    if hex == "-" { Vec::new() } else { (0..hex.len()).step_by(2).map(pair).collect() }
}

fn code_points(words: &[&str]) -> Vec<u32> {
    words.iter().map(|word| u32::from_str_radix(word, 16).expect("hex")).collect()
}

#[test]
fn text_is_read_as_python_reads_it() {
    let mut compared = 0;
    for line in include_str!("../golden/strip.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        // A character is blank if a line of it alone is no document; it ends a line if it parts two documents.
        let all = || (0..=0x0010_ffff).filter_map(char::from_u32);
        match words[0] {
            "strip" => {
                let blank = all().filter(|c| Corpus::parse(&format!("x{c}")).is_ok_and(|corpus| corpus.contains("x")));
                assert_eq!(blank.map(|c| c as u32).collect::<Vec<_>>(), code_points(&words[1..]));
            }
            "newline" => {
                let ends = all().filter(|c| Corpus::parse(&format!("x{c}y")).is_ok_and(|corpus| corpus.contains("x")));
                assert_eq!(ends.map(|c| c as u32).collect::<Vec<_>>(), code_points(&words[1..]));
            }
            "docs" => {
                let expected: Vec<Vec<u8>> = words
                    .get(2)
                    .map_or(Vec::new(), |list| list.split(',').filter(|d| !d.is_empty()).map(bytes).collect());
                match Corpus::from_utf8(&bytes(words[1])) {
                    Ok(corpus) => {
                        let documents: Vec<&[u8]> = corpus.documents().iter().map(String::as_bytes).collect();
                        assert_eq!(documents, expected, "{line}");
                    }
                    Err(error) => assert_eq!((error, expected.len()), (CorpusError::Empty, 0), "{line}"),
                }
            }
            other => panic!("unknown kind of line: {other}"),
        }
        compared += 1;
    }
    assert!(compared > 5);
}

#[test]
fn embedded_corpora_are_what_they_say() {
    let least =
        [("names", 2000, 2..=15), ("startups", 300, 2..=20), ("dinosaurs", 300, 2..=30), ("words", 1000, 1..=8)];
    assert_eq!(EMBEDDED.map(|corpus| corpus.name), least.clone().map(|(name, ..)| name));
    for (name, least_documents, lengths) in least {
        let corpus = Corpus::parse(embedded(name).expect("embedded").text).expect("a corpus");
        assert!(corpus.documents().len() >= least_documents, "{name} has {} documents", corpus.documents().len());
        assert_eq!(corpus.n_unique(), corpus.documents().len(), "{name} repeats itself");
        assert!(corpus.documents().is_sorted(), "{name} is sorted");
        let alphabet: String = Tokenizer::new(&corpus).chars().iter().collect();
        assert_eq!(alphabet, "abcdefghijklmnopqrstuvwxyz", "{name}");
        for document in corpus.documents() {
            assert!(lengths.contains(&document.len()), "{document:?} in {name}");
        }
    }
}

#[test]
fn bad_text_is_refused_with_its_place() {
    assert_eq!(Corpus::parse(" \n\t\r\n"), Err(CorpusError::Empty));
    assert_eq!(Corpus::from_utf8(b"ab\nc\xff"), Err(CorpusError::NotUtf8 { offset: 4, line: 2 }));
    assert_eq!(Corpus::from_utf8(b"emma\rolivia\r\xe5ke\r"), Err(CorpusError::NotUtf8 { offset: 12, line: 3 }));
    assert_eq!(Corpus::from_utf8(b"emma\r\nolivia\r\n\xe5ke"), Err(CorpusError::NotUtf8 { offset: 14, line: 3 }));
}

#[test]
fn unknown_characters_are_named_once_each() {
    let tokenizer = Tokenizer::new(&Corpus::parse("abc").expect("a corpus"));
    let error = tokenizer.encode("aXbYXé").expect_err("three are unknown");
    assert_eq!(error.unknown, ['X', 'Y', 'é']);
    let message = error.to_string();
    assert_eq!(
        message,
        "these characters are not in the vocabulary: 'X' (U+0058), 'Y' (U+0059), 'é' (U+00E9); it has abc"
    );
    assert_eq!(tokenizer.encode_document("cab"), Ok(vec![3, 2, 0, 1, 3]));
    assert_eq!((tokenizer.label(3), tokenizer.label(0)), ("BOS".to_string(), "a".to_string()));
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(text in "\\PC{1,20}") {
        let Ok(corpus) = Corpus::parse(&text) else { return Ok(()) };
        let tokenizer = Tokenizer::new(&corpus);
        for document in corpus.documents() {
            let ids = tokenizer.encode_document(document).expect("its own vocabulary");
            prop_assert_eq!(&tokenizer.decode(&ids), document);
            prop_assert!(ids.iter().all(|&id| (id as usize) < tokenizer.vocab_size()));
        }
        let chars: String = tokenizer.chars().iter().collect();
        prop_assert_eq!(Tokenizer::from_chars(&chars), Some(tokenizer));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(corpus) = Corpus::from_utf8(&bytes) {
            prop_assert!(corpus.documents().iter().all(|document| !document.is_empty() && corpus.contains(document)));
        }
    }
}

#[test]
fn a_part_of_a_corpus_is_trained_on_with_the_vocabulary_of_all() {
    let all = Corpus::parse("emma\nava\nzoe\n").expect("a corpus");
    let tokenizer = Tokenizer::new(&all);
    let encoded = Arc::new(Encoded::new(&all, &tokenizer));
    let part = Arc::new(encoded.part(0..2));
    assert_eq!(*part, Encoded::new(&Corpus::parse("emma\nava\n").expect("a corpus"), &tokenizer));
    assert_eq!(part.documents().collect::<Vec<_>>(), [part.document(0), part.document(1)]);
    let config = Preset::Blog.config();
    let setup = Setup::of_encoded(config.clone(), tokenizer.clone(), part).expect("valid settings");
    assert_eq!((setup.tokenizer.vocab_size(), setup.documents.len()), (7, 2)); // a e m o v z BOS
    let whole = Setup::new(config.clone(), &all).expect("valid settings");
    let same = Setup::of_encoded(config, tokenizer, encoded).expect("valid settings");
    assert_eq!((same.params, same.random, same.documents), (whole.params, whole.random, whole.documents));
}
