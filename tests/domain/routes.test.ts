/**
 * The route of a number at its carrier: wished with what suspends and reinstates it, and confirmed.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import type { NoteRoute, SettleRoute } from "../../core/number/decisions/routes.ts";
import { type Route, routes, routeToAttach } from "../../core/number/routes.ts";
import { numbers } from "../../core/number/state.ts";
import type { CarrierRoute } from "../../core/ports/mod.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { ALICE, at, given, instant, type Past, stateAfter } from "../harness/specification.ts";
import {
  imported,
  opened,
  PN,
  purchased,
  reinstated,
  releaseStarted,
  renewalFailed,
  requested,
  routeDrifted,
  routeLeft,
  routeNoted,
  routeSettled,
  suspended,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const ONE = "2026-01-31T13:00:00Z";
const TWO = "2026-01-31T14:00:00Z";
const SOON = "2026-01-31T14:14:59Z";
const LATER = "2026-01-31T14:15:00Z";

const held = at(NOON, opened("Growth"), requested(), purchased(NOON));
const CONNECTED: CarrierRoute = { connectionId: "14", messagingProfileId: null };
const BARE: CarrierRoute = { connectionId: null, messagingProfileId: null };

const routeAfter = (...past: readonly Past[]): Route | undefined =>
  stateAfter(...past).get(routes, PN);

const note = (route: CarrierRoute = CONNECTED, wish = 1): NoteRoute => ({
  type: "NoteRoute",
  holding: PN,
  wish,
  route,
});

const settle = (over: Partial<SettleRoute> = {}): SettleRoute => ({
  type: "SettleRoute",
  holding: PN,
  wish: 1,
  as: "done",
  askedAt: instant(TWO),
  settlingMs: MINUTE_MS,
  ...over,
});

describe("a route is to be detached", () => {
  test("as soon as its number is suspended, for any reason, and once", () => {
    for (
      const events of [
        [suspended("compliance")],
        [renewalFailed(2, ONE, TWO), suspended("unpaid")],
        [suspended("compliance"), renewalFailed(2, ONE, TWO), suspended("unpaid")],
        [renewalFailed(2, ONE, TWO), suspended("unpaid"), suspended("compliance")],
      ]
    ) {
      const route = routeAfter(held, at(ONE, ...events));
      assert.ok(route);
      assert.deepEqual([route.wish, route.wanted, route.since], [1, "detached", instant(ONE)]);
      assert.deepEqual(routes.work?.(route), { automation: "routes", due: instant(ONE) });
    }
  });

  test("of no number that was never suspended, or is imported", () => {
    assert.equal(routeAfter(held), undefined);
    assert.equal(routeAfter(at(NOON, opened(), imported())), undefined);
  });

  test("no longer when the number goes back to the carrier", () => {
    const leaving = at(TWO, releaseStarted("notPaid"));
    assert.equal(routeAfter(held, at(ONE, suspended("unpaid")), leaving), undefined);
  });

  test("and its number's own row says nothing of it", () => {
    const before = stateAfter(held, at(ONE, suspended("unpaid"))).get(numbers, PN);
    const all = [routeNoted(), routeSettled("detached"), routeDrifted(1), routeLeft("gone", 2)];
    const after = stateAfter(held, at(ONE, suspended("unpaid")), at(TWO, ...all)).get(numbers, PN);
    assert.deepEqual(after, before);
  });
});

describe("a route is to be attached again", () => {
  const rested = at(ONE, suspended("compliance"), routeNoted(), routeSettled("detached"));

  test("when its number is reinstated, as it was noted before it was detached", () => {
    const route = routeAfter(held, rested, at(TWO, reinstated()));
    assert.ok(route);
    assert.deepEqual([route.wish, route.wanted, route.settled], [2, "attached", null]);
    assert.deepEqual(route.kept, CONNECTED);
  });

  test("and has nothing to come back to when nothing was ever noted, and so detached", () => {
    const soon = at(TWO, reinstated());
    assert.equal(routeAfter(held, at(ONE, suspended("compliance")), soon), undefined);
  });

  test("to the connection that the number was bought for, where there is one", () => {
    assert.deepEqual(routeToAttach({ connection: "15" }, CONNECTED), {
      ...CONNECTED,
      connectionId: "15",
    });
    assert.deepEqual(routeToAttach({ connection: null }, CONNECTED), CONNECTED);
    assert.deepEqual(routeToAttach({ connection: null }, null), BARE);
  });
});

describe("what the carrier has attached", () => {
  const wished = at(ONE, suspended("compliance"));

  test("is noted before anything is detached, and once", () => {
    given(held, wished).when(note()).then([routeNoted()]);
    given(held, wished, at(ONE, routeNoted())).when(note()).then([]);
  });

  test("is noted also when it is nothing, since it may be detached from then on", () => {
    given(held, wished).when(note(BARE)).then([routeNoted({ connection: null })]);
  });

  test("is kept where the carrier shows it no longer, since that may be our own doing", () => {
    const twice = at(TWO, routeNoted(), reinstated(), suspended("compliance"));
    given(held, wished, twice).when(note(BARE, 3)).then([]);
    const other = { connectionId: null, messagingProfileId: "p_1" };
    given(held, wished, twice).when(note(other, 3))
      .then([routeNoted({ wish: 3, messagingProfile: "p_1" })]);
  });

  test("is what it shows once all of it was surely attached again", () => {
    const back = at(TWO, routeNoted(), reinstated(), routeSettled("attached", 2));
    const again = at(LATER, suspended("compliance"));
    given(held, wished, back, again).when(note(BARE, 3))
      .then([routeNoted({ wish: 3, connection: null })]);
  });

  test("is kept where it was attached so lately that the carrier may not show it yet", () => {
    const back = at(TWO, routeNoted(), reinstated(), routeSettled("attached", 2));
    const again = at(SOON, suspended("compliance"));
    given(held, wished, back, again).when(note(BARE, 3)).then([]);
    const { kept } = routeAfter(held, wished, back, again) ?? assert.fail();
    assert.deepEqual(kept, CONNECTED);
  });

  test("is not noted for a wish that is no longer the number's", () => {
    given(held).when(note()).then([]);
    given(held, wished).when(note(CONNECTED, 2)).then([]);
    given(held, wished, at(TWO, routeNoted(), reinstated())).when(note(CONNECTED, 2)).then([]);
    given(held, wished, at(TWO, routeNoted(), routeSettled("detached"))).when(note()).then([]);
  });
});

describe("what the carrier answers", () => {
  const wished = at(ONE, suspended("compliance"), routeNoted());
  const turned = at(TWO, reinstated());

  test("ends the wish that it is an answer to", () => {
    given(held, wished).when(settle()).then([routeSettled("detached")]);
    const rested = at(ONE, routeSettled("detached"));
    given(held, wished, rested, turned).when(settle({ wish: 2 })).then([
      routeSettled("attached", 2),
    ]);
    for (const as of ["gone", "unsupported"] as const) {
      given(held, wished).when(settle({ as })).then([routeLeft(as)]);
    }
  });

  test("ends no other wish: a late answer changes nothing", () => {
    given(held, wished, turned).when(settle()).then([]);
    given(held, wished, turned, at(TWO, suspended("compliance"))).when(settle()).then([]);
    given(held, wished, at(TWO, releaseStarted("byUser"))).when(settle()).then([]);
    given(held, wished, at(TWO, routeSettled("detached"))).when(settle()).then([]);
  });

  test("ends nothing while an earlier call for the contrary may yet be taken", () => {
    const early = settle({ wish: 2, askedAt: instant(TWO) + MINUTE_MS - 1 });
    const late = settle({ wish: 2, askedAt: instant(TWO) + MINUTE_MS });
    given(held, wished, turned).when(early).then([]);
    given(held, wished, turned).when(late).then([routeSettled("attached", 2)]);
    // It was confirmed just before: an attempt without a known result may still be under way.
    const justNow = [wished, at(TWO, routeSettled("detached"), reinstated())] as const;
    given(held, ...justNow).when(early).then([]);
    given(held, ...justNow).when(late).then([routeSettled("attached", 2)]);
  });

  test("is doubted when a reconciliation finds it otherwise, and asked for again", () => {
    const redo = { type: "RedoRoute", holding: PN, wish: 1 } as const;
    const rested: DomainEvent[] = [routeSettled("detached")];
    given(held, wished, at(TWO, ...rested)).when(redo).then([routeDrifted(1)]);
    const route = routeAfter(held, wished, at(TWO, ...rested, routeDrifted(1)));
    assert.deepEqual([route?.wish, route?.wanted, route?.settled], [2, "detached", null]);
    given(held, wished).when(redo).then([]);
    given(held, wished, at(TWO, ...rested, reinstated())).when(redo).then([]);
    given(held).when(redo).then([]);
  });
});

const folded = (row: Route | undefined, event: DomainEvent, time = 100): Route | undefined =>
  routes.evolve(row, { ...event, at: time, actor: ALICE } as never, PN);

test("wishes for a route alternate, and none is made where the number was never suspended", () => {
  const first = folded(undefined, suspended("compliance")) ?? assert.fail("there is a wish");
  assert.deepEqual([first.wish, first.wanted, first.kept], [1, "detached", null]);
  assert.equal(folded(undefined, reinstated()), undefined);
  assert.equal(folded(first, reinstated()), undefined);
  assert.equal(folded(first, suspended("compliance"), 200), first);
  const noted = { ...first, kept: { connectionId: "14", messagingProfileId: null } };
  const second = folded(noted, reinstated(), 200) ?? assert.fail("there is a wish");
  assert.deepEqual([second.wish, second.wanted, second.contraryAt], [2, "attached", 200]);
  assert.equal(folded(second, reinstated(), 300), second);
  const third = { ...second, wish: 3, kept: null };
  assert.equal(folded(third, reinstated()), third);
  assert.equal(folded(third, releaseStarted("byUser"))?.wanted, undefined);
  const about = { type: "RouteDetached", data: { holding: PN, wish: 1 } } as const;
  assert.equal(folded(undefined, about), undefined);
  assert.equal(folded(second, about), second);
});
