/** Callers that buy a number, look at it, route it and give it back, again and again. */
import { Agent, request } from "node:http";
import { numberAt } from "../bench/engine.ts";

/** What was answered so far. */
export type Answers = {
  requests: number;
  /** By status; a purchase that was refused is one, too. */
  readonly unsuccessful: Map<string, number>;
};

type Answer = { readonly status: number; readonly text: string };

const BASE = "/v1/phone-numbers";

/** An answer that takes longer never comes. */
const PATIENCE_MS = 60_000;

/** Each caller searches once in so many purchases. */
const SEARCH_EVERY = 20;

/** A caller of the server at this URL, which keeps one connection. */
const openCaller = (url: string, token: string, answers: Answers) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, json?: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const body = json === undefined ? "" : JSON.stringify(json);
      const headers = {
        authorization: `Bearer ${token}`,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      };
      const options = { agent, method, headers, timeout: PATIENCE_MS };
      const sent = request(new URL(path, url), options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          answers.requests += 1;
          if (status >= 300) {
            const what = `${method} ${status}`;
            answers.unsuccessful.set(what, (answers.unsuccessful.get(what) ?? 0) + 1);
          }
          resolve({ status, text });
        });
        response.on("error", reject);
      });
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer`)));
      sent.on("error", reject);
      sent.end(body);
    });
  return { send, close: () => agent.destroy() };
};

/** Has this caller do all it does, until it is over; it holds nothing then. */
export const callUntil = async (
  url: string,
  token: string,
  nextNumber: () => number,
  isOver: () => boolean,
  answers: Answers,
): Promise<void> => {
  const { send, close } = openCaller(url, token, answers);
  for (let round = 0; !isOver(); round += 1) {
    if (round % SEARCH_EVERY === 0) await send("GET", `${BASE}/available?country=US&type=local`);
    const body = { e164: numberAt(nextNumber()), direction: "both" };
    const { status, text } = await send("POST", BASE, body);
    if (status >= 300) continue;
    const { id } = JSON.parse(text);
    await send("GET", `${BASE}/${id}`);
    await send("PATCH", `${BASE}/${id}`, { direction: "inbound", label: `round ${round}` });
    await send("GET", BASE);
    await send("DELETE", `${BASE}/${id}`);
  }
  close();
};
