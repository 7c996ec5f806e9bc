/** The heads of all organizations, for programs that keep them outside the log. */
import * as Effect from "effect/Effect";
import { noSuchPage } from "../../validation/argument.ts";
import type { HeadsPage } from "../api/upkeep.ts";
import { ask, Ports } from "../engine/services.ts";

/** The default number of heads in a list. */
const HEADS = 100;

/** At most `limit` heads of the organizations after `after`, by id. */
export const listHeads = Effect.fnUntraced(function* (
  { after = "", limit = HEADS }: {
    readonly after?: string | undefined;
    readonly limit?: number | undefined;
  },
): Effect.fn.Return<HeadsPage, never, Ports> {
  const { log } = yield* Ports;
  if (after !== "" && (yield* ask(() => log.load(after, {}))).head.position === 0) {
    throw noSuchPage("page.after");
  }
  const page = yield* ask(() => log.heads(after, limit));
  return {
    heads: page.map(({ organization, head: { position, hash } }) => ({
      organization,
      position,
      hash,
    })),
    next: page.length < limit ? null : page[page.length - 1]?.organization ?? null,
  };
});
