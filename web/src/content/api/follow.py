# Trains 50 more steps and prints each loss as it comes: python3 follow.py SESSION
# Python's own library has no WebSocket, so this is one by hand: enough to listen to a server that is near.
import base64, json, os, socket, struct, sys
from urllib.parse import urlsplit

url = urlsplit(os.environ.get("GLASSGPT_URL", "http://127.0.0.1:7878"))
line = socket.create_connection((url.hostname, url.port or 80))
stream = line.makefile("rb")

def send(kind, text):
    head = bytes([0x80 | kind, 0x80 | 126]) + struct.pack(">H", len(text)) + bytes(4)  # masked with zeros
    line.sendall(head + text)

def messages():
    text = b""
    while frame := stream.read(2):
        kind, size = frame[0] & 15, frame[1]
        if size > 125:
            size = int.from_bytes(stream.read(2 if size == 126 else 8), "big")
        data = stream.read(size)
        if kind == 8:  # goodbye, with a reason
            sys.exit(data[2:].decode())
        if kind == 9:  # ping, to be answered with pong
            send(10, data)
        elif kind < 2:
            text += data
            if frame[0] & 0x80:  # the last piece of a message
                yield json.loads(text)
                text = b""

line.sendall((
    f"GET /api/v1/sessions/{sys.argv[1]}/socket HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
).encode())
if b" 101 " not in stream.readline():
    sys.exit(stream.read().decode())
while stream.readline() != b"\r\n":
    pass

command = {"type": "run", "steps": 50, "pace": 100}
for message in messages():
    if message["type"] == "snapshot" and command:  # all that happens after it is told
        send(1, json.dumps({"id": 1, "command": command}).encode())
        command = None
    if message["type"] == "refused":
        sys.exit(message["refusal"]["message"])
    for event in message.get("events", [message]):
        event = event.get("event", {})
        for record in event.get("records", []):
            print(record["step"], record["loss"])
        if event.get("type") == "status_changed" and event["status"]["phase"] != "running":
            sys.exit()
