/**
 * The file of heads: whatever happened to it, it is complete or refused, and rewritten if possible.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { after, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import {
  appendHeads,
  readHeads,
  replaceHeads,
  type Written,
} from "../../adapters/runtimes/server/heads-file.ts";
import { acceptHeads } from "../../adapters/runtimes/server/heads-keeper.ts";
import type { Head } from "../../core/ports/mod.ts";
import { appendTo } from "../harness/contract/log/support.ts";
import { folder, headsIn, logOf, newFile, opened } from "./heads-support.ts";
import { until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

const HEAD = { position: 7, hash: "a".repeat(64) };
const FURTHER = { position: 9, hash: "b".repeat(64) };

test("returns what was stored, whatever the ids; the furthest head counts", async () => {
  const path = newFile();
  assert.equal(await readHeads(path), null);
  const heads = new Map([["acme", HEAD], ['{"a" 7', HEAD], ["\ufeffü \u2028", HEAD]]);
  let written: Written | null = await replaceHeads(path, heads);
  assert.deepEqual(await readHeads(path), heads);
  for (const head of [FURTHER, HEAD]) {
    written = await appendHeads(path, new Map([["acme", head]]), written);
    assert.ok(written);
  }
  assert.deepEqual(await readHeads(path), new Map([...heads, ["acme", FURTHER]]));
});

/** A file that was written in three steps, with its content. */
const wholeFile = async (): Promise<readonly [string, Map<string, Head>]> => {
  const path = newFile();
  const heads = new Map([["acme", HEAD], ["ü", HEAD]]);
  const first = await replaceHeads(path, heads);
  const second = await appendHeads(path, new Map([["acme", FURTHER]]), first);
  assert.ok(second && await appendHeads(path, new Map([["other", HEAD]]), second));
  return [path, new Map([...heads, ["acme", FURTHER], ["other", HEAD]])];
};

const assertRefused = (path: string, what: string): Promise<void> =>
  assert.rejects(readHeads(path), (error: Error) => {
    assert.equal(error.name, "SettingUnfit", what);
    assert.match(error.message, /^HEADS_FILE: [^\n]+ is not a whole file of heads \([^\n]+$/);
    assert.match(error.message, /restore it, or have "ledgerline heads --accept" begin it anew;/);
    return true;
  }, what);

test("is refused wherever it is cut off", async () => {
  const [path, heads] = await wholeFile();
  const whole = readFileSync(path);
  assert.deepEqual(await readHeads(path), heads);
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(path, whole.subarray(0, length));
    await assertRefused(path, `${length} bytes`);
  }
});

test("is refused where one byte, whichever it is, is another", async () => {
  const [path] = await wholeFile();
  const whole = readFileSync(path);
  for (const place of whole.keys()) {
    const other = Buffer.from(whole);
    other[place] = (other[place] ?? 0) ^ 1;
    writeFileSync(path, other);
    await assertRefused(path, `byte ${place}`);
  }
});

test("is refused where a server did not write it", async () => {
  const [whole] = await wholeFile();
  const text = readFileSync(whole, "utf8");
  const line = JSON.stringify({ organization: "acme", ...HEAD });
  const others: Readonly<Record<string, string>> = {
    "nothing": "",
    "a line break": "\n",
    "zeros, as after a power cut": "\0".repeat(text.length),
    "a page": "<html>",
    "JSON": "[]",
    "JSON of another shape": '{"heads":[{"organization":"__proto__","position":-1,"hash":"x"}]}',
    "heads without a first line": `${line}\n${line}\n`,
    "heads as they are printed": `acme 7 ${HEAD.hash}\n`,
    "with a byte order mark": `\ufeff${text}`,
    "with the ends of lines that Windows has": text.replaceAll("\n", "\r\n"),
    "its lines in another order": text.split("\n").toReversed().join("\n"),
    "another version": text.replace('"version":1', '"version":2'),
    "without a line": text.replace(/\n.*\n/, "\n"),
  };
  for (const [what, content] of Object.entries(others)) {
    const path = newFile();
    writeFileSync(path, content);
    await assertRefused(path, what);
    await assert.rejects(opened(await logOf({ acme: ["a"] }), path), /not a whole file of heads/);
    assert.equal(readFileSync(path, "utf8"), content, `${what} is left as it was`);
  }
});

