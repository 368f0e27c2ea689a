"""Walks every route of both older interfaces by plain HTTP and WebSocket calls, and says what each answers.

    glassgpt lab --compat --no-open
    python3 docs/compat_walk.py [http://127.0.0.1:7878]

It ends with status 1 at the first answer that is not what S4's or S0's clients expect. Python's own library is enough.
"""
import base64
import json
import os
import socket
import sys
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

LAB = (sys.argv[1:] or ["http://127.0.0.1:7878"])[0]


def call(method, path, body=None, status=200):
    """One request; its answer, which must have this status."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(LAB + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=30) as answer:
            got, text = answer.status, answer.read().decode()
    except HTTPError as error:
        got, text = error.code, error.read().decode()
    say(f"{method} {path} -> {got}", got == status, f"wanted {status}; it says {text[:300]}")
    return json.loads(text) if text.startswith(("{", "[")) else text


def say(what, holds, otherwise=""):
    """A line of the report, and the end of it if something is wrong."""
    print(("ok    " if holds else "WRONG ") + what)
    if not holds:
        sys.exit(otherwise or "that is not what its clients expect")


def told(path):
    """What a WebSocket tells, message by message."""
    url = urlsplit(LAB)
    line = socket.create_connection((url.hostname, url.port or 80), timeout=30)
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall((
        f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode())
    stream = line.makefile("rb")
    say(f"GET {path} -> socket", b" 101 " in stream.readline())
    while stream.readline() != b"\r\n":
        pass
    while head := stream.read(2):
        size = head[1]
        if size > 125:
            size = int.from_bytes(stream.read(2 if size == 126 else 8), "big")
        text = stream.read(size)
        if head[0] & 15 == 1:
            yield json.loads(text)


def until(messages, kind, **fields):
    """The messages up to the first of this kind with these fields, that one included."""
    heard = []
    for message in messages:
        heard.append(message)
        if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
            return heard
    sys.exit(f"the socket closed before it told of {kind}")


print("S4: microGPT Cerebral Lab")
call("GET", "/api/health")
session = call("POST", "/api/session/start", {"num_steps": 40, "learning_rate": 0.01, "seed": 42})["session_id"]
here = f"/api/session/{session}"
say("the session is listed", session in [entry["session_id"] for entry in call("GET", "/api/sessions")["sessions"]])
socket_tells = told(f"/ws/{session}")
say("the socket begins with the session", next(socket_tells)["type"] == "session")
step = call("POST", f"{here}/step", {})
say(f"step 1 has loss {step['loss']:.4f} and attention", step["step"] == 1 and step["last_token_event"]["attention"])
say("the socket tells that the session moved on", next(socket_tells)["type"] == "session")
run = call("POST", f"{here}/run", {"steps": 20, "delay_ms": 0})
heard = until(socket_tells, "run_status", running=False)
steps = [message["step"] for message in heard if message["type"] == "train_step"]
say("the socket tells every step of the run once, in order", run["running"] and steps == list(range(2, 22)))
call("POST", f"{here}/run", {"steps": 19, "delay_ms": 1000})
call("POST", f"{here}/pause", {})
paused = call("GET", here)
say(f"a run is paused at step {paused['metadata']['step']}", not paused["running"])
samples = call("POST", f"{here}/sample", {"num_samples": 3, "temperature": 0.5})["samples"]
say(f"it writes {', '.join(samples)}", len(samples) == 3)
say("the socket tells the samples", until(socket_tells, "samples")[-1]["samples"] == samples)
say("a reset leads to step 0", call("POST", f"{here}/reset", {})["metadata"]["step"] == 0)
call("POST", f"{here}/run", {"steps": 0}, status=422)
call("POST", "/api/session/start", {"n_embd": 15}, status=400)
call("DELETE", here, status=204)
call("GET", here, status=404)

print("S0: microGPT Visualizer")
vocab = call("GET", "/vocab")
letters = vocab["unique_chars"]
say(f"{vocab['vocab_size']} tokens, the last of them BOS", vocab["BOS"] == len(letters) == vocab["vocab_size"] - 1)
tokens = call("GET", "/tokenize?text=zep")["tokens"]
say(f"zep is {tokens}", [letters[token["id"]] for token in tokens] == list("zep"))
say("Zep is the same", call("GET", "/tokenize?text=Zep")["tokens"] == tokens)
results = call("GET", "/generate?prefix=zep&temperature=0.5&count=3")["results"]
say(f"it writes {', '.join(results)}", len(results) == 3 and all(name.startswith("zep") for name in results))
lines = call("GET", "/generate/stream?prefix=zep&temperature=0.5").splitlines()
events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
say(f"the stream tells {len(events)} things", len(events) > 1)
call("GET", "/generate?count=0", status=400)
print("every route answers as its clients expect")
