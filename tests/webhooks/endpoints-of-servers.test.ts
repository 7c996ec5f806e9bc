/** Which endpoints a server takes, by its settings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../../adapters/runtimes/server/checked-log.ts";
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
