//! The questions that the Lab's pictures are drawn from: each answer against what is known from elsewhere.

use glassgpt_core::{Config, Preset, Schedule};
use glassgpt_lab::address::Part;
use glassgpt_lab::embedding_map::{EmbeddingMap, Table};
use glassgpt_lab::protocol::*;
use glassgpt_lab::statistics::{CharacterCount, CorpusStatistics, LengthCount};
use glassgpt_lab::{Address, Answer, LIMITS, Library, Question, Session};

mod support;
use support::*;

fn own(text: &str) -> CorpusSource {
    CorpusSource::Text { name: "own".into(), text: text.into() }
}

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

/// Asks what must have an answer of this kind.
macro_rules! ask {
    ($session:expr, $question:expr, $kind:ident) => {{
        match $session.ask(&$question) {
            Ok(Answer::$kind(answer)) => answer,
            other => panic!("{other:?}"),
        }
    }};
}

fn refusal(session: &Session, question: &Question) -> Refusal {
    session.ask(question).expect_err("refused")
}

#[test]
fn a_plan_is_the_experiment_that_would_be_started() {
    let session = open(&watched());
    let longer = "a\nlonger\nlongest of all\n";
    let specs = [
        watched(),
        Spec::new(Preset::Gist.config(), CorpusSource::Named { name: "names".into() }),
        Spec::new(Config { n_embd: 32, n_layer: 3, block_size: 5, ..short() }, own(longer)),
        Spec { held_out_every: Some(2), ..Spec::new(short(), own(longer)) },
    ];
    for spec in specs {
        let planned = ask!(session, Question::Plan { spec: spec.clone() }, Plan);
        let (started, again) = (open(&spec), open(&spec));
        assert_eq!(*planned, *started.experiment());
        assert_eq!(*ask!(again, Question::Plan { spec }, Plan), *started.experiment(), "planned while it stands");
    }
    let cut = Spec::new(Config { block_size: 7, ..short() }, own(longer));
    assert_eq!(ask!(session, Question::Plan { spec: cut }, Plan).num_cut, 1);
}

#[test]
fn what_cannot_be_started_cannot_be_planned() {
    let session = open(&watched());
    let named = |name: &str| CorpusSource::Named { name: name.into() };
    let specs = [
        Spec::new(Config { n_head: 3, ..short() }, named("words")),
        Spec::new(Config { steps: LIMITS.steps + 1, ..short() }, named("words")),
        Spec::new(short(), named("nothing")),
        Spec::new(short(), own(" ")),
        Spec::new(Config { n_embd: 128, n_layer: 4, ..short() }, own(&('\u{4e00}'..'\u{9000}').collect::<String>())),
        Spec { held_out_every: Some(1), ..watched() },
        Spec { samples_every: Some(0), ..watched() },
    ];
    for spec in specs {
        let expected = Session::new(&spec, Library::embedded()).expect_err("refused");
        assert_eq!(refusal(&session, &Question::Plan { spec }), expected);
    }
}

#[test]
fn a_corpus_is_counted_by_hand() {
    let session = open(&watched());
    let source = own("ab\nb\r\n  abba \n\nab\n");
    let found = *ask!(session, Question::Corpus { source, seed: None }, Corpus);
    let character = |character: &str, [count, begins, ends]: [u32; 3]| CharacterCount {
        character: character.into(),
        count,
        begins,
        ends,
    };
    let expected = CorpusStatistics {
        name: "own".into(),
        num_docs: 4,
        num_unique: 3,
        num_chars: 9,
        shortest: 1,
        longest: 4,
        mean_length: 2.25,
        lengths: [(1, 1), (2, 2), (4, 1)].map(|(length, count)| LengthCount { length, count }).to_vec(),
        characters: vec![character("a", [4, 3, 1]), character("b", [5, 1, 3])],
        vocab_size: 3,
        uniform_loss: 3.0f64.ln(),
        first: ["ab", "b", "abba", "ab"].map(String::from).to_vec(),
        shuffled: Vec::new(),
    };
    assert_eq!(found, expected);
}

