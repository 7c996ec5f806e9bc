/** Which endpoints a server takes, by its settings. */
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { open } from "../../adapters/runtimes/server/checked-log.ts";
import { VERSION } from "../../http/version.ts";
import { openEndpoint } from "../contract/webhooks/endpoint.ts";
import { settingsOf } from "../runtimes/metrics.ts";

const CALLER = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_acme", name: "Alice", email: "alice@example.com" },
} as const;

const URLS = [
  "https://hooks.example/",
  "https://10.0.0.1/",
  "https://hooks.example:9000/",
  "http://localhost:3000/hook",
];

test("a server refuses an endpoint that it never sends to, and in development takes it", async () => {
  for (
    const [privately, expected] of [
      ["off", [
        "added",
        "input.url must lead to a public address",
        "input.url must have port 443 or 8443",
        "input.url must begin with https://",
      ]],
      ["on", ["added", "added", "added", "added"]],
    ] as const
  ) {
    const { ledger } = await open(settingsOf({ ALLOW_PRIVATE_WEBHOOKS: privately }));
    try {
      await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
      const said: string[] = [];
      for (const url of URLS) {
        const added = await ledger.webhooks.add(CALLER, { url });
        said.push(added.ok ? "added" : added.error.message);
      }
      assert.deepEqual(said, expected);
    } finally {
      await ledger.close();
    }
  }
});

/** How often connections that are kept for webhooks were given up while this was done. */
const endsOfKept = async (work: () => Promise<unknown>): Promise<number> => {
  const { prototype } = http.Agent;
  const { destroy } = prototype;
  let ends = 0;
  prototype.destroy = function (this: http.Agent) {
    ends += 1;
    return destroy.call(this);
  };
  try {
    await work();
  } finally {
    prototype.destroy = destroy;
  }
  return ends;
};

test("a server says its version to endpoints, and keeps no connection to them once it is closed", async () => {
  const endpoint = await openEndpoint("accepts", { isSecure: false });
  const { ledger } = await open(settingsOf({ ALLOW_PRIVATE_WEBHOOKS: "on" }));
  const ends = await endsOfKept(async () => {
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const url = `http://127.0.0.1:${endpoint.port}/`;
    const added = await ledger.webhooks.add(CALLER, { url });
    assert.ok(added.ok);
    const tested = await ledger.webhooks.test(CALLER, added.value.webhook.id);
    assert.equal(tested.ok && tested.value.status, 200);
  });
  assert.equal(ends, 0);
  assert.equal(endpoint.received[0]?.headers["user-agent"], `ledgerline/${VERSION}`);
  // One for http, one for https.
  assert.equal(await endsOfKept(() => ledger.close()), 2);
  await endpoint.close();
});

test("a server that does not open keeps no sender", async () => {
  const carrier = { name: "none" } as unknown as ReturnType<typeof settingsOf>["carrier"];
  const ends = await endsOfKept(async () => {
    await assert.rejects(open({ ...settingsOf({}), carrier }));
  });
  assert.equal(ends, 2);
});
