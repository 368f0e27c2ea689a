# Sets up an experiment, trains 100 steps, prints its name and the loss of the last step.
import json, os, time
from urllib.request import Request, urlopen

LAB = os.environ.get("GLASSGPT_URL", "http://127.0.0.1:7878") + "/api/v1"

def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(LAB + path, data)) as answer:  # with data it is a POST
        return json.load(answer)

session = call("/sessions", {"preset": "blog"})
path = f"/sessions/{session['id']}"
call(f"{path}/commands", {"type": "run", "steps": 100, "pace": None})
while call(path)["status"]["phase"] == "running":
    time.sleep(0.1)

# step:99 is the moment after 99 steps: the loss that step 100 measured.
[loss] = call(f"{path}/read?address=step:99/loss")
print(session["id"])
print("step", call(path)["step"], "loss", loss["values"][0])
