/** The list of regular expressions that take linear time holds none that does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import LINEAR from "./linear-patterns.json" with { type: "json" };
import { faultOf } from "./patterns.ts";

test("each pattern of the list takes linear time", { timeout: 600_000 }, () => {
  const faults = LINEAR.flatMap((text) => {
    const end = text.lastIndexOf("/");
    const fault = faultOf({ source: text.slice(1, end), flags: text.slice(end + 1) });
    return fault === null ? [] : [`${text}: ${fault}`];
  });
  assert.deepEqual(faults, []);
});
