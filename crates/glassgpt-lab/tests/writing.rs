//! Writing draw by draw, against the sampler itself, against CPython's way of choosing, and against the numbers by address.

use glassgpt_core::{Preset, Random, Sampling, sample};
use glassgpt_fused::FusedPredictor;
use glassgpt_lab::draw::NextToken;
use glassgpt_lab::protocol::*;
use glassgpt_lab::writing::{Batch, Writings};
use glassgpt_lab::{Address, Answer, Question, Reading, Session};

mod support;
use support::*;

const TEMPERATURES: [f64; 4] = [0.0, 0.5, 1.0, 2.0];

/// Trained a little on the corpus of the startups, with two layers.
fn trained() -> Session {
    let config = glassgpt_core::Config { steps: 60, n_layer: 2, ..Preset::Startups.config() };
    let mut session = open(&Spec::new(config, CorpusSource::Named { name: "startups".into() }));
    run(&mut session, 60);
    session
}

fn samplings() -> Vec<Sampling> {
    let mut samplings = TEMPERATURES.map(|temperature| Sampling { temperature, ..Sampling::default() }).to_vec();
    samplings.push(Sampling { temperature: 0.8, top_k: Some(5), top_p: None });
    samplings.push(Sampling { temperature: 1.3, top_k: None, top_p: Some(0.6) });
    samplings.push(Sampling { temperature: 1.3, top_k: Some(3), top_p: Some(0.95) });
    samplings
}

fn write(session: &Session, prefix: &str, samplings: Vec<Sampling>, count: u32, seed: i64) -> Writings {
    let question = Question::Write { step: None, prefix: prefix.into(), samplings, count, seed };
    match session.ask(&question) {
        Ok(Answer::Writings(writings)) => *writings,
        other => panic!("{other:?}"),
    }
}

fn next_token(session: &Session, text: &str, samplings: &[Sampling], random: Option<f64>) -> NextToken {
    let question = Question::NextToken { step: None, text: text.into(), samplings: samplings.to_vec(), random };
    match session.ask(&question) {
        Ok(Answer::NextToken(next)) => *next,
        other => panic!("{other:?}"),
    }
}

