/**
 * Reconciles a million numbers of a hundred thousand organizations, which are made as they are
 * read, and prints what was found, the most memory that it took in MB, and whether other work of
 * the process went on meanwhile. Argument: how many of them the carrier no longer has.
 */
import process from "node:process";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openLedger } from "../../adapters/runtimes/library/mod.ts";
import type { Carrier, ClaimedRows, ClaimKeys, EventLog } from "../../core/ports/mod.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { ok } from "../../core/values/result.ts";
import { numbers } from "../../core/number/state.ts";
import { at, stateAfter } from "../harness/specification.ts";
import { opened, PN, purchased, requested } from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const NUMBERS = 1_000_000;
const ORGANIZATIONS = 100_000;
const INVENTORY_PAGE = 250;
const FIRST = 2_000_000_000;
const PREFIX = "sandbox:";

const lost = Number(process.argv[2] ?? 0);
const holding = stateAfter(at(NOON, opened(), requested(), purchased(NOON))).get(numbers, PN);
const template = JSON.stringify(holding);

const e164Of = (place: number): E164 => `+1${FIRST + place}`;
const placeOf = (key: string): number => Number(key.slice(PREFIX.length + 2)) - FIRST;

const claimedBy = (place: number): ClaimedRows => {
  const holder = `pn_${place}`;
  const data = { ...JSON.parse(template), id: holder, e164: e164Of(place) };
  return {
    claim: {
      key: `${PREFIX}${e164Of(place)}` as ClaimedRows["claim"]["key"],
      organization: `org_${place % ORGANIZATIONS}`,
      holder,
    },
    rows: [{ kind: numbers.kind, key: holder, work: null, data }],
  };
};

let most = 0;
const measure = (): void => {
  most = Math.max(most, process.memoryUsage().rss);
};

const claims = (keys: ClaimKeys): readonly ClaimedRows[] => {
  measure();
  if (!("after" in keys)) {
    return keys.map(placeOf).filter((place) => place >= 0 && place < NUMBERS).map(claimedBy);
  }
  const first = keys.after === `${PREFIX}+` ? 0 : placeOf(keys.after) + 1;
  const length = Math.max(0, Math.min(keys.limit, NUMBERS - first));
  return Array.from({ length }, (_, index) => claimedBy(first + index));
};

/** The numbers that the carrier has, as many of which are nobody's as it has lost of ours. */
const inventory: Carrier["inventory"] = (after) => {
  measure();
  const first = Number(after ?? lost);
  const length = Math.min(INVENTORY_PAGE, NUMBERS + lost - first);
  const page = Array.from({ length }, (_, index) => {
    const e164 = e164Of(first + index);
    const orderKey = first + index < NUMBERS ? "od_1" : null;
    return { e164, carrierId: `carrier_${PN}`, status: "active", orderKey, connectionId: null };
  }) as readonly Parameters<Carrier["connect"]>[0][];
  const end = first + length;
  return Promise.resolve(ok({
    numbers: page as never,
    next: end < NUMBERS + lost ? String(end) : null,
  }));
};

const clock = openTestClock(Date.parse(NOON) + DAY_MS);
const log: EventLog = {
  ...openMemoryLog(),
  claims: (keys) => Promise.resolve(claims(keys)),
};
const carrier = { ...openSandboxCarrier({ clock }), inventory };
const ledger = await openLedger({ log, carrier, clock, runsAutomations: false });
let turns = 0;
const turning = setInterval(() => turns++, 1);
const done = await ledger.reconciliation.run();
clearInterval(turning);
const report = done.ok ? done.value : null;
console.log(JSON.stringify({ seen: report?.seen, drifted: report?.drifted }));
console.log(report?.drifts.length, turns > 1_000 ? "others went on" : `blocked: ${turns}`);
console.log(Math.round(most / 1_048_576));
await ledger.close();
