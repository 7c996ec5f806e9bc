/** Traces of a server, sent to a collector as OpenTelemetry's protocol has it (OTLP over HTTP). */
import * as ConfigProvider from "effect/ConfigProvider";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as FetchHttpClient from "effect/http/FetchHttpClient";
import * as Layer from "effect/Layer";
import * as OtlpSerialization from "effect/observability/OtlpSerialization";
import * as OtlpTracer from "effect/observability/OtlpTracer";
import * as Option from "effect/Option";
import * as Scope from "effect/Scope";
import * as Tracer from "effect/Tracer";
import { messageOf } from "../../../core/values/error-message.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { Tracing } from "../../../http/tracing.ts";
import type { RunOptions } from "../../ledger/open.ts";
import { SettingUnfit } from "../server/setting-error.ts";
import { boundedSend } from "./sending.ts";
import { openSpans, spanTime, type Traceparent } from "./spans.ts";

/** What a server is traced by. */
export type Traces = {
  /** What a ledger is opened with. */
  readonly ledger: Pick<RunOptions, "services" | "spans">;
  readonly http: Tracing;
  /** The span of a call, for a carrier; null where no other system is to have it. */
  readonly traceparent: Traceparent | null;
  /** Sends what was not sent yet, for `CLOSE_MS` at most. */
  readonly close: () => Promise<void>;
};

const SERVICE = "ledgerline";

/** For how long the exporter sends what is left at the end, whatever the environment says. */
const CLOSE_MS: Milliseconds = 3 * SECOND_MS;

const SERVER_ERROR = 500;

/** Spans of requests, with the attributes of OpenTelemetry's conventions for HTTP. */
const tracingBy = (tracer: Tracer.Tracer, redact: (text: string) => string): Tracing => ({
  begin: ({ dialect, route, method }, { id, trace: sent }) => {
    // Hexadecimal digits that the caller chose: a secret may be made of such.
    const isFit = sent !== null && [sent.id, sent.parent].every((text) => redact(text) === text);
    const trace = isFit ? sent : null;
    const parent = trace === null ? Option.none() : Option.some(Tracer.externalSpan({
      traceId: trace.id,
      spanId: trace.parent,
      sampled: trace.isSampled,
    }));
    const span = tracer.span({
      name: `${method} ${route}`,
      parent,
      annotations: Context.empty(),
      links: [],
      startTime: spanTime(),
      kind: "server",
      root: trace === null,
      sampled: trace?.isSampled ?? true,
    });
    span.attribute("http.request.method", method);
    span.attribute("http.route", route);
    span.attribute("ledgerline.dialect", dialect);
    span.attribute("ledgerline.request.id", redact(id));
    return {
      span,
      end: (status) => {
        span.attribute("http.response.status_code", status);
        const exit = status < SERVER_ERROR ? Exit.void : Exit.fail(`status ${status}`);
        span.end(spanTime(), exit);
      },
    };
  },
});

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that are set; one that is empty is not (OpenTelemetry, as all settings here). */
const setIn = (environment: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => value ? [[name, value]] : []),
  );

/** Whether others are sent the ids of spans, as by default (`OTEL_PROPAGATORS`). */
const propagates = (propagators: string | undefined): boolean =>
  propagators === undefined || propagators.trim() === "" ||
  propagators.split(",").some((one) => one.trim() === "tracecontext");

/** A variable of OpenTelemetry that does not parse, as one of the settings. */
const unfitVariable = (error: unknown): unknown => {
  const why = messageOf(error);
  const [variable] = /OTEL_[A-Z_]+/.exec(why) ?? [];
  return variable === undefined ? error : new SettingUnfit(variable, "does not parse", error);
};

/**
 * Opens the traces of a server, which go to the collector at this URL. The other variables of
 * OpenTelemetry (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME` and so on) are read from the
 * environment; one that does not parse is a `SettingUnfit`. A collector that is away or hangs is
 * tried again later, and nobody waits for it. `redact` replaces what is secret in what callers
 * chose; `send` is `fetch` by default.
 */
export const openTraces = async (
  endpoint: string,
  environment: Environment,
  send?: typeof fetch,
  redact: (text: string) => string = (text) => text,
): Promise<Traces> => {
  const env: Readonly<Record<string, string>> = {
    OTEL_SERVICE_NAME: SERVICE,
    OTEL_TRACES_EXPORTER: "otlp",
    ...setIn(environment),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    // Of the three that it reads the first; it takes them for nothing but its end.
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: String(CLOSE_MS),
  };
  const scope = Scope.makeUnsafe();
  const layer = OtlpTracer.layerFromConfig().pipe(
    Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer]),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, boundedSend(send))),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
  );
  const context: Context.Context<never> = await Effect.runPromise(
    Layer.buildWithScope(layer, scope),
  ).catch((error) => {
    throw unfitVariable(error);
  });
  const tracer = Context.get(context, Tracer.Tracer);
  const { spans, traceparent } = openSpans(tracer);
  return {
    ledger: { services: Context.make(Tracer.Tracer, tracer), spans },
    traceparent: propagates(environment["OTEL_PROPAGATORS"]) ? traceparent : null,
    http: tracingBy(tracer, redact),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  };
};
