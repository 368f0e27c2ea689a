//! Ctrl-C, closed pipes, and the lab as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::Duration;

use crate::support::{Folder, Run, command};

/// Starts it and waits for its first line on standard output.
fn start(args: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, String) {
    let mut child = command(args).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("UTF-8");
    (child, stdout, line)
}

/// Presses Ctrl-C and waits for the end.
fn interrupt(mut child: Child) {
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(kill.success());
    let status = child.wait().expect("it runs");
    assert_eq!(status.code(), Some(130));
}

#[test]
fn ctrl_c_stops_training_between_two_steps() {
    for engine in ["fused", "scalar"] {
        let folder = Folder::new(&format!("ctrl-c-{engine}"));
        let out = folder.file("model.json");
        let args = ["train", "--steps", "10000000", "--engine", engine, "--json", "--out", &out];
        let (child, mut stdout, first) = start(&args);
        assert!(first.starts_with("{\"type\":\"started\""));
        let rest = std::thread::spawn(move || {
            let mut rest = String::new();
            stdout.read_to_string(&mut rest).unwrap();
            rest
        });
        std::thread::sleep(Duration::from_millis(50));
        interrupt(child);
        let rest = rest.join().unwrap();
        assert!(rest.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "no half lines");
        assert!(folder.names().is_empty());
    }
}

#[test]
fn ctrl_c_stops_an_export() {
    let folder = Folder::new("ctrl-c-export");
    let out = folder.file("trace.json");
    let large = ["--n-embd", "128", "--n-layer", "4", "--steps", "20000"];
    let child = command(&[&["export", "trace", "--out", &out], &large[..]].concat()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(100));
    interrupt(child);
    assert!(folder.names().is_empty());
}

#[test]
fn ctrl_c_ends_what_cannot_ask() {
    // One step of this model takes long.
    let args = ["train", "--n-embd", "512", "--n-layer", "6", "--n-head", "1", "--block-size", "1024", "--json"];
    let folder = Folder::new("ctrl-c-slow");
    let corpus = folder.file("long.txt");
    std::fs::write(&corpus, "abcdefgh".repeat(200)).unwrap();
    let (child, _stdout, _) = start(&[&args[..], &["--corpus", &corpus]].concat());
    std::thread::sleep(Duration::from_millis(50));
    interrupt(child);

    // A server that never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/names.txt", listener.local_addr().unwrap());
    let mut fetch = command(&["data", "fetch", "karpathy", "--url", &url]);
    let child = fetch.env("XDG_DATA_HOME", folder.path()).env_remove("http_proxy").spawn().unwrap();
    let _held = listener.accept().unwrap();
    interrupt(child);
}

#[test]
fn a_closed_pipe_is_success() {
    for args in [&["train", "--steps", "10000000", "--json"][..], &["generate", "--steps", "10", "-n", "1000000"]] {
        let (mut child, stdout, first) = start(args);
        assert!(!first.is_empty());
        drop(stdout);
        assert_eq!(child.wait().unwrap().code(), Some(0));
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(!said.contains("error") && !said.contains("panicked"), "{said}");
    }
    for args in [
        &["completions", "bash"][..],
        &["--help"],
        &["verify", "--engine", "fused"],
        &["data", "show", "names"],
        &["read", "wte", "--full", "--steps", "5"],
        &["read", "wte", "--json", "--steps", "5"],
    ] {
        let mut child = command(args).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
    }
}

/// A lab on a free port with a store of its own; with it the address that it prints.
fn lab(folder: &Folder, args: &[&str]) -> (Child, String) {
    let store = folder.file("sessions.sqlite");
    let (child, _stdout, line) = start(&[&["lab", "--port", "0", "--no-open", "--store", &store], args].concat());
    let url = line.trim().strip_prefix("glassgpt lab: http://").expect("the address");
    (child, url.to_string())
}

/// Status and body of an answer.
fn http(address: &str, request: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head =
        format!("{request} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all((head + body).as_bytes()).expect("it takes the request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer in UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.expect("a status"), body.to_string())
}

