/** A token that a command sends may be in a file, as a server's secrets may. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { newFolder, removeServers } from "../support/server.ts";
import { listening } from "./listening.ts";
import { run } from "./session.ts";

describe("the file of a token", () => {
  const asked: (string | undefined)[] = [];
  const folder = newFolder();
  let files = 0;
  let url = "";
  let close = (): void => {};
  before(async () => {
    ({ url, close } = await listening(({ headers }, response) => {
      asked.push(headers.authorization);
      response.setHeader("content-type", "application/json");
      response.end('{"numbers":[],"next":null}');
    }));
  });
  after(async () => {
    close();
    await removeServers();
  });

  /** What is sent and said where the file has this text, or is a folder (null). */
  const listWith = async (
    text: string | null,
    line: string,
    variable: string,
    more: Readonly<Record<string, string>> = {},
  ) => {
    const file = join(folder, `token-${files += 1}`);
    if (text === null) mkdirSync(file);
    else writeFileSync(file, text);
    const environment = { LEDGERLINE_URL: url, [variable]: file, ...more };
    const { status, err } = await run(line.split(" "), environment);
    return { status, err, sent: asked.splice(0) };
  };

  for (
    const [line, name] of [["list", "LEDGERLINE_TOKEN"], ["list --all", "ADMIN_TOKEN"]] as const
  ) {
    test(`is read for ${name}, with or without a newline at its end`, async () => {
      for (const end of ["", "\n", "\r\n"]) {
        const { status, err, sent } = await listWith(`a-secret${end}`, line, `${name}_FILE`);
        assert.deepEqual([status, sent], [0, ["Bearer a-secret"]], err);
      }
      // What is set and empty is not set.
      const { sent } = await listWith("a-secret", line, `${name}_FILE`, { [name]: "" });
      assert.deepEqual(sent, ["Bearer a-secret"]);
    });

    test(`that is of no use for ${name} is named, and nothing is sent`, async () => {
      const cases: readonly (readonly [string | null, Readonly<Record<string, string>>, RegExp])[] =
        [
          ["a-secret", { [name]: "another" }, /^\w+_FILE: must not be set with \w+$/],
          ["\n", {}, /^\w+_FILE: the file is empty$/],
          [null, {}, /^\w+_FILE: the file cannot be read: .* is not a regular file$/],
          ["a secret", {}, /^\w+_FILE: must be printable, without spaces$/],
          ["a-secret\n\nmore", {}, /^\w+_FILE: must be printable, without spaces$/],
          ["x".repeat(2_000_000), {}, /^\w+_FILE: the file cannot be read: .* is longer than /],
        ];
      for (const [text, more, says] of cases) {
        const { status, err, sent } = await listWith(text, line, `${name}_FILE`, more);
        assert.deepEqual([status, sent], [2, []], err);
        assert.ok(err.startsWith(`${name}_FILE: `), err);
        assert.match(err, says);
        assert.doesNotMatch(err, /secret/);
      }
    });
  }
});
