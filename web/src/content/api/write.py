# Lets the model write five names that begin with “a”: python3 write.py SESSION
import json, os, sys
from urllib.request import Request, urlopen

LAB = os.environ.get("GLASSGPT_URL", "http://127.0.0.1:7878") + "/api/v1"

# A question changes nothing: with the same seed it is answered with the same names.
question = {
    "type": "write", "step": None, "prefix": "a",
    "samplings": [{"temperature": 0.5}], "count": 5, "seed": 42,
}
request = Request(f"{LAB}/sessions/{sys.argv[1]}/questions", json.dumps(question).encode())
with urlopen(request) as answer:
    [batch] = json.load(answer)["answer"]["batches"]
for written in batch["texts"]:
    print(written["score"]["text"], written["probability"])
