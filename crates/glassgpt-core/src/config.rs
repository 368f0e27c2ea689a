//! What an experiment is set to: every knob of microgpt.py, the three presets, and the bounds they are checked against.
//!
//! Why a second type, [`Plan`]: raw settings are checked in one place, once. Whoever holds a `Plan` need not check again.

// § imports
use crate::Layout;

// § settings
/// Every setting of a run, unchecked. [`Plan::new`] checks it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Config {
    /// Width of the residual stream, C: numbers per token. 1 to 512, divisible by `n_head`.
    pub n_embd: u32,
    /// Attention heads per layer, H. 1 to `n_embd`.
    pub n_head: u32,
    /// Layers, L. 1 to 16.
    pub n_layer: u32,
    /// Longest context in tokens, T. 1 to 1,024.
    pub block_size: u32,
    /// Training steps, and the length of the learning-rate schedule. 1 to 10,000,000.
    pub steps: u32,
    /// Learning rate at the first step. 0 to 10.
    pub learning_rate: f64,
    /// How the learning rate falls over the steps.
    pub schedule: Schedule,
    /// Adam's memory of the gradient. 0 to below 1.
    pub beta1: f64,
    /// Adam's memory of the squared gradient. 0 to below 1.
    pub beta2: f64,
    /// The small number that keeps Adam's division finite. Above 0, up to 1.
    pub eps: f64,
    /// What the MLP applies to its hidden units.
    pub activation: Activation,
    /// Standard deviation of the initial weights. 0 to 10.
    pub init_std: f64,
    /// Start `attn_wo` and `mlp_fc2` at zero. Their random numbers are drawn all the same.
    pub zero_init: bool,
    /// Seed of the random generator. The sign makes no difference, as in Python.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub seed: i64,
}

// § choices
/// How the learning rate falls from step 0 to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Schedule {
    /// `lr · (1 − step/steps)`
    Linear,
    /// `lr · 0.5 · (1 + cos(π · step/steps))`
    Cosine,
    /// `lr`
    Constant,
}

/// The nonlinearity of the MLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Activation {
    /// `max(0, x)`
    Relu,
    /// `max(0, x)²`
    Relu2,
}

// § names
impl Schedule {
    /// All schedules, the default first.
    pub const ALL: [Schedule; 3] = [Schedule::Linear, Schedule::Cosine, Schedule::Constant];

    /// Its name as typed by people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Schedule::Linear => "linear",
            Schedule::Cosine => "cosine",
            Schedule::Constant => "constant",
        }
    }

    /// The schedule called `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|schedule| schedule.name() == name)
    }
}

impl Activation {
    /// All activations, the default first.
    pub const ALL: [Activation; 2] = [Activation::Relu, Activation::Relu2];

    /// Its name as typed by people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Activation::Relu => "relu",
            Activation::Relu2 => "relu2",
        }
    }

    /// The activation called `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|activation| activation.name() == name)
    }
}

// § presets
/// Settings that belong together because someone published them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Preset {
    /// Karpathy's published microgpt.py: relu, linear schedule, context of 16.
    Blog,
    /// Another revision of the gist: relu squared, cosine schedule, context of 8, zeroed output matrices.
    Gist,
    /// The startup-name model of the microGPT Visualizer: as `Blog`, with seed 40.
    Startups,
}

// § names
impl Preset {
    /// All presets, the default first.
    pub const ALL: [Preset; 3] = [Preset::Blog, Preset::Gist, Preset::Startups];

    /// Its name as typed by people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Preset::Blog => "blog",
            Preset::Gist => "gist",
            Preset::Startups => "startups",
        }
    }

    // § presets
    /// The embedded corpus it goes with.
    #[must_use]
    pub fn corpus(self) -> &'static str {
        match self {
            Preset::Blog | Preset::Gist => "names",
            Preset::Startups => "startups",
        }
    }

    /// Its settings.
    #[must_use]
    pub fn config(self) -> Config {
        let blog = Config {
            n_embd: 16,
            n_head: 4,
            n_layer: 1,
            block_size: 16,
            steps: 1000,
            learning_rate: 0.01,
            schedule: Schedule::Linear,
            beta1: 0.85,
            beta2: 0.99,
            eps: 1e-8,
            activation: Activation::Relu,
            init_std: 0.08,
            zero_init: false,
            seed: 42,
        };
        match self {
            Preset::Blog => blog,
            Preset::Gist => Config {
                block_size: 8,
                steps: 500,
                schedule: Schedule::Cosine,
                beta1: 0.9,
                beta2: 0.95,
                activation: Activation::Relu2,
                init_std: 0.02,
                zero_init: true,
                ..blog
            },
            Preset::Startups => Config { seed: 40, ..blog },
        }
    }
}

