//! The commands that only tell: `verify`, `data`, `info`.

use crate::support::{Folder, Run, bad, command, good, original_names};

#[test]
fn verify_passes_with_the_fast_engine() {
    let run = good(&["verify", "--engine", "fused"]);
    assert!(run.stdout.contains("runs are the same to the last bit."), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
    let events = good(&["verify", "--engine", "fused", "--json"]).json();
    let summary = events.last().unwrap();
    assert_eq!((&summary["type"], &summary["ok"], &summary["differing"]), (&"summary".into(), &true.into(), &0.into()));
    assert_eq!(summary["runs"], events.len() - 1);
    assert_eq!(events[0]["run"], "blog-names");
}

#[test]
fn data_is_counted() {
    let list = good(&["data", "list"]).stdout;
    for name in ["names", "startups", "dinosaurs", "words", "karpathy"] {
        assert!(list.contains(name));
    }
    assert!(list.contains("`data fetch karpathy` fetches it"));
    let folder = Folder::new("data");
    let file = folder.file("three.txt");
    std::fs::write(&file, "ab\nab\nc\n").unwrap();
    let it = &good(&["data", "show", &file, "--json"]).json()[0];
    assert_eq!((&it["documents"], &it["unique"], &it["vocab_size"]), (&3.into(), &2.into(), &4.into()));
    assert_eq!(it["lengths"], serde_json::json!({"1": 1, "2": 2}));
    assert_eq!(it["letters"], serde_json::json!({"a": 2, "b": 2, "c": 1}));
    assert!(good(&["data", "show", "names"]).stdout.lines().all(|line| line.chars().count() <= 80));
    if let Some(names) = original_names() {
        let it = &good(&["data", "show", names, "--json"]).json()[0];
        assert_eq!((&it["documents"], &it["vocab_size"]), (&32033.into(), &27.into()));
    }
}

#[test]
fn info_names_the_machine() {
    let info = &good(&["info", "--json"]).json()[0];
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(info["libm"].as_array().unwrap().len(), 5);
    assert_eq!(info["karpathy_fetched"], false);
    let backends = info["backends"].as_array().unwrap();
    assert_eq!((&backends[0], backends.last().unwrap()), (&info["backend"], &"portable".into()));
    let text = good(&["info"]).stdout;
    assert!(text.contains(info["backend"].as_str().unwrap()));
    assert!(text.contains(if info["filter"] == true { "on: exp and pow" } else { "off, because" }), "{text}");
}

/// Fetches from `url` into `home`.
fn fetch(home: &Folder, url: &str) -> Run {
    let mut command = command(&["data", "fetch", "karpathy", "--url", url]);
    command.env("XDG_DATA_HOME", home.path()).env_remove("http_proxy").env_remove("HTTP_PROXY").env_remove("ALL_PROXY");
    command.output().expect("it starts").into()
}

/// Answers one request with `body`.
fn serve(body: Vec<u8>) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/names.txt", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        assert!(stream.read(&mut [0; 4096]).expect("a request") > 0);
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).ok();
        stream.write_all(&body).ok();
    });
    url
}

#[test]
fn the_original_names_are_fetched_and_used() {
    let Some(names) = original_names() else { return };
    let home = Folder::new("fetch");
    let run = fetch(&home, &serve(std::fs::read(names).unwrap()));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut train = command(&["train", "--corpus", "karpathy", "--json"]);
    let run: Run = train.env("XDG_DATA_HOME", home.path()).output().unwrap().into();
    let hash = "eb45112c845c28a8aaa286d20c6f0db498088a9689ba9ff7ad0dc5ddeb4342de";
    assert_eq!(run.json().last().unwrap()["params_sha256"], hash);
    let run = fetch(&home, "http://127.0.0.1:9/not-asked");
    assert!(run.code == 0 && run.stderr.contains("there already"), "{}", run.stderr);
}

#[test]
fn a_wrong_file_is_refused() {
    let home = Folder::new("wrong");
    let run = fetch(&home, &serve(vec![b'x'; 228_145]));
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("SHA-256"), "{}", run.stderr);
}

#[test]
fn offline_is_said_in_plain_words() {
    let home = Folder::new("offline");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run = fetch(&home, &format!("http://127.0.0.1:{port}/names.txt"));
    assert_eq!(run.code, 4);
    assert!(run.stderr.starts_with("error: cannot reach 127.0.0.1"), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1);
    assert!(bad(2, &["data", "fetch", "tinystories"]).contains("karpathy"));
}
