import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { DOCUMENT_MAGIC, MAGIC } from "../../../adapters/carrier/sandbox/magic.ts";
import { DECLINED_GROUP } from "../../../adapters/carrier/sandbox/requirements.ts";
import { openMemoryOrderBook } from "../../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { money } from "../../../core/values/money.ts";
import type { E164 } from "../../../core/values/e164.ts";

const key = "od_1";
const connectionId = null;

const open = () => {
  const clock = openTestClock(0);
  const realClock = openTestClock(1_000_000);
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock, realClock });
  const kindOf = async (answer: Promise<{ ok: true } | { ok: false; error: { kind: string } }>) => {
    const given = await answer;
    return given.ok ? "ok" : given.error.kind;
  };
  const statusOf = async (): Promise<string | undefined> => {
    const found = await carrier.findOrder(key);
    return found.ok ? found.value?.status : undefined;
  };
  const order = async (e164: E164) => {
    const answer = await carrier.order({ key, e164, connectionId });
    assert.ok(answer.ok);
    return answer.value;
  };
  const isQuoted = async (e164: E164): Promise<boolean> => {
    const answer = await carrier.quote(e164);
    return answer.ok && answer.value !== null;
  };
  return { clock, realClock, carrier, kindOf, statusOf, order, isQuoted };
};

describe("sandbox magic numbers", () => {
  it("search lists them last of the 555 lines, except the one that is not offered, and those from 9000 on", async () => {
    const search = { country: "US", type: "local", areaCode: "212", limit: 100 } as const;
    const offers = await open().carrier.search(search);
    assert.ok(offers.ok);
    const magic = offers.value.slice(93, 99).map(({ e164 }) => e164.slice(5));
    assert.deepEqual(["5550110", ...magic, "5559000", "5559001"], Object.keys(MAGIC));
  });

  it("0110 is neither quoted nor sold", async () => {
    const { order, isQuoted } = open();
    assert.equal(await isQuoted("+14155550110"), false);
    assert.match(JSON.stringify(await order("+14155550110")), /notAvailable/);
  });

  it("0111 is quoted, but is taken when it is ordered", async () => {
    const { order, isQuoted } = open();
    assert.equal(await isQuoted("+14155550111"), true);
    assert.match(JSON.stringify(await order("+14155550111")), /notAvailable/);
  });

  it("0112 is quoted, but its order is refused", async () => {
    const { order, isQuoted, statusOf } = open();
    assert.equal(await isQuoted("+12125550112"), true);
    assert.match(JSON.stringify(await order("+12125550112")), /"refused"/);
    assert.equal(await statusOf(), undefined);
  });

  for (const name of ["clock", "realClock"] as const) {
    it(`0113 is confirmed when 3 s have passed by ${name}`, async () => {
      const opened = open();
      const start = opened[name].now();
      assert.equal((await opened.order("+14155550113")).status, "pending");
      opened[name].set(start + 2_999);
      assert.equal(await opened.statusOf(), "pending");
      opened[name].set(start + 3_000);
      assert.equal(await opened.statusOf(), "confirmed");
    });
  }

  it("0114 is ordered although the answer is lost", async () => {
    const { carrier, kindOf, statusOf, isQuoted } = open();
    const lost = carrier.order({ key, e164: "+14155550114", connectionId });
    assert.equal(await kindOf(lost), "unknown");
    assert.equal(await statusOf(), "confirmed");
    assert.equal(await isQuoted("+14155550114"), false);
  });

  it("0115 makes the carrier unreachable, and no order is taken", async () => {
    const { carrier, kindOf, statusOf } = open();
    assert.equal(await kindOf(carrier.quote("+14155550115")), "unreachable");
    const order = carrier.order({ key, e164: "+14155550115", connectionId });
    assert.equal(await kindOf(order), "unreachable");
    assert.equal(await statusOf(), undefined);
  });

  it("0116 is released at the third attempt, and stays sold until then", async () => {
    const { carrier, kindOf, order, isQuoted } = open();
    const e164 = "+14155550116";
    const taken = await order(e164);
    assert.ok(taken.status === "confirmed");
    const { carrierId } = taken;
    for (const attempt of [1, 2]) {
      assert.equal(await kindOf(carrier.release({ carrierId, e164 })), "unknown", `${attempt}`);
      assert.equal(await isQuoted(e164), false);
    }
    assert.deepEqual(await carrier.release({ carrierId, e164 }), { ok: true, value: "released" });
    assert.equal(await isQuoted(e164), true);
  });
});

