/** An agent: the official client of the Model Context Protocol, over an application's `fetch`. */
import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { openMcp } from "../../../http/mcp/mod.ts";
import { openTestApp, type TestApp } from "../../support/app.ts";

/** What a tool told: what its schema describes, or a refusal's sentence. */
export type Told = {
  readonly isRefused: boolean;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect to find
  readonly json: any;
};

export type Agent = {
  readonly client: Client;
  /** Calls a tool; its answer has to be as its schema says, which the client checks. */
  readonly use: (tool: string, input?: Readonly<Record<string, unknown>>) => Promise<Told>;
  /** Calls a tool, which must not refuse. */
  readonly does: (
    tool: string,
    input?: Readonly<Record<string, unknown>>,
  ) => Promise<Told["json"]>;
  /** Calls a tool, which must refuse; gives its sentence. */
  readonly refused: (tool: string, input?: Readonly<Record<string, unknown>>) => Promise<string>;
};

/** Connects an agent that has this token. */
export const agentOf = async (
  fetch: (request: Request) => Promise<Response>,
  token: string,
  mode: "auto" | "legacy" = "auto",
): Promise<Agent> => {
  const client = new Client(
    { name: "tests", version: "1" },
    { versionNegotiation: { mode } },
  );
  const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
    fetch: (url, init) => fetch(new Request(url, init)),
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await client.connect(transport);
  await client.listTools();
  const use: Agent["use"] = async (name, given = {}) => {
    const { isError, content, structuredContent } = await client.callTool({
      name,
      arguments: given,
    });
    const [first] = content;
    assert.ok(first?.type === "text");
    return { isRefused: isError === true, text: first.text, json: structuredContent };
  };
  return {
    client,
    use,
    does: async (tool, given) => {
      const { isRefused, text, json } = await use(tool, given);
      assert.ok(!isRefused, text);
      assert.deepEqual(JSON.parse(text), json);
      return json;
    },
    refused: async (tool, given) => {
      const { isRefused, text } = await use(tool, given);
      assert.ok(isRefused, text);
      return text;
    },
  };
};

type Opened = { readonly app: TestApp; readonly token: string; readonly agent: Agent };

/** Runs a test with an agent of `team_1`, at 2026-01-31T10:00:00Z. */
export const withAgent = async (
  use: (opened: Opened) => Promise<void>,
  options: Parameters<typeof openTestApp>[0] = {},
): Promise<void> => {
  const app = openTestApp({ mcp: openMcp(), ...options });
  try {
    const token = await app.organization("team_1");
    await use({ app, token, agent: await agentOf(app.fetch, token) });
  } finally {
    await app.close();
  }
};
