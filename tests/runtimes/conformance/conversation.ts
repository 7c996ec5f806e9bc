/** One conversation that every server must hold in the same words. */
import type { Client } from "./target.ts";

const DAY_S = 24 * 60 * 60;

/** The time that the clock of a server must show at the beginning. */
export const START = "2026-01-31T10:00:00Z";

type Line = readonly [call: string, status: number, json: unknown];

/**
 * Writes down what was asked and answered. Ids and hashes, which differ, are numbered in order of
 * appearance.
 */
const openTranscript = () => {
  const ids = new Map<string, string>();
  const lines: Line[] = [];
  const plain = (text: string): string =>
    text.replaceAll(/\b(?:[a-z]{2}_[0-9a-z]{26}(?:_[0-9a-z]{26})?|[0-9a-f]{64})\b/g, (id) => {
      const known = ids.get(id) ?? `id ${ids.size + 1}`;
      ids.set(id, known);
      return known;
    });
  return {
    lines,
    write: (call: string, { status, json }: { readonly status: number; readonly json: unknown }) =>
      void lines.push([plain(call), status, JSON.parse(plain(JSON.stringify(json)))]),
  };
};

/** What was said, and the token of the organization's user. */
export type Conversation = { readonly token: string; readonly lines: readonly Line[] };

type Say = (method: string, path: string, body?: unknown) => Promise<
  // oxlint-disable-next-line typescript/no-explicit-any -- each call knows what it is answered
  any
>;

/** The ledger's own calls, of which some only tell. */
const sayInOwnWords = async (say: Say): Promise<void> => {
  const search = { country: "US", areaCode: "212", limit: 2 };
  const { offers: [offer] } = await say("POST", "/ledger/searches", search);
  const wish = { e164: offer.e164, label: "Desk", assistant: "as_2" };
  await say("POST", "/ledger/dry-run", { command: { type: "purchase", ...wish } });
  const { id } = await say("POST", "/ledger/numbers", wish);
  await say("POST", "/ledger/dry-run", { command: { type: "release", number: id } });
  const { next } = await say("GET", "/ledger/numbers?limit=1");
  await say("GET", `/ledger/numbers?limit=1&after=${next}`);
  await say("GET", "/ledger/numbers?asOf=2026-01-31T10:00:00Z&limit=5");
  const set = { numbers: [], direction: "inbound" };
  await say("PUT", "/ledger/assistants/as_2/numbers", set);
  const request = { number: id, reason: "No longer needed." };
  const asked = await say("POST", "/ledger/release-requests", request);
  await say("DELETE", `/ledger/release-requests/${asked.id}`);
  await say("PUT", "/ledger/verification/draft", { businessProfile: { legalName: "Acme" } });
  await say("GET", "/ledger/organization");
  await say("GET", "/ledger/eligibility");
  await say("GET", "/ledger/credits/entries");
  await say("POST", "/ledger/numbers", { e164: offer.e164 });
  await say("DELETE", `/ledger/numbers/${id}`);
};

/** Talks with a server whose operator has not opened `acme` yet. */
export const converse = async (
  client: Pick<Client, "request" | "organization" | "advance">,
): Promise<Conversation> => {
  const { lines, write } = openTranscript();
  const token = await client.organization("acme");
  const say: Say = async (method, path, body) => {
    const answer = await client.request(method, path, { token, body });
    write(`${method} ${path}`, answer);
    return answer.json;
  };
  const listAll = async () => {
    await say("GET", "/api/phone-numbers/purchase?teamId=acme");
    await say("GET", "/api/v1/phone-numbers?page=1");
    await say("GET", "/v1/phone-numbers");
  };
  const filters = { countryCode: "US", areaCode: "415", limit: 3 };
  const { numbers: [first] } = await say("POST", "/api/phone-numbers/search", { filters });
  const [second] = (await say("GET", "/v1/phone-numbers/available?areaCode=415&limit=2")).slice(1);
  const { phoneNumber } = await say("POST", "/api/phone-numbers/purchase", {
    phoneNumber: first.phoneNumber,
    teamId: "acme",
  });
  const { id } = await say("POST", "/v1/phone-numbers", {
    e164: second.e164,
    label: "São Paulo ☎",
  });
  await say("POST", "/v1/phone-numbers", { e164: second.e164 });
  await listAll();
  const assistant = "/api/assistants/as_1/telephony/phone-numbers";
  await say("PATCH", assistant, { phoneNumberIds: [phoneNumber.id] });
  await say("GET", assistant);
  await client.advance(29 * DAY_S);
  await listAll();
  await say("GET", `/ledger/numbers/${phoneNumber.id}/history`);
  await say("POST", `/api/v1/phone-numbers/${id}/request-release`, {
    reason: "No longer needed by the team.",
  });
  await say("DELETE", `/v1/phone-numbers/${id}`);
  await say("GET", `/v1/phone-numbers/${id}`);
  await sayInOwnWords(say);
  await listAll();
  return { token, lines };
};

/** What the calls above are answered, in order. */
export const STATUSES = "200 200 200 200 409 200 200 200 200 200 200 200 200 200 201 200 404 " +
  "200 200 201 200 200 200 200 200 201 200 200 200 200 200 409 200 " +
  "200 200 200";
