//! One document on the scalar tape, with a label on every node: what every explanation is read off.
//!
//! Why rebuilt when asked: a tape of a name has some 40,000 nodes and takes well under a millisecond to make, so none is
//! kept. Its numbers are the fused engine's, bit for bit.

mod atlas;
mod model;
mod number;
mod recording;

pub use atlas::{Atlas, Label};
pub use model::{GlassModel, Norm, Piece, Unseen, Witness, positions};
pub use number::{Number, Plain};
pub use recording::Recording;

use glassgpt_core::value::{Gradients, Node, NodeId};
use glassgpt_core::{Plan, Tape, Value};

use crate::address::{Address, Part};
use crate::protocol::Refusal;
use crate::scene::Scene;
use crate::selection::Selection;

/// The tape of a scene's document, from the parameters to the loss and back.
#[derive(Debug)]
pub struct Glass<'m> {
    scene: &'m Scene,
    tape: Tape,
    atlas: Atlas,
    root: NodeId,
    order: Vec<NodeId>,
    grads: Gradients,
}

impl<'m> Glass<'m> {
    /// Runs the model forward and back on a tape.
    #[must_use]
    pub fn new(scene: &'m Scene) -> Self {
        let tape = Tape::new();
        let mut labels = atlas::Labels::new(&scene.plan);
        let root = {
            let params: Vec<Value<'_>> = scene.params.iter().map(|&data| tape.parameter(data)).collect();
            GlassModel::new(&scene.plan, &params, &mut labels).loss(&scene.tokens)
        };
        let (root, order, grads) = (root.id(), tape.topological_order(root.id()), root.backward());
        let atlas = labels.finish(root);
        Self { scene, tape, atlas, root, order, grads }
    }

    /// Refuses a document whose tape would not fit into memory.
    ///
    /// # Errors
    /// If the tape would have more than [`MAX_NODES`] nodes.
    pub fn check_fits(scene: &Scene) -> Result<(), Refusal> {
        Self::check_size(&scene.plan, scene.positions())
    }

    /// The same of any document with so many positions.
    ///
    /// # Errors
    /// If the tape would have more than [`MAX_NODES`] nodes.
    pub fn check_size(plan: &Plan, positions: usize) -> Result<(), Refusal> {
        let nodes = expected_nodes(plan, positions);
        if nodes <= MAX_NODES {
            return Ok(());
        }
        let message = format!(
            "the tape of this document would have about {nodes} nodes; at most {MAX_NODES} are laid out: \
             read a shorter text, or use a smaller model"
        );
        Err(Refusal::of("text", message))
    }

    /// Where and when it is.
    #[must_use]
    pub fn scene(&self) -> &'m Scene {
        self.scene
    }

    /// The record of the computation.
    #[must_use]
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// Which node is which number.
    #[must_use]
    pub fn atlas(&self) -> &Atlas {
        &self.atlas
    }

    /// The node of the loss.
    #[must_use]
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The nodes the loss was made from, every operand before the nodes made from it: backward walks it from the end.
    #[must_use]
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// A node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node {
        self.tape.node(id)
    }

    /// A node's gradient: how fast the loss grows with it.
    #[must_use]
    pub fn grad(&self, id: NodeId) -> f64 {
        self.grads.all()[id as usize]
    }

    /// Every node's gradient, by place on the tape; the parameters come first.
    #[must_use]
    pub fn grads(&self) -> &[f64] {
        self.grads.all()
    }

    /// A node's address: its name if it has one, or its place on the tape.
    #[must_use]
    pub fn address(&self, id: NodeId) -> Address {
        self.atlas.address(id)
    }

    /// The one node an address means. Parts that only the optimizer knows have none.
    ///
    /// # Errors
    /// If it means none or many, or lies outside.
    pub fn node_at(&self, address: &Address) -> Result<NodeId, Refusal> {
        if address.part.is_of_parameters() {
            let part = address.part.name();
            return Err(Refusal::of("address", format!("{address}: .{part} is the optimizer's, not on the tape")));
        }
        let bare = Address { part: Part::Value, ..address.clone() };
        let selection = Selection::new(&bare, self.scene, self.tape.len())?;
        selection.single(address)?;
        self.atlas
            .node(&selection, self.root)
            .ok_or_else(|| Refusal::of("address", format!("{address} names nothing that this model computed")))
    }
}

/// The most nodes of a tape: about 300 MB with gradients.
pub const MAX_NODES: u64 = 4_000_000;

