// What the page Reference says around the examples of the interface.

export const m = {
  about: "The program answers this page over HTTP and WebSocket, and other programs can send it the same requests. These files are complete and are run by a test, which compares what they print with what the engine says. “glassgpt lab” serves the interface; in a browser alone there is none.",
  address: "They take the address from GLASSGPT_URL, or ask http://127.0.0.1:7878, where “glassgpt lab” listens. If the lab has a token, each request also sends the header “Authorization: Bearer TOKEN”.",
  needs: {
    sh: "In the shell, with curl 7.76 or newer. Answers are printed as they come, as JSON.",
    py: "Python 3.9 or newer and nothing else.",
    mjs: "Node 20 or newer and nothing else.",
  },
  docs: "Every route, with a form to try it, is described by the program itself at /api/docs, and for other programs at /api/openapi.json.",
  language: "Language",
  languages: { sh: "curl", py: "Python", mjs: "JavaScript" },
  copy: "Copy",
  copyFile: (name: string) => `Copy ${name}`,
  copied: "Copied.",
  notCopied: "The browser did not allow it. Select the lines and copy them by hand.",
  code: (name: string) => `The file ${name}`,
  examples: {
    version: { title: "Is it there?", about: "The health route needs no session, so it answers even while every core trains." },
    train: { title: "Train a model", about: "An experiment is a session. Commands change it: run, pause, seek, fork and others. The name it prints is what the following examples are given." },
    read: { title: "Read numbers by address", about: "Every number has an address, the same as on this page. Any moment of the run and any text can be read." },
    why: { title: "Ask why", about: "How a number was computed, from which others, by which lines of the source." },
    write: { title: "Let it write", about: "For every draw you get the random number and the probability." },
    retrain: { title: "Train with other settings", about: "One request, one training. Only the answer is kept." },
    follow: { title: "Follow a run", about: "The socket sends a snapshot first, then numbered events. What this page shows while it trains comes this way." },
  },
} as const;

export type Ending = keyof typeof m.languages;
export type Example = keyof typeof m.examples;
