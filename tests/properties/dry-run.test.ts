/** A dry run tells what a call then does, whatever was done before, and does nothing itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Caller, DryCall, Ledger } from "../../adapters/ledger/mod.ts";
import type { RecordedEvent } from "../../core/ports/mod.ts";
import type { ReleaseRequests, VerificationCalls } from "../../adapters/ledger/api/mod.ts";
import { runs } from "../support/runs.ts";
import { eventsOf, forAnyRun, perform, type Stage } from "./runs.ts";
import { ORGANIZATIONS } from "./steps.ts";

type Told = Pick<RecordedEvent, "type" | "version" | "data">;
type Answer = { readonly ok: boolean; readonly error?: { readonly code: string } };

/** Ids are made by the call itself: a dry run has zeros for them. */
const MADE = /\b(pn|od|rr|vs)_[0-9a-z]+(?:_[0-9a-z]+)*/g;

/** Events without the ids that were made for them; `known` are those of before. */
const shownOf = (events: readonly Told[], known: string): string =>
  JSON.stringify(events.map(({ type, version, data }) => ({ type, version, data })))
    .replaceAll(MADE, (id) => known.includes(id) ? id : "made");

/** All that is in the logs, and in a claim. */
const logsOf = async (stage: Stage) =>
  JSON.stringify([
    await Promise.all(ORGANIZATIONS.map((organization) => eventsOf(stage, organization))),
    await stage.log.heads("", 100),
  ]);

/** How often a dry run had events, a refusal, and nothing to do. */
type Seen = { events: number; refusals: number; nothing: number };

/** Gives the dry run first, and then the call, which must do what was told. */
const comparing = (stage: Stage, seen: Seen) =>
async <Done extends Answer>(
  caller: Caller,
  planned: DryCall,
  call: () => Promise<Done>,
): Promise<Done> => {
  const before = await logsOf(stage);
  const dry = await stage.ledger.dryRun(caller, planned);
  assert.equal(await logsOf(stage), before, "a dry run wrote");
  const { length: position } = await eventsOf(stage, caller.organization);
  const done = await call();
  const added = (await eventsOf(stage, caller.organization)).slice(position);
  if (!dry.ok) {
    seen.refusals += 1;
    assert.deepEqual([done.ok, done.error?.code], [false, dry.error.code], dry.error.message);
    assert.deepEqual(added, []);
    return done;
  }
  const { events } = dry.value;
  if (events.length === 0) seen.nothing += 1;
  else seen.events += 1;
  // What a carrier then does, or a payment, adds more.
  assert.equal(
    shownOf(added.slice(0, events.length), before),
    shownOf(events, before),
    JSON.stringify(planned),
  );
  if (events.length === 0) assert.ok(done.ok, JSON.stringify(done));
  return done;
};

/** The ledger, each of whose calls that a dry run can plan is planned first. */
const planning = (stage: Stage, seen: Seen): Ledger => {
  const { ledger } = stage;
  const compare = comparing(stage, seen);
  /** What was done is given again, which leaves nothing to do. */
  const twice: typeof compare = async (caller, planned, call) => {
    const done = await compare(caller, planned, call);
    return done.ok ? await compare(caller, planned, call) : done;
  };
  const releaseRequests: ReleaseRequests = {
    ...ledger.releaseRequests,
    request: (caller, input, options) =>
      compare(
        caller,
        { call: "releaseRequests.request", input },
        () => ledger.releaseRequests.request(caller, input, options),
      ),
    cancel: (caller, id) =>
      compare(
        caller,
        { call: "releaseRequests.cancel", id },
        () => ledger.releaseRequests.cancel(caller, id),
      ),
  };
  const verification: VerificationCalls = {
    ...ledger.verification,
    draft: (caller, content) =>
      compare(
        caller,
        { call: "verification.draft", content },
        () => ledger.verification.draft(caller, content),
      ),
    submit: (caller, content) =>
      compare(
        caller,
        { call: "verification.submit", content },
        () => ledger.verification.submit(caller, content),
      ),
  };
  return {
    ...ledger,
    purchase: (caller, input, options) =>
      compare(caller, { call: "purchase", input }, () => ledger.purchase(caller, input, options)),
    import: (caller, input, options) =>
      compare(caller, { call: "import", input }, () => ledger.import(caller, input, options)),
    route: (caller, id, input) =>
      compare(caller, { call: "route", id, input }, () => ledger.route(caller, id, input)),
    assign: (caller, assistant, ids) =>
      twice(
        caller,
        { call: "assign", assistant, ids },
        () => ledger.assign(caller, assistant, ids),
      ),
    setAutoRenewal: (caller, id, on) =>
      twice(
        caller,
        { call: "setAutoRenewal", id, on },
        () => ledger.setAutoRenewal(caller, id, on),
      ),
    release: (caller, id) =>
      compare(caller, { call: "release", id }, () => ledger.release(caller, id)),
    releaseRequests,
    verification,
  };
};

test("a dry run has the events that the call then adds, or its refusal, and writes nothing", async () => {
  const seen: Seen = { events: 0, refusals: 0, nothing: 0 };
  await forAnyRun(
    runs(60),
    40,
    (run) =>
      perform(run, () => Promise.resolve(), undefined, (stage) => ({
        ...stage,
        ledger: planning(stage, seen),
      })),
  );

  for (const [outcome, count] of Object.entries(seen)) assert.ok(count > 0, `no ${outcome}`);
});
