//! Explanations keep their promises for any number of any small model at any moment: terms give the value's bits,
//! contributions the gradient's, uses and operands mirror each other, and the optimizer's terms are what Adam did.

use glassgpt_core::value::NodeId;
use glassgpt_core::{Activation, Config, Corpus, Op, Preset, Setup};
use glassgpt_fused::Trainer;
use glassgpt_lab::address::{Address, Part};
use glassgpt_lab::why::{EPSILON, Explainer, Ladder, MAX_RUNGS, Made, Term};
use glassgpt_lab::{Glass, Scene};
use proptest::prelude::*;

/// A small model, trained for some steps, before the next one.
#[derive(Clone, Debug)]
struct Case {
    config: Config,
    steps: u32,
    text: Option<String>,
    picks: Vec<prop::sample::Index>,
}

fn cases() -> impl Strategy<Value = Case> {
    let shape = (1u32..4, prop::sample::select(vec![(2u32, 1u32), (4, 1), (4, 2), (6, 3), (8, 4)]), 1u32..7);
    let flags = (any::<bool>(), any::<bool>(), 0u32..21, 0i64..1000);
    let text = prop::option::of(prop::sample::select(vec!["", "a", "aaa", "emma", "olivia", "anna", "noahnoahnoah"]));
    (shape, flags, text, prop::collection::vec(any::<prop::sample::Index>(), 24)).prop_map(
        |((n_layer, (n_embd, n_head), block_size), (squared, zero_init, steps, seed), text, picks)| {
            let activation = if squared { Activation::Relu2 } else { Activation::Relu };
            let blog = Preset::Blog.config();
            let config = Config { n_layer, n_embd, n_head, block_size, activation, zero_init, seed, ..blog };
            Case { config, steps, text: text.map(String::from), picks }
        },
    )
}

impl Case {
    /// The moment, and an engine that stands at it.
    fn reach(&self) -> (Scene, Trainer) {
        let corpus = Corpus::parse("emma\nolivia\nava\na\nnoah\nanna\n").expect("a corpus");
        let setup = Setup::new(self.config.clone(), &corpus).expect("valid settings");
        let mut trainer = Trainer::new(setup);
        for _ in 0..self.steps {
            trainer.step();
        }
        let scene = Scene::new(trainer.setup(), trainer.adam().clone(), self.steps);
        let scene = match &self.text {
            Some(text) => scene.reading(text).expect("known letters"),
            None => scene,
        };
        (scene, trainer)
    }

    /// Some nodes, from all over the tape.
    fn nodes(&self, glass: &Glass<'_>) -> Vec<NodeId> {
        self.picks.iter().map(|pick| pick.index(glass.tape().len()) as NodeId).collect()
    }
}

fn parsed(address: &str) -> Address {
    address.parse().expect("an address")
}

/// Checks every term of a tree: the partial sums, and the value.
fn check_term(term: &Term) {
    assert_eq!(term.evaluate().to_bits(), term.value().to_bits(), "{term:?}");
    if let Term::Sum { terms, partial_sums, value, .. } = term {
        assert_eq!(terms.len(), partial_sums.len());
        assert_eq!(partial_sums.last().expect("a sum has terms").0.to_bits(), value.0.to_bits());
        for (i, partial) in partial_sums.iter().enumerate().skip(1) {
            assert_eq!((partial_sums[i - 1].0 + terms[i].value()).to_bits(), partial.0.to_bits());
        }
    }
    term.parts().into_iter().for_each(check_term);
}