#[test]
fn a_corpus_shows_the_documents_that_training_reads_first() {
    let spec = Spec::new(Config { seed: 7, ..short() }, CorpusSource::Named { name: "startups".into() });
    let mut session = open(&spec);
    let found = *ask!(session, Question::Corpus { source: spec.corpus.clone(), seed: Some(7) }, Corpus);
    run(&mut session, 20);
    let places = session.line().records.iter().map(|record| record.doc as usize).collect::<Vec<_>>();
    let documents = session.corpus().documents();
    assert_eq!(found.shuffled, places.iter().map(|&place| documents[place].clone()).collect::<Vec<_>>());
    assert_eq!(found.first, documents[..20]);
    let sums = [
        found.lengths.iter().map(|of| of.count).sum::<u32>(),
        found.lengths.iter().map(|of| of.length * of.count).sum(),
        found.characters.iter().map(|of| of.count).sum(),
        found.characters.iter().map(|of| of.begins).sum(),
        found.characters.iter().map(|of| of.ends).sum(),
    ];
    let [docs, chars] = [found.num_docs, found.num_chars];
    assert_eq!(sums, [docs, chars, chars, docs, docs]);

    let long = *ask!(session, Question::Corpus { source: own(&"x".repeat(1000)), seed: Some(1) }, Corpus);
    assert_eq!((long.longest, long.first[0].len(), long.shuffled[0].len()), (1000, 200, 200));
}

#[test]
fn a_corpus_that_is_none_is_refused() {
    let session = open(&watched());
    let unknown = CorpusSource::Named { name: "nothing".into() };
    assert_eq!(refusal(&session, &Question::Corpus { source: unknown, seed: None }).field.as_deref(), Some("corpus"));
    assert_eq!(refusal(&session, &Question::Corpus { source: own("\n"), seed: None }).field.as_deref(), Some("corpus"));
    let beyond = Question::Corpus { source: own("a"), seed: Some(1 << 53) };
    assert_eq!(refusal(&session, &beyond).field.as_deref(), Some("seed"));
}

#[test]
fn a_course_has_the_numbers_that_are_read_step_by_step() {
    let mut session = open(&watched());
    run(&mut session, 30);
    session.apply(Command::Seek { branch: None, step: 21 }).expect("it was reached");
    session.apply(Command::SetLearningRate { learning_rate: 0.2 }).expect("within bounds");
    run(&mut session, 6);
    session.apply(Command::SetSchedule { schedule: Schedule::Constant }).expect("a schedule");
    run(&mut session, 7);
    session.apply(Command::Seek { branch: None, step: 25 }).expect("it was reached");
    let parameter = address("layer0.mlp_fc1[5][3]");
    for (first, count, steps) in [(0, 100, 34), (19, 4, 4), (33, 1, 1), (34, 5, 0)] {
        let course = *ask!(session, Question::Course { address: parameter.clone(), first, count }, Course);
        assert_eq!((course.first, course.value.len()), (first, steps));
        let mut columns = vec![
            (Part::Value, course.value),
            (Part::Grad, course.grad.clone()),
            (Part::M, course.m),
            (Part::V, course.v),
            (Part::MHat, course.m_hat),
            (Part::VHat, course.v_hat),
            (Part::Update, course.update),
            (Part::Next, course.next),
        ];
        for (part, column) in &mut columns {
            for (step, number) in (first..).zip(column) {
                let place = Address { step: Some(step), part: *part, ..parameter.clone() };
                let reading = &ask!(session, Question::Read { addresses: vec![place] }, Readings)[0];
                assert_eq!(reading.values[0].to_bits(), number.to_bits(), "{}", reading.address);
            }
        }
        let details = session.details(first + 1..first + count + 1);
        let rates: Vec<f64> = details.iter().map(|detail| detail.record.learning_rate).collect();
        assert_eq!(course.learning_rate, rates);
        let descent: Vec<f64> = rates.iter().zip(&course.grad).map(|(rate, grad)| rate * grad).collect();
        assert_eq!(course.sgd, descent);
    }
}

