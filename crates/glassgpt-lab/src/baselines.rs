//! What can be reached without a model: guessing by how often a token comes, alone or after the one before it.
//!
//! Why: a loss means little by itself. Below the second figure, the model has learned more than pairs of letters.

use glassgpt_core::{TokenId, fmath};

/// Cross-entropies of the training documents under their own counts, in nats per token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Baselines {
    /// By how often each token comes.
    pub(crate) unigram: f64,
    /// By how often each token comes after the one before it.
    pub(crate) bigram: f64,
}

impl Baselines {
    /// Counts the tokens that training asks for: of each document, BOS at both ends, the `block_size` after the first.
    pub(crate) fn of<'a>(documents: impl Iterator<Item = &'a [TokenId]>, vocab_size: usize, block_size: usize) -> Self {
        let mut pairs = vec![0u32; vocab_size * vocab_size];
        for tokens in documents {
            for pair in tokens.windows(2).take(block_size) {
                pairs[pair[0] as usize * vocab_size + pair[1] as usize] += 1;
            }
        }
        let rows: Vec<&[u32]> = pairs.chunks(vocab_size).collect();
        let comes: Vec<u32> = (0..vocab_size).map(|token| rows.iter().map(|row| row[token]).sum()).collect();
        let total: u32 = comes.iter().sum();
        let bigram: f64 = rows.iter().map(|row| surprise(row)).sum();
        Self { unigram: surprise(&comes) / f64::from(total), bigram: bigram / f64::from(total) }
    }
}

/// The surprise of some draws, all together, at their own frequencies.
fn surprise(counts: &[u32]) -> f64 {
    let total = f64::from(counts.iter().sum::<u32>());
    counts.iter().filter(|&&n| n > 0).map(|&n| -f64::from(n) * fmath::ln(f64::from(n) / total)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOS: TokenId = 2;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn agree_with_a_count_by_hand() {
        // "ab" and "a": BOS→a twice, a→b once, a→BOS once, b→BOS once. Tokens asked for: a 2, b 1, BOS 2, of 5.
        let documents: [&[TokenId]; 2] = [&[BOS, 0, 1, BOS], &[BOS, 0, BOS]];
        let found = Baselines::of(documents.into_iter(), 3, 16);
        let unigram = -(2.0 * (2.0f64 / 5.0).ln() + 1.0 * (1.0f64 / 5.0).ln() + 2.0 * (2.0f64 / 5.0).ln()) / 5.0;
        let bigram = 2.0 * 2.0f64.ln() / 5.0; // only what follows `a` is in doubt
        assert!(near(found.unigram, unigram) && near(found.bigram, bigram), "{found:?}");
    }

    #[test]
    fn count_no_further_than_training_reads() {
        let documents: [&[TokenId]; 1] = [&[BOS, 0, 1, BOS]];
        let found = Baselines::of(documents.into_iter(), 3, 2); // BOS→a, a→b
        assert!(near(found.unigram, 2.0f64.ln()) && near(found.bigram, 0.0), "{found:?}");
    }
}
