//! Reading numbers by address: any set of them, as arrays with a shape.
//!
//! Why lazily: most of what is on screen lies in the fused engine's workspace or in the parameters and costs a copy. Only
//! what nobody keeps is computed again: once forward for other activations, once on a tape for their gradients.

use std::cell::OnceCell;
use std::ops::Range;

use glassgpt_core::{AdamStep, fmath};
use glassgpt_fused::{Site, Trainer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::address::{Address, Kind, Name, Part, Tensor};
use crate::glass::{Glass, Recording};
use crate::protocol::Refusal;
use crate::scene::Scene;
use crate::selection::{Selection, Target, width};
use crate::wire_number::WireNumber;

/// The numbers at an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The address asked for, with its step filled in.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// How many along each axis; empty for a single number.
    pub shape: Vec<u32>,
    /// Whether row `p` has only its first `p + 1` numbers, because a position cannot look at a later one.
    pub is_triangle: bool,
    /// The numbers there are, row by row.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "as_wire_numbers", deserialize_with = "from_wire_numbers")]
    pub values: Vec<f64>,
}

fn as_wire_numbers<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().copied().map(WireNumber))
}

fn from_wire_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    Ok(Vec::<WireNumber>::deserialize(deserializer)?.into_iter().map(f64::from).collect())
}

/// Reads the numbers of one moment.
#[derive(Debug)]
pub struct Reader<'m> {
    scene: &'m Scene,
    /// An engine whose last step was this moment's.
    trainer: Option<&'m Trainer>,
    recording: OnceCell<Recording>,
    glass: OnceCell<Glass<'m>>,
    stepped: OnceCell<Stepped>,
}

/// The optimizer's memory and the parameters after a moment's step, where no engine has them.
#[derive(Debug)]
struct Stepped {
    m: Vec<f64>,
    v: Vec<f64>,
    next: Vec<f64>,
}

impl<'m> Reader<'m> {
    /// Computes what is asked for.
    #[must_use]
    pub fn new(scene: &'m Scene) -> Self {
        let (recording, glass, stepped) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { scene, trainer: None, recording, glass, stepped }
    }

    /// Takes what it can from an engine that has just trained this moment's step.
    ///
    /// # Panics
    /// If the engine's last step was another one.
    #[must_use]
    pub fn beside(scene: &'m Scene, trainer: &'m Trainer) -> Self {
        assert_eq!(trainer.steps_done(), scene.step + 1, "the engine's last step must be the moment's");
        let reads_the_same = trainer.last_tokens() == &scene.tokens[..];
        Self { trainer: reads_the_same.then_some(trainer), ..Self::new(scene) }
    }

    /// The numbers at an address. Its step and text are not looked at: the moment has been chosen by them.
    ///
    /// # Errors
    /// A [`Refusal`] that names the piece that does not exist.
    pub fn read(&self, address: &Address) -> Result<Reading, Refusal> {
        if self.needs_tape(address) {
            Glass::check_fits(self.scene)?;
        }
        let nodes = if matches!(address.name, Name::Node(_)) { self.glass().tape().len() } else { 0 };
        let selection = Selection::new(address, self.scene, nodes)?;
        let values = match (selection.target, address.part) {
            (Target::Parameters { start, len }, part) => self.parameters(part, start..start + len, address)?,
            (Target::Loss, Part::Grad) => vec![1.0],
            (Target::Loss, _) => vec![self.loss()],
            (Target::Node(node), Part::Grad) => vec![self.glass().grad(node)],
            (Target::Node(node), _) => vec![self.glass().node(node).data],
            (Target::Entries { tensor, first_position, positions, first, len }, part) => {
                let mut values = Vec::new();
                for position in first_position..first_position + positions {
                    let until = first + len.unwrap_or_else(|| width(tensor.kind, self.scene, position));
                    match part {
                        Part::Grad => self.gradients(tensor, position, first..until, &mut values),
                        _ => self.entries(tensor, position, first..until, &mut values),
                    }
                }
                values
            }
        };
        let address = Address { step: Some(self.scene.step), ..address.clone() };
        let is_triangle = selection.shape.len() == 2 && matches!(selection.target, Target::Entries { len: None, .. });
        Ok(Reading { address, shape: selection.shape, is_triangle, values })
    }

