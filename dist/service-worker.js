// Keeps the whole site in the browser after the first visit, so that it works without a network.
// The build fills in the list of files and a version; a new version replaces the old one as a whole.
/* global self, caches, fetch, URL, Response */

const FILES = [
  "./assets/Adam-CvvGSm7Y.js",
  "./assets/Adam-Dzm2iQc3.css",
  "./assets/AddressField-BPEyMfpd.css",
  "./assets/AddressField-rOqOqk9r.js",
  "./assets/Attention-BEgpR-4d.js",
  "./assets/Attention-xfjPnXRA.css",
  "./assets/Bars-D75L7ZjZ.css",
  "./assets/Bars-DnboQ5Kv.js",
  "./assets/Choices-BnIxBpIw.js",
  "./assets/Choices-V68mbQeB.css",
  "./assets/Dialog-HJF-p3Fa.css",
  "./assets/Dialog-v_0SogeG.js",
  "./assets/Embeddings-C4BvtZe7.js",
  "./assets/Embeddings-Dti9Mhpf.css",
  "./assets/HeatMap-DSzRRQIU.css",
  "./assets/HeatMap-D_F17lM4.js",
  "./assets/HelpDialog--dxqdR_d.css",
  "./assets/HelpDialog-BYdZU0vH.js",
  "./assets/Histogram-DA3Huudn.js",
  "./assets/Histogram-DIhy5aC6.css",
  "./assets/Home-B1uwRyr0.css",
  "./assets/Home-CseBOwnA.js",
  "./assets/Icon-CV2BlogF.js",
  "./assets/Icon-Cyim18U5.css",
  "./assets/Lab-DCJ6Mhn4.css",
  "./assets/Lab-XGZG9Vjf.js",
  "./assets/Layer-BMqimheq.js",
  "./assets/Layer-OeZr7x7G.css",
  "./assets/LineChart-BLKDpdLu.js",
  "./assets/LineChart-R-d0XFF0.css",
  "./assets/Model-CbvrxLZ9.js",
  "./assets/Model-tPbBQ-qN.css",
  "./assets/Num-BGRz5sp6.css",
  "./assets/Num-MV7DgHGU.js",
  "./assets/PagedTable-Bj6AEe-I.css",
  "./assets/PagedTable-DW46EI0N.js",
  "./assets/PartChoice-BO9byCD1.js",
  "./assets/PartChoice-CS42lePx.css",
  "./assets/Probabilities-Bjhjuipa.js",
  "./assets/Probabilities-gzLGoUwp.css",
  "./assets/Reading-CyZFooPq.css",
  "./assets/Reading-DZeyIrj7.js",
  "./assets/SettingsDialog-BNPftRmP.css",
  "./assets/SettingsDialog-BgA6gmHt.js",
  "./assets/Share-ORZR60_B.css",
  "./assets/Share-qOVH0COs.js",
  "./assets/SmallMultiples-BuOkcEWn.css",
  "./assets/SmallMultiples-Ddq8pyyq.js",
  "./assets/Sparkline-BXThnonF.js",
  "./assets/Sparkline-D4SRoRm7.css",
  "./assets/Training-Ctfp1BJW.js",
  "./assets/Training-Dg6bAsd9.css",
  "./assets/Unreadable-D5uBAKPq.css",
  "./assets/Unreadable-DLMPOhSI.js",
  "./assets/Weights-CXq64gpY.js",
  "./assets/Weights-xantpOxs.css",
  "./assets/address-kLvETJuj.js",
  "./assets/api-CCixWA1X.js",
  "./assets/bars-Btk_bgUu.js",
  "./assets/beginning-BuZP4tiH.js",
  "./assets/branches-BKHuvtUz.js",
  "./assets/calm.svelte-DTAu3y0P.js",
  "./assets/colour-CikkGsFK.js",
  "./assets/courier-Bv0nDoDT.js",
  "./assets/curve-D4AVo38u.js",
  "./assets/desk.svelte-BJHQTRt6.js",
  "./assets/differences-DUfRc7pM.js",
  "./assets/differences-DXd4tzzV.css",
  "./assets/disclose-version-xihTtKlq.js",
  "./assets/floating-ui.dom-Ap1ZDvBu.js",
  "./assets/floating-ui.dom-DSqYMTCX.js",
  "./assets/format-CckAGXsa.js",
  "./assets/glass.svelte-D0fR0DcO.js",
  "./assets/glassgpt_wasm_bg-Dmbs7dsm.wasm",
  "./assets/index-client-BEp3VdsZ.js",
  "./assets/linePlot-CnsZ1jie.css",
  "./assets/linePlot-DA5OfgnW.js",
  "./assets/main-C8Zil0jj.js",
  "./assets/main-DX20glEe.css",
  "./assets/numbers-bKRv1E9F.js",
  "./assets/order-BFZd1Knr.js",
  "./assets/palette-CSH00kfH.js",
  "./assets/palette.svelte-LqqZvl_g.js",
  "./assets/picture-Brt7TBkS.js",
  "./assets/pins-BKdtSfeE.js",
  "./assets/pins-BellgiS6.css",
  "./assets/place-BqJ1VDhV.js",
  "./assets/preferences.svelte-va8lxkOH.js",
  "./assets/preload-helper-BQUUbbNx.js",
  "./assets/root-CHrH4FTk.js",
  "./assets/router.svelte-F-A5zk7p.js",
  "./assets/selection.svelte-D_RfIzr5.js",
  "./assets/settings-CqH_1LKH.js",
  "./assets/shell-Bgu0kOMu.js",
  "./assets/shortcuts-BOzTm3DV.js",
  "./assets/shortcuts-BuaGMHwi.js",
  "./assets/source-code-pro-latin-wght-normal-BP8Zz55n.woff2",
  "./assets/source-sans-3-latin-wght-normal-BqRLTx4X.woff2",
  "./assets/source-serif-4-latin-wght-normal-DMe4EKeb.woff2",
  "./assets/summaries-wbWNfr2L.js",
  "./assets/theme.svelte-F9yAaa9q.js",
  "./assets/time-CDv6EkNd.js",
  "./assets/toasts.svelte-CXCgss6V.js",
  "./assets/watched.svelte-DpN0_Iw3.js",
  "./assets/wire-DaBiop1B.js",
  "./assets/worker-7YqjJ97c.js",
  "./favicon.svg",
  "./",
  "./lab/",
  "./third-party.txt"
];
const CACHE = "glassgpt-2d653d591b137785";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("glassgpt-") && name !== CACHE;
  const drop = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  event.waitUntil(drop.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? page(request, url) : file(request));
});

/** A page comes from the network if there is one, so that a new version is seen at once. */
async function page(request, url) {
  try {
    return await fetch(request);
  } catch {
    const folder = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
    const known = (await caches.match(folder)) ?? (await caches.match(self.registration.scope));
    return known ?? new Response("glassgpt is not stored in this browser yet", { status: 503 });
  }
}

/** Everything else is named after its contents, or small: from the cache if it is there. */
async function file(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}
