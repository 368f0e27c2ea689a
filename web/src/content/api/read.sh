# Reads numbers by their addresses: bash read.sh SESSION
lab=${GLASSGPT_URL:-http://127.0.0.1:7878}/api/v1

# --data-urlencode spells brackets and slashes as addresses in a URL must be; -G puts them there.
curl -sS --fail-with-body -w '\n' -G "$lab/sessions/$1/read" \
  --data-urlencode 'address=wte[4][0]' \
  --data-urlencode 'address=text:emma/p1/layer0.head1.weights'
