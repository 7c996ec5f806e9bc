import { test } from "node:test";
import fc from "fast-check";
import { openLedger } from "ledgerline";
import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
import { createApp } from "ledgerline/http";
import { openMemoryLog } from "ledgerline/memory";
import {
  httpClient,
  ledgerClient,
  numberCommands,
  openFaultyCarrier,
  openTestClock,
  runCommands,
} from "ledgerline/testing";

const DAYS_MS = 24 * 60 * 60 * 1000;
const maxNumbers = 10;
/** @type {import("ledgerline").Caller} */
const alice = {
  organization: "acme",
  actor: { kind: "user", tokenId: "session-7", email: "alice@example.com", name: "Alice Johnson" },
};

/** A ledger for one run, on a clock that does not advance and a carrier that fails by this seed. */
const open = async (/** @type {number} */ seed) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const { carrier } = openFaultyCarrier(openSandboxCarrier({ clock }), { seed, slowMs: 1 });
  const log = openMemoryLog();
  const ledger = await openLedger({ log, carrier, clock, setClock: clock.set, waitMs: 5 });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const pass = async () => {
    await ledger.operator.advanceClock(40 * DAYS_MS);
  };
  return { ledger, pass };
};

test("whatever is done, by library calls, the numbers are as they must be", () =>
  fc.assert(
    fc.asyncProperty(numberCommands(), fc.integer(), async (commands, seed) => {
      const { ledger, pass } = await open(seed);
      try {
        await runCommands(ledgerClient(ledger, alice), commands, { maxNumbers, pass });
      } finally {
        await ledger.close();
      }
    }),
    { numRuns: 10 },
  ));

test("and over HTTP", () =>
  fc.assert(
    fc.asyncProperty(numberCommands(), fc.integer(), async (commands, seed) => {
      const { ledger, pass } = await open(seed);
      const user = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
      const issued = await ledger.operator.issueToken("acme", user);
      if (!issued.ok) throw new Error(issued.error.message);
      const { token } = issued.value;
      const app = createApp({ ledger, adminToken: null });
      // Without `fetch` it is any server's URL; `teamId` is for Talkturo's dialect alone.
      const api = { baseUrl: "http://localhost:8787", token, fetch: app.fetch };
      try {
        const client = httpClient({ ...api, dialect: "talkturo", teamId: "acme" });
        await runCommands(client, commands, { maxNumbers, pass });
      } finally {
        await ledger.close();
      }
    }),
    { numRuns: 10 },
  ));
