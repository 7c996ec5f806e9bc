import assert from "node:assert/strict";
import { EMPTY_HEAD, verifyChain } from "../../../../core/log/chain.ts";
import { digest } from "../../../../adapters/log/digest.ts";
import type { AppendOutcome, EventLog } from "../../../../core/ports/mod.ts";
import {
  appendTo,
  appendUntilDone,
  drafts,
  eventsIn,
  headOf,
  newNumber,
  newOrganization,
  rowOf,
} from "./support.ts";
import type { Test } from "../../runner.ts";
import type { TheLog } from "./support.ts";

const CALLERS = 64;

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

const countOf = (outcomes: readonly AppendOutcome[], kind: AppendOutcome["outcome"]): number =>
  outcomes.filter(({ outcome }) => outcome === kind).length;

const assertWhole = async (log: EventLog, organization: string, count: number): Promise<void> => {
  const events = await eventsIn(log, organization);
  assert.deepEqual(events.map(({ position }) => position), times(count, (index) => index + 1));
  const head = await headOf(log, organization);
  assert.deepEqual(verifyChain(events, EMPTY_HEAD, digest), { ok: true, value: head });
};

const callers = (test: Test, theLog: TheLog): void => {
  test(`append leaves no gap when ${CALLERS} callers write to one organization`, async () => {
    const log = theLog();
    const organization = newOrganization();
    const outcomes = await Promise.all(
      times(
        CALLERS,
        (index) =>
          index % 2 === 0
            ? log.append(appendTo(organization, { expected: "any", events: drafts(2) }))
            : appendUntilDone(log, appendTo(organization, { events: drafts(2) })),
      ),
    );
    assert.equal(countOf(outcomes, "appended"), CALLERS);
    await assertWhole(log, organization, 2 * CALLERS);
  });

  test(`append leaves no gap when ${CALLERS} callers write to as many organizations`, async () => {
    const log = theLog();
    const organizations = times(CALLERS, () => newOrganization());
    await Promise.all(organizations.map(async (organization) => {
      for (let round = 0; round < 3; round += 1) {
        const expected = await headOf(log, organization);
        const outcome = await log.append(appendTo(organization, { expected }));
        assert.equal(outcome.outcome, "appended");
      }
    }));
    for (const organization of organizations) await assertWhole(log, organization, 3);
  });

  test("append adds a command once when it is given many times at the same time", async () => {
    const log = theLog();
    const organization = newOrganization();
    const command = { id: "c-1", fingerprint: "f" };
    const outcomes = await Promise.all(
      times(20, () => appendUntilDone(log, appendTo(organization, { command, expected: "any" }))),
    );
    assert.equal(countOf(outcomes, "appended"), 1);
    assert.equal(countOf(outcomes, "repeated"), 19);
    await assertWhole(log, organization, 1);
  });
};

const races = (test: Test, theLog: TheLog): void => {
  test("append lets exactly one writer win when two create a log, in 1,000 races", async () => {
    const log = theLog();
    for (let hundred = 0; hundred < 10; hundred += 1) {
      await Promise.all(times(100, async () => {
        const organization = newOrganization();
        const outcomes = await Promise.all([
          log.append(appendTo(organization)),
          log.append(appendTo(organization)),
        ]);
        assert.equal(countOf(outcomes, "appended"), 1);
        assert.equal(countOf(outcomes, "conflict"), 1);
        assert.equal((await headOf(log, organization)).position, 1);
      }));
    }
  });

  test("append gives a number to exactly one when forty organizations want it", async () => {
    const log = theLog();
    const e164 = newNumber();
    const organizations = times(40, () => newOrganization());
    const outcomes = await Promise.all(
      organizations.map((organization) =>
        log.append(
          appendTo(organization, { claims: [{ key: e164, holder: `pn_${organization}` }] }),
        )
      ),
    );
    assert.equal(countOf(outcomes, "appended"), 1);
    assert.equal(countOf(outcomes, "claimed"), 39);
    const winner = organizations[outcomes.findIndex(({ outcome }) => outcome === "appended")];
    const claim = { key: e164, organization: winner, holder: `pn_${winner}` };
    for (const outcome of outcomes) {
      if (outcome.outcome === "claimed") assert.deepEqual(outcome.claim, claim);
    }
    const heads = await Promise.all(organizations.map((each) => headOf(log, each)));
    assert.equal(heads.reduce((sum, { position }) => sum + position, 0), 1);
  });

  test("append keeps one holder when a number is freed and taken at the same time", async () => {
    const log = theLog();
    const [one, other, e164] = [newOrganization(), newOrganization(), newNumber()];
    const claim = { key: e164, holder: "pn_1" };
    for (let round = 0; round < 20; round += 1) {
      const [from, to] = round % 2 === 0 ? [one, other] : [other, one];
      await log.append(appendTo(from, { expected: "any", claims: [claim] }));
      const [, taken] = await Promise.all([
        log.append(appendTo(from, { expected: "any", free: [claim] })),
        log.append(appendTo(to, { expected: "any", claims: [claim] })),
      ]);
      const held = (await log.load("", { claims: [e164] })).claims[0];
      assert.equal(held?.organization ?? null, taken.outcome === "appended" ? to : null);
      await log.append(appendTo(to, { expected: "any", free: [claim] }));
    }
  });
};

const snapshots = (test: Test, theLog: TheLog): void => {
  test("load never sees half an append when appends are under way", async () => {
    const log = theLog();
    const organization = newOrganization();
    const write = async (): Promise<void> => {
      for (let round = 1; round <= 40; round += 1) {
        const rows = [rowOf("a", round), rowOf("b", round)];
        const command = { id: `c-${round}`, fingerprint: "f" };
        const events = drafts(2);
        await log.append(appendTo(organization, { expected: "any", rows, command, events }));
      }
    };
    let writing = true;
    const read = async (): Promise<void> => {
      while (writing) {
        const { head, rows } = await log.load(organization, { kinds: ["number"] });
        const round = head.position / 2;
        assert.deepEqual(rows, round === 0 ? [] : [rowOf("a", round), rowOf("b", round)]);
        const { commands } = await log.load(organization, { commands: [`c-${round + 1}`] });
        for (const { events } of commands) assert.equal(events.length, 2);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const written = write().finally(() => {
      writing = false;
    });
    await Promise.all([written, read(), read()]);
  });
};

/** Callers at the same time. */
export const concurrency = (test: Test, theLog: TheLog): void => {
  callers(test, theLog);
  races(test, theLog);
  snapshots(test, theLog);
};
