/** Tools for agents, over the Model Context Protocol (streamable HTTP, without sessions). */
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { failed, ok } from "../../core/values/result.ts";
import { check } from "../call.ts";
import type { Call, Failure, Outcome } from "../dialect.ts";
import { invalidProblem } from "../errors.ts";
import { JsonObject } from "../object.ts";
import { describe, describeInput } from "../openapi/json-schema.ts";
import { VERSION } from "../version.ts";
import { confirmedTools } from "./confirmed-tools.ts";
import { numberTools } from "./number-tools.ts";
import type { Told, Tool } from "./tool.ts";

/** All tools. */
export const TOOLS: readonly Tool[] = [...numberTools, ...confirmedTools];

/** Our own schemas check what comes in, in our own words. */
const UNCHECKED: Parameters<typeof fromJsonSchema>[1] & object = {
  getValidator: () => (input) => ({
    valid: true,
    data: input as never,
    errorMessage: undefined,
  }),
};

/** A tool with the JSON Schemas that its clients read, made once. */
const presented = TOOLS.map((tool) => ({
  tool,
  inputSchema: fromJsonSchema<Told>(describeInput(tool.input) as never, UNCHECKED),
  outputSchema: fromJsonSchema<Told>(describe(tool.output, {}) as never, UNCHECKED),
}));

const refusal = ({ code, message }: Pick<Failure, "code" | "message">) => ({
  isError: true,
  content: [{ type: "text" as const, text: `${message} (${code})` }],
});

/** Numbers as texts; all else as it came, which the schema refuses. */
const asQuery = (given: Told): Told =>
  Object.fromEntries(
    Object.entries(given).map((
      [name, value],
    ) => [name, typeof value === "number" ? String(value) : value]),
  );

const answer = async (call: Call, { input, readsQuery, run }: Tool, sent: Told) => {
  const given = readsQuery === true ? asQuery(sent) : sent;
  const fit = check(input, given, "body", invalidProblem);
  if (!fit.ok) return refusal(fit.error);
  // An exception's words are not for callers, and the protocol's library would pass them on.
  const told = await run(call, given, fit.value)
    .catch((error: unknown) => failed(call.failureOf(error)));
  if (!told.ok) return refusal(told.error);
  const text = JSON.stringify(told.value);
  return { content: [{ type: "text" as const, text }], structuredContent: { ...told.value } };
};

const instructions =
  "Phone numbers of one organization. buy_number and release_number do nothing " +
  "at first: they tell what would happen, and give a confirmation. Show a person what they told, " +
  "and pass the confirmation on only if the person agrees.";

/** A server for one call: its tools act on behalf of the call's caller. */
const serverFor = (call: Call): McpServer => {
  const server = new McpServer({ name: "ledgerline", version: VERSION }, {
    instructions,
    capabilities: { tools: { listChanged: false } },
  });
  for (const { tool, inputSchema, outputSchema } of presented) {
    const { name, title, description, hints: annotations } = tool;
    server.registerTool(
      name,
      { title, description, inputSchema, outputSchema, annotations },
      (given) => answer(call, tool, given),
    );
  }
  return server;
};

const STREAM = "text/event-stream";
const DATA = "data: ";

/** An answer that came as a stream of events, of which the last is its JSON. */
const unwrapped = (
  type: string,
  text: string,
): { readonly type: string; readonly text: string } => {
  if (!type.startsWith(STREAM)) return { type, text };
  const last = text.split("\n").findLast((line) => line.startsWith(DATA)) ?? "";
  return { type: "application/json", text: last.slice(DATA.length) };
};

/**
 * Answers a message of the protocol. The frame has authenticated and counted the caller, and read
 * the body within its bounds.
 */
export const speak = async (call: Call): Promise<Outcome> => {
  const message = await call.body(JsonObject);
  if (!message.ok) return message;
  // A stream of what changes would never end, and nothing here changes.
  const options = { maxSubscriptions: 0 };
  const { fetch } = createMcpHandler(() => serverFor(call), options);
  const headers = new Headers(call.headers);
  headers.set("accept", `application/json, ${STREAM}`);
  const request = new Request("http://localhost/mcp", { method: "POST", headers });
  const response = await fetch(request, { parsedBody: message.value });
  const sent = response.headers.get("content-type") ?? "application/json";
  const { type, text } = unwrapped(sent, await response.text());
  const { status } = response;
  return ok({ status: status as 200, body: null, text, headers: { "content-type": type } });
};
