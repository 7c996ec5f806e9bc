/** Problems have types: one for each code that our own dialects answer, and no other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeProblem, problemOf } from "../../http/errors.ts";
import { PROBLEMS } from "../../http/problems.ts";
import { OF_ANY_CALL, REFUSALS, WEBHOOKS } from "./wire-answers.ts";

const OWN = REFUSALS.map((line) => line.split(" "))
  .filter(([, dialect]) => dialect === "ledger" || dialect === "admin")
  .map(([, , , code]) => code);

const FRAME = [...OF_ANY_CALL, ...WEBHOOKS].map((line) => /^\d{3} (\w+)/.exec(line)?.[1]);

test("every code that our own dialects answer has a type that is described, and no other code has", () => {
  const codes = [...new Set([...OWN, ...FRAME])].toSorted();
  assert.deepEqual(Object.keys(PROBLEMS).toSorted(), codes);
});

test("types and titles are each of one code, and what it means is short", () => {
  const codes = Object.keys(PROBLEMS);
  const types = new Set(codes.map((code) => problemOf(code).type));
  const titles = new Set(codes.map((code) => problemOf(code).title));
  assert.deepEqual([types.size, titles.size], [codes.length, codes.length]);
  for (const type of types) assert.match(type, /^\/docs\/problems#[a-z]+(?:-[a-z]+)*$/);
  for (const title of titles) assert.match(title, /^[A-Z][a-z]+(?: [a-z]+)*$/);
  for (const meaning of Object.values(PROBLEMS)) assert.match(meaning, /^[A-Z][^.:;\n]{5,70}$/);
});

test("a problem has the type of its code, also where the code is of no table", () => {
  const failure = { status: 409, code: "NUMBER_NOT_RENTED", message: "It is a trial." } as const;
  assert.deepEqual(encodeProblem(failure), {
    body: {
      type: "/docs/problems#number-not-rented",
      title: "Number not rented",
      status: 409,
      detail: "It is a trial.",
      code: "NUMBER_NOT_RENTED",
    },
    contentType: "application/problem+json",
  });
  assert.deepEqual(problemOf("constructor"), {
    type: "/docs/problems#constructor",
    title: "constructor",
  });
});
