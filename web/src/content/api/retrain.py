# Trains a model in one request, with two heads instead of four, and lets it write three names.
import json, os
from urllib.request import Request, urlopen

LAB = os.environ.get("GLASSGPT_URL", "http://127.0.0.1:7878") + "/api/v1"

with urlopen(f"{LAB}/catalog") as answer:
    presets = {preset["preset"]: preset for preset in json.load(answer)["presets"]}
blog = presets["blog"]
wanted = {
    "spec": {"config": blog["config"] | {"n_head": 2, "steps": 200}, "samples": 3},
    "corpus": {"from": "named", "name": blog["corpus"]},
}
with urlopen(Request(f"{LAB}/retrain", json.dumps(wanted).encode())) as answer:
    model = json.load(answer)
print("step", model["steps_done"], "loss", model["losses"][-1])
print(*(sample["text"] for sample in model["samples"]))
