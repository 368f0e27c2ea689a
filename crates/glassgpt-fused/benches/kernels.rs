//! What the parts of the fast engine take: `cargo bench -p glassgpt-fused`, or with a filter: `… -- step`.
//!
//! Why beside `glassgpt bench`: that one measures what people wait for; this one tells which part to look at.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use glassgpt_core::{Config, Corpus, Predictor, Preset, Setup, corpora};
use glassgpt_fused::{Backend, Evaluator, FusedPredictor, Streams, Trainer, Turbo};

fn main() {
    divan::main();
}

/// Three sizes: width, layers, context.
const SHAPES: [(u32, u32, u32); 3] = [(16, 1, 16), (64, 1, 16), (128, 4, 64)];

fn setup((n_embd, n_layer, block_size): (u32, u32, u32)) -> Setup {
    let text = corpora::EMBEDDED[0].text;
    // The longest context is filled by stringing names together.
    let text = if block_size > 16 { text.replace('\n', " ").chars().collect::<Vec<_>>() } else { Vec::new() };
    let lines: Vec<String> = text.chunks(block_size as usize).map(|line| line.iter().collect()).collect();
    let text = if lines.is_empty() { corpora::EMBEDDED[0].text.to_string() } else { lines.join("\n") };
    let config = Config { n_embd, n_layer, block_size, ..Preset::Blog.config() };
    Setup::new(config, &Corpus::parse(&text).expect("a corpus")).expect("valid settings")
}

/// Every backend here with every shape.
fn backends_and_shapes() -> Vec<String> {
    let names = |shape: usize| Backend::available().map(move |backend| format!("{} {shape}", backend.name()));
    (0..SHAPES.len()).flat_map(names).collect()
}

fn trainer(args: &str) -> Trainer {
    let (backend, shape) = args.split_once(' ').expect("made above");
    let backend = Backend::from_name(backend).expect("made above");
    Trainer::on(backend, setup(SHAPES[shape.parse::<usize>().expect("made above")]))
}

/// A whole training step.
#[divan::bench(args = backends_and_shapes())]
fn step(bencher: Bencher, args: &str) {
    let mut trainer = trainer(args);
    bencher.bench_local(|| trainer.step());
}

/// The forward pass alone, of the document of step 0.
#[divan::bench(args = backends_and_shapes())]
fn forward(bencher: Bencher, args: &str) {
    let trainer = trainer(args);
    let setup = trainer.setup();
    let mut evaluator = Evaluator::on(trainer.backend(), &setup.plan);
    bencher.bench_local(|| evaluator.losses(&setup.params, setup.documents.of_step(0)).len());
}

/// Its first half: loss and gradient, of the document of step 0.
#[divan::bench(args = backends_and_shapes())]
fn measure(bencher: Bencher, args: &str) {
    let mut trainer = trainer(args);
    bencher.bench_local(|| trainer.measure());
}

/// Its second half: Adam, with the gradient of one document.
#[divan::bench(args = backends_and_shapes())]
fn adam(bencher: Bencher, args: &str) {
    let mut trainer = trainer(args);
    let parameters = trainer.params().len();
    trainer.measure();
    bencher.counter(ItemsCount::new(parameters)).bench_local(|| trainer.update());
}

/// A training step in single precision.
#[divan::bench(args = [1, 16])]
fn turbo(bencher: Bencher, batch: u32) {
    let mut turbo = Turbo::new(setup(SHAPES[0]), batch);
    bencher.counter(ItemsCount::new(batch)).bench_local(|| turbo.step());
}

/// A hundred names written side by side, by a model that has learned nothing.
#[divan::bench]
fn streams(bencher: Bencher) {
    let setup = setup(SHAPES[0]);
    let streams = Streams::exact(&setup.plan, &setup.params);
    bencher.counter(ItemsCount::new(100_u32)).bench_local(|| streams.write(100, 0.5, 42));
}

/// One token read by the predictor, averaged over a full context.
#[divan::bench(args = 0..SHAPES.len())]
fn predictor(bencher: Bencher, shape: usize) {
    let setup = setup(SHAPES[shape]);
    let mut predictor = FusedPredictor::new(&setup.plan, &setup.params);
    let length = predictor.block_size();
    bencher.counter(ItemsCount::new(length)).bench_local(|| {
        predictor.forget();
        for _ in 0..length {
            black_box(predictor.read(black_box(0)));
        }
    });
}
