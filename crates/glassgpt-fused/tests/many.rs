//! Several documents, workers and streams at once give what one after the other gives.

use glassgpt_core::trainer::loss_and_grads;
use glassgpt_core::{Config, Corpus, Preset, Random, Sampling, Setup, corpora, sample};
use glassgpt_fused::{
    Alone, Backend, BatchTrainer, Crew, Evaluator, FusedPredictor, Job, STREAMS, Streams, Trainer, Turbo,
};

fn setup(config: Config) -> Setup {
    let corpus = Corpus::parse(corpora::embedded("names").expect("embedded").text).expect("a corpus");
    Setup::new(config, &corpus).expect("valid")
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

/// Real threads, as many as there are jobs.
struct Threads(usize);

impl Crew for Threads {
    fn size(&self) -> usize {
        self.0
    }

    fn run(&self, jobs: Vec<Job>) {
        std::thread::scope(|scope| jobs.into_iter().for_each(|job| drop(scope.spawn(job))));
    }
}

#[test]
fn a_batch_of_one_is_the_reference() {
    let setup = setup(Preset::Blog.config());
    let (mut one, mut batch) = (Trainer::new(setup.clone()), BatchTrainer::new(setup, 1, 1));
    for _ in 0..50 {
        assert_eq!(one.step().to_bits(), batch.step(&Alone).to_bits());
    }
    assert_eq!(bits(one.params()), bits(&batch.setup().params));
    assert_eq!((one.adam(), one.grads()), (batch.adam(), batch.grads()));
}

#[test]
fn workers_and_backends_do_not_change_a_batch() {
    let config = Config { n_embd: 12, n_head: 3, n_layer: 2, ..Preset::Blog.config() };
    let train = |backend, workers: usize| {
        let mut batch = BatchTrainer::on(backend, setup(config.clone()), 7, workers);
        let losses: Vec<f64> = (0..10).map(|_| batch.step(&Threads(workers))).collect();
        (bits(&losses), bits(&batch.setup().params))
    };
    let expected = train(Backend::Portable, 1);
    for backend in Backend::available() {
        for workers in [1, 2, 3, 7, 16] {
            assert_eq!(train(backend, workers), expected, "{backend:?} with {workers} workers");
        }
    }
}

/// So large that its batch does not fit one round.
#[test]
fn rounds_do_not_change_a_batch() {
    let config = Config { n_embd: 64, n_layer: 2, ..Preset::Blog.config() };
    let train = |workers: usize| {
        let mut batch = BatchTrainer::new(setup(config.clone()), 8, workers);
        let losses: Vec<f64> = (0..2).map(|_| batch.step(&Threads(workers))).collect();
        (bits(&losses), bits(&batch.setup().params))
    };
    let expected = train(8);
    for workers in [1, 2, 3] {
        assert_eq!(train(workers), expected, "{workers} workers");
    }
}

#[test]
fn looking_measures_what_training_would() {
    let setup = setup(Preset::Gist.config());
    for backend in Backend::available() {
        let mut evaluator = Evaluator::on(backend, &setup.plan);
        let mut sum = (0.0, 0);
        for step in 0..20 {
            let tokens = setup.documents.of_step(step);
            let losses = evaluator.losses(&setup.params, tokens);
            let mean = losses.iter().fold(0.0, |sum, loss| sum + loss) * (1.0 / losses.len() as f64);
            assert_eq!(mean.to_bits(), loss_and_grads(&setup.plan, &setup.params, tokens).loss.to_bits());
            sum = (sum.0 + losses.iter().sum::<f64>(), sum.1 + losses.len());
        }
        let all = evaluator.mean_loss(&setup.params, (0..20).map(|step| setup.documents.of_step(step)));
        assert!((all.expect("twenty documents") - sum.0 / sum.1 as f64).abs() < 1e-12);
        assert_eq!(evaluator.mean_loss(&setup.params, []), None);
    }
}

#[test]
fn streams_write_what_one_text_at_a_time_would() {
    for preset in [Preset::Blog, Preset::Gist] {
        let mut trainer = Trainer::new(setup(Config { n_layer: 2, ..preset.config() }));
        for _ in 0..200 {
            trainer.step();
        }
        let setup = trainer.setup();
        let sampling = Sampling { temperature: 0.8, ..Sampling::default() };
        let texts = Streams::exact(&setup.plan, &setup.params).write(100, sampling.temperature, -3);
        let mut predictor = FusedPredictor::new(&setup.plan, &setup.params);
        let mut generators: Vec<Random> = (0..STREAMS).map(|stream| Random::new(-3 + stream as i64)).collect();
        for (i, text) in texts.iter().enumerate() {
            let random = &mut generators[i % STREAMS];
            let expected = sample(&mut predictor, random, &sampling, setup.tokenizer.bos(), &[]);
            assert_eq!(text, &expected.expect("finite"), "text {i}");
        }
    }
}

#[test]
fn turbo_streams_write_names() {
    let mut turbo = Turbo::new(setup(Preset::Blog.config()), 4);
    for _ in 0..500 {
        turbo.step();
    }
    let texts = Streams::turbo(turbo.plan(), turbo.params()).write(1000, 0.5, 1);
    let exact = turbo.to_exact().0;
    let expected = Streams::exact(&exact.plan, &exact.params).write(1000, 0.5, 1);
    let same = texts.iter().zip(&expected).filter(|(a, b)| a == b).count();
    assert!(same > 900, "only {same} of 1000 texts are those of the exact engine");
}