#[test]
fn a_killed_lab_comes_back_with_every_acknowledged_step() {
    let folder = Folder::new("killed-lab");
    let (mut child, url) = lab(&folder, &["--compat"]);
    let address = url.trim_end_matches('/').to_string();
    let (status, body) = http(&address, "POST /api/session/start", r#"{"num_steps": 400}"#);
    assert_eq!(status, 200, "{body}");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let id = body["session_id"].as_str().unwrap();
    let (path, ours) = (format!("/api/session/{id}"), format!("/api/v1/sessions/{id}"));
    let mut losses = Vec::new();
    let mut address = address;
    for round in 0..5 {
        for _ in 0..=round {
            let (status, body) = http(&address, &format!("POST {path}/step"), "");
            assert_eq!(status, 200, "{body}");
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            losses.push(body["loss"].as_f64().unwrap());
        }
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        let (again, url) = lab(&folder, &["--compat"]);
        (child, address) = (again, url.trim_end_matches('/').to_string());
        let (status, body) = http(&address, &format!("GET {ours}/snapshot"), "");
        assert_eq!(status, 200, "{body}");
        let snapshot: serde_json::Value = serde_json::from_str(&body).unwrap();
        let back: Vec<f64> =
            snapshot["records"].as_array().unwrap().iter().map(|record| record["loss"].as_f64().unwrap()).collect();
        assert_eq!(back, losses, "round {round}");
    }
    interrupt(child);
}

#[test]
fn the_lab_begins_with_the_experiment_it_is_given() {
    let folder = Folder::new("lab-usual");
    let corpus = folder.file("animals.txt");
    std::fs::write(&corpus, "ant\nbee\ncat\n").unwrap();
    let (child, url) = lab(&folder, &["--corpus", &corpus, "--preset", "gist", "--steps", "30", "--seed", "5"]);
    let (_, body) = http(url.trim_end_matches('/'), "GET /api/v1/catalog", "");
    let catalog: serde_json::Value = serde_json::from_str(&body).unwrap();
    let usual = &catalog["usual"];
    assert_eq!(
        (&usual["corpus"], &usual["config"]["steps"], &usual["config"]["seed"]),
        (&"animals.txt".into(), &30.into(), &5.into())
    );
    assert_eq!(usual["config"]["block_size"], 8);
    assert!(catalog["corpora"].as_array().unwrap().iter().any(|entry| entry["name"] == "animals.txt"));
    interrupt(child);
    let run: Run = command(&["lab", "--no-open", "--store", ":memory:", "--n-embd", "500"]).output().unwrap().into();
    assert!(run.stderr.contains("--n-embd"), "{}", run.stderr);
}

#[test]
fn a_lab_that_others_can_reach_asks_for_a_token() {
    let folder = Folder::new("lab-token");
    let (child, url) = lab(&folder, &["--host", "0.0.0.0"]);
    let (address, token) = url.split_once("/?token=").expect("a token was made up");
    assert!(token.len() >= 32, "{token}");
    assert_eq!(http(address, "GET /api/v1/catalog", "").0, 401);
    assert_eq!(http(address, &format!("GET /?token={token}"), "").0, 303);
    interrupt(child);
    for bad in ["short", "with spaces and more", "sixteen-but-ünsafe"] {
        let run: Run = command(&["lab", "--no-open", "--store", ":memory:", "--token", bad]).output().unwrap().into();
        assert!(run.stderr.contains("a token has 16 to 128"), "{}", run.stderr);
    }
}

/// A stand-in for the desktop's program that opens addresses: it writes down what it was started with.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_not_started_with_the_token() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("lab-browser");
    let (bin, data, opened) = (folder.file("bin"), folder.file("data"), folder.file("opened"));
    std::fs::create_dir(&bin).unwrap();
    let script = format!("#!/bin/sh\nprintf '%s' \"$*\" > {opened}.part && mv {opened}.part {opened}\n");
    let opener = format!("{bin}/xdg-open");
    std::fs::write(&opener, script).unwrap();
    std::fs::set_permissions(&opener, PermissionsExt::from_mode(0o755)).unwrap();
    let token = "a-token-of-some-length";
    let mut lab = command(&["lab", "--port", "0", "--store", ":memory:"]);
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
    lab.env("PATH", path).env("DISPLAY", ":0").env("XDG_DATA_HOME", &data).env("GLASSGPT_TOKEN", token);
    let mut child = lab.spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let url = url.trim().strip_prefix("glassgpt lab: ").unwrap();
    let told = loop {
        if let Ok(told) = std::fs::read_to_string(&opened) {
            break told;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(!told.contains(token) && told.starts_with(&data), "{told}");
    assert!(std::fs::read_to_string(&told).unwrap().contains(&format!("url={url}\"")), "{url}");
    assert_eq!(std::fs::metadata(&told).unwrap().permissions().mode() & 0o777, 0o600);
    interrupt(child);
    assert!(!std::path::Path::new(&told).exists(), "it goes with the lab");
}

#[test]
fn a_store_that_cannot_be_used_is_refused_and_left_alone() {
    let folder = Folder::new("lab-store");
    let file = folder.file("notes.txt");
    std::fs::write(&file, "not a database").unwrap();
    let run: Run = command(&["lab", "--no-open", "--port", "0", "--store", &file]).output().unwrap().into();
    assert!(run.stderr.contains("is not a database") && run.stderr.contains("--store"), "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a database");
}

#[test]
fn the_lab_listens_answers_and_stops() {
    let (child, _stdout, line) = start(&["lab", "--port", "0", "--no-open", "--store", ":memory:"]);
    let url = line.trim().strip_prefix("glassgpt lab: http://").and_then(|url| url.strip_suffix('/'));
    let address = url.unwrap_or_else(|| panic!("{line}")).to_string();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET /api/v1/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let port = address.rsplit(':').next().unwrap();
    let second: Run = command(&["lab", "--port", port, "--no-open"]).output().unwrap().into();
    assert_eq!(second.code, 4);
    assert!(second.stderr.contains(port) && second.stderr.contains("--port 0"), "{}", second.stderr);
    interrupt(child);
}

#[test]
fn the_older_interfaces_are_served_on_request() {
    for (args, status) in [(&["--compat"][..], "HTTP/1.1 200"), (&[], "HTTP/1.1 404")] {
        let (child, _stdout, line) =
            start(&[&["lab", "--port", "0", "--no-open", "--store", ":memory:"], args].concat());
        let url = line.trim().strip_prefix("glassgpt lab: http://").and_then(|url| url.strip_suffix('/'));
        let address = url.unwrap_or_else(|| panic!("{line}"));
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /vocab HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(status), "{answer}");
        interrupt(child);
    }
}

#[test]
fn a_host_that_is_not_ours_is_refused() {
    let run: Run = command(&["lab", "--host", "192.0.2.1", "--no-open"]).output().unwrap().into();
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("0.0.0.0"), "{}", run.stderr);
}
