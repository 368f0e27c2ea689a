// Generated from crates/glassgpt-lab/src/protocol.rs by `cargo xtask types`. Do not edit.

export type Schedule = "linear" | "cosine" | "constant";

export type Activation = "relu" | "relu2";

export type Preset = "blog" | "gist" | "startups";

export type Config = { 
/**
 * Width of the residual stream, C: numbers per token. 1 to 512, divisible by `n_head`.
 */
n_embd: number, 
/**
 * Attention heads per layer, H. 1 to `n_embd`.
 */
n_head: number, 
/**
 * Layers, L. 1 to 16.
 */
n_layer: number, 
/**
 * Longest context in tokens, T. 1 to 1,024.
 */
block_size: number, 
/**
 * Training steps, and the length of the learning-rate schedule. 1 to 10,000,000.
 */
steps: number, 
/**
 * Learning rate at the first step. 0 to 10.
 */
learning_rate: number, 
/**
 * How the learning rate falls over the steps.
 */
schedule: Schedule, 
/**
 * Adam's memory of the gradient. 0 to below 1.
 */
beta1: number, 
/**
 * Adam's memory of the squared gradient. 0 to below 1.
 */
beta2: number, 
/**
 * The small number that keeps Adam's division finite. Above 0, up to 1.
 */
eps: number, 
/**
 * What the MLP applies to its hidden units.
 */
activation: Activation, 
/**
 * Standard deviation of the initial weights. 0 to 10.
 */
init_std: number, 
/**
 * Start `attn_wo` and `mlp_fc2` at zero. Their random numbers are drawn all the same.
 */
zero_init: boolean, 
/**
 * Seed of the random generator. The sign makes no difference, as in Python.
 */
seed: number, };

export type Sampling = { 
/**
 * Below 1 the likely tokens get likelier, above 1 the choice gets freer; 0 always takes the likeliest. 0 to 100.
 */
temperature: number, 
/**
 * Draw only from the k likeliest tokens.
 */
top_k?: number, 
/**
 * Draw only from the likeliest tokens that together reach this probability. Above 0, up to 1.
 */
top_p?: number, };

export type CorpusSource = { "from": "named", 
/**
 * Its name.
 */
name: string, } | { "from": "text", 
/**
 * What the user calls it.
 */
name: string, 
/**
 * The text.
 */
text: string, };

export type Spec = { 
/**
 * The settings.
 */
config: Config, 
/**
 * The training data.
 */
corpus: CorpusSource, };

export type Command = { "type": "start", 
/**
 * What to set up.
 */
spec: Spec, } | { "type": "step" } | { "type": "run", 
/**
 * Stop after this many more steps; null means at the last one.
 */
steps: number | null, 
/**
 * Steps a second to aim at, 1 to 10,000; null means as fast as the machine can.
 */
pace: number | null, } | { "type": "set_pace", 
/**
 * Steps a second to aim at, 1 to 10,000; null means as fast as the machine can.
 */
pace: number | null, } | { "type": "pause" } | { "type": "reset" } | { "type": "sample", 
/**
 * How many, 1 to 100.
 */
count: number, 
/**
 * How to draw.
 */
sampling: Sampling, 
/**
 * What they begin with.
 */
prefix: string, };

export type MatrixShape = { 
/**
 * microgpt.py's name, such as `wte` or `layer0.attn_wq`.
 */
name: string, 
/**
 * Rows.
 */
rows: number, 
/**
 * Columns.
 */
cols: number, };

export type Experiment = { 
/**
 * The settings.
 */
config: Config, 
/**
 * The preset these settings and this corpus are, if they are one.
 */
preset: Preset | null, 
/**
 * The corpus's name.
 */
corpus: string, 
/**
 * Documents in the corpus.
 */
num_docs: number, 
/**
 * Different documents in it.
 */
num_unique: number, 
/**
 * The longest document, in characters.
 */
longest_doc: number, 
/**
 * Documents too long for the context, whose ends are never trained on.
 */
num_cut: number, 
/**
 * The tokens' labels: characters in code-point order, then `BOS`.
 */
vocab: Array<string>, 
/**
 * The number of BOS.
 */
bos: number, 
/**
 * Parameters in all.
 */
num_params: number, 
/**
 * The matrices they form, in order.
 */
matrices: Array<MatrixShape>, 
/**
 * The loss of guessing every token alike: ln V, in nats.
 */
uniform_loss: number, };

export type Phase = "ready" | "running" | "paused" | "finished" | "diverged";

export type Divergence = { 
/**
 * The step that failed, counted from 1.
 */
step: number, 
/**
 * The document it trained on.
 */
doc: string, 
/**
 * What was found, in a sentence.
 */
reason: string, };

export type Status = { 
/**
 * What it is doing.
 */
phase: Phase, 
/**
 * Steps a second to aim at; null means as fast as the machine can.
 */
pace: number | null, 
/**
 * The step at which a run will stop.
 */
run_until: number | null, 
/**
 * What went wrong, if the model has diverged.
 */
divergence: Divergence | null, };

export type StepRecord = { 
/**
 * The step, counted from 1.
 */
step: number, 
/**
 * Mean loss over the document's positions, in nats, before the update.
 */
loss: number, 
/**
 * Exponential moving average of the losses so far (weight 0.98), corrected for its start at zero.
 */
smoothed_loss: number, 
/**
 * The learning rate used.
 */
learning_rate: number, 
/**
 * Length of the gradient (L2 norm).
 */
grad_norm: number, 
/**
 * Mean absolute change of a parameter.
 */
mean_abs_update: number, };

