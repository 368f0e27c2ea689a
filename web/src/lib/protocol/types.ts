// Generated from crates/glassgpt-lab/src/protocol/ by `cargo xtask types`. Do not edit.

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
corpus: CorpusSource, 
/**
 * Write some documents after every so many steps, to be kept; null means never. Every 100 if not given.
 */
samples_every?: number | null, 
/**
 * Keep every n-th document of the corpus out of training, to measure the loss on; null, the default, means none.
 */
held_out_every?: number | null, };

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
pace: number | null, } | { "type": "pause" } | { "type": "reset" } | { "type": "seek", 
/**
 * The branch; null means the present one.
 */
branch: number | null, 
/**
 * After how many steps, 0 to the last one reached on that branch.
 */
step: number, } | { "type": "fork", 
/**
 * After how many steps, 0 to the last one reached.
 */
step: number, } | { "type": "set_learning_rate", 
/**
 * What it would be at the first step of the schedule. 0 to 10.
 */
learning_rate: number, } | { "type": "set_schedule", 
/**
 * The new schedule.
 */
schedule: Schedule, } | { "type": "set_temperature", 
/**
 * 0 to 2.
 */
temperature: number, } | { "type": "sample", 
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
prefix: string, } | { "type": "observe", 
/**
 * Without steps. One without a text is about the document of the last step trained.
 */
addresses: Array<string>, } | { "type": "unobserve", 
/**
 * Addresses being watched; null means all.
 */
addresses: Array<string> | null, } | { "type": "intervene", 
/**
 * What to change.
 */
intervention: Intervention, } | { "type": "undo_intervention", 
/**
 * Its number; null means all of them.
 */
id: number | null, } | { "type": "import", 
/**
 * The trace.
 */
trace: Trace, };

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
 * Those of them that are held out of training.
 */
num_held_out: number, 
/**
 * Every so many documents one is held out; null means none.
 */
held_out_every: number | null, 
/**
 * Documents are written and kept after every so many steps; null means never.
 */
samples_every: number | null, 
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
uniform_loss: number, 
/**
 * The loss of guessing by how often each token comes in the training documents, in nats per token.
 */
unigram_loss: number, 
/**
 * The loss of guessing by how often each token comes after the one before it, in nats per token.
 */
bigram_loss: number, };

export type Phase = "ready" | "running" | "paused" | "finished" | "diverged";

export type Divergence = { 
/**
 * The step that failed, counted from 1. It was not done, unless it is the last one and its update broke the parameters.
 */
step: number, 
/**
 * The document it trained on.
 */
doc: string, 
/**
 * What was found, in a sentence.
 */
reason: string, 
/**
 * The address of the first number that was not finite; null if it is not known.
 */
first: string | null, };

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
 * The document it trained on, by its place in the corpus, from 0.
 */
doc: number, 
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

export type StepDetail = { 
/**
 * Those that are told of every step.
 */
record: StepRecord, 
/**
 * Loss at each position read, in nats.
 */
losses: Array<number>, 
/**
 * Length of each matrix's gradient (L2 norm), in the order of the experiment's `matrices`.
 */
matrix_grad_norms: Array<number>, 
/**
 * Time it took, in microseconds; null if nobody looked at a clock. Not reproducible, as nothing else is.
 */
step_us: number | null, };

export type Moment = { 
/**
 * The branch.
 */
branch: number, 
/**
 * Steps done.
 */
step: number, };

export type Settings = { 
/**
 * The learning rate at the first step of the schedule.
 */
learning_rate: number, 
/**
 * How it falls over the steps.
 */
schedule: Schedule, 
/**
 * The temperature of live and automatic samples.
 */
temperature: number, };

export type Change = { 
/**
 * Steps done when they took effect.
 */
step: number, 
/**
 * All settings, changed or not.
 */
settings: Settings, };

export type Branch = { 
/**
 * Its number.
 */
id: number, 
/**
 * The branch it began on; null for branch 0.
 */
parent: number | null, 
/**
 * Steps done where it began.
 */
begin: number, 
/**
 * Steps done where it ends so far.
 */
end: number, 
/**
 * Its settings: the first entry those it began with, then every change, in order of steps.
 */
changes: Array<Change>, };

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
 * Whether it stands in the corpus. That does not mean that training has read it.
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

export type AutomaticSamples = { 
/**
 * Steps done.
 */
step: number, 
/**
 * The temperature.
 */
temperature: number, 
/**
 * What it wrote.
 */
samples: Array<Sample>, };

export type HeldOutLoss = { 
/**
 * Steps done.
 */
step: number, 
/**
 * Mean loss over all positions of those documents, in nats; null if it is infinite or not a number.
 */
loss: number | null, };

export type Line = { 
/**
 * One record a step.
 */
records: Array<StepRecord>, 
/**
 * What the model wrote on the way.
 */
automatic_samples: Array<AutomaticSamples>, 
/**
 * How well it did on the way with documents it never trained on.
 */
held_out: Array<HeldOutLoss>, };

export type Event = { "type": "started", 
/**
 * All about it that training does not change.
 */
experiment: Experiment, 
/**
 * The settings that may change later.
 */
settings: Settings, 
/**
 * What is known before the first step.
 */
line: Line, 
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
live_samples: LiveSamples, 
/**
 * What it wrote on the way, to be kept.
 */
automatic_samples: Array<AutomaticSamples>, 
/**
 * How well it did on the way with documents it never trained on.
 */
held_out: Array<HeldOutLoss>, 
/**
 * Time a step took on average, in microseconds; null if nobody looked at a clock.
 */
mean_step_us: number | null, } | { "type": "moved", 
/**
 * The branch it is on now.
 */
branch: number, 
/**
 * Steps done there.
 */
step: number, 
/**
 * All that is kept on that branch and its past; null if it is the branch it was on before.
 */
line: Line | null, 
/**
 * The settings at that moment.
 */
settings: Settings, 
/**
 * A look inside the last step before that moment; null at step 0.
 */
view: StepView | null, 
/**
 * What the model writes there.
 */
live_samples: LiveSamples, } | { "type": "forked", 
/**
 * The new branch.
 */
branch: Branch, } | { "type": "settings_changed", 
/**
 * The change. It takes the place of one at the same step.
 */
change: Change, 
/**
 * What the model writes now.
 */
live_samples: LiveSamples, } | { "type": "status_changed", 
/**
 * How it stands now.
 */
status: Status, } | { "type": "observed", 
/**
 * In the order in which they were asked for, those left out that the document at hand does not have. Empty if
 * nothing is watched any more.
 */
readings: Array<Reading>, } | { "type": "interventions_changed", 
/**
 * Those in force.
 */
interventions: Interventions, } | { "type": "imported", 
/**
 * Whether it came true.
 */
report: ReplayReport, 
/**
 * All of the session, up to this event. It takes the place of everything before.
 */
snapshot: Snapshot, } | { "type": "sampled", 
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
 * Steps done at this moment.
 */
step: number, 
/**
 * The branch it lies on.
 */
branch: number, 
/**
 * All branches, by number.
 */
branches: Array<Branch>, 
/**
 * The settings at this moment.
 */
settings: Settings, 
/**
 * One record for each step of the present branch and its past, up to its end: past `step` if the experiment went back.
 */
records: Array<StepRecord>, 
/**
 * What the model wrote on the way, likewise.
 */
automatic_samples: Array<AutomaticSamples>, 
/**
 * How well it did with documents it never trained on, likewise.
 */
held_out: Array<HeldOutLoss>, 
/**
 * A look inside the last step before this moment; null at step 0.
 */
view: StepView | null, 
/**
 * What the model writes now.
 */
live_samples: LiveSamples, 
/**
 * The documents last written on request.
 */
samples: Samples | null, 
/**
 * The numbers being watched.
 */
readings: Array<Reading>, 
/**
 * The interventions in force.
 */
interventions: Interventions, };

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
 * The client's own number for it, named in the answer.
 */
