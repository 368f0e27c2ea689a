// Starts the page: styles, fonts, then the app. The fonts come first, so that no line moves when they arrive.
import { mount } from "svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import App from "./App.svelte";
import { ROOT } from "./lib/root";

/** The fonts travel with the page, so this is soon; if not, the page does not wait. */
const PATIENCE_MS = 300;

const fonts = ["400 1em 'Source Sans 3 Variable'", "600 1em 'Source Serif 4 Variable'", "400 1em 'Source Code Pro Variable'"];
const tooLong = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
await Promise.race([Promise.allSettled(fonts.map((font) => document.fonts.load(font))), tooLong]);

const target = document.getElementById("app");
if (target !== null) mount(App, { target });

// On a file host the site keeps itself, so that it works without a network from the second visit on.
if (!__HAS_SERVER__ && "serviceWorker" in navigator) void navigator.serviceWorker.register(new URL("service-worker.js", ROOT));
