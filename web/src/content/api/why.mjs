// Asks how a number was computed, and from what: node why.mjs SESSION
const LAB = `${process.env.GLASSGPT_URL ?? "http://127.0.0.1:7878"}/api/v1`;
const [session] = process.argv.slice(2);

// depth=1: the number itself and those it was made from.
const query = new URLSearchParams({ address: "text:emma/p1/layer0.head1.scores[0]", depth: 1 });
const answer = await fetch(`${LAB}/sessions/${session}/why?${query}`);
if (!answer.ok) throw new Error(await answer.text());
const [score, ...below] = (await answer.json()).rungs;
console.log(score.value, "=", score.formula);
for (const { address, value } of below) console.log(address, value);
