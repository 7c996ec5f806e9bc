/** How every carrier releases numbers. */
import assert from "node:assert/strict";
import type { Test } from "../../runner.ts";
import { buy, type CarrierSubject, first, isListed, valueOf } from "../carrier-support.ts";

export const releasing = (test: Test, subject: () => CarrierSubject): void => {
  test("release brings the number back to search when it was ours", async () => {
    const { e164 } = await first(subject());
    const bought = await buy(subject(), e164);
    assert.equal(valueOf(await subject().carrier.release(bought)), "released");
    assert.equal(await isListed(subject(), e164), true);
    assert.equal(valueOf(await subject().carrier.quote(e164))?.e164, e164);
  });

  test("release answers `gone` when the number was released before", async () => {
    const bought = await buy(subject(), (await first(subject())).e164);
    await subject().carrier.release(bought);
    assert.equal(valueOf(await subject().carrier.release(bought)), "gone");
  });

  test("release answers `gone` when the carrier id is unknown", async () => {
    const { carrier, notOffered } = subject();
    const unknown = { carrierId: "contract_unknown", e164: notOffered };
    assert.equal(valueOf(await carrier.release(unknown)), "gone");
  });

  test("release leaves the number alone when it has been bought again since", async () => {
    const { e164 } = await first(subject());
    const earlier = await buy(subject(), e164);
    await subject().carrier.release(earlier);
    const later = await buy(subject(), e164);
    assert.notEqual(later.carrierId, earlier.carrierId);
    assert.equal(valueOf(await subject().carrier.release(earlier)), "gone");
    assert.equal(valueOf(await subject().carrier.quote(e164)), null);
  });
};
