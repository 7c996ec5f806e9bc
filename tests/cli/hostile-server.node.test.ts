/** What answers at a server's address is not trusted. */
import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { describe, test, type TestContext } from "node:test";
import { openRemote, readUrl } from "../../adapters/cli/target/remote.ts";
import { freePort } from "../support/port.ts";
import { newFolder } from "../support/server.ts";
import { until } from "../support/eventually.ts";
import { listening } from "./listening.ts";
import { run } from "./session.ts";

/** A server that answers so, and what it was asked. */
const serve = async (context: TestContext, answer: RequestListener) => {
  const asked: string[] = [];
  const { url, close } = await listening((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`);
    answer(request, response);
  });
  context.after(close);
  const environment = {
    LEDGERLINE_URL: url,
    LEDGERLINE_TOKEN: "tk_1.secret",
    ADMIN_TOKEN: "operators-secret,older-secret",
  };
  return { url, asked, environment };
};

const json = (body: unknown, status = 200): RequestListener => (_, response) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

/** A list whose cursors come again after some that do not, and then many others. */
const round = (): RequestListener => {
  let pages = 0;
  return (request, response) => {
    pages += 1;
    json({ numbers: [], next: String(pages < 7 ? pages : 7 + pages % 50) })(request, response);
  };
};

const NOT_OURS = /does not answer as a Ledgerline server/;

const STRANGERS: Readonly<Record<string, readonly [RequestListener, RegExp]>> = {
  "answers a page": [
    (_, response) => void response.setHeader("content-type", "text/html").end("<p>Hello"),
    /does not answer as a Ledgerline server: 200, text\/html, not JSON/,
  ],
  "answers nothing": [(_, response) => void response.writeHead(204).end(), NOT_OURS],
  "answers null": [json(null), NOT_OURS],
  "answers a list": [json([]), NOT_OURS],
  "has another value in place of a list": [json({ numbers: 1, next: null }), NOT_OURS],
  "has no cursor where its list goes on": [json({ numbers: [], next: {} }), NOT_OURS],
  "gives the same cursor for ever": [json({ numbers: [{}], next: "pn_1" }), NOT_OURS],
  "goes round in a list": [round(), NOT_OURS],
  "hangs up": [
    (request) => void request.socket.destroy(),
    /cannot be reached \(UND_ERR_SOCKET\)/,
  ],
  "hangs up in the middle": [
    (request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{", () => request.socket.destroy());
    },
    /cannot be reached/,
  ],
  "answers without end": [
    (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    },
    /answers with more than 16777216 bytes/,
  ],
  "answers too deep": [
    (_, response) => {
      response.setHeader("content-type", "application/json");
      response.end(`{"numbers":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)},"next":null}`);
    },
    /answers with more than 200 levels/,
  ],
  "fails": [
    json({ code: "INTERNAL_ERROR", detail: "It broke." }, 500),
    /It broke\. \(INTERNAL_ERROR\)/,
  ],
  "is busy": [json({ detail: "Later." }, 429), /Later\./],
};

describe("a server that is none", () => {
  for (const [what, [answer, says]] of Object.entries(STRANGERS)) {
    test(`is unavailable where it ${what}`, async (context) => {
      const { environment } = await serve(context, answer);
      const { status, err } = await run(["list"], environment);
      assert.equal(status, 3, err);
      assert.match(err, says);
    });
  }

  test("is given up where it does not answer in time", async (context) => {
    const { url, environment } = await serve(context, () => {});
    const never = new AbortController().signal;
    const target = openRemote(readUrl(url), environment, never, { answer_ms: 50 });
    await assert.rejects(
      target.ask({ method: "GET", path: "/ledger/numbers", as: "organization" }),
      { status: 3, message: `${url} did not answer within 0.05 s` },
    );
  });

  test("is named where nobody is there", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { status, err } = await run(["list", "--url", url], { LEDGERLINE_TOKEN: "x" });
    assert.equal(status, 3);
    assert.equal(err, `${url} cannot be reached (ECONNREFUSED): is the server running?`);
    const named = await run(["list"], { LEDGERLINE_URL: url, LEDGERLINE_TOKEN: "x" });
    assert.match(named.err, /: ledgerline serve starts it, and --local asks without it$/);
  });

  test("is unavailable where it has no record of what was asked", async (context) => {
    const lines = [
      "organization show x",
      "organization open x",
      "organization close x --yes",
      "token issue x --email a@b.example",
      "token revoke x",
      "buy +14155550101 --yes",
      "release pn_1 --yes",
      "reconcile",
    ];
    for (const answer of [{}, [], null, { id: null, token: 7 }]) {
      const { environment } = await serve(context, json(answer));
      for (const line of lines) {
        const { status, out, err } = await run(line.split(" "), environment);
        assert.deepEqual([status, out], [3, []], `${line}: ${JSON.stringify(answer)}`);
        assert.match(err, NOT_OURS);
      }
    }
  });

  test("cannot lead a token elsewhere", async (context) => {
    const other = await serve(context, json({ numbers: [], next: null }));
    const { environment, url } = await serve(context, (_, response) => {
      response.writeHead(307, { location: `${other.url}/ledger/numbers` }).end();
    });
    const { status, err } = await run(["list"], environment);
    assert.equal(status, 3);
    assert.equal(
      err,
      `${url} redirects to ${other.url}/ledger/numbers, which is not followed: give its own --url`,
    );
    assert.deepEqual(other.asked, []);
  });
});

describe("what a server answers", () => {
  test("is shown without what a terminal obeys", async (context) => {
    const evil = "\x1b]0;evil\x07\u202e";
    const { environment } = await serve(context, json({ numbers: [{ id: evil }], next: null }));
    const { out } = await run(["list"], environment);
    assert.match(out[1] ?? "", /^\\u\{1b\}\]0;evil\\u\{7\}\\u\{202e\} /);
    const asJson = await run(["list", "--json"], environment);
    assert.deepEqual(asJson.out, ['{"id":"\\u001b]0;evil\\u0007\\u202e"}']);
  });

  test("may be a problem of any shape", async (context) => {
    const problems = [null, [], "text", { errors: 1 }, { detail: {}, code: [] }];
    for (const problem of problems) {
      const { environment } = await serve(context, json(problem, 409));
      const { status, err } = await run(["list"], environment);
      assert.deepEqual([status, err], [1, "answered 409"], JSON.stringify(problem));
    }
    const errors = { a: ["is wrong", "is late"], b: { c: 1 } };
    const { environment } = await serve(context, json({ detail: "Two.", errors }, 400));
    assert.equal(
      (await run(["list"], environment)).err,
      "Two.\n  a: is wrong; is late\n  b: [object Object]",
    );
  });

  test("comes a page at a time, and only as much as is wanted", async (context) => {
    const { environment, asked } = await serve(context, (request, response) => {
      const query = new URL(request.url ?? "", "http://localhost").searchParams;
      const [after, limit] = [Number(query.get("after")), Number(query.get("limit"))];
      // More than it was asked for.
      const numbers = Array.from({ length: limit + 1 }, (_, index) => ({ id: after + index }));
      json({ numbers, next: String(after + limit) })(request, response);
    });
    const { out } = await run(["list", "--limit", "250", "--json"], environment);
    assert.equal(out.length, 250);
    const paths = asked.map((line) => line.split(" ")[1]);
    assert.equal(paths[0], "/ledger/numbers?limit=100");
    assert.equal(paths.length, 3);
  });
});

describe("what is sent to a server", () => {
  test("has the token of whose call it is: of several the operator's first", async (context) => {
    const { environment, asked } = await serve(context, json({ numbers: [], next: null }));
    await run(["list"], environment);
    await run(["list", "--all"], environment);
    assert.deepEqual(asked, [
      "GET /ledger/numbers?limit=100 Bearer tk_1.secret",
      "GET /admin/numbers?limit=100 Bearer operators-secret",
    ]);
  });

  test("goes to the operator's own address where that is set, unless --url says otherwise", async (context) => {
    const admin = await serve(context, json({ organizations: [], next: null }));
    const { environment, url, asked } = await serve(context, json({ numbers: [], next: null }));
    const both = { ...environment, LEDGERLINE_ADMIN_URL: admin.url };
    await run(["organization", "list"], both);
    await run(["list"], both);
    await run(["organization", "list", "--url", admin.url], { ...both, LEDGERLINE_ADMIN_URL: url });
    assert.deepEqual(asked, ["GET /ledger/numbers?limit=100 Bearer tk_1.secret"]);
    assert.equal(admin.asked.length, 2);
  });

  test("is an id as one segment of its path, whatever is in it", async (context) => {
    const { environment, asked } = await serve(context, json({}));
    await run(["organization", "show", "../a/b?c#d e"], environment);
    assert.equal(asked[0]?.split(" ")[1], "/admin/organizations/..%2Fa%2Fb%3Fc%23d%20e");
  });

  for (
    const [url, says] of Object.entries({
      "ledger.example": /^--url \(or LEDGERLINE_URL\) must be a server's address/,
      "ftp://ledger.example": /^--url \(or LEDGERLINE_URL\) must be a server's address/,
      "https://alice:secret@ledger.example":
        /^--url \(or LEDGERLINE_URL\) must not have a user or a password/,
      "https://ledger.example/?token=1":
        /^--url \(or LEDGERLINE_URL\) must not have a query or a fragment$/,
    })
  ) {
    test(`goes nowhere where the address does not fit: ${url}`, async () => {
      const { status, err } = await run(["list", "--url", url], { LEDGERLINE_TOKEN: "x" });
      assert.equal(status, 2);
      assert.match(err, says);
    });
  }

  test("goes to the ledger here with --local, which excludes an address", async () => {
    const environment = { LEDGERLINE_URL: "http://127.0.0.1:1", DATA_DIR: newFolder() };
    const { status, err } = await run(["organization", "list", "--local"], environment);
    assert.equal(status, 2);
    assert.match(err, /^DATA_DIR: there is no ledger in /);
    const both = ["organization", "list", "--local", "--url", "http://127.0.0.1:1"];
    assert.deepEqual(await run(both, environment), {
      status: 2,
      out: [],
      err: "--url and --local exclude each other",
    });
  });

  test("is said to be readable on its way where it goes to another machine by http", async () => {
    const stopping = new AbortController();
    stopping.abort();
    const environment = { LEDGERLINE_TOKEN: "x", LEDGERLINE_URL: "http://ledger.example" };
    const { status, err } = await run(["list"], environment, { stopped: stopping.signal });
    assert.equal(status, 130);
    assert.match(err, /^http:\/\/ledger\.example: tokens go to it through the network as they are/);
  });
});

describe("a purchase that is stopped, or gets no answer", () => {
  test("says with which key it can be asked for again", async (context) => {
    const stopping = new AbortController();
    const { environment, asked } = await serve(context, () => {});
    const buying = run(["buy", "+14155550101", "--yes"], environment, { stopped: stopping.signal });
    await until(() => asked.length === 1);
    stopping.abort();
    const { status, err } = await buying;
    assert.equal(status, 130);
    assert.match(
      err,
      /^stopped\nWhether it was bought .* with --key [0-9a-f-]{36} has it done once /,
    );
  });

  test("names the key that was given", async (context) => {
    const { environment } = await serve(context, json({ detail: "Later." }, 503));
    const { status, err } = await run(["buy", "+1", "--yes", "--key", "k1"], environment);
    assert.equal(status, 3);
    assert.match(err, /^Later\.\nWhether .* with --key k1 has/);
  });
});

test("what is sent to a server has no token where doctor finds that it is none of ours", async (context) => {
  const { environment, asked } = await serve(context, json({ id: "acme" }));
  const { status, out } = await run(["doctor"], environment);
  assert.equal(status, 3);
  assert.match(out.join("\n"), /^WRONG {2}server .*does not say that it is Ledgerline\n[^\n]*$/);
  assert.deepEqual(asked, ["GET / "]);
});
