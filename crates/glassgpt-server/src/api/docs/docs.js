// Draws /api/openapi.json: operations by tag, what they read and answer, a form to try each, and the problems there are.
// Text is set as text, never as markup, so nothing in an answer can become part of the page.

const METHODS = ["get", "post", "put", "delete"];
const description = await read();
if (description) draw(description);

async function read() {
  const main = document.querySelector("main");
  try {
    const response = await fetch("/api/openapi.json");
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.json();
  } catch (error) {
    main.replaceChildren(element("p", {}, `The description could not be read (${error.message}). Is the server running?`));
    main.removeAttribute("aria-busy");
    return null;
  }
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Paragraphs, with `code` and **strong** in them. */
function prose(text) {
  return (text ?? "").split("\n\n").map((paragraph) => element("p", {}, ...inline(paragraph)));
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith("`") && part.length > 1) return element("code", {}, part.slice(1, -1));
    if (part.startsWith("**") && part.length > 3) return element("strong", {}, part.slice(2, -2));
    return part;
  });
}

function draw(api) {
  const main = document.querySelector("main");
  const sections = api.tags.map((tag) => section(api, tag));
  main.replaceChildren(...prose(api.info.description), ...sections, problems(api));
  main.removeAttribute("aria-busy");
  const names = [...api.tags.map((tag) => tag.name), "problems"];
  const entries = names.map((name) => element("li", {}, element("a", { href: `#${name}` }, name)));
  document.querySelector("nav").replaceChildren(element("ul", {}, ...entries));
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView();
}

function section(api, tag) {
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]?.tags.includes(tag.name)).map((method) => [path, method, item[method]]),
  );
  const boxes = operations.map(([path, method, operation]) => box(api, path, method, operation));
  return element("section", { id: tag.name }, element("h2", {}, tag.name), element("p", {}, tag.description), ...boxes);
}

/** One operation. What is inside is drawn when it is opened. */
function box(api, path, method, operation) {
  const what = element("span", { class: "what" }, operation.summary ?? "");
  const title = element("summary", {}, element("span", { class: "method" }, method.toUpperCase()), element("code", {}, path), " ", what);
  return lazy(title, () => [
    ...prose(operation.description),
    ...parameters(api, operation),
    ...request(api, operation),
    ...answers(api, operation),
    element("h3", {}, "Try it"),
    form(api, path, method, operation),
  ]);
}

function lazy(title, contents, attributes = {}) {
  const details = element("details", attributes, title);
  details.addEventListener("toggle", () => details.append(...contents()), { once: true });
  return details;
}

function parameters(api, operation) {
  const listed = operation.parameters ?? [];
  if (listed.length === 0) return [];
  const items = listed.map((parameter) => {
    const need = parameter.required ? "required" : "optional";
    const kind = ` (${parameter.in}, ${need}, ${kindOf(api, parameter.schema)}) `;
    return element("li", {}, element("code", {}, parameter.name), element("span", { class: "dim" }, kind), ...inline(parameter.description ?? ""));
  });
  return [element("h3", {}, "Parameters"), element("ul", { class: "fields" }, ...items)];
}

function request(api, operation) {
  const body = operation.requestBody?.content["application/json"];
  return body ? [element("h3", {}, "Body"), shape(api, body.schema)] : [];
}

function answers(api, operation) {
  const items = Object.entries(operation.responses).map(([status, given]) => {
    const response = resolve(api, given);
    const contents = Object.entries(response.content ?? {});
    const title = element("summary", {}, element("code", {}, status), " ", ...inline(response.description ?? ""));
    if (contents.length === 0) return element("p", {}, ...title.childNodes);
    return lazy(title, () =>
      contents.flatMap(([type, content]) => [element("p", { class: "dim" }, type), shape(api, content.schema ?? {})]),
    );
  });
  return [element("h3", {}, "Answers"), ...items];
}

function resolve(api, schema) {
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref.slice(2).split("/").reduce((place, name) => place[name], api);
}

/** A schema in a few words. */
function kindOf(api, schema) {
  if (!schema) return "anything";
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices) return choices.map((choice) => kindOf(api, choice)).join(schema.allOf ? " and " : " or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const type = [schema.type ?? "anything"].flat().join(" or ");
  return type === "array" || schema.items ? `list of ${kindOf(api, schema.items)}` : type;
}

