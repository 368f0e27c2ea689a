//! Runs that CPython wrote down come out the same, and what is no such run is refused.

use glassgpt_core::golden::TRACES;
use glassgpt_lab::Library;
use glassgpt_lab::engine::libm_mismatch;
use glassgpt_lab::verify::verify_trace;

fn trace(name: &str) -> String {
    TRACES.iter().find(|(known, _)| *known == name).expect("it travels with the program").1.to_string()
}

#[test]
fn a_run_that_cpython_wrote_down_comes_out_the_same() {
    let verdict = verify_trace(&trace("gist-names"), &Library::embedded()).expect("a trace");
    assert_eq!((verdict.run.as_str(), verdict.steps), ("gist-names", 500));
    let nearness = &verdict.nearness;
    assert_eq!((nearness.losses_alike, nearness.samples_same), (500, verdict.samples.len() as u32));
    if libm_mismatch().is_none() {
        assert_eq!((verdict.first_difference, nearness.losses_same), (None, 500));
    }
}

#[test]
fn one_digit_changed_in_the_seventh_decimal_is_a_difference_and_alike_to_four() {
    let gist = trace("gist-names");
    let line = gist.lines().find(|line| line.starts_with("step 3 loss ")).expect("a step");
    let changed = gist.replace(line, &format!("{}9", &line[..line.len() - 9]));
    let verdict = verify_trace(&changed, &Library::embedded()).expect("a trace");
    assert_eq!((verdict.losses_ok, verdict.nearness.largest_at, verdict.nearness.losses_alike), (false, Some(3), 500));
}

#[test]
fn what_cannot_be_run_here_is_refused_by_the_field_at_fault() {
    let gist = trace("gist-names");
    for (wrong, field) in [
        (String::new(), "trace"),
        ("step 1 doc 'a' n 2 grad_sha256".into(), "trace"),
        (gist.replace("corpus names", "corpus nowhere"), "corpus"),
        (gist.replace("n_embd 16", "n_embd 1000"), "n_embd"),
        (gist.replace("steps 500", "steps 499"), "steps"),
        (gist.replace("temperature 0.5", "temperature 9"), "temperature"),
    ] {
        let refusal = verify_trace(&wrong, &Library::embedded()).expect_err("wrong");
        assert_eq!(refusal.field.as_deref(), Some(field), "{}", refusal.message);
    }
}
