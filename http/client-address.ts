/**
 * Where the address is kept: the same key for every copy of this package, since a server's entry
 * point and the application may come from different copies.
 */
const ADDRESS = Symbol.for("ledgerline/client");

type Noted = Request & { readonly [ADDRESS]?: string };

/** Notes the address of the client at the other end of a request's connection. */
export const noteClient = (request: Request, address: string | undefined): void => {
  if (address !== undefined) {
    Object.defineProperty(request, ADDRESS, { value: address, configurable: true });
  }
};

/**
 * The first four groups of an IPv6 address: a client with one address has all that begin with them.
 */
const networkOf = (address: string): string => {
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array.from({ length: zeros }, () => "0"), ...rest].slice(0, 4).join(":");
};

/**
 * The client of a request by its address: an IPv4 address, or the network of an IPv6 one; "" where
 * the address is not known. Behind a proxy it is the proxy's.
 */
export const clientOf = (request: Request): string => {
  const address = (request as Noted)[ADDRESS] ?? "";
  const isMapped = address.includes(".");
  return address.includes(":") && !isMapped
    ? networkOf(address)
    : address.slice(address.lastIndexOf(":") + 1);
};
