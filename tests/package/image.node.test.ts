/** The image, compose.yaml and the unit of systemd: what they say fits the server. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { validate } from "dockerfile-utils";
import { openTestApp } from "../support/app.ts";
import { CLOSE_MS } from "../../adapters/runtimes/server/program.ts";
import { stopLimitOf } from "../../adapters/runtimes/server/running-server.ts";
import { SECRETS } from "../../adapters/runtimes/server/settings-table.ts";
import { readSettings, type Settings, VARIABLES } from "../../adapters/runtimes/server/settings.ts";
import { ALL_SPARE_MS } from "../../adapters/runtimes/node/workers.ts";
import { ROOT } from "../tidy/command.ts";
import { packageJson } from "./entry-points.ts";
import { readCompose } from "./image/compose.ts";
import { environmentOf, FOLDER, lastOf, readImageFile, stagesOf } from "./image/dockerfile.ts";
import { readUnit } from "./image/unit.ts";

const { version, engines } = packageJson();

const dockerfile = readImageFile("Dockerfile");
const stages = stagesOf(dockerfile);
const image = stages.at(-1);
assert.ok(image !== undefined);
const compose = readCompose();
const { server, database } = compose.services;
const unit = readUnit();

const one = (name: string): string => {
  const [value = "", ...more] = unit[name] ?? [];
  assert.deepEqual(more, [], name);
  return value;
};

/** The variables of the unit, with what stands for its folders as systemd puts it in. */
const unitEnvironment = Object.fromEntries(
  (unit["Environment"] ?? []).flatMap((line) => line.split(" ")).map((set) => {
    const [name = "", value = ""] = set.split("=");
    return [name, value.replace("%S", "/var/lib").replace("%d", "/credentials")];
  }),
);

/** Whether git leaves a file out. */
const isIgnored = (path: string): boolean =>
  spawnSync("git", ["check-ignore", "--quiet", path], { cwd: ROOT }).status === 0;

/** What each of them sets. */
const ENVIRONMENTS = {
  image: environmentOf(image),
  compose: { ...environmentOf(image), ...server.environment },
  unit: unitEnvironment,
};

/** What the files of secrets may have. */
const SAMPLES: Readonly<Record<string, string>> = {
  "database-url": "postgres://ledgerline:secret@database/ledgerline",
};

const settingsOf = (environment: Readonly<Record<string, string>>): Settings => {
  // Each file has a secret of its own.
  const settings = readSettings(environment, (path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return SAMPLES[name] ?? `${name}-of-a-test`;
  });
  assert.ok(settings.ok, JSON.stringify(settings));
  return settings.value;
};

/** How long a stop takes at most, in seconds, with several processes. */
const stopSeconds = (settings: Settings): number =>
  (stopLimitOf(settings) + CLOSE_MS + ALL_SPARE_MS) / 1_000;

const numbersOf = (text: string): readonly number[] =>
  (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "").split(".").map(Number);

const isAtLeast = (found: readonly number[], least: readonly number[]): boolean => {
  const differs = least.findIndex((number, index) => found[index] !== number);
  return differs === -1 || (found[differs] ?? 0) > (least[differs] ?? 0);
};

describe("each of them", () => {
  for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
    test(`sets only variables that are read, to what they may say: ${name}`, () => {
      const names = Object.keys(environment);
      assert.deepEqual(names.filter((variable) => !VARIABLES.includes(variable)), []);
      settingsOf(environment);
    });

    test(`has secrets only in files: ${name}`, () => {
      assert.deepEqual(SECRETS.filter((variable) => variable in environment), []);
    });
  }

  test("has the version of the package wherever a version is named", () => {
    assert.equal(server.image, `ledgerline:${version}`);
    const texts = ["Dockerfile", "README.md"].map(readImageFile).join("\n");
    const named = [...texts.matchAll(/ledgerline[:-](\d+\.\d+\.\d+)/g)].map(([, found]) => found);
    assert.ok(named.length >= 4);
    assert.deepEqual([...new Set(named)], [version]);
  });

  test("gives a stop the time that it takes, with several processes too", () => {
    const given = [server.stop_grace_period, one("TimeoutStopSec")].map(Number.parseFloat);
    for (const seconds of given) assert.ok(seconds >= 1.5 * stopSeconds(settingsOf({})));
  });

  test("runs the program that the package has", () => {
    const path = packageJson().bin["ledgerline"] ?? "";
    const installed = `/opt/ledgerline/${path}`;
    assert.deepEqual(lastOf(image, "ENTRYPOINT").json, ["node", installed]);
    assert.deepEqual(lastOf(image, "CMD").json, ["serve"]);
    assert.equal(one("ExecStart"), `/usr/bin/node ${installed} serve`);
  });
});

