//! What the language means, by example, and what it says when it does not understand.
//!
//! Why examples: each is a line of the documentation that cannot go stale.

use glassgpt_core::Op;

use super::*;

fn value(source: &str) -> f64 {
    evaluated(source).value()
}

fn evaluated(source: &str) -> Evaluation {
    let leaves = [("x", 3.0), ("y", -2.0)].map(|(name, value)| Leaf { name: name.into(), value });
    Program::parse(source).and_then(|program| program.evaluate(&leaves)).unwrap_or_else(|error| panic!("{error}"))
}

fn complaint(source: &str) -> String {
    let result = Program::parse(source).and_then(|program| program.evaluate(&[]));
    result.expect_err(source).to_string()
}

fn ops(evaluation: &Evaluation) -> Vec<&'static str> {
    (0..evaluation.tape.len() as u32).map(|id| evaluation.tape.node(id).op.name()).collect()
}

#[test]
fn precedence_and_associativity_are_pythons() {
    let cases = [
        ("-2 ** 2", -4.0),
        ("(-2) ** 2", 4.0),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512.0),
        ("2 ** -3 ** 2", 2f64.powi(-9)),
        ("10 - 4 - 3", 3.0),
        ("24 / 4 / 2", 3.0),
        ("2 + 3 * 4", 14.0),
        ("--2", 2.0),
        ("2 * -3", -6.0),
        ("-x ** 2", -9.0),
        ("-y * x", 6.0),
        ("x - y - 1", 4.0),
        ("x ** -1 * 6", 2.0),
        ("x ** (1 + 1)", 9.0),
        ("2 - x", -1.0),
        ("12 / x", 4.0),
        ("relu(y) + relu(x)", 3.0),
        ("(x\n  + y)", 1.0),
        ("a = 2; b = -3; c = a * b # six\n\nL = relu(c + 10);", 4.0),
    ];
    for (source, expected) in cases {
        assert!((value(source) - expected).abs() < 1e-12, "{source} is {}, not {expected}", value(source));
    }
}

#[test]
fn nodes_are_those_of_the_core() {
    assert_eq!(ops(&evaluated("x - y")), ["parameter", "parameter", "constant", "mul", "add"]);
    assert_eq!(ops(&evaluated("x / y")), ["parameter", "parameter", "pow", "mul"]);
    assert_eq!(ops(&evaluated("1 - x")), ["parameter", "constant", "mul", "constant", "add"]);
    assert_eq!(ops(&evaluated("2 * 3 + x * x")), ["parameter", "mul", "constant", "add"]);
    let two_x = evaluated("2 * x");
    assert_eq!(two_x.tape.node(two_x.root).operands(), [0, 1], "Python asks the value: x * 2");
    let assigned = evaluated("b = -3; b");
    assert_eq!((ops(&assigned), assigned.value()), (vec!["parameter"], -3.0));
    assert_eq!(ops(&evaluated("2 + 3")), ["constant"]);
}

#[test]
fn micrograds_neuron_gives_its_gradients() {
    let source = "x1 = 2; x2 = 0; w1 = -3; w2 = 1; b = 6.8813735870195432\nn = x1*w1 + x2*w2 + b\no = tanh(n)";
    let o = evaluated(source);
    let close = |name: &str, expected: f64| {
        let gradient = o.gradient_of(name).expect("a name of the program");
        assert!((gradient - expected).abs() < 1e-9, "{name}: {gradient}");
    };
    assert!((o.value() - 0.5f64.sqrt()).abs() < 1e-9);
    for (name, expected) in [("x1", -1.5), ("w1", 1.0), ("x2", 0.5), ("w2", 0.0), ("n", 0.5), ("o", 1.0)] {
        close(name, expected);
    }
}

#[test]
fn tanh_is_safe_at_both_ends() {
    for x in [-1e300, -800.0, -30.0, 19.9, 20.1, 180.0, 360.0, 1e300] {
        let leaf = Leaf { name: "t".into(), value: x };
        let tanh = Program::parse("tanh(t)").and_then(|program| program.evaluate(&[leaf])).expect("it is fine");
        assert!((tanh.value() - x.tanh()).abs() < 1e-15, "{x}");
        assert!(tanh.gradient_of("t").is_some_and(|gradient| gradient.abs() < 1e-14), "{x}");
        assert_eq!(tanh.first_non_finite(), None, "{x}");
    }
}

#[test]
fn every_node_knows_its_characters() {
    let source = "c = x * y\nL = relu((c + 10) / 2)";
    let it = evaluated(source);
    let texts: Vec<&str> = it.origins.iter().map(|o| &source[o.span.start as usize..o.span.end as usize]).collect();
    assert_eq!(texts, ["x", "y", "x * y", "10", "c + 10", "2", "(c + 10) / 2", "relu((c + 10) / 2)"]);
    assert_eq!(it.node_of("c"), Some(2));
    let graph = it.graph(&[]);
    assert_eq!(graph.nodes[2].name.as_deref(), Some("c"));
    assert_eq!(evaluated("x / y").graph(&[]).nodes[2].exponent, Some(-1.0));
}

