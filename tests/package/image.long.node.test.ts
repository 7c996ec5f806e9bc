/** The image and its service as they run, without Docker: by the steps of their own files. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { freePort } from "../support/port.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { follow, inherited, removeServers, type ServerProcess } from "../support/server.ts";
import { packageJson } from "./entry-points.ts";
import { buildImage, type Image } from "./image/build.ts";
import { readCompose } from "./image/compose.ts";
import { readImageFile } from "./image/dockerfile.ts";

let image: Image;
/** For `/tmp`, and for secrets: whatever else is written outside of the volume is refused. */
let folder = "";
let postgres: PostgresServer;

const own = (path: string): void => {
  if (image.user !== null) chownSync(path, image.user.uid, image.user.gid);
};

before(async () => {
  image = buildImage();
  folder = mkdtempSync(join(tmpdir(), "ledgerline-container-"));
  mkdirSync(join(folder, "tmp"));
  for (const path of [folder, join(folder, "tmp")]) own(path);
  postgres = await startPostgres();
});

after(async () => {
  await removeServers();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Variables = Readonly<Record<string, string>>;

const environmentOf = (variables: Variables): NodeJS.ProcessEnv => ({
  PATH: inherited()["PATH"],
  TMPDIR: join(folder, "tmp"),
  ...image.environment,
  ...variables,
});

/** Runs the image with these variables, in the place of its volume. */
const start = (variables: Variables): ServerProcess => {
  const [program = "", ...parameters] = image.command;
  return follow(spawn(program === "node" ? process.execPath : program, parameters, {
    ...image.user,
    cwd: image.volume,
    env: environmentOf(variables),
    stdio: ["ignore", "pipe", "pipe"],
  }));
};

/** The status of the health check. */
const health = (variables: Variables): number | null => {
  const [program = "", ...parameters] = image.health;
  assert.equal(program, "node");
  const options = { ...image.user, cwd: image.volume, env: environmentOf(variables) };
  return spawnSync(process.execPath, parameters, options).status;
};

const secret = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  own(path);
  return path;
};

const isListening = /ledgerline listening on /;

describe("the image, made by its own steps", () => {
  test("has the package with its dependencies, and nothing that only developers need", () => {
    const { dependencies, devDependencies } = packageJson();
    const isThere = (name: string): boolean =>
      existsSync(join(image.root, "opt/ledgerline/node_modules", name));
    assert.deepEqual(Object.keys(dependencies).filter((name) => !isThere(name)), []);
    assert.deepEqual(Object.keys(devDependencies).filter(isThere), []);
  });

  test("runs as its user, is well, writes only to its volume, and ends with 0 at its signal", async () => {
    const port = String(await freePort());
    const file = secret("admin-token", "0perators-secret\n");
    const variables = { PORT: port, ADMIN_TOKEN_FILE: file };
    assert.equal(health(variables), 1);
    const server = start(variables);
    assert.match(await server.firstLine(), isListening, server.printed().err);
    assert.equal(health(variables), 0);
    assert.equal(health({ PORT: String(await freePort()) }), 1);
    const answer = await fetch(`http://127.0.0.1:${port}/admin/organizations`, {
      headers: { authorization: "Bearer 0perators-secret" },
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(await server.kill(image.signal), { code: 0, signal: null });
    assert.equal(server.printed().err, "");
    assert.deepEqual(readdirSync(join(folder, "tmp")), []);
    assert.ok(readdirSync(image.volume).length > 0);
    assert.equal(statSync(image.volume).mode & 0o777, 0o700);
    // Its database is the one that was prepared with the image.
    assert.equal(readdirSync(join(image.root, "opt/ledgerline/node_modules/.cache")).length, 1);
  });
});

/** What the README has an operator run, once, for secrets. */
const [, COMMANDS = ""] = /```sh\n(mkdir -m 700 secrets\n.*?)```/s.exec(
  readImageFile("README.md"),
) ?? [];

const readSecret = (name: string): string =>
  readFileSync(join(folder, "secrets", name), "utf8").trim();

const { server: { environment, secrets }, database } = readCompose().services;

/** What the image of PostgreSQL runs first, as one that speaks no `psql` says it. */
const prepare = async (password: string): Promise<void> => {
  const [, script = ""] = /<<'SQL'\n(.*)SQL\n/s.exec(readImageFile("database.sh")) ?? [];
  assert.ok(script.startsWith("\\set password `cat /run/secrets/database-password`\n"));
  const statements = script.split("\n").slice(1).join("\n").split(";");
  for (const statement of statements.filter((text) => text.trim() !== "")) {
    await postgres.run(postgres.url, statement.replace(":'password'", `'${password}'`));
  }
};

const drop = async (): Promise<void> => {
  await postgres.run(postgres.url, "drop database if exists ledgerline with (force)");
  await postgres.run(postgres.url, "drop role if exists ledgerline");
};

/** The server's variables, with the places that this machine has for those of compose. */
const placed = async () => {
  const url = readSecret("database-url");
  assert.ok(url.includes("@database/"), "it does not name the service");
  const { host } = new URL(postgres.url);
  const variables = Object.entries(environment).map(([name, value]) => [
    name,
    value.replace("/run/secrets", join(folder, "secrets"))
      .replace("/var/lib/ledgerline", image.volume),
  ]);
  return {
    ...Object.fromEntries(variables),
    DATABASE_URL_FILE: secret("url", url.replace("@database/", `@${host}/`)),
    PORT: String(await freePort()),
    ADMIN_PORT: String(await freePort()),
  };
};

describe("the services of compose.yaml", () => {
  before(async () => {
    const made = spawnSync("sh", ["-e", "-c", COMMANDS], { cwd: folder, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    // Docker mounts each file; here the image's user has to reach them.
    chmodSync(join(folder, "secrets"), 0o755);
    await drop();
    await prepare(readSecret("database-password"));
  });

  after(drop);

  test("have the secrets that the README makes, and a user of the database with no other rights", async () => {
    const used = new Set([...secrets, ...database.secrets]);
    assert.deepEqual(readdirSync(join(folder, "secrets")), [...used].toSorted());
    const [user] = await postgres.run(
      postgres.url,
      "select rolsuper or rolcreatedb or rolcreaterole as may from pg_roles " +
        "where rolname = 'ledgerline'",
    );
    assert.deepEqual({ ...user }, { may: false });
  });

  test("work together: the server is well, and has each thing at the port that is for it", async () => {
    const variables = await placed();
    const server = start(variables);
    assert.match(await server.firstLine(), isListening, server.printed().err);
    assert.equal(health(variables), 0);
    const ask = async (port: string, path: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${readSecret(token)}` };
      return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
    };
    const { PORT, ADMIN_PORT } = variables;
    assert.equal(await ask(PORT, "/readyz", "admin-token"), 200);
    assert.equal(await ask(PORT, "/admin/organizations", "admin-token"), 404);
    assert.equal(await ask(PORT, "/metrics", "metrics-token"), 404);
    assert.equal(await ask(ADMIN_PORT, "/admin/organizations", "admin-token"), 200);
    assert.equal(await ask(ADMIN_PORT, "/metrics", "metrics-token"), 200);
    assert.deepEqual(await server.kill(image.signal), { code: 0, signal: null });
    const lines = server.printed().err.split("\n").filter((line) => line !== "");
    assert.deepEqual(lines.map((line) => JSON.parse(line).level), ["info"], lines.join("\n"));
    assert.ok(existsSync(join(image.volume, "heads")));
  });
});
