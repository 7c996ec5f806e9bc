import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import type { Head, RecordedEvent } from "../../../core/ports/mod.ts";
import { eventsIn } from "../../harness/contract/log/support.ts";
import { openTestApp } from "../../support/app.ts";
import { feed } from "./example.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the package's README shows the example", () => {
  const [, ...code] = read("./example.ts").split(/\n\n(?=\/\*\*)/);
  const shown = code.join("\n\n").replace("export ", "").trim();
  assert.ok(read("../../../adapters/package/README.md").includes("```ts\n" + shown + "\n```\n"));
});

test("the example feeds a target through two runs, with what was appended in between", async () => {
  const log = openMemoryLog();
  const app = openTestApp({ log });
  const taken = new Map<string, RecordedEvent[]>();
  const heads = new Map<string, Head>();
  const run = async (until: number): Promise<void> => {
    const ending = new AbortController();
    await feed(app.ledger, {
      heads: () => Promise.resolve(Object.fromEntries(heads)),
      take: (organization, events, head) => {
        const all = [...taken.get(organization) ?? [], ...events];
        taken.set(organization, all);
        heads.set(organization, head);
        assert.equal(all.length, head.position);
        if ((taken.get("acme")?.length ?? 0) >= until) ending.abort();
        return Promise.resolve();
      },
    }, ending.signal);
  };
  const token = await app.organization("acme");
  await run(2);
  const body = { phoneNumber: "+14155550101", teamId: "acme" };
  await app.request("POST", "/api/phone-numbers/purchase", { token, body });
  const events = await eventsIn(log, "acme");
  assert.ok(events.length > 2);
  await run(events.length);
  assert.deepEqual(taken.get("acme"), events);
  await app.close();
});
