# Asks how a number was computed, and from what: bash why.sh SESSION
lab=${GLASSGPT_URL:-http://127.0.0.1:7878}/api/v1

# depth=1: the number itself and those it was made from.
curl -sS --fail-with-body -w '\n' -G "$lab/sessions/$1/why" -d depth=1 \
  --data-urlencode 'address=text:emma/p1/layer0.head1.scores[0]'
