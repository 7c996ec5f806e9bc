/** What the URL of an endpoint must be, before anything is looked up. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { openFetchSender } from "../../adapters/webhooks/fetch.ts";
import { openWebhookSender } from "../../adapters/webhooks/node/sender.ts";
import { targetOf, urlFaultOf } from "../../adapters/webhooks/target.ts";
import { runs } from "../support/runs.ts";

const codeOf = (url: string, allowsPrivate = false): string => {
  const target = targetOf(url, { allowsPrivate });
  return target.ok ? "accepted" : target.error.code;
};

/** Forms in which this machine, its network and its cloud are written. */
const PRIVATE = [
  "https://127.0.0.1/",
  "https://0x7f.1/",
  "https://0x7f000001/",
  "https://2130706433/",
  "https://017700000001/",
  "https://127.1/",
  "https://127.0.0.1./",
  "https://%31%32%37.0.0.1/",
  "https://１２７.0.0.1/",
  "https://127。0。0。1/",
  "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::127.0.0.1]/",
  "https://[64:ff9b::10.0.0.1]/",
  "https://[64:ff9b:1::8.8.8.8]/",
  "https://[2002:7f00:1::]/",
  "https://[fe80::1]/",
  "https://[fd00:ec2::254]/",
  "https://0.0.0.0/",
  "https://10.0.0.1/",
  "https://100.100.100.200/",
  "https://169.254.169.254/latest/meta-data/",
  "https://0xa9fea9fe/",
  "https://2852039166/",
  "https://198.18.0.1/",
  "https://203.0.113.7/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://localhost/",
  "https://LOCALHOST/",
  "https://localhost./",
  "https://hooks.localhost/",
  "https://intranet/",
  "https://printer.local/",
  "https://metadata.google.internal/",
  "https://router.home.arpa./",
];

const BROKEN = [
  "",
  "hooks.example",
  "//hooks.example/",
  "https:",
  "https://",
  "https://./",
  "https://../",
  "https://a..example/",
  "https://hooks.example../",
  "https://localhost../",
  "https://999.999.999.999/",
  "https://[::1%25eth0]/",
  "https://[::1",
  "http://hooks.example/",
  "ftp://hooks.example/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "data:text/plain,x",
  "wss://hooks.example/",
  "gopher://hooks.example/",
  "https://user@hooks.example/",
  "https://user:password@hooks.example/",
  "https://:password@hooks.example/",
  "https://hooks.example:password@127.0.0.1/",
  "https://hooks.example:80/",
  "https://hooks.example:22/",
  "https://hooks.example:6379/",
  "https://hooks.example:0/",
  "https://hooks.example:65536/",
  `https://hooks.example/${"x".repeat(2_000)}`,
];

const GOOD = [
  "https://hooks.example/",
  "https://hooks.example",
  "https://HOOKS.example:443/a?b=c#d",
  "https://hooks.example.:8443/",
  "https://bücher.example/",
  "https://1.1.1.1/",
  "https://[2606:4700:4700::1111]:8443/",
  "https://localhost.example/",
  "https://internal.example/",
  "https://127.0.0.1.nip.io/",
];

describe("the URL of an endpoint", () => {
  it("is accepted with https, a public host, and port 443 or 8443", () => {
    assert.deepEqual(GOOD.filter((url) => codeOf(url) !== "accepted"), []);
  });

  it("is refused with a host that is not public, however that is written", () => {
    assert.deepEqual(PRIVATE.filter((url) => codeOf(url) !== "ADDRESS_REFUSED"), []);
  });

  it("is refused with anything else than it may have", () => {
    assert.deepEqual(BROKEN.filter((url) => codeOf(url) !== "URL_REFUSED"), []);
  });

  it("in development may be of http, private, and of any port, and still has no password", () => {
    for (const url of ["http://localhost:3000/hook", "http://127.0.0.1/", "https://10.0.0.1:9/"]) {
      assert.equal(codeOf(url, true), "accepted", url);
    }
    for (
      const url of ["http://user:password@localhost/", "ftp://localhost/", "file:///etc/passwd"]
    ) {
      assert.equal(codeOf(url, true), "URL_REFUSED", url);
    }
  });

  it("is refused when an endpoint is added with it, exactly where it could never be sent to", () => {
    for (const allowsPrivate of [false, true]) {
      for (const url of [...GOOD, ...PRIVATE, ...BROKEN]) {
        const fault = urlFaultOf({ allowsPrivate })(url);
        assert.equal(fault === null, codeOf(url, allowsPrivate) === "accepted", url);
        if (fault !== null) assert.match(fault, /^(?:must|is) /);
      }
    }
    const faults = ["https://10.0.0.1/", "https://a.example:80/", "http://a.example/"];
    assert.deepEqual(faults.map(urlFaultOf({ allowsPrivate: false })), [
      "must lead to a public address",
      "must have port 443 or 8443",
      "must begin with https://",
    ]);
  });

  it("is read whatever its text, and its path and query are in no sentence", () => {
    const urls = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.tuple(fc.constantFrom(...PRIVATE, ...BROKEN, ...GOOD), fc.string()).map((all) =>
        all.join("")
      ),
    );
    fc.assert(
      fc.property(urls, (url) => {
        const target = targetOf(`${url}?token=hunter2`, { allowsPrivate: false });
        if (!target.ok) assert.doesNotMatch(target.error.message, /hunter2/);
        else assert.equal(target.value.url.protocol, "https:");
      }),
      { numRuns: runs(2_000) },
    );
  });
});

describe("every sender", () => {
  const message = { endpoint: "wh_1", headers: {}, body: "{}" };

  it("refuses such URLs before it asks for anything", async () => {
    const asked: string[] = [];
    const refuse = (of: string) => {
      asked.push(of);
      return Promise.reject(new Error("asked"));
    };
    const node = openWebhookSender({ resolve: refuse });
    const proxied = openWebhookSender({ resolve: refuse, proxy: "http://127.0.0.1:1" });
    const overFetch = openFetchSender({ fetch: (url) => refuse(String(url)) });
    for (const sender of [node, proxied, overFetch]) {
      for (const url of [...PRIVATE, ...BROKEN]) {
        const outcome = await sender.send({ ...message, url });
        const code = outcome.ok ? "answered" : outcome.error.code;
        assert.equal(code, PRIVATE.includes(url) ? "ADDRESS_REFUSED" : "URL_REFUSED", url);
      }
    }
    assert.deepEqual(asked, []);
    node.close();
    proxied.close();
  });

  it("is not opened with options that do not fit", () => {
    for (
      const options of [{ timeoutMs: 0 }, { timeoutMs: 20_001 }, { ports: [0] }, { places: 0 }]
    ) {
      assert.throws(() => openWebhookSender(options), { name: "InvalidArgument" });
      assert.throws(() => openFetchSender(options), { name: "InvalidArgument" });
    }
    assert.throws(() => openWebhookSender({ proxy: "socks5://proxy.example" }), {
      message: "options.proxy must be an http or https URL",
    });
  });
});
