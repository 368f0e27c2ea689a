// Does the program answer, and which one is it?
const LAB = `${process.env.GLASSGPT_URL ?? "http://127.0.0.1:7878"}/api/v1`;

const health = await (await fetch(`${LAB}/health`)).json();
const version = await (await fetch(`${LAB}/version`)).json();
console.log(health.status);
console.log(version.program, version.version);
