/** A server that is killed during purchases, again and again: nothing acknowledged is lost. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { newFolder, removeServers, startServer, type TestServer } from "../support/server.ts";
import { assertNoneLost, readFolder } from "./folder.ts";
import { eventually } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

const ROUNDS = 20;
const CLIENTS_PER_ORGANIZATION = 2;
const RECOVERY_MS = 50;
// The sandbox's magic numbers: its order stays pending for 3 s; its order is taken, the answer
// lost.
const SLOW = "5550113";
const ANSWER_LOST = "5550114";

const environment = { RECOVERY_MS: String(RECOVERY_MS), PURCHASE_WAIT_MS: "20" };

/** An area code a round, so that each round has its own magic numbers. */
const AREAS = [201, 202, 203, 205, 206, 207, 208, 209, 210, 212].concat(
  [213, 214, 215, 216, 217, 218, 219, 224, 225, 228],
);

type Client = { readonly team: string; readonly token: string };
type Round = { readonly clients: readonly Client[]; readonly acknowledged: Map<string, string> };

const PLAIN = Array.from({ length: 150 }, (_, index) => String(2_240_000 + index));

/** The slow ones are early enough to be under way when the end comes. */
const withSlow = (plain: readonly string[]): readonly string[] => [
  ...plain.slice(0, 3),
  SLOW,
  ANSWER_LOST,
  ...plain.slice(3),
];

/** When a round ends, and what each client asks for, in which order. */
type Plan = { readonly killAfter_ms: number; readonly wishes: readonly (readonly string[])[] };

const script: fc.Arbitrary<readonly Plan[]> = fc.array(
  fc.record({
    killAfter_ms: fc.integer({ min: 5, max: 400 }),
    wishes: fc.array(
      fc.shuffledSubarray(PLAIN, { minLength: PLAIN.length }).map(withSlow),
      { minLength: 6, maxLength: 6 },
    ),
  }),
  { minLength: ROUNDS, maxLength: ROUNDS },
);

const openClients = async (server: TestServer, round: number): Promise<readonly Client[]> => {
  const clients: Client[] = [];
  for (const name of ["a", "b", "c"]) {
    const team = `round-${String(round).padStart(2, "0")}-${name}`;
    const token = await server.organization(team, "Scale");
    for (let count = 0; count < CLIENTS_PER_ORGANIZATION; count++) clients.push({ team, token });
  }
  return clients;
};

/**
 * Buys one number after the other until the server has been killed; notes what was acknowledged.
 */
const buyUntilGone = async (
  { request }: TestServer,
  { team, token }: Client,
  numbers: readonly string[],
  acknowledged: Map<string, string>,
): Promise<void> => {
  for (const phoneNumber of numbers) {
    const body = { phoneNumber, teamId: team };
    const answer = await request("POST", "/api/phone-numbers/purchase", { token, body })
      .catch(() => null);
    if (answer === null) return;
    const { status, json } = answer;
    assert.ok([200, 202, 403, 409].includes(status), `${status} ${JSON.stringify(json)}`);
    if (status < 300) {
      assert.equal(acknowledged.get(phoneNumber), undefined, `${phoneNumber} was sold twice`);
      acknowledged.set(phoneNumber, team);
    }
  }
};

type Listed = { readonly phone_number: string; readonly status: string };

const listOf = async (
  { request }: TestServer,
  { team, token }: Client,
): Promise<readonly Listed[]> => {
  const { status, json } = await request("GET", `/api/phone-numbers/purchase?teamId=${team}`, {
    token,
  });
  assert.equal(status, 200);
  return json.numbers;
};

/**
 * Waits until the round's clients have all that was acknowledged to them, each number once, and
 * every purchase is settled but those that may wait.
 */
const settled = async (
  server: TestServer,
  { clients, acknowledged }: Round,
  mayWait: (number: Listed) => boolean,
): Promise<void> => {
  const stillOpen = async (): Promise<readonly Listed[]> => {
    const owned = new Map<string, Listed & { readonly team: string }>();
    for (const client of clients.filter((_, index) => index % CLIENTS_PER_ORGANIZATION === 0)) {
      for (const listed of await listOf(server, client)) {
        assert.ok(!owned.has(listed.phone_number), `${listed.phone_number} has two holders`);
        owned.set(listed.phone_number, { ...listed, team: client.team });
      }
    }
    for (const [phoneNumber, team] of acknowledged) {
      assert.equal(owned.get(phoneNumber)?.team, team, `${phoneNumber} was acknowledged, and lost`);
    }
    return [...owned.values()].filter(({ status }) => status !== "active");
  };
  await eventually(stillOpen, (open) => open.every(mayWait));
};

/** Lets the clients of a round buy until the server is killed. */
const play = async (server: TestServer, index: number, plan: Plan): Promise<Round> => {
  const clients = await openClients(server, index);
  const acknowledged = new Map<string, string>();
  const buying = clients.map((client, place) => {
    const numbers = plan.wishes[place]?.map((local) => `+1${AREAS[index]}${local}`) ?? [];
    return buyUntilGone(server, client, numbers, acknowledged);
  });
  await pause(plan.killAfter_ms, "the moment of the kill is drawn");
  assert.equal((await server.kill("SIGKILL")).signal, "SIGKILL");
  await Promise.all(buying);
  return { clients, acknowledged };
};

const isSlow = ({ phone_number }: Listed): boolean => phone_number.endsWith(SLOW);

describe("the server", { timeout: 600_000 }, () => {
  after(removeServers);

  test("loses nothing that it acknowledged when it is killed during purchases, 20 times", async (t) => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`SEED=${seed}`);
    const [rounds = []] = fc.sample(script, { seed, numRuns: 1 });
    const folder = newFolder();
    const played: Round[] = [];
    let server = await startServer({ folder, environment });
    for (const [index, plan] of rounds.entries()) {
      const round = await play(server, index, plan);
      played.push(round);
      server = await startServer({ folder, environment });
      await settled(server, round, isSlow);
    }
    for (const round of played) await settled(server, round, () => false);
    assert.deepEqual(await server.kill("SIGTERM"), { code: 0, signal: null });
    assert.equal(server.printed().err, "");

    const contents = await readFolder(folder);
    assertNoneLost(contents);
    const bought = played.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
    t.diagnostic(`${bought} purchases acknowledged, ${contents.sold.size} numbers held`);
    assert.ok(contents.sold.size > 0, "every round ended before anything was bought");
  });
});
