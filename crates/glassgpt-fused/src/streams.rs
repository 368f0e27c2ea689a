//! Many texts written side by side, one per lane.
//!
//! Why: writing one text leaves seven lanes of eight idle. Every stream has a generator of its own and draws one text after
//! the other from it, so the texts do not depend on the lanes; in exact mode they are the texts the reference would write.

use glassgpt_core::{Plan, Random, TokenId};

#[cfg(target_arch = "x86_64")]
use crate::arch::{Avx2, F32x8};
use crate::arch::{Element, Plain8, Portable, Proof, Task, Vector};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use crate::arch::{F32x4, Wasm128};
#[cfg(target_arch = "aarch64")]
use crate::arch::{N32x4, Neon};
use crate::backend::{Backend, OnVectors, with_vectors};
use crate::filter;
use crate::kernels::linear::linear;
use crate::kernels::math;
use crate::kernels::norm::{rmsnorm, softmax};
use crate::pass::{activate, add};
use crate::shape::Shape;

/// Streams: text `i` belongs to stream `i` modulo this.
pub const STREAMS: usize = 16;

/// Vectors of streams: two, so that no sum waits for its last addition.
const NB: usize = 2;

/// Writes texts with given parameters.
#[derive(Clone, Debug)]
pub struct Streams<'a> {
    plan: &'a Plan,
    kind: Kind<'a>,
}

#[derive(Clone, Debug)]
enum Kind<'a> {
    Exact(&'a [f64]),
    Turbo(&'a [f32]),
}

impl<'a> Streams<'a> {
    /// With the reference's bits.
    #[must_use]
    pub fn exact(plan: &'a Plan, params: &'a [f64]) -> Self {
        Self { plan, kind: Kind::Exact(params) }
    }

    /// In single precision: not exact, and faster.
    #[must_use]
    pub fn turbo(plan: &'a Plan, params: &'a [f32]) -> Self {
        Self { plan, kind: Kind::Turbo(params) }
    }

    /// Writes `count` texts at a temperature above 0. Stream `s` of 16 draws texts `s`, `s + 16`, … from a generator seeded
    /// with `seed + s`.
    ///
    /// A text ends at BOS, at the end of the context, or where the model has diverged.
    #[must_use]
    pub fn write(&self, count: usize, temperature: f64, seed: i64) -> Vec<Vec<TokenId>> {
        let shape = Shape::of(self.plan);
        let job = Job { plan: self.plan, shape, count, temperature, seed };
        match self.kind {
            Kind::Exact(params) => with_vectors(Backend::best(), Exactly { params, job }),
            Kind::Turbo(params) => job.nearly(params),
        }
    }
}

/// What is to be written.
#[derive(Clone, Copy)]
struct Job<'a> {
    plan: &'a Plan,
    shape: Shape,
    count: usize,
    temperature: f64,
    seed: i64,
}

impl Job<'_> {
    #[cfg_attr(any(target_arch = "aarch64", target_arch = "wasm32"), expect(unreachable_code, reason = "one of many"))]
    fn nearly(self, params: &[f32]) -> Vec<Vec<TokenId>> {
        #[cfg(target_arch = "x86_64")]
        if let Some(proof) = Avx2::detect() {
            return enter::<F32x8>(proof, params, self);
        }
        #[cfg(target_arch = "aarch64")]
        return enter::<N32x4>(Neon::default(), params, self);
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        return enter::<F32x4>(Wasm128, params, self);
        enter::<Plain8>(Portable, params, self)
    }
}

/// A job for the vectors of whichever backend.
struct Exactly<'a> {
    params: &'a [f64],
    job: Job<'a>,
}

impl OnVectors for Exactly<'_> {
    type Output = Vec<Vec<TokenId>>;

    fn on<V: Vector<Element = f64>>(self, proof: V::Proof) -> Self::Output {
        enter::<V>(proof.trusting(filter::reach()), self.params, self.job)
    }
}

fn enter<V: Vector>(proof: V::Proof, params: &[V::Element], job: Job<'_>) -> Vec<Vec<TokenId>> {
    let room = Room::new(proof, &job.shape);
    V::enter(proof, Write::<V> { proof, params, job, room })
}

struct Write<'a, V: Vector> {
    proof: V::Proof,
    params: &'a [V::Element],
    job: Job<'a>,
    room: Room<V>,
}

