//! A model written to a file comes back as the same model; what is not one is refused.

use crate::support::{Folder, bad, good, original_names};

#[test]
fn a_model_from_a_file_writes_what_the_trained_one_writes() {
    let folder = Folder::new("round-trip");
    let out = folder.file("model.json");
    let trained = good(&["train", "--preset", "startups", "--steps", "200", "--out", &out]);
    assert!(trained.stderr.contains("wrote "), "{}", trained.stderr);
    assert_eq!(folder.names(), ["model.json"]);
    for more in [&["--seed", "7"][..], &["--seed", "-9", "--temperature", "1", "--top-k", "5", "--prefix", "za"]] {
        let from_file = good(&[&["generate", "--model", &out, "--json"], more].concat());
        let on_the_spot = good(&[&["generate", "--preset", "startups", "--steps", "200", "--json"], more].concat());
        assert_eq!(from_file.stdout, on_the_spot.stdout);
        assert_eq!(from_file.json().len(), 20);
    }
    let unseeded = good(&["generate", "--model", &out]).stdout;
    assert_eq!(unseeded, good(&["generate", "--model", &out, "--seed", "42"]).stdout);
}

#[test]
fn without_a_seed_the_training_generator_goes_on() {
    let trained = good(&["train", "--steps", "100"]);
    let generated = good(&["generate", "--steps", "100"]);
    assert_eq!(trained.stdout, generated.stdout);
}

#[test]
fn greedy_writing_repeats_itself_and_prefixes_are_kept() {
    let events =
        good(&["generate", "--steps", "100", "--temperature", "0", "-n", "3", "--prefix", "em", "--json"]).json();
    assert!(events[0]["text"].as_str().unwrap().starts_with("em"));
    assert_eq!(events[0]["text"], events[2]["text"]);
}

#[test]
fn texts_in_the_data_are_marked() {
    let folder = Folder::new("in-the-data");
    let corpus = folder.file("one.txt");
    std::fs::write(&corpus, "aa\n").unwrap();
    let out = folder.file("model.json");
    good(&["train", "--corpus", &corpus, "--steps", "200", "--out", &out]);
    let run = good(&["generate", "--model", &out, "--temperature", "0", "-n", "1"]);
    assert_eq!(run.stdout.split_whitespace().collect::<Vec<_>>(), ["aa", "in", "the", "data"]);
    assert!(run.stderr.contains("0 of 1 text is new"), "{}", run.stderr);
}

#[test]
fn a_corpus_too_large_to_travel_is_unknown_to_its_model() {
    let folder = Folder::new("large");
    let corpus = folder.file("large.txt");
    std::fs::write(&corpus, "abcdefghijklmno\n".repeat(70_000)).unwrap();
    let out = folder.file("model.json");
    good(&["train", "--corpus", &corpus, "--steps", "2", "--out", &out]);
    let run = good(&["generate", "--model", &out, "-n", "2", "--json"]);
    assert!(run.json()[0]["in_corpus"].is_null());
}

#[test]
fn damaged_and_foreign_files_are_refused_in_plain_words() {
    let folder = Folder::new("damaged");
    let file = folder.file("model.json");
    good(&["train", "--steps", "1", "--out", &file]);
    let whole = std::fs::read(&file).unwrap();
    let said = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        bad(2, &["generate", "--model", &file])
    };
    assert!(said(&whole[..whole.len() / 2]).contains("ends too early"));
    assert!(said(b"emma\nolivia\n").contains("not a glassgpt model"));
    assert!(said(b"{\"a\": 1}").contains("not a glassgpt model"));
    assert!(said(b"").contains("not a glassgpt model"));
    let later = String::from_utf8(whole).unwrap().replace("\"version\":1", "\"version\":9");
    assert!(said(later.as_bytes()).contains("version 9"));
    let said = bad(4, &["generate", "--model", &folder.file("absent.json")]);
    assert!(said.contains("absent.json") && said.contains("No such file"), "{said}");
}

#[test]
fn a_place_that_cannot_be_written_is_found_before_training() {
    let folder = Folder::new("unwritable");
    let said = bad(4, &["train", "--steps", "10000000", "--out", &folder.file("no/such/folder.json")]);
    assert!(said.contains("create it first"), "{said}");
    let said = bad(4, &["train", "--steps", "10000000", "--out", folder.path().to_str().unwrap()]);
    assert!(said.contains("directory"), "{said}");
}

#[test]
fn explain_tells_the_stages_with_the_models_own_numbers() {
    let run = good(&["explain", "emma", "--steps", "50"]);
    for stage in
        ["1  Tokens", "2  Embedding", "3  Attention, layer 0", "4  MLP, layer 0", "5  Logits", "6  Prob", "7  The draw"]
    {
        assert!(run.stdout.contains(stage), "{stage}");
    }
    assert!(run.stdout.contains("wte[0]") && run.stdout.contains("wpe[4]"));
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80));
    let json = &good(&["explain", "emma", "--steps", "50", "--json"]).json()[0];
    assert_eq!(json["type"], "explanation");
    assert_eq!(json["layers"][0]["heads"].as_array().unwrap().len(), 4);
    assert_eq!(json["probs"].as_array().unwrap().len(), 27);
    // The draw is the one `generate` makes.
    let written = &good(&["generate", "--steps", "50", "--prefix", "emma", "-n", "1", "--json"]).json()[0];
    let next = written["text"].as_str().unwrap().chars().nth(4).map_or("BOS".into(), String::from);
    assert_eq!(json["draw"]["chosen"]["label"], next);
}

#[test]
fn the_graph_is_the_references() {
    let counts = |args: &[&str]| {
        let json = &good(&[&["graph"], args, &["--json"]].concat()).json()[0];
        (json["nodes"].as_u64().unwrap(), json["edges"].as_u64().unwrap())
    };
    assert_eq!(counts(&["emma"]), (43_091, 75_632));
    assert_eq!(counts(&["yuheng"]), (59_647, 107_060));
    assert_eq!(counts(&["abcdefghijklmnopqrst"]), (139_027, 256_802)); // 15 different letters fill the context
    if let Some(names) = original_names() {
        assert_eq!(counts(&["emma", "--corpus", names]), (43_091, 75_632));
    }
    let run = good(&["graph", "emma"]);
    assert!(run.stdout.contains("43,091  75,632"), "{}", run.stdout);
}
