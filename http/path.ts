/** What nearly all are: nothing in it that a URL would rewrite. */
const SIMPLE = /^\/[\w/-]*(?:\?|$)/;

/**
 * Whether the target of a request, as it stands in its first line, names its path in one way only.
 * Proxies decide by prefixes of a path, so `/v1/../admin`, `/v1/%2e%2e/admin` or `\admin`, of which
 * `URL` makes `/admin`, must not reach what `/admin` reaches.
 */
export const isPlainTarget = (target: string): boolean => {
  if (SIMPLE.test(target)) return true;
  const start = /^https?:\/\/[^/?#\\]*/i.exec(target)?.[0].length ?? 0;
  const [path = ""] = target.slice(start).split("?", 1);
  if (!path.startsWith("/")) return false;
  // Behind an origin, so that `//admin` is not taken for a host.
  const url = `http://localhost${path}`;
  return URL.canParse(url) && new URL(url).href === url;
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