#[test]
fn what_is_not_finite_is_found_where_it_began() {
    let first = |source: &str| evaluated(source).first_non_finite().map(|it| (it.span.start, it.part, it.number.0));
    let minus_infinity = Some((4, NonFinitePart::Value, f64::NEG_INFINITY));
    assert_eq!(first("1 + log(x - 3)"), minus_infinity);
    assert_eq!(first("x * (0 ** -1)").map(|it| (it.0, it.2)), Some((5, f64::INFINITY)));
    assert_eq!(first("exp(x * 1000)").map(|it| it.0), Some(0));
    assert!(first("log(y)").is_some_and(|it| it.2.is_nan()));
    assert_eq!(first("(x - 3) ** 0.5").map(|it| it.1), Some(NonFinitePart::LocalGradient));
    assert_eq!(first("a = 1e200; b = 1e-200; b * a * a * a * b").map(|it| it.1), Some(NonFinitePart::Value));
    assert_eq!(first("a = 1e-200; ((a * 1e200) * 1e200) * 1e200").map(|it| it.1), Some(NonFinitePart::Value));
    assert_eq!(first("a = 0; a * 1e200 * 1e200").map(|it| it.1), Some(NonFinitePart::Gradient));
    assert_eq!(first("x + y"), None);
    let json = serde_json::to_string(&evaluated("log(x - 3)").graph(&[])).expect("plain data");
    assert!(json.contains(r#""value":"-Infinity""#), "{json}");
    assert!(serde_json::from_str::<ExpressionGraph>(&json).is_ok());
}

#[test]
fn complaints_say_where_what_and_what_instead() {
    let cases = [
        ("", "line 1, column 1: there is nothing to compute"),
        (
            "a = 1\n b = a +",
            "line 2, column 9: found the end of the program, expected a number, a name, a function or (",
        ),
        ("a = 1; 2a", "column 9: found a, expected an operator or the end of the line; write * between two factors"),
        ("(1 + 2", "column 7: found the end of the program, expected an operator or )"),
        ("1)", "column 2: found ), expected an operator or the end of the line"),
        ("3 ^ 2", "column 3: the character '^' has no meaning here; write **"),
        ("rleu(1)", "column 1: there is no function rleu; did you mean relu?; there are log, exp, relu and tanh"),
        ("sqrt(4)", "did you mean ** 0.5?"),
        ("log 2", "column 5: found 2.0, expected ( after the function's name"),
        ("log = 2", "log is a function and cannot be assigned"),
        (
            "weight = 1; wieght + 1",
            "column 13: wieght has no value; did you mean weight?; assign it above (wieght = 1)",
        ),
        ("a = 1; a = 2", "column 8: a has a value already"),
        ("b + 1; a = 2", "nothing uses this line"),
        ("c = a; a = 2", "column 8: a is used above"),
        ("a = a", "column 1: a is used above"),
        ("a = 2; a ** a", "column 13: the exponent must be a plain number"),
        ("a = 2; 2 ** a", "for a ** b write exp(b * log(a))"),
        ("a = 2; a ** (1 / 0)", "column 14: the exponent comes out as inf"),
        ("a == 2", "column 4: found =, expected a number"),
        ("1 + +2", "a + before a number is left out"),
        ("1e999", "1e999 is too large"),
        ("log(1, 2)", "the character ',' has no meaning here"),
    ];
    for (source, expected) in cases {
        let complaint = complaint(source);
        assert!(complaint.contains(expected), "{source:?}\n  says {complaint}\n  not {expected}");
    }
}

#[test]
fn every_limit_is_reached_and_kept() {
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Program::parse(&nested(LIMITS.depth - 1)).is_ok());
    assert!(complaint(&nested(LIMITS.depth)).contains("more than 100 parentheses"));
    assert!(complaint(&format!("{}1", "-".repeat(LIMITS.depth))).contains("within each other"));
    assert!(complaint(&vec!["2"; LIMITS.depth + 1].join("**")).contains("within each other"));

    let ones = |chars: usize| "1+".repeat(chars / 2 - 1) + "10";
    assert_eq!(value(&ones(LIMITS.chars)), 2009.0);
    assert!(complaint(&(ones(LIMITS.chars) + " ")).contains("4001 characters; it may have at most 4000"));

    assert!(complaint(&"n".repeat(33)).contains("33 characters"));
    assert!(complaint(&"n".repeat(32)).contains("no value"));

    // A chain of n sums of x has 1 + n nodes, and a constant has 1 more.
    let sums = |n: usize| format!("x{}", "+x".repeat(n));
    assert_eq!(evaluated(&sums(1999)).tape.len(), LIMITS.nodes);
    let tanhs = format!("x=1;{}0", "tanh(x)+".repeat(400));
    assert!(complaint(&tanhs).contains("more than 2000 nodes"));
}

#[test]
fn unused_leaves_are_passed_over() {
    let leaves = [("a", 1.0), ("b", 2.0)].map(|(name, value)| Leaf { name: name.into(), value });
    let evaluation = Program::parse("a = 5; a * 2").and_then(|program| program.evaluate(&leaves)).expect("it is fine");
    assert_eq!(evaluation.value(), 10.0);
    assert_eq!(evaluation.tape.node(0).op, Op::Parameter);
}
