/** What can be seen of a server from outside. */
import { SECOND_MS } from "../../../core/values/calendar.ts";
import { isJsonObject } from "../../../core/values/text.ts";
import { VERSION } from "../../../http/version.ts";
import { memberOf } from "../calls/print.ts";
import { CommandFailed, type Reply, STATUS } from "../failures.ts";
import type { Environment, Question, Target } from "../target/mod.ts";
import { type Finding, fine, note, wrong } from "./finding.ts";

/** How far two clocks may be apart: an answer takes its time. */
const APART_MS = 5 * SECOND_MS;

type Ask = (path: string, as: Question["as"], more?: Partial<Question>) => Promise<Reply>;

const asking = (target: Target): Ask => (path, as, more = {}) =>
  target.ask({ method: "GET", path, as, ...more });

const says = ({ json, status }: Reply): string =>
  String(memberOf(json, "detail") ?? `it answers ${status}`);

/** Whether it is a Ledgerline, and of which version. */
const address = async (ask: Ask, where: string): Promise<Finding> => {
  const { json } = await ask("/", "nobody");
  const version = memberOf(json, "version");
  if (memberOf(json, "name") !== "ledgerline") {
    return wrong(
      "server",
      STATUS.unavailable,
      `what answers at ${where} does not say that it is Ledgerline`,
      "give the address that the server prints when it starts",
    );
  }
  return version === VERSION
    ? fine("server", `Ledgerline ${VERSION} at ${where}`)
    : note("server", `Ledgerline ${String(version)} at ${where}; this program is ${VERSION}`);
};

/** Its database and its clock, as its readiness says, and its time beside ours. */
const readiness = async (ask: Ask): Promise<readonly Finding[]> => {
  const before = Date.now();
  const { status, json, date } = await ask("/readyz", "nobody");
  const database = status === 200 ? fine("database", "it is read and written") : wrong(
    "database",
    STATUS.unavailable,
    memberOf(json, "database") === "read-only" ? "it takes no writes" : "it is unavailable",
    "look into the server's output, which says why, and whether the database runs",
  );
  const doubt = memberOf(json, "clock");
  if (doubt !== undefined) {
    return [
      database,
      wrong(
        "clock",
        STATUS.refused,
        `the server doubts its clock (${String(doubt)}): trials, renewals and releases wait`,
        "set the machine's time, or confirm it: POST /admin/clock/confirm",
      ),
    ];
  }
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  const apart = Math.abs(theirs - before);
  return [
    database,
    apart > APART_MS
      ? note(
        "clock",
        `the server's and this machine's are ${Math.round(apart / SECOND_MS)} s apart`,
        "see which of the two is wrong, and have it set by NTP",
      )
      : fine("clock", "the server believes it"),
  ];
};

/** Whether the operator's token is good. */
const operator = async (ask: Ask): Promise<Finding> => {
  const reply = await ask("/admin/plans", "operator");
  if (reply.status === 200) return fine("ADMIN_TOKEN", "the server takes it");
  return reply.status === 404
    ? wrong(
      "ADMIN_TOKEN",
      STATUS.refused,
      "the server has no /admin here",
      "start it with ADMIN_TOKEN, or ask at its ADMIN_PORT",
    )
    : wrong("ADMIN_TOKEN", STATUS.refused, says(reply), "use the one that the server was given");
};

const work = async (ask: Ask): Promise<Finding> => {
  const { json } = await ask("/admin/work?state=stuck&limit=1", "operator");
  const [first] = Array.isArray(memberOf(json, "work")) ? memberOf(json, "work") as unknown[] : [];
  return isJsonObject(first)
    ? wrong(
      "work",
      STATUS.unavailable,
      `${String(first["automation"])} of ${String(first["id"])} has waited since ${
        String(first["due"])
      }`,
      "ledgerline work --state stuck lists all, and why",
    )
    : fine("work", "nothing is stuck");
};

/** Whether an organization's token is good, and the carrier answers it. */
const organization = async (ask: Ask): Promise<readonly Finding[]> => {
  const reply = await ask("/ledger/organization", "organization");
  if (reply.status !== 200) {
    const mend = "ledgerline token issue makes another one";
    return [wrong("LEDGERLINE_TOKEN", STATUS.refused, says(reply), mend)];
  }
  const own = fine("LEDGERLINE_TOKEN", `a token of ${String(memberOf(reply.json, "id"))}`);
  const found = await ask("/ledger/searches", "organization", {
    method: "POST",
    body: { country: "US", limit: 1 },
  });
  const carrier = String(memberOf(found.json, "carrier"));
  if (found.status === 200) return [own, fine("carrier", `${carrier} answers searches`)];
  const mend = "look into the server's output, and at the carrier's own status page";
  return [own, wrong("carrier", STATUS.unavailable, says(found), mend)];
};

/** Whether the carrier's webhooks are taken, by one that nobody signed. */
const webhooks = async (ask: Ask): Promise<Finding> => {
  const { status } = await ask("/webhooks/telnyx", "nobody", { method: "POST", body: {} });
  if (status === 400) return fine("webhooks", "they are taken where Telnyx has signed them");
  return note(
    "webhooks",
    status === 503 ? "none are taken" : `they are answered ${status}`,
    "with Telnyx, set TELNYX_PUBLIC_KEY at the server: orders are known sooner then",
  );
};

/** Looks at a server: at what needs a token only where one is set. */
export async function* lookAtServer(
  target: Target,
  environment: Environment,
): AsyncGenerator<Finding> {
  const ask = asking(target);
  const isSet = (name: string): boolean =>
    (environment[name] ?? "") !== "" || (environment[`${name}_FILE`] ?? "") !== "";
  try {
    const found = await address(ask, target.where);
    yield found;
    // Nor are tokens for what does not say that it is one of ours.
    if (found.state === "wrong") return;
    yield* await readiness(ask);
    if (isSet("ADMIN_TOKEN")) {
      const found = await operator(ask);
      yield found;
      if (found.state === "ok") yield await work(ask);
    } else yield note("ADMIN_TOKEN", "it is not set here: the operator's commands are refused");
    if (isSet("LEDGERLINE_TOKEN")) yield* await organization(ask);
    else yield note("LEDGERLINE_TOKEN", "it is not set here: search, buy and list are refused");
    yield await webhooks(ask);
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.status === STATUS.interrupted) throw error;
    yield wrong(
      "server",
      error.status,
      error.message,
      "start it with ledgerline serve, or give the address that it prints when it starts",
    );
  }
}
