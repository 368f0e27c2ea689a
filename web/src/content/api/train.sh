# Sets up an experiment, trains 100 steps, prints its name and the loss of the last step.
lab=${GLASSGPT_URL:-http://127.0.0.1:7878}/api/v1

[[ $(curl -sS --fail-with-body "$lab/sessions" -d '{"preset": "blog"}') =~ '"id":"'([^\"]+) ]] || exit 1
session=${BASH_REMATCH[1]}
curl -sS --fail-with-body -o /dev/null "$lab/sessions/$session/commands" -d '{"type": "run", "steps": 100, "pace": null}'
while curl -sS --fail-with-body "$lab/sessions/$session" | grep -q '"phase":"running"'; do sleep 0.1; done

# step:99 is the moment after 99 steps: the loss that step 100 measured.
echo "$session"
curl -sS --fail-with-body -w '\n' "$lab/sessions/$session/read?address=step:99/loss"
