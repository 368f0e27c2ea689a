//! Messages of a client, one a line, to one small session; a line with a number on it trains so many steps.
//!
//! Why several: most of what can go wrong with a command depends on what was done before it.

use glassgpt_lab::journal::{Entry, Journal, Note, Replay};
use glassgpt_lab::protocol::{ClientMessage, Command, Refusal};
use glassgpt_lab::trace::Trace;
use glassgpt_lab::{Origin, Question, Session, wire_json};

use crate::again::{json, print};
use crate::small;

/// The most lines looked at.
const LINES: usize = 16;
/// The most steps trained by one line.
const STEPS: u32 = 30;

/// Says every line to a session that was just set up, as the server would.
///
/// # Panics
/// If a refusal or a question changed something, if a message or what came of it does not read back as it was printed, or if
/// the session cannot be had again from what was written down of it.
pub fn command(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut kept = Kept::new();
    for line in text.lines().take(LINES) {
        match line.parse::<u32>() {
            Ok(steps) => kept.advance(steps.min(STEPS)),
            Err(_) => kept.hear(line),
        }
    }
    kept.check_journal();
    check_trace(&kept.session);
}

/// A session with everything that is written down of it.
struct Kept {
    session: Session,
    journal: Journal,
    origin: Origin,
    entries: Vec<Entry>,
}

impl Kept {
    fn new() -> Self {
        let session = small::session();
        Self { origin: session.origin(), session, journal: Journal::default(), entries: Vec::new() }
    }

    fn hear(&mut self, line: &str) {
        let Some(message) = read(line) else { return };
        json(&message);
        if let Some(question) = message.question.filter(is_quickly_answered) {
            self.ask(&question);
        }
        if let Some(command) = message.command {
            self.obey(command);
        }
    }

    fn ask(&self, question: &Question) {
        let before = look(&self.session);
        if let Ok(answer) = self.session.ask(question) {
            print(&answer);
        }
        assert_eq!(look(&self.session), before, "a question changed something: {question:?}");
    }

    fn obey(&mut self, command: Command) {
        match &command {
            Command::Start { spec } if !small::is_small(spec) => {
                if small::is_quickly_read(&spec.corpus) {
                    self.ask(&Question::Plan { spec: spec.clone() });
                }
                return;
            }
            Command::Import { trace } if !small::is_short(trace) => return,
            _ => {}
        }
        let before = look(&self.session);
        match self.session.apply(command.clone()) {
            Ok(events) => {
                events.iter().for_each(|event| drop(json(event)));
                match self.journal.note_command(&command, &self.session) {
                    Note::Origin(origin) => {
                        self.origin = *origin;
                        self.entries.clear();
                    }
                    Note::Entry { advanced } => self.entries.push(Entry { advanced, command }),
                }
            }
            Err(refusal) => {
                json(&refusal);
                assert!(!refusal.message.is_empty(), "a refusal says why");
                assert_eq!(look(&self.session), before, "{command:?} was refused ({refusal}) and changed something");
            }
        }
    }

    fn advance(&mut self, steps: u32) {
        let before = self.session.steps_done();
        let events = self.session.advance(steps);
        if !events.is_empty() {
            events.iter().for_each(|event| drop(json(event)));
            self.journal.note_advance(before, &self.session);
        }
    }

    /// The session had again through its journal, in other slices, is the same.
    fn check_journal(&self) {
        let written = print(&(&self.origin, &self.entries));
        let (origin, entries) = serde_json::from_str(&written).expect("what was written can be read");
        let (mut session, mut replay) =
            Replay::new(origin, entries, self.journal.advanced(), small::library()).expect("it was set up before");
        while !replay.go_on(&mut session, 2).expect("what was carried out once") {}
        let [mut then, mut now] = [self.session.snapshot(), session.snapshot()];
        (then.seq, now.seq) = (0, 0);
        assert_eq!(json(&now), json(&then), "the session had again from {written} is another one");
    }
}

/// Reads a message as the server does.
fn read(line: &str) -> Option<ClientMessage> {
    let message = wire_json::read(line.as_bytes(), parse).ok()?;
    if let Ok(plainly) = serde_json::from_str::<ClientMessage>(line) {
        assert_eq!(print(&message), print(&plainly), "writing whole numbers as such changes what is read");
    }
    let again = wire_json::read(print(&message).as_bytes(), parse);
    assert_eq!(again.as_ref().map(print), Ok(print(&message)), "what we write ourselves is not understood");
    Some(message)
}

fn parse(json: &[u8]) -> Result<ClientMessage, Refusal> {
    let plainly = serde_json::from_slice::<ClientMessage>(json);
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let tracked = serde_path_to_error::deserialize::<_, ClientMessage>(&mut deserializer).ok();
    let tracked = tracked.filter(|_| deserializer.end().is_ok());
    let same = tracked.as_ref().map(print) == plainly.as_ref().ok().map(print);
    assert!(same, "watching the path reads something else: {tracked:?}, {plainly:?}");
    plainly.map_err(|error| Refusal::general(error.to_string()))
}

/// Whether a question is not about one of the large corpora.
fn is_quickly_answered(question: &Question) -> bool {
    match question {
        Question::Plan { spec } => small::is_quickly_read(&spec.corpus),
        Question::Corpus { source, .. } => small::is_quickly_read(source),
        _ => true,
    }
}

/// All that can be seen of a session.
fn look(session: &Session) -> String {
    json(&session.snapshot()) + &print(&session.origin()) + &print(&session.export())
}

/// What a session gives away of itself can be read, and comes true.
fn check_trace(session: &Session) {
    let text = session.export().to_json();
    let trace = Trace::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(trace.to_json(), text);
    let (_, report) = Session::import(&trace, small::library()).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(report.reproduced, "{report:?} of {text}");
}
