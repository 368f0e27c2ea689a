//! What a person asks about an experiment, and the answers: looking, which changes nothing.
//!
//! Why apart from commands: a question has no place in the history. It can be asked at any moment, of any moment, and an
//! experiment that was asked is bit for bit one that was not.

use glassgpt_core::{Sampling, TokenId};
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::compare::Comparison;
use crate::course::ParameterCourse;
use crate::draw::NextToken;
use crate::embedding_map::{EmbeddingMap, Table};
use crate::expression::{ExpressionGraph, ExpressionRefusal, Leaf};
use crate::graph::layered::LayeredGraph;
use crate::graph::{CellGraph, Neighbourhood, Raster, TensorGraph, Window};
use crate::intervention::{Effect, EffectOnDocuments, Intervention};
use crate::lens::{Attribution, LogitLens};
use crate::protocol::{CorpusSource, Experiment, Moment, Spec, StepDetail};
use crate::reading::Reading;
use crate::recipe::Recipe;
use crate::score::Score;
use crate::spread::Spread;
use crate::statistics::CorpusStatistics;
use crate::stepper::Stop;
use crate::trace::Trace;
use crate::verify::Verdict;
use crate::why::{Consumers, Gradient, Ladder, Nudge};
use crate::writing::Writings;

/// Something a person asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// What would an experiment be? Nothing is started.
    Plan {
        /// What to experiment on.
        spec: Spec,
    },
    /// What is a corpus made of?
    Corpus {
        /// Which.
        source: CorpusSource,
        /// Also show the order in which an experiment with this seed reads it; null means do not.
        #[cfg_attr(feature = "ts", ts(type = "number | null"))]
        seed: Option<i64>,
    },
    /// Which numbers stand at these addresses?
    Read {
        /// At most 1,000, of at most 64 different moments and texts, with at most 4,000,000 numbers in all.
        #[cfg_attr(feature = "ts", ts(type = "Array<string>"))]
        addresses: Vec<Address>,
    },
    /// How are the numbers at these addresses spread?
    Spread {
        /// As many as [`Question::Read`] allows.
        #[cfg_attr(feature = "ts", ts(type = "Array<string>"))]
        addresses: Vec<Address>,
        /// Bins of each histogram, 1 to 200.
        bins: u32,
        /// Where the bins begin and end; null for each address's largest magnitude, negative and positive.
        range: Option<[f64; 2]>,
    },
    /// What became of one parameter, step by step along the present branch?
    Course {
        /// One parameter, without step, text or part, such as `layer0.attn_wq[3][2]`.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// Steps done before the first of the steps.
        first: u32,
        /// How many steps: 1 to 10,000, and times the parameters of the model at most 50,000,000.
        count: u32,
    },
    /// Where do the tokens or positions lie on a map of their embeddings?
    EmbeddingMap {
        /// Whose rows are the places.
        matrix: Table,
        /// After how many steps of the present branch; null means at the present moment.
        step: Option<u32>,
        /// After how many steps the map is that this one is turned onto; null means at the end of the branch.
        reference: Option<u32>,
    },
    /// How likely are these texts, and which documents are they nearest to?
    Score {
        /// After how many steps of the present branch; null means at the present moment.
        step: Option<u32>,
        /// 1 to 100 texts, of at most 6,400 characters in all.
        texts: Vec<String>,
    },
    /// What does the model write, draw by draw?
    Write {
        /// After how many steps of the present branch; null means at the present moment.
        step: Option<u32>,
        /// What every text begins with, without BOS.
        prefix: String,
        /// 1 to 8 ways of drawing; each writes its texts with the same random numbers.
        samplings: Vec<Sampling>,
        /// How many texts in each way: at least 1, in all at most 100.
        count: u32,
        /// The seed of the first text's random numbers; each text after it has the next seed.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        seed: i64,
    },
    /// What may come after a text, drawn in several ways?
    NextToken {
        /// After how many steps of the present branch; null means at the present moment.
        step: Option<u32>,
        /// What is read after BOS.
        text: String,
        /// 1 to 8 ways of drawing.
        samplings: Vec<Sampling>,
        /// A random number to draw with, from 0 to below 1; null means draw nothing.
        random: Option<f64>,
    },
    /// How was this number computed, and what it was computed from?
    Why {
        /// One number.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// How many levels down; 0 explains the number alone.
        depth: u32,
        /// The most numbers to explain, 1 to 2,000; null means 200.
        limit: Option<u32>,
    },
    /// Who used this number?
    Consumers {
        /// One number.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
    },
    /// How did this number's gradient arrive?
    Gradient {
        /// One number.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
    },
    /// What becomes of the loss if this number is a little larger or smaller?
    Nudge {
        /// One number.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// How much; null for a sensible little.
        epsilon: Option<f64>,
    },
    /// The graph of a loss, a box for each tensor.
    Tensors {
        /// When, and of which text.
        at: Place,
    },
    /// The graph of a loss, a cell for each tensor at each position and head.
    Cells {
        /// When, and of which text.
        at: Place,
    },
    /// Every node of a loss's tape, as arrays.
    Raster {
        /// When, and of which text.
        at: Place,
    },
    /// Some nodes of a loss's tape, with everything known of them.
    Nodes {
        /// When, and of which text.
        at: Place,
        /// The first node.
        first: u32,
        /// How many, 1 to 2,000.
        count: u32,
    },
    /// What lies around one node of a loss's tape?
    Neighbourhood {
        /// The node, named or not; its step and text say when and where.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// Levels of what it was made from, 0 to 100.
        back: u32,
        /// Levels of what was made from it, 0 to 100.
        on: u32,
    },
    /// Some stops of the walk forward and back along a loss's tape.
    Stops {
        /// When, and of which text.
        at: Place,
        /// The first stop.
        first: u32,
        /// How many, 1 to 1,000.
        count: u32,
    },
    /// What do interventions change?
    Effect {
        /// When, and for which text.
        at: Place,
        /// The interventions; null means those in force.
        interventions: Option<Vec<Intervention>>,
        /// Also measure the loss over the first so many documents, 1 to 1,000; null means do not.
        documents: Option<u32>,
    },
    /// What would be predicted after each write to the residual stream?
    Lens {
        /// When, and for which text.
        at: Place,
        /// The interventions; null means those in force.
        interventions: Option<Vec<Intervention>>,
    },
    /// Who wrote how much of a logit?
    Attribution {
        /// When, and for which text.
        at: Place,
        /// At which position.
        position: u32,
        /// Of which token.
        #[cfg_attr(feature = "openapi", schema(value_type = u32))]
        token: TokenId,
        /// Whether every hidden unit has a term of its own.
        neurons: bool,
        /// The interventions; null means those in force.
        interventions: Option<Vec<Intervention>>,
    },
    /// What is different between two moments of this experiment?
    Compare {
        /// The one.
        a: Moment,
        /// The other.
        b: Moment,
    },
    /// All figures of some steps of the present branch and its past.
    Details {
        /// The first step, counted from 1.
        first: u32,
        /// How many, 1 to 10,000.
        count: u32,
    },
    /// The run on paper: settings, every figure of every step, and the recipe to run it again.
    #[serde(deserialize_with = "crate::strict::nothing_more")]
    Trace,
    /// The losses as comma-separated values.
    #[serde(deserialize_with = "crate::strict::nothing_more")]
    LossCsv,
    /// The model at the present moment as a file: settings, vocabulary, parameters, as JSON.
    #[serde(deserialize_with = "crate::strict::nothing_more")]
    ModelFile,
    /// Its parameters as a safetensors file, which other programs read.
    #[serde(deserialize_with = "crate::strict::nothing_more")]
    Safetensors,
    /// What does it take to make the model of a file again?
    Recipe {
        /// The text of a model file.
        model: String,
    },
    /// Does a run that CPython wrote down come out the same when it is trained again here?
    Verify {
        /// The text that `reference/microgpt.py --trace` writes. Steps times parameters: at most 200,000,000.
        trace: String,
    },
    /// What does this formula come to, and what are its gradients?
    Expression {
        /// The formula, or several, one a line.
        source: String,
        /// Values for the names it does not set itself.
        leaves: Vec<Leaf>,
    },
}

