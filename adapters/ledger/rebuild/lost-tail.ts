/** Whether a log still has what it had: heads that were kept outside, held against it. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import { headsOf } from "../../../core/log/pages.ts";
import type { EventLog, Head } from "../../../core/ports/mod.ts";

/** An organization whose log is not the one that had the head kept. */
export type Lost = {
  readonly organization: string;
  readonly kept: Head;
  /** Its head where the log is shorter; else what it has at that position. */
  readonly found: Head;
};

type Log = Pick<EventLog, "events" | "heads">;

/** So many look-ups of single events are under way at the same time. */
const LOOK_UPS = 8;

type Longer = { readonly organization: string; readonly kept: Head };

/** Those of these logs, which all go further than the head kept, that have another event there. */
const othersAmong = async (log: Log, longer: readonly Longer[]): Promise<readonly Lost[]> => {
  const lost: Lost[] = [];
  for (let from = 0; from < longer.length; from += LOOK_UPS) {
    const some = longer.slice(from, from + LOOK_UPS);
    const events = await Promise.all(
      some.map(({ organization, kept }) => log.events(organization, kept.position - 1, 1)),
    );
    for (const [place, { organization, kept }] of some.entries()) {
      const { position, hash } = events[place]?.[0] ?? EMPTY_HEAD;
      if (hash !== kept.hash) lost.push({ organization, kept, found: { position, hash } });
    }
  }
  return lost;
};

/**
 * The organizations, a page at a time, whose log does not have the head that was kept of it: it is
 * shorter, has another event there, or is not there at all. Where the log has gone on since, one
 * event is read for each organization; else only heads are.
 */
export async function* findLost(
  log: Log,
  kept: ReadonlyMap<string, Head>,
): AsyncGenerator<readonly Lost[]> {
  const unmet = new Set(kept.keys());
  for await (const page of headsOf(log)) {
    const lost: Lost[] = [];
    const longer: Longer[] = [];
    for (const { organization, head } of page) {
      unmet.delete(organization);
      const before = kept.get(organization);
      if (before === undefined || before.position === 0) continue;
      if (head.position > before.position) longer.push({ organization, kept: before });
      else if (head.position < before.position || head.hash !== before.hash) {
        lost.push({ organization, kept: before, found: head });
      }
    }
    yield [...lost, ...await othersAmong(log, longer)];
  }
  yield [...unmet].flatMap((organization) => {
    const before = kept.get(organization) ?? EMPTY_HEAD;
    return before.position === 0 ? [] : [{ organization, kept: before, found: EMPTY_HEAD }];
  });
}

/** What was lost of an organization, as a sentence without its full stop. */
export const sentenceOf = ({ organization, kept, found }: Lost): string => {
  const id = JSON.stringify(organization);
  return found.position < kept.position
    ? `${id} ends at position ${found.position}, and had ${kept.position}`
    : `${id} has another event at position ${kept.position}`;
};
