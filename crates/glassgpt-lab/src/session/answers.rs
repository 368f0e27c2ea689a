//! Answers to questions: the session is looked at and not touched.
//!
//! Why everything from a scene: the same explanations serve the present, the past and texts that were never trained on.

use super::Session;
use crate::address::Address;
use crate::base64::base64;
use crate::compare::compare;
use crate::draw::next_token;
use crate::expression::{ExpressionError, Leaf, Program};
use crate::glass::Glass;
use crate::graph::layered::layered;
use crate::graph::{CellGraph, Neighbourhood, Raster, TensorGraph, Window};
use crate::intervention::{Glasses, Intervention, effect_on_documents, effect_on_text};
use crate::lens::{attribute, logit_lens};
use crate::limits::{LIMITS, check_whole};
use crate::loss_csv::loss_csv;
use crate::protocol::{Moment, Refusal};
use crate::question::{Answer, Place, Question, Stops};
use crate::recipe::Recipe;
use crate::scene::Scene;
use crate::score::score;
use crate::spread::{Spread, check_range};
use crate::statistics::CorpusStatistics;
use crate::stepper::Stepper;
use crate::verify::verify;
use crate::why::Explainer;
use crate::writing::{Order, write};

/// Rungs of a ladder if nobody says how many.
const USUAL_RUNGS: u32 = 200;
/// The most stops in one answer.
const MAX_STOPS: u32 = 1_000;
/// The most steps in one answer.
const MAX_DETAILS: u32 = 10_000;

impl Session {
    /// Answers a question. It changes nothing, now or later.
    ///
    /// # Errors
    /// A [`Refusal`] that names what in the question is at fault.
    pub fn ask(&self, question: &Question) -> Result<Answer, Refusal> {
        Ok(match question {
            Question::Plan { spec } => Answer::Plan(Box::new(self.plan(spec)?)),
            Question::Corpus { source, seed } => {
                Answer::Corpus(Box::new(CorpusStatistics::new(source, &*self.find(source)?, *seed)?))
            }
            Question::Read { addresses } => Answer::Readings(self.read(addresses)?),
            &Question::Spread { ref addresses, bins, range } => {
                check_whole("bins", bins, 1, LIMITS.bins)?;
                range.map_or(Ok(()), check_range)?;
                let spread = |reading| Spread::new(reading, bins, range);
                Answer::Spreads(self.read(addresses)?.into_iter().map(spread).collect())
            }
            &Question::Course { ref address, first, count } => {
                Answer::Course(Box::new(self.course_of(address, first, count)?))
            }
            &Question::EmbeddingMap { matrix, step, reference } => {
                Answer::EmbeddingMap(Box::new(self.map(matrix, step, reference)?))
            }
            Question::Score { step, texts } => {
                check_texts(texts)?;
                let scene = self.scene(&Place { step: *step, text: None })?;
                Answer::Scores(score(&scene, &self.tokenized, texts)?)
            }
            &Question::Write { step, ref prefix, ref samplings, count, seed } => {
                let scene = self.scene(&Place { step, text: None })?;
                let order = Order { prefix, samplings, count, seed };
                Answer::Writings(Box::new(write(&scene, &self.tokenized, &order)?))
            }
            &Question::NextToken { step, ref text, ref samplings, random } => {
                let scene = self.scene(&Place { step, text: None })?;
                Answer::NextToken(Box::new(next_token(&scene, text, samplings, random)?))
            }
            Question::Why { address, depth, limit } => {
                let limit = limit.unwrap_or(USUAL_RUNGS);
                self.explain(address, |explainer| explainer.why(address, *depth, limit).map(Answer::Ladder))?
            }
            Question::Consumers { address } => {
                self.explain(address, |explainer| explainer.consumers(address).map(Answer::Consumers))?
            }
            Question::Gradient { address } => {
                self.explain(address, |explainer| explainer.gradient(address).map(Answer::Gradient))?
            }
            Question::Nudge { address, epsilon } => {
                self.explain(address, |explainer| explainer.nudge(address, *epsilon).map(Answer::Nudge))?
            }
            Question::Tensors { at } => self.on_tape(at, |glass| Ok(Answer::Tensors(TensorGraph::new(glass))))?,
            Question::Cells { at } => self.on_tape(at, |glass| Ok(Answer::Cells(CellGraph::new(glass))))?,
            Question::Raster { at } => self.on_tape(at, |glass| Ok(Answer::Raster(Raster::new(glass))))?,
            &Question::Nodes { ref at, first, count } => {
                self.on_tape(at, |glass| Window::new(glass, first, count).map(Answer::Nodes))?
            }
            &Question::Neighbourhood { ref address, back, on } => {
                let at = Place { step: address.step, text: address.text.clone() };
                self.on_tape(&at, |glass| {
                    let node = glass.node_at(address)?;
                    Neighbourhood::new(glass, node, back, on).map(Answer::Neighbourhood)
                })?
            }
            &Question::Stops { ref at, first, count } => {
                self.on_tape(at, |glass| stops(glass, first, count).map(Answer::Stops))?
            }
            Question::Effect { at, interventions, documents } => {
                self.effect(at, interventions.as_deref(), *documents)?
            }
            Question::Lens { at, interventions } => {
                let (scene, glasses) = self.through(at, interventions.as_deref())?;
                Answer::Lens(logit_lens(&scene, &glasses))
            }
            Question::Attribution { at, position, token, neurons, interventions } => {
                let (scene, glasses) = self.through(at, interventions.as_deref())?;
                Answer::Attribution(attribute(&scene, &glasses, *position, *token, *neurons)?)
            }
            Question::Compare { a, b } => Answer::Comparison(Box::new(compare((self, *a), (self, *b))?)),
            Question::Details { first, count } => {
                check_whole("count", *count, 1, MAX_DETAILS)?;
                Answer::Details(self.details(*first..first.saturating_add(*count)))
            }
            Question::Trace => Answer::Trace(Box::new(self.export())),
            Question::LossCsv => Answer::Text(loss_csv(&self.line().records)),
            Question::ModelFile => Answer::Text(self.model_file()?),
            Question::Safetensors => Answer::Bytes(base64(&self.safetensors_file()?)),
            Question::Recipe { model } => Answer::Recipe(Box::new(Recipe::of(model, &self.library)?)),
            Question::Verify { trace } => Answer::Verdict(Box::new(verify(trace, |source| self.find(source))?)),
            Question::Expression { source, leaves } => {
                compute(source, leaves).unwrap_or_else(|error| Answer::Mistake(error.into()))
            }
        })
    }

