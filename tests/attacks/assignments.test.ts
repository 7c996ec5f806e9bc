/**
 * One assignment may write a thousand numbers, and an embedded database blocks the process while it
 * does. Many concurrent ones still leave half of the process to others, and organizations take
 * turns.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { openTestApp, SIP } from "../support/app.ts";

const HOLD_MS = 100;

/** An application whose log blocks the process for every assignment of the greedy organization. */
const openSlow = async () => {
  const log = openMemoryLog();
  const assigned: string[] = [];
  let onHold = (): void => undefined;
  const append: EventLog["append"] = (input) => {
    if (input.events.some(({ type }) => type === "NumberAssigned")) {
      assigned.push(input.organization);
      if (input.organization === "greedy") {
        const until = performance.now() + HOLD_MS;
        while (performance.now() < until);
        onHold();
      }
    }
    return log.append(input);
  };
  const app = openTestApp({ log: { ...log, append }, runsAutomations: false });
  const settle = async (id: string) => {
    const token = await app.organization(id, "Scale");
    const body = {
      e164: `+4930${id === "greedy" ? 1 : 2}0000000`,
      sipConnectionInstallationId: SIP.id,
    };
    const imported = await app.request("POST", "/v1/phone-numbers/import", { token, body });
    assert.equal(imported.status, 200);
    const assign = (assistant: string) =>
      app.request("PATCH", `/api/assistants/${assistant}/telephony/phone-numbers`, {
        token,
        body: { phoneNumberIds: [imported.json.id] },
      });
    return { token, assign };
  };
  return {
    app,
    assigned,
    greedy: await settle("greedy"),
    other: await settle("other"),
    onHold: (listener: () => void) => void (onHold = listener),
  };
};

test("others get their turn between the assignments of one organization", async () => {
  const { app, greedy, other, onHold } = await openSlow();
  let served = 0;
  const servedBefore: number[] = [];
  onHold(() => servedBefore.push(served));
  let isDone = false;
  const reading = (async () => {
    while (!isDone) {
      await app.request("GET", "/v1/phone-numbers", { token: other.token });
      served += 1;
      await new Promise((next) => setTimeout(next, 0));
    }
  })();
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, place) => greedy.assign(`assistant-${place}`)),
  );
  isDone = true;
  await reading;
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(servedBefore.length, 6);
  // A single one may be disadvantaged on a busy machine, but not all together.
  const between = servedBefore.slice(1).map((before, place) => before - (servedBefore[place] ?? 0));
  const total = between.reduce((sum, count) => sum + count, 0);
  assert.ok(between.every((count) => count >= 1), `${between} were served between assignments`);
  assert.ok(total >= 3 * between.length, `${between} were served between assignments`);
  await app.close();
});

test("another organization's assignment waits for one of them, and not for all", async () => {
  const { app, greedy, other, assigned } = await openSlow();
  const many = Array.from({ length: 12 }, (_, place) => greedy.assign(`assistant-${place}`));
  const { status } = await other.assign("assistant-1");
  assert.equal(status, 200);
  assert.ok(assigned.indexOf("other") <= 2, assigned.join(" "));
  for (const answer of await Promise.all(many)) assert.equal(answer.status, 200);
  await app.close();
});
