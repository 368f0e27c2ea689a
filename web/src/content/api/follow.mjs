// Trains 50 more steps and prints each loss as it comes: node follow.mjs SESSION
// WebSocket is built into browsers and Node 22; Node 20 has it with: node --experimental-websocket follow.mjs SESSION
const LAB = `${process.env.GLASSGPT_URL ?? "http://127.0.0.1:7878"}/api/v1`;
const [session] = process.argv.slice(2);
const socket = new WebSocket(`${LAB.replace("http", "ws")}/sessions/${session}/socket`);

function happened({ type, records, status }) {
  if (type === "trained") for (const { step, loss } of records) console.log(step, loss);
  if (type === "status_changed" && status.phase !== "running") socket.close();
}

/** To be sent when the snapshot is here: all that happens after it is told. */
let command = { type: "run", steps: 50, pace: 100 };
socket.onclose = ({ reason }) => reason && console.error(reason);
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === "snapshot" && command !== null) {
    socket.send(JSON.stringify({ id: 1, command }));
    command = null;
  }
  if (message.type === "refused") throw new Error(message.refusal.message);
  if (message.type === "event") happened(message.event);
  if (message.type === "events") for (const { event } of message.events) happened(event);
};
