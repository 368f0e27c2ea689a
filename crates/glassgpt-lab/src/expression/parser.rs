//! Tokens into a program, by recursive descent: one method per line of the grammar.
//!
//! Why by hand: the grammar is seven lines long, and only code that knows what it was looking for can say what was
//! expected instead.

use super::LIMITS;
use super::ast::{ExprId, ExprKind, Function, Name, Operator, Program, Span, Statement};
use super::error::{ExpressionError, Problem};
use super::lexer::{Token, TokenKind, tokens};
use super::suggest;

impl Program {
    /// Parses a program.
    ///
    /// # Errors
    /// The first problem from the left, with its place.
    pub fn parse(source: &str) -> Result<Self, ExpressionError> {
        let tokens = tokens(source)?;
        let program = Program { source: source.to_string(), ..Program::default() };
        let mut parser = Parser { tokens, at: 0, depth: 0, program };
        parser.statements().map_err(|(span, problem)| ExpressionError::at(source, span, problem))?;
        Ok(parser.program)
    }
}

type Fault = (Span, Problem);

/// A parsed expression, and its place with any parentheses around it.
type Parsed = (ExprId, Span);

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    program: Program,
}

impl Parser {
    fn statements(&mut self) -> Result<(), Fault> {
        loop {
            while self.take(&TokenKind::Separator).is_some() {}
            if self.here().kind == TokenKind::End {
                break;
            }
            if let Some(Statement { name: None, root }) = self.program.statements.last() {
                return Err((self.program.exprs[*root].span, Problem::NotUsed));
            }
            let statement = self.statement()?;
            self.program.statements.push(statement);
        }
        if self.program.statements.is_empty() {
            return Err((self.here().span, Problem::Empty));
        }
        Ok(())
    }

    fn statement(&mut self) -> Result<Statement, Fault> {
        let name = self.assigned_name()?;
        let (root, _) = self.sum()?;
        if !matches!(self.here().kind, TokenKind::Separator | TokenKind::End) {
            return Err(self.unexpected("an operator or the end of the line"));
        }
        if let Some(Name { text, span }) = &name
            && self.program.free_names.contains(text)
        {
            return Err((*span, Problem::AssignedAfterUse { name: text.clone() }));
        }
        Ok(Statement { name, root })
    }

    /// `name =`, if that is how the line begins.
    fn assigned_name(&mut self) -> Result<Option<Name>, Fault> {
        let Token { kind: TokenKind::Name(text), span } = self.here().clone() else { return Ok(None) };
        if self.tokens[self.at + 1].kind != TokenKind::Equals {
            return Ok(None);
        }
        if let Some(function) = Function::named(&text) {
            return Err((span, Problem::FunctionAssigned { name: function.name() }));
        }
        if self.is_assigned(&text) {
            return Err((span, Problem::AssignedTwice { name: text }));
        }
        self.at += 2;
        Ok(Some(Name { text, span }))
    }

