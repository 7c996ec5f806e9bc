/**
 * Numbers of every area code of the North American plan, bought without a search before. The
 * carrier decides which of them are in service: libphonenumber, whose tables are older than the
 * plan, refuses none.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openInventory } from "../../adapters/carrier/sandbox/inventory.ts";
import { CANADA } from "../../adapters/carrier/sandbox/plans/canada.ts";
import { US_A_TO_M } from "../../adapters/carrier/sandbox/plans/us-a-m.ts";
import { US_N_TO_W } from "../../adapters/carrier/sandbox/plans/us-n-w.ts";
import type { E164 } from "../../core/values/e164.ts";
import { spekoCall } from "../http/speko-support.ts";
import { forEachAtOnce, type TelnyxApp, withTelnyx } from "./support.ts";

const AMERICAN = Object.keys({ ...US_A_TO_M, ...US_N_TO_W });
const CANADIAN = Object.keys(CANADA);
const TOLL_FREE = ["800", "833", "844", "855", "866", "877", "888"];

/** In service, and newer than the tables of libphonenumber 1.13.16. */
const NEW = ["357", "436", "621", "624", "679", "729", "837", "861", "924"];

/** The plan's other countries, in which the emulated carrier sells nothing. */
const ISLANDS = `
  242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868
  869 876 939`.trim().split(/\s+/);

/** Not assigned: reserved, or left for an expansion of the plan (N9X, 37X, 96X). */
const UNASSIGNED = ["222", "233", "244", "299", "322", "370", "399", "490", "555", "960"];

const numberOf = (areaCode: string): E164 => `+1${areaCode}2345678`;

/** The answers to purchases of a number of each area code, none of them searched before. */
const buyEach = async (
  areaCodes: readonly string[],
  use: (answers: ReadonlyMap<string, readonly [number, string]>, opened: TelnyxApp) => void,
): Promise<void> =>
  await withTelnyx({}, async (opened) => {
    const call = spekoCall(opened.app, await opened.app.organization("acme", "Large"));
    const answers = new Map<string, readonly [number, string]>();
    await forEachAtOnce(areaCodes, 8, async (areaCode) => {
      const { status, json } = await call("POST", "", { e164: numberOf(areaCode) });
      answers.set(areaCode, [status, json.code ?? json.e164]);
    });
    // One at least for each: the number is looked for before anything else is said of it.
    assert.ok(opened.telnyx.requests("search") >= areaCodes.length);
    use(answers, opened);
  });

describe("without a search before, a number is bought", () => {
  for (
    const [what, areaCodes] of [
      ["of every area code of the United States", AMERICAN],
      ["of every area code of Canada", CANADIAN],
      ["of every toll-free prefix", TOLL_FREE],
    ] as const
  ) {
    test(what, () =>
      buyEach(areaCodes, (answers, { telnyx }) => {
        const refused = areaCodes.filter((areaCode) => answers.get(areaCode)?.[0] !== 200);
        assert.deepEqual(refused.map((areaCode) => [areaCode, answers.get(areaCode)]), []);
        assert.equal(telnyx.numbers().length, areaCodes.length);
      }));
  }

  test("among them those that libphonenumber does not know", () => {
    for (const areaCode of NEW) assert.ok(AMERICAN.includes(areaCode), areaCode);
  });
});

test("a number that the carrier does not have is asked for, and then not available", () =>
  buyEach([...UNASSIGNED, ...ISLANDS], (answers, { telnyx }) => {
    for (const [areaCode, answer] of answers) {
      assert.deepEqual(answer, [404, "NUMBER_NOT_AVAILABLE"], areaCode);
    }
    assert.deepEqual(telnyx.orders(), []);
  }));

test("an unassigned code is in no list of assigned ones", () => {
  const assigned = new Set([...AMERICAN, ...CANADIAN, ...TOLL_FREE, ...ISLANDS]);
  assert.deepEqual(UNASSIGNED.filter((areaCode) => assigned.has(areaCode)), []);
  const inventory = openInventory();
  for (const areaCode of UNASSIGNED) assert.equal(inventory.offerOf(numberOf(areaCode)), undefined);
});
