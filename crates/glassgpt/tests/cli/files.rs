//! What the user gave comes back whole, and what is written is written whole or refused before the work.

use std::fs;
use std::io::{BufRead, BufReader};

use crate::support::{Folder, bad, command, good, run};

#[test]
fn control_characters_come_back_in_json_and_pipes() {
    let folder = Folder::new("control");
    let corpus = folder.file("del.txt");
    fs::write(&corpus, "a\u{7f}b\nb\u{1b}a\n").unwrap();
    let args = ["train", "--corpus", &corpus, "--steps", "300", "--samples", "30", "--temperature", "1"];
    let events = good(&[&args[..], &["--json"]].concat());
    assert!(!events.stdout.contains(['\u{7f}', '\u{1b}']), "escaped");
    let samples: String = events.json().iter().filter_map(|event| event["text"].as_str()).collect();
    assert!(samples.contains('\u{7f}') && samples.contains('\u{1b}'), "{samples:?}");
    let piped = good(&args).stdout;
    assert!(piped.contains('\u{7f}') && piped.contains('\u{1b}'), "{piped:?}");
}

#[test]
fn a_last_update_that_breaks_the_model_is_a_divergence() {
    for (eps, found) in
        [("1e-300", "a parameter so large that its square is not"), ("1e-320", "a parameter that is not a finite")]
    {
        let settings = ["--schedule", "constant", "--beta2", "0", "--eps", eps, "--steps", "3"];
        let message = "the model diverged at step 3, on the document \"gokce\": its update made ";
        for args in
            [&["train", "--temperature", "0"][..], &["train", "--samples", "0"], &["generate"], &["explain", "a"]]
        {
            let run = run(&[args, &settings[..]].concat());
            assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{args:?}: {}", run.stderr);
            assert!(run.stderr.contains(message) && run.stderr.contains(found), "{args:?}: {}", run.stderr);
        }
        let folder = Folder::new("broken-update");
        for format in ["csv", "trace", "model", "safetensors"] {
            let file = folder.file(format);
            let run = run(&[&["export", format, "--out", &file], &settings[..]].concat());
            assert_eq!(run.code, 3, "{format}: {}", run.stderr);
            assert!(run.stderr.contains(message) && run.stderr.contains(found), "{format}: {}", run.stderr);
        }
        let mut kept = folder.names();
        kept.sort();
        assert_eq!(kept, ["csv", "trace"], "the steps are there, the model is not");
        let csv = fs::read_to_string(folder.file("csv")).unwrap();
        assert_eq!(csv.lines().count(), 4, "{csv}");
        assert_eq!(good(&["replay", &folder.file("trace"), "--json"]).json()[0]["reproduced"], true);
    }
}

/// What is said of the draw is what is done.
#[test]
fn explain_says_of_a_tiny_temperature_what_happens_at_it() {
    let explained = |more: &[&str]| {
        let text = good(&[&["explain", "em", "--steps", "50"], more].concat()).stdout;
        let (_, draw) = text.split_once("7  The draw").expect("the last stage");
        draw.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(explained(&["--temperature", "0"]).starts_with("At temperature 0 nothing is drawn"));
    let greedy = explained(&["--temperature", "1e-308"]);
    assert!(greedy.starts_with("At temperature 1e-308, too small to divide by, nothing is drawn"), "{greedy}");
    for tiny in ["1e-300", "1e-200"] {
        let drawn = explained(&["--temperature", tiny]);
        let (says, divided) =
            (format!("At temperature {tiny} the logits are divided by {tiny}"), "26 shares are too small");
        assert!(drawn.starts_with(&says) && drawn.contains(divided) && !drawn.contains("cut off"), "{drawn}");
        assert!(drawn.contains("The random number"), "{drawn}");
    }
    let usual = explained(&["--temperature", "0.5", "--top-k", "3"]);
    assert!(usual.starts_with("At temperature 0.5 the logits") && usual.contains(" 24 tokens are cut off."), "{usual}");
    assert!(!usual.contains("too small"), "{usual}");
}

#[test]
fn a_tiny_temperature_takes_the_likeliest() {
    let args = ["generate", "--steps", "50", "-n", "1", "--temperature"];
    let [zero, tiny] = ["0", "1e-308"].map(|temperature| good(&[&args[..], &[temperature]].concat()).stdout);
    assert_eq!(zero, tiny);
}

#[test]
fn the_model_is_written_though_nobody_reads_the_steps() {
    let folder = Folder::new("closed");
    let out = folder.file("m.json");
    let mut child = command(&["train", "--steps", "3000", "--json", "--out", &out]).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.code(), fs::exists(&out).unwrap()), (Some(0), true));
}

#[test]
fn the_model_is_written_though_nobody_ever_reads() {
    let folder = Folder::new("never-read");
    let out = folder.file("m.json");
    let mut child = command(&["train", "--steps", "300", "--json", "--out", &out]).spawn().unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    assert_eq!((status.code(), fs::exists(&out).unwrap()), (Some(0), true));
}

