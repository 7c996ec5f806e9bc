/** A model run's calls over HTTP, in one of the dialects. */
import type { NumberClient, SeenNumber } from "./client.ts";
import {
  type Ask,
  asker,
  type HttpTarget,
  must,
  mustOrNull,
  read,
  type WireAnswer,
} from "./wire.ts";

export type { HttpTarget } from "./wire.ts";

type Json = WireAnswer["json"];

const STATUSES: Readonly<Record<string, SeenNumber["status"]>> = {
  purchasing: "purchasing",
  pending: "purchasing",
  active: "active",
  suspended: "suspended",
  releasing: "suspended",
  released: "suspended",
  failed: "failed",
  error: "failed",
  inactive: "failed",
};

const statusOf = (word: string): SeenNumber["status"] => {
  const status = STATUSES[word];
  if (status === undefined) throw new Error(`a number has the status ${word}`);
  return status;
};

const path = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** Assigns one number by a call that sets an assistant's numbers as a whole. */
const assignBySet = (
  list: NumberClient["list"],
  replace: (assistant: string, ids: readonly string[]) => Promise<WireAnswer>,
): NumberClient["assign"] =>
async (id, assistant) => {
  const all = await list();
  const whose = assistant ?? all.find((number) => number.id === id)?.assistant ?? "nobody";
  const others = all.filter((number) => number.assistant === whose && number.id !== id)
    .map((number) => number.id);
  const answer = await replace(whose, assistant === null ? others : [...others, id]);
  return read(answer, () => null);
};

const talkturo = (ask: Ask, teamId: string): NumberClient => {
  const BASE = "/api/phone-numbers";
  const seen = (json: Json): SeenNumber => ({
    id: json.id,
    e164: json.phone_number,
    status: statusOf(json.status),
    assistant: json.assistant_id ?? null,
  });
  const list = async (): Promise<readonly SeenNumber[]> =>
    must(
      await ask("GET", `${BASE}/purchase?teamId=${encodeURIComponent(teamId)}`),
      ({ numbers }) => numbers.map(seen),
    );
  const get = async (id: string): Promise<SeenNumber | null> =>
    mustOrNull(await ask("GET", `${BASE}${path(id)}`), ({ phoneNumber }) => seen(phoneNumber));
  return {
    list,
    get,
    search: async () => {
      const body = { filters: { countryCode: "US", areaCode: "415" } };
      const found = read(await ask("POST", `${BASE}/search`, { body }), ({ numbers }) => numbers);
      return found.ok ? found.value.map((number: Json) => number.phoneNumber) : [];
    },
    buy: async (phoneNumber, key) => {
      const body = { phoneNumber, teamId };
      const answer = await ask("POST", `${BASE}/purchase`, { body, key });
      return read(answer, (json) => seen(json.phoneNumber));
    },
    assign: assignBySet(
      list,
      (assistant, phoneNumberIds) =>
        ask("PATCH", `/api/assistants${path(assistant)}/telephony/phone-numbers`, {
          body: { phoneNumberIds },
        }),
    ),
    release: async (id) => {
      const answer = await ask("DELETE", `${BASE}${path(id)}`);
      return read(answer, () => ({ released: answer.status === 200 }));
    },
    requestRelease: null,
    cancelRequest: null,
  };
};

const talkover = (ask: Ask): NumberClient => {
  const BASE = "/api/v1/phone-numbers";
  const seen = (json: Json): SeenNumber => ({
    id: json.id,
    e164: json.number,
    status: statusOf(json.current_status),
    assistant: json.agents?.[0]?.id ?? null,
  });
  const list = async () => must(await ask("GET", BASE), ({ data }) => data.map(seen));
  return {
    list,
    get: null,
    search: null,
    buy: null,
    assign: assignBySet(
      list,
      (agent, ids) =>
        ask("PUT", `/api/v1/agents${path(agent)}/calling`, {
          body: { direction: "both", phone_number_ids: ids },
        }),
    ),
    release: null,
    requestRelease: async (id) => {
      const body = { reason: "No longer needed." };
      return read(
        await ask("POST", `${BASE}${path(id)}/request-release`, { body }),
        ({ data }) => data.id,
      );
    },
    cancelRequest: async (request) =>
      read(await ask("DELETE", `${BASE}/release-requests${path(request)}`), () => null),
  };
};