    /// The model at a moment of the present branch, reading a text.
    ///
    /// # Errors
    /// If that moment was never reached, or the text has unknown characters.
    pub fn scene(&self, Place { step, text }: &Place) -> Result<Scene, Refusal> {
        let scene = match *step {
            Some(step) if step != self.steps_done() => {
                let trainer = self.trainer_at(Moment { step, ..self.moment() })?;
                Scene::new(trainer.setup(), trainer.adam().clone(), step)
            }
            _ => Scene::new(self.trainer.setup(), self.trainer.adam().clone(), self.steps_done()),
        };
        match text {
            Some(text) => scene.reading(text),
            None => Ok(scene),
        }
    }

    fn explain(
        &self,
        address: &Address,
        answer: impl FnOnce(&Explainer<'_, '_>) -> Result<Answer, Refusal>,
    ) -> Result<Answer, Refusal> {
        let at = Place { step: address.step, text: address.text.clone() };
        self.on_tape(&at, |glass| answer(&Explainer::new(glass)))
    }

    fn on_tape(
        &self,
        at: &Place,
        answer: impl FnOnce(&Glass<'_>) -> Result<Answer, Refusal>,
    ) -> Result<Answer, Refusal> {
        let scene = self.scene(at)?;
        Glass::check_fits(&scene)?;
        answer(&Glass::new(&scene))
    }

    fn through(&self, at: &Place, interventions: Option<&[Intervention]>) -> Result<(Scene, Glasses), Refusal> {
        let scene = self.scene(at)?;
        let glasses = match interventions {
            Some(interventions) => Glasses::new(interventions, &scene)?,
            None => self.interventions.glasses(&scene)?,
        };
        Ok((scene, glasses))
    }

    fn effect(
        &self,
        at: &Place,
        interventions: Option<&[Intervention]>,
        documents: Option<u32>,
    ) -> Result<Answer, Refusal> {
        let (scene, glasses) = self.through(at, interventions)?;
        let all = &self.trainer.setup().documents;
        let documents = documents.map(|count| effect_on_documents(&scene, &glasses, all, count)).transpose()?;
        Ok(Answer::Effect { text: effect_on_text(&scene, &glasses), documents })
    }
}

fn check_texts(texts: &[String]) -> Result<(), Refusal> {
    check_whole("texts", texts.len() as u32, 1, LIMITS.scored_texts)?;
    let characters: usize = texts.iter().map(|text| text.chars().count()).sum();
    let max = LIMITS.scored_characters;
    if characters > max as usize {
        let message = format!("the texts have {characters} characters; they must have at most {max} in all");
        return Err(Refusal::of("texts", message));
    }
    Ok(())
}

/// A formula that cannot be read is an answer too: the page shows where.
fn compute(source: &str, leaves: &[Leaf]) -> Result<Answer, ExpressionError> {
    let program = Program::parse(source)?;
    let result = program.evaluate(leaves)?;
    let stepper = Stepper::new(&result.tape, result.root);
    let stops = (0..stepper.len()).filter_map(|stop| stepper.stop(stop)).collect();
    let layout = layered(&result.tape, result.root).ok();
    Ok(Answer::Expression { graph: result.graph(program.free_names()), layout, stops })
}

fn stops(glass: &Glass<'_>, first: u32, count: u32) -> Result<Stops, Refusal> {
    check_whole("count", count, 1, MAX_STOPS)?;
    let stepper = Stepper::new(glass.tape(), glass.root());
    let total = stepper.len() as u32;
    check_whole("first", first, 0, total - 1)?;
    let range = first as usize..first.saturating_add(count).min(total) as usize;
    Ok(Stops { first, total, seed: stepper.seed() as u32, stops: stepper.stops(range) })
}
