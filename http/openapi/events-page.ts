/** The page about published events, for people. */
import type * as v from "valibot";
import { PUBLISHED, PUBLISHED_NAMES } from "../../core/published/types.ts";
import { escaped, membersOf, page, sample } from "./pages.ts";
import { aboutEvent } from "./published.ts";

/** Each type with what it says, the members of its data, and an example. */
export const eventsPage = (): string => {
  const types = PUBLISHED_NAMES.map((type) => {
    const { says, example } = aboutEvent(type);
    return `<section id="${type}"><h2><code>${type}</code></h2><p>${escaped(says)}</p>` +
      membersOf(PUBLISHED[type].data as v.GenericSchema) + sample(example) + "</section>";
  });
  return page(
    "Events",
    '<p><a href="/docs">Ledgerline</a></p><h1>Events</h1><p>What leaves the ledger, by ' +
      '<a href="/docs/ledger">the feed</a> and by webhook, with the members of ' +
      '<code>data</code>. <a href="/asyncapi.json">AsyncAPI 3.0</a></p>' + types.join(""),
  );
};