const speko = (ask: Ask): NumberClient => {
  const BASE = "/v1/phone-numbers";
  const statusIn = ({ status, issues }: Json): SeenNumber["status"] =>
    issues.includes("PURCHASE_PENDING")
      ? "purchasing"
      : issues.includes("PURCHASE_FAILED")
      ? "failed"
      : status === "suspended"
      ? "suspended"
      : "active";
  const seen = (json: Json): SeenNumber => ({
    id: json.id,
    e164: json.e164,
    status: statusIn(json.setupStatus),
    assistant: json.agentId,
  });
  return {
    list: async () => must(await ask("GET", BASE), (numbers) => numbers.map(seen)),
    get: async (id) => mustOrNull(await ask("GET", `${BASE}${path(id)}`), seen),
    search: async () => {
      const found = read(
        await ask("GET", `${BASE}/available?areaCode=415&limit=20`),
        (offers) => offers.map((offer: Json) => offer.e164),
      );
      return found.ok ? found.value : [];
    },
    buy: async (e164, key) => read(await ask("POST", BASE, { body: { e164 }, key }), seen),
    assign: async (id, agentId) =>
      read(await ask("PATCH", `${BASE}${path(id)}`, { body: { agentId } }), () => null),
    release: async (id) =>
      read(await ask("DELETE", `${BASE}${path(id)}`), ({ released }) => ({ released })),
    requestRelease: null,
    cancelRequest: null,
  };
};

/** The ledger's own API: its pages are short here, so that a run has many of them. */
const own = (ask: Ask): NumberClient => {
  const BASE = "/ledger/numbers";
  const REQUESTS = "/ledger/release-requests";
  const seen = (json: Json): SeenNumber => ({
    id: json.id,
    e164: json.e164,
    status: statusOf(json.status),
    assistant: json.assistant?.id ?? null,
  });
  const list = async (): Promise<readonly SeenNumber[]> => {
    const all: SeenNumber[] = [];
    for (let after = "";;) {
      const page = must(await ask("GET", `${BASE}?limit=3${after}`), (json) => json);
      all.push(...page.numbers.map(seen));
      if (page.next === null) return all;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  };
  return {
    list,
    get: async (id) => mustOrNull(await ask("GET", `${BASE}${path(id)}`), seen),
    search: async () => {
      const body = { country: "US", areaCode: "415" };
      const found = read(await ask("POST", "/ledger/searches", { body }), ({ offers }) => offers);
      return found.ok ? found.value.map((offer: Json) => offer.e164) : [];
    },
    buy: async (e164, key) => read(await ask("POST", BASE, { body: { e164 }, key }), seen),
    assign: async (id, assistant) =>
      read(await ask("PATCH", `${BASE}${path(id)}`, { body: { assistant } }), () => null),
    release: async (id) =>
      read(await ask("DELETE", `${BASE}${path(id)}`), ({ released }) => ({ released })),
    requestRelease: async (number) => {
      const body = { number, reason: "No longer needed." };
      return read(await ask("POST", REQUESTS, { body }), ({ id }) => id);
    },
    cancelRequest: async (request) =>
      read(await ask("DELETE", `${REQUESTS}${path(request)}`), () => null),
  };
};

/** An API and the dialect that it speaks. Talkturo's calls name the token's team. */
export type HttpClientOptions =
  & HttpTarget
  & (
    | { readonly dialect: "talkturo"; readonly teamId: string }
    | { readonly dialect: "talkover" | "speko" | "ledger" }
  );

/**
 * Makes the calls of a model run over HTTP, with a token of an organization that no other program
 * uses meanwhile. Talkover's dialect can neither search nor buy: buy some numbers first, another
 * way.
 *
 * @example
 * ```ts
 * import { httpClient } from "ledgerline/testing";
 *
 * const api = { baseUrl: "http://localhost:8787", token: "tk_…" };
 * const client = httpClient({ ...api, dialect: "speko" });
 * ```
 */
export const httpClient = (options: HttpClientOptions): NumberClient => ({
  ...dialectClient(options),
  keepsAnswers: true,
});

const dialectClient = (options: HttpClientOptions): NumberClient => {
  const ask = asker(options);
  switch (options.dialect) {
    case "talkturo":
      return talkturo(ask, options.teamId);
    case "talkover":
      return talkover(ask);
    case "speko":
      return speko(ask);
    case "ledger":
      return own(ask);
  }
};
