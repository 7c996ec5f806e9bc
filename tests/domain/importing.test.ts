/**
 * An import is not proved: it never keeps a number from a buyer, and ends when the number is
 * bought.
 */
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { at, elsewhere, given } from "../harness/specification.ts";
import {
  assigned,
  bringIn,
  buy,
  confirm,
  E164_1,
  imported,
  lent,
  opened,
  PN,
  released,
  requested,
  searched,
  sipInstalled,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";

/** The number of the stories in its other spelling. */
const OTHERWISE = "+114155550101";

const theirs = elsewhere("umbrella", at(NOON, opened(), imported({ holding: "pn_x" })));

test("confirmation waits while the number is imported by anyone", () => {
  const bought = at(NOON, opened("Free"), requested({ paidFrom: "trial" }));
  given(theirs, bought).when(confirm, { at: NOON }).then("NUMBER_IMPORTED");
  const mine = at(NOON, opened(), imported({ holding: "pn_x" }), requested({ paidFrom: "trial" }));
  given(mine).when(confirm, { at: NOON }).then("NUMBER_IMPORTED");
});

test("confirmation waits for an import in another spelling, in the worlds that there are", () => {
  const written = (world: "live" | "sandbox") =>
    elsewhere(
      "umbrella",
      at(NOON, opened(), imported({ holding: "pn_x", e164: OTHERWISE, world })),
    );
  const bought = at(NOON, opened("Free"), requested({ paidFrom: "trial" }));
  given(written("sandbox"), bought).when(confirm, { at: NOON }).then("NUMBER_IMPORTED");
  given(written("live"), bought).when(confirm, { at: NOON }).then([lent(NOON)]);
  // An import that is older than the worlds is in the only one.
  const wished = requested({ paidFrom: "trial", importedIn: "live" });
  given(written("live"), at(NOON, opened("Free"), searched(E164_1)))
    .when(buy(), { at: NOON })
    .then([wished]);
  given(written("live"), at(NOON, opened("Free"), wished))
    .when(confirm, { at: NOON })
    .then("NUMBER_IMPORTED");
});

test("confirmation does not wait for a number that a carrier sold in another spelling", () => {
  const theirs = requested({ holding: "pn_x", e164: OTHERWISE, paidFrom: "trial" });
  given(
    elsewhere("umbrella", at(NOON, opened("Free"), theirs, lent(NOON, "pn_x"))),
    at(NOON, opened("Free"), requested({ paidFrom: "trial" })),
  ).when(confirm, { at: NOON }).then([lent(NOON)]);
});

test("confirmation does not wait for an import in the other world", () => {
  const live = elsewhere(
    "umbrella",
    at(NOON, opened(), imported({ holding: "pn_x", world: "live" })),
  );
  given(live, at(NOON, opened("Free"), requested({ paidFrom: "trial" })))
    .when(confirm, { at: NOON })
    .then([lent(NOON)]);
});

test("request notes an import that is older than the worlds, and the confirmation waits for it", () => {
  const older = elsewhere(
    "umbrella",
    at(NOON, opened(), imported({ holding: "pn_x", world: "live" })),
  );
  const known = searched(E164_1);
  const wished = requested({ paidFrom: "trial", importedIn: "live" });
  given(older, at(NOON, opened("Free"), known)).when(buy(), { at: NOON }).then([wished]);
  given(older, at(NOON, opened("Free"), wished)).when(confirm, { at: NOON }).then(
    "NUMBER_IMPORTED",
  );
  // Once that has ended, nothing prevents it.
  given(at(NOON, opened("Free"), wished)).when(confirm, { at: NOON }).then([lent(NOON)]);
});

test("purchase is refused to who imports the number, in the worlds that there are", () => {
  const known = searched(E164_1);
  const mine = (world: "live" | "sandbox") => at(NOON, opened(), imported({ world }), known);
  const why = "NUMBER_ALREADY_YOURS";
  given(mine("sandbox")).when(buy({ holding: "pn_2" }), { at: NOON }).then(why);
  // Where there is one world only, an import from before the worlds is in it.
  given(mine("live")).when(buy({ holding: "pn_2" }), { at: NOON }).then(why);
  given(mine("sandbox")).when(buy({ holding: "pn_2" }), { at: NOON, own: "live" }).then(why);
  given(at(NOON, opened("Free"), imported({ world: "live" }), known))
    .when(buy({ holding: "pn_2" }), { at: NOON, own: "live", scope: "sandbox" })
    .then([requested({ holding: "pn_2", paidFrom: "trial", place: "sandbox" })]);
});

test("an own import in another spelling stops a purchase", () => {
  const mine = (world: "live" | "sandbox") =>
    at(NOON, opened(), imported({ e164: OTHERWISE, world }), searched(E164_1));
  for (const world of ["live", "sandbox"] as const) {
    given(mine(world)).when(buy({ holding: "pn_2" }), { at: NOON }).then("NUMBER_ALREADY_YOURS");
  }
  given(mine("sandbox"))
    .when(buy({ holding: "pn_2" }), { at: NOON, own: "live" })
    .then("NUMBER_ALREADY_YOURS");
});

test("purchase is refused for the own import before anything else is asked", () => {
  const [past, holding] = [at(NOON, opened("Prepaid"), imported()), "pn_2"];
  given(past).when(buy({ holding }), { at: NOON }).then("NUMBER_ALREADY_YOURS");
  // The importer does not learn of another organization's purchase under way.
  const buying = elsewhere("umbrella", at(NOON, opened(), requested({ holding: "pn_x" })));
  given(past, buying).when(buy({ holding }), { at: NOON }).then("NUMBER_ALREADY_YOURS");
  // Once it is released, the number can be had.
  const given_up = released({ source: "imported", why: "byUser" });
  given(at(NOON, opened("Free"), imported(), given_up, searched(E164_1)))
    .when(buy({ holding }), { at: NOON })
    .then([requested({ holding, paidFrom: "trial" })]);
});

test("import that ends loses its assistant, and its release request is granted", () => {
  const EndImport = { type: "EndImport", holding: PN } as const;
  const why = "boughtFromCarrier" as const;
  const asked: DomainEvent = {
    type: "ReleaseRequested",
    data: {
      request: "rr_1",
      holding: PN,
      e164: E164_1,
      world: "sandbox",
      reason: "No longer needed.",
    },
  };
  given(at(NOON, opened(), imported(), assigned("agent")))
    .when(EndImport, { at: NOON })
    .then([unassigned("agent"), released({ source: "imported", why })]);
  given(at(NOON, opened(), imported(), asked))
    .when(EndImport, { at: NOON })
    .then([
      { type: "ReleaseRequestApproved", data: { request: "rr_1", holding: PN } },
      released({ source: "imported", why }),
    ]);
});

test("only an import is ended so, and only once", () => {
  const EndImport = { type: "EndImport", holding: PN } as const;
  given(at(NOON, opened())).when(EndImport, { at: NOON }).then([]);
  given(at(NOON, opened(), requested())).when(EndImport, { at: NOON }).then([]);
  given(at(NOON, opened("Free"), requested({ paidFrom: "trial" }), lent(NOON)))
    .when(EndImport, { at: NOON })
    .then([]);
});

test("import is refused from the request of a purchase on, until it fails or is released", () => {
  for (const past of [[requested()], [requested({ paidFrom: "trial" }), lent(NOON)]]) {
    given(at(NOON, opened(), sipInstalled()), elsewhere("umbrella", at(NOON, opened(), ...past)))
      .when(bringIn({ holding: "pn_2", e164: E164_1 }), { at: NOON })
      .then("NUMBER_ALREADY_OWNED");
  }
});

test("import in one world does not affect the other", () => {
  const bought = elsewhere("umbrella", at(NOON, opened(), requested()));
  const command = bringIn({ holding: "pn_2", scope: "live" });
  given(at(NOON, opened(), sipInstalled()), bought, theirs)
    .when(command, { at: NOON })
    .then([imported({ holding: "pn_2", world: "live" })]);
});

test("import is given up by its owner, and a request for that is granted", () => {
  const RemoveImport = { type: "RemoveImport", holding: PN } as const;
  const removed = released({ source: "imported", why: "byUser" });
  given(at(NOON, opened(), imported())).when(RemoveImport, { at: NOON }).then([removed]);
  const asked: DomainEvent = {
    type: "ReleaseRequested",
    data: { request: "rr_1", holding: PN, e164: E164_1, world: "sandbox", reason: "Not needed." },
  };
  given(at(NOON, opened(), imported(), asked)).when(RemoveImport, { at: NOON }).then([
    { type: "ReleaseRequestApproved", data: { request: "rr_1", holding: PN } },
    removed,
  ]);
});

test("import stays while an assistant has it, and what was bought is not an import", () => {
  const RemoveImport = { type: "RemoveImport", holding: PN } as const;
  given(at(NOON, opened(), imported(), assigned("agent")))
    .when(RemoveImport, { at: NOON }).then("NUMBER_IN_USE");
  given(at(NOON, opened("Free"), requested({ paidFrom: "trial" }), lent(NOON)))
    .when(RemoveImport, { at: NOON }).then("NUMBER_UNKNOWN");
  given(at(NOON, opened(), imported({ world: "live" })))
    .when(RemoveImport, { at: NOON, scope: "sandbox", own: "live" }).then("NUMBER_UNKNOWN");
});

test("number is imported over any installed trunk, and not over another", () => {
  const other = {
    type: "SipConnectionInstalled",
    data: { installation: "sip_2", providerName: "Other", trunk: "trunk_2", ready: true },
  } as const;
  const both = at(NOON, opened(), sipInstalled("trunk_1"), other);
  const over = (sipTrunk: string) => bringIn({ via: { sipTrunk } });
  given(both).when(over("trunk_2"), { at: NOON })
    .then([imported({ sipConnection: null, sipTrunk: "trunk_2" })]);
  given(both).when(over("trunk_3"), { at: NOON }).then("SIP_CONNECTION_UNKNOWN");
});
