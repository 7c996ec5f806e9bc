import type {
  AttemptFilter,
  AttemptPlace,
  Deliveries,
  DeliveryAttempt,
  DeliveryChange,
  DeliveryProgress,
  DueDelivery,
} from "../../../core/ports/mod.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import { compareText } from "../append-checks.ts";
import { checkChanges, dueOf, keptAnswer, newKey, progressName } from "../delivery-checks.ts";

type Kept = {
  key: string | null;
  readonly progress: Map<string, DeliveryProgress>;
  /** By endpoint, each by its place. */
  readonly attempts: Map<string, Map<string, DeliveryAttempt>>;
};

const placeName = ({ at, id }: AttemptPlace): string => JSON.stringify([at, id]);

/** Negative where `a` is listed before `b`. */
const byLatest = (a: AttemptPlace, b: AttemptPlace): number =>
  b.at - a.at || compareText(b.id, a.id);

const byDue = (a: DueDelivery, b: DueDelivery): number =>
  a.due - b.due || compareText(a.endpoint, b.endpoint) ||
  compareText(a.organization, b.organization);

const waiting = ({ progress }: Kept): readonly DueDelivery[] =>
  [...progress.values()].flatMap((one) => {
    const { endpoint, organization } = one;
    const due = dueOf(one);
    return due === null ? [] : [{ endpoint, organization, due }];
  });

const keep = ({ attempts }: Kept, attempt: DeliveryAttempt): void => {
  const list = attempts.get(attempt.endpoint) ?? new Map<string, DeliveryAttempt>();
  attempts.set(attempt.endpoint, list);
  const name = placeName(attempt);
  if (!list.has(name)) list.set(name, { ...attempt, answer: keptAnswer(attempt.answer) });
};

const write = (kept: Kept, { progress, attempts }: DeliveryChange): boolean => {
  if (progress !== null) {
    const name = progressName(progress);
    if ((kept.progress.get(name)?.version ?? 0) !== progress.version) return false;
    const pending = progress.pending.map((one) => ({ ...one }));
    kept.progress.set(name, { ...progress, pending, version: progress.version + 1 });
  }
  for (const attempt of attempts) keep(kept, attempt);
  return true;
};

const list = (
  { attempts }: Kept,
  endpoint: string,
  { event, isDelivered }: AttemptFilter,
  after: AttemptPlace | undefined,
): readonly DeliveryAttempt[] =>
  [...attempts.get(endpoint)?.values() ?? []].filter((attempt) =>
    (event === undefined || attempt.event === event) &&
    (isDelivered === undefined || (attempt.failure === null) === isDelivered) &&
    (after === undefined || byLatest(attempt, after) > 0)
  ).toSorted(byLatest);

const remove = ({ progress }: Kept, endpoint: string, limit: number): number => {
  const found = [...progress].filter(([, one]) => one.endpoint === endpoint).slice(0, limit);
  for (const [name] of found) progress.delete(name);
  return found.length;
};

const forget = ({ attempts }: Kept, before: Instant, limit: number): number => {
  let dropped = 0;
  for (const [endpoint, kept] of attempts) {
    for (const [name, { at }] of kept) {
      if (dropped >= limit) return dropped;
      if (at >= before) continue;
      kept.delete(name);
      dropped += 1;
    }
    if (kept.size === 0) attempts.delete(endpoint);
  }
  return dropped;
};

/** What is kept of deliveries, beside the rows; each call is an operation of the log (`run`). */
export const openDeliveries = (
  run: <Value>(operation: () => Value) => Promise<Value>,
): Deliveries => {
  const kept: Kept = { key: null, progress: new Map(), attempts: new Map() };
  const copy = (progress: DeliveryProgress): DeliveryProgress => structuredClone(progress);
  return {
    key: () => run(() => kept.key ??= newKey()),
    load: (keys) =>
      run(() =>
        [...new Set(keys.map(progressName))].flatMap((name) => kept.progress.get(name) ?? [])
          .map(copy)
      ),
    progress: (endpoint, after, limit) =>
      run(() =>
        [...kept.progress.values()]
          .filter((one) => one.endpoint === endpoint && compareText(one.organization, after) > 0)
          .toSorted((a, b) => compareText(a.organization, b.organization))
          .slice(0, limit).map(copy)
      ),
    due: (until, limit, after) =>
      run(() =>
        waiting(kept)
          .filter((one) => one.due <= until && (after === undefined || byDue(one, after) > 0))
          .toSorted(byDue).slice(0, limit)
      ),
    nextDue: (after) =>
      run(() => {
        const later = waiting(kept).map(({ due }) => due).filter((due) => due > after);
        return later.length === 0 ? null : later.reduce((a, b) => Math.min(a, b));
      }),
    record: (changes) =>
      run(() => {
        checkChanges(changes);
        return changes.map((change) => write(kept, change));
      }),
    attempts: (endpoint, filter, limit, after) =>
      run(() => list(kept, endpoint, filter, after).slice(0, limit).map((one) => ({ ...one }))),
    remove: (endpoint, limit) => run(() => remove(kept, endpoint, limit)),
    forget: (before, limit) => run(() => forget(kept, before, limit)),
  };
};