describe("the image", () => {
  test("is what a linter of Dockerfiles accepts", () => {
    assert.deepEqual(validate(dockerfile), []);
    assert.ok(validate("FROM node\nRUM npm ci\n").length > 0);
  });

  test("is of exact versions, with a Node that the package takes", () => {
    const names = new Set(stages.map(({ name }) => name).filter((name) => name !== ""));
    const bases = stages.map(({ base }) => base).filter((base) => !names.has(base));
    assert.equal(bases.length, 1);
    const [base = ""] = bases;
    assert.match(base, /^node:\d+\.\d+\.\d+-[a-z-]+$/);
    assert.ok(isAtLeast(numbersOf(base), numbersOf(engines.node)), `${base}, ${engines.node}`);
    assert.ok(!isAtLeast([20, 18, 4], [20, 19]) && isAtLeast([20, 19, 0], [20, 19]));
  });

  test("runs as a user that is not root, who owns its volume", () => {
    const { text: user } = lastOf(image, "USER");
    assert.match(user, /^[1-9]\d*:[1-9]\d*$/);
    const { text: volume } = lastOf(image, "VOLUME");
    assert.equal(environmentOf(image)["DATA_DIR"], volume);
    const [uid, gid] = user.split(":");
    const { text: made } = lastOf(image, "RUN");
    assert.equal(made, `install --directory --owner ${uid} --group ${gid} --mode 0700 ${volume}`);
  });

  test("asks for its health what a server answers, on the port that it has by default", async () => {
    const asked = /http:\/\/127\.0\.0\.1:\$\{process\.env\.PORT \|\| (\d+)\}(\/\w+)/
      .exec(lastOf(image, "HEALTHCHECK").json?.at(-1) ?? "");
    const [, port = "", path = ""] = asked ?? [];
    assert.equal(Number(port), settingsOf({}).port);
    assert.equal(lastOf(image, "EXPOSE").text, port);
    const { request, close } = await openTestApp();
    assert.equal((await request("GET", path)).status, 200);
    await close();
  });

  test("is made of the sources, and of no secret, data or module of the folder", () => {
    const lines = readImageFile("Dockerfile.dockerignore").split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.equal(lines[0], "*");
    const taken = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    for (const path of taken) assert.ok(existsSync(join(ROOT, path)), path);
    assert.deepEqual(lines.slice(1 + taken.length), ["**/node_modules", "**/secrets"]);
  });
});

