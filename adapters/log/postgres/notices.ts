import { parsedJson } from "../../validation/json.ts";
import * as v from "valibot";
import type { Appended } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Database } from "../sql/database.ts";
import { earliest, openWatchers, type Watchers } from "../watchers.ts";

/** The channel on which servers notify one another of appends. */
export const CHANNEL = "ledgerline_appended";

/**
 * Commits that notify wait for one another, so a server sends one notice for all its appends in
 * this interval.
 */
const GATHER_MS: Milliseconds = 50;

/** PostgreSQL takes notices of less than 8,000 bytes; more organizations than this are `many`. */
const MOST_BYTES = 7_000;

const Notice = v.object({
  from: v.string(),
  organizations: v.union([v.array(v.string()), v.literal("many")]),
  due: v.nullable(v.number()),
});

/** What one notice covers; the organizations are gathered in a set, since they may be many. */
const openGathering = () => {
  const organizations = new Set<string>();
  let isMany = false;
  let due: number | null = null;
  return {
    add: (appended: Appended): void => {
      if (appended.organizations === "many") isMany = true;
      else for (const organization of appended.organizations) organizations.add(organization);
      due = earliest(due, appended.due);
    },
    all: (): Appended => ({ organizations: isMany ? "many" : [...organizations], due }),
  };
};

const toText = (from: string, { organizations, due }: Appended): string => {
  const named = JSON.stringify({ from, organizations, due });
  return new TextEncoder().encode(named).byteLength <= MOST_BYTES
    ? named
    : JSON.stringify({ from, organizations: "many", due });
};

/**
 * Listeners here, which are notified of appends here, and a little later of those of other servers.
 */
export type Notices = Watchers & {
  /** Takes the text of a notice. */
  receive(text: string): void;
};

/**
 * Notifies the listeners here immediately, and other servers through the database, a little later.
 * Notices may get lost, with a connection or at the end of this process: nothing may depend on
 * them.
 */
export const openNotices = (database: Database): Notices => {
  const here = openWatchers();
  const from = crypto.randomUUID();
  let gathering: ReturnType<typeof openGathering> | null = null;
  const begin = () => {
    gathering = openGathering();
    setTimeout(send, GATHER_MS).unref?.();
    return gathering;
  };
  const send = (): void => {
    if (gathering === null) return;
    const text = toText(from, gathering.all());
    gathering = null;
    database.query("select pg_notify($1, $2)", [CHANNEL, text]).catch(() => {});
  };
  return {
    watch: here.watch,
    notify: (appended) => {
      here.notify(appended);
      (gathering ?? begin()).add(appended);
    },
    receive: (text) => {
      const notice = v.safeParse(Notice, parsedJson(text));
      // A server receives its own notices as well, and any client may notify on the channel.
      if (notice.success && notice.output.from !== from) here.notify(notice.output);
    },
  };
};
