/** Compares the answers that clients got with the logs. */
import type { RecordedEvent } from "../../core/ports/mod.ts";
import { type Call, type Effect, fateOf, groupBy, keyOf, type Recording } from "./recording.ts";

/** A rule about calls, and where it is broken. */
export type CallViolation = {
  readonly rule: "done once" | "at most once" | "reads are current";
  readonly what: string;
};

type Fields = Readonly<Record<string, unknown>>;

const nameOf = (organization: string, { type, by, value }: Effect): string =>
  JSON.stringify([organization, type, by, value]);

/** The numbers whose purchase a caller gave up while it was in progress. */
const cancelledIn = (events: readonly RecordedEvent[]): ReadonlySet<unknown> =>
  new Set(
    events.filter(({ type }) => type === "CancellationRequested")
      .map(({ data }) => (data as Fields)["holding"]),
  );

/** What the ledger does automatically, without a call that asked for it. */
const isUnasked = (
  { type, actor, data }: RecordedEvent,
  cancelled: ReadonlySet<unknown>,
): boolean => {
  const { holding, why } = data as Fields;
  return (type === "PurchaseDismissed" && actor.kind === "ledger" && !cancelled.has(holding)) ||
    (type === "Released" && why === "boughtFromCarrier");
};

const effectsOf = (event: RecordedEvent): readonly Effect[] => {
  const { type: written, command, data } = event;
  const fields = data as Fields;
  // A release of a purchase that failed, or that is cancelled, ends with its dismissal.
  const type = written === "PurchaseDismissed" ? "Released" : written;
  return (["name", "label", "holding", "command"] as const).flatMap((by) => {
    const value = by === "command" ? keyOf(command) : fields[by];
    return typeof value === "string" ? [{ type, by, value }] : [];
  });
};

/** A call that is to change something. */
type Change = Call & { readonly effect: Effect };

const isChange = (call: Call): call is Change => call.effect !== null;

const idIn = ({ answer }: Call): unknown =>
  answer === "unknown" ? undefined : (answer.json as Fields | null)?.["id"];

/** A purchase may be refused by the carrier, after it was written down. */
const mayBeRefusedLater = ({ effect }: Change): boolean => effect.type === "PurchaseRequested";

const checkGroup = (
  name: string,
  calls: readonly Change[],
  events: readonly RecordedEvent[],
): readonly CallViolation[] => {
  const fates = calls.map(fateOf);
  const times = `${name} is there ${events.length} times, its calls were ${fates.join(", ")}`;
  if (!fates.includes("done")) {
    const most = fates.includes("unknown") || calls.some(mayBeRefusedLater) ? 1 : 0;
    return events.length > most ? [{ rule: "at most once", what: times }] : [];
  }
  const [event] = events;
  if (event === undefined || events.length > 1) return [{ rule: "done once", what: times }];
  const { holding } = event.data as Fields;
  const given = calls.filter((call) => fateOf(call) === "done").map(idIn)
    .filter((id) => typeof id === "string" && typeof holding === "string" && id !== holding);
  return given.map((id) => ({ rule: "done once", what: `${name}: ${id} has ${holding}` }));
};

/** A call that acquires a number, and is answered with its id. */
const isAcquiring = ({ effect: { type } }: Change): boolean =>
  type === "PurchaseRequested" || type === "NumberImported";

type Listed = readonly { readonly id: string }[];

/**
 * What a list must show: what was bought or imported before it was asked for, unless it may have
 * been released by then, or it ended otherwise later on. And what it must not: what is released.
 */
const checkList = (
  list: Call,
  changes: readonly Change[],
  failed: ReadonlySet<string>,
): readonly CallViolation[] => {
  if (list.answer === "unknown" || list.answer.status !== 200) return [];
  const shown = new Set((list.answer.json as Listed).map(({ id }) => id));
  const must = new Set<string>();
  for (const call of changes.filter(isAcquiring)) {
    const id = idIn(call);
    const isEarlier = fateOf(call) === "done" && call.ended_ms < list.begun_ms;
    if (isEarlier && typeof id === "string" && !failed.has(id)) must.add(id);
  }
  const violations: CallViolation[] = [];
  const place = `the list of ${list.organization} at ${list.begun_ms.toFixed(1)} ms`;
  for (const { effect, answer, begun_ms, ended_ms } of changes) {
    if (effect.type !== "Released" || begun_ms > list.ended_ms) continue;
    must.delete(effect.value);
    const isOver = answer !== "unknown" && answer.status === 200 && ended_ms < list.begun_ms;
    if (isOver && shown.has(effect.value)) {
      violations.push({ rule: "reads are current", what: `${place} shows ${effect.value}` });
    }
  }
  for (const id of must) {
    if (!shown.has(id)) {
      violations.push({ rule: "reads are current", what: `${place} does not show ${id}` });
    }
  }
  return violations;
};

const checkLists = ({ calls, books }: Recording): readonly CallViolation[] => {
  const changes = groupBy(calls.filter(isChange), ({ organization }) => organization);
  // These ended without a request: the carrier sold nothing, or sold an imported number to another
  // buyer.
  const failed = new Set(
    books.flatMap(({ events }) => events)
      .filter(({ type, data }) =>
        type === "PurchaseFailed" ||
        (type === "Released" && (data as Fields)["why"] === "boughtFromCarrier")
      )
      .map(({ data }) => String((data as Fields)["holding"])),
  );
  return calls.filter(({ effect }) => effect === null)
    .flatMap((list) => checkList(list, changes.get(list.organization) ?? [], failed));
};

/** Every place where an answer to a client does not fit the logs. */
export const checkCalls = (recording: Recording): readonly CallViolation[] => {
  // Calls that were to have the same effect: one that is repeated, or the same by several.
  const groups = groupBy(
    recording.calls.filter(isChange),
    ({ organization, effect }) => nameOf(organization, effect),
  );
  const effects = recording.books.flatMap(({ organization, events }) => {
    const cancelled = cancelledIn(events);
    return events.filter((event) => !isUnasked(event, cancelled)).flatMap((event) =>
      effectsOf(event).map((effect) => ({ name: nameOf(organization, effect), event }))
    );
  });
  const found = groupBy(effects, ({ name }) => name);
  return [
    ...[...groups].flatMap(([name, calls]) =>
      checkGroup(name, calls, (found.get(name) ?? []).map(({ event }) => event))
    ),
    ...checkLists(recording),
  ];
};
