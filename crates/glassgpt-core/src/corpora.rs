//! The corpora that travel inside the program, so that it works at once and offline.
//!
//! Why our own: they were written for glassgpt, so anyone may use them. The original names can be fetched in addition.

/// A corpus built into the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// The name it goes by.
    pub name: &'static str,
    /// What is in it, in one phrase.
    pub about: &'static str,
    /// One document a line.
    pub text: &'static str,
}

/// All of them, the default first.
pub const EMBEDDED: [Embedded; 4] = [
    Embedded { name: "names", about: "given names from many cultures", text: include_str!("../corpora/names.txt") },
    Embedded { name: "startups", about: "Indian startups", text: include_str!("../corpora/startups.txt") },
    Embedded { name: "dinosaurs", about: "dinosaur genera", text: include_str!("../corpora/dinosaurs.txt") },
    Embedded { name: "words", about: "short English words", text: include_str!("../corpora/words.txt") },
];

/// The embedded corpus called `name`.
#[must_use]
pub fn embedded(name: &str) -> Option<&'static Embedded> {
    EMBEDDED.iter().find(|corpus| corpus.name == name)
}
