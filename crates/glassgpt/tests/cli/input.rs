//! Bad input is refused with the field, the value, what is allowed, and a way out.

use crate::support::{Folder, bad, good, run};

/// Expects exit code 2 and all of these words.
fn refused(args: &[&str], words: &[&str]) {
    let said = bad(2, args);
    for word in words {
        assert!(said.contains(word), "{args:?} should say {word:?} and says: {said}");
    }
}

#[test]
fn settings_out_of_bounds() {
    refused(&["train", "--n-embd", "513"], &["n_embd is 513", "from 1 to 512", "--n-embd"]);
    refused(&["train", "--n-head", "3"], &["n_head is 3", "16", "try 1, 2, 4, 8, 16"]);
    refused(&["train", "--n-layer", "0"], &["n_layer is 0", "from 1 to 16"]);
    refused(&["train", "--block-size", "2000"], &["block_size is 2000", "from 1 to 1024"]);
    refused(&["train", "--steps", "0"], &["steps is 0", "from 1 to 10000000"]);
    refused(&["train", "--learning-rate", "-1"], &["learning_rate is -1", "from 0 to 10", "--learning-rate"]);
    refused(&["train", "--learning-rate", "nan"], &["learning_rate is NaN"]);
    refused(&["train", "--beta2", "1"], &["beta2 is 1", "below 1"]);
    refused(&["train", "--eps", "0"], &["eps is 0", "above 0"]);
    refused(&["train", "--n-embd", "512", "--n-layer", "16"], &["parameters", "at most 20000000"]);
    refused(&["train", "--temperature", "-1"], &["temperature is -1", "from 0 to 100"]);
    refused(&["generate", "--top-k", "0"], &["top_k is 0", "at least 1"]);
    refused(&["generate", "--top-p", "1.5"], &["top_p is 1.5", "at most 1"]);
}

#[test]
fn flags_that_cannot_be_read() {
    refused(&["train", "--n-embd", "wide"], &["wide", "--n-embd"]);
    refused(&["train", "--schedule", "exponential"], &["exponential", "linear, cosine, constant"]);
    refused(&["train", "--preset", "gpt4"], &["gpt4", "blog, gist, startups"]);
    refused(&["generate", "--model", "m.json", "--steps", "5"], &["--model", "--steps", "cannot be used with"]);
    refused(&["generate", "-n", "0"], &["0 is not in 1..="]);
    refused(&["launch"], &["launch"]);
    refused(&[], &["Usage"]);
}

#[test]
fn seeds_name_the_bound_that_holds() {
    let [engine, lab] = [(i64::MIN, i64::MAX), (1 - (1 << 53), (1 << 53) - 1)];
    for (args, flag, (min, max)) in [
        (&["train"][..], "--seed", engine),
        (&["generate"], "--seed", engine),
        (&["generate"], "--train-seed", engine),
        (&["explain", "a"], "--seed", engine),
        (&["why"], "--train-seed", engine),
        (&["read", "loss"], "--train-seed", engine),
        (&["graph", "a"], "--seed", engine),
        (&["export", "csv"], "--seed", lab),
        (&["lab"], "--seed", lab),
    ] {
        let bound = format!("a whole number from {min} to {max}");
        for value in [i128::from(min) - 1, i128::from(max) + 1] {
            refused(&[args, &[flag, &value.to_string()]].concat(), &[flag, &value.to_string(), &bound]);
        }
        refused(&[args, &[flag, "1.5"]].concat(), &[flag, "1.5", &bound]);
        let help = good(&[args[0], "--help"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(&bound), "{args:?} {flag}: {help}");
    }
    for seed in [i64::MIN, i64::MAX] {
        good(&["graph", "a", "--seed", &seed.to_string()]);
    }
}

#[test]
fn corpora_that_are_none() {
    refused(&["train", "--corpus", "nmaes"], &["no corpus \"nmaes\"", "names, startups, dinosaurs, words, karpathy"]);
    refused(&["train", "--corpus", "karpathy"], &["glassgpt data fetch karpathy"]);
    let folder = Folder::new("corpora");
    let file = folder.file("bad.txt");
    std::fs::write(&file, b"emma\n\xff\n").unwrap();
    refused(&["train", "--corpus", &file], &["bad.txt", "not UTF-8", "line 2"]);
    std::fs::write(&file, " \n\n").unwrap();
    refused(&["data", "show", &file], &["empty"]);
    assert_eq!(run(&["train", "--corpus", folder.path().to_str().unwrap()]).code, 4);
}

#[test]
fn words_that_do_not_fit() {
    refused(&["graph", "zoë"], &["'ë' (U+00EB)", "vocabulary"]);
    refused(&["explain", "Emma"], &["'E'"]);
    refused(&["explain", "emmaemmaemmaemma"], &["16 characters", "at most 15"]);
    refused(&["generate", "--prefix", "emmaemmaemmaemma"], &["at most 15"]);
    refused(&["graph", "emma", "--n-embd", "512", "--block-size", "1024", "--n-layer", "6"], &["nodes", "smaller"]);
}

#[test]
fn a_scalar_graph_too_large_for_memory_is_refused() {
    let args = ["train", "--engine", "scalar", "--n-embd", "512", "--n-layer", "6"];
    refused(&args, &["nodes", "use the fused engine"]);
}
