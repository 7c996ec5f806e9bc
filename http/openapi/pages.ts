/** Pages about the APIs, for people: plain HTML that needs no script. */
import { PROBLEMS } from "../problems.ts";
import { type Api, operationKey } from "./document.ts";
import { describeInput } from "./json-schema.ts";
import type { Answered, Operation } from "./operation.ts";

/** A text as HTML has it. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** How the pages look; in the reader's own colours. */
export const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}
pre{overflow-x:auto;padding:.75rem;border:1px solid #8886;border-radius:4px}
table{border-collapse:collapse}td,th{text-align:left;padding:.25rem .75rem .25rem 0;
vertical-align:top}
section{border-top:1px solid #8886;margin-top:2rem}
h2 code{font-size:1rem}
body:has(#calls){max-width:none;margin:0;padding:0}
body:has(#calls)>p{margin:.75rem 1rem}
`;

/** A page with this title and body. */
export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>` +
  '<meta name="viewport" content="width=device-width"><link rel="stylesheet" ' +
  `href="/docs/style.css"></head><body>${body}</body></html>`;

const anchorOf = (code: string): string => code.toLowerCase().replaceAll("_", "-");

/** The page that the types of problems refer to. */
export const problemsPage = (): string => {
  const rows = Object.entries(PROBLEMS).map(([code, title]) =>
    `<tr id="${anchorOf(code)}"><td><code>${code}</code></td><td>${escaped(title)}.</td></tr>`
  );
  return page(
    "Problems",
    '<p><a href="/docs">Ledgerline</a></p><h1>Problems</h1><p>What the codes of refusals mean. ' +
      "An answer's own <code>detail</code> names the field or the state.</p>" +
      `<table>${rows.join("")}</table>`,
  );
};

/** The page that leads to all others. */
export const indexPage = (apis: readonly (readonly [string, Api])[], canTry: boolean): string => {
  const rows = apis.map(([name, { title, description }]) =>
    `<tr><td><a href="/docs/${name}">${escaped(title)}</a></td><td>${escaped(description)}</td>` +
    `<td>${canTry ? `<a href="/docs/${name}/try">Try it</a>` : ""}</td>` +
    `<td><a href="/openapi/${name}.json">OpenAPI</a></td></tr>`
  );
  return page(
    "Ledgerline",
    "<h1>Ledgerline</h1><p>The phone numbers of many organizations: one ledger, several APIs." +
      `</p><table>${rows.join("")}</table>` +
      '<p><a href="/docs/events">Events that leave the ledger</a> ' +
      '(<a href="/asyncapi.json">AsyncAPI</a>)</p>' +
      '<p><a href="/docs/problems">What the codes of refusals mean</a></p>',
  );
};

/** A value as JSON. */
export const sample = (value: unknown): string =>
  value === undefined ? "" : `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`;

/** The members of what a schema reads, one in a row. */
export const membersOf = (schema: Parameters<typeof describeInput>[0] | undefined): string => {
  if (schema === undefined) return "";
  const { properties = {}, required = [] } = describeInput(schema);
  const rows = Object.entries(properties).map(([name, member]) => {
    const { type = "", description = "", enum: values } = typeof member === "object" ? member : {};
    const what = values === undefined ? String(type) : values.join(", ");
    const must = required.includes(name) ? "required" : "";
    return `<tr><td><code>${escaped(name)}</code></td><td>${must}</td><td>${escaped(what)}</td>` +
      `<td>${escaped(description)}</td></tr>`;
  });
  return rows.length === 0 ? "" : `<table>${rows.join("")}</table>`;
};

const answersOf = ({ answers }: Operation): string =>
  Object.entries(answers).map(([status, { says, example }]: [string, Answered]) =>
    `<p><code>${status}</code> ${escaped(says)}</p>${sample(example)}`
  ).join("");

const part = (title: string, body: string): string => body === "" ? "" : `<h3>${title}</h3>${body}`;

/** The page of an API: each call with what it takes, and examples. */
export const apiPage = (name: string, api: Api, canTry: boolean): string => {
  const calls = api.routes.map((route) => {
    const key = operationKey(route);
    const operation = api.operations[key];
    if (operation === undefined) return "";
    return `<section id="${operation.id}"><h2><code>${escaped(key)}</code></h2>` +
      `<p>${escaped(operation.summary)}</p>` +
      part("Query", membersOf(operation.query)) +
      part("Body", membersOf(operation.body) + sample(operation.bodyExample)) +
      part("Answers", answersOf(operation)) + "</section>";
  });
  return page(
    api.title,
    `<p><a href="/docs">Ledgerline</a></p><h1>${escaped(api.title)}</h1>` +
      `<p>${escaped(api.description)} <a href="/openapi/${name}.json">OpenAPI 3.1</a></p>` +
      (canTry ? `<p><a href="/docs/${name}/try">Try these calls</a></p>` : "") +
      `<p>Send <code>Authorization: Bearer</code> with a token: ${escaped(api.token)}</p>` +
      calls.join(""),
  );
};