#[test]
fn the_model_and_the_samples_do_not_share_standard_output() {
    for args in [
        &["train", "--steps", "1", "--out", "-"][..],
        &["train", "--steps", "1", "--samples", "0", "--json", "--out", "-"],
    ] {
        let said = bad(2, args);
        assert!(said.contains("--samples 0"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn names_in_a_file_are_shown_and_not_obeyed() {
    let folder = Folder::new("escape");
    let (corpus, model) = (folder.file("a\u{1b}]0;x.txt"), folder.file("m.json"));
    fs::write(&corpus, "a\u{1b}b\nba\n").unwrap();
    good(&["train", "--corpus", &corpus, "--steps", "2", "--samples", "0", "--out", &model]);
    let text = fs::read_to_string(&model).unwrap();
    assert!(text.contains("\\u001b"), "the name or the vocabulary holds it");
    for args in [
        &["explain", "a", "--model", &model][..],
        &["read", "probs", "--doc", "a", "--model", &model],
        &["data", "show", &corpus],
    ] {
        let run = good(args);
        assert!(run.stdout.contains("\\u{1b}") && !run.stdout.contains('\u{1b}'), "{args:?}: {}", run.stdout);
    }
}

#[test]
fn a_dash_is_standard_input_and_output() {
    let model = good(&["train", "--steps", "2", "--samples", "0", "--out", "-"]).stdout;
    assert!(model.starts_with("{\"format\":\"glassgpt-model\""));
    let folder = Folder::new("dash");
    let file = folder.file("m.json");
    fs::write(&file, &model).unwrap();
    let mut generate = command(&["generate", "--model", "-", "-n", "1"]);
    let output = generate.stdin(fs::File::open(&file).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn documents_that_were_removed_or_edited_are_noticed() {
    let folder = Folder::new("removed");
    let corpus = folder.file("c.txt");
    fs::write(&corpus, "emma\nava\n").unwrap();
    let file = folder.file("m.json");
    good(&["train", "--corpus", &corpus, "--steps", "2", "--samples", "0", "--out", &file]);
    let text = fs::read_to_string(&file).unwrap();
    for (documents, field) in [("[\"emma\"]", "num_docs"), ("[\"emma\",\"eve\"]", "documents_sha256")] {
        fs::write(&file, text.replace("[\"emma\",\"ava\"]", documents)).unwrap();
        for args in [&["generate", "--model", &file][..], &["export", "safetensors", "--model", &file]] {
            let said = bad(2, args);
            assert!(said.contains("are not those it was trained on") && said.contains(field), "{said}");
        }
    }
    let (before, rest) = text.split_once(",\"documents_sha256\":\"").expect("it is there");
    fs::write(&file, format!("{before}{}", rest.split_once('"').expect("it ends").1)).unwrap();
    good(&["generate", "--model", &file]); // as an older program wrote it
}

#[cfg(unix)]
#[test]
fn a_link_is_written_through_and_stays() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    let (target, relative, chain, into_nowhere, ring) = (
        folder.file("m.json"),
        folder.file("relative"),
        folder.file("chain"),
        folder.file("nowhere"),
        folder.file("ring"),
    );
    symlink("m.json", &relative).unwrap();
    symlink(&relative, &chain).unwrap();
    symlink("no/such/m.json", &into_nowhere).unwrap();
    symlink("ring", &ring).unwrap();
    let train = |out: &str| run(&["train", "--steps", "1", "--samples", "0", "--out", out]);
    for out in [&chain, &chain, &relative] {
        assert_eq!(train(out).code, 0, "{}", train(out).stderr);
        assert!(
            fs::symlink_metadata(&chain).unwrap().is_symlink() && fs::symlink_metadata(&relative).unwrap().is_symlink()
        );
        assert!(fs::read_to_string(&target).unwrap().starts_with("{\"format\":\"glassgpt-model\""));
    }
    let refused = train(&into_nowhere);
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("it is a link to") && refused.stderr.contains("create it first"),
        "{}",
        refused.stderr
    );
    let refused = train(&ring);
    assert!(refused.code != 0 && refused.stderr.contains("a link to a link"), "{}", refused.stderr);
    let mut names = folder.names();
    names.sort();
    assert_eq!(names, ["chain", "m.json", "nowhere", "relative", "ring"]);
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_permissions_and_its_other_names() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = Folder::new("modes");
    let (file, other) = (folder.file("m.json"), folder.file("other.json"));
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let args = ["train", "--steps", "1", "--samples", "0", "--out", &file];
    good(&args);
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    fs::hard_link(&file, &other).unwrap();
    fs::write(&file, "old").unwrap();
    good(&args);
    assert_eq!(fs::read(&file).unwrap(), fs::read(&other).unwrap());
    let long = folder.file(&("n".repeat(245) + ".json"));
    good(&["train", "--steps", "1", "--samples", "0", "--out", &long]);
    let mut names = folder.names();
    names.sort();
    assert_eq!(names.len(), 3, "nothing unfinished is left: {names:?}");
}

#[test]
fn lines_fit_a_narrow_terminal() {
    for args in [
        &["explain", "em", "--steps", "5"][..],
        &["explain", "em", "--steps", "5", "--temperature", "1e-200", "--top-k", "3"],
        &["why", "p1/loss", "--steps", "5"],
        &["why", "p1/logits[4]", "--steps", "5", "--uses", "--nudge"],
        &["why", "p1/layer0.head0.weights[1]", "--steps", "5", "--depth", "3"],
        &["why", "layer0.attn_wq[3][2].update", "--steps", "5"],
        &["why", "p1/layer0.q[0].grad", "--steps", "5", "--depth", "2"],
        &["data", "list"],
        &["data", "show", "words"],
        &["data", "show", "names"],
        &["info"],
        &["graph", "emma"],
    ] {
        for columns in [60, 80] {
            let output = command(args).env("COLUMNS", columns.to_string()).output().unwrap();
            assert!(output.status.success(), "{args:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            // A single word that is longer, such as a path, cannot be helped.
            let breaks = |line: &&str| line.split_whitespace().count() > 1;
            let widest = text.lines().filter(breaks).max_by_key(|line| line.chars().count()).unwrap_or_default();
            assert!(widest.chars().count() <= columns, "{args:?} at {columns}: {widest}");
        }
    }
}
