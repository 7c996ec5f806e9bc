/** How the sender of Node and Deno finds addresses: by a server of names that the test is. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { promises as dns } from "node:dns";
import { describe, it } from "node:test";
import {
  keptResolve,
  machineResolve,
  publicResolve,
} from "../../../adapters/webhooks/node/names.ts";

const [A, AAAA] = [1, 28];

type Answers = Readonly<Record<string, Readonly<Record<number, readonly (readonly number[])[]>>>>;

/** The name that a question asks for, and its type. */
const questionOf = (message: Uint8Array) => {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(new TextDecoder().decode(message.subarray(at + 1, at + 1 + length)));
    at += length + 1;
  }
  return { name: labels.join("."), type: message[at + 2] ?? 0, end: at + 5 };
};

/** The answer to a question (RFC 1035): these records, or that there is no such name. */
const replyTo = (message: Uint8Array, answers: Answers): Uint8Array => {
  const { name, type, end } = questionOf(message);
  const records = answers[name]?.[type] ?? [];
  const code = answers[name] === undefined ? 3 : 0;
  const header = [message[0] ?? 0, message[1] ?? 0, 0x81, 0x80 | code, 0, 1, 0, records.length];
  // A pointer to the name of the question, the type, the class, no time to live, the length.
  const before = [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0];
  const written = records.flatMap((bytes) => [...before, bytes.length, ...bytes]);
  return Uint8Array.from([...header, 0, 0, 0, 0, ...message.subarray(12, end), ...written]);
};

/** A server of names on this machine, and a resolver that asks it. */
const openNames = async (answers: Answers) => {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (message, { port, address }) => {
    const { name, type } = questionOf(message);
    asked.push(`${type} ${name}`);
    if (name !== "silent.example") socket.send(replyTo(message, answers), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const resolver = new dns.Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  const close = () => new Promise<void>((resolve) => socket.close(() => resolve()));
  return { resolve: publicResolve(resolver), asked, close };
};

const NAMES: Answers = {
  "both.example": { [A]: [[1, 2, 3, 4], [127, 0, 0, 1]], [AAAA]: [[...Array(15).fill(0), 1]] },
  "four.example": { [A]: [[1, 2, 3, 4]] },
  "six.example": { [AAAA]: [[0x26, 6, ...Array(13).fill(0), 1]] },
  "none.example": {},
};

describe("the addresses of a name", () => {
  it("are those of both families, IPv4 first", async () => {
    const { resolve, asked, close } = await openNames(NAMES);
    assert.deepEqual(await resolve("both.example"), ["1.2.3.4", "127.0.0.1", "::1"]);
    assert.deepEqual(await resolve("four.example"), ["1.2.3.4"]);
    assert.deepEqual(await resolve("six.example"), ["2606::1"]);
    assert.deepEqual(asked.toSorted(), [
      "1 both.example",
      "1 four.example",
      "1 six.example",
      "28 both.example",
      "28 four.example",
      "28 six.example",
    ]);
    await close();
  });

  it("are none where the name is not known, has no address, or nothing answers", async () => {
    const { resolve, close } = await openNames(NAMES);
    for (const name of ["unknown.example", "none.example", "silent.example"]) {
      await assert.rejects(resolve(name), name);
    }
    await close();
  });

  it("in development are those that the machine knows, of its files too", async () => {
    const found = await machineResolve("localhost");
    assert.ok(found.length > 0);
    for (const address of found) assert.match(address, /^(?:127\.\d+\.\d+\.\d+|::1)$/);
  });
});

describe("kept addresses", () => {
  it("are asked for once by many messages, until their time is over", async () => {
    let asked = 0;
    const count = () => Promise.resolve([`10.0.0.${++asked}`]);
    const kept = keptResolve(count, 60_000);
    const all = await Promise.all([kept("a.example"), kept("a.example"), kept("b.example")]);
    assert.deepEqual(all, [["10.0.0.1"], ["10.0.0.1"], ["10.0.0.2"]]);
    const anew = keptResolve(count, 0);
    assert.deepEqual([await anew("a.example"), await anew("a.example")], [["10.0.0.3"], [
      "10.0.0.4",
    ]]);
  });

  it("are not kept where there are none, and are those of a thousand names at most", async () => {
    const asked = new Map<string, number>();
    const kept = keptResolve((name) => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      return name.startsWith("bad")
        ? Promise.reject(new Error("none"))
        : Promise.resolve(["10.0.0.1"]);
    }, 60_000);
    await assert.rejects(kept("bad.example"));
    await assert.rejects(kept("bad.example"));
    assert.equal(asked.get("bad.example"), 2);
    for (let at = 0; at <= 1_000; at++) await kept(`${at}.example`);
    await kept("1000.example");
    await kept("0.example");
    assert.deepEqual([asked.get("1000.example"), asked.get("0.example")], [1, 2]);
  });
});
