/** What a collector of traces can do to a server: nothing, whether it hangs, refuses or is away. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openTraces } from "../../adapters/runtimes/tracing/mod.ts";
import { boundedSend } from "../../adapters/runtimes/tracing/sending.ts";
import { askedIn } from "../../http/asked.ts";
import { SettingUnfit } from "../../adapters/runtimes/server/setting-error.ts";

type Send = typeof fetch;

const URL = "http://collector.example";
const NOW = { batchMs: 20, pauseMs: 0 };

/** Answers nothing; what it was given ends when its signal does. */
const openHanging = () => {
  const begun: Promise<Response>[] = [];
  const hang: Send = (_, init) => {
    const never = new Promise<Response>((_, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });
    begun.push(never);
    return never;
  };
  return { hang, begun };
};

const statusesOf = async (answers: readonly Promise<Response>[]): Promise<readonly number[]> =>
  (await Promise.all(answers)).map(({ status }) => status);

describe("batches of spans", () => {
  test("are sent four at a time, and those for which there is no place are dropped", async () => {
    const { hang, begun } = openHanging();
    const send = boundedSend(hang, NOW);
    const answers = Array.from({ length: 50 }, () => send(URL, { method: "POST" }));
    assert.equal(begun.length, 4);
    assert.deepEqual(new Set(await statusesOf(answers)), new Set([400]));
    const later = send(URL, { method: "POST" });
    assert.equal(begun.length, 5, "a place is free again");
    assert.deepEqual(await statusesOf([later]), [400]);
  });

  test("are sent again where that may help, three times in all", async () => {
    for (
      const [answers, status, tries] of [
        [[503, 429, 200], 200, 3],
        [[null, 204], 200, 2],
        [[503, 503, 503, 200], 400, 3],
        [[401, 200], 400, 1],
      ] as const
    ) {
      let tried = 0;
      const send = boundedSend(
        (() => {
          const answer = answers[tried++];
          if (typeof answer !== "number") return Promise.reject(new Error("it is away"));
          // A collector's wish to be left alone for a day keeps no batch in memory for a day.
          const headers = { "retry-after": "86400" };
          return Promise.resolve(new Response(null, { status: answer, headers }));
        }) as Send,
        { ...NOW, batchMs: 10_000 },
      );
      const answered = await send(URL, {});
      assert.deepEqual([answered.status, tried], [status, tries], answers.join());
      assert.equal(answered.headers.get("retry-after"), null);
    }
  });

  test("end with what they belong to", async () => {
    const { hang } = openHanging();
    const ending = new AbortController();
    const sent = boundedSend(hang)(URL, { signal: ending.signal });
    ending.abort();
    assert.equal((await sent).status, 400);
  });
});

describe("a collector that hangs", () => {
  test("keeps no more than four batches of a server's spans, and no server from ending", async () => {
    const { hang, begun } = openHanging();
    const slow = { OTEL_EXPORTER_OTLP_TIMEOUT: "600000", OTEL_EXPORTER_OTLP_HEADERS: "x-key=1" };
    const traces = await openTraces(URL, slow, hang);
    const counted = { dialect: "speko", route: "/v1/phone-numbers", method: "GET" } as const;
    const asked = askedIn(() => null, undefined);
    for (let requests = 0; requests < 20_000; requests++) {
      traces.http.begin(counted, { ...asked, id: `r-${requests}` }).end(200);
    }
    await traces.close();
    assert.equal(begun.length, 4);
    // They are given up with the server, whatever time it was told to leave them.
    assert.deepEqual(
      (await Promise.allSettled(begun)).map(({ status }) => status),
      Array(4).fill("rejected"),
    );
  });
});

test("a variable of OpenTelemetry that does not parse is named, as a setting is", async () => {
  for (
    const variable of [
      "OTEL_BSP_SCHEDULE_DELAY",
      "OTEL_EXPORTER_OTLP_TIMEOUT",
      "OTEL_EXPORTER_OTLP_COMPRESSION",
    ]
  ) {
    await assert.rejects(openTraces(URL, { [variable]: "soon" }), (error) => {
      assert.ok(error instanceof SettingUnfit);
      assert.equal(error.message, `${variable}: does not parse`);
      return true;
    });
  }
});

test("a variable of OpenTelemetry that is set and empty is as one that is not set", async () => {
  const sentWith = async (environment: Readonly<Record<string, string>>): Promise<string> => {
    let sent = "";
    const take: Send = (_, init) => {
      const body = init?.body;
      sent += typeof body === "string" ? body : new TextDecoder().decode(body as Uint8Array);
      return Promise.resolve(new Response("{}"));
    };
    const traces = await openTraces(URL, environment, take);
    const counted = { dialect: "speko", route: "/v1/phone-numbers", method: "GET" } as const;
    traces.http.begin(counted, { ...askedIn(() => null, undefined), id: "r-1" }).end(200);
    await traces.close();
    return sent;
  };
  for (
    const variable of [
      "OTEL_SERVICE_NAME",
      "OTEL_TRACES_EXPORTER",
      "OTEL_BSP_SCHEDULE_DELAY",
      "OTEL_EXPORTER_OTLP_HEADERS",
      "OTEL_RESOURCE_ATTRIBUTES",
    ]
  ) {
    const sent = await sentWith({ [variable]: "" });
    assert.match(sent, /"service\.name","value":\{"stringValue":"ledgerline"\}/, variable);
  }
  assert.match(await sentWith({ OTEL_SERVICE_NAME: "phones" }), /"stringValue":"phones"/);
  assert.equal(await sentWith({ OTEL_TRACES_EXPORTER: "none" }), "");
});
