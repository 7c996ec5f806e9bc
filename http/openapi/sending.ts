/** How pages and documents are sent. */
import { parseAccept } from "hono/utils/accept";
import type { Page } from "../documents.ts";

const NO_OTHERS = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Nothing is loaded from elsewhere, nothing is run, and no other page may show it. */
const POLICY = `default-src 'none'; style-src 'self'; ${NO_OTHERS}`;

/** The same where calls are tried; the library's own styles have no other way in. */
const TRYING_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; " +
  `style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; ${NO_OTHERS}`;

const SAFE = { "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" };

const textOf = (type: string, policy = POLICY) => (body: string): Page => ({
  body,
  headers: {
    "content-type": type,
    "cache-control": "no-cache",
    "content-security-policy": policy,
    vary: "accept",
    ...SAFE,
  },
});

/** A document, which is JSON. */
export const json = (value: unknown): Page => textOf("application/json")(JSON.stringify(value));

/** A page for people. */
export const html: (text: string) => Page = textOf("text/html; charset=utf-8");

/** A page that runs scripts of this server, which call this server. */
export const tryingHtml: (text: string) => Page = textOf("text/html; charset=utf-8", TRYING_POLICY);

/** How pages look. */
export const css: (text: string) => Page = textOf("text/css; charset=utf-8");

const SCRIPT = "text/javascript; charset=utf-8";

/** A small script. */
export const script: (text: string) => Page = textOf(SCRIPT);

const takesGzip = (sent: Headers): boolean =>
  (sent.get("accept-encoding") ?? "").toLowerCase().replaceAll(" ", "").split(",").some((one) =>
    one === "gzip" || one.startsWith("gzip;q=") && Number(one.slice("gzip;q=".length)) > 0
  );

type Bytes = Uint8Array<ArrayBuffer>;

/** Makes it once, when it is first asked for; again only where that failed. */
const keep = (make: () => Promise<Bytes>): () => Promise<Bytes> => {
  let made: Promise<Bytes> | null = null;
  return () => {
    const making = made ??= make();
    making.catch(() => {
      if (made === making) made = null;
    });
    return making;
  };
};

const unpacked = async (gzip: Bytes): Promise<Bytes> => {
  const { body } = new Response(gzip);
  const through = body?.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(through).arrayBuffer());
};

const PART_BYTES = 65_536;

/** What is kept, a part at a time as its reader takes it: a body of bytes would be copied whole. */
const inParts = (bytes: Bytes): ReadableStream<Bytes> => {
  let sent = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (sent < bytes.length) controller.enqueue(bytes.subarray(sent, sent += PART_BYTES));
      if (sent >= bytes.length) controller.close();
    },
  }, { highWaterMark: 0 });
};

/**
 * A large script that does not change: its path has its version. Anybody may ask for it, as often
 * and as slowly as they like, so it is read and unpacked once, and all share what is kept.
 */
export const keptScript = (
  readGzip: () => Promise<Bytes>,
): (sent: Headers) => Promise<Page> => {
  const packed = keep(readGzip);
  const plain = keep(async () => await unpacked(await packed()));
  return async (sent) => {
    const isPacked = takesGzip(sent);
    return {
      body: inParts(await (isPacked ? packed : plain)()),
      headers: {
        "content-type": SCRIPT,
        ...(isPacked && { "content-encoding": "gzip" }),
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": POLICY,
        vary: "accept-encoding",
        ...SAFE,
      },
    };
  };
};

type Accepted = ReturnType<typeof parseAccept>;

/** The quality of a type of text or application: that of the range that names it best, or 0. */
const qualityOf = (accepted: Accepted, type: string): number => {
  const [group = ""] = type.split("/");
  const ranges = [type, `${group}/*`, "*/*"];
  const named = ranges.map((range) => accepted.find((one) => one.type.toLowerCase() === range));
  return named.find((one) => one !== undefined)?.q ?? 0;
};

/**
 * Whether a person asks, where there is a choice (RFC 9110, 12.5.1): where HTML is preferred to
 * JSON, or named and as good.
 */
export const isBrowser = (sent: Headers): boolean => {
  const accepted = parseAccept(sent.get("accept") ?? "");
  const ofHtml = qualityOf(accepted, "text/html");
  const ofJson = qualityOf(accepted, "application/json");
  const isNamed = accepted.some(({ type }) => type.toLowerCase() === "text/html");
  return ofHtml > ofJson || isNamed && ofHtml > 0 && ofHtml === ofJson;
};