describe("sandbox carrier", () => {
  it("findOrder gives the later order when one key ordered two numbers", async () => {
    const { order, carrier } = open();
    const one = await order("+14155550101");
    const other = await order("+14155550198");
    assert.notDeepEqual(one, other);
    assert.deepEqual(await carrier.findOrder(key), { ok: true, value: other });
  });

  it("search is refused when the limit is not 1 to 100", async () => {
    const { carrier, kindOf } = open();
    for (const limit of [0, 101, 1.5, Number.NaN]) {
      const search = carrier.search({ country: "US", type: "local", limit });
      assert.equal(await kindOf(search), "refused");
    }
  });

  it("search still fills its limit when most of the first numbers are sold", async () => {
    const { carrier } = open();
    const search = { country: "US", type: "local", areaCode: "415", limit: 100 } as const;
    const seen = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const offers = await carrier.search(search);
      assert.ok(offers.ok);
      assert.equal(offers.value.length, 100);
      for (const { e164 } of offers.value) {
        const taken = await carrier.order({ key, e164, connectionId });
        if (taken.ok && taken.value.status !== "failed") assert.ok(!seen.has(e164));
        seen.add(e164);
      }
    }
    assert.ok(seen.size >= 480);
  });
});

test("sandbox magic number 9000 is quoted and sold, at a price that nobody expects", async () => {
  const { carrier, order } = open();
  for (const e164 of ["+14155559000", "+14165559000", "+18005559000"] as const) {
    const quote = await carrier.quote(e164);
    assert.ok(quote.ok && quote.value !== null);
    assert.deepEqual(quote.value.setup, money(90_000_000_000));
    assert.deepEqual(quote.value.monthly, money(9_000_000_000));
  }
  assert.match(JSON.stringify(await order("+14155559000")), /confirmed/);
});

describe("the sandbox carrier where it requires documents", () => {
  const openSwiss = () => {
    const opened = open();
    const order = async (e164: E164, requirementGroupId?: string) => {
      const group = requirementGroupId === undefined ? {} : { requirementGroupId };
      const answer = await opened.carrier.order({ key, e164, connectionId, ...group });
      assert.ok(answer.ok);
      return answer.value;
    };
    const look = async () => {
      const found = await opened.carrier.findOrder(key);
      return found.ok ? found.value : assert.fail();
    };
    return { ...opened, order, look };
  };

  it("sells with any requirement group but the one that it declines", async () => {
    const { order } = openSwiss();
    assert.match(JSON.stringify(await order("+41442550001")), /requirementsMissing/);
    assert.match(
      JSON.stringify(await order("+41442550001", DECLINED_GROUP)),
      /requirementsMissing/,
    );
    assert.equal((await order("+41442550001", "rg_whatever")).status, "confirmed");
  });

  for (const name of ["clock", "realClock"] as const) {
    it(`0117 waits for a review, and is ours when 30 s have passed by ${name}`, async () => {
      const { order, look, ...opened } = openSwiss();
      const start = opened[name].now();
      const waits = { status: "pending", waitsFor: "review" };
      assert.deepEqual(await order("+41442550117", "rg_ok"), waits);
      opened[name].set(start + 29_999);
      assert.deepEqual(await look(), waits);
      opened[name].set(start + 30_000);
      assert.equal((await look())?.status, "confirmed");
    });
  }

  it("0118 waits for a correction, is cancelled after 30 s, and for sale again", async () => {
    const { order, look, clock, isQuoted } = openSwiss();
    assert.deepEqual(await order("+41442550118", "rg_ok"), {
      status: "pending",
      waitsFor: "correction",
    });
    assert.equal(await isQuoted("+41442550118"), false);
    clock.set(clock.now() + 30_000);
    for (let time = 0; time < 2; time++) {
      assert.match(JSON.stringify(await look()), /requirementsMissing/);
      assert.equal(await isQuoted("+41442550118"), true);
    }
  });

  it("none of its magic numbers is among the first that a search lists", async () => {
    const found = await open().carrier.search({ country: "CH", type: "local", limit: 100 });
    assert.ok(found.ok);
    const ends = found.value.map(({ e164 }) => e164.slice(-4));
    assert.deepEqual(ends.filter((end) => end in DOCUMENT_MAGIC), []);
  });
});