    /// Whether an engine beside a scene has these numbers, so that the scene need not have its parameters.
    #[must_use]
    pub fn lies_in_engine(address: &Address) -> bool {
        match address.name {
            Name::Loss => true,
            Name::Matrix(_) => address.part != Part::Value,
            Name::Tensor { tensor, .. } => address.part == Part::Value && Place::is_kept(tensor.kind),
            Name::Node(_) => false,
        }
    }

    fn needs_tape(&self, address: &Address) -> bool {
        match address.name {
            Name::Node(_) => true,
            Name::Matrix(_) => address.part != Part::Value && self.trainer.is_none(),
            Name::Tensor { .. } => address.part == Part::Grad,
            Name::Loss => false,
        }
    }

    /// The tape of this moment.
    pub fn glass(&self) -> &Glass<'m> {
        self.glass.get_or_init(|| Glass::new(self.scene))
    }

    fn recording(&self) -> &Recording {
        self.recording.get_or_init(|| Recording::new(self.scene))
    }

    fn loss(&self) -> f64 {
        match self.trainer.map(Trainer::losses) {
            Some(losses) => losses.iter().fold(0.0, |sum, loss| sum + loss) * (1.0 / losses.len() as f64),
            None => self.recording().loss(),
        }
    }

    fn entries(&self, tensor: Tensor, position: u32, range: Range<u32>, values: &mut Vec<f64>) {
        if let Some(trainer) = self.trainer
            && let Some(place) = Place::of(tensor, self.scene)
        {
            values.extend(range.map(|index| place.read(trainer, position as usize, index as usize)));
            return;
        }
        let numbers = self.recording().of(tensor, position).expect("the selection was checked");
        values.extend_from_slice(&numbers[range.start as usize..range.end as usize]);
    }

    fn gradients(&self, tensor: Tensor, position: u32, range: Range<u32>, values: &mut Vec<f64>) {
        let glass = self.glass();
        let nodes = glass.atlas().nodes(tensor, position).expect("the selection was checked");
        values.extend(nodes[range.start as usize..range.end as usize].iter().map(|&node| glass.grad(node)));
    }

    fn parameters(&self, part: Part, range: Range<usize>, address: &Address) -> Result<Vec<f64>, Refusal> {
        if part.is_of_parameters() && !self.scene.is_training_document {
            let message = format!(
                "{address}: .{} belongs to a step of training, and no step trains on this text; leave the text out",
                part.name()
            );
            return Err(Refusal::of("address", message));
        }
        Ok(match part {
            Part::Value => self.scene.params[range].to_vec(),
            Part::Grad => self.parameter_gradients()[range].to_vec(),
            Part::Next => self.after().2[range].to_vec(),
            Part::M => self.after().0[range].to_vec(),
            Part::V => self.after().1[range].to_vec(),
            Part::MHat | Part::VHat | Part::Update => {
                let at = AdamStep::new(self.scene.plan.config(), self.scene.step);
                let (m, v, _) = self.after();
                let moments = m[range.clone()].iter().zip(&v[range]);
                let corrected = moments.map(|(m, v)| (m / at.correction1, v / at.correction2));
                match part {
                    Part::MHat => corrected.map(|(m_hat, _)| m_hat).collect(),
                    Part::VHat => corrected.map(|(_, v_hat)| v_hat).collect(),
                    _ => corrected.map(|hats| update(&at, hats)).collect(),
                }
            }
        })
    }

    fn parameter_gradients(&self) -> &[f64] {
        match self.trainer {
            Some(trainer) => trainer.grads(),
            None => &self.glass().grads()[..self.scene.params.len()],
        }
    }

    /// `m`, `v` and the parameters after the moment's step.
    fn after(&self) -> (&[f64], &[f64], &[f64]) {
        if let Some(trainer) = self.trainer {
            return (&trainer.adam().m, &trainer.adam().v, trainer.params());
        }
        let Stepped { m, v, next } = self.stepped.get_or_init(|| Stepped::new(self.scene, self.parameter_gradients()));
        (m, v, next)
    }
}

/// What a step takes off a parameter: the end of [`AdamStep::change`], which wants the memory as it was before.
fn update(at: &AdamStep, (m_hat, v_hat): (f64, f64)) -> f64 {
    at.learning_rate * m_hat / (fmath::pow(v_hat, 0.5) + at.eps)
}

