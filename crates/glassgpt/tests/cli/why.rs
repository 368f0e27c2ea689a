//! `why`: its explanations as they were reviewed, and what it refuses. Exact bits make the text the same everywhere.

use crate::support::{Folder, bad, good};

/// What it prints, as reviewed. `INSTA_UPDATE=always cargo test -p glassgpt --test cli why` renews it.
macro_rules! reviewed {
    ($name:literal, $($arg:literal),+) => {
        insta::assert_snapshot!($name, without_line_numbers(&good(&["why", $($arg),+]).stdout))
    };
}

/// Line numbers change with every edit above them; that they are right is tested where they are found.
fn without_line_numbers(text: &str) -> String {
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let line = |line: &str| match line.rsplit_once(':') {
        Some((file, number)) if file.ends_with(".rs") || file.ends_with(".py") => {
            assert!(number.parse::<u32>().is_ok(), "{line}");
            format!("{file}:N\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn explanations_are_as_they_were_reviewed() {
    reviewed!("why-loss", "--doc", "emma");
    reviewed!("why-query", "p1/layer0.q[13]", "--doc", "emma", "--depth", "0");
    reviewed!("why-weight", "p2/layer0.head1.weights[0]", "--doc", "emma", "--uses", "--nudge", "--depth", "2");
    reviewed!("why-embedding", "p1/tok_emb[3]", "--doc", "emma", "--uses");
    reviewed!("why-gradient", "lm_head[4][3]", "--doc", "emma", "--gradient", "--depth", "0");
    reviewed!("why-update", "layer0.attn_wq[3][2].next", "--step", "120", "--depth", "4", "--nudge=1e-4");
    reviewed!("why-relu2", "p2/layer0.act[5]", "--preset", "gist", "--doc", "emma", "--depth", "3");
    reviewed!("why-node", "step:50/text:ava/node:9000");
    reviewed!("why-head-gradient", "p2/layer0.head1.weights[0]", "--doc", "emma", "--gradient");
    reviewed!("why-hidden", "p1/layer0.fc2[3]", "--doc", "emma");
}

#[test]
fn long_explanations_are_cut_unless_asked_for_in_full() {
    let lines = |args: &[&str]| good(&[&["why", "--doc", "emma"], args].concat()).stdout.lines().count();
    for args in [&["p0/probs[4]", "--depth", "2"][..], &["p1/layer0.fc2[3]"], &["p1/layer0.attn_norm_scale.grad"]] {
        let (cut, full) = (lines(args), lines(&[args, &["--full"]].concat()));
        assert!(cut < 60 && full > cut + 10, "{args:?}: {cut} and {full} lines");
    }
    assert!(good(&["why", "p0/probs[4]", "--depth", "2", "--full"]).stdout.contains("p0/exps[25] = "));
    assert!(bad(2, &["why", "--full", "--json"]).contains("cannot be used with"));
}

#[test]
fn json_has_every_number_in_full() {
    let it = &good(&["why", "p1/logits[4]", "--doc", "emma", "--json", "--uses", "--nudge", "--depth", "0"]).json()[0];
    assert_eq!((&it["type"], &it["step"], &it["text"]), (&"why".into(), &1000.into(), &"emma".into()));
    let rung = &it["rungs"][0];
    assert_eq!(rung["address"], "p1/logits[4]");
    assert_eq!(rung["made"]["term"]["op"], "sum");
    assert_eq!(rung["made"]["term"]["terms"].as_array().unwrap().len(), 16);
    assert_eq!(rung["made"]["term"]["partial_sums"][15], rung["value"]);
    assert_eq!(it["uses"]["groups"][0]["address"], "p1/exps[4]");
    assert!(it["nudge"]["digits"].as_f64().unwrap() > 5.0);
    let gradient = &good(&["why", "wte[0][0].grad", "--doc", "ava", "--json"]).json()[0];
    let contributions = gradient["rungs"][0]["made"]["contributions"].as_array().unwrap();
    assert_eq!(contributions.len(), 2, "the two a's");
    assert_eq!(contributions[1]["partial_sum"], gradient["rungs"][0]["value"]);
}

#[test]
fn flag_and_address_mean_the_same() {
    let by_flags = good(&["why", "p1/loss", "--doc", "emma", "--step", "7", "--json"]).stdout;
    assert_eq!(by_flags, good(&["why", "step:7/text:emma/p1/loss", "--json"]).stdout);
    assert_eq!(by_flags, good(&["why", "step:7/p1/loss", "--doc", "emma", "--step", "7", "--json"]).stdout);
}

#[test]
fn a_model_file_is_explained() {
    let folder = Folder::new("why");
    let file = folder.file("model.json");
    good(&["train", "--steps", "20", "--out", &file]);
    let from_file = good(&["why", "p1/logits[4]", "--model", &file, "--doc", "emma", "--json"]).stdout;
    assert_eq!(from_file, good(&["why", "p1/logits[4]", "--steps", "20", "--doc", "emma", "--json"]).stdout);
    assert!(bad(2, &["why", "--model", &file]).contains("--doc WORD"));
    assert!(bad(2, &["why", "wte[0][0].m", "--model", &file, "--doc", "emma"]).contains("optimizer's memory"));
    assert!(bad(2, &["why", "step:7/loss", "--model", &file, "--doc", "emma"]).contains("after 20 steps"));
}

#[test]
fn what_does_not_exist_is_refused_before_anything_is_trained() {
    let refused = |args: &[&str], words: &[&str]| {
        let said = bad(2, &[&["why"], args].concat());
        assert!(!said.contains("documents"), "it trained: {said}");
        for word in words {
            assert!(said.contains(word), "{args:?} should say {word:?} and says: {said}");
        }
    };
    refused(&["p1/quer[0]"], &["\"quer\"", "logits"]);
    refused(&["p9/logits[0]", "--doc", "emma"], &["the position is 9", "from 0 to 4"]);
    refused(&["p1/logits", "--doc", "emma"], &["27 numbers", "name one of them"]);
    refused(&["layer1.attn_wq[0][0]"], &["layer 1 does not exist", "this model has layer 0"]);
    refused(&["step:5/loss", "--step", "7"], &["step:5/loss", "--step 7", "contradict"]);
    refused(&["text:ava/loss", "--doc", "emma"], &["--doc \"emma\"", "contradict"]);
    refused(&["--step", "2000"], &["the step is 2000", "from 0 to 1000", "--steps"]);
    refused(&["--doc", "Emma"], &["'E'", "vocabulary"]);
    refused(&["wte[0][0].m", "--doc", "emma"], &[".m belongs to a step of training", "--doc"]);
    refused(&["wte[0][0].m", "--gradient"], &["leave out .m or --gradient"]);
    refused(&["--limit", "0"], &["1..=2000"]);
    refused(&["--n-embd", "256", "--n-layer", "8", "--block-size", "64"], &["scalar", "at most"]);
    let said = bad(2, &["why", "loss", "--steps", "5", "--nudge=7"]);
    assert!(said.contains("epsilon is 7; it must be a number from 1e-9 to 1"), "{said}");
}