/// About how many nodes a tape will have: two for each weight and position, and four for each look back.
#[must_use]
pub fn expected_nodes(plan: &Plan, positions: usize) -> u64 {
    let config = plan.config();
    let [v, c, l] = [plan.vocab_size() as u64, config.n_embd.into(), config.n_layer.into()];
    let positions = positions as u64;
    let [weights, looks] = [v * c + 12 * l * c * c, l * c * positions];
    plan.layout().n_params as u64 + positions * (2 * weights + 4 * looks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Kind;
    use glassgpt_core::{Config, Corpus, Model, Op, Preset, Setup};

    fn scene(config: Config, text: &str) -> Scene {
        let corpus = Corpus::parse("emma\nolivia\nava\nnoah\n").expect("a corpus");
        let setup = Setup::new(config, &corpus).expect("valid settings");
        Scene::initial(&setup).reading(text).expect("known letters")
    }

    fn configs() -> [Config; 4] {
        let blog = Preset::Blog.config();
        [
            blog.clone(),
            Config { zero_init: false, ..Preset::Gist.config() },
            Config { n_layer: 2, n_head: 2, n_embd: 6, ..blog.clone() },
            Config {
                n_layer: 3,
                n_head: 1,
                n_embd: 2,
                block_size: 3,
                activation: glassgpt_core::Activation::Relu2,
                ..blog
            },
        ]
    }

    #[test]
    fn its_tape_is_cores_tape_node_by_node() {
        for config in configs() {
            for text in ["emma", "a", "olivia"] {
                let scene = scene(config.clone(), text);
                let glass = Glass::new(&scene);
                let tape = Tape::new();
                let loss = Model::new(&scene.plan, &tape, &scene.params).loss(&scene.tokens);
                assert_eq!((loss.id(), tape.len()), (glass.root(), glass.tape().len()));
                for id in 0..tape.len() as NodeId {
                    assert_eq!(tape.node(id), glass.node(id), "node {id}");
                }
                let bits = |grads: &[f64]| grads.iter().map(|grad| grad.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(loss.backward().all()), bits(glass.grads.all()));
            }
        }
    }

    #[test]
    fn every_node_has_an_address_that_leads_back_to_it() {
        for config in configs() {
            let scene = scene(config, "emma");
            let glass = Glass::new(&scene);
            for id in 0..glass.tape().len() as NodeId {
                let address = glass.address(id);
                assert_eq!(glass.node_at(&address), Ok(id), "{address}");
                let again: Address = address.to_string().parse().expect("what is printed can be parsed");
                assert_eq!(again, address);
            }
        }
    }

    #[test]
    fn every_tensor_is_found_with_the_numbers_of_a_plain_run() {
        for config in configs() {
            let scene = scene(config.clone(), "emma");
            let glass = Glass::new(&scene);
            let recording = Recording::new(&scene);
            let mut kinds = std::collections::BTreeSet::new();
            for (&(tensor, position), numbers) in recording.all() {
                kinds.insert(tensor.kind);
                for (j, number) in numbers.iter().enumerate() {
                    let address = tensor.at(position as usize);
                    let one = tensor.kind.width() == crate::address::Width::One;
                    let address = if one { address } else { address.entry(j) };
                    let node = glass.node_at(&address).expect("it was recorded");
                    assert_eq!(glass.node(node).data.to_bits(), number.to_bits(), "{address}");
                }
            }
            assert_eq!(kinds.len(), Kind::ALL.len(), "every kind occurs");
            assert_eq!(recording.loss().to_bits(), glass.node(glass.root()).data.to_bits());
        }
    }

    #[test]
    fn labels_say_what_made_a_number() {
        let scene = scene(Preset::Blog.config(), "emma");
        let glass = Glass::new(&scene);
        let op = |address: &str| {
            let address = address.parse().expect("an address");
            glass.node(glass.node_at(&address).expect("it exists")).op
        };
        assert_eq!(op("wte[0][0]"), Op::Parameter);
        assert_eq!(op("p0/tok_emb[0]"), Op::Parameter);
        assert_eq!(op("p1/emb_norm_scale"), Op::Pow);
        assert_eq!(op("p1/layer0.q[3]"), Op::Add);
        assert_eq!(op("p1/layer0.head1.attn_logits[0]"), Op::Mul);
        assert_eq!(op("p1/layer0.head1.attn_exps[1]"), Op::Exp);
        assert_eq!(op("p1/layer0.relu[5]"), Op::Relu);
        assert_eq!(op("p4/loss"), Op::Mul);
        assert_eq!(op("loss"), Op::Mul);
    }
}
