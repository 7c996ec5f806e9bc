/** Bytes that are not a request, or an ambiguous one: the answer says so, in our format. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { type Listening, startListening } from "../../adapters/runtimes/node/listen.ts";
import { openTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let server: Listening;
let token: string;
/** The statuses of answers that the application did not give. */
const refused: number[] = [];

before(async () => {
  app = openTestApp();
  token = await app.organization("acme");
  const answered = (status: number) => void refused.push(status);
  const at = { port: 0, host: "127.0.0.1", maxConnections: 100, answered };
  server = await startListening(app.fetch, at, { headersMs: 200, requestMs: 600, checkMs: 50 });
});

after(async () => {
  await server.end(0);
  await app.close();
});

/** Sends this, and returns what came until the connection's end. */
const talk = async (text: string): Promise<string> => {
  const socket = connect(server.port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => received += part).on("error", () => {});
  socket.write(text, "latin1");
  await once(socket, "close");
  return received;
};

const HEADERS = "Host: x\r\nConnection: close\r\n";

const statusesOf = (received: string): readonly number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** Asserts that this gets one answer, in the shape of all answers, and returns the text. */
const answered = async (text: string, status: number): Promise<string> => {
  const received = await talk(text);
  assert.deepEqual(
    statusesOf(received),
    [status],
    `${JSON.stringify(text.slice(0, 80))}: ${received}`,
  );
  assert.match(received, /^x-request-id: [0-9a-f-]{36}\r$/m);
  assert.match(received, /^x-content-type-options: nosniff\r$/m);
  assert.match(received, /^cache-control: no-store\r$/m);
  assert.match(received, /"code":"[A-Z_]+"/);
  return received;
};

