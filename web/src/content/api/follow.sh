# Trains 50 more steps and looks after them: bash follow.sh SESSION
# curl seldom speaks WebSocket, so this asks again and again; the other languages listen.
lab=${GLASSGPT_URL:-http://127.0.0.1:7878}/api/v1
session=$lab/sessions/$1

curl -sS --fail-with-body -o /dev/null "$session/commands" -d '{"type": "run", "steps": 50, "pace": 100}'
while state=$(curl -sS --fail-with-body "$session") && [[ $state == *'"phase":"running"'* ]]; do
  [[ $state =~ \"step\":([0-9]+) ]] && echo "step ${BASH_REMATCH[1]}"
  sleep 0.1
done
[[ $state =~ \"step\":([0-9]+) ]] && echo "step ${BASH_REMATCH[1]}, done"
