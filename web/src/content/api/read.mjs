// Reads numbers by their addresses: node read.mjs SESSION
const LAB = `${process.env.GLASSGPT_URL ?? "http://127.0.0.1:7878"}/api/v1`;
const [session] = process.argv.slice(2);

// A parameter; and how much head 1 looks back at each position while the model reads “e”.
const wanted = ["wte[4][0]", "text:emma/p1/layer0.head1.weights"];
const query = new URLSearchParams(wanted.map((address) => ["address", address]));
const answer = await fetch(`${LAB}/sessions/${session}/read?${query}`);
if (!answer.ok) throw new Error(await answer.text());
for (const { address, values } of await answer.json()) console.log(address, ...values);
