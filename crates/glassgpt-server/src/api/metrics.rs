//! Figures for whoever keeps the server running, in Prometheus' text format.
//!
//! Why by hand: it is ten lines of text without histograms, and a registry would be more than what it registers.

use std::fmt::{Display, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::app::App;

/// What only counts up. Each is on its own: nobody compares two of them to the unit.
#[derive(Default)]
pub(crate) struct Counters {
    commands_done: AtomicU64,
    commands_refused: AtomicU64,
    steps_trained: AtomicU64,
    steps_retrained: AtomicU64,
    /// Answers by the first digit of their status, from 1 to 5.
    answers: [AtomicU64; 5],
}

impl Counters {
    /// A command over this interface was carried out, or refused.
    pub(super) fn commanded(&self, done: bool) {
        let outcome = if done { &self.commands_done } else { &self.commands_refused };
        outcome.fetch_add(1, Ordering::Relaxed);
    }

    /// Some session trained some steps.
    pub(crate) fn trained(&self, steps: u32) {
        self.steps_trained.fetch_add(u64::from(steps), Ordering::Relaxed);
    }

    /// So many steps were trained in one request.
    pub(super) fn retrained(&self, steps: u32) {
        self.steps_retrained.fetch_add(u64::from(steps), Ordering::Relaxed);
    }

    /// A request was answered.
    pub(super) fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100);
        if let Some(count) = class.checked_sub(1).and_then(|class| self.answers.get(class)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How does the server fare? In Prometheus' text format.
#[utoipa::path(get, path = "/api/v1/metrics", operation_id = "get_metrics", tag = "server", responses(
    (status = OK, body = String, content_type = "text/plain; version=0.0.4"),
))]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], exposition(&app))
}

fn exposition(app: &App) -> String {
    let (desk, sessions) = (&app.desk, app.sessions.all());
    let counters = &desk.counters;
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let version = label(&desk.version);
    let commands = [("done", &counters.commands_done), ("refused", &counters.commands_refused)];
    let commands = commands.map(|(outcome, counter)| (format!(r#"{{outcome="{outcome}"}}"#), count(counter)));
    let answers = counters.answers.iter().zip(1..).map(|(counter, class)| {
        let labels = format!(r#"{{status="{class}xx"}}"#);
        (labels, count(counter))
    });
    let mut page = Page::default();
    page.figure("build_info", "gauge", "The program's version.", [(format!(r#"{{version="{version}"}}"#), 1)]);
    page.one("uptime_seconds", "gauge", "Time since the server began.", desk.began.elapsed().as_secs_f64());
    page.one("sessions", "gauge", "Sessions in memory.", sessions.len());
    let running = sessions.iter().filter(|session| session.glance().running).count();
    page.one("sessions_running", "gauge", "Those of them that train.", running);
    let clients: usize = sessions.iter().map(|session| session.clients()).sum();
    page.one("clients", "gauge", "Sockets that watch a session.", clients);
    page.one("sessions_waiting", "gauge", "Sessions that wait for a turn to train.", app.sessions.waiting());
    page.one("steps_total", "counter", "Steps trained by sessions.", count(&counters.steps_trained));
    let help = "Steps trained in one request.";
    page.one("retrained_steps_total", "counter", help, count(&counters.steps_retrained));
    page.figure("http_commands_total", "counter", "Commands over /api/v1, by outcome.", commands);
    page.figure("requests_total", "counter", "Requests answered, by class of status.", answers);
    page.0
}

/// The text, as far as it is written.
#[derive(Default)]
struct Page(String);

impl Page {
    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.figure(name, kind, help, [(String::new(), value)]);
    }

    fn figure<V: Display>(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        values: impl IntoIterator<Item = (String, V)>,
    ) {
        let mut say = |line: std::fmt::Arguments<'_>| {
            self.0.write_fmt(line).expect("a string takes everything");
            self.0.push('\n');
        };
        say(format_args!("# HELP glassgpt_{name} {help}"));
        say(format_args!("# TYPE glassgpt_{name} {kind}"));
        for (labels, value) in values {
            say(format_args!("glassgpt_{name}{labels} {value}"));
        }
    }
}

/// A text as it may stand between quotes.
fn label(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_help_a_type_and_a_line_for_each_value() {
        let mut page = Page::default();
        page.figure("answers_total", "counter", "Answers.", [(r#"{a="b"}"#.to_string(), 3)]);
        let text = "# HELP glassgpt_answers_total Answers.\n# TYPE glassgpt_answers_total counter\nglassgpt_answers_total{a=\"b\"} 3\n";
        assert_eq!(page.0, text);
        assert_eq!(label("a\"b\\c\n"), r#"a\"b\\c\n"#);
    }

    #[test]
    fn every_answer_is_counted_in_its_class() {
        let counters = Counters::default();
        for status in [StatusCode::OK, StatusCode::CREATED, StatusCode::NOT_FOUND] {
            counters.answered(status);
        }
        let answers = counters.answers.map(AtomicU64::into_inner);
        assert_eq!(answers, [0, 2, 0, 1, 0]);
    }
}
