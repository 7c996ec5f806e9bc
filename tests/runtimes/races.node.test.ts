/** Many concurrent requests: one number has one buyer, and a plan's limit holds. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { removeServers, startServer, type TestServer } from "../support/server.ts";

type Client = { readonly team: string; readonly token: string };
type Answer = Awaited<ReturnType<TestServer["request"]>>;
type Buy = (client: Client, e164: string) => Promise<Answer>;

const inTurns = <Value>(count: number, values: readonly Value[]): readonly Value[] =>
  Array.from({ length: count }, (_, index) => values[index % values.length]).flatMap((value) =>
    value === undefined ? [] : [value]
  );

/** How many answers there are of each status and code, such as `{"200": 1, "409 …": 39}`. */
const tally = (answers: readonly Answer[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { status, json } of answers) {
    const kind = status === 200 ? "200" : `${status} ${json.code}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

let server: TestServer;

const open = async (team: string, plan: string): Promise<Client> => ({
  team,
  token: await server.organization(team, plan),
});

const five = (name: string): Promise<readonly Client[]> =>
  Promise.all([1, 2, 3, 4, 5].map((index) => open(`${name}-${index}`, "Scale")));

const talkturo: Buy = ({ team, token }, phoneNumber) =>
  server.request("POST", "/api/phone-numbers/purchase", {
    token,
    body: { phoneNumber, teamId: team },
  });

const speko: Buy = ({ token }, e164) =>
  server.request("POST", "/v1/phone-numbers", { token, body: { e164 } });

/** The organization's numbers, as the dialect without purchases lists them. */
const talkover = async ({ token }: Client): Promise<readonly string[]> => {
  const { status, json } = await server.request("GET", "/api/v1/phone-numbers", { token });
  assert.equal(status, 200);
  return json.data.map(({ number }: { number: string }) => number);
};

/** Buys these numbers concurrently, the ways and the clients taking turns. */
const purchases = (
  ways: readonly Buy[],
  clients: readonly Client[],
  e164s: readonly string[],
): Promise<readonly Answer[]> => {
  const [buys, buyers] = [inTurns(e164s.length, ways), inTurns(e164s.length, clients)];
  return Promise.all(e164s.map((e164, index) => {
    const [buy, client] = [buys[index], buyers[index]];
    assert.ok(buy !== undefined && client !== undefined);
    return buy(client, e164);
  }));
};

describe("the server", { timeout: 600_000 }, () => {
  before(async () => {
    server = await startServer();
  });
  after(removeServers);

  test("sells a number once when 40 requests of five organizations ask for it", async () => {
    const clients = await five("one");
    const answers = await purchases([talkturo], clients, inTurns(40, ["+14155550201"]));
    assert.deepEqual(tally(answers), {
      "200": 1,
      "409 NUMBER_ALREADY_OWNED": 32,
      "409 NUMBER_ALREADY_YOURS": 7,
    });
    const lists = await Promise.all(clients.map(talkover));
    assert.deepEqual(lists.flat(), ["+14155550201"]);
  });

  test("sells a number once when two dialects ask for it, and the third lists it", async () => {
    const clients = await five("two");
    const reading = Promise.all(inTurns(20, clients).map(talkover));
    const answers = await purchases(
      [talkturo, speko],
      clients,
      inTurns(40, ["+14155550202"]),
    );
    const { "200": sold, ...refused } = tally(answers);
    assert.equal(sold, 1);
    assert.equal(Object.values(refused).reduce((sum, count) => sum + count, 0), 39);
    for (const kind of Object.keys(refused)) assert.match(kind, /^409 /);
    for (const list of await reading) assert.ok(list.length <= 1);
    assert.deepEqual((await Promise.all(clients.map(talkover))).flat(), ["+14155550202"]);
  });

  test("keeps the plan's limit of ten when 30 purchases come at the same time", async () => {
    const client = await open("limit", "Growth");
    const e164s = Array.from({ length: 30 }, (_, index) => `+1415224${1000 + index}`);
    const answers = await purchases([talkturo], [client], e164s);
    assert.deepEqual(tally(answers), { "200": 10, "403 PLAN_LIMIT_REACHED": 20 });
    assert.equal((await talkover(client)).length, 10);
  });

  test("keeps the plan's limit of ten when 30 purchases come in two dialects", async () => {
    const client = await open("limits", "Growth");
    const e164s = Array.from({ length: 30 }, (_, index) => `+1415225${1000 + index}`);
    const [answers] = await Promise.all([
      purchases([talkturo, speko], [client], e164s),
      Promise.all(inTurns(10, [client]).map(talkover)),
    ]);
    assert.deepEqual(tally(answers), { "200": 10, "403 PLAN_LIMIT_REACHED": 20 });
    assert.equal((await talkover(client)).length, 10);
  });

  test("gives the free plan one number when ten purchases come at the same time", async () => {
    const client = await open("free", "Free");
    const e164s = Array.from({ length: 10 }, (_, index) => `+1415226${1000 + index}`);
    const answers = await purchases([talkturo, speko], [client], e164s);
    const { "200": sold } = tally(answers);
    assert.equal(sold, 1);
    assert.equal((await talkover(client)).length, 1);
  });
});
