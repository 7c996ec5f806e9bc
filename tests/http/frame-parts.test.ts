import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bearerToken, secretCheck } from "../../http/auth.ts";
import type { Language } from "../../http/dialect.ts";
import { preferredLanguage } from "../../http/language.ts";
import { runs } from "../support/runs.ts";

test("preferredLanguage follows qualities, then order, and falls back on English", () => {
  const cases: readonly [string | null, Language][] = [
    [null, "en"],
    ["", "en"],
    ["de", "de"],
    ["DE-at", "de"],
    ["pt-BR", "pt-BR"],
    ["pt", "pt-BR"],
    ["pt-PT,en;q=0.5", "pt-BR"],
    ["en-US,en;q=0.9,de;q=0.8", "en"],
    ["fr-FR, de;q=0.3, pt;q=0.8", "pt-BR"],
    ["de;q=0, *", "en"],
    ["de ; q=1.000 , pt", "de"],
    ["fr", "en"],
    ["*", "en"],
    ["de;q=2", "en"],
    ["__proto__, de;q=0.1", "de"],
  ];
  for (const [header, language] of cases) {
    assert.equal(preferredLanguage(header), language, String(header));
  }
});

test("preferredLanguage gives a language it has when the header is anything", () =>
  fc.assert(fc.property(fc.string({ unit: "binary-ascii" }), (header) => {
    assert.ok(["en", "de", "pt-BR"].includes(preferredLanguage(header)));
  })));

test("bearerToken reads the token when the scheme is Bearer, in any case", () => {
  assert.equal(bearerToken("Bearer abc.DEF-1~+/="), "abc.DEF-1~+/=");
  assert.equal(bearerToken("bearer  abc "), "abc");
  for (const header of [null, "", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "abc"]) {
    assert.equal(bearerToken(header), null, String(header));
  }
});

const secrets = fc.string().filter((text) => !text.includes(","));

test("secretCheck is true when the text is the secret, and only then", () =>
  fc.assert(
    fc.asyncProperty(secrets, fc.string(), async (secret, other) => {
      const check = secretCheck(secret);
      assert.equal(await check(secret), true);
      assert.equal(await check(other), other === secret);
      assert.equal(await check(`${secret}x`), false);
    }),
    { numRuns: runs(50) },
  ));

test("secretCheck is true for each of several secrets, and for no part of their text", () => {
  const check = secretCheck("the-first-of-tokens,the-second-of-tokens");
  for (const secret of ["the-first-of-tokens", "the-second-of-tokens"]) {
    assert.equal(check(secret), true, secret);
  }
  for (const other of ["the-first-of-tokens,the-second-of-tokens", "", ",", "the-first"]) {
    assert.equal(check(other), false, other);
  }
});
