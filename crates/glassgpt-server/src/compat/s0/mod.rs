//! S0's interface: one model of startup names, asked to write, to count its vocabulary and to show what it thinks of next.
//!
//! The modules in reading order: the routes (here), what is asked (`query`), and the model (`startups`).
//!
//! Why trained here: S0 carries a file of weights. Training takes less time than such a file would take to explain, so the
//! model is made when it is first asked for, and kept.

mod query;
mod startups;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::{Stream, stream};
use serde::Serialize;

use crate::app::App;
use crate::error::ApiError;
use query::{Checked, GenerateQuery, StreamQuery, TokenizeQuery};
use startups::Written;

pub(crate) use startups::Startups;

type Shared = State<Arc<App>>;

/// All of them.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/generate", get(generate))
        .route("/generate/stream", get(generate_stream))
        .route("/tokenize", get(tokenize))
        .route("/vocab", get(vocab))
}

#[derive(Serialize)]
struct Generated {
    prefix: String,
    temperature: f64,
    results: Vec<String>,
}

/// `GET /generate?prefix&temperature&count`: some names that begin with the prefix.
async fn generate(State(app): Shared, Checked(query): Checked<GenerateQuery>) -> Result<Json<Generated>, ApiError> {
    let GenerateQuery { prefix, sampling, count } = query;
    let model = app.compat.startups.model(&app.library).await?;
    let written = model.write(prefix.clone(), sampling, count).await?;
    let results = written.into_iter().map(|written| written.result).collect();
    Ok(Json(Generated { prefix, temperature: sampling.temperature, results }))
}

#[derive(Serialize)]
struct Tokenized {
    text: String,
    tokens: Vec<CharToken>,
}

#[derive(Serialize)]
struct CharToken {
    char: char,
    /// Null if the model has never seen it.
    id: Option<u32>,
}

/// `GET /tokenize?text`: the token of each character of the text in lower case.
async fn tokenize(State(app): Shared, Checked(query): Checked<TokenizeQuery>) -> Result<Json<Tokenized>, ApiError> {
    let model = app.compat.startups.model(&app.library).await?;
    let token = |char| CharToken { char, id: model.token(char) };
    let text = query.text.to_lowercase();
    let tokens = text.chars().map(token).collect();
    Ok(Json(Tokenized { text, tokens }))
}

#[derive(Serialize)]
struct Vocab {
    unique_chars: Vec<char>,
    vocab_size: usize,
    #[serde(rename = "BOS")]
    bos: u32,
}

/// `GET /vocab`: the characters that the model knows, in token order.
async fn vocab(State(app): Shared) -> Result<Json<Vocab>, ApiError> {
    let model = app.compat.startups.model(&app.library).await?;
    let tokenizer = model.tokenizer();
    Ok(Json(Vocab {
        unique_chars: tokenizer.chars().to_vec(),
        vocab_size: tokenizer.vocab_size(),
        bos: tokenizer.bos(),
    }))
}

/// What the stream tells.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Told {
    /// What may come next, before it is drawn.
    Probs { probs: Vec<CharProb> },
    /// What came.
    Char { char: char, word: String },
    /// The whole name.
    Done { result: String },
}

#[derive(Serialize)]
struct CharProb {
    char: String,
    /// In percent, with two decimals.
    prob: f64,
}

/// `GET /generate/stream?prefix&temperature`: one name, with the probabilities from which each of its characters was drawn.
async fn generate_stream(
    State(app): Shared,
    Checked(query): Checked<StreamQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let model = app.compat.startups.model(&app.library).await?;
    let written = model.write(query.prefix.clone(), query.sampling, 1).await?;
    let labels = |weights: Vec<f64>| {
        let percent = |weight: f64| (weight * 10_000.0).round() / 100.0;
        let of_token = |(token, weight)| CharProb { char: model.tokenizer().label(token), prob: percent(weight) };
        (0..).zip(weights).map(of_token).collect()
    };
    let mut told = Vec::new();
    for Written { result, draws } in written {
        let mut word = query.prefix.clone();
        for draw in draws {
            told.push(Told::Probs { probs: labels(draw.weights) });
            if let Some(char) = draw.char {
                word.push(char);
                told.push(Told::Char { char, word: word.clone() });
            }
        }
        told.push(Told::Done { result });
    }
    let event = |told: Told| {
        Ok(Event::default().data(serde_json::to_string(&told).expect("plain data always has a JSON form")))
    };
    Ok(Sse::new(stream::iter(told.into_iter().map(event))))
}
