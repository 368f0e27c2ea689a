//! S0's interface as its clients meet it: every route, every field, and what is wrong with a question.
//!
//! Why against the golden file: S0's conditioning was wrong and nobody could see it. Ours is held against CPython, and
//! against the lab's own explanation of the same prediction.

#![expect(clippy::unwrap_used, reason = "a test whose server does not answer has failed")]

use glassgpt_core::{Preset, Random, Sampling, Setup};
use glassgpt_lab::Library;
use glassgpt_lab::engine::{Engine, EngineKind};
use glassgpt_lab::explain::Explanation;
use serde_json::{Value, json};

use glassgpt_server::ServerOptions;

use crate::client::{Server, options};

const GOLDEN: &str = include_str!("../../../glassgpt-core/golden/startups-startups.txt");

async fn server() -> Server {
    Server::start().await
}

/// What a stream told, in order.
async fn stream(server: &Server, query: &str) -> Vec<Value> {
    let answer = server.get(&format!("/generate/stream?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.to_lowercase().contains("content-type: text/event-stream"), "{}", answer.head);
    let data = answer.body.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|json| serde_json::from_str(json).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_model_writes_what_python_wrote() {
    let server = server().await;
    let golden: Vec<&str> = (1..=12)
        .map(|n| {
            let prefix = format!("sample {n} '");
            GOLDEN.lines().find_map(|line| line.strip_prefix(&prefix)?.strip_suffix('\'')).unwrap()
        })
        .collect();
    let first = server.get("/generate").await.json();
    assert_eq!(first, json!({ "prefix": "", "temperature": 0.5, "results": golden[..5] }));
    let next = server.get("/generate?count=7&temperature=0.5&prefix=").await.json();
    assert_eq!(next["results"], json!(golden[5..]), "the next request goes on where the first stopped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prefix_is_read_after_bos() {
    let corpus = Library::embedded().get("startups").unwrap();
    let setup = Setup::new(Preset::Startups.config(), &corpus).unwrap();
    let mut engine = Engine::new(EngineKind::Fused, setup);
    for _ in 0..Preset::Startups.config().steps {
        engine.step();
    }
    let Setup { plan, params, tokenizer, .. } = engine.setup().clone();
    let server = server().await;
    for temperature in [1.0, 0.4] {
        let sampling = Sampling { temperature, ..Sampling::default() };
        let expected =
            Explanation::new(&plan, &params, &tokenizer, "zep", sampling, &mut Random::new(1)).unwrap().draw.weights;
        let told = stream(&server, &format!("prefix=zep&temperature={temperature}")).await;
        let probs = told[0]["probs"].as_array().unwrap();
        assert_eq!(probs.len(), expected.len());
        for (token, (prob, expected)) in probs.iter().zip(expected).enumerate() {
            assert_eq!(prob["char"], tokenizer.label(token as u32));
            assert_eq!(prob["prob"].as_f64().unwrap(), format!("{:.2}", expected * 100.0).parse::<f64>().unwrap());
        }
    }
    let results = server.get("/generate?prefix=zep&count=20&temperature=1.5").await.json();
    assert!(results["results"].as_array().unwrap().iter().all(|name| name.as_str().unwrap().starts_with("zep")));
    let greedy = server.get("/generate?prefix=zep&count=3&temperature=0").await.json();
    assert_eq!((&greedy["results"][0], &greedy["results"][1]), (&greedy["results"][2], &greedy["results"][2]));
    assert_eq!(stream(&server, "prefix=zep&temperature=0").await.last().unwrap()["result"], greedy["results"][0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_tells_every_draw() {
    let server = server().await;
    for (query, prefix) in
        [("", ""), ("prefix=snap&temperature=1.5", "snap"), ("prefix=abcdefghijklmno", "abcdefghijklmno")]
    {
        let mut told = stream(&server, query).await;
        let done = told.pop().unwrap();
        let mut word = prefix.to_string();
        let mut draws = told.chunks(2);
        for draw in &mut draws {
            assert_eq!(draw[0]["type"], "probs");
            let probs = draw[0]["probs"].as_array().unwrap();
            assert_eq!((probs.len(), &probs[0]["char"], &probs[26]["char"]), (27, &"a".into(), &"BOS".into()));
            let sum: f64 = probs.iter().map(|prob| prob["prob"].as_f64().unwrap()).sum();
            assert!((sum - 100.0).abs() < 0.2, "{sum}");
            let Some(came) = draw.get(1) else { break };
            word.push_str(came["char"].as_str().unwrap());
            assert_eq!(*came, json!({ "type": "char", "char": came["char"], "word": word }));
        }
        assert_eq!(draws.len(), 0, "nothing comes after BOS");
        assert_eq!(done, json!({ "type": "done", "result": word }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vocabulary_is_told() {
    let server = server().await;
    let letters: Vec<String> = ('a'..='z').map(String::from).collect();
    let vocab = server.get("/vocab").await;
    assert_eq!((vocab.status, vocab.json()), (200, json!({ "unique_chars": letters, "vocab_size": 27, "BOS": 26 })));
    let tokens = server.get("/tokenize?text=zE%C3%A9p").await.json();
    let token = |char: &str, id: Option<u32>| json!({ "char": char, "id": id });
    let expected = [token("z", Some(25)), token("e", Some(4)), token("é", None), token("p", Some(15))];
    assert_eq!(tokens, json!({ "text": "zeép", "tokens": expected }));
    let snap = server.get("/tokenize?text=Snap").await.json();
    assert_eq!((&snap["text"], &snap["tokens"][0]), (&"snap".into(), &token("s", Some(18))), "as S0 reads it");
    assert_eq!(server.get("/tokenize").await.json(), json!({ "text": "", "tokens": [] }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_named() {
    let server = server().await;
    for route in ["/generate", "/generate/stream"] {
        let ask = async |query: &str| server.get(&format!("{route}?{query}")).await;
        ask("prefix=ze9%C3%A9").await.refuses(400, Some("prefix"), "'9' (U+0039), 'é' (U+00E9)");
        ask("prefix=abcdefghijklmnop").await.refuses(400, Some("prefix"), "at most 15");
        for temperature in ["hot", "-0.1", "2.1", "NaN", "inf", ""] {
            ask(&format!("temperature={temperature}")).await.refuses(400, Some("temperature"), "from 0 to 2");
        }
        ask("prefix=a&prefix=b").await.refuses(400, Some("query"), "duplicate");
        server.post(route, "").await.refuses(405, None, "POST");
    }
    for count in ["0", "101", "-1", "1.5", "many"] {
        let answer = server.get(&format!("/generate?count={count}")).await;
        answer.refuses(400, Some("count"), "from 1 to 100");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_that_s0_does_not_know_are_ignored() {
    let server = server().await;
    let of = async |path: &str| server.get(path).await.json();
    let plain = of("/generate?temperature=0").await;
    assert_eq!(of("/generate?foo=1&temperature=0&size=x").await, plain);
    assert_eq!(of("/tokenize?word=zep&text=a").await, of("/tokenize?text=a").await);
    assert_eq!(of("/vocab?foo=1").await, of("/vocab").await);
    let told = stream(&server, "count=2&foo&temperature=0").await;
    assert_eq!(told.last().unwrap()["result"], plain["results"][0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_model_is_trained_once_for_all_who_ask_at_once() {
    let server = server().await;
    let ask = async || server.get("/generate?temperature=0").await.json()["results"][0].clone();
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    assert!(a == b && b == c && a.is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_there_only_where_it_was_asked_for() {
    let server = Server::with(ServerOptions { compat: false, ..options() }).await;
    // Without the flag, `/generate` leads to the page of that name, if one was built.
    for path in ["/generate/stream", "/tokenize", "/vocab"] {
        server.get(path).await.refuses(404, None, path);
    }
}
