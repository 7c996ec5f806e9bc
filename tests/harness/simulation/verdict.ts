/** What must hold at the end of a run, when all faults have ended and time has passed. */
import { messageOf } from "../../../core/values/error-message.ts";
import { digest } from "../../../adapters/log/digest.ts";
import { claimKeysOf } from "../../../core/values/claim-key.ts";
import { PAST } from "../../../adapters/ledger/engine/past-rows.ts";
import { rebuildOrganization } from "../../../adapters/ledger/rebuild/mod.ts";
import { EMPTY_HEAD, verifyChain } from "../../../core/log/chain.ts";
import type { Fact } from "../../../core/events/vocabulary.ts";
import { SUBJECTS } from "../../../core/registry/subjects.ts";
import { charges } from "../../../core/number/charges.ts";
import { numbers } from "../../../core/number/state.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import type { EventLog, Row } from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { verifications } from "../../../core/verification/state.ts";
import { domainRules } from "../rules.ts";
import type { CarrierBooks } from "./carrier.ts";
import { type Checker, demand, Violation } from "./checker.ts";
import type { PaymentBooks } from "./payments.ts";

/** All that is left of a run. */
export type Remains = {
  readonly log: EventLog;
  readonly carrier: CarrierBooks;
  readonly payments: PaymentBooks;
  readonly notices: ReadonlySet<string>;
  readonly checker: Checker;
  /** The time that the ledgers see, and by how much it was set back. */
  readonly now: Instant;
  readonly setBackMs: Milliseconds;
};

const KINDS = [...SUBJECTS.map(({ kind }) => kind), ...Object.values(PAST)];

/** The domain's rules over every prefix of an organization's facts. */
const checkDomain = (facts: readonly Fact[], setBackMs: Milliseconds): void => {
  try {
    for (const check of domainRules(setBackMs)) check(facts);
  } catch (error) {
    throw new Violation("domain", messageOf(error));
  }
};

const nameOf = ({ kind, key }: Row): string => JSON.stringify([kind, key]);

const rowsIn = async (log: EventLog, organization: string): Promise<string> => {
  const { rows } = await log.load(organization, { kinds: KINDS });
  return JSON.stringify(rows.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)));
};

const claimsIn = async (log: EventLog, checker: Checker): Promise<string> => {
  const held = checker.organizations().flatMap((organization) =>
    checker.state(organization).all(numbers)
  );
  const claims = await Promise.all(
    held.map(async ({ e164 }) => (await log.load("nobody", { claims: claimKeysOf(e164) })).claims),
  );
  return JSON.stringify(claims);
};

const checkLog = async ({ log, checker }: Remains, organization: string): Promise<void> => {
  const events = await log.events(organization, 0, Number.MAX_SAFE_INTEGER);
  const verified = verifyChain(events, EMPTY_HEAD, digest);
  if (!verified.ok) throw new Violation("one chain", verified.error.why);
  const { head } = await log.load(organization, {});
  demand(head.hash === verified.value.hash, "one chain", () => `${organization} has another head`);
  const [rows, claims] = [await rowsIn(log, organization), await claimsIn(log, checker)];
  await rebuildOrganization(log, organization);
  demand(rows === await rowsIn(log, organization), "rebuild agrees", () => organization);
  demand(claims === await claimsIn(log, checker), "rebuild agrees", () => `claims: ${claims}`);
};

/** What is still waited for that should have been done by now. */
const checkDone = async ({ log, checker, now }: Remains): Promise<void> => {
  const [item] = await log.due(now, 1);
  demand(item === undefined, "settles", () => `${item?.automation} of ${item?.key} is still due`);
  for (const organization of checker.organizations()) {
    const [charge] = checker.state(organization).all(charges);
    demand(charge === undefined, "settles", () => `${charge?.key} is still ${charge?.status}`);
    for (const number of checker.state(organization).all(numbers)) {
      const status = number.source === "managed" ? number.stage.status : "active";
      const isMoving = status === "purchasing" || status === "releasing";
      demand(!isMoving, "settles", () => `${number.id} is still ${status}`);
    }
  }
};

const checkNotices = ({ checker, notices }: Remains): void => {
  for (const organization of checker.organizations()) {
    for (const { id, notice } of checker.state(organization).all(verifications)) {
      const isQueued = notice.status === "queued";
      demand(
        !isQueued || notices.has(id),
        "reviewers told",
        () => `no reviewer was notified of ${id}`,
      );
    }
  }
};

/** Fails the run unless everything is settled and agrees. */
export const checkEnd = async (remains: Remains): Promise<void> => {
  const { checker, carrier, payments, setBackMs } = remains;
  checker.checkOwnership(carrier.kept(), true);
  await checkDone(remains);
  checker.checkRoutes();
  checker.checkMoney(payments.paid);
  checkNotices(remains);
  for (const organization of checker.organizations()) {
    if (organization !== RECONCILIATIONS) checkDomain(checker.facts(organization), setBackMs);
    await checkLog(remains, organization);
  }
};
