/** The calls about webhook endpoints, apart from the others: a worker leaves them out. */
import * as Effect from "effect/Effect";
import type { SignatureScheme } from "../../../core/events/webhook.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { DAY_MS } from "../../../core/values/calendar.ts";
import { failed } from "../../../core/values/result.ts";
import type {
  AddWebhook,
  ChangeWebhook,
  DisableWebhook,
  EnableWebhook,
  RemoveWebhook,
} from "../../../core/webhooks/decisions.ts";
import { isOwnWebhook, unknownWebhook } from "../../../core/webhooks/decisions.ts";
import { type WebhookEndpoint, webhookEndpoints } from "../../../core/webhooks/state.ts";
import { bytesOfBase64 } from "../../hash/base64.ts";
import { keyPairOf, secretOf } from "../../signatures/derived.ts";
import type { ArgumentInvalid } from "../../validation/argument.ts";
import { webhookUrlFault } from "../../validation/webhook-url.ts";
import type {
  Caller,
  CommandOptions,
  RotationOptions,
  WebhookChange,
  WebhookInput,
  WebhooksNotSupported,
  WebhookWithSecret,
} from "../api/mod.ts";
import type { LedgerOptions } from "../api/options.ts";
import { rotation, webhook, webhookChange } from "../arguments/webhooks.ts";
import { commandIdOf, type Done, factOf } from "../engine/command.ts";
import { executeOnce } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { refuse } from "../engine/refusals.ts";
import { scopeOf, worldFor } from "../engine/scope.ts";
import { ask, lostToLog, Ports } from "../engine/services.ts";
import { act } from "./commands.ts";
import { caller, id, input, options, writer } from "./common-arguments.ts";
import { certain, type DeclarationOf, refusable } from "./declaration.ts";
import type { Ledger } from "../api/mod.ts";

/** What the ledger was opened with for webhooks. */
type Webhooks = NonNullable<LedgerOptions["webhooks"]>;

/** How long the secret before signs, where nobody says. */
const OVERLAP_MS = DAY_MS;

/** So much progress of an endpoint is dropped in one statement. */
const STEP = 1_000;

const notSupported = failed<WebhooksNotSupported>({
  code: "WEBHOOKS_NOT_SUPPORTED",
  message: "The ledger has no key for the secrets of webhooks; the operator must give it one.",
});

/** The key that all secrets follow from: the one that was given, or the log's. */
const keyOf = Effect.fnUntraced(function* ({ key }: Webhooks) {
  const { log: { deliveries } } = yield* Ports;
  if (key !== undefined) return bytesOfBase64(key);
  if (deliveries === undefined) return yield* refuse(notSupported.error);
  return bytesOfBase64(yield* ask(() => deliveries.key()));
});

type Key = ReturnType<typeof bytesOfBase64>;

const secretsOf = async (
  key: Key,
  scheme: SignatureScheme,
  endpoint: string,
  generation: number,
): Promise<Omit<WebhookWithSecret, "webhook">> =>
  scheme === "hmac"
    ? { secret: await secretOf(key, endpoint, generation), publicKey: null }
    : { secret: null, publicKey: (await keyPairOf(key, endpoint, generation)).publicKey };

const NOT_SHOWN = { secret: null, publicKey: null };

/** Refuses a URL that is not one of an endpoint. */
const checkUrl = (
  url: string | undefined,
  { urlFault = webhookUrlFault }: Webhooks,
) => {
  const fault = url === undefined ? null : urlFault(url);
  if (fault === null) return Effect.void;
  const path = "input.url";
  return refuse<ArgumentInvalid>({ code: "INVALID_ARGUMENT", path, message: `${path} ${fault}` });
};

/** The endpoint after a command to it. */
const endpointAfter = Effect.fnUntraced(function* (
  { state }: Pick<Done, "state">,
  webhook: string,
) {
  const endpoint = state.get(webhookEndpoints, webhook);
  return endpoint ?? (yield* lostToLog(`The webhook ${webhook}`));
});

/** The operator's own endpoints are of all worlds; others of the one that their caller buys in. */
const worldOf = (caller: Caller) =>
  caller.organization === RECONCILIATIONS ? scopeOf(caller) : worldFor(caller);

/** The endpoint with this id that the caller has; undefined where there is none. */
export const findWebhook = Effect.fnUntraced(function* (caller: Caller, webhook: string) {
  const scope = yield* scopeOf(caller);
  const rows = [{ kind: webhookEndpoints.kind, key: webhook }];
  const { state } = yield* read(caller.organization, { rows });
  const endpoint = state.get(webhookEndpoints, webhook);
  return endpoint !== undefined && isOwnWebhook(scope, endpoint) ? endpoint : undefined;
});

const list = Effect.fnUntraced(function* (caller: Caller) {
  const scope = yield* scopeOf(caller);
  const { state } = yield* read(caller.organization, { kinds: [webhookEndpoints.kind] });
  // By id, and so by when they were added.
  return state.all(webhookEndpoints).filter((endpoint) => isOwnWebhook(scope, endpoint));
});

