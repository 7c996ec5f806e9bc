/** A project: what `init` makes, and what the commands read in its folder. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, describe, test } from "node:test";
import { parseEnv } from "node:util";
import { bundleOf } from "../support/bundle.ts";
import { freePort } from "../support/port.ts";
import { startPostgres } from "../support/postgres.ts";
import { follow, inherited, newFolder, removeServers } from "../support/server.ts";
import { shortFlags } from "../support/v8.ts";

after(removeServers);

type Environment = Readonly<Record<string, string>>;

const command = (): readonly string[] => [...shortFlags(), bundleOf("adapters/cli/main.ts")];

/** Runs a command line in a folder. */
const ledgerlineIn = (cwd: string, words: readonly string[], environment: Environment = {}) =>
  spawnSync(process.execPath, [...command(), ...words], {
    cwd,
    encoding: "utf8",
    env: { ...inherited(), ...environment },
  });

const linesIn = (cwd: string, ...words: readonly string[]): readonly string[] => {
  const { status, stdout, stderr } = ledgerlineIn(cwd, words);
  assert.equal(status, 0, `${words.join(" ")}: ${stderr}`);
  return stdout.split("\n");
};

const settingsIn = (folder: string) =>
  parseEnv(readFileSync(join(folder, "ledgerline.env"), "utf8"));

describe("init", { timeout: 600_000 }, () => {
  test("makes a project in which a server runs, and the commands speak to it", async () => {
    const folder = newFolder();
    const port = await freePort();
    const made = linesIn(folder, "init", "shop", "--organization", "acme", "--port", `${port}`);
    const shop = join(folder, "shop");
    assert.ok(made.includes("  cd shop") && made.includes("  ledgerline serve"));
    assert.equal(statSync(join(shop, "ledgerline.env")).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(shop, ".gitignore"), "utf8"), "ledgerline.env\ndata/\n");
    const { ADMIN_TOKEN = "", LEDGERLINE_TOKEN = "", ...others } = settingsIn(shop);
    assert.match(ADMIN_TOKEN, /^[0-9a-f]{48}$/);
    assert.ok(
      !made.join("\n").includes(ADMIN_TOKEN) && !made.join("\n").includes(LEDGERLINE_TOKEN),
    );
    assert.deepEqual(others, {
      DATA_DIR: "data",
      PORT: `${port}`,
      LEDGERLINE_URL: `http://localhost:${port}`,
      LEDGERLINE_ORGANIZATION: "acme",
    });
    assert.match(linesIn(shop, "organization", "list", "--local")[1] ?? "", /^acme +acme +Growth /);
    const server = follow(spawn(process.execPath, [...command(), "serve"], {
      cwd: shop,
      env: { ...inherited() },
      stdio: ["ignore", "pipe", "pipe"],
    }));
    assert.equal(await server.firstLine(), `ledgerline listening on http://localhost:${port}`);
    assert.match(linesIn(shop, "buy", "+14155550101", "--yes")[2] ?? "", /^STATUS +active$/);
    assert.match(linesIn(shop, "list")[1] ?? "", /^pn_\w+ +\+14155550101 +active /);
    assert.match(linesIn(shop, "token", "list", "acme")[1] ?? "", /^tk_\w+ +nobody@example\.com /);
    linesIn(shop, "doctor");
    await server.kill("SIGTERM");
    const { status, stderr } = ledgerlineIn(shop, ["list"]);
    assert.equal(status, 3);
    assert.match(stderr, /: ledgerline serve starts it, and --local asks without it\n$/);
    assert.match(linesIn(shop, "list", "--local")[1] ?? "", /^pn_/);
  });

  test("says where a repository does not leave out the secrets, and changes nothing of its own", () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".gitignore"), "node_modules\n");
    const { status, stderr } = ledgerlineIn(folder, ["init"]);
    assert.equal(status, 0);
    assert.equal(stderr, ".gitignore does not have ledgerline.env, which has secrets: add it\n");
    assert.equal(readFileSync(join(folder, ".gitignore"), "utf8"), "node_modules\n");
  });

  test("leaves a project as it is, and goes on from what a try has left", () => {
    const folder = newFolder();
    linesIn(folder, "init");
    const before = readFileSync(join(folder, "ledgerline.env"), "utf8");
    const again = ledgerlineIn(folder, ["init"]);
    assert.deepEqual([again.status, again.stdout], [1, ""]);
    assert.match(again.stderr, /^ledgerline: ledgerline\.env is there already: /);
    assert.equal(readFileSync(join(folder, "ledgerline.env"), "utf8"), before);
    rmSync(join(folder, "ledgerline.env"));
    const { stdout } = ledgerlineIn(folder, ["init", "--json", "--name", "Main"]);
    assert.deepEqual(JSON.parse(stdout), {
      folder: ".",
      settings: "ledgerline.env",
      organization: "main",
    });
    assert.match(linesIn(folder, "organization", "list", "--local")[1] ?? "", /^main +Main /);
    assert.equal(linesIn(folder, "token", "list", "main", "--local").length, 4);
  });
});

