//! What a learner sees of one step: figures for the history, a look inside, and what the model writes.
//!
//! Why apart from the session: these read the engine and change nothing. Observing never changes a number.

use glassgpt_core::{Corpus, Plan, Random, Sampling, SamplingError, Setup, TokenId, sample};
use glassgpt_fused::{FusedPredictor, Trainer};

use crate::baselines::Baselines;
use crate::held_out::Split;
use crate::protocol::{AutomaticSamples, Experiment, LiveSamples, MatrixShape, Sample, Spec, StepView};
use crate::tokenized::Tokenized;

/// How many documents are written after each slice of training.
const LIVE_SAMPLES: usize = 10;

/// How many are written to be kept.
const AUTOMATIC_SAMPLES: usize = 5;

/// All about an experiment that training does not change.
pub(crate) fn experiment(plan: &Plan, spec: &Spec, tokenized: &Tokenized, split: &Split) -> Experiment {
    let Tokenized { corpus, tokenizer, .. } = tokenized;
    let config = plan.config().clone();
    let name = spec.corpus.name();
    let vocab_size = tokenizer.vocab_size();
    let preset = glassgpt_core::Preset::ALL.into_iter().find(|p| p.config() == config && p.corpus() == name);
    let block_size = config.block_size as usize;
    let baselines = Baselines::of(split.training.documents(), vocab_size, block_size);
    let shape =
        |m: &glassgpt_core::Matrix| MatrixShape { name: m.name.clone(), rows: m.rows as u32, cols: m.cols as u32 };
    Experiment {
        preset: preset.filter(|_| split.every.is_none()),
        corpus: name.to_string(),
        num_docs: corpus.documents().len() as u32,
        num_held_out: split.n_held_out,
        held_out_every: split.every,
        samples_every: spec.samples_every,
        num_unique: corpus.n_unique() as u32,
        longest_doc: tokenized.lengths().max().unwrap_or(0) as u32,
        num_cut: tokenized.lengths().filter(|&len| len + 1 > block_size).count() as u32,
        vocab: (0..vocab_size as TokenId).map(|token| tokenizer.label(token)).collect(),
        bos: tokenizer.bos(),
        num_params: plan.layout().n_params as u32,
        matrices: plan.layout().matrices().map(shape).collect(),
        uniform_loss: glassgpt_core::fmath::ln(vocab_size as f64),
        unigram_loss: baselines.unigram,
        bigram_loss: baselines.bigram,
        config,
    }
}

/// A look inside the last step trained.
pub(crate) fn step_view(trainer: &Trainer) -> StepView {
    let config = trainer.plan().config();
    let tokens = trainer.last_tokens().to_vec();
    let positions = 0..trainer.positions();
    let vocab = 0..trainer.plan().vocab_size() as TokenId;
    let row = |layer, head, p| (0..=p).map(|seen| trainer.attention(layer, head, p, seen)).collect();
    let map = |layer, head| positions.clone().map(|p| row(layer, head, p)).collect();
    StepView {
        step: trainer.steps_done(),
        doc: trainer.setup().tokenizer.decode(&tokens),
        losses: trainer.losses().to_vec(),
        probs: positions.clone().map(|p| vocab.clone().map(|token| trainer.prob(p, token)).collect()).collect(),
        attention: (0..config.n_layer as usize)
            .map(|layer| (0..config.n_head as usize).map(|head| map(layer, head)).collect())
            .collect(),
        tokens,
    }
}

/// What the model writes now. It draws from a copy of the generator, so the experiment is not disturbed.
pub(crate) fn live_samples(setup: &Setup, corpus: &Corpus, step: u32, temperature: f64) -> LiveSamples {
    let mut random = setup.random.clone();
    let sampling = Sampling { temperature, ..Sampling::default() };
    let samples = write(setup, corpus, &mut random, LIVE_SAMPLES, &sampling, &[]);
    LiveSamples { step, samples: samples.unwrap_or_default() }
}

/// What the model writes to be kept, drawing from a generator of its own: see [`automatic_stream`].
pub(crate) fn automatic_samples(
    setup: &Setup,
    corpus: &Corpus,
    mut random: Random,
    step: u32,
    temperature: f64,
) -> AutomaticSamples {
    let sampling = Sampling { temperature, ..Sampling::default() };
    let samples = write(setup, corpus, &mut random, AUTOMATIC_SAMPLES, &sampling, &[]);
    AutomaticSamples { step, temperature, samples: samples.unwrap_or_default() }
}

/// The generator for automatic samples: seeded with the experiment's seed and a third word that no seed of 64 bits has.
pub(crate) fn automatic_stream(seed: i64) -> Random {
    let magnitude = seed.unsigned_abs();
    Random::from_magnitude(&[magnitude as u32, (magnitude >> 32) as u32, 1])
}

/// How many numbers were drawn from the generator to write a document: one for each token but those of the prefix, and one
/// for the BOS that ended it, if one did. Where the likeliest token is always taken, nothing is drawn.
pub(crate) fn numbers_drawn(len: usize, prefix_len: usize, block_size: usize, sampling: &Sampling) -> u64 {
    if sampling.is_greedy() {
        return 0;
    }
    (len - prefix_len) as u64 + u64::from(len < block_size)
}

/// Writes `count` documents that begin with `prefix`.
pub(crate) fn write(
    setup: &Setup,
    corpus: &Corpus,
    random: &mut Random,
    count: usize,
    sampling: &Sampling,
    prefix: &[TokenId],
) -> Result<Vec<Sample>, SamplingError> {
    let mut predictor = FusedPredictor::new(&setup.plan, &setup.params);
    let mut samples = Vec::with_capacity(count);
    for _ in 0..count {
        let tokens = sample(&mut predictor, random, sampling, setup.tokenizer.bos(), prefix)?;
        let text = setup.tokenizer.decode(&tokens);
        samples.push(Sample { in_corpus: corpus.contains(&text), text });
    }
    Ok(samples)
}
