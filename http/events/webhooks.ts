/** Endpoints for webhooks, and what they were sent (http/README.md, Webhooks). */
import type { Caller } from "../../adapters/ledger/api/mod.ts";
import type { WebhookWithSecret } from "../../adapters/ledger/api/webhooks.ts";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { unknownWebhook } from "../../core/webhooks/decisions.ts";
import type { Call, Failure, Outcome, Reply, Route } from "../dialect.ts";
import { invalidProblem } from "../errors.ts";
import { refused, unlessForked } from "./refusals.ts";
import { encodeDelivery, encodeWebhook } from "./webhook-answers.ts";
import {
  DeliveriesQuery,
  ReplayBody,
  RotationBody,
  WebhookBody,
  WebhookChangeBody,
} from "./webhook-schemas.ts";

const PATH = "/ledger/webhooks";
const ONE = `${PATH}/:id`;

/** Whose endpoints they are: the operator has their own. */
const ownerOf = ({ caller }: Call): Caller =>
  caller.actor.kind === "operator" ? { ...caller, organization: RECONCILIATIONS } : caller;

/** The reply with a secret, which a repeat does not show again. */
const withSecret = (
  status: Reply["status"],
  { webhook, secret, publicKey }: WebhookWithSecret,
): Reply => {
  const record = encodeWebhook(webhook);
  return {
    status,
    body: { ...record, secret, publicKey },
    kept: { ...record, secret: null, publicKey: null },
  };
};

/** The position of a cursor of this log; nothing for what happens from now on. */
const positionOf = async (
  { ledger }: Call,
  caller: Caller,
  after: string | undefined,
): Promise<Result<number | undefined, Failure>> => {
  if (after === undefined || after === "latest") return ok(undefined);
  if (after === "0") return ok(0);
  if (caller.organization === RECONCILIATIONS) {
    return failed(invalidProblem({ after: ["must be 0 or latest: it is sent what all do"] }));
  }
  const page = await unlessForked(ledger.events.list(caller, { after, limit: 1 }));
  return page.ok ? ok(Number(after.split("-")[0])) : page;
};

/** 201 with the endpoint and its secret; `Location` names it. */
const add = async (call: Call): Promise<Outcome> => {
  const input = await call.body(WebhookBody);
  if (!input.ok) return input;
  const owner = ownerOf(call);
  const { after, ...terms } = input.value;
  const from = await positionOf(call, owner, after);
  if (!from.ok) return from;
  const added = await call.ledger.webhooks.add(
    owner,
    { ...terms, ...(from.value !== undefined && { from: from.value }) },
    call.repeatable,
  );
  if (!added.ok) return refused(added.error);
  const headers = { location: `${PATH}/${added.value.webhook.id}` };
  return ok({ ...withSecret(201, added.value), headers });
};

/** 200 `{"webhooks": […]}`, the earliest first. */
const list = async (call: Call): Promise<Outcome> => {
  const webhooks = await call.ledger.webhooks.list(ownerOf(call));
  return ok({ status: 200, body: { webhooks: webhooks.map(encodeWebhook) } });
};

/** 200 with one endpoint. */
const read = async (call: Call): Promise<Outcome> => {
  const webhook = await call.ledger.webhooks.get(ownerOf(call), call.param("id"));
  return webhook === null
    ? refused(unknownWebhook.error)
    : ok({ status: 200, body: encodeWebhook(webhook) });
};

/** 200 with the endpoint as it is then. */
const change = async (call: Call): Promise<Outcome> => {
  const input = await call.body(WebhookChangeBody);
  if (!input.ok) return input;
  const { webhooks } = call.ledger;
  const [owner, id] = [ownerOf(call), call.param("id")];
  const { status, ...terms } = input.value;
  const changed = await webhooks.change(owner, id, terms);
  if (!changed.ok) return refused(changed.error);
  if (status === undefined) return ok({ status: 200, body: encodeWebhook(changed.value) });
  const turned = await (status === "enabled" ? webhooks.enable : webhooks.disable)(owner, id);
  return turned.ok ? ok({ status: 200, body: encodeWebhook(turned.value) }) : refused(turned.error);
};

/** 204 once it is removed. */
const remove = async (call: Call): Promise<Outcome> => {
  const removed = await call.ledger.webhooks.remove(ownerOf(call), call.param("id"));
  return removed.ok ? ok({ status: 204, body: null }) : refused(removed.error);
};

/** 200 with the endpoint and its next secret. */
const rotate = async (call: Call): Promise<Outcome> => {
  const input = await call.optionalBody(RotationBody);
  if (!input.ok) return input;
  const { overlapSeconds: overlap } = input.value;
  const rotated = await call.ledger.webhooks.rotate(ownerOf(call), call.param("id"), {
    ...call.repeatable,
    ...(overlap !== undefined && { overlapMs: overlap * SECOND_MS }),
  });
  return rotated.ok ? ok(withSecret(200, rotated.value)) : refused(rotated.error);
};

/** 200 with what came of a test, also where the endpoint did not take it. */
const test = async (call: Call): Promise<Outcome> => {
  const tested = await call.ledger.webhooks.test(ownerOf(call), call.param("id"));
  return tested.ok
    ? ok({ status: 200, body: encodeDelivery(tested.value) })
    : refused(tested.error);
};

/** 200 `{"deliveries": […], "next"}`, the latest attempt first. */
const deliveries = async (call: Call): Promise<Outcome> => {
  const query = call.checkedQuery(DeliveriesQuery);
  if (!query.ok) return query;
  const { outcome, ...page } = query.value;
  const found = await call.ledger.webhooks.deliveries(ownerOf(call), call.param("id"), {
    ...page,
    ...(outcome !== undefined && { isDelivered: outcome === "delivered" }),
  });
  if (found === null) return refused(unknownWebhook.error);
  const { attempts, next } = found;
  return ok({ status: 200, body: { deliveries: attempts.map(encodeDelivery), next } });
};

const ACCEPTED = ok({ status: 202, body: { accepted: true } } as const);

/** 202: the event of an attempt is sent again. */
const redeliver = async (call: Call): Promise<Outcome> => {
  const [id, delivery] = [call.param("id"), call.param("deliveryId")];
  const sent = await call.ledger.webhooks.redeliver(ownerOf(call), id, delivery);
  return sent.ok ? ACCEPTED : refused(sent.error);
};

/** 202: what happened after a place, or was not taken since a time, is sent again. */
const replay = async (call: Call): Promise<Outcome> => {
  const input = await call.body(ReplayBody);
  if (!input.ok) return input;
  const replaying = call.ledger.webhooks.replay(ownerOf(call), call.param("id"), input.value);
  const replayed = await unlessForked(replaying);
  if (!replayed.ok) return replayed;
  return replayed.value.ok ? ACCEPTED : refused(replayed.value.error);
};

const route = (
  method: Route["method"],
  path: string,
  handle: Route["handle"],
): Route => ({ method, path, isOperators: true, handle });

export const webhookRoutes: readonly Route[] = [
  route("POST", PATH, add),
  route("GET", PATH, list),
  route("GET", ONE, read),
  route("PATCH", ONE, change),
  route("DELETE", ONE, remove),
  route("POST", `${ONE}/rotate`, rotate),
  route("POST", `${ONE}/test`, test),
  route("POST", `${ONE}/replay`, replay),
  route("GET", `${ONE}/deliveries`, deliveries),
  route("POST", `${ONE}/deliveries/:deliveryId/redeliver`, redeliver),
];
