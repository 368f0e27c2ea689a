# Does the program answer, and which one is it?
lab=${GLASSGPT_URL:-http://127.0.0.1:7878}/api/v1

curl -sS --fail-with-body -w '\n' "$lab/health"
curl -sS --fail-with-body -w '\n' "$lab/version"
