/** Cuts connections whose answers cannot be sent to their end. */

/** The same key for every copy of this package, as for the client's address. */
const CUT = Symbol.for("ledgerline/cut-off");

type Noted = Request & { readonly [CUT]?: () => void };

/** Notes how a request's connection is cut, for servers that would otherwise print why. */
export const noteCutOff = (request: Request, cut: () => void): void => {
  Object.defineProperty(request, CUT, { value: cut, configurable: true });
};

/**
 * Whether a server noted how it cuts the request's connection, as Node's does: that server holds a
 * body to its `Content-Length`, whatever the client sends.
 */
export const isHeldToLength = (request: Request): boolean => CUT in request;

/** Cuts the connection of a request; false where it is not known how. */
export const cutOff = (request: Request): boolean => {
  const cut = (request as Noted)[CUT];
  cut?.();
  return cut !== undefined;
};
