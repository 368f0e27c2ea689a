# Asks how a number was computed, and from what: python3 why.py SESSION
import json, os, sys
from urllib.parse import urlencode
from urllib.request import urlopen

LAB = os.environ.get("GLASSGPT_URL", "http://127.0.0.1:7878") + "/api/v1"

# depth=1: the number itself and those it was made from.
query = urlencode({"address": "text:emma/p1/layer0.head1.scores[0]", "depth": 1})
with urlopen(f"{LAB}/sessions/{sys.argv[1]}/why?{query}") as answer:
    score, *below = json.load(answer)["rungs"]
print(score["value"], "=", score["formula"])
for rung in below:
    print(rung["address"], rung["value"])
