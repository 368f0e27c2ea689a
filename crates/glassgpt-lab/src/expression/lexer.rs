//! Text into tokens, each with its place.
//!
//! Why before parsing: numbers, the two kinds of star, comments and line ends inside parentheses are settled here, so
//! the grammar sees only what it is about.

use super::LIMITS;
use super::ast::Span;
use super::error::{ExpressionError, Problem};

/// A word of the language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A number, finite.
    Number(f64),
    /// A name of a leaf, a line or a function.
    Name(String),
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `**`
    Power,
    /// `/`
    Slash,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `=`
    Equals,
    /// `;`, or a line's end outside parentheses.
    Separator,
    /// The end of the program.
    End,
}

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// The tokens of a program, [`TokenKind::End`] last.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, ExpressionError> {
    let chars: Vec<char> = source.chars().take(LIMITS.chars + 1).collect();
    if chars.len() > LIMITS.chars {
        let problem = Problem::TooLong { chars: source.chars().count() };
        return Err(ExpressionError { problem, span: Span::default(), line: 1, column: 1 });
    }
    let mut tokens = Vec::new();
    let [mut at, mut open] = [0, 0_usize];
    while at < chars.len() {
        let start = at;
        let located = |end: usize| Span { start: start as u32, end: end as u32 };
        let kind = match chars[at] {
            ' ' | '\t' | '\r' => None,
            '#' => {
                at += chars[at..].iter().position(|&c| c == '\n').unwrap_or(chars.len() - at) - 1;
                None
            }
            '\n' => (open == 0).then_some(TokenKind::Separator),
            '0'..='9' | '.' => {
                at = number_end(&chars, at) - 1;
                let fail = |problem| ExpressionError::at(source, located(at + 1), problem);
                Some(number(&chars[start..=at]).map_err(fail)?)
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                at = end_of(&chars, at, |c| c.is_ascii_alphanumeric() || c == '_') - 1;
                if at + 1 - start > LIMITS.name_chars {
                    let problem = Problem::NameTooLong { chars: at + 1 - start };
                    return Err(ExpressionError::at(source, located(at + 1), problem));
                }
                Some(TokenKind::Name(chars[start..=at].iter().collect()))
            }
            '*' if chars.get(at + 1) == Some(&'*') => {
                at += 1;
                Some(TokenKind::Power)
            }
            c => Some(sign(c).ok_or_else(|| {
                let problem = Problem::UnknownCharacter { found: c, instead: instead_of(c) };
                ExpressionError::at(source, located(at + 1), problem)
            })?),
        };
        match kind {
            Some(TokenKind::Open) => open += 1,
            Some(TokenKind::Close) => open = open.saturating_sub(1),
            _ => {}
        }
        at += 1;
        tokens.extend(kind.map(|kind| Token { kind, span: located(at) }));
    }
    let end = chars.len() as u32;
    tokens.push(Token { kind: TokenKind::End, span: Span { start: end, end } });
    Ok(tokens)
}

fn sign(c: char) -> Option<TokenKind> {
    Some(match c {
        '+' => TokenKind::Plus,
        '-' => TokenKind::Minus,
        '*' => TokenKind::Star,
        '/' => TokenKind::Slash,
        '(' => TokenKind::Open,
        ')' => TokenKind::Close,
        '=' => TokenKind::Equals,
        ';' => TokenKind::Separator,
        _ => return None,
    })
}

/// What people write, or paste from a formula, and what it is called here.
fn instead_of(c: char) -> Option<&'static str> {
    Some(match c {
        '^' => "**",
        '²' => "** 2",
        '³' => "** 3",
        '×' | '·' | '⋅' => "*",
        '÷' | ':' => "/",
        '−' | '–' => "-",
        '[' | '{' => "(",
        ']' | '}' => ")",
        ',' => "numbers with a point, like 0.5, and one argument per function",
        _ => return None,
    })
}

fn end_of(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    from + chars[from..].iter().take_while(|&&c| belongs(c)).count()
}

/// The end of digits, a point, digits, and an exponent if it has digits.
fn number_end(chars: &[char], from: usize) -> usize {
    let digits = |from: usize| end_of(chars, from, |c| c.is_ascii_digit());
    let mut end = digits(from);
    if chars.get(end) == Some(&'.') {
        end = digits(end + 1);
    }
    if matches!(chars.get(end), Some('e' | 'E')) {
        let first = end + 1 + usize::from(matches!(chars.get(end + 1), Some('+' | '-')));
        if chars.get(first).is_some_and(char::is_ascii_digit) {
            end = digits(first);
        }
    }
    end
}

fn number(chars: &[char]) -> Result<TokenKind, Problem> {
    let text: String = chars.iter().collect();
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(TokenKind::Number(number)),
        Ok(_) => Err(Problem::NumberTooLarge { text: shortened(&text) }),
        Err(_) => Err(Problem::UnknownCharacter { found: '.', instead: Some("a digit beside it, like 0.5") }),
    }
}

fn shortened(text: &str) -> String {
    if text.len() <= 24 { text.to_string() } else { format!("{}…", &text[..24]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<TokenKind> {
        tokens(source).expect("it can be read").into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn numbers_are_pythons() {
        for (text, number) in [("0", 0.0), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e-3", 1e-3), ("2E+2", 200.0)] {
            assert_eq!(kinds(text), [TokenKind::Number(number), TokenKind::End], "{text}");
        }
        assert_eq!(kinds("2e")[1], TokenKind::Name("e".into()));
        assert!(matches!(tokens("1e999").expect_err("too large").problem, Problem::NumberTooLarge { .. }));
        assert!(matches!(tokens("1 + .").expect_err("no digit").problem, Problem::UnknownCharacter { found: '.', .. }));
    }

    #[test]
    fn lines_end_outside_parentheses_only() {
        let separators = |source| kinds(source).iter().filter(|&kind| *kind == TokenKind::Separator).count();
        assert_eq!(separators("a\nb; c"), 2);
        assert_eq!(separators("(a\n+ b)\n"), 1);
        assert_eq!(separators("a # 1; 2 (é\nb # end"), 1);
    }

    #[test]
    fn places_count_characters() {
        let error = tokens("a + # é\n 2 × b").expect_err("not a sign of ours");
        assert_eq!((error.line, error.column, error.span.start), (2, 4, 11));
        assert!(error.to_string().ends_with("write *"), "{error}");
    }
}
