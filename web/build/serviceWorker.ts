// The service worker of the static site. It keeps all files in the browser after the first visit, so that the site works without a
// network. Workbox does the keeping: a release fetches only what changed, and only once no tab of the old release is open does the
// new worker take over and remove what nobody needs. So it must not skip waiting: an open tab still loads parts of its own release,
// which the host no longer has.
import { clientsClaim } from "workbox-core";
import { addRoute, matchPrecache, precache } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

/** All files of the site, filled in by the build. */
declare const __FILES__: { url: string; revision: string | null }[];

// The first visit is kept, too, not only those after it.
clientsClaim();
precache(__FILES__);
registerRoute(new NavigationRoute(({ request, url }) => page(request, url)));
addRoute({ directoryIndex: "", cleanURLs: false, ignoreURLParametersMatching: [/./] });
// A tab of a release between this worker's and the newest: the worker that waited then has kept its parts.
const isPart = ({ sameOrigin, url }: { sameOrigin: boolean; url: URL }): boolean => sameOrigin && url.pathname.includes("/assets/");
registerRoute(isPart, async ({ request }) => (await caches.match(request, { ignoreVary: true })) ?? fetch(request));

/** A page comes from the network if there is one, so that a new release is seen at once. */
async function page(request: Request, url: URL): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    const folder = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
    const known = (await matchPrecache(new URL(folder, location.href).href)) ?? (await matchPrecache(new URL("./", location.href).href));
    return known ?? new Response("glassgpt is not stored in this browser yet", { status: 503 });
  }
}
