// Trains a model in one request, with two heads instead of four, and lets it write three names.
const LAB = `${process.env.GLASSGPT_URL ?? "http://127.0.0.1:7878"}/api/v1`;

const { presets } = await (await fetch(`${LAB}/catalog`)).json();
const blog = presets.find(({ preset }) => preset === "blog");
const wanted = {
  spec: { config: { ...blog.config, n_head: 2, steps: 200 }, samples: 3 },
  corpus: { from: "named", name: blog.corpus },
};
const answer = await fetch(`${LAB}/retrain`, { method: "POST", body: JSON.stringify(wanted) });
if (!answer.ok) throw new Error(await answer.text());
const model = await answer.json();
console.log("step", model.steps_done, "loss", model.losses.at(-1));
console.log(model.samples.map(({ text }) => text).join(" "));
