// Sets up an experiment, trains 100 steps, prints its name and the loss of the last step.
const LAB = `${process.env.GLASSGPT_URL ?? "http://127.0.0.1:7878"}/api/v1`;

async function call(path, body) {
  const answer = await fetch(LAB + path, body && { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const { id } = await call("/sessions", { preset: "blog" });
await call(`/sessions/${id}/commands`, { type: "run", steps: 100, pace: null });
while ((await call(`/sessions/${id}`)).status.phase === "running") {
  await new Promise((done) => setTimeout(done, 100));
}

// step:99 is the moment after 99 steps: the loss that step 100 measured.
const [loss] = await call(`/sessions/${id}/read?address=step:99/loss`);
console.log(id);
console.log("step", (await call(`/sessions/${id}`)).step, "loss", loss.values[0]);
