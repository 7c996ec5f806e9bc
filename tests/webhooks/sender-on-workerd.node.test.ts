/** The sender over `fetch` on workerd, with real endpoints on this machine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { openEndpoint } from "../contract/webhooks/endpoint.ts";
import type { EndpointBehaviour } from "../harness/contract/webhook-endpoints.ts";
import { bundle } from "../package/bundling.ts";
import { ROOT } from "../tidy/command.ts";

const WORKER = `
  import { openFetchSender } from "./adapters/webhooks/fetch.ts";

  const said = (outcome) =>
    outcome.ok ? [outcome.value.status, outcome.value.answer] : [outcome.error.code, ""];

  export default {
    fetch: async (request) => {
      const { urls, allowsPrivate } = await request.json();
      const sender = openFetchSender({ allowsPrivate, timeoutMs: 2_500 });
      const answers = [];
      for (const url of urls) {
        const message = { endpoint: "wh_1", url, headers: { "webhook-id": "ev_1" }, body: "{}" };
        answers.push(said(await sender.send(message)));
      }
      return Response.json(answers);
    },
  };`;

const EXPECTED: Readonly<Partial<Record<EndpointBehaviour, readonly [number | string, string]>>> = {
  accepts: [200, "taken"],
  refuses: [500, "no"],
  redirects: [302, ""],
  neverEnds: [200, "x".repeat(500)],
  isSilent: ["TIMED_OUT", ""],
  losesAnswer: ["UNREACHABLE", ""],
};

test("on workerd a message has an outcome, whatever its endpoint does", async () => {
  const stdin = { contents: WORKER, resolveDir: ROOT };
  const { files: [file] } = await bundle({ stdin, write: false });
  assert.ok(file);
  const options = { modules: true, script: file.text, compatibilityDate: "2024-01-01" } as const;
  const miniflare = new Miniflare(options);
  const names = Object.keys(EXPECTED) as readonly EndpointBehaviour[];
  const endpoints = await Promise.all(names.map((name) => openEndpoint(name, { isSecure: false })));
  const ask = async (urls: readonly string[], allowsPrivate: boolean): Promise<unknown> => {
    const body = JSON.stringify({ urls, allowsPrivate });
    return await (await miniflare.dispatchFetch("http://edge/", { method: "POST", body })).json();
  };
  try {
    const urls = endpoints.map(({ port }) => `http://127.0.0.1:${port}/`);
    assert.deepEqual(await ask(urls, true), Object.values(EXPECTED));
    assert.deepEqual(endpoints.map(({ received }) => received.length), names.map(() => 1));
    const strict = ["https://127.0.0.1/", "https://[::1]/", "http://hooks.example/"];
    assert.deepEqual(await ask(strict, false), [
      ["ADDRESS_REFUSED", ""],
      ["ADDRESS_REFUSED", ""],
      ["URL_REFUSED", ""],
    ]);
  } finally {
    await miniflare.dispose();
    await Promise.all(endpoints.map((endpoint) => endpoint.close()));
  }
});