/// The numbers of all streams at their present position, and the KV cache: `cache[layer][position · 2C + row]`.
struct Room<V> {
    embedded: Vec<[V; NB]>,
    x: Vec<[V; NB]>,
    normed: Vec<[V; NB]>,
    qkv: Vec<[V; NB]>,
    mixed: Vec<[V; NB]>,
    hidden: Vec<[V; NB]>,
    active: Vec<[V; NB]>,
    out: Vec<[V; NB]>,
    scores: Vec<[V; NB]>,
    logits: Vec<[V; NB]>,
    exps: Vec<[V; NB]>,
    probs: Vec<[V; NB]>,
    cache: Vec<Vec<[V; NB]>>,
}

impl<V: Vector> Room<V> {
    fn new(proof: V::Proof, shape: &Shape) -> Self {
        let Shape { v, t, c, f, l, .. } = *shape;
        let rows = |rows: usize| vec![[V::splat(proof, 0.0); NB]; rows];
        Self {
            embedded: rows(c),
            x: rows(c),
            normed: rows(c),
            qkv: rows(3 * c),
            mixed: rows(c),
            hidden: rows(f),
            active: rows(f),
            out: rows(c),
            scores: rows(t),
            logits: rows(v),
            exps: rows(v),
            probs: rows(v),
            cache: (0..l).map(|_| rows(t * 2 * c)).collect(),
        }
    }
}

/// One text being written.
struct Stream {
    text: usize,
    random: Random,
    token: TokenId,
    position: usize,
}

impl<V: Vector> Task for Write<'_, V> {
    type Output = Vec<Vec<TokenId>>;

    #[inline(always)]
    fn run(mut self) -> Self::Output {
        let Job { shape, count, seed, .. } = self.job;
        let bos = shape.v as TokenId - 1;
        let start =
            |text: usize| Stream { text, random: Random::new(seed.wrapping_add(text as i64)), token: bos, position: 0 };
        let lanes = NB * V::LANES;
        let mut texts = vec![Vec::new(); count];
        let mut streams: Vec<Stream> = (0..count.min(STREAMS).min(lanes)).map(start).collect();
        let mut next = streams.len();
        while !streams.is_empty() {
            self.read(&streams);
            let drawn = self.draw(&mut streams);
            for lane in (0..streams.len()).rev() {
                let stream = &mut streams[lane];
                stream.position += 1;
                stream.token = drawn[lane];
                let ended = stream.token == bos;
                if !ended {
                    texts[stream.text].push(stream.token);
                }
                if !ended && stream.position < shape.t {
                    continue;
                }
                (stream.text, stream.token, stream.position) = (stream.text + STREAMS, bos, 0);
                if stream.text < count {
                    continue;
                }
                if next < count.min(STREAMS) {
                    *stream = start(next);
                    next += 1;
                } else if lane + 1 == streams.len() {
                    streams.pop();
                } else {
                    // No text is left to start: the last stream moves here, with its part of the cache.
                    let last = streams.len() - 1;
                    streams.swap_remove(lane);
                    self.move_lane(last, lane);
                }
            }
        }
        texts
    }
}