test("lacks no head where a crash left half an addition at the end", async () => {
  const [path, heads] = await wholeFile();
  const whole = readFileSync(path);
  const line = Buffer.from(`${JSON.stringify({ organization: "acme", ...FURTHER })}\n`);
  for (const tail of [line, line.subarray(0, 20), Buffer.alloc(70_000)]) {
    writeFileSync(path, Buffer.concat([whole, tail]));
    assert.deepEqual(await readHeads(path), heads);
  }
});

test("is recreated on demand, whatever is there, and the old file is kept aside unchanged", async () => {
  for (const content of ["", "\0\0", "nonsense\n"]) {
    const path = newFile();
    writeFileSync(path, content);
    const log = await logOf({ acme: ["a"] });
    const aside = await acceptHeads(log, path);
    assert.equal(readFileSync(aside ?? "", "utf8"), content);
    assert.deepEqual(await readHeads(path), await headsIn(log));
  }
  assert.equal(await acceptHeads(await logOf({}), newFile()), null);
});

test("is written to a link's target, and does not replace the link", async () => {
  const [link, target] = [newFile(), newFile()];
  writeFileSync(target, "");
  symlinkSync(target, link);
  await replaceHeads(link, new Map([["acme", HEAD]]));
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.deepEqual(await readHeads(target), new Map([["acme", HEAD]]));
  rmSync(target);
  await assert.rejects(replaceHeads(link, new Map()), /is a link to a file that is not there/);
});

/** Runs `work`, and returns the lines written to the program's log meanwhile. */
const noted = async (work: (lines: readonly string[]) => Promise<void>): Promise<void> => {
  const lines: string[] = [];
  const { error } = console;
  console.error = (line: string) => void lines.push(line);
  try {
    await work(lines);
  } finally {
    console.error = error;
  }
};

describe("keepHeads(), where something else replaces the file meanwhile", () => {
  test("reports it once in one line, and writes all heads when the path is free", async () => {
    await noted(async (lines) => {
      const path = newFile();
      const log = await opened(await logOf({ acme: ["a"], other: ["b"] }), path);
      after(log.close);
      const before = lines.length;
      rmSync(path);
      mkdirSync(path);
      await log.append(appendTo("acme", { expected: "any" }));
      await until(() => lines.length > before);
      await pause(50, "it is tried again in it, and nothing more is said");
      rmdirSync(path);
      await until(() => lines.length >= before + 2);
      const said = lines.slice(before).map((line) => JSON.parse(line));
      assert.match(
        said[0].what,
        /^HEADS_FILE: EISDIR[^\n]+; no heads are kept until this is mended$/,
      );
      assert.equal(said[0].error, undefined);
      assert.equal(said[1].what, "HEADS_FILE: heads are kept again");
      assert.equal(said.length, 2);
      assert.deepEqual(await readHeads(path), await headsIn(log));
      await log.close();
      assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".unfinished")), []);
    });
  });

  for (const content of [null, "", "nonsense\n"]) {
    test(`rewrites all heads: ${JSON.stringify(content)}`, async () => {
      const path = newFile();
      const log = await opened(await logOf({ acme: ["a"], other: ["b"] }), path);
      if (content === null) rmSync(path);
      else writeFileSync(path, content);
      await log.append(appendTo("acme", { expected: "any" }));
      await log.close();
      assert.equal((await readHeads(path))?.get("acme")?.position, 2);
      assert.equal((await readHeads(path))?.get("other")?.position, 1);
    });
  }

  test("two that use one file by mistake leave a complete one with the furthest heads", async () => {
    const path = newFile();
    const memory = await logOf({ acme: ["a"] });
    // Each closes its own handle of the log, as two processes do, and not the other's.
    const handle = { ...memory, close: () => Promise.resolve() };
    const [one, two] = [await opened(handle, path), await opened(handle, path)];
    for (let round = 0; round < 20; round += 1) {
      await memory.append(appendTo("acme", { expected: "any" }));
      await pause(5, "the other writes in it");
    }
    const heads = await headsIn(memory);
    // The one that is behind may write its older heads once more; then it catches up too.
    await until(async () => isDeepStrictEqual(await readHeads(path).catch(() => null), heads));
    await Promise.all([one.close(), two.close()]);
    assert.deepEqual(await readHeads(path), heads);
    await memory.close();
  });
});