describe("what init is given", { timeout: 600_000 }, () => {
  test("that does not fit is named, and makes no settings", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ["init file", 2, /^ledgerline: the folder cannot be made: /],
      ["init a --plan Gold", 1, /\(PLAN_UNKNOWN\)$/m],
      ["init b --email nobody", 2, /email must be an e-mail address/],
      ["init c --port 0", 2, /^--port must be a whole number from 1 to 65535, and not "0"$/m],
      ["init d --organization ''\"``", 2, /too many kinds of quotes$/m],
      ["init e --organization ledgerline:reconciliations", 1, /\(ORGANIZATION_RESERVED\)$/m],
    ];
    for (const [line, status, says] of cases) {
      const ran = ledgerlineIn(folder, line.split(" "));
      assert.deepEqual([ran.status, ran.stdout], [status, ""], `${line}: ${ran.stderr}`);
      assert.match(ran.stderr, says);
    }
    for (const name of "abcde") {
      assert.equal(existsSync(join(folder, name, "ledgerline.env")), false);
    }
  });

  test("may be an id with quotes, which is kept as the settings file is read", () => {
    const folder = newFolder();
    const id = 'it\'s #1 \\n "x"';
    linesIn(folder, "init", "--organization", id);
    assert.equal(settingsIn(folder)["LEDGERLINE_ORGANIZATION"], id);
    assert.deepEqual(linesIn(folder, "list", "--local", "--json"), [""]);
  });

  test("may be a database of the environment, whose secret is not written down", async (context) => {
    const postgres = await startPostgres();
    context.after(() => postgres.stop());
    const DATABASE_URL = await postgres.database();
    const folder = newFolder();
    const { status, stderr } = ledgerlineIn(folder, ["init"], { DATABASE_URL });
    assert.equal(status, 0, stderr);
    assert.ok(!readFileSync(join(folder, "ledgerline.env"), "utf8").includes(DATABASE_URL));
    assert.equal(existsSync(join(folder, "data")), false);
    const listed = ledgerlineIn(folder, ["organization", "list", "--local", "--json"], {
      DATABASE_URL,
    });
    assert.equal(JSON.parse(listed.stdout).id, "main");
  });
});

/** A folder with such a settings file. */
const withFile = (text: string): string => {
  const folder = newFolder();
  writeFileSync(join(folder, "ledgerline.env"), text, { mode: 0o600 });
  return folder;
};

