// A host that compresses, as those of static sites do and Python's does not: hands on what another host has, gzipped.
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

const COMPRESSIBLE = /text|javascript|json|wasm|svg/;

/** Serves what lies below `root`; gives the address of the same place and a way to end it. */
export async function compressed(root) {
  const { origin, pathname } = new URL(root);
  const known = new Map();
  async function fetched(path) {
    const answer = await fetch(new URL(path, origin));
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get("content-type") ?? "application/octet-stream";
    const packs = COMPRESSIBLE.test(type);
    const headers = { "content-type": type, ...(packs ? { "content-encoding": "gzip" } : {}) };
    return { status: answer.status, headers, body: packs ? gzipSync(body) : body };
  }
  const server = createServer(async ({ url }, response) => {
    try {
      if (!known.has(url)) known.set(url, fetched(url));
      const { status, headers, body } = await known.get(url);
      response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: new URL(pathname, `http://127.0.0.1:${server.address().port}`).href, close: () => server.close() };
}
