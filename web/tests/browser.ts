// The little of a browser that modules touch while they are loaded, so that pure logic can be tested in Node.
// Nothing here answers for the page: what needs a real browser is tested in one.

Object.assign(globalThis, { location: new URL("http://localhost/") });