const addTo = (webhooks: Webhooks) =>
  Effect.fnUntraced(function* (
    caller: Caller,
    input: WebhookInput,
    options: CommandOptions = {},
  ) {
    yield* checkUrl(input.url, webhooks);
    const key = yield* keyOf(webhooks);
    const { ids } = yield* Ports;
    const { organization, actor } = caller;
    const { types = [], description = "", metadata = {}, scheme = "hmac", from = null } = input;
    const world = yield* worldOf(caller);
    const command: AddWebhook = {
      type: "AddWebhook",
      webhook: ids.next("wh"),
      url: input.url,
      types,
      description,
      metadata,
      scheme,
      world,
      from,
    };
    const scope = yield* scopeOf(caller);
    const id = commandIdOf(options, input);
    const done = yield* executeOnce({ organization, actor, command, scope, id });
    const fact = done.repeated ? factOf(done, "WebhookAdded") : undefined;
    if (fact === undefined) {
      const webhook = yield* endpointAfter(done, command.webhook);
      const secrets = yield* ask(() => secretsOf(key, scheme, webhook.id, webhook.generation));
      return { webhook, ...secrets };
    }
    // It may be removed by now: it is shown as it was added then.
    const known = yield* findWebhook(caller, fact.data.webhook);
    const { webhook: added, ...data } = fact.data;
    const first: WebhookEndpoint = {
      ...data,
      id: added,
      addedAt: fact.at,
      generation: 1,
      oldUntil: null,
      disabled: null,
    };
    return { webhook: known ?? first, ...NOT_SHOWN };
  });

const rotateWith = (webhooks: Webhooks) =>
  Effect.fnUntraced(function* (
    caller: Caller,
    webhook: string,
    options: RotationOptions = {},
  ) {
    const key = yield* keyOf(webhooks);
    const known = yield* findWebhook(caller, webhook);
    if (known === undefined) return yield* refuse(unknownWebhook.error);
    const { overlapMs = OVERLAP_MS } = options;
    const { organization, actor } = caller;
    const generation = known.generation + 1;
    const done = yield* executeOnce({
      organization,
      actor,
      command: { type: "RotateWebhook", webhook, generation, overlapMs },
      scope: yield* scopeOf(caller),
      id: commandIdOf(options, { webhook, overlapMs }),
    });
    if (done.repeated) return { webhook: known, ...NOT_SHOWN };
    const rotated = yield* endpointAfter(done, webhook);
    // Of several at the same time each is given the one that they have led to.
    const secrets = yield* ask(() => secretsOf(key, rotated.scheme, webhook, rotated.generation));
    return { webhook: rotated, ...secrets };
  });

/** Gives a command to an endpoint; answers with it. */
const given = <C extends ChangeWebhook | DisableWebhook | EnableWebhook>(
  caller: Caller,
  command: C,
) => Effect.flatMap(act(caller, command), (done) => endpointAfter(done, command.webhook));

const changeWith = (webhooks: Webhooks) =>
  Effect.fnUntraced(function* (caller: Caller, webhook: string, input: WebhookChange) {
    yield* checkUrl(input.url, webhooks);
    return yield* given(caller, { type: "ChangeWebhook", webhook, ...input });
  });

const remove = Effect.fnUntraced(function* (caller: Caller, webhook: string) {
  const { log: { deliveries } } = yield* Ports;
  const command: RemoveWebhook = { type: "RemoveWebhook", webhook };
  yield* act(caller, command);
  // Where this is cut off, the rest is dropped by what delivers, which finds no endpoint for it.
  while (
    deliveries !== undefined && (yield* ask(() => deliveries.remove(webhook, STEP))) === STEP
  );
  return null;
});

/** The calls of a ledger that was opened with this for webhooks. */
export const webhookCalls = (
  webhooks: Webhooks = {},
  changed: (owner: string, endpoint: string) => void = () => {},
): DeclarationOf<
  Omit<Ledger["webhooks"], "deliveries" | "redeliver" | "replay" | "test">
> => ({
  add: refusable(
    [writer, input(webhook), options],
    (caller, input, options) =>
      Effect.tap(
        addTo(webhooks)(caller, input, options),
        (added) => Effect.sync(() => changed(caller.organization, added.webhook.id)),
      ),
  ),
  list: certain([caller], list),
  get: certain(
    [caller, id],
    (caller, id) => Effect.map(findWebhook(caller, id), (found) => found ?? null),
  ),
  change: refusable([writer, id, input(webhookChange)], changeWith(webhooks)),
  rotate: refusable([writer, id, ["options", rotation]], rotateWith(webhooks)),
  disable: refusable(
    [writer, id],
    (caller, webhook) => given(caller, { type: "DisableWebhook", webhook, why: "byOwner" }),
  ),
  enable: refusable(
    [writer, id],
    (caller, webhook) =>
      Effect.tap(
        given(caller, { type: "EnableWebhook", webhook }),
        () => Effect.sync(() => changed(caller.organization, webhook)),
      ),
  ),
  remove: refusable([writer, id], remove),
});
