/**
 * The walks in ARCHITECTURE.md name functions that are there. That none of their files imports from
 * a layer above its own is a tidy rule of the whole code base.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ROOT } from "./command.ts";

const text = readFileSync(`${ROOT}ARCHITECTURE.md`, "utf8");
const walks = text.slice(text.indexOf("## Three walks"), text.indexOf("## Automations"));

type Stop = { readonly name: string; readonly file: string };

/** `name` (`file`), or `name` in `file`, over the ends of lines. */
const stops: readonly Stop[] = [
  ...walks.matchAll(/`(\w+)`\s+(?:\(|in\s+)`([\w/-]+\.ts)`/g),
].map(([, name = "", file = ""]) => ({ name, file }));

const definitionOf = (name: string): RegExp =>
  new RegExp(`(?:const|function) ${name}\\b|^  ${name}[(:]`, "m");

test("each function of a walk is in the file that is named with it", () => {
  assert.ok(stops.length >= 25, `only ${stops.length} were found`);
  const missing = stops.filter(({ name, file }) =>
    !definitionOf(name).test(readFileSync(`${ROOT}${file}`, "utf8"))
  );
  assert.deepEqual(missing, []);
});