describe("an unreadable request", { timeout: 600_000 }, () => {
  const faults: readonly (readonly [string, number, RegExp])[] = [
    [`GET \\admin HTTP/1.1\r\n${HEADERS}\r\n`, 400, /target is not a path/],
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, /a method that is known/],
    [`GET / HTTP/3.0\r\n${HEADERS}\r\n`, 400, /does not end in HTTP\/1\.1/],
    [`POST / HTTP/1.1\r\n${HEADERS}Content-Length: x\r\n\r\n`, 400, /Content-Length is not/],
    [
      `POST / HTTP/1.1\r\n${HEADERS}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
      /Content-Length is given twice/,
    ],
    [
      `POST / HTTP/1.1\r\n${HEADERS}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
      /is given beside Content-Length/,
    ],
    [`GET / HTTP/1.1\r\n${HEADERS}a b: c\r\n\r\n`, 400, /header line is not valid/],
    [`GET / HTTP/1.1\nHost: x\n\n`, 400, /CR LF/],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, /cannot be read as HTTP\/1\.1/],
    [
      `POST / HTTP/1.1\r\n${HEADERS}Content-Length: 99999999999999999999\r\n\r\n`,
      413,
      /body is larger than 65536 bytes/,
    ],
    [`GET / HTTP/1.1\r\n${HEADERS}a: ${"x".repeat(20_000)}\r\n\r\n`, 431, /16384 bytes or 1000/],
    ["GET / HTTP/1.1\r\nHost: x\r\nA: ", 408, /The request did not arrive in time/],
  ];
  for (const [text, status, why] of faults) {
    test(`is ${status} and says why: ${JSON.stringify(text.slice(0, 50))}`, async () => {
      assert.match(await answered(text, status), why);
    });
  }

  test("is 405 with what the path allows when the method is unknown, in its dialect", async () => {
    for (const method of ["FOO", "get", "M-SEARCH", "PROPFIND", "QUERY"]) {
      const received = await answered(
        `${method} /v1/phone-numbers HTTP/1.1\r\n${HEADERS}\r\n`,
        405,
      );
      assert.match(received, /^allow: GET, HEAD, POST\r$/mi);
      assert.match(received, /\{"error":"The method is not allowed here/);
    }
    await answered(`FOO /v1/nowhere/at/all HTTP/1.1\r\n${HEADERS}\r\n`, 404);
    await answered(`FOO /v1/../admin HTTP/1.1\r\n${HEADERS}\r\n`, 400);
  });

  test("is 405 when it asks for a tunnel, and an error of its socket affects nothing else", async () => {
    const received = await answered("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 405);
    assert.match(received, /^allow: GET, HEAD, POST, PUT, PATCH, DELETE\r$/mi);
    for (let count = 0; count < 20; count++) {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      await once(socket, "connect");
      socket.write(`CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n${"x".repeat(10_000)}`);
      socket.resetAndDestroy();
    }
    await answered(`GET /v1/phone-numbers HTTP/1.1\r\n${HEADERS}\r\n`, 401);
  });

  test("is answered after the requests before it, and no request is answered twice", async () => {
    const ask = `GET /v1/phone-numbers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
    assert.deepEqual(statusesOf(await talk(`${ask}\r\n${ask}\r\nfoo\r\n\r\n`)), [200, 200, 400]);
    const last = `${ask}Connection: close\r\n\r\n`;
    assert.deepEqual(statusesOf(await talk(`${last}GET / HTTP/1.1\r\n\r\n`)), [200]);
    const body = "POST /v1/phone-numbers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: foo\r\n\r\n";
    assert.deepEqual(statusesOf(await talk(body)), [401]);
  });
});

describe("a request that never reaches the application", { timeout: 600_000 }, () => {
  const requests: readonly (readonly [string, number])[] = [
    [`GET /v1/../admin HTTP/1.1\r\n${HEADERS}`, 400],
    [`GET / HTTP/1.1\r\n${HEADERS}Host: y\r\n`, 400],
    [`GET / HTTP/1.1\r\n${HEADERS}Expect: more\r\n`, 417],
    [`GET / HTTP/1.1\r\n${HEADERS}${"a: b\r\n".repeat(1_001)}`, 431],
    [`FOO /v1/phone-numbers HTTP/1.1\r\n${HEADERS}`, 405],
    ["CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n", 405],
    [`POST / HTTP/1.1\r\n${HEADERS}Transfer-Encoding: gzip\r\n`, 404],
  ];
  const idIn = (received: string) => /^x-request-id: (.*)\r$/m.exec(received)?.[1];

  for (const [head, status] of requests) {
    test(`has the caller's own id where it is valid: ${JSON.stringify(head.slice(0, 40))}`, async () => {
      const [line, ...rest] = head.split("\r\n");
      const withId = (id: string) => [line, `X-Request-Id: ${id}`, ...rest, ""].join("\r\n");
      const received = await talk(withId("own/1"));
      assert.deepEqual([statusesOf(received), idIn(received)], [[status], "own/1"]);
      assert.match(idIn(await talk(withId("not safe"))) ?? "", /^[0-9a-f-]{36}$/);
    });
  }

  test("is counted once, as is none that reaches it", async () => {
    refused.length = 0;
    await talk(`GET /v1/../admin HTTP/1.1\r\n${HEADERS}\r\n`);
    await talk(`GET / HTTP/1.1\r\n${HEADERS}Expect: more\r\n\r\n`);
    await talk(`GET / HTTP/3.0\r\n${HEADERS}\r\n`);
    await talk("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
    assert.deepEqual(refused, [400, 417, 400, 405]);
    await talk(`GET /healthz HTTP/1.1\r\n${HEADERS}\r\n`);
    await talk(`FOO /v1/phone-numbers HTTP/1.1\r\n${HEADERS}\r\n`);
    assert.equal(refused.length, 4);
  });

  test("has the caller's own id where the fault is in a later line of its head", async () => {
    const text = `GET / HTTP/1.1\r\nx-request-id: own/2 \r\n${HEADERS}a b: c\r\n\r\n`;
    assert.equal(idIn(await talk(text)), "own/2");
  });
});

describe("an unreadable request after others of its connection", { timeout: 600_000 }, () => {
  const first = "GET /api/v1/phone-numbers HTTP/1.1\r\nHost: x\r\nAccept-Language: de\r\n\r\n";
  const last = (line: string, headers = "") => `${line} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
  const faults: readonly (readonly [string, number])[] = [
    [last("!!! /v1/phone-numbers"), 405],
    [last("FOO /v1/phone-numbers"), 405],
    [last("GEX /v1/phone-numbers"), 405],
    [`\r\n${last("FOO /v1/phone-numbers")}`, 405],
    [last("GET /v1/phone-numbers", "a b: c\r\n"), 400],
    [last("POST /v1/phone-numbers", "Transfer-Encoding: gzip\r\n"), 401],
    [last("POST /v1/phone-numbers", "Content-Length: x\r\n"), 400],
    [`${last("POST /v1/phone-numbers", "Transfer-Encoding: gzip\r\n")}abc`, 401],
  ];
  for (const [text, status] of faults) {
    test(`is answered in its own shape, not theirs: ${JSON.stringify(text)}`, async () => {
      const received = await talk(first + text);
      const [told = "", own = "", ...more] = received.split(/(?<=\})(?=HTTP\/1\.1 )/);
      assert.deepEqual([...statusesOf(received), more.length], [401, status, 0], received);
      assert.match(told, /"success":false/);
      assert.match(own, /\{"error":"/, received);
    });
  }
});

describe("an ambiguous request", { timeout: 600_000 }, () => {
  test("is 400 with two hosts, also the same one twice", async () => {
    for (const hosts of ["Host: a\r\nHost: b", "Host: x\r\nhOST: x", "Host:\r\nHost: x"]) {
      const text = `GET /api/v1/phone-numbers HTTP/1.1\r\n${hosts}\r\nConnection: close\r\n\r\n`;
      assert.match(await answered(text, 400), /"success":false/);
    }
    assert.deepEqual(statusesOf(await talk("GET /healthz HTTP/1.0\r\n\r\n")), [200]);
  });

  test("is 400 with two lines of Idempotency-Key, also the same one twice", async () => {
    const body = '{"e164":"+14155550101"}';
    const order = (lines: string) =>
      `POST /v1/phone-numbers HTTP/1.1\r\n${HEADERS}Authorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n${lines}\r\n${body}`;
    for (const [first, second] of [["1", "2"], ["1", "1"], ["", "1"]]) {
      const lines = `Idempotency-Key: ${first}\r\nidempotency-KEY: ${second}\r\n`;
      assert.match(await answered(order(lines), 400), /more than one Idempotency-Key/);
    }
    assert.deepEqual((await app.request("GET", "/v1/phone-numbers", { token })).json, []);
    // In one line, a comma is a character like any other.
    const release =
      `DELETE /v1/phone-numbers/pn_1 HTTP/1.1\r\n${HEADERS}Authorization: Bearer ${token}`;
    await answered(`${release}\r\nIdempotency-Key: 1, 2\r\n\r\n`, 404);
  });

  test("is 400 with a fragment in its target, in any position", async () => {
    for (
      const target of [
        "/v1/phone-numbers#x",
        "/v1/phone-numbers?a=1#x",
        "/v1/phone-numbers#",
        "http://x/v1/phone-numbers#x",
      ]
    ) {
      const received = await answered(`GET ${target} HTTP/1.1\r\n${HEADERS}\r\n`, 400);
      assert.match(received, /target has a fragment \(#\), which must not be sent/, target);
    }
    await answered(`GET #/v1/phone-numbers HTTP/1.1\r\n${HEADERS}\r\n`, 400);
    const { status, json } = await app.request("GET", "/api/v1/phone-numbers#x", { token });
    assert.deepEqual([status, json.success, json.code], [400, false, "VALIDATION_ERROR"]);
  });

  test("is 431 with more header lines than are read, whatever follows them", async () => {
    const body = '{"e164":"+14155550101"}';
    const order = (lines: number) =>
      `POST /v1/phone-numbers HTTP/1.1\r\n${HEADERS}Authorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
      `${"a:\r\n".repeat(lines)}Idempotency-Key: \xff\r\n\r\n${body}`;
    for (const lines of [996, 2_100, 3_900]) await answered(order(lines), 431);
    for (const lines of [10, 990]) {
      assert.match(await answered(order(lines), 400), /Idempotency-Key/);
    }
    assert.deepEqual((await app.request("GET", "/v1/phone-numbers", { token })).json, []);
  });

  test("is 417 when it expects what no server does, in its dialect's language", async () => {
    const received = await answered(
      `POST /api/v1/phone-numbers HTTP/1.1\r\n${HEADERS}Expect: foo\r\n` +
        "Accept-Language: de\r\nContent-Length: 0\r\n\r\n",
      417,
    );
    assert.match(received, /"message":"Expect darf nur 100-continue sein\."/);
    assert.match(received, /"code":"EXPECTATION_FAILED"/);
    const continued = await talk(
      `POST /v1/phone-numbers HTTP/1.1\r\n${HEADERS}Expect: 100-continue\r\n` +
        "Content-Length: 0\r\n\r\n",
    );
    assert.deepEqual(statusesOf(continued), [100, 401]);
  });
});

describe("a request that is refused unread", { timeout: 600_000 }, () => {
  test("is answered in the shape and the language of its dialect", async () => {
    const asked = "/api/v1/phone-numbers HTTP/1.1\r\nAccept-Language: de\r\nHost: x\r\n";
    const chunked = `${asked.replace("numbers", "numbers/pn_1/request-release")}Authorization: ` +
      `Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n`;
    const said: readonly (readonly [string, number, string])[] = [
      [`GET ${asked}a: ${"x".repeat(20_000)}\r\n\r\n`, 431, "mehr als 16384 Bytes oder 1000 Kopf"],
      [`GET ${asked}a b: c\r\n\r\n`, 400, "Eine Kopfzeile ist ung"],
      [`POST ${asked}Content-Length: x\r\n\r\n`, 400, "Content-Length ist keine L"],
      [`POST ${chunked}\r\nxyz\r\n`, 400, "hat keine lesbare Gr"],
      [`POST ${chunked}\r\n5\r\nab`, 408, "nicht rechtzeitig angekommen"],
      [`FOO ${asked}\r\n`, 405, "nicht erlaubt; bitte GET, HEAD verwenden"],
      [`GET ${asked.replace("Host: x", "Host: a b")}\r\n`, 400, "keinen g"],
      [`GET ${asked.replace("/phone", "/./phone")}\r\n`, 400, "Der Pfad muss ausgeschrieben sein"],
    ];
    for (const [text, status, why] of said) {
      const received = await answered(text, status);
      assert.ok(received.includes('"success":false,"message":"'), received);
      assert.ok(received.includes(why), received);
    }
    // A language that no header could have, and a path that another parser reads differently.
    const odd = asked.replace("de", "de\0");
    await answered(`FOO ${odd}\r\n`, 405);
    const other = `GET ${asked.replace("/api/v1", "/api/v1/../../v1")}a b: c\r\n\r\n`;
    assert.match(await answered(other, 400), /problem\+json/);
  });
});
