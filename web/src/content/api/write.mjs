// Lets the model write five names that begin with “a”: node write.mjs SESSION
const LAB = `${process.env.GLASSGPT_URL ?? "http://127.0.0.1:7878"}/api/v1`;
const [session] = process.argv.slice(2);

// A question changes nothing: with the same seed it is answered with the same names.
const question = {
  type: "write", step: null, prefix: "a",
  samplings: [{ temperature: 0.5 }], count: 5, seed: 42,
};
const answer = await fetch(`${LAB}/sessions/${session}/questions`, { method: "POST", body: JSON.stringify(question) });
if (!answer.ok) throw new Error(await answer.text());
const [batch] = (await answer.json()).answer.batches;
for (const { score, probability } of batch.texts) console.log(score.text, probability);
