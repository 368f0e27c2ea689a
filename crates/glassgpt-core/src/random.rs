//! CPython's `random` module, draw for draw: the Mersenne Twister and the few methods microgpt.py uses.
//!
//! Why our own: a run is reproduced to the bit only if every random number is the same number, in the same order.
//! Source: the algorithms of CPython's `Lib/random.py` and `Modules/_randommodule.c` (MT19937, Matsumoto and Nishimura).

// § imports
use crate::fmath;

// § mersenne-twister
const WORDS: usize = 624;
const MIDDLE: usize = 397;

/// A generator in the state CPython's `random.Random` would be in after the same calls.
///
/// ```
/// let mut random = glassgpt_core::Random::new(42);
/// assert_eq!(random.random(), 0.6394267984578837); // Python: random.seed(42); random.random()
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Random {
    words: [u32; WORDS],
    index: usize,
    gauss_next: Option<f64>,
}

// § seed
impl Random {
    /// `random.seed(seed)`. Like CPython, the sign is ignored.
    #[must_use]
    pub fn new(seed: i64) -> Self {
        let magnitude = seed.unsigned_abs();
        Self::from_magnitude(&[magnitude as u32, (magnitude >> 32) as u32])
    }

    /// `random.seed(n)` for an integer of any size: its absolute value in 32-bit words, least significant first.
    #[must_use]
    pub fn from_magnitude(words: &[u32]) -> Self {
        let used = words.iter().rposition(|&word| word != 0).map_or(1, |top| top + 1);
        let key = if words.is_empty() { &[0] } else { &words[..used] };
        Self { words: init_by_array(key), index: WORDS, gauss_next: None }
    }

    /// `random.seed(n)` for an integer of any size, written in decimal with an optional sign. None if it is not one.
    #[must_use]
    pub fn from_decimal(seed: &str) -> Option<Self> {
        let digits = seed.strip_prefix(['-', '+']).unwrap_or(seed);
        if digits.is_empty() {
            return None;
        }
        let mut words = Vec::new();
        for digit in digits.chars() {
            let mut carry = u64::from(digit.to_digit(10)?);
            for word in &mut words {
                carry += u64::from(*word) * 10;
                *word = carry as u32;
                carry >>= 32;
            }
            if carry > 0 {
                words.push(carry as u32);
            }
        }
        Some(Self::from_magnitude(&words))
    }

    // § uniform
    /// A float in [0, 1) with 53 random bits, made of two draws.
    pub fn random(&mut self) -> f64 {
        let high = f64::from(self.next_word() >> 5);
        let low = f64::from(self.next_word() >> 6);
        (high * 67_108_864.0 + low) * (1.0 / 9_007_199_254_740_992.0)
    }

    // § random-whole
    /// An integer of `k` random bits, 0 ≤ k ≤ 64. One draw gives up to 32 bits, the first draw the low ones.
    pub fn getrandbits(&mut self, k: u32) -> u64 {
        assert!(k <= 64, "getrandbits: k is {k}, the limit is 64");
        let mut bits = 0;
        for shift in (0..k).step_by(32) {
            let wanted = (k - shift).min(32);
            bits |= u64::from(self.next_word() >> (32 - wanted)) << shift;
        }
        bits
    }

    /// A uniform integer in [0, n): as many bits as `n` has, drawn again until they fall below `n`.
    pub fn randbelow(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let k = u64::BITS - n.leading_zeros();
        loop {
            let r = self.getrandbits(k);
            if r < n {
                return r;
            }
        }
    }

    // § shuffle
    /// Shuffles in place, from the last element down.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.randbelow(i as u64 + 1) as usize;
            items.swap(i, j);
        }
    }

    // § normal
    /// A normally distributed number. The method makes two at a time and keeps the second for the next call.
    pub fn gauss(&mut self, mu: f64, sigma: f64) -> f64 {
        let z = self.gauss_next.take().unwrap_or_else(|| {
            let angle = self.random() * std::f64::consts::TAU;
            let radius = (-2.0 * fmath::ln(1.0 - self.random())).sqrt();
            self.gauss_next = Some(fmath::sin(angle) * radius);
            fmath::cos(angle) * radius
        });
        mu + z * sigma
    }

    // § draw
    /// `random.choices(range(n), weights)[0]`: an index drawn with probability proportional to its weight.
    ///
    /// None, and no draw, when the total is zero, infinite or not a number: Python raises an error there.
    pub fn choices(&mut self, weights: &[f64]) -> Option<usize> {
        let total = weights.iter().copied().reduce(|sum, weight| sum + weight)? + 0.0;
        if !(total > 0.0 && total.is_finite()) {
            return None;
        }
        let point = self.random() * total;
        Some(index_of_point(weights, point))
    }

    // § accessors
    /// The 624 words of state, the position of the next draw in them, and the normal number kept back, if any.
    #[must_use]
    pub fn state(&self) -> (&[u32; WORDS], usize, Option<f64>) {
        (&self.words, self.index, self.gauss_next)
    }

    // § mersenne-twister
    fn next_word(&mut self) -> u32 {
        if self.index == WORDS {
            twist(&mut self.words);
            self.index = 0;
        }
        let mut word = self.words[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }
}

// § draw
/// The first index whose running sum of weights lies above `point`; the last index if none before it does.
///
/// Python finds it by bisection; on sums that never fall, counting up finds the same one.
#[must_use]
pub fn index_of_point(weights: &[f64], point: f64) -> usize {
    let mut sum = 0.0;
    for (index, weight) in weights.iter().enumerate() {
        sum += weight;
        if point < sum {
            return index;
        }
    }
    weights.len() - 1
}

// § seed
fn init_by_number(seed: u32) -> [u32; WORDS] {
    let mut words = [0u32; WORDS];
    words[0] = seed;
    for i in 1..WORDS {
        let previous = words[i - 1];
        words[i] = 1_812_433_253u32.wrapping_mul(previous ^ (previous >> 30)).wrapping_add(i as u32);
    }
    words
}

fn init_by_array(key: &[u32]) -> [u32; WORDS] {
    let mut words = init_by_number(19_650_218);
    let mut i = 1;
    let stir = |words: &mut [u32; WORDS], i: &mut usize, factor: u32| {
        let previous = words[*i - 1];
        let stirred = words[*i] ^ (previous ^ (previous >> 30)).wrapping_mul(factor);
        *i += 1;
        stirred
    };
    for k in 0..WORDS.max(key.len()) {
        let j = k % key.len();
        let at = i;
        words[at] = stir(&mut words, &mut i, 1_664_525).wrapping_add(key[j]).wrapping_add(j as u32);
        if i == WORDS {
            words[0] = words[WORDS - 1];
            i = 1;
        }
    }
    for _ in 1..WORDS {
        let at = i;
        words[at] = stir(&mut words, &mut i, 1_566_083_941).wrapping_sub(at as u32);
        if i == WORDS {
            words[0] = words[WORDS - 1];
            i = 1;
        }
    }
    words[0] = 0x8000_0000;
    words
}

// § mersenne-twister
fn twist(words: &mut [u32; WORDS]) {
    for i in 0..WORDS {
        let joined = (words[i] & 0x8000_0000) | (words[(i + 1) % WORDS] & 0x7fff_ffff);
        let odd = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
        words[i] = words[(i + MIDDLE) % WORDS] ^ (joined >> 1) ^ odd;
    }
}
