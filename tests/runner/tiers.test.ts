import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { planOf } from "./plan.ts";
import { canRunOnDeno, ONLY_ON_NODE, tierOf } from "./tiers.ts";

const FILES = readdirSync(`${ROOT}tests`, { recursive: true, encoding: "utf8" })
  .map((path) => `tests/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".test.ts"));

const [quick, short, long] = [planOf("quick"), planOf("test"), planOf("long")];

test(".ci/run runs the check and bounded long tests, and ends with the README's test command", () => {
  const [readme, gate] = ["README.md", ".ci/run"].map((path) =>
    readFileSync(`${ROOT}${path}`, "utf8")
  );
  const command = /^npm install && npm test$/m.exec(readme ?? "")?.[0] ?? "none";
  const commands = (gate ?? "").split("\n").filter((line) => line.startsWith("npm "));
  assert.equal(commands.at(-1), command);
  assert.deepEqual(commands.slice(0, 2), ["npm ci", "npm run check"]);
  assert.match(commands[2] ?? "", /^npm run test:long -- --minutes \d+$/);
});

test("the inner loop opens no database", () => {
  const opens = /\b(?:openPgliteLog|openPostgresLog|startPostgres|postgresLogs|everyLog)\b/;
  const all = FILES.filter((path) => opens.test(readFileSync(`${ROOT}${path}`, "utf8")));
  assert.ok(all.length > 0);
  assert.deepEqual(all.filter((path) => quick.node.includes(path)), []);
});

describe("the tiers", () => {
  test("a file's name says its tier", () => {
    assert.equal(tierOf("tests/a/b.test.ts"), "test");
    assert.equal(tierOf("tests/a/b.node.test.ts"), "test");
    assert.equal(tierOf("tests/a/b.long.test.ts"), "long");
    assert.equal(tierOf("tests/a/b.long.node.test.ts"), "long");
  });

  test("every test file runs on Node in exactly one of npm test and npm run test:long", () => {
    const onlyLong = long.node.filter((path) => !short.node.includes(path));
    assert.deepEqual([...short.node, ...onlyLong].toSorted(), FILES.toSorted());
    assert.equal(onlyLong.every((path) => tierOf(path) === "long"), true);
  });

  test("what is random runs again in the long tier, with all of its runs", () => {
    const random = FILES.filter((path) =>
      /import \{[^}]*\bruns\b[^}]*\} from "[./]*support\/runs\.ts"/
        .test(readFileSync(`${ROOT}${path}`, "utf8"))
    );
    assert.ok(random.length > 0);
    assert.deepEqual(random.filter((path) => !long.node.includes(path)), []);
  });

  test("every file that can run on Deno does, in one of the two", () => {
    assert.deepEqual(
      [...short.deno, ...long.deno].toSorted(),
      FILES.filter(canRunOnDeno).toSorted(),
    );
  });

  test("what npm test leaves to Node is there, and is run on Deno by npm run test:long", () => {
    const paths = ONLY_ON_NODE.map((name) => `${name}.test.ts`);
    assert.deepEqual(paths.filter((path) => !short.node.includes(path)), []);
    assert.deepEqual(paths.filter((path) => short.deno.includes(path)), []);
    assert.deepEqual(paths.filter((path) => !long.deno.includes(path)), []);
  });

  test("the long files are in an order that the seed gives", () => {
    const [one, another] = [planOf("long", [], "1"), planOf("long", [], "2")];
    assert.deepEqual(planOf("long", [], "1"), one);
    assert.notDeepEqual(another.node, one.node);
    assert.deepEqual(another.node.toSorted(), one.node.toSorted());
  });

  test("the inner loop is a part of npm test", () => {
    assert.deepEqual(quick.node.filter((path) => !short.node.includes(path)), []);
    assert.ok(quick.node.length > 100);
    assert.deepEqual(
      ["tests/http/admin.test.ts", "tests/http/admin-lists.test.ts", "tests/ledger/sharing.test.ts"]
        .filter((path) => quick.node.includes(path)),
      ["tests/http/admin.test.ts"],
      "those two open a database",
    );
  });

  test("a part of a path chooses files of all tiers, and Deno gets those that can run there", () => {
    const { node, deno } = planOf("test", ["runner/tiers", "runner/pool"]);
    assert.deepEqual(node, ["tests/runner/pool.node.test.ts", "tests/runner/tiers.test.ts"]);
    assert.deepEqual(deno, []);
    assert.deepEqual(planOf("test", ["contract/clock/clock"]).deno, [
      "tests/contract/clock/clock.test.ts",
    ]);
  });
});
