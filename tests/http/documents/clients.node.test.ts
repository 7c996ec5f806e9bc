/**
 * Clients that a generator from npm makes of the documents: they compile as strictly as ours, and
 * drive the life of a number through all five APIs.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { APIS } from "../../../http/openapi/apis.ts";
import { documentOf } from "../../../http/openapi/document.ts";
import { VERSION } from "../../../http/version.ts";
import { ADMIN_TOKEN, openTestApp } from "../../support/app.ts";
import { until } from "../../support/eventually.ts";
import { ROOT } from "../../tidy/command.ts";

const GENERATOR = join(ROOT, "node_modules/oazapfts/dist/cli.js");

/** Where the clients are: below the packages that they import. */
let folder = "";

const pathOf = (name: string): string => join(folder, `${name}.ts`);

before(async () => {
  folder = mkdtempSync(join(ROOT, "node_modules/ledgerline-clients-"));
  await Promise.all(
    Object.entries(APIS).map(async ([name, api]) => {
      const document = join(folder, `${name}.json`);
      writeFileSync(document, JSON.stringify(documentOf(api, VERSION)));
      await promisify(execFile)(process.execPath, [GENERATOR, document, pathOf(name)]);
    }),
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

const TSC = join(ROOT, "node_modules/.bin/tsc");

const OPTIONS = "--ignoreConfig --noEmit --strict --skipLibCheck --allowImportingTsExtensions " +
  "--target es2022 --module esnext --moduleResolution bundler --lib es2022,dom,dom.iterable";

/** What the compiler says against files; empty where nothing. */
const faultsOf = (paths: readonly string[]): Promise<string> =>
  promisify(execFile)(TSC, [...OPTIONS.split(" "), "--types", "", ...paths], { cwd: folder })
    .then(({ stdout }) => stdout, (error: { readonly stdout: string }) => error.stdout);

/** A call of a generated client: its arguments, and in the end options. */
type Call = (...given: unknown[]) => Promise<{ readonly status: number; readonly data: unknown }>;

type Client = Readonly<Record<string, Call>> & {
  readonly defaults: {
    baseUrl: string;
    headers: Record<string, string>;
    fetch?: typeof globalThis.fetch;
  };
};

// oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect to find
type Found = any;

describe("a generated client", () => {
  test("of each document compiles", async () => {
    assert.equal(await faultsOf(Object.keys(APIS).map(pathOf)), "");
  });

  test("that is used otherwise than its document says does not compile", async () => {
    const path = join(folder, "wrong.ts");
    writeFileSync(
      path,
      'import { purchaseNumber } from "./ledger.ts";\nvoid purchaseNumber({ e164: 7 });\n',
    );
    assert.match(await faultsOf([path]), /^wrong\.ts\(2,\d+\): error TS2322: /);
  });
});

test("generated clients drive the life of a number through all five APIs", async (context) => {
  const app = openTestApp({ at: "2026-01-31T10:00:00Z" });
  context.after(() => app.close());
  const open = async (name: string, token: string): Promise<Client> => {
    const client: Client = await import(pathToFileURL(pathOf(name)).href);
    client.defaults.baseUrl = "http://localhost";
    client.defaults.headers = { authorization: `Bearer ${token}` };
    client.defaults.fetch = (input, init) => app.fetch(new Request(input, init));
    return client;
  };
  /** Calls, and gives the data of an answer of this status. */
  const call = async (
    client: Client,
    name: string,
    status: number,
    ...given: unknown[]
  ): Promise<Found> => {
    const answer = await (client[name] ?? assert.fail(`there is no ${name}`))(...given);
    assert.equal(answer.status, status, `${name}: ${JSON.stringify(answer.data)}`);
    return answer.data;
  };

  const admin = await open("admin", ADMIN_TOKEN);
  await call(admin, "openOrganization", 200, "acme", { name: "Acme", plan: "Growth" });
  const user = { email: "alice@example.com", name: "Alice Johnson" };
  const { token } = await call(admin, "issueToken", 201, "acme", user);
  const [talkturo, talkover, speko, ledger] = await Promise.all(
    ["talkturo", "talkover", "speko", "ledger"].map((name) => open(name, token)),
  ) as [Client, Client, Client, Client];

  const search = { filters: { countryCode: "US", areaCode: "415", limit: 1 } };
  const { numbers: [offer] } = await call(talkturo, "searchPhoneNumbers", 200, search);
  const bought = await call(speko, "purchasePhoneNumber", 200, { e164: offer.phoneNumber });
  const { id } = bought;
  await call(talkturo, "assignPhoneNumbers", 200, "asst_1", { phoneNumberIds: [id] });
  const { data: [listed] } = await call(talkover, "listPhoneNumbers", 200, { perPage: 5 });
  assert.deepEqual(listed.agents, [{ id: "asst_1", name: null }]);
  await call(ledger, "changeNumber", 200, id, { label: "Reception", assistant: null });
  const reason = { reason: "We no longer need this number." };
  const { data: request } = await call(talkover, "requestRelease", 201, id, reason);
  await call(admin, "approveReleaseRequest", 200, request.id);
  await until(async () => (await ledger["getNumber"]?.(id))?.status === 404);
  const { events } = await call(ledger, "listNumberHistory", 200, id);
  assert.deepEqual(
    [events[0].type, events.at(-1).type],
    ["PurchaseRequested", "Released"],
  );
});
