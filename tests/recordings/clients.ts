/** Clients that act at the same time, and the record of the answers each got. */
import fc from "fast-check";
import { operatorOf, type TestApp } from "../support/app.ts";
import { pause } from "../support/pause.ts";
import { BUSINESS } from "../http/speko-support.ts";
import { type Call, fateOf } from "./recording.ts";
import { type Account, type Act, actOf, type Step, steps } from "./steps.ts";

/** Calls one server. */
export type Ask = TestApp["request"];

/** What clients act on. */
export type Stage = {
  readonly seed: number;
  readonly accounts: readonly Account[];
  /** The numbers that are bought and imported. */
  readonly numbers: readonly string[];
  /** The servers that should be running; there may be none for a while. */
  readonly servers: () => readonly Ask[];
  readonly record: (call: Call) => void;
};

/** How often a call is repeated while its outcome is unknown. */
const REPEATS = 4;
const REPEAT_AFTER_MS = 100;

/** Organizations on all plans, each with credits, an approved business and a token. */
export const openAccounts = async (ask: Ask, count: number): Promise<readonly Account[]> => {
  const { organization, admin } = operatorOf(ask);
  const accounts: Account[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = `org-${String(index).padStart(2, "0")}`;
    const plan = ["Free", "Growth", "Free", "Prepaid", "Growth"][index % 5] ?? "Free";
    const token = await organization(id, plan);
    await admin("POST", `/admin/organizations/${id}/credits`, { amount: "30.00" });
    const { json } = await ask("POST", "/v1/phone-numbers/kyb/submit", { token, body: BUSINESS });
    await admin("POST", `/admin/verifications/${json.id}/approve`, {});
    accounts.push({ id, token, holdings: new Set() });
  }
  return accounts;
};

/** Of an answer, what the checker asks for. */
const essence = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(({ id }) => ({ id }));
  return typeof json === "object" && json !== null && "id" in json ? { id: json.id } : null;
};

const answerTo = async (ask: Ask, act: Act): Promise<Call["answer"]> => {
  const { method, path, token, body, key } = act;
  const headers = key === null ? {} : { "idempotency-key": key };
  const answer = await ask(method, path, { token, body, headers }).catch(() => null);
  if (answer === null) return "unknown";
  const { status, json } = answer;
  // The try before is under way, or was at a server that was killed: it may have been done.
  if (status === 409 && json?.code === "IDEMPOTENCY_KEY_IN_USE") return "unknown";
  if (status === 400 || status === 401) {
    throw new Error(`${method} ${path} is answered ${status}: ${JSON.stringify(json)}`);
  }
  return { status, json: essence(json) };
};

const perform = async (ask: Ask, act: Act, client: number): Promise<Call> => {
  const { account, method, path, body, effect } = act;
  const begun_ms = performance.now();
  const answer = await answerTo(ask, act);
  const ended_ms = performance.now();
  const organization = account.id;
  return { client, begun_ms, ended_ms, organization, method, path, body, effect, answer };
};

/** What a client learns of holdings by an answer. */
const learn = ({ account, effect, method }: Act, call: Call): void => {
  if (call.answer === "unknown" || fateOf(call) !== "done") return;
  if (effect?.type === "Released") account.holdings.delete(effect.value);
  const { id } = (call.answer.json ?? {}) as { readonly id?: string };
  if (method === "POST" && id !== undefined) account.holdings.add(id);
};

const runClient = async (
  stage: Stage,
  client: number,
  wishes: Iterator<Step>,
  isOver: () => boolean,
): Promise<void> => {
  for (let count = 0; !isOver(); count += 1) {
    const { value: step, done } = wishes.next();
    if (done === true) return;
    const act = actOf(step, `c${client}-${count}`, stage.accounts, stage.numbers);
    for (let tried = 0; tried <= REPEATS; tried += 1) {
      const servers = stage.servers();
      const ask = servers[(step.server + tried) % servers.length];
      if (ask !== undefined) {
        const call = await perform(ask, act, client);
        stage.record(call);
        learn(act, call);
        if (fateOf(call) !== "unknown" || act.key === null) break;
      }
      await pause(REPEAT_AFTER_MS, "a server may start again before the call is repeated");
    }
    await pause(step.pause_ms, "the moment of each call is drawn");
  }
};

/** Lets this many clients act until it is over, each for all organizations and on all servers. */
export const liveAll = async (
  stage: Stage,
  clients: number,
  isOver: () => boolean,
): Promise<void> => {
  const all = fc.sample(steps, { seed: stage.seed, numRuns: clients });
  await Promise.all(all.map((wishes, client) => runClient(stage, client, wishes, isOver)));
};
