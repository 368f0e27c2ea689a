//! Edit distance: how many characters must be put in, taken out or replaced to make one text of another.
//!
//! Why with bits: a column of the table of distances changes by −1, 0 or 1 from row to row, so 64 rows fit into two words and a
//! document costs an operation or two a character (Myers 1999, in the form of Hyyrö 2003). A page asks about twenty texts
//! and thousands of documents while it draws.

use glassgpt_core::TokenId;

/// Rows in a word.
const ROWS: usize = 64;

/// A text that others are compared with.
pub(super) struct Pattern {
    len: usize,
    words: usize,
    /// For each token, a bit for every place of the text at which it stands; `words` words a token.
    places: Vec<u64>,
    /// Which rows lie one above, and which one below, the row before them.
    up: Vec<u64>,
    down: Vec<u64>,
}

impl Pattern {
    /// Of a text of tokens below `vocab_size`.
    pub(super) fn new(text: &[TokenId], vocab_size: usize) -> Self {
        let words = text.len().div_ceil(ROWS);
        let mut places = vec![0; vocab_size * words];
        for (place, &token) in text.iter().enumerate() {
            places[token as usize * words + place / ROWS] |= 1 << (place % ROWS);
        }
        Self { len: text.len(), words, places, up: vec![0; words], down: vec![0; words] }
    }

    /// The distance to another text, if it is below `limit`.
    pub(super) fn distance_below(&mut self, limit: usize, other: &[TokenId]) -> Option<usize> {
        if self.len.abs_diff(other.len()) >= limit {
            return None; // each character too many costs one
        }
        if self.len == 0 {
            return Some(other.len());
        }
        self.up.fill(u64::MAX);
        self.down.fill(0);
        let mut distance = self.len;
        for (i, &token) in other.iter().enumerate() {
            distance = distance.wrapping_add_signed(self.read(token));
            // Each character to come can bring the texts nearer by one.
            if distance >= limit + (other.len() - 1 - i) {
                return None;
            }
        }
        Some(distance)
    }

    /// One more character of the other text: how the last row changes.
    fn read(&mut self, token: TokenId) -> isize {
        let places = &self.places[token as usize * self.words..][..self.words];
        let last = 1 << ((self.len - 1) % ROWS);
        // What the row above a word changes by; the first row is the distance to nothing, so it grows.
        let (mut from_up, mut from_down) = (1u64, 0u64);
        let mut change = 0;
        for (word, &equal) in places.iter().enumerate() {
            let (up, down) = (self.up[word], self.down[word]);
            let vertical = equal | down;
            let reachable = equal | from_down;
            let diagonal = ((reachable & up).wrapping_add(up) ^ up) | reachable;
            let rises = down | !(diagonal | up);
            let falls = up & diagonal;
            if word + 1 == self.words {
                change = isize::from(rises & last != 0) - isize::from(falls & last != 0);
            }
            let [next_up, next_down] = [rises >> (ROWS - 1), falls >> (ROWS - 1)];
            let (rises, falls) = (rises << 1 | from_up, falls << 1 | from_down);
            self.up[word] = falls | !(vertical | rises);
            self.down[word] = rises & vertical;
            (from_up, from_down) = (next_up, next_down);
        }
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The whole table, as in every textbook.
    fn slow(a: &[TokenId], b: &[TokenId]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut before = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let replaced = before + usize::from(x != y);
                before = row[j + 1];
                row[j + 1] = replaced.min(row[j] + 1).min(before + 1);
            }
        }
        row[b.len()]
    }

    fn letters(text: &str) -> Vec<TokenId> {
        text.bytes().map(TokenId::from).collect()
    }

    #[test]
    fn words_are_as_far_apart_as_everybody_knows() {
        for (a, b, expected) in
            [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("", "", 0), ("emma", "gemma", 1)]
        {
            assert_eq!(Pattern::new(&letters(a), 256).distance_below(9, &letters(b)), Some(expected), "{a} {b}");
        }
    }

    fn text() -> impl Strategy<Value = Vec<TokenId>> {
        // Around one and two words of rows, and short ones.
        prop_oneof![prop::collection::vec(0u32..3, 0..12), prop::collection::vec(0u32..3, 60..200)]
    }

    proptest! {
        #[test]
        fn the_table_says_the_same(a in text(), b in text(), limit in 0usize..220) {
            let expected = slow(&a, &b);
            let mut pattern = Pattern::new(&a, 3);
            prop_assert_eq!(pattern.distance_below(usize::MAX / 2, &b), Some(expected));
            prop_assert_eq!(pattern.distance_below(limit, &b), (expected < limit).then_some(expected));
        }
    }
}
