# Does the program answer, and which one is it?
import json, os
from urllib.request import urlopen

LAB = os.environ.get("GLASSGPT_URL", "http://127.0.0.1:7878") + "/api/v1"

with urlopen(f"{LAB}/health") as answer:
    health = json.load(answer)
with urlopen(f"{LAB}/version") as answer:
    version = json.load(answer)
print(health["status"])
print(version["program"], version["version"])
