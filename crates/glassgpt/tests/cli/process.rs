//! Ctrl-C, closed pipes, and the lab as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::support::{Folder, Run, command};

/// Starts it and waits for its first line on standard output.
fn start(args: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, String) {
    let mut child = command(args).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("UTF-8");
    (child, stdout, line)
}

/// Presses Ctrl-C and expects the end within a second.
fn interrupt(mut child: Child) {
    let pressed = Instant::now();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(kill.success());
    let status = child.wait().expect("it runs");
    assert_eq!(status.code(), Some(130));
    assert!(pressed.elapsed() < Duration::from_secs(1), "{:?}", pressed.elapsed());
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

#[test]
fn the_lab_listens_answers_and_stops() {
    let (child, _stdout, line) = start(&["lab", "--port", "0", "--no-open"]);
    let url = line.trim().strip_prefix("glassgpt lab: http://").and_then(|url| url.strip_suffix('/'));
    let address = url.unwrap_or_else(|| panic!("{line}")).to_string();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
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
        let (child, _stdout, line) = start(&[&["lab", "--port", "0", "--no-open"], args].concat());
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