fn read(session: &Session, address: String) -> Reading {
    let address: Address = address.parse().expect("an address");
    match session.ask(&Question::Read { addresses: vec![address] }) {
        Ok(Answer::Readings(mut readings)) => readings.remove(0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_text_is_the_one_the_sampler_writes() {
    let session = trained();
    let setup = session.trainer().setup();
    for prefix in ["", "zep", "abcdefghijklmno"] {
        let writings = write(&session, prefix, samplings(), 6, 40);
        assert_eq!(writings.prefix, setup.tokenizer.encode(prefix).expect("letters"));
        for Batch { sampling, texts } in &writings.batches {
            for (i, written) in texts.iter().enumerate() {
                assert_eq!(written.seed, 40 + i as i64);
                let mut random = Random::new(written.seed);
                let mut predictor = FusedPredictor::new(&setup.plan, &setup.params);
                let bos = setup.tokenizer.bos();
                let text = sample(&mut predictor, &mut random, sampling, bos, &writings.prefix).expect("drawn");
                assert_eq!(setup.tokenizer.decode(&text), written.score.text);
                // The draws used the same random numbers, as many and in the same order.
                let mut again = Random::new(written.seed);
                for drawn in &written.draws {
                    let random = (sampling.temperature > 0.0).then(|| again.random());
                    assert_eq!(drawn.landing.random, random);
                }
                assert_eq!(again, random);
                let drawn: Vec<_> = written.draws.iter().map(|drawn| drawn.landing.token).collect();
                let end: &[_] = if written.ended { &[bos] } else { &[] };
                assert_eq!(drawn, [&text[prefix.len()..], end].concat());
                assert_eq!(written.ended, text.len() < 16);
            }
        }
    }
}

#[test]
fn a_draw_is_where_the_number_falls_on_the_line() {
    let session = trained();
    let mut chosen = Vec::new();
    for Batch { sampling, texts } in write(&session, "zep", samplings(), 4, 7).batches {
        for written in texts {
            let mut chance = 1.0;
            for drawn in &written.draws {
                let text: String = written.score.text.chars().take(drawn.position as usize).collect();
                let next = next_token(&session, &text, &[sampling], drawn.landing.random);
                let [way] = &next.ways[..] else { panic!("one way was asked for") };
                assert_eq!((next.position, Some(drawn.landing)), (drawn.position, way.landing));
                let landing = drawn.landing;
                assert_eq!((drawn.total, landing.to), (way.total, way.ends[landing.token as usize]));
                assert_eq!(landing.from, landing.token.checked_sub(1).map_or(0.0, |before| way.ends[before as usize]));
                assert!(landing.point.is_none_or(|point| landing.from <= point && point < landing.to));
                chance *= (landing.to - landing.from) / drawn.total;
                chosen.push(landing.token);
            }
            assert_eq!(written.chance, chance);
            let exp = written.score.ln_probability.exp();
            assert!((written.probability - exp).abs() <= 1e-15 * exp);
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    assert!(chosen.len() > 8, "the draws are different ones");
}

#[test]
fn a_way_is_the_samplers_weights_step_by_step() {
    let session = trained();
    for text in ["", "z", "zep", "swiggyswiggyswi"] {
        let next = next_token(&session, text, &samplings(), None);
        let place = format!("text:{text}/p{}/", next.position);
        assert_eq!(next.logits, read(&session, format!("{place}logits")).values, "the same bits by address");
        for way in &next.ways {
            let mut weights = Vec::new();
            way.sampling.weights(&next.logits, &mut weights);
            assert_eq!(way.weights, weights);
            assert_eq!(way.kept as usize, weights.iter().filter(|&&weight| weight > 0.0).count());
            assert_eq!(way.ends.last(), Some(&way.total));
            assert!(way.ends.is_sorted());
            match &way.softened {
                None => assert_eq!((way.sampling.temperature, way.kept, way.equal_choices), (0.0, 1, 1.0)),
                Some(softened) => {
                    let inverse = glassgpt_core::fmath::pow(softened.exp_total, -1.0);
                    let shares: Vec<f64> = softened.exps.iter().map(|exp| exp * inverse).collect();
                    assert_eq!(way.shares, shares);
                    let cut = |(&weight, &share): (&f64, &f64)| weight == share || weight == 0.0;
                    assert!(way.weights.iter().zip(&way.shares).all(cut));
                }
            }
            assert!((way.entropy.exp() - way.equal_choices).abs() < 1e-12);
            assert!(way.equal_choices <= f64::from(way.kept) + 1e-9);
            assert_eq!(way.landing.is_some(), way.sampling.temperature == 0.0);
        }
        let plain = next_token(&session, text, &[Sampling { temperature: 1.0, ..Sampling::default() }], None);
        assert_eq!(plain.ways[0].shares, read(&session, format!("{place}probs")).values);
    }
}

#[test]
fn the_same_seed_has_the_same_numbers_whatever_else_is_asked() {
    let session = trained();
    let two = [0.5, 1.5].map(|temperature| Sampling { temperature, ..Sampling::default() });
    let many = write(&session, "", two.to_vec(), 5, 3);
    let one = write(&session, "ze", vec![two[1]], 1, 5);
    let numbers = |batch: &Batch, text: usize| -> Vec<Option<f64>> {
        batch.texts[text].draws.iter().map(|drawn| drawn.landing.random).collect()
    };
    let shared = |a: &[Option<f64>], b: &[Option<f64>]| a.iter().zip(b).all(|(a, b)| a == b);
    for text in 0..5 {
        assert!(shared(&numbers(&many.batches[0], text), &numbers(&many.batches[1], text)));
    }
    assert!(shared(&numbers(&many.batches[1], 2), &numbers(&one.batches[0], 0)));
}

#[test]
fn a_diverged_model_says_so() {
    let config = glassgpt_core::Config { steps: 20, init_std: 10.0, ..Preset::Blog.config() };
    let mut session = open(&Spec::new(config, CorpusSource::Named { name: "names".into() }));
    run(&mut session, 20);
    assert_eq!(session.status().phase, Phase::Diverged);
    let sampling = vec![Sampling::default()];
    // The scores of such a model may still be numbers; what is refused is never a panic, and names why.
    for prefix in ["", "emma", "zoe"] {
        let question =
            Question::Write { step: None, prefix: prefix.into(), samplings: sampling.clone(), count: 3, seed: 1 };
        if let Err(refusal) = session.ask(&question) {
            assert!(refusal.message.contains("diverged"), "{refusal}");
        }
    }
}
