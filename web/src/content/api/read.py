# Reads numbers by their addresses: python3 read.py SESSION
import json, os, sys
from urllib.parse import urlencode
from urllib.request import urlopen

LAB = os.environ.get("GLASSGPT_URL", "http://127.0.0.1:7878") + "/api/v1"

# A parameter; and how much head 1 looks back at each position while the model reads “e”.
wanted = ["wte[4][0]", "text:emma/p1/layer0.head1.weights"]
query = urlencode([("address", address) for address in wanted])
with urlopen(f"{LAB}/sessions/{sys.argv[1]}/read?{query}") as answer:
    for reading in json.load(answer):
        print(reading["address"], *reading["values"])
