/**
 * Faults that are planted into a recording to prove the checker: each is what a ledger, a
 * log or a reader that goes wrong would leave behind, with nothing else amiss as far as that can
 * be.
 */
import type { RecordedEvent } from "../../core/ports/mod.ts";
import type { PlanTerms } from "../../core/values/plan.ts";
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
import { type Book, fateOf, type Recording } from "./recording.ts";

type Plant = { readonly breaks: RuleName; readonly plant: (recording: Recording) => Recording };

/** Faults by what is wrong. */
export const PLANTED: Readonly<Record<string, Plant>> = {
  "an event is left out of the positions": {
    breaks: "one chain",
    plant: (recording) => {
      const { organization } = callWhere(recording, isOf("CreditsAdded"));
      return editBook(recording, organization, (entries) => entries.toSpliced(3, 1));
    },
  },
  "a position is given twice": {
    breaks: "one chain",
    plant: (recording) => {
      const { organization } = callWhere(recording, isOf("CreditsAdded"));
      return editBook(
        recording,
        organization,
        (entries) => entries.toSpliced(3, 0, found(entries[3])),
      );
    },
  },
  "an event is changed afterwards": {
    breaks: "one chain",
    plant: (recording) => {
      const changed = eventOf(recording, callWhere(recording, isOf("OrganizationRenamed")));
      return editBook(
        recording,
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
        plant: (recording) =>
          without(recording, eventOf(recording, callWhere(recording, isOf(type)))),
      }],
      [`an acknowledged ${type} is there twice`, {
        breaks: "done once",
        plant: (recording) =>
          doubled(recording, eventOf(recording, callWhere(recording, isOf(type)))),
      }],
    ]),
  ),
  "a repeated purchase is answered with another number": {
    breaks: "done once",
    plant: (recording) => {
      const call = callWhere(recording, isOf("PurchaseRequested"));
      return replaceCall(recording, call, { status: 200, json: { id: "pn_another" } });
    },
  },
  "what got no answer is there twice": {
    breaks: "at most once",
    plant: (recording) => {
      const call = callWhere(
        recording,
        (each) =>
          (each.effect?.by === "label" || each.effect?.by === "name") &&
          fateOf(each) === "unknown" &&
          isThere(recording, each),
      );
      return doubled(recording, eventOf(recording, call));
    },
  },
  "what was refused is there anyway": {
    breaks: "at most once",
    plant: (recording) => {
      const call = callWhere(recording, isOf("OrganizationRenamed"));
      return replaceCall(recording, call, { status: 409, json: null });
    },
  },
  "a list leaves out what was bought before": {
    breaks: "reads are current",
    plant: (recording) => {
      // A list may leave out what was bought without an answer, or asked to be released in vain.
      const asksBack = recording.calls.filter(isOf("Released")).map(({ effect }) => effect?.value);
      const held = recording.claims.map(({ holder }) => holder)
        .filter((holder) => !asksBack.includes(holder));
      const { organization } = callWhere(
        recording,
        (call) =>
          isOf("PurchaseRequested")(call) && fateOf(call) === "done" &&
          held.includes(holdingOf(recording, call)),
      );
      return asked(recording, organization, []);
    },
  },
  "a list shows what was released before": {
    breaks: "reads are current",
    plant: (recording) => {
      const { organization, effect } = callWhere(recording, isOf("Released"));
      return asked(recording, organization, [{ id: effect?.value }]);
    },
  },
  "a reader misses an event": {
    breaks: "readers see all",
    plant: (recording) => editSeen(recording, (seen) => seen.toSpliced(4, 1)),
  },
  "a reader goes back": {
    breaks: "readers see all",
    plant: (recording) => editSeen(recording, (seen) => seen.toSpliced(6, 0, found(seen[4]))),
  },
  "a reader sees an event that is not in the log": {
    breaks: "readers see all",
    plant: (recording) =>
      editSeen(recording, (seen) => seen.with(5, { ...found(seen[5]), hash: "0".repeat(64) })),
  },
  "a reader does not come to the end": {
    breaks: "readers see all",
    plant: (recording) => {
      const last = recording.readings.findLastIndex(({ seen }) => seen.length > 0);
      const { seen, ...reading } = found(recording.readings[last]);
      const readings = [...recording.readings.slice(0, last), {
        ...reading,
        seen: seen.slice(0, -1),
      }];
      return { ...recording, readings };
    },
  },
  "a reader begins after what it has not seen": {
    breaks: "readers see all",
    plant: (recording) => ({ ...recording, readings: recording.readings.slice(1) }),
  },
  "a number has a second holder": {
    breaks: "one holder",
    plant: (recording) => {
      const { claim, other } = heldAndOther(recording);
      const taken = eventWhere(recording, (event) => field(event, "holding") === claim.holder);
      const at = found(recording.books.find(({ events }) => events.includes(taken)));
      const committed_us = found(at.committed_us[at.events.indexOf(taken)]) + 1;
      const second = {
        ...replaceData(taken, { holding: "pn_second" }),
        organization: other.organization,
      };
      return editBook(
        recording,
        other.organization,
        (entries) => rechained([...entries, { event: second, committed_us }]),
      );
    },
  },
  "a plan's limit is passed": {
    breaks: "domain",
    plant: (recording) => {
      const opened = eventWhere(
        recording,
        ({ type, data }, { events }) =>
          type === "OrganizationOpened" && (data as { plan: string }).plan !== "Free" &&
          events.some((event) => event.type === "PurchaseRequested"),
      );
      const { terms } = opened.data as { terms: PlanTerms };
      return editBook(
        recording,
        opened.organization,
        (entries) =>
          rechained(
            entries.filter(({ event }) => event.type !== "PlanChanged").map((entry) =>
              entry.event === opened
                ? { ...entry, event: replaceData(opened, { terms: { ...terms, maxNumbers: 0 } }) }
                : entry
            ),
          ),
      );
    },
  },
  "there is a second trial": {
    breaks: "domain",
    plant: (recording) => {
      const isBought = (event: RecordedEvent, { events }: Book): boolean =>
        event.type === "NumberPurchased" &&
        events.filter(({ type }) => type === "NumberPurchased").length > 1;
      const { organization } = eventWhere(recording, isBought);
      return editBook(
        recording,
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
    plant: (recording) => ({
      ...recording,
      books: recording.books.map((book) => ({ ...book, rows: book.rows.slice(1) })),
    }),
  },
  "a claim was not given back": {
    breaks: "rows are the fold",
    plant: (recording) => ({
      ...recording,
      claims: [...recording.claims, { ...found(recording.claims[0]), key: "+14155550199" }],
    }),
  },
  "the carrier sold a number twice": {
    breaks: "carrier agrees",
    plant: (recording) => ({ ...recording, sold: [...recording.sold, found(recording.sold[0])] }),
  },
  "a purchase is never settled": {
    breaks: "settled",
    plant: (recording) => {
      const settled = eventWhere(recording, ({ type }) => type === "NumberPurchased");
      return editBook(
        recording,
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