fn check_ladder(ladder: &Ladder) {
    for rung in &ladder.rungs {
        match &rung.made {
            Made::Given | Made::Same { .. } => {}
            Made::Computed { term } => {
                check_term(term);
                assert_eq!(term.value().to_bits(), rung.value.0.to_bits(), "{}", rung.address);
            }
            Made::Collected { start, contributions } => {
                let sum = contributions.iter().fold(start.0, |sum, it| {
                    assert_eq!((it.local_derivative.0 * it.upstream.0).to_bits(), it.product.0.to_bits());
                    assert_eq!((sum + it.product.0).to_bits(), it.partial_sum.0.to_bits());
                    sum + it.product.0
                });
                assert_eq!(sum.to_bits(), rung.value.0.to_bits(), "{}", rung.address);
            }
        }
        assert!(!rung.words.is_empty() && !rung.sources.is_empty(), "{}", rung.address);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn terms_give_the_bits_of_the_value(case in cases()) {
        let (scene, _) = case.reach();
        let glass = Glass::new(&scene);
        let explainer = Explainer::new(&glass);
        for id in case.nodes(&glass) {
            let address = glass.address(id);
            let ladder = explainer.why(&address, 2, 40).expect("it exists");
            prop_assert_eq!(ladder.rungs[0].value.0.to_bits(), glass.node(id).data.to_bits());
            check_ladder(&ladder);
            for rung in &ladder.rungs {
                let Made::Computed { term } = &rung.made else { continue };
                for (address, value) in term.numbers() {
                    let id = glass.node_at(address).expect("operands exist");
                    prop_assert_eq!(glass.node(id).data.to_bits(), value.to_bits());
                }
            }
        }
    }

    #[test]
    fn contributions_give_the_bits_of_the_gradient(case in cases()) {
        let (scene, mut trainer) = case.reach();
        let glass = Glass::new(&scene);
        let explainer = Explainer::new(&glass);
        trainer.measure();
        for id in case.nodes(&glass) {
            let gradient = explainer.gradient(&glass.address(id)).expect("it exists");
            let sum = gradient.contributions.iter().fold(gradient.start.0, |sum, it| sum + it.product.0);
            prop_assert_eq!([sum.to_bits(), gradient.value.0.to_bits()], [glass.grad(id).to_bits(); 2]);
            check_ladder(&explainer.why(&glass.address(id).part(Part::Grad), 2, 40).expect("it exists"));
            if glass.node(id).op == Op::Parameter && scene.is_training_document {
                prop_assert_eq!(sum.to_bits(), trainer.grads()[id as usize].to_bits());
            }
            for it in &gradient.contributions {
                let upstream = glass.node_at(&it.upstream_of).expect("it exists");
                prop_assert_eq!(glass.grad(upstream), it.upstream.0);
            }
        }
    }

    #[test]
    fn uses_and_operands_mirror_each_other(case in cases()) {
        let (scene, _) = case.reach();
        let glass = Glass::new(&scene);
        let explainer = Explainer::new(&glass);
        for id in case.nodes(&glass) {
            let consumers = explainer.consumers(&glass.address(id)).expect("it exists");
            for group in &consumers.groups {
                for one in &group.uses {
                    let by = glass.node_at(&one.node).expect("it exists");
                    prop_assert_eq!(glass.node(by).operands()[one.operand as usize], id);
                    prop_assert_eq!(one.reaches_loss, glass.order().contains(&by));
                }
            }
            for (slot, &operand) in glass.node(id).operands().iter().enumerate() {
                let consumers = explainer.consumers(&glass.address(operand)).expect("it exists");
                let mut uses = consumers.groups.iter().flat_map(|group| &group.uses);
                prop_assert!(uses.any(|it| it.node == glass.address(id) && it.operand as usize == slot));
            }
            let ladder = explainer.why(&glass.address(id), 0, 1).expect("it exists");
            let Made::Computed { term } = &ladder.rungs[0].made else { continue };
            for (operand, _) in term.numbers() {
                let consumers = explainer.consumers(operand).expect("it exists");
                let owner = glass.atlas().owner(id).expect("it was computed").1.address();
                prop_assert!(consumers.groups.iter().any(|group| group.address == owner), "{} in {}", operand, owner);
            }
        }
    }

    #[test]
    fn the_optimizers_terms_are_what_adam_did(case in cases()) {
        let case = Case { text: None, ..case };
        let (scene, mut trainer) = case.reach();
        let glass = Glass::new(&scene);
        let explainer = Explainer::new(&glass);
        trainer.step();
        for pick in &case.picks {
            let index = pick.index(scene.params.len());
            let address = glass.address(index as NodeId);
            let value = |part: Part| {
                let ladder = explainer.why(&address.clone().part(part), 3, 200).expect("it exists");
                check_ladder(&ladder);
                ladder.rungs[0].value.0.to_bits()
            };
            prop_assert_eq!(value(Part::M), trainer.adam().m[index].to_bits());
            prop_assert_eq!(value(Part::V), trainer.adam().v[index].to_bits());
            prop_assert_eq!(value(Part::Next), trainer.params()[index].to_bits());
        }
    }
}

fn blog(steps: u32, text: &str) -> Scene {
    let corpus = Corpus::parse("emma\nolivia\nava\nnoah\nmia\nliam\n").expect("a corpus");
    let mut trainer = Trainer::new(Setup::new(Preset::Blog.config(), &corpus).expect("valid settings"));
    for _ in 0..steps {
        trainer.step();
    }
    Scene::new(trainer.setup(), trainer.adam().clone(), steps).reading(text).expect("known letters")
}

#[test]
fn a_nudge_agrees_with_autograd_at_smooth_points() {
    let scene = blog(30, "emma");
    let glass = Glass::new(&scene);
    let explainer = Explainer::new(&glass);
    let mut checked = 0;
    for id in (0..glass.tape().len() as NodeId).step_by(61).chain([glass.root()]) {
        let nudge = explainer.nudge(&glass.address(id), None).expect("it exists");
        // Below that the loss hardly moves, and its rounding drowns the slope.
        if nudge.gradient.0.abs() < 1e-4 || nudge.crosses_corner {
            continue;
        }
        checked += 1;
        assert!(nudge.digits.is_some_and(|digits| digits >= 5.0), "{nudge:?}");
    }
    assert!(checked > 100, "only {checked} numbers were checked");
}

#[test]
fn a_nudge_without_sense_is_refused() {
    let scene = blog(0, "emma");
    let glass = Glass::new(&scene);
    let explainer = Explainer::new(&glass);
    for epsilon in [0.0, -1e-5, f64::NAN, f64::INFINITY, 2.0, 1e-12] {
        let refusal = explainer.nudge(&parsed("wte[0][0]"), Some(epsilon)).expect_err("out of bounds");
        assert_eq!(refusal.field.as_deref(), Some("epsilon"));
        assert!(refusal.message.contains(&format!("epsilon is {epsilon}")), "{}", refusal.message);
        assert!(refusal.message.contains("from 1e-9 to 1"), "{}", refusal.message);
    }
    for epsilon in EPSILON {
        explainer.nudge(&parsed("wte[0][0]"), Some(epsilon)).expect("within bounds");
    }
}

#[test]
fn ladders_say_what_they_leave_out() {
    let scene = blog(5, "emma");
    let glass = Glass::new(&scene);
    let explainer = Explainer::new(&glass);
    let ladder = explainer.why(&parsed("loss"), 1, 100).expect("it exists");
    assert_eq!((ladder.rungs.len(), ladder.left_out), (6, 0), "the loss and its 5 positions");
    let cut = explainer.why(&parsed("loss"), 1, 4).expect("it exists");
    assert_eq!((cut.rungs.len(), cut.left_out), (4, 2));
    assert_eq!(cut.rungs[..], ladder.rungs[..4]);
    let deep = explainer.why(&parsed("loss"), u32::MAX, MAX_RUNGS).expect("it exists");
    assert_eq!(deep.rungs.len(), MAX_RUNGS as usize);
    assert!(deep.left_out > 0);
    for limit in [0, MAX_RUNGS + 1] {
        assert!(explainer.why(&parsed("loss"), 1, limit).expect_err("out of bounds").message.contains("limit is"));
    }
}

#[test]
fn a_ladder_ends_in_parameters_and_characters() {
    let scene = blog(5, "emma");
    let glass = Glass::new(&scene);
    let ladder = Explainer::new(&glass).why(&parsed("p1/sum[3]"), 9, 100).expect("it exists");
    let e = scene.tokens[1];
    let addresses: Vec<String> = ladder.rungs.iter().map(|rung| rung.address.to_string()).collect();
    assert_eq!(addresses, ["p1/sum[3]".to_string(), format!("wte[{e}][3]"), "wpe[1][3]".to_string()]);
    assert!(ladder.rungs[1].words.contains(&format!("‘e’, which is token {e}, the first character of “emma”")));
    assert!(ladder.rungs[2].words.contains("position 1, where ‘e’ is read"));
    let m = scene.tokens[2];
    let ladder = Explainer::new(&glass).why(&parsed(&format!("wte[{m}][0]")), 0, 1).expect("it exists");
    assert!(ladder.rungs[0].words.contains("the second and third characters of “emma”"), "{}", ladder.rungs[0].words);
}

#[test]
fn what_cannot_be_explained_is_refused() {
    let scene = blog(5, "emmao");
    assert!(!scene.is_training_document);
    let glass = Glass::new(&scene);
    let explainer = Explainer::new(&glass);
    let refused = |address: &str| explainer.why(&parsed(address), 0, 1).expect_err(address).message;
    assert!(refused("p1/logits").contains("name one of them"));
    assert!(refused("p9/logits[0]").contains("the position is 9"));
    assert!(refused("p1/layer3.q[0]").contains("layer 3 does not exist; this model has layer 0"));
    assert!(refused("node:99999999").contains("the node is 99999999"));
    assert!(refused("wte[0][0].m").contains("leave the text out"));
}

#[test]
fn second_names_lead_to_first_names() {
    let scene = blog(5, "emma");
    let glass = Glass::new(&scene);
    let explainer = Explainer::new(&glass);
    for (second, first) in [
        ("p1/layer0.attn_norm_input[2]", "p1/emb_norm[2]".to_string()),
        ("p1/layer0.act[2]", "p1/layer0.relu[2]".to_string()),
        ("p1/pos_emb[2]", "wpe[1][2]".to_string()),
        ("p1/tok_emb[2]", format!("wte[{}][2]", scene.tokens[1])),
    ] {
        let ladder = explainer.why(&parsed(second), 1, 10).expect("it exists");
        assert_eq!(ladder.rungs[0].made, Made::Same { address: parsed(&first) });
        assert_eq!(ladder.rungs[1].address, parsed(&first));
        let gradient = explainer.gradient(&parsed(second)).expect("it exists");
        assert_eq!(gradient.contributions, explainer.gradient(&parsed(&first)).expect("it exists").contributions);
    }
}

#[test]
fn numbers_that_are_not_finite_are_explained_too() {
    let mut scene = blog(3, "emma");
    scene.params.iter_mut().for_each(|param| *param *= 1e150);
    let glass = Glass::new(&scene);
    assert!(!glass.node(glass.root()).data.is_finite());
    let explainer = Explainer::new(&glass);
    for id in (0..glass.tape().len() as NodeId).step_by(97).chain([glass.root()]) {
        let address = glass.address(id);
        for address in [address.clone(), address.clone().part(Part::Grad)] {
            let ladder = explainer.why(&address, 1, 50).expect("it exists");
            for rung in &ladder.rungs {
                let Made::Computed { term } = &rung.made else { continue };
                let [again, value] = [term.evaluate(), rung.value.0];
                assert!(again.to_bits() == value.to_bits() || (again.is_nan() && value.is_nan()), "{}", rung.address);
            }
            assert!(!serde_json::to_string(&ladder).expect("a number or a word").contains(":null"));
        }
        explainer.nudge(&address, None).expect("it exists");
    }
}
