/**
 * Faults that are planted into a recorded history to prove the checker: each is what a ledger, a
 * log or a reader that goes wrong would leave behind, with nothing else amiss as far as that can
 * be.
 */
import type { RecordedEvent } from "../../core/ports/mod.ts";
import type { RuleName } from "./checker.ts";
import {
  asked,
  callWhere,
  doubled,
  editBook,
  editSeen,
  eventOf,
  eventWhere,
  field,
  found,
  heldAndOther,
  holdingOf,
  isOf,
  isThere,
  rechained,
  replaceCall,
  replaceData,
  without,
} from "./edit.ts";
import { type Book, fateOf, type History } from "./recording.ts";

type Plant = { readonly breaks: RuleName; readonly plant: (history: History) => History };

/** Faults by what is wrong. */
export const PLANTED: Readonly<Record<string, Plant>> = {
  "an event is left out of the positions": {
    breaks: "one chain",
    plant: (history) => {
      const { organization } = callWhere(history, isOf("CreditsAdded"));
      return editBook(history, organization, (entries) => entries.toSpliced(3, 1));
    },
  },
  "a position is given twice": {
    breaks: "one chain",
    plant: (history) => {
      const { organization } = callWhere(history, isOf("CreditsAdded"));
      return editBook(
        history,
        organization,
        (entries) => entries.toSpliced(3, 0, found(entries[3])),
      );
    },
  },
  "an event is changed afterwards": {
    breaks: "one chain",
    plant: (history) => {
      const changed = eventOf(history, callWhere(history, isOf("OrganizationRenamed")));
      return editBook(
        history,
        changed.organization,
        (entries) =>
          entries.map((entry) =>
            entry.event === changed
              ? { ...entry, event: replaceData(changed, { name: "changed" }) }
              : entry
          ),
      );
    },
  },
  ...Object.fromEntries(
    ["CreditsAdded", "RoutingChanged", "OrganizationRenamed"].flatMap((type): [string, Plant][] => [
      [`an acknowledged ${type} is lost`, {
        breaks: "done once",
        plant: (history) => without(history, eventOf(history, callWhere(history, isOf(type)))),
      }],
      [`an acknowledged ${type} is there twice`, {
        breaks: "done once",
        plant: (history) => doubled(history, eventOf(history, callWhere(history, isOf(type)))),
      }],
    ]),
  ),
  "a repeated purchase is answered with another number": {
    breaks: "done once",
    plant: (history) => {
      const call = callWhere(history, isOf("PurchaseRequested"));
      return replaceCall(history, call, { status: 200, json: { id: "pn_another" } });
    },
  },
  "what got no answer is there twice": {
    breaks: "at most once",
    plant: (history) => {
      const call = callWhere(
        history,
        (each) =>
          (each.effect?.by === "label" || each.effect?.by === "name") &&
          fateOf(each) === "unknown" &&
          isThere(history, each),
      );
      return doubled(history, eventOf(history, call));
    },
  },
  "what was refused is there anyway": {
    breaks: "at most once",
    plant: (history) => {
      const call = callWhere(history, isOf("OrganizationRenamed"));
      return replaceCall(history, call, { status: 409, json: null });
    },
  },
  "a list leaves out what was bought before": {
    breaks: "reads are current",
    plant: (history) => {
      const held = history.claims.map(({ holder }) => holder);
      const { organization } = callWhere(
        history,
        (call) => isOf("PurchaseRequested")(call) && held.includes(holdingOf(history, call)),
      );
      return asked(history, organization, []);
    },
  },
  "a list shows what was released before": {
    breaks: "reads are current",
    plant: (history) => {
      const { organization, effect } = callWhere(history, isOf("Released"));
      return asked(history, organization, [{ id: effect?.value }]);
    },
  },
  "a reader misses an event": {
    breaks: "readers see all",
    plant: (history) => editSeen(history, (seen) => seen.toSpliced(4, 1)),
  },
  "a reader goes back": {
    breaks: "readers see all",
    plant: (history) => editSeen(history, (seen) => seen.toSpliced(6, 0, found(seen[4]))),
  },
  "a reader sees an event that is not in the log": {
    breaks: "readers see all",
    plant: (history) =>
      editSeen(history, (seen) => seen.with(5, { ...found(seen[5]), hash: "0".repeat(64) })),
  },
  "a reader does not come to the end": {
    breaks: "readers see all",
    plant: (history) => {
      const last = history.readings.findLastIndex(({ seen }) => seen.length > 0);
      const { seen, ...reading } = found(history.readings[last]);
      const readings = [...history.readings.slice(0, last), {
        ...reading,
        seen: seen.slice(0, -1),
      }];
      return { ...history, readings };
    },
  },
  "a reader begins after what it has not seen": {
    breaks: "readers see all",
    plant: (history) => ({ ...history, readings: history.readings.slice(1) }),
  },
  "a number has a second holder": {
    breaks: "one holder",
    plant: (history) => {
      const { claim, other } = heldAndOther(history);
      const taken = eventWhere(history, (event) => field(event, "holding") === claim.holder);
      const at = found(history.books.find(({ events }) => events.includes(taken)));
      const committed_us = found(at.committed_us[at.events.indexOf(taken)]) + 1;
      const second = {
        ...replaceData(taken, { holding: "pn_second" }),
        organization: other.organization,
      };
      return editBook(
        history,
        other.organization,
        (entries) => rechained([...entries, { event: second, committed_us }]),
      );
    },
  },
  "a plan's limit is passed": {
    breaks: "domain",
    plant: (history) => {
      const opened = eventWhere(
        history,
        ({ type, data }, { events }) =>
          type === "OrganizationOpened" && (data as { plan: string }).plan !== "Free" &&
          events.some((event) => event.type === "PurchaseRequested"),
      );
      return editBook(
        history,
        opened.organization,
        (entries) =>
          rechained(
            entries.filter(({ event }) => event.type !== "PlanChanged").map((entry) =>
              entry.event === opened
                ? { ...entry, event: replaceData(opened, { plan: "None" }) }
                : entry
            ),
          ),
      );
    },
  },
  "there is a second trial": {
    breaks: "domain",
    plant: (history) => {
      const isBought = (event: RecordedEvent, { events }: Book): boolean =>
        event.type === "NumberPurchased" &&
        events.filter(({ type }) => type === "NumberPurchased").length > 1;
      const { organization } = eventWhere(history, isBought);
      return editBook(
        history,
        organization,
        (entries) =>
          rechained(
            entries.map((entry) =>
              entry.event.type === "PurchaseRequested"
                ? { ...entry, event: replaceData(entry.event, { paidFrom: "trial" }) }
                : entry
            ),
          ),
      );
    },
  },
  "a row was not written": {
    breaks: "rows are the fold",
    plant: (history) => ({
      ...history,
      books: history.books.map((book) => ({ ...book, rows: book.rows.slice(1) })),
    }),
  },
  "a claim was not given back": {
    breaks: "rows are the fold",
    plant: (history) => ({
      ...history,
      claims: [...history.claims, { ...found(history.claims[0]), key: "+14155550199" }],
    }),
  },
  "the carrier sold a number twice": {
    breaks: "carrier agrees",
    plant: (history) => ({ ...history, sold: [...history.sold, found(history.sold[0])] }),
  },
  "a purchase is never settled": {
    breaks: "settled",
    plant: (history) => {
      const settled = eventWhere(history, ({ type }) => type === "NumberPurchased");
      return editBook(
        history,
        settled.organization,
        (entries) =>
          rechained(
            entries.filter(({ event }) =>
              field(event, "holding") !== field(settled, "holding") ||
              event.type === "PurchaseRequested"
            ),
          ),
      );
    },
  },
};