impl<V: Vector> Write<'_, V> {
    fn move_lane(&mut self, from: usize, to: usize) {
        for cache in &mut self.room.cache {
            for row in cache {
                let lanes = V::lanes_mut(row);
                lanes[to] = lanes[from];
            }
        }
    }

    /// Every stream reads its token at its position: fills the logits.
    #[inline(always)]
    fn read(&mut self, streams: &[Stream]) {
        let Self { proof, params, job, room } = self;
        let (proof, layout) = (*proof, job.plan.layout());
        let Shape { c, h, d, inverse_c, attention_scale, activation, .. } = job.shape;
        let zero = V::splat(proof, 0.0);
        let mut here = [zero; NB];
        for (lane, stream) in streams.iter().enumerate() {
            V::lanes_mut(&mut here)[lane] = V::Element::of(stream.position as f64);
            let wte = &params[layout.wte.row(stream.token as usize)];
            let wpe = &params[layout.wpe.row(stream.position)];
            for ((x, token), place) in room.embedded.iter_mut().zip(wte).zip(wpe) {
                V::lanes_mut(x)[lane] = V::Element::of(token.wide() + place.wide());
            }
        }
        let reach = 1 + streams.iter().map(|stream| stream.position).max().unwrap_or(0);
        rmsnorm(proof, &mut room.x, &room.embedded, inverse_c);
        for (weights, cache) in layout.layers.iter().zip(&mut room.cache) {
            rmsnorm(proof, &mut room.normed, &room.x, inverse_c);
            linear(
                proof,
                &mut room.qkv,
                &params[weights.attn_wq.range().start..weights.attn_wv.range().end],
                &room.normed,
            );
            for (lane, stream) in streams.iter().enumerate() {
                let slots = &mut cache[stream.position * 2 * c..][..2 * c];
                for (slot, row) in slots.iter_mut().zip(&room.qkv[c..]) {
                    V::lanes_mut(slot)[lane] = V::lanes(row)[lane];
                }
            }
            for head in 0..h {
                let q = &room.qkv[head * d..][..d];
                let scores = &mut room.scores[..reach];
                let mut max = [zero; NB];
                for (t, score) in scores.iter_mut().enumerate() {
                    let k = &cache[t * 2 * c + head * d..][..d];
                    let mut sum = [zero; NB];
                    for (q, k) in q.iter().zip(k) {
                        for b in 0..NB {
                            sum[b] = sum[b].plus_product(q[b], k[b]);
                        }
                    }
                    for b in 0..NB {
                        score[b] = sum[b] * V::splat(proof, attention_scale);
                        let seen = here[b].at_least(V::splat(proof, t as f64));
                        let higher = V::both(seen, score[b].greater(max[b]));
                        max[b] = if t == 0 { score[b] } else { score[b].select(higher, max[b]) };
                    }
                }
                let mut total = [zero; NB];
                for (t, score) in scores.iter_mut().enumerate() {
                    for b in 0..NB {
                        let seen = here[b].at_least(V::splat(proof, t as f64));
                        score[b] = math::exp(proof, (score[b] - max[b]).select(seen, zero)).select(seen, zero);
                        total[b] = total[b] + score[b];
                    }
                }
                for total in &mut total {
                    *total = math::reciprocal(proof, *total);
                }
                for score in &mut *scores {
                    for b in 0..NB {
                        score[b] = score[b] * total[b];
                    }
                }
                for (j, mixed) in room.mixed[head * d..][..d].iter_mut().enumerate() {
                    let mut sum = [zero; NB];
                    for (t, weight) in scores.iter().enumerate() {
                        let v = &cache[t * 2 * c + c + head * d + j];
                        for b in 0..NB {
                            sum[b] = sum[b].plus_product(weight[b], v[b]);
                        }
                    }
                    *mixed = sum;
                }
            }
            linear(proof, &mut room.out, &params[weights.attn_wo.range()], &room.mixed);
            add(&mut room.x, &room.out);
            rmsnorm(proof, &mut room.normed, &room.x, inverse_c);
            linear(proof, &mut room.hidden, &params[weights.mlp_fc1.range()], &room.normed);
            activate(proof, activation, &mut room.hidden, &mut room.active);
            linear(proof, &mut room.out, &params[weights.mlp_fc2.range()], &room.active);
            add(&mut room.x, &room.out);
        }
        linear(proof, &mut room.logits, &params[layout.lm_head.range()], &room.x);
    }

    /// Draws every stream's next token.
    #[inline(always)]
    fn draw(&mut self, streams: &mut [Stream]) -> Vec<TokenId> {
        let Self { proof, job, room, .. } = self;
        let proof = *proof;
        let zero = V::splat(proof, 0.0);
        let one = V::splat(proof, 1.0);
        // Below this, dividing by it would overflow. The likeliest token has all of the probability long before.
        let least = if size_of::<V::Element>() == size_of::<f32>() { 1e-30 } else { 1e-300 };
        let inverse = V::splat(proof, glassgpt_core::fmath::pow(job.temperature.max(least), -1.0));
        for logit in room.logits.as_flattened_mut() {
            *logit = *logit * inverse;
        }
        softmax(proof, &mut room.exps, &mut room.probs, &room.logits);
        let mut sum = [zero; NB];
        for prob in &mut room.probs {
            for b in 0..NB {
                sum[b] = sum[b] + prob[b];
                prob[b] = sum[b];
            }
        }
        let mut point = [zero; NB];
        for (lane, stream) in streams.iter_mut().enumerate() {
            let total = V::lanes(&sum)[lane].wide();
            V::lanes_mut(&mut point)[lane] = V::Element::of(stream.random.random() * total);
        }
        // How many running sums the point has reached: the place of the first beyond it.
        let mut passed = [zero; NB];
        for sum in &room.probs[..job.shape.v - 1] {
            for b in 0..NB {
                let below = sum[b].greater(point[b]);
                passed[b] = passed[b].select(below, passed[b] + one);
            }
        }
        V::lanes(&passed)[..streams.len()].iter().map(|passed| passed.wide() as TokenId).collect()
    }
}