describe("compose.yaml", () => {
  test("gives a service the secrets that it reads, which are files in a folder that git ignores", () => {
    for (const { environment, secrets } of [server, database]) {
      const read = Object.entries(environment).map(([, value]) => value)
        .filter((value) => value.startsWith("/run/secrets/"));
      assert.ok(read.length > 0);
      for (const path of read) {
        assert.ok(secrets.includes(path.replace(/^\/run\/secrets\//, "")), path);
      }
    }
    const used = new Set([...server.secrets, ...database.secrets]);
    assert.deepEqual(Object.keys(compose.secrets).toSorted(), [...used].toSorted());
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      assert.equal(file, `secrets/${name}`);
      assert.equal(isIgnored(`${FOLDER}${file}`), true, name);
    }
    assert.ok(server.secrets.every((name) => name !== "postgres-password"));
  });

  test("publishes ports on this machine alone, which the server listens on", () => {
    const { port, adminPort, adminHost, host } = settingsOf(ENVIRONMENTS.compose);
    assert.deepEqual(server.ports, [port, adminPort].map((of) => `127.0.0.1:${of}:${of}`));
    assert.deepEqual([host, adminHost], ["0.0.0.0", "0.0.0.0"]);
    assert.deepEqual(database.ports, []);
    assert.deepEqual(database.networks, ["database"]);
    assert.equal(compose.networks["database"]?.internal, true);
  });

  test("has the server write to its volume alone, without rights that it does not need", () => {
    const { headsFile } = settingsOf(ENVIRONMENTS.compose);
    const [, mounted = ""] = server.volumes[0]?.split(":") ?? [];
    assert.equal(mounted, lastOf(image, "VOLUME").text);
    assert.equal(headsFile, `${mounted}/heads`);
    assert.ok(server.read_only && server.init && server.cap_add.length === 0);
    for (const { cap_drop, security_opt } of [server, database]) {
      assert.deepEqual([cap_drop, security_opt], [["ALL"], ["no-new-privileges:true"]]);
    }
  });

  test("names volumes and networks that it has, or files beside it", () => {
    for (const { volumes, networks } of [server, database]) {
      for (const [from = ""] of volumes.map((volume) => volume.split(":"))) {
        const isThere = from.startsWith("./")
          ? existsSync(join(FOLDER, from))
          : from in compose.volumes;
        assert.ok(isThere, from);
      }
      assert.ok(networks.every((name) => name in compose.networks));
    }
    assert.equal(join(FOLDER, server.build?.context ?? "", "x"), join(ROOT, "x"));
    assert.ok(existsSync(join(ROOT, server.build?.dockerfile ?? "")));
    // The image of PostgreSQL reads a script into its own shell where it is not a program.
    assert.ok((statSync(`${FOLDER}database.sh`).mode & 0o111) === 0o111);
  });

  test("starts the server once a PostgreSQL of an exact version takes connections by TCP", () => {
    assert.match(database.image, /^postgres:(?:1[5-9]|2\d)\.\d+-[a-z]+$/);
    assert.deepEqual(Object.keys(server.depends_on ?? {}), ["database"]);
    assert.ok(database.healthcheck?.test.includes("--host=127.0.0.1"));
    // Where the images of PostgreSQL 18 and later have their data.
    assert.ok(database.volumes.includes("database:/var/lib/postgresql"));
  });
});

describe("ledgerline.service", () => {
  test("runs as no user that exists, with secrets that systemd reads", () => {
    assert.equal(one("DynamicUser"), "yes");
    assert.equal(one("ProtectSystem"), "strict");
    assert.equal(unitEnvironment["DATA_DIR"], `/var/lib/${one("StateDirectory")}`);
    const loaded = (unit["LoadCredential"] ?? []).map((line) => line.split(":"));
    const files = Object.entries(unitEnvironment).filter(([name]) => name.endsWith("_FILE"));
    assert.deepEqual(files.map(([, path]) => path), loaded.map(([id]) => `/credentials/${id}`));
    for (const [, from = ""] of loaded) assert.ok(from.startsWith("/etc/ledgerline/"));
  });

  test("is not started again where only a person can help", () => {
    assert.equal(one("Restart"), "on-failure");
    assert.equal(one("RestartPreventExitStatus"), "2 3");
  });

  test("is what systemd itself accepts, and finds well closed", (context) => {
    const analyze = (...parameters: readonly string[]) =>
      spawnSync("systemd-analyze", parameters, { encoding: "utf8" });
    if (analyze("--version").status !== 0) return console.log("there is no systemd to ask here");
    const folder = mkdtempSync(join(tmpdir(), "ledgerline-unit-"));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "ledgerline.service");
    // Its program has to be there, and Node may be elsewhere on this machine.
    const text = readImageFile("ledgerline.service").replace("/usr/bin/node", process.execPath);
    writeFileSync(path, text);
    const verified = analyze("verify", path);
    assert.deepEqual([verified.status, verified.stderr], [0, ""]);
    const reviewed = analyze("security", "--offline=true", "--threshold=20", path);
    assert.equal(reviewed.status, 0, reviewed.stdout.split("\n").at(-2));
  });
});
