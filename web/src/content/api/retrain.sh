# Trains a model in one request, with two heads instead of four, and lets it write three names.
lab=${GLASSGPT_URL:-http://127.0.0.1:7878}/api/v1

curl -sS --fail-with-body -w '\n' "$lab/retrain" -d '{
  "spec": {
    "config": {
      "n_embd": 16, "n_head": 2, "n_layer": 1, "block_size": 16, "steps": 200,
      "learning_rate": 0.01, "schedule": "linear", "beta1": 0.85, "beta2": 0.99, "eps": 1e-8,
      "activation": "relu", "init_std": 0.08, "zero_init": false, "seed": 42
    },
    "samples": 3
  },
  "corpus": {"from": "named", "name": "names"}
}'
