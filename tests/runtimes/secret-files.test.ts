/** Secrets in files, and several tokens of the operator. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { SECRET_FILES } from "../../adapters/runtimes/server/secret-files.ts";
import { readSettings } from "../../adapters/runtimes/server/settings.ts";
import { readEnvironment } from "../../adapters/runtimes/workerd/environment.ts";
import { requester } from "../support/app.ts";
import { openServers, read } from "./metrics.ts";

const { openServer, closeAll } = openServers();
after(closeAll);

const VALUES: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://u:hunter2@localhost/ledgerline",
  ADMIN_TOKEN: "0perators-secret",
  METRICS_TOKEN: "prometheus-reads",
  TELNYX_API_KEY: "KEY",
  WEBHOOK_PROXY: "http://user:password@proxy.example:3128",
  REVIEWERS_WEBHOOK_SECRET: `whsec_${btoa("0123456789abcdef0123456789abcdef")}`,
};

const REST = {
  CARRIER: "telnyx",
  METRICS: "token",
  REVIEWERS_WEBHOOK_URL: "https://reviewers.example",
};

/** Files by their paths. */
const reader = (files: Readonly<Record<string, string>>) => (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
  return text;
};

const NAMES = Object.keys(VALUES);
const inFiles = Object.fromEntries(NAMES.map((name) => [`${name}_FILE`, `/run/${name}`]));

test("every secret may be in a file, with or without a newline at its end", () => {
  assert.deepEqual(SECRET_FILES.toSorted(), NAMES.map((name) => `${name}_FILE`).toSorted());
  const plain = readSettings({ ...REST, ...VALUES });
  assert.ok(plain.ok, plain.ok ? "" : plain.error);
  for (const end of ["", "\n", "\r\n"]) {
    const files = Object.fromEntries(
      NAMES.map((name) => [`/run/${name}`, `${VALUES[name]}${end}`]),
    );
    assert.deepEqual(readSettings({ ...REST, ...inFiles }, reader(files)), plain);
  }
});

test("a secret that is given twice, or whose file is of no use, gives one line that names it", () => {
  const errorOf = (environment: object, files: Readonly<Record<string, string>> = {}): string => {
    const read = readSettings({ ...REST, ...VALUES, ...environment }, reader(files));
    assert.ok(!read.ok);
    return read.error;
  };
  for (const name of NAMES) {
    const file = `${name}_FILE`;
    assert.equal(errorOf({ [file]: "/x" }), `${file}: must not be set with ${name}`);
    const alone = { [name]: undefined, [file]: "/x" };
    assert.match(errorOf(alone), new RegExp(`^${file}: the file cannot be read: ENOENT[^\n]*$`));
    assert.equal(errorOf(alone, { "/x": "\n" }), `${file}: the file is empty`);
    // What does not parse is named by its file, and not shown.
    const line = errorOf(alone, { "/x": "hunter2 of files\n" });
    assert.ok(line.startsWith(`${file}: must `), line);
    assert.ok(!line.includes("hunter2"), line);
  }
});

test("a worker has no files", () => {
  const url = { DATABASE_URL: VALUES["DATABASE_URL"] };
  const read = readEnvironment({ ...url, ADMIN_TOKEN_FILE: "/run/secrets/admin" });
  assert.deepEqual(read, {
    ok: false,
    error: "ADMIN_TOKEN_FILE: must not be set, a worker has no files",
  });
});

test("each of several tokens has at least 16 characters, and there are eight at most", () => {
  const token = "0perators-secret";
  const settings = (text: string) => readSettings({ ADMIN_TOKEN: text });
  assert.ok(settings([token, "another-of-tokens"].join(",")).ok);
  assert.ok(settings(Array(8).fill(token).join(",")).ok);
  for (const text of [`${token},`, `,${token}`, `${token},short`, Array(9).fill(token).join(",")]) {
    const refused = settings(text);
    assert.ok(!refused.ok, text);
    assert.match(refused.error, /^ADMIN_TOKEN: must /);
  }
});

test("a server takes each of the operator's tokens, and neither both nor a part", async () => {
  const [current, former] = ["the-token-of-now", "the-token-before"];
  const server = await openServer({ ADMIN_TOKEN: `${current},${former}`, METRICS: "token" });
  const request = requester(async (asked) => await server.fetch(asked));
  for (
    const [token, status] of [
      [current, 200],
      [former, 200],
      [`${current},${former}`, 401],
      [`${current},`, 401],
      [current.slice(0, -1), 401],
    ] as const
  ) {
    assert.equal((await request("GET", "/admin/plans", { token })).status, status, token);
    assert.equal((await read(server.fetch, token)).status, status, token);
  }
});

test("anything but a list of origins is refused, by the name of its variable", () => {
  const read = (text: string) => readSettings({ CORS_ORIGINS: text });
  const both = read("https://app.example,http://localhost:3000");
  assert.ok(both.ok);
  assert.deepEqual(both.value.corsOrigins, ["https://app.example", "http://localhost:3000"]);
  const many = Array.from({ length: 101 }, (_, at) => `https://a${at}.example`).join(",");
  for (
    const text of [
      "*",
      "null",
      "https://app.example/",
      "https://a.example, https://b.example",
      many,
    ]
  ) {
    const refused = read(text);
    assert.ok(!refused.ok, text);
    assert.match(refused.error, /^CORS_ORIGINS: must be at most 100 origins/);
  }
});