// § refusals
/// Why a [`Config`] was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// A setting lies outside its bounds.
    #[error("{field} is {value}; it must be {range}")]
    OutOfRange {
        /// The setting's name.
        field: &'static str,
        /// The value given.
        value: String,
        /// The values allowed.
        range: String,
    },
    /// The heads do not share the width evenly.
    #[error("n_head is {n_head}; it must divide n_embd, which is {n_embd} (try {suggestions})")]
    HeadsDoNotDivide {
        /// Heads asked for.
        n_head: u32,
        /// Width asked for.
        n_embd: u32,
        /// Head counts that would do.
        suggestions: String,
    },
    /// The model would be too large.
    #[error(
        "the model would have {n_params} parameters; it must have at most {max} (n_embd {n_embd}, n_layer {n_layer})"
    )]
    TooManyParameters {
        /// Parameters the settings ask for.
        n_params: u64,
        /// The limit.
        max: u64,
        /// Width asked for.
        n_embd: u32,
        /// Layers asked for.
        n_layer: u32,
    },
}

/// The largest width.
pub const MAX_N_EMBD: u32 = 512;
/// The most layers.
pub const MAX_N_LAYER: u32 = 16;
/// The longest context.
pub const MAX_BLOCK_SIZE: u32 = 1024;
/// The most steps.
pub const MAX_STEPS: u32 = 10_000_000;
/// The most parameters.
pub const MAX_PARAMS: u64 = 20_000_000;

impl Config {
    /// Checks every setting that needs no vocabulary.
    ///
    /// # Errors
    /// The first setting out of bounds, with its name, its value and the range allowed.
    pub fn check(&self) -> Result<(), ConfigError> {
        whole("n_embd", self.n_embd, 1, MAX_N_EMBD)?;
        whole("n_head", self.n_head, 1, self.n_embd)?;
        whole("n_layer", self.n_layer, 1, MAX_N_LAYER)?;
        whole("block_size", self.block_size, 1, MAX_BLOCK_SIZE)?;
        whole("steps", self.steps, 1, MAX_STEPS)?;
        if !self.n_embd.is_multiple_of(self.n_head) {
            return Err(ConfigError::HeadsDoNotDivide {
                n_head: self.n_head,
                n_embd: self.n_embd,
                suggestions: divisors(self.n_embd),
            });
        }
        real("learning_rate", self.learning_rate, "from 0 to 10", |x| (0.0..=10.0).contains(&x))?;
        real("beta1", self.beta1, "from 0 to below 1", |x| (0.0..1.0).contains(&x))?;
        real("beta2", self.beta2, "from 0 to below 1", |x| (0.0..1.0).contains(&x))?;
        real("eps", self.eps, "above 0 and at most 1", |x| x > 0.0 && x <= 1.0)?;
        real("init_std", self.init_std, "from 0 to 10", |x| (0.0..=10.0).contains(&x))?;
        Ok(())
    }

    // § heads
    /// Components per head, D = C/H.
    #[must_use]
    pub fn head_dim(&self) -> u32 {
        self.n_embd / self.n_head
    }
}

// § refusals
/// A [`Config`] that has been checked against the vocabulary it will serve, with the layout of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    config: Config,
    layout: Layout,
}

impl Plan {
    /// Checks the settings for a vocabulary of `vocab_size` tokens, BOS included.
    ///
    /// # Errors
    /// The first setting out of bounds, or the number of parameters if it is too large.
    pub fn new(config: Config, vocab_size: usize) -> Result<Self, ConfigError> {
        config.check()?;
        let [v, c, t, l] = [vocab_size as u64, config.n_embd.into(), config.block_size.into(), config.n_layer.into()];
        let n_params = 2 * v * c + t * c + l * 12 * c * c;
        if n_params > MAX_PARAMS {
            return Err(ConfigError::TooManyParameters {
                n_params,
                max: MAX_PARAMS,
                n_embd: config.n_embd,
                n_layer: config.n_layer,
            });
        }
        let layout = Layout::new(&config, vocab_size);
        Ok(Self { config, layout })
    }

    // § accessors
    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where each matrix lies in the parameters.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Tokens in the vocabulary, BOS included.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.layout.wte.rows
    }
}

// § refusals
fn whole(field: &'static str, value: u32, min: u32, max: u32) -> Result<(), ConfigError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    let range = format!("a whole number from {min} to {max}");
    Err(ConfigError::OutOfRange { field, value: value.to_string(), range })
}

fn real(field: &'static str, value: f64, range: &str, allowed: impl Fn(f64) -> bool) -> Result<(), ConfigError> {
    if allowed(value) {
        return Ok(());
    }
    Err(ConfigError::OutOfRange { field, value: value.to_string(), range: format!("a number {range}") })
}

fn divisors(n: u32) -> String {
    let all: Vec<String> = (1..=n).filter(|d| n.is_multiple_of(*d)).map(|d| d.to_string()).collect();
    all.join(", ")
}
