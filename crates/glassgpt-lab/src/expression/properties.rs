//! What holds for every program, tried on random ones, and that no text whatsoever makes the language panic.
//!
//! Why proptest beside the fuzz target `expression`: the generators below know the grammar, so what they make computes, and
//! can be compared with doubles and differences.

use glassgpt_core::fmath;
use proptest::prelude::*;

use super::evaluate::{Evaluation, Leaf};
use super::*;

/// An expression in boxes, to grow at random and to compute directly.
#[derive(Clone, Debug)]
enum Tree {
    Number(f64),
    Name(&'static str),
    Negate(Box<Tree>),
    Binary(Operator, Box<Tree>, Box<Tree>),
    Call(Function, Box<Tree>),
}

const NAMES: [&str; 3] = ["a", "w1", "x_2"];

fn literal() -> impl Strategy<Value = f64> {
    prop_oneof![(0_u32..20).prop_map(f64::from), 0.0..3.0, any::<f64>().prop_map(f64::abs)]
        .prop_filter("finite", |n| n.is_finite())
}

/// Trees that evaluate: exponents are plain.
fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![literal().prop_map(Tree::Number), prop::sample::select(&NAMES).prop_map(Tree::Name)];
    leaf.prop_recursive(6, 40, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        let exponent = (any::<bool>(), prop_oneof![(0_u32..5).prop_map(f64::from), 0.0..3.0]);
        prop_oneof![
            1 => inner.clone().prop_map(|of| Tree::Negate(of.into())),
            2 => (inner.clone(), prop::sample::select(&Function::ALL)).prop_map(|(of, f)| Tree::Call(f, of.into())),
            4 => (pair, prop::sample::select(&Operator::ALL[..4]))
                .prop_map(|((a, b), operator)| Tree::Binary(operator, a.into(), b.into())),
            1 => (inner, exponent).prop_map(|(base, (negative, n))| {
                let n = Tree::Number(n);
                let n = if negative { Tree::Negate(n.into()) } else { n };
                Tree::Binary(Operator::Pow, base.into(), n.into())
            }),
        ]
    })
}

fn grow(tree: &Tree, program: &mut Program) -> ExprId {
    let kind = match tree {
        Tree::Number(number) => ExprKind::Number(*number),
        Tree::Name(name) => ExprKind::Name((*name).to_string()),
        Tree::Negate(of) => ExprKind::Negate(grow(of, program)),
        Tree::Call(function, of) => ExprKind::Call(*function, grow(of, program)),
        Tree::Binary(operator, a, b) => {
            let [a, b] = [a, b].map(|tree| grow(tree, program));
            ExprKind::Binary(*operator, a, b)
        }
    };
    program.push(kind, Span::default())
}

fn program(tree: &Tree) -> Program {
    let mut program = Program::default();
    let root = grow(tree, &mut program);
    program.statements.push(Statement { name: None, root });
    program
}

fn kinds(program: &Program) -> Vec<&ExprKind> {
    program.exprs().iter().map(|expr| &expr.kind).collect()
}

/// A number, and whether it is on the tape.
type Number = (f64, bool);

/// The same numbers without a tape, spelled as the tape spells them.
fn direct(tree: &Tree, leaves: &[f64; 3]) -> Number {
    match tree {
        Tree::Number(number) => (*number, false),
        Tree::Name(name) => (leaves[NAMES.iter().position(|known| known == name).expect("one of ours")], true),
        // The tape multiplies by -1, which has the same bits.
        Tree::Negate(of) => {
            let (number, on_tape) = direct(of, leaves);
            (-number, on_tape)
        }
        Tree::Call(function, of) => {
            let (x, on_tape) = direct(of, leaves);
            (call(*function, x, on_tape), on_tape)
        }
        Tree::Binary(operator, a, b) => {
            let [(a, a_on), (b, b_on)] = [a, b].map(|tree| direct(tree, leaves));
            let plain = !a_on && !b_on;
            let number = match operator {
                Operator::Add => a + b,
                Operator::Sub => a + -b,
                Operator::Mul => a * b,
                Operator::Div if plain => a / b,
                Operator::Div => a * fmath::pow(b, -1.0),
                Operator::Pow => fmath::pow(a, b),
            };
            (number, !plain)
        }
    }
}

fn call(function: Function, x: f64, on_tape: bool) -> f64 {
    match function {
        Function::Log => fmath::ln(x),
        Function::Exp => fmath::exp(x),
        Function::Relu if x > 0.0 => x,
        Function::Relu => 0.0,
        Function::Tanh => {
            let mirrored = x > 20.0;
            let e = fmath::exp(if mirrored { x * -2.0 } else { x * 2.0 });
            let [above, below] = [e - 1.0, e + 1.0];
            let tanh = if on_tape { above * fmath::pow(below, -1.0) } else { above / below };
            if mirrored { -tanh } else { tanh }
        }
    }
}

