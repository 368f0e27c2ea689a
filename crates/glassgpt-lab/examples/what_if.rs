//! What interventions, lenses and retrainings cost, in medians: the figures a slider lives on.
//!
//! Why an example: the lab has no clock, and whoever uses it does. `cargo run --release -p glassgpt-lab --example what_if`

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use glassgpt_core::{Corpus, Preset, Setup};
use glassgpt_lab::intervention::*;
use glassgpt_lab::lens::*;
use glassgpt_lab::retrain::*;
use glassgpt_lab::{Library, Scene};

fn main() {
    let corpus = Library::embedded().get("names").expect("it is embedded");
    looks(&corpus);
    trainings(&corpus);
}

/// Prints the median and the least time of some runs, in milliseconds.
fn time<T>(what: &str, runs: usize, mut run: impl FnMut() -> T) {
    let mut once = || {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64() * 1e3
    };
    let mut times: Vec<f64> = (0..runs).map(|_| once()).collect();
    times.sort_by(f64::total_cmp);
    println!("{:>10.3} ms ({:.3} at best)  {what}", times[runs / 2], times[0]);
}

fn looks(corpus: &Corpus) {
    let setup = Setup::new(Preset::Blog.config(), corpus).expect("a preset");
    let scene = Scene::initial(&setup).reading("olivia").expect("known letters");
    let glasses = |intervention| Glasses::new(&[intervention], &scene).expect("it exists");
    let address = "p2/layer0.head1.head_output".parse().expect("an address");
    let patch = Intervention::Patch { address, from_text: "emma".into() };
    time("check a patch from another text", 201, || glasses(patch.clone()));
    let head = glasses(Intervention::ZeroHead { layer: 0, head: 1 });
    let norm = glasses(Intervention::DropNorm { norm: NormAt::Embedding });
    time("effect of a head on \"olivia\"", 201, || effect_on_text(&scene, &head));
    for documents in [100, 1000] {
        for (glasses, what) in [(&head, "a head"), (&norm, "a norm")] {
            let what = format!("effect of {what} on {documents} documents");
            time(&what, 21, || effect_on_documents(&scene, glasses, &setup.documents, documents).expect("in range"));
        }
    }
    time("logit lens on \"olivia\"", 201, || logit_lens(&scene, &Glasses::none()));
    let attribute = |neurons| attribute(&scene, &Glasses::none(), 6, 0, neurons).expect("a finite logit");
    time("attribution of a logit", 201, || attribute(false));
    time("attribution of a logit, neurons apart", 201, || attribute(true));
}

fn trainings(corpus: &Arc<Corpus>) {
    let spec = |engine, interventions: &[Intervention]| RetrainSpec {
        config: Preset::Blog.config(),
        engine,
        interventions: interventions.to_vec(),
        text: "olivia".into(),
        samples: 20,
        temperature: 0.5,
        sample_seed: 0,
    };
    let run = |engine, interventions: &[Intervention]| {
        let spec = spec(engine, interventions);
        retrain(spec, corpus.clone(), &mut |_| true).expect("a valid spec").expect("nobody stops it")
    };
    let head = [Intervention::ZeroHead { layer: 0, head: 1 }];
    let norm = [Intervention::DropNorm { norm: NormAt::Embedding }];
    let setting_up = || Retrain::new(spec(RetrainEngine::Exact, &[]), corpus.clone()).expect("a valid spec");
    time("set up a training", 21, setting_up);
    time("retrain 1,000 steps, exact", 21, || run(RetrainEngine::Exact, &[]));
    time("retrain 1,000 steps, turbo", 21, || run(RetrainEngine::Turbo, &[]));
    time("retrain 1,000 steps without a head, exact", 21, || run(RetrainEngine::Exact, &head));
    time("retrain 1,000 steps without a norm, on the tape", 3, || run(RetrainEngine::Exact, &norm));
}