    fn sum(&mut self) -> Result<Parsed, Fault> {
        let mut left = self.product()?;
        while let Some(operator) = self.operator(&[Operator::Add, Operator::Sub]) {
            let right = self.product()?;
            left = self.binary(operator, left, right);
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Parsed, Fault> {
        let mut left = self.factor()?;
        while let Some(operator) = self.operator(&[Operator::Mul, Operator::Div]) {
            let right = self.factor()?;
            left = self.binary(operator, left, right);
        }
        Ok(left)
    }

    /// Everything that recurses comes through here, so here the depth is counted.
    fn factor(&mut self) -> Result<Parsed, Fault> {
        if self.depth == LIMITS.depth {
            return Err((self.here().span, Problem::TooDeep));
        }
        self.depth += 1;
        let parsed = match self.take(&TokenKind::Minus) {
            Some(minus) => {
                let (operand, end) = self.factor()?;
                let span = minus.to(end);
                (self.program.push(ExprKind::Negate(operand), span), span)
            }
            None => self.power()?,
        };
        self.depth -= 1;
        Ok(parsed)
    }

    fn power(&mut self) -> Result<Parsed, Fault> {
        let base = self.atom()?;
        match self.operator(&[Operator::Pow]) {
            Some(operator) => {
                let exponent = self.factor()?;
                Ok(self.binary(operator, base, exponent))
            }
            None => Ok(base),
        }
    }

    fn atom(&mut self) -> Result<Parsed, Fault> {
        let Token { kind, span } = self.here().clone();
        match kind {
            TokenKind::Number(number) => {
                self.at += 1;
                Ok((self.program.push(ExprKind::Number(number), span), span))
            }
            TokenKind::Name(name) => self.named(name, span),
            TokenKind::Open => {
                let (inner, close) = self.parenthesised()?;
                Ok((inner, span.to(close)))
            }
            _ => Err(self.unexpected("a number, a name, a function or (")),
        }
    }

    /// A name alone, or a function's name and its operand.
    fn named(&mut self, name: String, span: Span) -> Result<Parsed, Fault> {
        self.at += 1;
        let function = Function::named(&name);
        if self.here().kind != TokenKind::Open {
            if function.is_some() {
                return Err(self.unexpected("( after the function's name"));
            }
            if !self.is_assigned(&name) && !self.program.free_names.contains(&name) {
                self.program.free_names.push(name.clone());
            }
            return Ok((self.program.push(ExprKind::Name(name), span), span));
        }
        let Some(function) = function else {
            let instead = suggest::function(&name);
            return Err((span, Problem::UnknownFunction { name, instead }));
        };
        let (operand, close) = self.parenthesised()?;
        let span = span.to(close);
        Ok((self.program.push(ExprKind::Call(function, operand), span), span))
    }

    /// `( sum )`: the sum, and the place of the closing one.
    fn parenthesised(&mut self) -> Result<Parsed, Fault> {
        self.at += 1;
        let (inner, _) = self.sum()?;
        let close = self.take(&TokenKind::Close).ok_or_else(|| self.unexpected("an operator or )"))?;
        Ok((inner, close))
    }

    fn binary(&mut self, operator: Operator, left: Parsed, right: Parsed) -> Parsed {
        let span = left.1.to(right.1);
        (self.program.push(ExprKind::Binary(operator, left.0, right.0), span), span)
    }

    /// Takes one of these operators if it stands here.
    fn operator(&mut self, wanted: &[Operator]) -> Option<Operator> {
        let here = match self.here().kind {
            TokenKind::Plus => Operator::Add,
            TokenKind::Minus => Operator::Sub,
            TokenKind::Star => Operator::Mul,
            TokenKind::Slash => Operator::Div,
            TokenKind::Power => Operator::Pow,
            _ => return None,
        };
        let found = wanted.contains(&here);
        self.at += usize::from(found);
        found.then_some(here)
    }

    fn take(&mut self, kind: &TokenKind) -> Option<Span> {
        let found = self.here().kind == *kind;
        let span = self.here().span;
        self.at += usize::from(found);
        found.then_some(span)
    }

    /// The token at hand. The last one, the end, is never passed.
    fn here(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn is_assigned(&self, name: &str) -> bool {
        let mut names = self.program.statements.iter().filter_map(|statement| statement.name.as_ref());
        names.any(|assigned| assigned.text == name)
    }

    fn unexpected(&self, expected: &'static str) -> Fault {
        let Token { kind, span } = self.here();
        let complete = expected.starts_with("an operator");
        let advice = match kind {
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Open if complete => {
                Some("write * between two factors")
            }
            TokenKind::Equals => Some("only a name at the beginning of a line can be assigned"),
            TokenKind::Plus => Some("a + before a number is left out"),
            _ => None,
        };
        (*span, Problem::Unexpected { found: described(kind), expected, advice })
    }
}

fn described(kind: &TokenKind) -> String {
    match kind {
        TokenKind::Number(number) => format!("{number:?}"),
        TokenKind::Name(name) => name.clone(),
        TokenKind::Plus => "+".into(),
        TokenKind::Minus => "-".into(),
        TokenKind::Star => "*".into(),
        TokenKind::Power => "**".into(),
        TokenKind::Slash => "/".into(),
        TokenKind::Open => "(".into(),
        TokenKind::Close => ")".into(),
        TokenKind::Equals => "=".into(),
        TokenKind::Separator => "the end of the line".into(),
        TokenKind::End => "the end of the program".into(),
    }
}