impl Stepped {
    fn new(scene: &Scene, grads: &[f64]) -> Self {
        let at = AdamStep::new(scene.plan.config(), scene.step);
        let (mut m, mut v) = (scene.adam.m.clone(), scene.adam.v.clone());
        let change = |((m, v), &grad): ((&mut f64, &mut f64), &f64)| at.change(m, v, grad);
        let updates = m.iter_mut().zip(&mut v).zip(grads).map(change);
        let next = scene.params.iter().zip(updates).map(|(param, update)| param - update).collect();
        Self { m, v, next }
    }
}

/// Where the fused engine keeps a tensor's numbers.
#[derive(Clone, Copy, Debug)]
enum Place {
    At(Site, usize),
    Weights(usize, usize),
    Probs,
    Losses,
}

impl Place {
    /// Whether the engine keeps such tensors at all.
    fn is_kept(kind: Kind) -> bool {
        Self::find(Tensor::global(kind), 1).is_some()
    }

    fn of(tensor: Tensor, scene: &Scene) -> Option<Self> {
        Self::find(tensor, scene.plan.config().head_dim() as usize)
    }

    fn find(tensor: Tensor, head_dim: usize) -> Option<Self> {
        let layer = tensor.layer as usize;
        let site = match tensor.kind {
            Kind::Sum | Kind::EmbNormInput => Site::Embedded,
            Kind::EmbNorm => Site::Residual(0),
            Kind::AttnNormInput => Site::Residual(layer),
            Kind::AttnNorm => Site::AttentionInput(layer),
            Kind::Q => Site::Query(layer),
            Kind::K => Site::Key(layer),
            Kind::V => Site::Value(layer),
            Kind::HeadOutput => {
                return Some(Place::At(Site::Mixed(layer), tensor.head as usize * head_dim));
            }
            Kind::AttnResidual | Kind::MlpNormInput => Site::Middle(layer),
            Kind::MlpNorm => Site::MlpInput(layer),
            Kind::Relu => Site::Hidden(layer),
            Kind::Residual => Site::Residual(layer + 1),
            Kind::Logits => Site::Logits,
            Kind::Weights => return Some(Place::Weights(layer, tensor.head as usize)),
            Kind::Probs => return Some(Place::Probs),
            Kind::Loss => return Some(Place::Losses),
            _ => return None,
        };
        Some(Place::At(site, 0))
    }