id: number, 
/**
 * Something to do; or else
 */
command?: Command | null, 
/**
 * something to answer.
 */
question?: Question | null, };

export type May = "all" | "look";

export type ServerMessage = { "type": "hello", 
/**
 * [`PROTOCOL`].
 */
protocol: number, 
/**
 * The session.
 */
session_id: string, 
/**
 * Names the session's stay in memory. A client that comes back gives it with the number of the last event that it
 * heard (`?life=LIFE&after=SEQ`), and is told what it missed, if that is not too much. Otherwise it gets a snapshot.
 */
life: string, 
/**
 * What this client may do.
 */
may: May, } | { "type": "snapshot", 
/**
 * The session.
 */
session_id: string, 
/**
 * Its state.
 */
snapshot: Snapshot, } | { "type": "event" } & NumberedEvent | { "type": "events", 
/**
 * In their order.
 */
events: Array<NumberedEvent>, } | { "type": "done", 
/**
 * The client's number for it.
 */
id: number, } | { "type": "answered", 
/**
 * The client's number for it.
 */
id: number, 
/**
 * What there is to say.
 */
answer: Answer, } | { "type": "refused", 
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

export type UsualEntry = { 
/**
 * The corpus, by its name.
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
 * Most ways of drawing in one question.
 */
samplings: number, 
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
 * Most automatic samples along one run: what `samples_every` may come to.
 */
automatic_samples: number, 
/**
 * Most held-out documents that the loss is measured on.
 */
held_out_docs: number, 
/**
 * Steps from one measurement on held-out documents to the next.
 */
held_out_cadence: number, 
/**
 * Most branches, the first included.
 */
branches: number, 
/**
 * Most steps that all branches may come to together, each counted from where it began to the last step.
 */
kept_steps: number, 
/**
 * Most changes of settings on one branch.
 */
changes: number, 
/**
 * Memory for keyframes in one experiment, in bytes.
 */
keyframe_bytes: number, 
/**
 * Most steps times parameters of a trace that is trained again.
 */
import_work: number, 
/**
 * Most addresses in one request, and most being watched.
 */
addresses: number, 
/**
 * Most numbers in one reading.
 */
numbers: number, 
/**
 * Most numbers being watched.
 */
observed_numbers: number, 
/**
 * Most texts being watched.
 */
watched_texts: number, 
/**
 * Most moments and texts in one reading.
 */
places: number, 
/**
 * Most bins of a histogram.
 */
bins: number, 
/**
 * Most texts scored at a time.
 */
scored_texts: number, 
/**
 * Most characters in all texts that are scored at a time.
 */
scored_characters: number, 
/**
 * Most steps in one course of a parameter.
 */
course_steps: number, 
/**
 * Most steps times parameters of the model in one course of a parameter; one step is always allowed.
 */
course_work: number, 
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
 * The experiment of those who ask for none: the first preset, unless whoever runs the program chose another.
 */
usual: UsualEntry, 
/**
 * The corpora known by name, the default first.
 */
corpora: Array<CorpusEntry>, 
/**
 * What an experiment in the lab may ask for.
 */
limits: Limits, };

export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

export type Op = "parameter" | "constant" | "add" | "mul" | "pow" | "log" | "exp" | "relu";

export type Reading = { 
/**
 * The address asked for, with its step filled in.
 */
address: string, 
/**
 * How many along each axis; empty for a single number.
 */
shape: Array<number>, 
/**
 * Whether row `p` has only its first `p + 1` numbers, because a position cannot look at a later one.
 */
is_triangle: boolean, 
/**
 * The numbers there are, row by row.
 */
values: Array<number | "NaN" | "Infinity" | "-Infinity">, };

export type Block = "attention" | "mlp";

export type NormAt = "embedding" | { "attention": { 
/**
 * Which layer.
 */
layer: number, } } | { "mlp": { 
/**
 * Which layer.
 */
layer: number, } };

export type Intervention = { "type": "set_parameter", 
/**
 * One entry of a matrix, such as `wte[3][0]`.
 */
address: string, 
/**
 * The number.
 */
value: number, } | { "type": "zero_head", 
/**
 * Its layer.
 */
layer: number, 
/**
 * Which head.
 */
head: number, } | { "type": "zero_mlp", 
/**
 * Which layer.
 */
layer: number, } | { "type": "zero_neuron", 
/**
 * Its layer.
 */
layer: number, 
/**
 * Which unit, below 4C.
 */
unit: number, } | { "type": "zero_positions", } | { "type": "zero_residual", 
/**
 * Which layer.
 */
layer: number, 
/**
 * Around which part.
 */
around: Block, } | { "type": "drop_norm", 
/**
 * Which one.
 */
norm: NormAt, } | { "type": "drop_scale", 
/**
 * Which layer.
 */
layer: number, } | { "type": "patch", 
/**
 * A row or one entry at a position, such as `p2/layer0.head1.head_output`.
 */
address: string, 
/**
 * The other text.
 */
from_text: string, } | { "type": "set_activation", 
/**
 * One entry at a position, such as `p2/layer0.act[7]`.
 */
address: string, 
/**
 * The number.
 */
value: number, } | { "type": "replace_attention", 
/**
 * Its layer.
 */
layer: number, 
/**
 * Which head.
 */
head: number, 
/**
 * The position that looks.
 */
position: number, 
/**
 * A share for every position up to this one, none negative, adding up to 1.
 */
weights: Array<number>, };

export type NumberedIntervention = { 
/**
 * Its number, to undo it by.
 */
id: number, 
/**
 * What it is.
 */
intervention: Intervention, };

export type Interventions = { 
/**
 * In the order in which they were added.
 */
active: Array<NumberedIntervention>, 
/**
 * The number that the next one gets. None is used twice.
 */
next_id: number, };

export type Prediction = { 
/**
 * V scores at every position.
 */
logits: Array<Array<number | "NaN" | "Infinity" | "-Infinity">>, 
/**
 * V probabilities at every position.
 */
probs: Array<Array<number | "NaN" | "Infinity" | "-Infinity">>, 
/**
 * Loss at every position, in nats.
 */
losses: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * Their mean.
 */
loss: number | "NaN" | "Infinity" | "-Infinity", };

export type Effect = { 
/**
 * The text.
 */
text: string, 
/**
 * Its tokens, BOS at both ends. Position `p` reads token `p` and predicts token `p + 1`.
 */
tokens: Array<number>, 
/**
 * What the model makes of it.
 */
untouched: Prediction, 
/**
 * What it makes of it through the glasses.
 */
changed: Prediction, };

export type EffectOnDocuments = { 
/**
 * How many documents were read, the first in training order.
 */
documents: number, 
/**
 * How many positions they have in all.
 */
positions: number, 
/**
 * The model's mean loss over all positions, in nats.
 */
untouched: number | "NaN" | "Infinity" | "-Infinity", 
/**
 * The same through the glasses.
 */
changed: number | "NaN" | "Infinity" | "-Infinity", };

export type LensStage = { 
/**
 * The residual stream after the write, by its name in an address: `emb_norm`, `layer0.attn_residual`, `layer0.residual`.
 */
after: string, 
/**
 * V scores at every position.
 */
logits: Array<Array<number | "NaN" | "Infinity" | "-Infinity">>, 
/**
 * V probabilities at every position.
 */
probs: Array<Array<number | "NaN" | "Infinity" | "-Infinity">>, };

export type LogitLens = { 
/**
 * The text.
 */
text: string, 
/**
 * Its tokens, BOS at both ends. Position `p` reads token `p` and predicts token `p + 1`.
 */
tokens: Array<number>, 
/**
 * One for every write, the first first. The last gives the model's own logits.
 */
stages: Array<LensStage>, };

export type NormShare = { 
/**
 * The number it multiplied by; 1 if the norm is dropped.
 */
scale: number, 
/**
 * What the token's embedding would contribute without it.
 */
token_before: number, 
/**
 * What the position's embedding would contribute without it.
 */
position_before: number, 
/**
 * What the norm itself made of that: the contributions of token and position less those two.
 */
share: number, };

export type LogitSource = { "type": "token" } | { "type": "position" } | { "type": "head", 
/**
 * Its layer.
 */
layer: number, 
/**
 * Which head.
 */
head: number, } | { "type": "mlp", 
/**
 * Which layer.
 */
layer: number, } | { "type": "neuron", 
/**
 * Its layer.
 */
layer: number, 
/**
 * Which unit.
 */
unit: number, } | { "type": "rounding" };

export type LogitTerm = { 
/**
 * The piece.
 */
source: LogitSource, 
/**
 * How much.
 */
logit: number, };

export type Attribution = { 
/**
 * The position that predicts.
 */
position: number, 
/**
 * The token whose logit it is.
 */
token: number, 
/**
 * The logit.
 */
logit: number, 
/**
 * What the norm of the embedding has to do with it.
 */
norm: NormShare, 
/**
 * What each piece contributes, in the order in which they write. From left to right they add up to the logit.
 */
contributions: Array<LogitTerm>, };

export type SourceLines = { 
/**
 * The file, from the root of the repository.
 */
file: string, 
/**
 * The first line, from 1.
 */
first_line: number, 
/**
 * The last line.
 */
last_line: number, 
/**
 * The lines, without the indentation that they share.
 */
code: string, };

export type Term = { "op": "number", 
/**
 * Its address.
 */
address: string, 
/**
 * Its value.
 */
value: WireNumber, } | { "op": "constant", 
/**
 * It.
 */
value: WireNumber, 
/**
 * What it is there for, such as `1/√4`.
 */
meaning: string, } | { "op": "sum", 
/**
 * The terms.
 */
terms: Array<Term>, 
/**
 * Whether it begins with the constant 0, as Python's `sum` does. It takes a −0 away and changes nothing else.
 */
from_zero: boolean, 
/**
 * The sum after each term.
 */
partial_sums: Array<WireNumber>, 
/**
 * The result.
 */
value: WireNumber, } | { "op": "product", 
/**
 * The factors.
 */
factors: Array<Term>, 
/**
 * The result.
 */
value: WireNumber, } | { "op": "quotient", 
/**
 * What is divided.
 */
of: Term, 
/**
 * By what.
 */
by: Term, 
/**
 * The result.
 */
value: WireNumber, } | { "op": "difference", 
/**
 * From what.
 */
from: Term, 
/**
 * What is taken off.
 */
less: Term, 
/**
 * The result.
 */
value: WireNumber, } | { "op": "power", 
/**
 * Of what.
 */
base: Term, 
/**
 * The power.
 */
exponent: number, 
/**
 * The result.
 */
value: WireNumber, } | { "op": "exp", 
/**
 * The power.
 */
of: Term, 
/**
 * The result.
 */
value: WireNumber, } | { "op": "log", 
/**
 * Of what.
 */
of: Term, 
/**
 * The result.
 */
value: WireNumber, } | { "op": "relu", 
/**
 * Which number.
 */
of: Term, 
/**
 * The result.
 */
value: WireNumber, };

export type Made = { "how": "given" } | { "how": "same", 
/**
 * The first name.
 */
address: string, } | { "how": "computed", 
/**
 * How.
 */
term: Term, } | { "how": "collected", 
/**
 * Where the sum begins: 1 for the loss, 0 for all others.
 */
start: WireNumber, 
/**
 * What every use added, in the order of backward.
 */
contributions: Array<Contribution>, };

export type Rung = { 
/**
 * How far below the number asked for.
 */
depth: number, 
/**
 * Its address.
 */
address: string, 
/**
 * Its value; of a gradient's address the gradient.
 */
value: WireNumber, 
/**
 * What it is.
 */
words: string, 
/**
 * How it is made, with this model's sizes; empty for a parameter.
 */
formula: string, 
/**
 * How it was made, with every figure.
 */
made: Made, 
/**
 * The lines that did it.
 */
sources: Array<SourceLines>, };

export type Ladder = { 
/**
 * Steps of training done at this moment.
 */
step: number, 
/**
 * The text read.
 */
text: string, 
/**
 * The number asked for, then what it was made from, then what those were made from: each once, where it first occurs.
 */
rungs: Array<Rung>, 
/**
 * The most rungs that were asked for.
 */
limit: number, 
/**
 * Numbers within the depth asked for that are not explained because of this limit. What those were made from is not
 * counted.
 */
left_out: number, };

export type Use = { 
/**
 * Its address: a name, or its place on the tape.
 */
node: string, 
/**
 * Its operation.
 */
op: Op, 
/**
 * Which operand the number is, from 0.
 */
operand: number, 
/**
 * Its value.
 */
value: WireNumber, 
/**
 * Whether it leads to the loss. The probabilities of tokens that did not come do not.
 */
reaches_loss: boolean, };

export type ConsumerGroup = { 
/**
 * Its address.
 */
address: string, 
/**
 * Its value.
 */
value: WireNumber, 
/**
 * The nodes that did it.
 */
uses: Array<Use>, };

export type Consumers = { 
/**
 * The number.
 */
address: string, 
/**
 * Its value.
 */
value: WireNumber, 
/**
 * Who used it, in the order of the computation.
 */
groups: Array<ConsumerGroup>, };

export type Contribution = { 
/**
 * The node that used it: a name, or its place on the tape.
 */
node: string, 
/**
 * The named number that this node helps to make, or is.
 */
part_of: string, 
/**
 * The node's operation.
 */
op: Op, 
/**
 * Which operand the number is, from 0.
 */
operand: number, 
/**
 * How fast the node grows with the number, its other operand held still.
 */
local_derivative: WireNumber, 
/**
 * Why it is that.
 */
because: string, 
/**
 * How fast the loss grows with the node.
 */
upstream: WireNumber, 
/**
 * Whose gradient that is: the named number's, if it comes to the node through additions alone.
 */
upstream_of: string, 
/**
 * Their product.
 */
product: WireNumber, 
/**
 * The gradient so far.
 */
partial_sum: WireNumber, };

export type Gradient = { 
/**
 * The number it is of.
 */
address: string, 
/**
 * The gradient: how fast the loss grows with the number.
 */
value: WireNumber, 
/**
 * Where the sum begins: 1 for the loss, which grows as fast as itself, 0 for all others.
 */
start: WireNumber, 
/**
 * What every use added, in the order of backward.
 */
contributions: Array<Contribution>, };

export type Nudge = { 
/**
 * The number.
 */
address: string, 
/**
 * Its value w.
 */
value: WireNumber, 
/**
 * The nudge ε.
 */
epsilon: number, 
/**
 * The loss as it is, f(w).
 */
loss: WireNumber, 
/**
 * f(w + ε)
 */
loss_up: WireNumber, 
/**
 * f(w − ε)
 */
loss_down: WireNumber, 
/**
 * (f(w + ε) − f(w − ε)) / 2ε
 */
slope: WireNumber, 
/**
 * What autograd says.
 */
gradient: WireNumber, 
/**
 * In how many digits the two agree, 0 to [`MAX_DIGITS`]; null if one of them is not finite.
 */
digits: number | null, 
/**
 * Whether some relu switches between w − ε and w + ε: the loss has a corner there and the slope is none.
 */
crosses_corner: boolean, };

export type Arrow = { 
/**
 * Where it begins: a place in the list of boxes.
 */
from: number, 
/**
 * Where it ends.
 */
to: number, 
/**
 * Edges of the scalar tape that it stands for.
 */
edges: number, };

export type TensorBox = { 
/**
 * Its address, without position and index.
 */
address: string, 
/**
 * What it is, in a phrase.
 */
about: string, 
/**
 * Its layer, if it has one.
 */
layer: number | null, 
/**
 * Whether training changes it.
 */
is_parameter: boolean, 
/**
 * Numbers in it, over all positions and heads.
 */
numbers: number, 
/**
 * Nodes of the scalar tape it takes to make them; of a matrix, those this document uses.
 */
nodes: number, 
/**
 * Its column: one more than the farthest of what it is made from.
 */
column: number, 
/**
 * Its row within the column.
 */
row: number, };

export type TensorGraph = { 
/**
 * The tensors.
 */
boxes: Array<TensorBox>, 
/**
 * From maker to user.
 */
arrows: Array<Arrow>, 
/**
 * Columns of the layout.
 */
columns: number, 
/**
 * Rows of the layout.
 */
rows: number, };

export type Cell = { 
/**
 * Its address.
 */
address: string, 
/**
 * The position; null for the loss of the document.
 */
position: number | null, 
/**
 * Its layer, if it has one.
 */
layer: number | null, 
/**
 * Its head, if it has one.
 */
head: number | null, 
/**
 * Nodes of the scalar tape it takes to make it.
 */
nodes: number, 
/**
 * Its first column.
 */
column: number, 
/**
 * Its width: one column for a head, all heads of a position otherwise.
 */
width: number, 
/**
 * Its row.
 */
row: number, };

export type CellGraph = { 
/**
 * The cells, position by position.
 */
cells: Array<Cell>, 
/**
 * From maker to user, parameters left out.
 */
arrows: Array<Arrow>, 
/**
 * Columns of the layout: one per position and head.
 */
columns: number, 
/**
 * Rows of the layout: one per kind and layer, and one for the loss.
 */
rows: number, 
/**
 * For each row the lines of source that do it, Rust first.
 */
sources: Array<Array<SourceLines>>, };

export type Raster = { 
/**
 * Their values, rounded to single precision: a picture shows no more. Null where not finite.
 */
values: Array<number | null>, 
/**
 * Their gradients, rounded likewise.
 */
grads: Array<number | null>, 
/**
 * The operations that made them: places in `operations`.
 */
ops: Array<number>, 
/**
 * The names of the operations.
 */
operations: Array<string>, 
/**
 * For each run of nodes that help to make one named number, or of one matrix: where it begins.
 */
run_starts: Array<number>, 
/**
 * The address of that number or matrix.
 */
run_addresses: Array<string>, 
/**
 * The lines of source that do it, Rust first: a place in `sources`.
 */
run_sources: Array<number>, 
/**
 * Lines of source.
 */
sources: Array<Array<SourceLines>>, };

export type ScalarNode = { 
/**
 * Its place on the tape.
 */
node: number, 
/**
 * Its name, or `node:N`.
 */
address: string, 
/**
 * The named number it helps to make; null for parameters.
 */
owner: string | null, 
/**
 * What made it.
 */
op: Op, 
/**
 * Its value.
 */
value: WireNumber, 
/**
 * Its gradient.
 */
grad: WireNumber, 
/**
 * What it was made from.
 */
operands: Array<number>, 
/**
 * Its derivative with respect to each.
 */
local_grads: Array<WireNumber>, };

export type Window = { 
/**
 * The first node in it.
 */
first: number, 
/**
 * Nodes on the tape.
 */
total: number, 
/**
 * The nodes.
 */
nodes: Array<ScalarNode>, };

export type LayeredNode = { 
/**
 * Its place on the tape.
 */
id: number, 
/**
 * Its layer, which is also its x.
 */
layer: number, 
/**
 * Its y, downwards.
 */
y: number, };

export type LayeredEdge = { 
/**
 * The operand.
 */
from: number, 
/**
 * The node made from it.
 */
to: number, 
/**
 * Which operand of that node: 0 or 1.
 */
slot: number, 
/**
 * The way, as pairs of x and y: both ends, and between them the places where it passes a layer.
 */
points: Array<[number, number]>, };

export type LayeredGraph = { 
/**
 * The largest x; the smallest is 0.
 */
width: number, 
/**
 * The largest y; the smallest is 0.
 */
height: number, 
/**
 * The nodes, in the order in which they were computed.
 */
nodes: Array<LayeredNode>, 
/**
 * The edges, by the node that uses and by its operands.
 */
edges: Array<LayeredEdge>, };

export type Neighbourhood = { 
/**
 * The node in the middle.
 */
node: number, 
/**
 * It and the nodes around it, in the order of the tape.
 */
nodes: Array<ScalarNode>, 
/**
 * Where they stand, and the edges among them.
 */
layout: LayeredGraph, 
/**
 * Whether there was no room for more: then the levels asked for are not all there.
 */
is_cut: boolean, };

export type Span = { 
/**
 * The first character.
 */
start: number, 
/**
 * The first one after it.
 */
end: number, };

export type Leaf = { 
/**
 * The name.
 */
name: string, 
/**
 * Its value.
 */
value: number, };

export type Binding = { 
/**
 * The name.
 */
name: string, 
/**
 * The node.
 */
node: number, 
/**
 * Where it is given: before the `=`, or where a leaf is first used.
 */
span: Span, };

export type ExpressionNode = { 
/**
 * Which operation made it.
 */
op: Op, 
/**
 * Its value.
 */
value: WireNumber, 
/**
 * The gradient of the result with respect to it.
 */
gradient: WireNumber, 
/**
 * The nodes it was made from.
 */
operands: Array<number>, 
/**
 * The derivative with respect to each of them, with the others held still.
 */
local_gradients: Array<WireNumber>, 
/**
 * The exponent, if it is a power.
 */
exponent: number | null, 
/**
 * The first name that stands for it.
 */
name: string | null, 
/**
 * The characters of the smallest expression that made it.
 */
span: Span, };

export type NonFinitePart = "value" | "local_gradient" | "gradient";

export type NonFinite = { 
/**
 * The node.
 */
node: number, 
/**
 * Which of its numbers.
 */
part: NonFinitePart, 
/**
 * That number.
 */
number: WireNumber, 
/**
 * The characters that made the node.
 */
span: Span, };

export type ExpressionGraph = { 
/**
 * The nodes, in the order in which they were computed.
 */
nodes: Array<ExpressionNode>, 
/**
 * The result's node.
 */
root: number, 
/**
 * The names and what they stand for.
 */
bindings: Array<Binding>, 
/**
 * The names the program uses but does not assign, in order of their first use.
 */
free_names: Array<string>, 
/**
 * Where the numbers first went wrong, if they did.
 */
non_finite: NonFinite | null, };

export type ExpressionRefusal = { 
/**
 * What is wrong and what to do, without the place.
 */
message: string, 
/**
 * The characters at fault; empty where something is missing.
 */
span: Span, 
/**
 * The line, counted from 1.
 */
line: number, 
/**
 * The column within that line, counted from 1 in Unicode characters.
 */
column: number, };

export type Direction = "forward" | "backward";

export type Stop = { "type": "forward", 
/**
 * The node.
 */
node: number, 
/**
 * Which operation makes it.
 */
op: Op, 
/**
 * The nodes it is made from.
 */
operands: Array<number>, 
/**
 * Their values.
 */
operand_values: Array<WireNumber>, 
/**
 * Its value from here on.
 */
value: WireNumber, } | { "type": "seed", 
/**
 * The root.
 */
node: number, } | { "type": "backward", 
/**
 * The node that hands on its gradient, which is complete by now.
 */
node: number, 
/**
 * The operand that receives.
 */
operand: number, 
/**
 * Which of the node's operands that is: 0 or 1.
 */
slot: number, 
/**
 * The gradient of the node.
 */
upstream: WireNumber, 
/**
 * The derivative of the node with respect to this operand.
 */
local_gradient: WireNumber, 
/**
 * Their product, which is added.
 */
contribution: WireNumber, 
/**
 * The gradient of the operand before.
 */
before: WireNumber, 
/**
 * And after.
 */
after: WireNumber, };

export type Stops = { 
/**
 * The number of the first.
 */
first: number, 
/**
 * Stops in all.
 */
total: number, 
/**
 * The stop at which the way turns back: the seed of the gradient.
 */
seed: number, 
/**
 * The stops.
 */
stops: Array<Stop>, };

export type Side = { 
/**
 * The moment.
 */
moment: Moment, 
/**
 * The loss of every step that led there, in nats.
 */
losses: Array<number>, };

export type ParamDifference = { 
/**
 * Its name, such as `layer0.attn_wq[3][2]`.
 */
param: string, 
/**
 * Its value at the one moment.
 */
a: number, 
/**
 * Its value at the other.
 */
b: number, };

export type Comparison = { 
/**
 * The one.
 */
a: Side, 
/**
 * The other.
 */
b: Side, 
/**
 * The first training step, counted from 1, whose losses differ in any bit; null if none of the steps that both have does.
 */
first_different_step: number | null, 
/**
 * The address at which the two courses first differ, with its step: a parameter at the first moment at which any does,
 * or the losses if it was the documents that differed. Null if they do not, as far as both go. Courses that have
 * parted are taken to stay apart.
 */
first_different_address: string | null, 
/**
 * The first parameter, in order, that differs in any bit between the two moments; null if none does.
 */
first_different_param: ParamDifference | null, 
/**
 * Parameters that differ in any bit.
 */
num_different: number, 
/**
 * Parameters in all.
 */
num_params: number, 
/**
 * Length of the difference of all parameters (L2 norm).
 */
distance: number, 
/**
 * The parameters that differ most, the furthest apart first; at most 20.
 */
most_changed: Array<ParamDifference>, };

export type CorpusIdentity = { 
/**
 * Its name.
 */
name: string, 
/**
 * SHA-256 of its documents, each followed by a line feed.
 */
sha256: string, 
/**
 * Documents in it.
 */
num_docs: number, };

export type Drawn = { 
/**
 * Steps done at the time.
 */
step: number, 
/**
 * Numbers drawn so far, those before included.
 */
numbers: number, };

export type Trace = { 
/**
 * [`FORMAT`].
 */
format: string, 
/**
 * [`VERSION`].
 */
version: number, 
/**
 * The version of glassgpt that wrote it.
 */
glassgpt_version: string, 
/**
 * What the session was set up from.
 */
spec: Spec, 
/**
 * Which corpus that was.
 */
corpus: CorpusIdentity, 
/**
 * The settings along the way: those at step 0, then every change.
 */
changes: Array<Change>, 
/**
 * Where documents were written on request, which moves the generator.
 */
drawn: Array<Drawn>, 
/**
 * At which step the session stood.
 */
step: number, 
/**
 * All figures of every step. The times are for information: no run repeats them.
 */
steps: Array<StepDetail>, 
/**
 * What the model wrote on the way.
 */
automatic_samples: Array<AutomaticSamples>, 
/**
 * How well it did on the way with documents it never trained on.
 */
held_out: Array<HeldOutLoss>, 
/**
 * The numbers that were being watched, as they were then.
 */
activations: Array<Reading>, 
/**
 * Why it could not go on, if it could not.
 */
divergence: Divergence | null, 
/**
 * SHA-256 of the parameters at its end, as little-endian f64.
 */
params_sha256: string, };

export type Difference = { 
/**
 * The step, counted from 1.
 */
step: number, 
/**
 * Which figure, such as `loss` or `losses[3]`.
 */
figure: string, 
/**
 * What the trace says; null if it has no such figure.
 */
expected: number | null, 
/**
 * What came out; null if nothing did.
 */
found: number | null, };

export type ReplayReport = { 
/**
 * Whether everything below is the same.
 */
reproduced: boolean, 
/**
 * Steps trained again.
 */
num_steps: number, 
/**
 * The first figure of a step that differs in any bit; null if none does.
 */
first_difference: Difference | null, 
/**
 * Whether what the model wrote on the way is the same.
 */
same_samples: boolean, 
/**
 * Whether the losses on held-out documents are the same.
 */
same_held_out: boolean, 
/**
 * The address of the first activation that differs in any bit, or cannot be read; null if none does.
 */
first_different_activation: string | null, 
/**
 * Whether both diverged at the same step, or neither did.
 */
same_end: boolean, 
/**
 * Whether the parameters at the end are the same.
 */
same_params: boolean, 
/**
 * SHA-256 of the parameters that the trace promises.
 */
expected_params_sha256: string, 
/**
 * SHA-256 of those that came out.
 */
found_params_sha256: string, };

export type Recipe = { 
/**
 * The experiment.
 */
spec: Spec, 
/**
 * Steps to train.
 */
steps: number, 
/**
 * Loss of the last of them, in nats.
 */
loss: number, 
/**
 * SHA-256 of the parameters that should come out.
 */
params_sha256: string, 
/**
 * Whether an exact engine trained it; turbo gives other bits.
 */
exact: boolean, 
/**
 * The version of glassgpt that wrote the file.
 */
glassgpt_version: string, };

export type Nearness = { 
/**
 * Losses of which every bit is the same.
 */
losses_same: number, 
/**
 * Losses that are the same when printed to four decimals.
 */
losses_alike: number, 
/**
 * The largest difference of a loss, as a part of it: 0 where all are the same; null if one is not a number.
 */
largest_relative: number | null, 
/**
 * The step with that difference; null where all are the same.
 */
largest_at: number | null, 
/**
 * The first step whose loss has another bit; null where all are the same.
 */
first_at: number | null, 
/**
 * Samples that are the same to the letter.
 */
samples_same: number, };

export type Verdict = { 
/**
 * The trace's name.
 */
run: string, 
/**
 * The engine that ran it.
 */
engine: "fused" | "scalar", 
/**
 * The instruction set it ran on; null for the scalar engine.
 */
backend: string | null, 
/**
 * Steps trained.
 */
steps: number, 
/**
 * Loss of the last step, in nats; null if it is not a number.
 */
loss: number | null, 
/**
 * Every loss is the same.
 */
losses_ok: boolean, 
/**
 * The gradient is the same wherever the trace states it.
 */
grads_ok: boolean, 
/**
 * The parameters are the same at the start and wherever the trace states them.
 */
params_ok: boolean, 
/**
 * Adam's memory is the same wherever the trace states it.
 */
moments_ok: boolean, 
/**
 * Every sample is the same.
 */
samples_ok: boolean, 
/**
 * The generator ends in the same state.
 */
generator_ok: boolean, 
/**
 * What differed first, in a sentence.
 */
first_difference: string | null, 
/**
 * How near it came, where not every bit is the same.
 */
nearness: Nearness, 
/**
 * The samples, as they were written here.
 */
samples: Array<string>, };

export type LengthCount = { 
/**
 * Characters.
 */
length: number, 
/**
 * Documents of so many.
 */
count: number, };

export type CharacterCount = { 
/**
 * The character.
 */
character: string, 
/**
 * How often it comes in all documents together.
 */
count: number, 
/**
 * Documents that begin with it.
 */
begins: number, 
/**
 * Documents that end with it.
 */
ends: number, };

export type CorpusStatistics = { 
/**
 * Its name.
 */
name: string, 
/**
 * Documents in it.
 */
num_docs: number, 
/**
 * Different documents in it.
 */
num_unique: number, 
/**
 * Characters in all documents together.
 */
num_chars: number, 
/**
 * The shortest document, in characters.
 */
shortest: number, 
/**
 * The longest document, in characters.
 */
longest: number, 
/**
 * The mean length of a document, in characters.
 */
mean_length: number, 
/**
 * How many documents have each length there is, the shortest first.
 */
lengths: Array<LengthCount>, 
/**
 * How often each character comes, in the order of the vocabulary.
 */
characters: Array<CharacterCount>, 
/**
 * Tokens in the vocabulary: the characters and BOS.
 */
vocab_size: number, 
/**
 * The loss of guessing every token alike: ln V, in nats.
 */
uniform_loss: number, 
/**
 * The first documents, in the order of the file: at most 20, of each at most 200 characters.
 */
first: Array<string>, 
/**
 * The same of the order in which they are trained on if none is held out; empty without a seed.
 */
shuffled: Array<string>, };

export type ParameterCourse = { 
/**
 * The parameter.
 */
address: string, 
/**
 * Steps done before the first of these steps.
 */
first: number, 
/**
 * The parameter before the update.
 */
value: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * How fast the document's loss grows with it.
 */
grad: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * The running mean of its gradient, this step's taken in.
 */
m: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * The running mean of its squared gradient, this step's taken in.
 */
v: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * `m`, corrected for its start at zero.
 */
m_hat: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * `v`, corrected for its start at zero.
 */
v_hat: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * What the step takes off the parameter.
 */
update: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * The parameter after it.
 */
next: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * The learning rate of the step.
 */
learning_rate: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * What plain gradient descent would take off in its place: learning rate times gradient.
 */
sgd: Array<number | "NaN" | "Infinity" | "-Infinity">, };

export type Spread = { 
/**
 * The address asked for, with its step filled in.
 */
address: string, 
/**
 * How many numbers.
 */
n: number, 
/**
 * How many of them are NaN or infinite: nothing below counts them.
 */
non_finite: number, 
/**
 * The smallest.
 */
min: number, 
/**
 * The largest.
 */
max: number, 
/**
 * Their mean.
 */
mean: number | "NaN" | "Infinity" | "-Infinity", 
/**
 * Their standard deviation: the root of the mean squared distance from the mean.
 */
std: number | "NaN" | "Infinity" | "-Infinity", 
/**
 * The root of their mean square.
 */
rms: number | "NaN" | "Infinity" | "-Infinity", 
/**
 * The share of them that are exactly 0, of either sign.
 */
zeros: number, 
/**
 * Where the bins begin and end, one more than there are bins. A number on an edge belongs to the bin above it, at the
 * last edge to the last bin.
 */
edges: Array<number>, 
/**
 * How many lie in each bin.
 */
counts: Array<number>, 
/**
 * How many lie below the first edge.
 */
below: number, 
/**
 * How many lie above the last edge.
 */
above: number, };

export type Table = "wte" | "wpe" | "lm_head";

export type Similar = { 
/**
 * The row.
 */
row: number, 
/**
 * The cosine of the angle between the two, all columns counted: 1 for the same direction, −1 for the opposite.
 */
similarity: number, };

export type MapRow = { 
/**
 * The token's label, or the position.
 */
label: string, 
/**
 * Where it lies. The mean of all rows is at [0, 0]; a unit is a unit of the parameters.
 */
place: [number, number], 
/**
 * The row's length (L2 norm), all columns counted.
 */
norm: number, 
/**
 * The rows most similar to it by direction, the nearest first: at most three, and none where a row has no length.
 */
nearest: Array<Similar>, };

export type EmbeddingMap = { 
/**
 * The matrix.
 */
matrix: Table, 
/**
 * Steps done.
 */
step: number, 
/**
 * Steps done at the moment whose map this one is turned onto: it lies as near to that as rotating and mirroring can bring
 * it. The reference's own axes are its principal components.
 */
reference: number, 
/**
 * The share of all variance that each axis explains, as the map is turned; 0 if the rows are all alike.
 */
shares: [number, number], 
/**
 * The rows, in order.
 */
rows: Array<MapRow>, };

export type NearestDocument = { 
/**
 * Its place in the corpus, from 0.
 */
doc: number, 
/**
 * Its text.
 */
text: string, 
/**
 * How many characters must be put in, taken out or replaced to make one of the other.
 */
distance: number, };

export type Score = { 
/**
 * The text.
 */
text: string, 
/**
 * Its tokens, BOS at both ends.
 */
tokens: Array<number>, 
/**
 * The loss at each position read, in nats: of its first character after BOS up to BOS after its last, or as far as the
 * context goes.
 */
losses: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * Their mean, as training has it.
 */
loss: number | "NaN" | "Infinity" | "-Infinity", 
/**
 * The natural logarithm of the probability that the model writes just this, the ending BOS included: minus the sum of the
 * losses. Where the text is cut, that it begins as far as it is read.
 */
ln_probability: number | "NaN" | "Infinity" | "-Infinity", 
/**
 * Whether it is too long for the context, so that its end is not read.
 */
is_cut: boolean, 
/**
 * Whether it stands in the corpus.
 */
in_corpus: boolean, 
/**
 * The document of the corpus that is nearest to it.
 */
nearest: NearestDocument, };

export type Landing = { 
/**
 * The random number, from 0 to below 1; null at temperature 0, where nothing is drawn.
 */
random: number | null, 
/**
 * The point on the line from 0 to the weights' sum; null at temperature 0.
 */
point: number | null, 
/**
 * Where the chosen token's stretch of that line begins.
 */
from: number, 
/**
 * Where it ends.
 */
to: number, 
/**
 * The token on whose stretch the point lies; at temperature 0 the likeliest.
 */
token: number, };

export type Softened = { 
/**
 * The scores, times 1 / temperature.
 */
scaled: Array<number | "NaN" | "Infinity" | "-Infinity">, 
/**
 * The largest of those.
 */
largest: number, 
/**
 * e to the power of each less the largest.
 */
exps: Array<number>, 
/**
 * Their sum.
 */
exp_total: number, };

export type Way = { 
/**
 * Its settings.
 */
sampling: Sampling, 
/**
 * The scores over the temperature, and what makes shares of them; null at temperature 0, where the likeliest is taken.
 */
softened: Softened | null, 
/**
 * Their shares of 1, in token order; at temperature 0 the likeliest has all.
 */
shares: Array<number>, 
/**
 * The weights drawn by: the shares, but for those that `top_k` and `top_p` cut, which are 0.
 */
weights: Array<number>, 
/**
 * How many tokens can be drawn.
 */
kept: number, 
/**
 * Where each token's stretch of the line ends: the weights, added up in token order.
 */
ends: Array<number>, 
/**
 * Where the line ends: the weights' sum, a little beside 1 for want of digits, or clearly below it where some are cut.
 */
total: number, 
/**
 * How open the choice is, in nats: the mean of −ln of the drawn token's probability.
 */
entropy: number, 
/**
 * So many equally likely tokens would leave the choice as open: e to the entropy.
 */
equal_choices: number, 
/**
 * What a random number chooses; null without one, unless the temperature is 0.
 */
landing: Landing | null, };

export type NextToken = { 
/**
 * What is read: BOS and the text.
 */
tokens: Array<number>, 
/**
 * The position of the last of them, at which the next one is predicted.
 */
position: number, 
/**
 * A score for each token, in token order.
 */
logits: Array<number>, 
/**
 * What becomes of them, in the order of the ways asked for.
 */
ways: Array<Way>, };

export type DrawnToken = { 
/**
 * The position at which it was predicted: that of the token before it.
 */
position: number, 
/**
 * What was drawn, and where on the line.
 */
landing: Landing, 
/**
 * Where the line ends: the sum of the weights.
 */
total: number, 
/**
 * Its probability with nothing scaled and nothing cut.
 */
probability: number, };

export type Written = { 
/**
 * The seed of its random numbers: `random.seed(seed)` in Python, and then one `random.choices` a draw.
 */
seed: number, 
/**
 * The draws, one for each token after the prefix, the ending BOS included.
 */
draws: Array<DrawnToken>, 
/**
 * Whether it ended by drawing BOS. If not, the context was full.
 */
ended: boolean, 
/**
 * How likely these draws were, one after the other, by the weights they were drawn by: the product of their chances.
 */
chance: number, 
/**
 * How likely the model finds the whole text, prefix and end included, with nothing scaled and nothing cut: e to the power
 * of the score's `ln_probability`.
 */
probability: number, 
/**
 * What else can be said of the text.
 */
score: Score, };

export type Batch = { 
/**
 * The way.
 */
sampling: Sampling, 
/**
 * The texts.
 */
texts: Array<Written>, };

export type Writings = { 
/**
 * Steps of training done.
 */
step: number, 
/**
 * The tokens that every text begins with, after BOS.
 */
prefix: Array<number>, 
/**
 * For each way of drawing, its texts, in the order of their seeds.
 */
batches: Array<Batch>, };

export type Place = { 
/**
 * After how many steps of the present branch; null means at the present moment.
 */
step: number | null, 
/**
 * The text to read; null means the document that the next step trains on.
 */
text: string | null, };

export type Question = { "type": "plan", 
/**
 * What to experiment on.
 */
spec: Spec, } | { "type": "corpus", 
/**
 * Which.
 */
source: CorpusSource, 
/**
 * Also show the order in which an experiment with this seed reads it; null means do not.
 */
seed: number | null, } | { "type": "read", 
/**
 * At most 1,000, of at most 64 different moments and texts, with at most 4,000,000 numbers in all.
 */
addresses: Array<string>, } | { "type": "spread", 
/**
 * As many as [`Question::Read`] allows.
 */
addresses: Array<string>, 
/**
 * Bins of each histogram, 1 to 200.
 */
bins: number, 
/**
 * Where the bins begin and end; null for each address's largest magnitude, negative and positive.
 */
range: [number, number] | null, } | { "type": "course", 
/**
 * One parameter, without step, text or part, such as `layer0.attn_wq[3][2]`.
 */
address: string, 
/**
 * Steps done before the first of the steps.
 */
first: number, 
/**
 * How many steps: 1 to 10,000, and times the parameters of the model at most 50,000,000.
 */
count: number, } | { "type": "embedding_map", 
/**
 * Whose rows are the places.
 */
matrix: Table, 
/**
 * After how many steps of the present branch; null means at the present moment.
 */
step: number | null, 
/**
 * After how many steps the map is that this one is turned onto; null means at the end of the branch.
 */
reference: number | null, } | { "type": "score", 
/**
 * After how many steps of the present branch; null means at the present moment.
 */
step: number | null, 
/**
 * 1 to 100 texts, of at most 6,400 characters in all.
 */
texts: Array<string>, } | { "type": "write", 
/**
 * After how many steps of the present branch; null means at the present moment.
 */
step: number | null, 
/**
 * What every text begins with, without BOS.
 */
prefix: string, 
/**
 * 1 to 8 ways of drawing; each writes its texts with the same random numbers.
 */
samplings: Array<Sampling>, 
/**
 * How many texts in each way: at least 1, in all at most 100.
 */
count: number, 
/**
 * The seed of the first text's random numbers; each text after it has the next seed.
 */
seed: number, } | { "type": "next_token", 
/**
 * After how many steps of the present branch; null means at the present moment.
 */
step: number | null, 
/**
 * What is read after BOS.
 */
text: string, 
/**
 * 1 to 8 ways of drawing.
 */
samplings: Array<Sampling>, 
/**
 * A random number to draw with, from 0 to below 1; null means draw nothing.
 */
random: number | null, } | { "type": "why", 
/**
 * One number.
 */
address: string, 
/**
 * How many levels down; 0 explains the number alone.
 */
depth: number, 
/**
 * The most numbers to explain, 1 to 2,000; null means 200.
 */
limit: number | null, } | { "type": "consumers", 
/**
 * One number.
 */
address: string, } | { "type": "gradient", 
/**
 * One number.
 */
address: string, } | { "type": "nudge", 
/**
 * One number.
 */
address: string, 
/**
 * How much; null for a sensible little.
 */
epsilon: number | null, } | { "type": "tensors", 
/**
 * When, and of which text.
 */
at: Place, } | { "type": "cells", 
/**
 * When, and of which text.
 */
at: Place, } | { "type": "raster", 
/**
 * When, and of which text.
 */
at: Place, } | { "type": "nodes", 
/**
 * When, and of which text.
 */
at: Place, 
/**
 * The first node.
 */
first: number, 
/**
 * How many, 1 to 2,000.
 */
count: number, } | { "type": "neighbourhood", 
/**
 * The node, named or not; its step and text say when and where.
 */
address: string, 
/**
 * Levels of what it was made from, 0 to 100.
 */
back: number, 
/**
 * Levels of what was made from it, 0 to 100.
 */
on: number, } | { "type": "stops", 
/**
 * When, and of which text.
 */
at: Place, 
/**
 * The first stop.
 */
first: number, 
/**
 * How many, 1 to 1,000.
 */
count: number, } | { "type": "effect", 
/**
 * When, and for which text.
 */
at: Place, 
/**
 * The interventions; null means those in force.
 */
interventions: Array<Intervention> | null, 
/**
 * Also measure the loss over the first so many documents, 1 to 1,000; null means do not.
 */
documents: number | null, } | { "type": "lens", 
/**
 * When, and for which text.
 */
at: Place, 
/**
 * The interventions; null means those in force.
 */
interventions: Array<Intervention> | null, } | { "type": "attribution", 
/**
 * When, and for which text.
 */
at: Place, 
/**
 * At which position.
 */
position: number, 
/**
 * Of which token.
 */
token: number, 
/**
 * Whether every hidden unit has a term of its own.
 */
neurons: boolean, 
/**
 * The interventions; null means those in force.
 */
interventions: Array<Intervention> | null, } | { "type": "compare", 
/**
 * The one.
 */
a: Moment, 
/**
 * The other.
 */
b: Moment, } | { "type": "details", 
/**
 * The first step, counted from 1.
 */
first: number, 
/**
 * How many, 1 to 10,000.
 */
count: number, } | { "type": "trace" } | { "type": "loss_csv" } | { "type": "model_file" } | { "type": "safetensors" } | { "type": "recipe", 
/**
 * The text of a model file.
 */
model: string, } | { "type": "expression", 
/**
 * The formula, or several, one a line.
 */
source: string, 
/**
 * Values for the names it does not set itself.
 */
leaves: Array<Leaf>, };

export type Answer = { "type": "plan", "answer": Experiment } | { "type": "corpus", "answer": CorpusStatistics } | { "type": "readings", "answer": Array<Reading> } | { "type": "spreads", "answer": Array<Spread> } | { "type": "course", "answer": ParameterCourse } | { "type": "embedding_map", "answer": EmbeddingMap } | { "type": "scores", "answer": Array<Score> } | { "type": "writings", "answer": Writings } | { "type": "next_token", "answer": NextToken } | { "type": "ladder", "answer": Ladder } | { "type": "consumers", "answer": Consumers } | { "type": "gradient", "answer": Gradient } | { "type": "nudge", "answer": Nudge } | { "type": "tensors", "answer": TensorGraph } | { "type": "cells", "answer": CellGraph } | { "type": "raster", "answer": Raster } | { "type": "nodes", "answer": Window } | { "type": "neighbourhood", "answer": Neighbourhood } | { "type": "stops", "answer": Stops } | { "type": "effect", "answer": { 
/**
 * For the text.
 */
text: Effect, 
/**
 * For the documents, if they were asked about.
 */
documents: EffectOnDocuments | null, } } | { "type": "lens", "answer": LogitLens } | { "type": "attribution", "answer": Attribution } | { "type": "comparison", "answer": Comparison } | { "type": "details", "answer": Array<StepDetail> } | { "type": "trace", "answer": Trace } | { "type": "text", "answer": string } | { "type": "bytes", "answer": string } | { "type": "recipe", "answer": Recipe } | { "type": "expression", "answer": { 
/**
 * The graph.
 */
graph: ExpressionGraph, 
/**
 * Where its nodes stand; null if they are more than 500.
 */
layout: LayeredGraph | null, 
/**
 * Every stop, forward and back.
 */
stops: Array<Stop>, } } | { "type": "mistake", "answer": ExpressionRefusal };

export type RetrainEngine = "exact" | "turbo";

export type RetrainSpec = { 
/**
 * The settings.
 */
config: Config, 
/**
 * Which arithmetic.
 */
engine: RetrainEngine, 
/**
 * What the model is trained without, or with: it wears these glasses in every step and when it is asked afterwards.
 * Only pieces of the model: a place in one text makes no sense in training.
 */
interventions: Array<Intervention>, 
/**
 * The text to predict when trained.
 */
text: string, 
/**
 * How many texts to write when trained, 0 to 100.
 */
samples: number, 
/**
 * How freely: above 0, at most 2.
 */
temperature: number, 
/**
 * The seed of the writing, not of the training. Stream `s` of 16 draws texts `s`, `s + 16`, … from a generator seeded
 * with this plus `s`, so the training's own generator is left alone.
 */
sample_seed: number, };

export type RetrainProgress = { 
/**
 * Steps done.
 */
steps_done: number, 
/**
 * Steps to do in all.
 */
steps: number, 
/**
 * The loss of the last step, smoothed; null before the first.
 */
smoothed_loss: number | null, 
/**
 * Whether it is over: all steps are done, or the model has diverged.
 */
finished: boolean, };

export type TrainedOn = "exact" | "turbo" | "tape";

export type RetrainDivergence = { 
/**
 * Steps done before the one where it was noticed: in exact training the one that failed, in turbo at most 64 later.
 */
step: number, 
/**
 * The first number that was not finite, if it is known: in exact training without interventions.
 */
address: string | null, 
/**
 * What it was.
 */
value: WireNumber | null, };

export type Retrained = { 
/**
 * Steps done: all, or those before the model diverged.
 */
steps_done: number, 
/**
 * What ran: `exact`, `turbo`, or `tape` where an intervention is beyond the fast engines. Tape is exact too.
 */
trained_by: TrainedOn, 
/**
 * The loss of each step, in nats. All are finite.
 */
losses: Array<number>, 
/**
 * The same, smoothed.
 */
smoothed_losses: Array<number>, 
/**
 * What the trained model makes of the text asked for, in double precision.
 */
prediction: Prediction, 
/**
 * What it writes.
 */
samples: Array<Sample>, 
/**
 * SHA-256 of the parameters as little-endian doubles in `state_dict` order; null for turbo, which is not exact.
 */
params_sha256: string | null, 
/**
 * Where the model diverged; null if it did not.
 */
divergence: RetrainDivergence | null, };

export type RetrainNews = { 
/**
 * The number of the request, as given by whoever asked.
 */
request: number, 
/**
 * How far it has come.
 */
progress: RetrainProgress, 
/**
 * What it gave; null while it runs.
 */
retrained: Retrained | null, };