describe("the settings file of a project", { timeout: 600_000 }, () => {
  test("gives way to variables that are set, of which one in a file is one too", () => {
    const folder = withFile("DATA_DIR=theirs\nADMIN_TOKEN=short\n");
    const said = ledgerlineIn(folder, ["plan", "list"], { DATA_DIR: "mine" }).stderr;
    assert.match(said, /^ledgerline: ADMIN_TOKEN: must have at least 16 characters/);
    writeFileSync(join(folder, "token"), "0123456789abcdef");
    const mended = { DATA_DIR: "mine", ADMIN_TOKEN_FILE: "token" };
    assert.match(ledgerlineIn(folder, ["plan", "list"], mended).stderr, /no ledger in mine$/m);
    assert.match(
      ledgerlineIn(folder, ["plan", "list"], { ADMIN_TOKEN_FILE: "token" }).stderr,
      /no ledger in theirs$/m,
    );
  });

  test("is for all commands but those that need no settings", () => {
    const folder = withFile("PORT=http\n");
    for (const words of [["heads"], ["serve"], ["plan", "list"]]) {
      const { status, stderr } = ledgerlineIn(folder, words);
      assert.deepEqual([status, stderr.includes("PORT: must be")], [2, true], words.join(" "));
    }
    for (const words of [["--help"], ["completions", "bash"]]) {
      assert.equal(ledgerlineIn(folder, words).status, 0);
    }
  });

  test("may set nothing but settings", () => {
    const folder = withFile("NODE_OPTIONS=--require=./evil.cjs\n");
    const { status, stderr } = ledgerlineIn(folder, ["plan", "list"]);
    assert.deepEqual([status, stderr], [
      2,
      "ledgerline: ledgerline.env: NODE_OPTIONS is not a setting\n",
    ]);
  });

  test("counts for variables that are set, and empty", () => {
    const folder = withFile("DATA_DIR=theirs\n");
    assert.match(
      ledgerlineIn(folder, ["plan", "list"], { DATA_DIR: "" }).stderr,
      /no ledger in theirs$/m,
    );
  });

  test("is not read where others may write it, or it is not a file", () => {
    const folder = withFile("PORT=8787\n");
    chmodSync(join(folder, "ledgerline.env"), 0o666);
    assert.match(ledgerlineIn(folder, ["heads"]).stderr, /others may write it, and it is not read/);
    const linked = newFolder();
    symlinkSync("/dev/zero", join(linked, "ledgerline.env"));
    const { status, stderr } = ledgerlineIn(linked, ["heads"]);
    assert.equal(status, 2);
    assert.match(stderr, /^ledgerline: ledgerline\.env: /);
  });
});

describe("the settings file of a folder from others", { timeout: 600_000 }, () => {
  test("has no token sent elsewhere that was set outside of it", () => {
    for (const address of ["LEDGERLINE_URL", "LEDGERLINE_ADMIN_URL"]) {
      for (const token of ["ADMIN_TOKEN", "ADMIN_TOKEN_FILE", "LEDGERLINE_TOKEN"]) {
        const folder = withFile(`${address}=https://stranger.example\nLEDGERLINE_TOKEN=own\n`);
        const { status, stderr } = ledgerlineIn(folder, ["plan", "list"], { [token]: "secret" });
        assert.equal(status, 2, `${address} ${token}: ${stderr}`);
        assert.ok(stderr.includes(`its ${address} is not sent the ${token.replace("_FILE", "")}`));
      }
    }
    const local = withFile("LEDGERLINE_URL=http://127.0.0.1:9\n");
    const { status, stderr } = ledgerlineIn(local, ["plan", "list"], { ADMIN_TOKEN: "secret" });
    assert.equal(status, 3, stderr);
  });

  test("has no other secret sent elsewhere that was set outside of it", () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["TELNYX_BASE_URL", "https://stranger.example", "TELNYX_API_KEY"],
      ["DATABASE_URL", "postgres://me@stranger.example/db", "PGPASSWORD"],
      ["DATABASE_URL", "postgres://me@stranger.example:1,localhost:2/db", "PGPASSWORD"],
      [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "https://stranger.example",
        "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
      ],
    ];
    for (const [address, value, secret] of cases) {
      const folder = withFile(`CARRIER=telnyx\n${address}=${value}\n`);
      const { status, stderr } = ledgerlineIn(folder, ["doctor"], { [secret]: "KEY0123456789" });
      assert.equal(status, 2, `${address} ${secret}: ${stderr}`);
      assert.ok(stderr.includes(`its ${address} is not sent the ${secret} that is set outside`));
    }
    const local = withFile("DATABASE_URL=postgres:///db\n");
    const { status, stderr } = ledgerlineIn(local, ["heads"], { PGPASSWORD: "p", PGPORT: "1" });
    assert.equal(status, 3, stderr);
  });

  test("has no file sent elsewhere that it names, which may be any", () => {
    const cases = [["LEDGERLINE_URL", "ADMIN_TOKEN"], ["TELNYX_BASE_URL", "TELNYX_API_KEY"]];
    for (const [address, secret] of cases) {
      const text = `${address}=https://stranger.example\n${secret}_FILE=/home/me/secret\n`;
      const { status, stderr } = ledgerlineIn(withFile(text), ["plan", "list"]);
      assert.equal(status, 2, stderr);
      assert.ok(stderr.includes(`its ${address} is not sent what its ${secret}_FILE names`));
    }
  });
});
