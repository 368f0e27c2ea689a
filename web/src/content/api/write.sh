# Lets the model write five names that begin with “a”: bash write.sh SESSION
lab=${GLASSGPT_URL:-http://127.0.0.1:7878}/api/v1

# A question changes nothing: with the same seed it is answered with the same names.
curl -sS --fail-with-body -w '\n' "$lab/sessions/$1/questions" -d '{
  "type": "write", "step": null, "prefix": "a",
  "samplings": [{"temperature": 0.5}], "count": 5, "seed": 42
}'
