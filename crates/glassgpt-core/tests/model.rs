//! The graph, the settings and the draw: what the traces do not reach.

use glassgpt_core::config::{MAX_BLOCK_SIZE, MAX_N_EMBD, MAX_N_LAYER};
use glassgpt_core::sampling::likeliest;
use glassgpt_core::trainer::loss_and_grads;
use glassgpt_core::{Config, ConfigError, Corpus, Model, Plan, Preset, Sampling, Setup, Tape, Tokenizer, corpora};

fn names() -> Corpus {
    Corpus::parse(corpora::embedded("names").expect("embedded").text).expect("a corpus")
}

/// Nodes and edges of the loss of one document under `blog`, with 27 tokens.
fn graph_size(document: &str) -> (usize, usize) {
    let setup = Setup::new(Preset::Blog.config(), &names()).expect("a preset");
    let tape = Tape::new();
    let model = Model::new(&setup.plan, &tape, &setup.params);
    let size = model.loss(&setup.tokenizer.encode_document(document).expect("letters")).graph_size();
    assert_eq!(size.nodes(), size.by_op().map(|(_, nodes)| nodes).sum::<usize>());
    (size.nodes(), size.edges())
}

#[test]
fn graphs_have_the_size_of_the_original() {
    assert_eq!(graph_size("emma"), (43_091, 75_632));
    assert_eq!(graph_size("yuheng"), (59_647, 107_060));
    assert_eq!(graph_size("abcdefghijklmno"), (139_027, 256_802));
    assert_eq!(graph_size("abcdefghijklmnopqrst"), (139_027, 256_802), "the context holds 16");
}

#[test]
fn gradients_agree_with_a_nudge() {
    let setup = Setup::new(Preset::Blog.config(), &names()).expect("a preset");
    let tokens = setup.tokenizer.encode_document("emma").expect("letters");
    let grads = loss_and_grads(&setup.plan, &setup.params, &tokens).grads;
    for matrix in setup.plan.layout().matrices() {
        let i = matrix.range().max_by(|&a, &b| grads[a].abs().total_cmp(&grads[b].abs())).expect("not empty");
        let loss_at = |nudge: f64| {
            let mut params = setup.params.clone();
            params[i] += nudge;
            loss_and_grads(&setup.plan, &params, &tokens).loss
        };
        let slope = (loss_at(1e-5) - loss_at(-1e-5)) / 2e-5;
        assert!(
            (slope - grads[i]).abs() <= 1e-6 * grads[i].abs().max(1e-3),
            "{}: {slope} is not {}",
            matrix.name,
            grads[i]
        );
    }
}

#[test]
fn parameters_are_counted_and_named() {
    let setup = Setup::new(Preset::Blog.config(), &names()).expect("a preset");
    let layout = setup.plan.layout();
    assert_eq!((layout.n_params, setup.params.len()), (4192, 4192));
    let names: Vec<&str> = layout.matrices().map(|matrix| matrix.name.as_str()).collect();
    let layer = ["attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2"].map(|name| format!("layer0.{name}"));
    assert_eq!(names[..3], ["wte", "wpe", "lm_head"]);
    assert_eq!(names[3..], layer);
    let ends: Vec<usize> = layout.matrices().map(|matrix| matrix.range().end).collect();
    let starts: Vec<usize> = layout.matrices().map(|matrix| matrix.range().start).collect();
    assert_eq!(starts[1..], ends[..ends.len() - 1]);
    assert_eq!(ends.last(), Some(&layout.n_params));
}

#[test]
fn zeroed_matrices_still_draw_their_numbers() {
    let blog = Preset::Blog.config();
    let drawn = Setup::new(blog.clone(), &names()).expect("a preset");
    let zeroed = Setup::new(Config { zero_init: true, ..blog }, &names()).expect("valid");
    assert_eq!(zeroed.random, drawn.random);
    for matrix in zeroed.plan.layout().matrices() {
        let zero = zeroed.params[matrix.range()].iter().all(|&x| x == 0.0);
        assert_eq!(zero, matrix.name.ends_with("attn_wo") || matrix.name.ends_with("mlp_fc2"), "{}", matrix.name);
        assert!(zero || zeroed.params[matrix.range()] == drawn.params[matrix.range()]);
    }
}

#[test]
fn settings_out_of_bounds_are_refused_by_name() {
    let blog = Preset::Blog.config();
    let bad = [
        (Config { n_embd: 0, ..blog.clone() }, "n_embd is 0; it must be a whole number from 1 to 512"),
        (Config { n_embd: MAX_N_EMBD + 1, ..blog.clone() }, "n_embd is 513; it must be a whole number from 1 to 512"),
        (Config { n_head: 3, ..blog.clone() }, "n_head is 3; it must divide n_embd, which is 16 (try 1, 2, 4, 8, 16)"),
        (Config { n_head: 17, ..blog.clone() }, "n_head is 17; it must be a whole number from 1 to 16"),
        (Config { n_layer: MAX_N_LAYER + 1, ..blog.clone() }, "n_layer is 17; it must be a whole number from 1 to 16"),
        (
            Config { block_size: MAX_BLOCK_SIZE + 1, ..blog.clone() },
            "block_size is 1025; it must be a whole number from 1 to 1024",
        ),
        (Config { steps: 0, ..blog.clone() }, "steps is 0; it must be a whole number from 1 to 10000000"),
        (Config { learning_rate: f64::NAN, ..blog.clone() }, "learning_rate is NaN; it must be a number from 0 to 10"),
        (Config { beta2: 1.0, ..blog.clone() }, "beta2 is 1; it must be a number from 0 to below 1"),
        (Config { eps: 0.0, ..blog.clone() }, "eps is 0; it must be a number above 0 and at most 1"),
        (Config { init_std: -0.1, ..blog.clone() }, "init_std is -0.1; it must be a number from 0 to 10"),
    ];
    for (config, message) in bad {
        assert_eq!(Plan::new(config, 27).expect_err("out of bounds").to_string(), message);
    }
    let huge = Config { n_embd: 512, n_head: 8, n_layer: 16, ..blog };
    let error = Plan::new(huge, 27).expect_err("too large");
    assert!(matches!(error, ConfigError::TooManyParameters { n_params: 50_367_488, .. }), "{error}");
}

#[test]
fn cuts_keep_the_likeliest() {
    let logits = [0.0, 2.0, 1.0, 2.0, -1.0];
    let weights = |sampling: Sampling| {
        let mut weights = Vec::new();
        sampling.weights(&logits, &mut weights);
        weights.iter().map(|&w| w > 0.0).collect::<Vec<bool>>()
    };
    let one = Sampling { temperature: 1.0, ..Sampling::default() };
    assert_eq!(weights(one), [true; 5]);
    assert_eq!(weights(Sampling { top_k: Some(1), ..one }), [false, true, false, false, false]);
    assert_eq!(weights(Sampling { top_k: Some(3), ..one }), [false, true, true, true, false]);
    assert_eq!(weights(Sampling { top_k: Some(99), ..one }), [true; 5]);
    assert_eq!(weights(Sampling { top_p: Some(0.5), ..one }), [false, true, false, true, false]);
    assert_eq!(weights(Sampling { top_p: Some(1.0), ..one }), [true; 5]);
    assert_eq!(weights(Sampling { temperature: 0.0, ..one }), [false, true, false, false, false]);
    assert_eq!(likeliest(&logits), 1, "the first of equals");
}

#[test]
fn vocabularies_come_from_the_corpus() {
    assert_eq!(Tokenizer::new(&names()).vocab_size(), 27);
}
