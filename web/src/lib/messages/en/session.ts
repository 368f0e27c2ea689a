// What the page says about the conversation with the engine.
// A catalogue: a translation is one more folder with the same names.

export const m = {
  lost: "The connection broke before the engine answered. Nothing you typed is lost: try again when it is back.",
  otherAnswer: "The engine answered something else. This is a bug in glassgpt.",
  looking: "You are only looking at this session. To try things yourself, compute it in this browser (Settings).",
  sessionGone: "The session was gone: the engine was restarted, or someone ended it. The same settings were computed again, to the same step.",
  sessionUnknown: "That session is no longer there. This is a new one.",
};
