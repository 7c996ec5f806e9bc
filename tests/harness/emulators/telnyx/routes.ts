/** Which request asks what of the emulated carrier. */
import { type Answer, NOT_FOUND } from "./answer.ts";
import {
  deleteNumber,
  listNumbers,
  retrieveNumber,
  updateMessaging,
  updateNumber,
} from "./numbers.ts";
import { cancelOrder, createOrder, listOrders, retrieveOrder } from "./orders.ts";
import { listRequirements } from "./requirements.ts";
import { search } from "./search.ts";
import type { Account } from "./account.ts";

/** A request in parts. */
export type Asked = {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: string;
};

const ENDPOINTS = {
  requirements: "GET /v2/requirements",
  search: "GET /v2/available_phone_numbers",
  order: "POST /v2/number_orders",
  findOrders: "GET /v2/number_orders",
  retrieveOrder: "GET /v2/number_orders/*",
  cancelOrder: "PATCH /v2/sub_number_orders/*/cancel",
  listNumbers: "GET /v2/phone_numbers",
  retrieveNumber: "GET /v2/phone_numbers/*",
  updateNumber: "PATCH /v2/phone_numbers/*",
  deleteNumber: "DELETE /v2/phone_numbers/*",
  updateMessaging: "PATCH /v2/phone_numbers/*/messaging",
} as const;

/** The parts of the API in which a fault may occur. */
export type Endpoint = keyof typeof ENDPOINTS;

/** All endpoints. */
export const ALL_ENDPOINTS = Object.keys(ENDPOINTS) as readonly Endpoint[];

const ANSWERS: Readonly<Record<Endpoint, (asked: Asked, account: Account) => Answer>> = {
  requirements: ({ query }) => listRequirements(query),
  search: ({ query }, account) => search(query, account),
  order: ({ body }, account) => createOrder(body, account),
  findOrders: ({ query }, account) => listOrders(query, account),
  retrieveOrder: ({ id }, account) => retrieveOrder(id, account),
  cancelOrder: ({ id }, account) => cancelOrder(id, account),
  listNumbers: ({ query }, account) => listNumbers(query, account),
  retrieveNumber: ({ id }, account) => retrieveNumber(id, account),
  updateNumber: ({ id, body }, account) => updateNumber(id, body, account),
  deleteNumber: ({ id }, account) => deleteNumber(id, account),
  updateMessaging: ({ id, body }, account) => updateMessaging(id, body, account),
};

const PATH = /^(\/v2\/[a-z_]+)(?:\/([^/]+)(\/[a-z]+)?)?$/;

/** The endpoint that a request is for, and the id in its path; null where there is none. */
export const route = (
  method: string,
  path: string,
): { readonly endpoint: Endpoint; readonly id: string } | null => {
  const [, start, id, action = ""] = PATH.exec(path) ?? [];
  const asked = `${method} ${start}${id === undefined ? "" : "/*"}${action}`;
  const endpoint = ALL_ENDPOINTS.find((name) => ENDPOINTS[name] === asked);
  return endpoint === undefined ? null : { endpoint, id: decodeURIComponent(id ?? "") };
};

/** Carries out a request. */
export const answer = (endpoint: Endpoint | null, asked: Asked, account: Account): Answer =>
  endpoint === null ? NOT_FOUND : ANSWERS[endpoint](asked, account);