/// A place to look: when, and at which text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// After how many steps of the present branch; null means at the present moment.
    pub step: Option<u32>,
    /// The text to read; null means the document that the next step trains on.
    pub text: Option<String>,
}

/// What a question is answered with.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", content = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// What an experiment would be.
    Plan(Box<Experiment>),
    /// A corpus in numbers.
    Corpus(Box<CorpusStatistics>),
    /// The numbers, in the order of the addresses.
    Readings(Vec<Reading>),
    /// How numbers are spread, in the order of the addresses.
    Spreads(Vec<Spread>),
    /// A parameter over the steps.
    Course(Box<ParameterCourse>),
    /// A map of embeddings.
    EmbeddingMap(Box<EmbeddingMap>),
    /// What the model makes of texts, in the order they were given.
    Scores(Vec<Score>),
    /// What the model writes.
    Writings(Box<Writings>),
    /// What may come next.
    NextToken(Box<NextToken>),
    /// How a number was computed.
    Ladder(Ladder),
    /// Who used it.
    Consumers(Consumers),
    /// How its gradient arrived.
    Gradient(Gradient),
    /// What a nudge does.
    Nudge(Nudge),
    /// Boxes.
    Tensors(TensorGraph),
    /// Cells.
    Cells(CellGraph),
    /// Arrays of all nodes.
    Raster(Raster),
    /// Some nodes.
    Nodes(Window),
    /// What lies around a node.
    Neighbourhood(Neighbourhood),
    /// Some stops.
    Stops(Stops),
    /// What interventions change.
    Effect {
        /// For the text.
        text: Effect,
        /// For the documents, if they were asked about.
        documents: Option<EffectOnDocuments>,
    },
    /// Predictions along the residual stream.
    Lens(LogitLens),
    /// Terms of a logit.
    Attribution(Attribution),
    /// What is different.
    Comparison(Box<Comparison>),
    /// Figures of steps.
    Details(Vec<StepDetail>),
    /// The run on paper.
    Trace(Box<Trace>),
    /// Text in lines.
    Text(String),
    /// Bytes, as base64.
    Bytes(String),
    /// How to make a model again.
    Recipe(Box<Recipe>),
    /// How a run repeated here compares with the one written down.
    Verdict(Box<Verdict>),
    /// A formula's value, graph and gradients, and the walk along it.
    Expression {
        /// The graph.
        graph: ExpressionGraph,
        /// Where its nodes stand; null if they are more than 500.
        layout: Option<LayeredGraph>,
        /// Every stop, forward and back.
        stops: Vec<Stop>,
    },
    /// A formula that cannot be read, and where.
    Mistake(ExpressionRefusal),
}

/// Some stops of a walk.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stops {
    /// The number of the first.
    pub first: u32,
    /// Stops in all.
    pub total: u32,
    /// The stop at which the way turns back: the seed of the gradient.
    pub seed: u32,
    /// The stops.
    pub stops: Vec<Stop>,
}