fn evaluate(program: &Program, values: &[f64; 3]) -> Evaluation {
    let leaves: Vec<Leaf> =
        NAMES.iter().zip(values).map(|(name, &value)| Leaf { name: (*name).into(), value }).collect();
    program.evaluate(&leaves).expect("all leaves have values and exponents are plain")
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// Whether it has no corners and no poles near: sums, products, exp and tanh of moderate numbers.
fn smooth() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![(-2.0..2.0).prop_map(Tree::Number), prop::sample::select(&NAMES).prop_map(Tree::Name)];
    leaf.prop_recursive(5, 16, 2, |inner| {
        let squashed = inner.clone().prop_map(|of| Tree::Call(Function::Tanh, of.into()));
        // log(exp(t) + 1) and 1 / (exp(t) + 1), with t = tanh(…), never come near a pole.
        let above_one = squashed.clone().prop_map(|of| {
            Tree::Binary(Operator::Add, Tree::Call(Function::Exp, of.into()).into(), Tree::Number(1.0).into())
        });
        prop_oneof![
            (inner.clone(), inner.clone(), prop::sample::select(&Operator::ALL[..3]))
                .prop_map(|(a, b, operator)| Tree::Binary(operator, a.into(), b.into())),
            squashed,
            above_one.clone().prop_map(|of| Tree::Call(Function::Log, of.into())),
            (inner, above_one.clone()).prop_map(|(a, b)| Tree::Binary(Operator::Div, a.into(), b.into())),
            above_one.prop_map(|of| Tree::Binary(Operator::Pow, of.into(), Tree::Number(1.5).into())),
        ]
    })
}

/// The words of the language and a few that are none.
const WORDS: [&str; 28] = [
    "a", "b", "w1", "log", "exp", "relu", "tanh", "sqrt", "0", "2", "1.5", ".", "1e9", "1e", "+", "-", "*", "**", "/",
    "(", ")", "=", ";", "\n", " ", "# é\n", "^", "×",
];

fn never_panics(source: &str) {
    let leaf = |name: &str| Leaf { name: name.into(), value: -0.5 };
    if let Ok(program) = Program::parse(source)
        && let Ok(evaluation) = program.evaluate(&["a", "b", "w1"].map(leaf))
    {
        let length = source.chars().count() as u32;
        assert!(
            evaluation.origins.iter().all(|origin| origin.span.start < origin.span.end && origin.span.end <= length)
        );
        assert_eq!(evaluation.origins.len(), evaluation.tape.len());
        serde_json::to_string(&evaluation.graph(program.free_names())).expect("plain data");
        let again = Program::parse(&program.to_string()).expect("what is printed can be parsed");
        assert_eq!(kinds(&again), kinds(&program));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_printed_parses_to_the_same(tree in tree()) {
        let grown = program(&tree);
        let printed = grown.to_string();
        let parsed = Program::parse(&printed).expect("it was printed");
        prop_assert_eq!(kinds(&parsed), kinds(&grown), "{}", &printed);
        prop_assert_eq!(parsed.to_string(), printed);
    }

    #[test]
    fn the_tape_says_what_doubles_say(tree in tree(), leaves: [f64; 3], small in prop::array::uniform3(-3.0..3.0)) {
        for leaves in [leaves, small] {
            let evaluation = evaluate(&program(&tree), &leaves);
            let (number, _) = direct(&tree, &leaves);
            prop_assert!(same(evaluation.value(), number), "{} is {}, not {number}", program(&tree), evaluation.value());
        }
    }

    /// Central differences with h = 1e-5 leave an error of h² times the third derivative and of 1e-16/h times the value,
    /// so 6 digits can be asked for where the numbers are moderate.
    #[test]
    fn gradients_agree_with_differences_to_six_digits(tree in smooth(), leaves in prop::array::uniform3(-1.0..1.0)) {
        let program = program(&tree);
        let evaluation = evaluate(&program, &leaves);
        let size = (0..evaluation.tape.len()).map(|id| evaluation.tape.node(id as u32).data.abs()).fold(1.0, f64::max);
        if size >= 20.0 {
            return Ok(()); // One tree in eight.
        }
        for (i, name) in NAMES.iter().enumerate() {
            let Some(gradient) = evaluation.gradient_of(name) else { continue };
            let h = 1e-5;
            let at = |x: f64| {
                let mut moved = leaves;
                moved[i] = x;
                evaluate(&program, &moved).value()
            };
            let slope = (at(leaves[i] + h) - at(leaves[i] - h)) / (2.0 * h);
            let tolerance = 1e-6 * (size * size).max(slope.abs());
            prop_assert!((slope - gradient).abs() < tolerance, "{program}: d/d{name} is {gradient}, measured {slope}");
        }
    }

    #[test]
    fn no_text_panics(source in any::<String>()) {
        never_panics(&source);
    }

    #[test]
    fn no_ascii_panics(source in "[ -~\n]{0,40}") {
        never_panics(&source);
    }

    #[test]
    fn no_soup_of_words_panics(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..40)) {
        never_panics(&words.concat());
    }

    #[test]
    fn no_soup_of_bytes_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        never_panics(&String::from_utf8_lossy(&bytes));
    }
}