#[test]
fn the_course_of_a_large_model_is_shorter() {
    let config = Config { n_embd: 128, n_layer: 4, ..short() };
    let mut session = session(config);
    run(&mut session, 2);
    let most = LIMITS.course_work / session.experiment().num_params;
    let course = |count| Question::Course { address: address("wte[0][0]"), first: 0, count };
    assert_eq!(ask!(session, course(most), Course).value.len(), 2);
    let said = refusal(&session, &course(most + 1));
    assert!(said.message.ends_with(&format!("from 1 to {most}")), "{said}");
}

#[test]
fn a_spread_is_of_the_numbers_that_are_read() {
    let mut session = open(&watched());
    run(&mut session, 10);
    let names = ["layer0.relu", "step:4/layer0.attn_wq.grad", "step:9/layer0.head1.weights", "text:abc/logits", "loss"];
    let addresses = names.map(address).to_vec();
    let readings = ask!(session, Question::Read { addresses: addresses.clone() }, Readings);
    let spreads = ask!(session, Question::Spread { addresses, bins: 16, range: None }, Spreads);
    for (reading, spread) in readings.iter().zip(spreads) {
        let numbers = &reading.values;
        let n = numbers.len() as f64;
        assert_eq!((&spread.address, f64::from(spread.n), spread.non_finite), (&reading.address, n, 0));
        assert_eq!(spread.counts.iter().sum::<u32>(), spread.n, "{}", reading.address);
        assert_eq!(spread.zeros, numbers.iter().filter(|&&x| x == 0.0).count() as f64 / n);
        assert_eq!(spread.mean, numbers.iter().sum::<f64>() / n);
        let largest = numbers.iter().map(|x| x.abs()).fold(0.0, f64::max);
        assert_eq!((spread.edges[0], spread.edges[8], spread.edges[16]), (-largest, 0.0, largest));
    }
}

fn distances(map: &EmbeddingMap) -> Vec<f64> {
    let apart = |a: [f64; 2], b: [f64; 2]| ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt();
    map.rows.iter().flat_map(|a| map.rows.iter().map(move |b| apart(a.place, b.place))).collect()
}

#[test]
fn a_map_is_turned_and_nothing_else() {
    let mut session = open(&watched());
    run(&mut session, 40);
    session.apply(Command::Seek { branch: None, step: 25 }).expect("it was reached");
    let vocab = session.experiment().vocab.clone();
    for matrix in [Table::Wte, Table::Wpe, Table::LmHead] {
        let map = |step, reference| *ask!(session, Question::EmbeddingMap { matrix, step, reference }, EmbeddingMap);
        let end = map(Some(40), None);
        assert_eq!((end.step, end.reference), (40, 40));
        assert_eq!(end, map(Some(40), Some(40)));
        let here = map(None, None);
        assert_eq!((here.step, here.reference), (25, 40));
        assert_eq!(here, map(Some(25), Some(40)));
        // By itself it has its principal axes; turned onto the end it has other axes and the same distances.
        let alone = map(Some(25), Some(25));
        for (a, b) in distances(&here).into_iter().zip(distances(&alone)) {
            assert!((a - b).abs() < 1e-12);
        }
        let sum = |map: &EmbeddingMap| map.shares[0] + map.shares[1];
        assert!((sum(&here) - sum(&alone)).abs() < 1e-12 && sum(&here) <= 1.0 + 1e-12);
        assert!(alone.shares[0] >= alone.shares[1]);
        let misfit = |map: &EmbeddingMap| -> f64 {
            let pairs = map.rows.iter().zip(&end.rows);
            pairs.map(|(a, b)| (a.place[0] - b.place[0]).powi(2) + (a.place[1] - b.place[1]).powi(2)).sum()
        };
        assert!(misfit(&here) <= misfit(&alone));
        let labels: Vec<String> = here.rows.iter().map(|row| row.label.clone()).collect();
        let positions: Vec<String> = (0..16).map(|position| position.to_string()).collect();
        assert_eq!(labels, if matrix == Table::Wpe { positions } else { vocab.clone() });
        for axis in 0..2 {
            assert!(here.rows.iter().map(|row| row.place[axis]).sum::<f64>().abs() < 1e-12, "the mean is at 0");
        }
    }
}