    fn read(self, trainer: &Trainer, position: usize, index: usize) -> f64 {
        match self {
            Place::At(site, first) => trainer.activation(site, position, first + index),
            Place::Weights(layer, head) => trainer.attention(layer, head, position, index),
            Place::Probs => trainer.prob(position, index as glassgpt_core::TokenId),
            Place::Losses => trainer.losses()[position],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Matrix, Scope, Width};
    use glassgpt_core::{Activation, Config, Corpus, Preset, Setup};

    fn setup(config: Config) -> Setup {
        Setup::new(config, &Corpus::parse("emma\nolivia\nava\nnoah\n").expect("a corpus")).expect("valid settings")
    }

    fn configs() -> [Config; 3] {
        let blog = Preset::Blog.config();
        [
            blog.clone(),
            Preset::Gist.config(),
            Config { n_layer: 2, n_head: 2, n_embd: 6, block_size: 4, activation: Activation::Relu2, ..blog },
        ]
    }

    /// Every address without an index, in both its parts or all eight.
    fn addresses(scene: &Scene) -> Vec<Address> {
        let config = scene.plan.config();
        let mut addresses = vec![Address::of(Name::Loss)];
        for kind in Kind::ALL {
            let layers = if kind.scope() == Scope::Model { 1 } else { config.n_layer };
            let heads = if kind.scope() == Scope::Head { config.n_head } else { 1 };
            for (layer, head) in (0..layers).flat_map(|layer| (0..heads).map(move |head| (layer, head))) {
                let tensor = Tensor { kind, layer, head };
                addresses.push(Address::of(Name::Tensor { position: None, tensor }));
                addresses.push(tensor.at(scene.positions() - 1));
            }
        }
        let both = addresses.clone().into_iter().flat_map(|a| [a.clone(), a.part(Part::Grad)]);
        let matrices = scene.plan.layout().matrices().map(|m| Matrix::named(&m.name).expect("known"));
        let all_parts = |m| Part::ALL.map(|part| Address::of(Name::Matrix(m)).part(part));
        both.chain(matrices.flat_map(all_parts)).collect()
    }

    #[test]
    fn workspace_recording_and_tape_hold_the_same_bits() {
        for config in configs() {
            let mut trainer = Trainer::new(setup(config));
            for step in 0..3 {
                let scene = Scene::new(trainer.setup(), trainer.adam().clone(), step);
                trainer.step();
                let (beside, alone) = (Reader::beside(&scene, &trainer), Reader::new(&scene));
                for address in addresses(&scene) {
                    let [a, b] = [&beside, &alone].map(|reader| reader.read(&address).expect("it exists"));
                    let bits = |reading: &Reading| reading.values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                    assert_eq!((bits(&a), &a.shape), (bits(&b), &b.shape), "{address}");
                    let all = a.shape.iter().product::<u32>() as usize;
                    let expected = if a.is_triangle { (all + a.shape[0] as usize) / 2 } else { all };
                    assert_eq!(a.values.len(), expected, "{address}");
                }
                let whole = |part: Part| {
                    let matrices = scene.plan.layout().matrices().map(|m| Matrix::named(&m.name).expect("known"));
                    let read = |m| alone.read(&Address::of(Name::Matrix(m)).part(part)).expect("it exists").values;
                    matrices.flat_map(read).collect::<Vec<f64>>()
                };
                assert_eq!(whole(Part::Next), trainer.params(), "the update leads to the engine's next parameters");
                assert_eq!(whole(Part::M), trainer.adam().m);
                assert_eq!(whole(Part::V), trainer.adam().v);
            }
        }
    }

    #[test]
    fn a_reading_has_the_shape_of_what_was_asked() {
        let scene = Scene::initial(&setup(Preset::Blog.config())).reading("emma").expect("known letters");
        let reader = Reader::new(&scene);
        let shape = |address: &str| reader.read(&address.parse().expect("an address")).expect("it exists").shape;
        assert_eq!(shape("loss"), [0; 0]);
        assert_eq!(shape("p*/loss"), [5]);
        assert_eq!(shape("p3/layer0.q"), [16]);
        assert_eq!(shape("layer0.fc1"), [5, 64]);
        assert_eq!(shape("layer0.head2.weights"), [5, 5]);
        assert_eq!(shape("p2/layer0.head2.weights"), [3]);
        assert_eq!(shape("layer0.attn_wo[3]"), [16]);
        assert_eq!(shape("wpe[3][1]"), [0; 0]);
        let weights = reader.read(&"layer0.head2.weights".parse().expect("an address")).expect("it exists").values;
        assert_eq!((weights.len(), weights[0]), (15, 1.0), "the future is not there");
        assert!((weights[3..6].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let json = serde_json::to_string(&reader.read(&"p0/loss".parse().expect("an address"))).expect("plain data");
        assert!(json.contains("\"step:0/p0/loss\""), "{json}");
    }

    #[test]
    fn what_does_not_exist_is_refused_by_name() {
        let scene = Scene::initial(&setup(Preset::Blog.config())).reading("emma").expect("known letters");
        let reader = Reader::new(&scene);
        let refusal = |address: &str| reader.read(&address.parse().expect("an address")).expect_err(address).message;
        assert!(refusal("p5/logits").contains("the position is 5; it must be from 0 to 4"));
        assert_eq!(refusal("p0/layer9.q"), "p0/layer9.q: layer 9 does not exist; this model has layer 0");
        assert!(refusal("layer9.q").ends_with("layer 9 does not exist; this model has layer 0"));
        assert!(refusal("p0/layer0.head4.weights").ends_with("head 4 does not exist; each layer has heads 0 to 3"));
        assert!(refusal("p0/layer0.head0.weights[1]").contains("the index is 1; it must be 0"));
        assert!(refusal("p2/layer0.head0.weights[3]").contains("the index is 3; it must be from 0 to 2"));
        assert!(refusal("wte[99]").contains("the row is 99"));
        assert!(refusal("wte[0][16]").contains("the column is 16"));
        assert!(refusal("layer7.attn_wq").contains("layer 7 does not exist"));
        assert!(refusal("node:99999999").contains("the node"));
        assert!(refusal("wte[0][0].m").contains("no step trains on this text"));
        assert!(reader.read(&"wte[0][0].grad".parse().expect("an address")).is_ok());
        assert_eq!(Width::One, Kind::Loss.width());
    }
}
