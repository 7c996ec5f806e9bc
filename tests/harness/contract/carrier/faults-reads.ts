/** How every carrier answers a query while its transport fails: never that there is nothing. */
import assert from "node:assert/strict";
import type { CarrierError } from "../../../../core/ports/mod.ts";
import type { Result } from "../../../../core/values/result.ts";
import type { CarrierCallName } from "../../faulty-carrier.ts";
import { skip, type Test } from "../../runner.ts";
import { buy, type CarrierSubject, first } from "../carrier-support.ts";
import { NOT_TAKEN, TAKEN } from "../transport.ts";
import { assertFails, failing, MAYBE_TAKEN, SURELY_NOT } from "./faults-support.ts";

type Bought = Awaited<ReturnType<typeof buy>>;

type Ask = (
  subject: CarrierSubject,
  bought: Bought,
) => Promise<Result<unknown, CarrierError>>;

const NAMES = [
  "search",
  "quote",
  "findOrder",
  "findNumber",
  "inventory",
  "has",
  "requirements",
] as const satisfies readonly CarrierCallName[];

const READS: Readonly<Record<(typeof NAMES)[number], Ask>> = {
  search: ({ carrier, filters }) => carrier.search(filters),
  quote: ({ carrier, notOffered }) => carrier.quote(notOffered),
  findOrder: ({ carrier }, { key }) => carrier.findOrder(key),
  findNumber: ({ carrier }, { e164 }) => carrier.findNumber(e164),
  inventory: ({ carrier }) => carrier.inventory(null),
  has: ({ carrier }, bought) => carrier.has(bought),
  requirements: ({ carrier, filters }) =>
    carrier.requirements?.(filters) ?? assert.fail("a carrier that does not say is not asked"),
};

/** Queries, each of which has an answer: an error that is taken for "none" loses a paid number. */
export const readingWhileFailing = (test: Test, subject: () => CarrierSubject): void => {
  for (const call of NAMES) {
    test(`${call} is an error, and not an answer, whatever goes wrong on the way`, async () => {
      if (subject().carrier[call] === undefined) skip(`the carrier has no \`${call}\``);
      const bought = await buy(subject(), (await first(subject())).e164);
      const ask = () => READS[call](subject(), bought);
      for (const fault of NOT_TAKEN) {
        assertFails(await failing(subject(), fault, [call], ask), SURELY_NOT, fault);
      }
      for (const fault of TAKEN) {
        assertFails(await failing(subject(), fault, [call], ask), MAYBE_TAKEN, fault);
      }
    });
  }
};
