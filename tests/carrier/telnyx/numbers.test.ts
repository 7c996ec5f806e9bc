/** Numbers in an account at Telnyx, beyond what every carrier promises. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { changing, FILTERS, open, valueOf } from "./account.ts";

test("numbers at Telnyx are listed page by page, each once, without rows that are not our numbers", async () => {
  const { telnyx, carrier, order } = await open();
  const offers = valueOf(await carrier.search({ ...FILTERS, limit: 100 }));
  const more = valueOf(await carrier.search({ ...FILTERS, areaCode: "212", limit: 100 }));
  const most = valueOf(await carrier.search({ ...FILTERS, areaCode: "312", limit: 100 }));
  const bought = [...offers, ...more, ...most].map(({ e164 }) => e164);
  for (const [place, e164] of bought.entries()) await order(e164, `od_${place}`);
  telnyx.fail(
    "listNumbers",
    changing((row) => {
      if (row["phone_number"] === bought[0]) return { ...row, status: "ported-out" };
      return row["phone_number"] === bought[1] ? { ...row, phone_number: "70707" } : row;
    }),
  );
  const first = valueOf(await carrier.inventory(null));
  const second = valueOf(await carrier.inventory(first.next));
  assert.deepEqual([first.next, second.next], ["2", null]);
  assert.deepEqual(
    [...first.numbers, ...second.numbers].map(({ e164 }) => e164).toSorted(),
    bought.slice(2).toSorted(),
  );
});

test("numbers at Telnyx are in doubt when a page before the last is empty", async () => {
  const { telnyx, carrier } = await open();
  const by = (total_pages: number) => () =>
    Promise.resolve(Response.json({ data: [], meta: { page_number: 7, total_pages } }));
  telnyx.fail("listNumbers", { kind: "replaceAnswer", by: by(1_000_000) }, { times: 1 });
  const doubtful = await carrier.inventory("7");
  assert.ok(!doubtful.ok && doubtful.error.message.includes("empty page"));
  telnyx.fail("listNumbers", { kind: "replaceAnswer", by: by(6) });
  assert.deepEqual(valueOf(await carrier.inventory("7")), { numbers: [], next: null });
});

test("numbers at Telnyx are left alone when the id is another number's, or is not a valid id", async () => {
  const { telnyx, carrier, seen, order } = await open();
  await order(await seen());
  const [owned] = telnyx.numbers();
  assert.ok(owned !== undefined);
  for (const carrierId of [owned.id, "..", "1/2", "a b", ""]) {
    const named = { carrierId, e164: "+14155550199" } as const;
    assert.equal(valueOf(await carrier.release(named)), "gone");
    assert.equal(valueOf(await carrier.connect(named, "1494404757140276705")), "gone");
  }
  assert.deepEqual(telnyx.numbers(), [owned]);
  assert.equal(telnyx.requests("deleteNumber") + telnyx.requests("updateNumber"), 0);
});

test("numbers at Telnyx are released once when one answer is lost, and stay in doubt when all are", async () => {
  const { telnyx, carrier, seen, order } = await open();
  const e164 = await seen();
  await order(e164);
  const carrierId = telnyx.numbers()[0]?.id ?? "";
  const end = telnyx.fail("deleteNumber", { kind: "serverError", carriedOut: false });
  const released = await carrier.release({ carrierId, e164 });
  assert.ok(!released.ok && released.error.kind === "unknown");
  end();
  telnyx.fail("deleteNumber", { kind: "loseAnswer" }, { times: 1 });
  assert.equal(valueOf(await carrier.release({ carrierId, e164 })), "gone");
  assert.deepEqual(telnyx.numbers(), []);
});
