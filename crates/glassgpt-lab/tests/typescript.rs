//! The page's types are generated from the protocol, and this fails when the generated file is stale.
//!
//! `UPDATE_TYPES=1 cargo test -p glassgpt-lab --test typescript` writes it; `cargo xtask types` runs that.

use glassgpt_core::{Activation, Config, Op, Preset, Sampling, Schedule};
use glassgpt_lab::compare::{Comparison, ParamDifference, Side};
use glassgpt_lab::course::ParameterCourse;
use glassgpt_lab::draw::{Landing, NextToken, Softened, Way};
use glassgpt_lab::embedding_map::{EmbeddingMap, MapRow, Similar, Table};
use glassgpt_lab::expression::{
    Binding, ExpressionGraph, ExpressionNode, ExpressionRefusal, Leaf, NonFinite, NonFinitePart, Span,
};
use glassgpt_lab::graph::layered::{LayeredEdge, LayeredGraph, LayeredNode};
use glassgpt_lab::graph::{Arrow, Cell, CellGraph, Neighbourhood, Raster, ScalarNode, TensorBox, TensorGraph, Window};
use glassgpt_lab::intervention::{
    Block, Effect, EffectOnDocuments, Intervention, Interventions, NormAt, NumberedIntervention, Prediction,
};
use glassgpt_lab::lens::{Attribution, LensStage, LogitLens, LogitSource, LogitTerm, NormShare};
use glassgpt_lab::protocol::*;
use glassgpt_lab::question::{Answer, Place, Question, Stops};
use glassgpt_lab::recipe::Recipe;
use glassgpt_lab::retrain::{
    RetrainDivergence, RetrainEngine, RetrainNews, RetrainProgress, RetrainSpec, Retrained, TrainedOn,
};
use glassgpt_lab::score::{NearestDocument, Score};
use glassgpt_lab::source::SourceLines;
use glassgpt_lab::spread::Spread;
use glassgpt_lab::statistics::{CharacterCount, CorpusStatistics, LengthCount};
use glassgpt_lab::stepper::{Direction, Stop};
use glassgpt_lab::trace::{CorpusIdentity, Difference, Drawn, ReplayReport, Trace};
use glassgpt_lab::verify::{Nearness, Verdict};
use glassgpt_lab::why::{ConsumerGroup, Consumers, Gradient, Ladder, Made, Nudge, Rung, Term, Use};
use glassgpt_lab::wire_number::WireNumber;
use glassgpt_lab::writing::{Batch, DrawnToken, Writings, Written};
use glassgpt_lab::{Reading, why};
use ts_rs::TS;

fn generated() -> String {
    let cfg = ts_rs::Config::default();
    let mut text =
        String::from("// Generated from crates/glassgpt-lab/src/protocol/ by `cargo xtask types`. Do not edit.\n");
    macro_rules! types {
        ($($type:ty),* $(,)?) => {$( text.push_str(&format!("\nexport {}\n", <$type>::decl(&cfg))); )*};
    }
    types!(
        Schedule,
        Activation,
        Preset,
        Config,
        Sampling,
        CorpusSource,
        Spec,
        Command,
        MatrixShape,
        Experiment,
        Phase,
        Divergence,
        Status,
        StepRecord,
        StepDetail,
        Moment,
        Settings,
        Change,
        Branch,
        StepView,
        Sample,
        LiveSamples,
        Samples,
        AutomaticSamples,
        HeldOutLoss,
        Line,
        Event,
        NumberedEvent,
        Snapshot,
        Refusal,
        ClientMessage,
        May,
        ServerMessage,
        PresetEntry,
        UsualEntry,
        CorpusEntry,
        Limits,
        Catalog,
        WireNumber,
        Op,
        Reading,
        Block,
        NormAt,
        Intervention,
        NumberedIntervention,
        Interventions,
        Prediction,
        Effect,
        EffectOnDocuments,
        LensStage,
        LogitLens,
        NormShare,
        LogitSource,
        LogitTerm,
        Attribution,
        SourceLines,
        Term,
        Made,
        Rung,
        Ladder,
        Use,
        ConsumerGroup,
        Consumers,
        why::Contribution,
        Gradient,
        Nudge,
        Arrow,
        TensorBox,
        TensorGraph,
        Cell,
        CellGraph,
        Raster,
        ScalarNode,
        Window,
        LayeredNode,
        LayeredEdge,
        LayeredGraph,
        Neighbourhood,
        Span,
        Leaf,
        Binding,
        ExpressionNode,
        NonFinitePart,
        NonFinite,
        ExpressionGraph,
        ExpressionRefusal,
        Direction,
        Stop,
        Stops,
        Side,
        ParamDifference,
        Comparison,
        CorpusIdentity,
        Drawn,
        Trace,
        Difference,
        ReplayReport,
        Recipe,
        Nearness,
        Verdict,
        LengthCount,
        CharacterCount,
        CorpusStatistics,
        ParameterCourse,
        Spread,
        Table,
        Similar,
        MapRow,
        EmbeddingMap,
        NearestDocument,
        Score,
        Landing,
        Softened,
        Way,
        NextToken,
        DrawnToken,
        Written,
        Batch,
        Writings,
        Place,
        Question,
        Answer,
        RetrainEngine,
        RetrainSpec,
        RetrainProgress,
        TrainedOn,
        RetrainDivergence,
        Retrained,
        RetrainNews,
    );
    text
}

#[test]
fn generated_types_are_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/lib/protocol/types.ts");
    let generated = generated();
    if std::env::var_os("UPDATE_TYPES").is_some() {
        std::fs::write(path, &generated).expect("web/src/lib/protocol exists");
    }
    let current = std::fs::read_to_string(path).unwrap_or_default();
    assert!(current == generated, "web/src/lib/protocol/types.ts is stale: run `cargo xtask types`");
}
