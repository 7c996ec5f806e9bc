/** Reading the entries of credits, over any log: what a page holds, and what it may cost. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Ledger } from "../../../adapters/ledger/mod.ts";
import type { EventDraft, EventLog } from "../../../core/ports/mod.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { InvalidArgument } from "../../../adapters/validation/argument.ts";
import { money } from "../../../core/values/money.ts";
import { newOrganization } from "../../harness/contract/log/support.ts";
import { openIdleLedger } from "../../support/ledger.ts";

const caller = (organization: string) => ({ organization, actor: OPERATOR });

const AN_EVENT: EventDraft = {
  type: "AssistantNamed",
  version: 1,
  data: { assistant: "a", name: "A" },
};

const appendAll = (log: EventLog, organization: string, events: readonly EventDraft[]) =>
  log.append({
    organization,
    expected: "any",
    at: 0,
    actor: OPERATOR,
    command: null,
    events,
    rows: [],
    claims: [],
    free: [],
  });

/** The log, and how many events were read of it. */
const counting = (log: EventLog) => {
  const counted = { read: 0 };
  const events: EventLog["events"] = async (...asked) => {
    const page = await log.events(...asked);
    counted.read += page.length;
    return page;
  };
  return { counted, log: { ...log, events } };
};

type Opened = { readonly ledger: Ledger; readonly organization: string };

/** A new organization, with credits added so many times. */
const opened = async (ledger: Ledger, additions: number): Promise<Opened> => {
  const organization = newOrganization();
  await ledger.operator.open(organization, { name: "Acme", plan: "Prepaid" });
  for (let nth = 1; nth <= additions; nth++) {
    const added = await ledger.operator.addCredits(organization, { amount: money(nth) });
    assert.ok(added.ok);
  }
  return { ledger, organization };
};

const amountsOf = async ({ ledger, organization }: Opened, page = {}) => {
  const { entries, next } = await ledger.credits.entries(caller(organization), page);
  return { amounts: entries.map(({ amount }) => amount.micros), next };
};

/** The suite, over a log of this name. */
export const creditSpecifications = (name: string, openLog: () => Promise<EventLog>): void => {
  describe(`the entries of credits (${name})`, () => {
    let log: EventLog;
    let ledger: Ledger;
    let counted: { read: number };
    before(async () => {
      ({ log, counted } = counting(await openLog()));
      ledger = openIdleLedger(log);
    });
    after(() => ledger.close());

    test("come the latest first, and there are none of an organization that is unknown", async () => {
      const acme = await opened(ledger, 3);
      assert.deepEqual(await amountsOf(acme), { amounts: [3, 2, 1], next: null });
      const nobody = { ledger, organization: newOrganization() };
      assert.deepEqual(await amountsOf(nobody), { amounts: [], next: null });
    });

    test("come in pages that what is appended meanwhile does not move", async () => {
      const acme = await opened(ledger, 4);
      const first = await amountsOf(acme, { limit: 2 });
      assert.deepEqual(first.amounts, [4, 3]);
      await ledger.operator.addCredits(acme.organization, { amount: money(5) });
      const second = await amountsOf(acme, { limit: 2, before: first.next });
      assert.deepEqual(second.amounts, [2, 1]);
    });

    test("are refused from where no page can have ended", async () => {
      const acme = await opened(ledger, 2);
      const { next } = await amountsOf(acme, { limit: 1 });
      assert.ok(next !== null);
      assert.deepEqual(await amountsOf(acme, { before: next }), { amounts: [1], next: null });
      for (const before of [1, next + 1, next + 2_048, Number.MAX_SAFE_INTEGER]) {
        await assert.rejects(
          amountsOf(acme, { before }),
          (error) => error instanceof InvalidArgument && error.path === "page.before",
          String(before),
        );
      }
    });

    test("of one page cost a bounded part of a long log, and the next page goes on", async () => {
      const acme = await opened(ledger, 1);
      for (let batch = 0; batch < 10; batch++) {
        await appendAll(log, acme.organization, Array.from({ length: 500 }, () => AN_EVENT));
      }
      const pages: number[][] = [];
      let before: number | undefined;
      do {
        counted.read = 0;
        const { amounts, next } = await amountsOf(acme, { before });
        assert.ok(counted.read <= 2_048, `${counted.read} events were read for one page`);
        pages.push(amounts);
        before = next ?? undefined;
      } while (before !== undefined);
      assert.deepEqual(pages, [[], [], [1]]);
      await assert.rejects(amountsOf(acme, { before: 1 }), InvalidArgument);
    });

    test("of a full page cost no more than its own part of the log", async () => {
      const acme = await opened(ledger, 300);
      counted.read = 0;
      const { amounts } = await amountsOf(acme, { limit: 5 });
      assert.deepEqual(amounts, [300, 299, 298, 297, 296]);
      assert.ok(counted.read <= 64, `${counted.read} events were read for five entries`);
    });
  });
};
