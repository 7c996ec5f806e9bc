/** The URLs that endpoints of webhooks may have, as far as their text says. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { webhookUrlFault } from "../../adapters/validation/webhook-url.ts";

describe("the URL of an endpoint", () => {
  test("is https, without user or password, and no longer than 2,000 characters", () => {
    const faults: readonly (readonly [string, string | null])[] = [
      ["https://example.com/hook", null],
      ["HTTPS://EXAMPLE.COM:8443/a?b=c#d", null],
      ["https://[2001:db8::1]/", null],
      [`https://example.com/${"a".repeat(1_980)}`, null],
      [`https://example.com/${"a".repeat(1_981)}`, "must have at most 2000 characters"],
      ["http://example.com/", "must begin with https://"],
      ["ftp://example.com/", "must begin with https://"],
      ["javascript:alert(1)", "must begin with https://"],
      ["example.com", "must be a URL"],
      ["", "must be a URL"],
      ["https://", "must be a URL"],
      ["https://\ud800.example/", "must be a URL"],
      ["https://user@example.com/", "must have neither a user nor a password"],
      ["https://:secret@example.com/", "must have neither a user nor a password"],
    ];
    for (const [url, fault] of faults) assert.equal(webhookUrlFault(url), fault, url);
  });

  test("leads where it says, however it is written, or has a fault", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string({ unit: "binary" }),
          fc.webUrl().map((url) => url.replace("//", "//a:b@")),
        ),
        (text) => {
          const fault = webhookUrlFault(text);
          if (fault !== null) return;
          const { protocol, username, password, hostname } = new URL(text);
          assert.deepEqual([protocol, username, password], ["https:", "", ""]);
          assert.notEqual(hostname, "");
        },
      ),
    );
  });
});
