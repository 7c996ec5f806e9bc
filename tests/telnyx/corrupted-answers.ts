/** Ways to corrupt an answer of the emulator, drawn by fast-check and shown in a counterexample. */
import fc from "fast-check";
import { character } from "../harness/arbitraries/contents.ts";

/** How one answer is corrupted. */
export type Garble =
  /** Other text in its place. */
  | { readonly kind: "text"; readonly text: string }
  /** Bytes that are not UTF-8. */
  | { readonly kind: "bytes"; readonly bytes: readonly number[] }
  /** Only the first part of it, from 0 (nothing) to 1. */
  | { readonly kind: "truncated"; readonly part: number }
  /** One value within its JSON, the `place`th, replaced. */
  | { readonly kind: "replaced"; readonly place: number; readonly value: unknown }
  /** One value within its JSON, the `place`th, left out. */
  | { readonly kind: "dropped"; readonly place: number }
  /** The same under another status, with an odd time to wait. */
  | { readonly kind: "status"; readonly status: number; readonly reset: string }
  | { readonly kind: "contentType"; readonly type: string }
  /** Blanks before it, so that it is this long. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** A body that goes on for ever. */
  | { readonly kind: "endless" }
  /** A body of which nothing comes. */
  | { readonly kind: "silent" };

type Node = { readonly parent: Record<string, unknown>; readonly key: string };

const nodesOf = (value: unknown): readonly Node[] => {
  if (typeof value !== "object" || value === null) return [];
  const parent = value as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...nodesOf(parent[key])]);
};

const changed = (text: string, place: number, change: (node: Node) => void): string => {
  const root: unknown = JSON.parse(text);
  const nodes = nodesOf(root);
  const node = nodes[place % nodes.length];
  if (node !== undefined) change(node);
  return JSON.stringify(root);
};

const CHUNK = new TextEncoder().encode(" ".repeat(64 * 1024));
const WITHOUT_BODY = [204, 205, 304];

const bodyOf = async (garble: Garble, answer: Response): Promise<BodyInit | null> => {
  const text = await answer.text();
  switch (garble.kind) {
    case "text":
      return garble.text;
    case "bytes":
      return new Uint8Array(garble.bytes);
    case "truncated":
      return text.slice(0, text.length * garble.part);
    case "replaced":
      return changed(text, garble.place, ({ parent, key }) => void (parent[key] = garble.value));
    case "dropped":
      return changed(text, garble.place, ({ parent, key }) => {
        if (Array.isArray(parent)) parent.splice(Number(key), 1);
        else delete parent[key];
      });
    case "status":
      return WITHOUT_BODY.includes(garble.status) ? null : text;
    case "contentType":
      return text;
    case "huge":
      return text.padStart(garble.bytes);
    case "endless":
      return new ReadableStream({ pull: (stream) => stream.enqueue(CHUNK) });
    case "silent":
      return new ReadableStream();
  }
};

/** The answer, corrupted. */
export const spoil = (garble: Garble) => async (answer: Response): Promise<Response> => {
  const headers = new Headers(answer.headers);
  if (garble.kind === "contentType") headers.set("content-type", garble.type);
  if (garble.kind === "status") {
    headers.set("x-ratelimit-reset", garble.reset);
    headers.set("location", "https://elsewhere.example/v2");
  }
  const status = garble.kind === "status" ? garble.status : answer.status;
  return new Response(await bodyOf(garble, answer), { status, headers });
};

/** Bodies of a 404 that do not say, as Telnyx would, that it does not have what was asked for. */
export const NOT_SAID_TO_BE_GONE: readonly string[] = [
  "",
  "<!doctype html><title>404 Not Found</title>",
  "null",
  "10005",
  "{}",
  '{"code":10005}',
  '{"errors":[]}',
  '{"errors":{"code":10005}}',
  '{"errors":["10005"]}',
  '{"errors":[{"code":null}]}',
  '{"errors":[{"code":"10007","title":"Unexpected error"}]}',
  '{"errors":[{"title":"Resource not found"}]}',
  '{"errors":[{"code":"10005"},7]}',
];

const oddText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "null",
    "0",
    "[]",
    "{}",
    '"',
    '{"data":null}',
    '{"data":{}}',
    '{"data":[null]}',
    '{"data":[],"meta":{}}',
    '{"errors":[]}',
    '{"errors":[{"code":10005}]}',
    '{"errors":"no"}',
    '{"__proto__":{"data":[]}}',
    "<!doctype html><title>502 Bad Gateway</title>",
    "\ufeff{}",
    '{"data":"\\ud800"}',
    "[".repeat(100_000),
  ),
  fc.string({ unit: character }),
  fc.json(),
);

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    "",
    " ",
    "\u0000",
    "\ud800",
    "\u202e+14155550100",
    "+1",
    "+99999999999999999999",
    "14155550100",
    "0.0000001",
    "-1.00",
    "1e3",
    "NaN",
    "EUR",
    "success",
    "../../etc",
    "x".repeat(10_000),
    [],
    {},
    [[]],
    [null],
    { length: 1 },
  ),
  fc.jsonValue(),
);

const place = fc.nat({ max: 400 });

/** Any corrupted answer; some are still valid, and a few are unchanged. */
export const garbles: fc.Arbitrary<Garble> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("text" as const), text: oddText }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("bytes" as const),
      bytes: fc.array(fc.nat({ max: 255 }), { maxLength: 40 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("truncated" as const),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("replaced" as const), place, value: oddValue }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("dropped" as const), place }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("status" as const),
      status: fc.oneof(
        fc.constantFrom(201, 202, 204, 301, 302, 304, 400, 401, 404, 408, 409, 422, 429, 500, 503),
        fc.integer({ min: 200, max: 599 }),
      ),
      reset: fc.constantFrom("", "0", "-5", "soon", "1e9", "Infinity", "0x10"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("contentType" as const),
      type: fc.constantFrom("text/html", "application/octet-stream", "application/json;;;", "x"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Garble>(
      { kind: "huge", bytes: 6 * 1024 * 1024 },
      { kind: "endless" },
      { kind: "silent" },
    ),
  },
);

/**
 * The same without statuses that reject a request unread, such as 401 or 429: the adapter trusts
 * them, so they would be false about a request that was carried out.
 */
export const plausible: fc.Arbitrary<Garble> = garbles.filter((garble) =>
  garble.kind !== "status" || garble.status < 400 || garble.status >= 500 ||
  [400, 404, 408, 409, 422].includes(garble.status)
);
