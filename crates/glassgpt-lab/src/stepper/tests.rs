//! That the last stop leaves core's gradients, and that going back restores every bit, on random graphs and on a model's.
//!
//! Why graphs and not trees: what makes backward's order matter is numbers that are used more than once.

use glassgpt_core::{Corpus, Model, Preset, Setup, Value, corpora};
use proptest::prelude::*;

use super::*;

/// Every bit but the sign and payload of a NaN, which Rust leaves to the compiler.
fn bit(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() }
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|&number| bit(number)).collect()
}

/// Leaves, and operations on any earlier numbers. The last one is the root.
fn random_graph<'t>(tape: &'t Tape, leaves: &[f64], operations: &[(u8, usize, usize)]) -> Value<'t> {
    let mut values: Vec<Value<'t>> = leaves.iter().map(|&leaf| tape.parameter(leaf)).collect();
    for &(operation, a, b) in operations {
        let [a, b] = [a, b].map(|i| values[i % values.len()]);
        values.push(match operation % 8 {
            0 | 1 => a + b,
            2 | 3 => a * b,
            4 => a.pow(-1.0),
            5 => a.relu(),
            6 => a.exp(),
            _ => a.log(),
        });
    }
    values[values.len() - 1]
}

/// Goes to the end and back, and compares every state on the way.
fn check_both_ways(tape: &Tape, root: Value<'_>) {
    let mut stepper = Stepper::new(tape, root.id());
    let mut states = vec![bits(stepper.gradients())];
    let mut stops = Vec::new();
    while let Some(stop) = stepper.next() {
        states.push(bits(stepper.gradients()));
        stops.push(stop);
    }
    assert_eq!(stops.len(), stepper.len());
    assert_eq!(bits(stepper.gradients()), bits(root.backward().all()));
    for (position, stop) in stops.iter().enumerate().rev() {
        // Through text, because a NaN is not equal to itself.
        assert_eq!(format!("{:?}", stepper.previous()), format!("{:?}", Some(stop)));
        assert_eq!(stepper.position(), position);
        assert_eq!(bits(stepper.gradients()), states[position]);
    }
    assert_eq!(stepper.previous(), None);
    for position in [stops.len() / 2, stops.len(), stops.len() / 3, 0, usize::MAX] {
        stepper.seek(position);
        assert_eq!(bits(stepper.gradients()), states[position.min(stops.len())]);
    }
    assert_eq!(stepper.next(), None);
}

proptest! {
    #[test]
    fn both_ways_are_exact(
        leaves in prop::collection::vec(prop_oneof![-3.0..3.0, any::<f64>()], 1..5),
        operations in prop::collection::vec(any::<(u8, usize, usize)>(), 0..40),
    ) {
        let tape = Tape::new();
        check_both_ways(&tape, random_graph(&tape, &leaves, &operations));
    }

    #[test]
    fn rows_tell_what_happens(operations in prop::collection::vec(any::<(u8, usize, usize)>(), 0..40)) {
        let tape = Tape::new();
        let root = random_graph(&tape, &[0.5, -1.5, 2.0], &operations);
        let mut stepper = Stepper::new(&tape, root.id());
        for row in stepper.stops(0..stepper.len()) {
            let number = stepper.position();
            match row {
                Stop::Forward { node, value, .. } => {
                    prop_assert_eq!((stepper.value(node), stepper.forward_stop(node)), (None, Some(number)));
                    stepper.next();
                    prop_assert_eq!(stepper.value(node).map(bit), Some(bit(value.0)));
                }
                Stop::Seed { node } => {
                    prop_assert_eq!((node, number), (root.id(), stepper.seed()));
                    stepper.next();
                    prop_assert_eq!(stepper.gradient(node), 1.0);
                }
                Stop::Backward { node, operand, upstream, before, after, .. } => {
                    prop_assert!(stepper.handing_on(node).contains(&number) && stepper.receiving(operand).contains(&number));
                    prop_assert_eq!(bit(stepper.gradient(node)), bit(upstream.0));
                    prop_assert_eq!(bit(stepper.gradient(operand)), bit(before.0));
                    stepper.next();
                    prop_assert_eq!(bit(stepper.gradient(operand)), bit(after.0));
                }
            }
        }
        prop_assert_eq!(stepper.position(), stepper.len());
    }
}

#[test]
fn a_model_can_be_walked() {
    let corpus = Corpus::parse(corpora::embedded("names").expect("embedded").text).expect("a corpus");
    let setup = Setup::new(Preset::Blog.config(), &corpus).expect("a preset");
    let tape = Tape::new();
    let tokens = setup.tokenizer.encode_document("emma").expect("letters");
    let loss = Model::new(&setup.plan, &tape, &setup.params).loss(&tokens);
    let mut stepper = Stepper::new(&tape, loss.id());
    let size = loss.graph_size();
    assert_eq!((size.nodes(), size.edges()), (43_091, 75_632));
    assert_eq!(stepper.len(), size.nodes() + 1 + size.edges());
    assert!(stepper.memory_bytes() < 4_200_000, "{}", stepper.memory_bytes());

    stepper.seek(usize::MAX);
    assert_eq!(bits(stepper.gradients()), bits(loss.backward().all()));
    assert_eq!(stepper.direction(), Direction::Backward);
    stepper.seek(stepper.seed());
    assert!(stepper.gradients().iter().all(|gradient| gradient.to_bits() == 0));
    assert_eq!(stepper.stops(0..usize::MAX).len(), MAX_ROWS);
    assert_eq!(stepper.stops(stepper.len() - 3..usize::MAX).len(), 3);

    let segment = stepper.segment(10_000..20_000);
    assert!(segment.is_sorted() && segment.len() > 20_000);
    let inside = |node: &NodeId| (10_000..20_000).contains(node);
    assert!(segment.iter().all(|&stop| match stepper.stop(stop) {
        Some(Stop::Forward { node, .. } | Stop::Backward { node, .. }) => inside(&node),
        _ => false,
    }));
}

#[test]
fn what_the_root_does_not_need_is_not_visited() {
    let tape = Tape::new();
    let a = tape.parameter(3.0);
    let unused = a.exp();
    let square = a * a;
    let stepper = Stepper::new(&tape, square.id());
    assert_eq!((stepper.len(), stepper.forward_stop(unused.id())), (2 + 1 + 2, None));
    assert_eq!(stepper.receiving(a.id()), [3, 4]);
    check_both_ways(&tape, square);
    check_both_ways(&tape, a);
}