/** A schema whose parts open one level at a time. */
function shape(api, schema) {
  const whole = resolve(api, schema);
  const parts = element("div", {}, element("p", {}, element("code", {}, kindOf(api, schema)), " ", ...inline(whole.description ?? "")));
  const fields = Object.entries(whole.properties ?? {}).map(([name, field]) => {
    const need = whole.required?.includes(name) ? "" : ", optional";
    const about = inline(field.description ?? "");
    const label = [element("code", {}, name), element("span", { class: "dim" }, ` (${kindOf(api, field)}${need}) `), ...about];
    return element("li", {}, opens(api, field) ? lazy(element("summary", {}, ...label), () => [shape(api, field)]) : element("span", {}, ...label));
  });
  if (fields.length > 0) parts.append(element("ul", { class: "fields" }, ...fields));
  for (const choice of whole.oneOf ?? whole.anyOf ?? whole.allOf ?? []) {
    if (opens(api, choice)) parts.append(lazy(element("summary", {}, element("code", {}, nameOf(api, choice))), () => [shape(api, choice)]));
  }
  if (whole.items && opens(api, whole.items)) {
    parts.append(lazy(element("summary", {}, "each: ", element("code", {}, kindOf(api, whole.items))), () => [shape(api, whole.items)]));
  }
  return parts;
}

function opens(api, schema) {
  const whole = resolve(api, schema);
  if (whole.properties) return true;
  if (whole.items) return opens(api, whole.items);
  return (whole.oneOf ?? whole.anyOf ?? whole.allOf ?? []).some((choice) => opens(api, choice));
}

/** A choice by its tag, if it has one: `run` rather than `object`. */
function nameOf(api, schema) {
  const tags = Object.values(resolve(api, schema).properties ?? {}).filter((field) => field.enum?.length === 1);
  return tags[0] ? tags[0].enum[0] : kindOf(api, schema);
}

function form(api, path, method, operation) {
  const inputs = (operation.parameters ?? []).map((parameter) => {
    const input = element("input", { name: parameter.name, autocomplete: "off" });
    const example = parameter.example ?? parameter.schema?.example;
    input.value = parameter.required ? [example ?? ""].flat()[0] : "";
    return { parameter, input, label: element("label", {}, parameter.name, input) };
  });
  const body = operation.requestBody?.content["application/json"];
  const text = element("textarea", { spellcheck: "false" });
  const example = body && (body.example ?? resolve(api, body.schema).example);
  text.value = example ? JSON.stringify(example, null, 2) : "{}";
  const curl = element("pre", { "aria-label": "The same on the command line" });
  const answer = element("pre", { role: "status", hidden: "" });
  const made = () => target(path, inputs);
  const show = () => (curl.textContent = command(method, made(), body ? text.value : null));
  const fields = [...inputs.map(({ label }) => label), ...(body ? [element("label", {}, "body", text)] : [])];
  const all = element("form", {}, ...fields, curl, element("button", { type: "submit" }, "Send"), answer);
  all.addEventListener("input", show);
  all.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.hidden = false;
    answer.textContent = "…";
    answer.textContent = await send(method, made(), body ? text.value : null);
  });
  show();
  return all;
}

function target(path, inputs) {
  let filled = path;
  const query = new URLSearchParams();
  for (const { parameter, input } of inputs) {
    if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value !== "") query.append(parameter.name, input.value);
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function command(method, where, body) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const verb = method === "get" ? "" : ` -X ${method.toUpperCase()}`;
  const data = body === null ? "" : ` -H 'content-type: application/json' --data-raw ${quote(body)}`;
  return `curl${verb} ${quote(location.origin + where)}${data}`;
}

async function send(method, where, body) {
  try {
    const headers = body === null ? {} : { "content-type": "application/json" };
    const response = await fetch(where, { method: method.toUpperCase(), headers, body });
    const text = await response.text();
    return `${response.status} ${response.statusText}\n\n${pretty(text)}`;
  } catch (error) {
    return `No answer: ${error.message}`;
  }
}

/** JSON with line breaks, cut where nobody reads on. */
function pretty(text) {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON: as it came.
  }
  return shown.length > 20000 ? `${shown.slice(0, 20000)}\n… ${shown.length - 20000} characters more` : shown;
}

function problems(api) {
  const entries = api["x-problems"].map((problem) => {
    const title = element("h3", { id: `problem-${problem.name}` }, element("code", {}, problem.name), ` (${problem.status})`);
    return element("div", {}, title, element("p", {}, `${problem.title}. `, ...inline(problem.wayOut)));
  });
  return element("section", { id: "problems" }, element("h2", {}, "problems"), element("p", {}, "What can go wrong, and what to do about it."), ...entries);
}
