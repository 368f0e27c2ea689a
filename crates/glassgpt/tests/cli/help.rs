//! The help texts, as they stand at 80 columns. `INSTA_UPDATE=always cargo test -p glassgpt --test help` renews them.

use crate::support::good;

#[test]
fn help_is_as_it_was_reviewed() {
    insta::assert_snapshot!("glassgpt", good(&["--help"]).stdout);
    for command in [
        "train",
        "generate",
        "explain",
        "read",
        "why",
        "export",
        "replay",
        "verify",
        "bench",
        "graph",
        "data",
        "lab",
        "info",
        "completions",
    ] {
        insta::assert_snapshot!(command, good(&[command, "--help"]).stdout);
    }
    for action in ["list", "show", "fetch"] {
        insta::assert_snapshot!(format!("data-{action}"), good(&["data", action, "--help"]).stdout);
    }
}

#[test]
fn help_fits_on_narrow_terminals() {
    for command in
        ["train", "generate", "explain", "read", "why", "export", "replay", "verify", "bench", "graph", "lab"]
    {
        let help = good(&[command, "--help"]).stdout;
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{command}");
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(good(&["completions", shell]).stdout.contains("learning-rate"), "{shell}");
    }
}
