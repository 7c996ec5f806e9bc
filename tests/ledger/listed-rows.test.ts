/**
 * The texts that numbers are searched by are kept beside their rows, so they are a part of what the
 * version of the rows says: a library that writes numbers otherwise makes other rows.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../../adapters/hash/sha256.ts";
import { listedRow } from "../../adapters/ledger/engine/listed-rows.ts";
import { textsOf } from "../../adapters/numbering/search.ts";
import { type E164, isE164 } from "../../core/values/e164.ts";
import { rowsOf } from "../../core/registry/replay.ts";
import { ROW_VERSION } from "../../core/registry/row-version.ts";
import { START, stateAfter } from "../harness/specification.ts";
import { assigned, imported, opened, requested, sipInstalled } from "../harness/story/mod.ts";

test("a number is listed by when it came, with its assistant, tags and the forms it has", () => {
  const state = stateAfter(
    opened("Growth"),
    sipInstalled(),
    requested({ holding: "PN_1", e164: "+14155550101", direction: "inbound" }),
    assigned("agent", "PN_1"),
    imported({ holding: "pn_2", e164: "+442079460018", world: "live" }),
  );
  const listings = rowsOf(state).map(listedRow)
    .flatMap(({ key, listing }) => listing === undefined ? [] : [[key, listing]]);
  assert.deepEqual(Object.fromEntries(listings), {
    PN_1: {
      sort: START,
      group: "agent",
      tags: [
        "world:sandbox",
        "source:managed",
        "direction:inbound",
        "feature:voice",
        "feature:sms",
      ],
      texts: [
        "pn_1",
        "\n+14155550101\n(415) 555-0101\n+1 415 555 0101\n14155550101\n4155550101\n",
      ],
    },
    pn_2: {
      sort: START,
      group: null,
      tags: ["world:live", "source:imported", "direction:both", "feature:voice"],
      texts: [
        "pn_2",
        "\n+442079460018\n020 7946 0018\n+44 20 7946 0018\n442079460018\n02079460018\n",
      ],
    },
  });
});

test("numbers have few sets of tags, whatever they are: how many have each is counted", () => {
  const directions = ["inbound", "outbound", "both"] as const;
  const features = [[], ["voice"], ["sms"], ["voice", "sms"], ["sms", "voice"]] as const;
  const stories = directions.flatMap((direction, at) => [
    imported({ holding: `pn_i${at}`, e164: `+44207946001${at}`, direction }),
    ...features.map((some, place) =>
      requested({
        holding: `pn_${at}_${place}`,
        e164: `+141555501${at}${place}`,
        direction,
        features: some,
      })
    ),
  ]);
  const rows = rowsOf(stateAfter(opened("Growth"), sipInstalled(), ...stories));
  const sets = rows.map(listedRow)
    .flatMap(({ listing }) => listing === undefined ? [] : [listing.tags.join(" ")]);
  assert.equal(sets.length, stories.length);
  // Of each direction: imported; and bought, with the features as its carrier gives them.
  assert.equal(new Set(sets).size, 3 * (1 + features.length));
});

/** Numbers of all that may be a country, of several lengths. */
const samples: readonly E164[] = Array.from({ length: 998 }, (_, before) => before + 1)
  .flatMap((code) =>
    [7, 8, 9, 10].map((digits): E164 => `+${code}${"2345678901".slice(0, digits)}`)
  )
  .filter(isE164);

/** The hash of the forms of all samples, by the version of the rows that have them. */
const PINNED: Readonly<Record<number, string>> = {
  18: "e17475fee2ec066b5bed44f5fb060c5a901f198ffba6274f7d420e035fa02ca6",
};

test("numbers are written as they were when the version of the rows was released", () => {
  const hash = sha256(samples.map((e164) => textsOf({ id: "pn", e164 })[1]).join(""));
  assert.equal(
    PINNED[ROW_VERSION],
    hash,
    "numbers are written otherwise: raise ROW_VERSION, and pin the hash of their forms",
  );
});
