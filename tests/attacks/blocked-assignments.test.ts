/**
 * An assignment whose database does not answer blocks no process: no other assignment waits for it.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Append, EventLog } from "../../core/ports/mod.ts";
import { openTestApp, SIP } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

/** A log whose answer to an append is withheld where `isBlocked` says so, until `open`. */
const openBlocked = (isBlocked: (append: Append) => boolean) => {
  const log = openMemoryLog();
  const { opened, open } = gate();
  let count = 0;
  const append: EventLog["append"] = async (input) => {
    if (isBlocked(input)) {
      count += 1;
      await opened;
    }
    return await log.append(input);
  };
  return { log: { ...log, append }, open, blocked: () => count };
};

const isAssignment = ({ events }: Append): boolean =>
  events.some(({ type }) => type === "NumberAssigned");

/** An organization with a number, and how it assigns that. */
const settle = async (app: ReturnType<typeof openTestApp>, id: string, place: number) => {
  const token = await app.organization(id, "Scale");
  const importing = (digit: number) =>
    app.request("POST", "/v1/phone-numbers/import", {
      token,
      body: { e164: `+4930${place}00000${digit}0`, sipConnectionInstallationId: SIP.id },
    });
  const { json } = await importing(0);
  const path = "/api/assistants/assistant/telephony/phone-numbers";
  const body = { phoneNumberIds: [json.id] };
  return { importing, assign: () => app.request("PATCH", path, { token, body }) };
};

for (const [where, isEmbedded] of [["here", true], ["elsewhere", undefined]] as const) {
  describe(`with a database ${where}, an assignment`, { timeout: 600_000 }, () => {
    const open = (isBlocked: (append: Append) => boolean) => {
      const { log: { isEmbedded: _, ...rest }, ...blocking } = openBlocked(isBlocked);
      const log = isEmbedded === true ? { ...rest, isEmbedded } : rest;
      return { app: openTestApp({ log, runsAutomations: false }), ...blocking };
    };

    test("does not wait for those of others that are not answered", async () => {
      const { app, open: unblock, blocked } = open((append) =>
        append.organization.startsWith("stuck") && isAssignment(append)
      );
      const stuck = [];
      for (const place of [1, 2, 3]) stuck.push(await settle(app, `stuck-${place}`, place));
      const { assign } = await settle(app, "other", 4);
      const hanging = stuck.map((each) => each.assign());
      await until(() => blocked() >= 1);
      assert.equal((await assign()).status, 200);
      await until(() => blocked() === 3);
      assert.equal((await assign()).status, 200);
      unblock();
      for (const { status } of await Promise.all(hanging)) assert.equal(status, 200);
      await app.close();
    });

    test("has no turn while another command of its own organization is waited for", async () => {
      let isArmed = false;
      const { app, open: unblock, blocked } = open(({ organization }) =>
        isArmed && organization === "stuck"
      );
      const stuck = await settle(app, "stuck", 1);
      const other = await settle(app, "other", 2);
      isArmed = true;
      const importing = stuck.importing(1);
      await until(() => blocked() === 1);
      const waiting = stuck.assign();
      assert.equal((await other.assign()).status, 200);
      unblock();
      assert.deepEqual([(await importing).status, (await waiting).status], [200, 200]);
      await app.close();
    });
  });
}

test("an assignment is answered before the pause that it leaves others", async () => {
  const log = openMemoryLog();
  const order: string[] = [];
  const append: EventLog["append"] = (input) => {
    if (isAssignment(input)) {
      order.push(`${input.organization} writes`);
      const until = performance.now() + 300;
      while (performance.now() < until);
    }
    return log.append(input);
  };
  const app = openTestApp({ log: { ...log, append }, runsAutomations: false });
  const [one, two] = [await settle(app, "one", 1), await settle(app, "two", 2)];
  const asked = async (name: string, assign: typeof one.assign) => {
    const { status } = await assign();
    order.push(`${name} is answered`);
    assert.equal(status, 200);
  };
  await Promise.all([asked("one", one.assign), asked("two", two.assign)]);
  assert.deepEqual(order, [
    "one writes",
    "one is answered",
    "two writes",
    "two is answered",
  ]);
  await app.close();
});
