/** True of nearly all paths: nothing in it that a URL would rewrite. */
const SIMPLE = /^\/[\w/-]*(?:\?|$)/;

const ORIGIN = "http://localhost";

/**
 * The path of a request's target (in its first line), as sent and as parsed by `URL`; null where it
 * cannot be parsed.
 */
export const pathsIn = (
  target: string,
): { readonly sent: string; readonly read: string | null } => {
  const start = /^https?:\/\/[^/?#\\]*/i.exec(target)?.[0].length ?? 0;
  const [sent = ""] = target.slice(start).split("?", 1);
  // Behind an origin, so that `//admin` is not taken for a host.
  const url = `${ORIGIN}${sent}`;
  // Its `hash` is empty also where there is an empty one, which its `href` keeps.
  const read = sent.startsWith("/") && URL.canParse(url) ? new URL(url).href : null;
  return { sent, read: read && read.slice(ORIGIN.length) };
};

/**
 * Whether the target of a request, as in its first line, names its path in one way only. Proxies
 * decide by prefixes of a path, so `/v1/../admin`, `/v1/%2e%2e/admin` or `\admin`, which `URL`
 * turns into `/admin`, must not reach what `/admin` reaches.
 */
export const isPlainTarget = (target: string): boolean => {
  if (SIMPLE.test(target)) return true;
  const { sent, read } = pathsIn(target);
  return read === sent;
};

/**
 * The path of a request's URL as it was sent. What is percent-encoded stays so, since `/%61dmin` is
 * not `/admin` to a proxy; only the parameters of a route are decoded.
 */
export const pathOf = ({ url }: Request): string => {
  const start = url.indexOf("/", url.indexOf(":") + 3);
  const query = url.indexOf("?", start);
  const path = query === -1 ? url.slice(start) : url.slice(start, query);
  const fragment = path.indexOf("#");
  return fragment === -1 ? path : path.slice(0, fragment);
};
