//! What the lines say that compute each number: the table behind [`super::of_kind`] and its neighbours.
//!
//! Why whole statements: they are unique in their file, and whoever changes one sees the test that names it. Where a line
//! stands twice, `⏎` ends what is meant and the line after it tells which of the two.

use glassgpt_core::{Activation, Op};

use super::File::{Adam, Model, Python, Value};
use super::Needle;
use crate::address::{Kind, Part};

const EMBED: [Needle; 2] = [
    (Model, "let mut x = rmsnorm(&add(token_embedding, position_embedding));"),
    (Python, r#"x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]"#),
];
const TOK_EMB: [Needle; 2] = [(Model, "let token_embedding = &self.wte[token as usize];"), EMBED[1]];
const POS_EMB: [Needle; 2] = [(Model, "let position_embedding = &self.wpe[position];"), EMBED[1]];
const SUM: [Needle; 3] = [EMBED[0], (Model, "a.iter().zip(b).map(|(&a, &b)| a + b).collect()"), EMBED[1]];
const MEAN_SQUARE: [Needle; 2] = [
    (Model, "let mean_square = sum(x.iter().map(|&xi| xi * xi)) / x.len() as f64;"),
    (Python, "mean_square = sum(xi * xi for xi in x) / len(x)"),
];
const SCALE: [Needle; 2] =
    [(Model, "let scale = (mean_square + 1e-5).pow(-0.5);"), (Python, "scale = (mean_square + 1e-5) ** -0.5")];
const SCALED: [Needle; 2] =
    [(Model, "x.iter().map(|&xi| xi * scale).collect()"), (Python, "return [xi * scale for xi in x]")];
const EMB_NORM: [Needle; 4] = [
    EMBED[0],
    SCALED[0],
    (Python, "x = rmsnorm(x)  # § pre-norm⏎        for i, (keys, values) in enumerate(memory):"),
    SCALED[1],
];
const ATTN_IN: [Needle; 2] = [
    (Model, "let attended = self.attention(layer, &rmsnorm(&x), &mut cache.keys[i], &mut cache.values[i]);"),
    (Python, "before, x = x, rmsnorm(x)  # § pre-norm⏎            query = linear("),
];
const ATTN_NORM: [Needle; 4] = [ATTN_IN[0], SCALED[0], ATTN_IN[1], SCALED[1]];
const MLP_IN: [Needle; 2] = [
    (Model, "let thought = self.mlp(layer, &rmsnorm(&x));"),
    (Python, "before, x = x, rmsnorm(x)  # § pre-norm⏎            x = [xi.relu()"),
];
const MLP_NORM: [Needle; 4] = [MLP_IN[0], SCALED[0], MLP_IN[1], SCALED[1]];

const ROWS: Needle = (Model, "w.iter().map(|row| dot(row, x)).collect()");
const DOT: Needle = (Model, "sum(a.iter().zip(b).map(|(&a, &b)| a * b))");
const PYTHON_ROWS: Needle = (Python, "return [sum(w * xi for w, xi in zip(row, x)) for row in matrix]");

const Q: [Needle; 5] = [
    (Model, "let q = linear(x, &layer.attn_wq);"),
    ROWS,
    DOT,
    (Python, r#"query = linear(weights[layer + "attn_wq"], x) "#),
    PYTHON_ROWS,
];
const K: [Needle; 5] = [
    (Model, "keys.push(linear(x, &layer.attn_wk));"),
    ROWS,
    DOT,
    (Python, r#"keys.append(linear(weights[layer + "attn_wk"], x))"#),
    PYTHON_ROWS,
];
const V: [Needle; 5] = [
    (Model, "values.push(linear(x, &layer.attn_wv));"),
    ROWS,
    DOT,
    (Python, r#"values.append(linear(weights[layer + "attn_wv"], x))"#),
    PYTHON_ROWS,
];
const SCORES: [Needle; 3] = [
    (Model, "let logits: Vector = keys.iter().map(|k| dot(&q[head.clone()], &k[head.clone()]) / scale).collect();"),
    DOT,
    (Python, "fits = [sum(query[j] * key[j] for j in mine) / width ** 0.5 for key in keys]"),
];
const ATTN_LOGITS: [Needle; 3] = [(Model, "let scale = fmath::pow(head_dim as f64, 0.5);"), SCORES[0], SCORES[2]];

const EXPS: [Needle; 4] = [
    (Model, "let max = max(logits.iter().map(|logit| logit.data()));"),
    (Model, "let exps: Vector = logits.iter().map(|&logit| (logit - max).exp()).collect();"),
    (Python, "largest = max(logit.data for logit in logits)"),
    (Python, "exps = [(logit - largest).exp() for logit in logits]"),
];
const TOTAL: [Needle; 2] = [(Model, "let total = sum(exps.iter().copied());"), (Python, "total = sum(exps)")];
const SHARES: [Needle; 2] =
    [(Model, "exps.into_iter().map(|exp| exp / total).collect()"), (Python, "return [e / total for e in exps]")];
const WEIGHTS: [Needle; 4] =
    [(Model, "let weights = softmax(&logits);"), SHARES[0], (Python, "shares = softmax(fits)"), SHARES[1]];
const HEAD_OUTPUT: [Needle; 2] = [
    (Model, "mixed.extend(head.map(|j| sum(weights.iter().zip(&*values).map(|(&weight, v)| weight * v[j]))));"),
    (Python, "mixed += [sum(share * value[j] for share, value in zip(shares, values)) for j in mine]"),
];
const ATTN_OUT: [Needle; 5] = [
    (Model, "linear(&mixed, &layer.attn_wo)"),
    ROWS,
    DOT,
    (Python, r#"x = linear(weights[layer + "attn_wo"], self.attend(query, keys, values))"#),
    PYTHON_ROWS,
];
const ATTN_RESIDUAL: [Needle; 2] = [
    (Model, "x = add(&attended, &x);"),
    (Python, "x = [change + old for change, old in zip(x, before)]  # the residual: add, do not replace"),
];
const FC1: [Needle; 5] = [
    (Model, "let hidden = linear(x, &layer.mlp_fc1).into_iter();"),
    ROWS,
    DOT,
    (Python, r#"x = [xi.relu() for xi in linear(weights[layer + "mlp_fc1"], x)]"#),
    PYTHON_ROWS,
];
const RELU: [Needle; 2] = [(Model, "Activation::Relu => hidden.map(Value::relu).collect(),"), FC1[3]];
const RELU2: [Needle; 3] = [
    (Model, "Activation::Relu2 => hidden.map(|unit| unit.relu().pow(2.0)).collect(),"),
    FC1[3],
    (
        Python,
        r#"if self.config.activation == "relu2":  # § activation
                x = [xi ** 2 for xi in x]"#,
    ),
];
const FC2: [Needle; 5] = [
    (Model, "linear(&active, &layer.mlp_fc2)"),
    ROWS,
    DOT,
    (Python, r#"x = linear(weights[layer + "mlp_fc2"], x)"#),
    PYTHON_ROWS,
];
const RESIDUAL: [Needle; 2] = [
    (Model, "x = add(&thought, &x);"),
    (Python, "x = [change + old for change, old in zip(x, before)]  # § residual⏎        return linear("),
];
const LOGITS: [Needle; 5] =
    [(Model, "linear(&x, &self.lm_head)"), ROWS, DOT, (Python, r#"return linear(weights["lm_head"], x)"#), PYTHON_ROWS];
const LOSS: [Needle; 2] = [
    (Model, "-softmax(&logits)[target as usize].log()"),
    (Python, "losses.append(-probs[tokens[position + 1]].log())"),
];
pub(super) const DOCUMENT_LOSS: [Needle; 2] =
    [(Model, "sum(losses) * (1.0 / n as f64)"), (Python, "return (1 / n) * sum(losses), n")];
pub(super) const PARAMETERS: [Needle; 2] = [
    (Model, "let params: Vector<'t> = params.iter().map(|&data| tape.parameter(data)).collect();"),
    (Python, "return [[Node(rng.gauss(0, std)) for _ in range(columns)] for _ in range(rows)]"),
];

const GRAD: [Needle; 2] = [
    (Value, "grads[operand as usize] += local_grad * grads[id as usize];"),
    (Python, "operand.grad += slope * node.grad"),
];
const M: [Needle; 2] = [
    (Adam, "*m = self.beta1 * *m + (1.0 - self.beta1) * grad;"),
    (Python, "self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad"),
];
const SQUARES: [Needle; 2] = [
    (Adam, "*v = self.beta2 * *v + (1.0 - self.beta2) * fmath::pow(grad, 2.0);"),
    (Python, "self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad ** 2"),
];
const M_HAT: [Needle; 2] =
    [(Adam, "let m_hat = *m / self.correction1;"), (Python, "m_hat = self.m[i] / (1 - beta1 ** self.step)")];
const V_HAT: [Needle; 2] =
    [(Adam, "let v_hat = *v / self.correction2;"), (Python, "v_hat = self.v[i] / (1 - beta2 ** self.step)")];
const UPDATE: [Needle; 2] = [
    (Adam, "self.learning_rate * m_hat / (fmath::pow(v_hat, 0.5) + self.eps)"),
    (Python, "p.data -= rate * m_hat / (v_hat ** 0.5 + self.config.eps)"),
];
const NEXT: [Needle; 2] = [(Adam, "*param -= at.change(&mut self.m[i], &mut self.v[i], grad);"), UPDATE[1]];

const CONSTANT: [Needle; 2] = [
    (Value, "self.push(Op::Constant, data, [0, 0], [0.0, 0.0])"),
    (Python, "other = other if isinstance(other, Node) else Node(other)⏎        return Node(self.data + other.data"),
];
const ADD: [Needle; 2] = [
    (Value, "self.tape.push(Op::Add, self.data + other.data, [self.id, other.id], [1.0, 1.0])"),
    (Python, "return Node(self.data + other.data, (self, other), (1.0, 1.0))"),
];
const MUL: [Needle; 2] = [
    (Value, "self.tape.push(Op::Mul, self.data * other.data, [self.id, other.id], [other.data, self.data])"),
    (Python, "return Node(self.data * other.data, (self, other), (other.data, self.data))"),
];
const POW: [Needle; 2] = [
    (Value, "self.unary(Op::Pow, fmath::pow(self.data, n), n * fmath::pow(self.data, n - 1.0))"),
    (Python, "return Node(self.data ** power, (self,), (power * self.data ** (power - 1),))"),
];
const LOG: [Needle; 2] = [
    (Value, "self.unary(Op::Log, fmath::ln(self.data), 1.0 / self.data)"),
    (Python, "return Node(math.log(self.data), (self,), (1 / self.data,))"),
];
const EXP: [Needle; 2] = [
    (Value, "let exp = fmath::exp(self.data);\n        self.unary(Op::Exp, exp, exp)"),
    (Python, "data = math.exp(self.data)\n        return Node(data, (self,), (data,))"),
];
const RELU_OP: [Needle; 2] = [
    (Value, "self.unary(Op::Relu, if above { self.data } else { 0.0 }, f64::from(above))"),
    (Python, "return Node(self.data if above else 0.0, (self,), (1.0 if above else 0.0,))"),
];

pub(super) fn of_kind(kind: Kind, activation: Activation) -> &'static [Needle] {
    match kind {
        Kind::TokEmb => &TOK_EMB,
        Kind::PosEmb => &POS_EMB,
        Kind::Sum => &SUM,
        Kind::EmbNormInput => &EMBED,
        Kind::AttnNormInput => &ATTN_IN,
        Kind::MlpNormInput => &MLP_IN,
        Kind::EmbNormMeanSquare | Kind::AttnNormMeanSquare | Kind::MlpNormMeanSquare => &MEAN_SQUARE,
        Kind::EmbNormScale | Kind::AttnNormScale | Kind::MlpNormScale => &SCALE,
        Kind::EmbNorm => &EMB_NORM,
        Kind::AttnNorm => &ATTN_NORM,
        Kind::MlpNorm => &MLP_NORM,
        Kind::Q => &Q,
        Kind::K => &K,
        Kind::V => &V,
        Kind::Scores => &SCORES,
        Kind::AttnLogits => &ATTN_LOGITS,
        Kind::AttnExps | Kind::Exps => &EXPS,
        Kind::AttnExpTotal | Kind::ExpTotal => &TOTAL,
        Kind::Weights => &WEIGHTS,
        Kind::HeadOutput => &HEAD_OUTPUT,
        Kind::AttnOut => &ATTN_OUT,
        Kind::AttnResidual => &ATTN_RESIDUAL,
        Kind::Fc1 => &FC1,
        Kind::Relu => &RELU,
        Kind::Act => match activation {
            Activation::Relu => &RELU,
            Activation::Relu2 => &RELU2,
        },
        Kind::Fc2 => &FC2,
        Kind::Residual => &RESIDUAL,
        Kind::Logits => &LOGITS,
        Kind::Probs => &SHARES,
        Kind::Loss => &LOSS,
    }
}

pub(super) fn of_part(part: Part) -> &'static [Needle] {
    match part {
        Part::Value => &[],
        Part::Grad => &GRAD,
        Part::M => &M,
        Part::V => &SQUARES,
        Part::MHat => &M_HAT,
        Part::VHat => &V_HAT,
        Part::Update => &UPDATE,
        Part::Next => &NEXT,
    }
}

pub(super) fn of_op(op: Op) -> &'static [Needle] {
    match op {
        Op::Parameter => &PARAMETERS,
        Op::Constant => &CONSTANT,
        Op::Add => &ADD,
        Op::Mul => &MUL,
        Op::Pow => &POW,
        Op::Log => &LOG,
        Op::Exp => &EXP,
        Op::Relu => &RELU_OP,
    }
}

/// Every needle there is.
pub(super) fn all() -> impl Iterator<Item = Needle> {
    let kinds = [Activation::Relu, Activation::Relu2].into_iter();
    let kinds = kinds.flat_map(|activation| Kind::ALL.into_iter().map(move |kind| of_kind(kind, activation)));
    let parts = Part::ALL.into_iter().map(of_part);
    let ops = Op::ALL.into_iter().map(of_op);
    kinds.chain(parts).chain(ops).chain([&DOCUMENT_LOSS[..], &PARAMETERS]).flatten().copied()
}
