/** The properties of every carrier. */
import assert from "node:assert/strict";
import * as v from "valibot";
import { CarrierNameSchema } from "../../../../core/events/number.ts";
import type { Test } from "../../runner.ts";
import type { CarrierSubject } from "../carrier-support.ts";

export const telling = (test: Test, subject: () => CarrierSubject): void => {
  test("the name is one that events can hold", () => {
    const { name } = subject().carrier;
    assert.ok(v.is(CarrierNameSchema, name), name);
  });

  test("settlingMs is how long an order may take to come into sight, which may be 0", () => {
    const { settlingMs } = subject().carrier;
    assert.ok(Number.isFinite(settlingMs) && settlingMs >= 0, String(settlingMs));
  });
};