#[test]
fn neighbours_on_a_map_are_the_most_similar_rows() {
    let mut session = open(&watched());
    run(&mut session, 40);
    let question = Question::EmbeddingMap { matrix: Table::Wte, step: Some(10), reference: None };
    let map = *ask!(session, question, EmbeddingMap);
    let reading = &ask!(session, Question::Read { addresses: vec![address("step:10/wte")] }, Readings)[0];
    let rows: Vec<&[f64]> = reading.values.chunks(16).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for (i, row) in map.rows.iter().enumerate() {
        assert!((row.norm - dot(rows[i], rows[i]).sqrt()).abs() < 1e-15);
        let cosine = |j: usize| dot(rows[i], rows[j]) / dot(rows[i], rows[i]).sqrt() / dot(rows[j], rows[j]).sqrt();
        assert_eq!(row.nearest.len(), 3);
        assert!(row.nearest.is_sorted_by(|a, b| a.similarity >= b.similarity));
        let named: Vec<usize> = row.nearest.iter().map(|similar| similar.row as usize).collect();
        let least = row.nearest[2].similarity;
        for j in (0..rows.len()).filter(|&j| j != i) {
            match named.iter().position(|&row| row == j) {
                Some(place) => assert!((row.nearest[place].similarity - cosine(j)).abs() < 1e-12),
                None => assert!(cosine(j) <= least + 1e-12),
            }
        }
        assert!(!named.contains(&i));
    }
    let flat = Config { init_std: 0.0, ..short() };
    let question = Question::EmbeddingMap { matrix: Table::Wte, step: None, reference: None };
    let map = *ask!(open(&spec(flat)), question, EmbeddingMap);
    assert_eq!(map.shares, [0.0; 2]);
    assert!(map.rows.iter().all(|row| row.place == [0.0; 2] && row.norm == 0.0 && row.nearest.is_empty()));
}

#[test]
fn a_score_is_what_the_model_reads_and_what_the_corpus_has() {
    let mut session = open(&Spec { corpus: CorpusSource::Named { name: "names".into() }, ..watched() });
    run(&mut session, 20);
    let texts = ["emma", "emmaq", "", "qqqq", "averyveryverylongnameindeed"].map(String::from).to_vec();
    for step in [20, 11] {
        let scores = ask!(session, Question::Score { step: Some(step), texts: texts.clone() }, Scores);
        for (text, score) in texts.iter().zip(&scores) {
            let place = |name: &str| Address { step: Some(step), text: Some(text.clone()), ..address(name) };
            let addresses = vec![place("p*/loss"), place("loss")];
            let readings = ask!(session, Question::Read { addresses }, Readings);
            assert_eq!((&score.losses, &vec![score.loss]), (&readings[0].values, &readings[1].values), "{text}");
            assert_eq!(score.ln_probability, -score.losses.iter().sum::<f64>());
            assert_eq!((score.is_cut, score.losses.len()), (text.len() > 15, 16.min(text.len() + 1)));
            assert_eq!((&score.text, score.tokens.len()), (text, text.len() + 2));
            assert_eq!(score.in_corpus, score.nearest.distance == 0);
            let documents = session.corpus().documents();
            assert_eq!(documents[score.nearest.doc as usize], score.nearest.text);
        }
    }
    let scores = ask!(session, Question::Score { step: None, texts }, Scores);
    let nearest: Vec<(&str, u32)> =
        scores.iter().map(|score| (score.nearest.text.as_str(), score.nearest.distance)).collect();
    assert_eq!(nearest[..2], [("emma", 0), ("emma", 1)]);
    let documents = session.corpus().documents();
    let shortest = documents.iter().min_by_key(|document| document.len()).expect("documents");
    assert_eq!(nearest[2], (shortest.as_str(), shortest.len() as u32), "of equally near documents the first");

    let unknown = refusal(&session, &Question::Score { step: None, texts: vec!["ann\u{e9}".into()] });
    assert!(unknown.message.contains("U+00E9"), "{unknown}");
}