export type StepView = { 
/**
 * The step, counted from 1.
 */
step: number, 
/**
 * The document.
 */
doc: string, 
/**
 * Its tokens, BOS at both ends. Position `p` reads `tokens[p]` and should say `tokens[p + 1]`.
 */
tokens: Array<number>, 
/**
 * Loss at each position read, in nats.
 */
losses: Array<number>, 
/**
 * Probability of each token to come next, per position: `probs[position][token]`.
 */
probs: Array<Array<number>>, 
/**
 * Attention weights: `attention[layer][head][position][earlier position]`; each row adds up to 1.
 */
attention: Array<Array<Array<Array<number>>>>, };

export type Sample = { 
/**
 * Its text.
 */
text: string, 
/**
 * Whether it stands in the corpus: then it may have been memorised.
 */
in_corpus: boolean, };

export type LiveSamples = { 
/**
 * Steps done.
 */
step: number, 
/**
 * What it writes.
 */
samples: Array<Sample>, };

export type Samples = { 
/**
 * Steps done when they were written.
 */
step: number, 
/**
 * How they were drawn.
 */
sampling: Sampling, 
/**
 * What they begin with.
 */
prefix: string, 
/**
 * The documents.
 */
samples: Array<Sample>, };

export type Event = { "type": "started", 
/**
 * All about it that training does not change.
 */
experiment: Experiment, 
/**
 * What the untrained model writes.
 */
live_samples: LiveSamples, } | { "type": "trained", 
/**
 * One record a step, in order.
 */
records: Array<StepRecord>, 
/**
 * A look inside the last of them; null if the model diverged right after it, and then the earlier look stays.
 */
view: StepView | null, 
/**
 * What the model writes after it.
 */
live_samples: LiveSamples, } | { "type": "status_changed", 
/**
 * How it stands now.
 */
status: Status, } | { "type": "sampled", 
/**
 * The request and its result.
 */
samples: Samples, };

export type NumberedEvent = { 
/**
 * Its number.
 */
seq: number, 
/**
 * What happened.
 */
event: Event, };

export type Snapshot = { 
/**
 * The number of the last event in it.
 */
seq: number, 
/**
 * All that training does not change.
 */
experiment: Experiment, 
/**
 * How it stands.
 */
status: Status, 
/**
 * One record for each step done.
 */
records: Array<StepRecord>, 
/**
 * A look inside the last step; null at step 0.
 */
view: StepView | null, 
/**
 * What the model writes now.
 */
live_samples: LiveSamples, 
/**
 * The documents last written on request.
 */
samples: Samples | null, };

export type Refusal = { 
/**
 * The setting at fault, by its name in the command; null if it is not about one.
 */
field: string | null, 
/**
 * What is wrong and what would be right, in a sentence.
 */
message: string, };

export type ClientMessage = { 
/**
 * The client's own number for it, named in a refusal.
 */
id: number, 
/**
 * The request.
 */
command: Command, };

export type ServerMessage = { "type": "snapshot", 
/**
 * The session.
 */
session_id: string, 
/**
 * Its state.
 */
snapshot: Snapshot, } | { "type": "event" } & NumberedEvent | { "type": "done", 
/**
 * The client's number for it.
 */
id: number, } | { "type": "refused", 
/**
 * The client's number for it; null if the message could not be read.
 */
id: number | null, 
/**
 * Why.
 */
refusal: Refusal, };

export type PresetEntry = { 
/**
 * The preset.
 */
preset: Preset, 
/**
 * The corpus it goes with.
 */
corpus: string, 
/**
 * Its settings.
 */
config: Config, };

export type CorpusEntry = { 
/**
 * Its name.
 */
name: string, 
/**
 * What is in it, in one phrase.
 */
about: string, 
/**
 * Documents in it.
 */
num_docs: number, 
/**
 * Tokens in its vocabulary, BOS included.
 */
vocab_size: number, 
/**
 * Its first documents.
 */
examples: Array<string>, };

export type Limits = { 
/**
 * Widest residual stream.
 */
n_embd: number, 
/**
 * Most heads.
 */
n_head: number, 
/**
 * Most layers.
 */
n_layer: number, 
/**
 * Longest context.
 */
block_size: number, 
/**
 * Most steps.
 */
steps: number, 
/**
 * Most parameters.
 */
num_params: number, 
/**
 * Largest learning rate.
 */
learning_rate: number, 
/**
 * Largest initial standard deviation.
 */
init_std: number, 
/**
 * Most samples in one request.
 */
samples: number, 
/**
 * Highest temperature.
 */
temperature: number, 
/**
 * Fastest pace that can be asked for, in steps a second.
 */
pace: number, 
/**
 * Largest corpus of the user's own, in bytes.
 */
corpus_bytes: number, 
/**
 * Most tokens in the vocabulary of a corpus of the user's own.
 */
vocab_size: number, 
/**
 * Largest seed, in magnitude: 2^53 − 1, so that JSON keeps it exactly.
 */
seed: number, };

export type Catalog = { 
/**
 * The program's version.
 */
version: string, 
/**
 * The presets, the default first.
 */
presets: Array<PresetEntry>, 
/**
 * The corpora known by name, the default first.
 */
corpora: Array<CorpusEntry>, 
/**
 * What an experiment in the lab may ask for.
 */
limits: Limits, };
