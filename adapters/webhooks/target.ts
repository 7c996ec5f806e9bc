/** Where a message goes: what a URL must be, before anything is looked up. */
import { failed, ok, type Result } from "../../core/values/result.ts";
import { CHARACTERS } from "../validation/bounds.ts";
import { isAddress, isPublicAddress } from "./address.ts";
import { type Failure, FAILURES, urlRefused } from "./failures.ts";

/** Where TLS for the web is; other ports may be of services that are not. */
const PORTS: readonly number[] = [443, 8_443];

/**
 * Names that no public endpoint has: of one label, of this machine (RFC 6761), of the local network
 * (RFC 6762, RFC 8375), and of clouds' own services.
 */
const LOCAL_NAME = /^[^.]*$|(?:^|\.)(?:localhost|local|internal|home\.arpa|invalid|test|onion)$/;

const EMPTY_LABEL = /^\.|\.\.|\.$/;

/** What a sender's settings say of URLs. */
export type UrlRules = {
  /** Private addresses, http and any port too: for development. */
  readonly allowsPrivate: boolean;
  /** The ports that are allowed; 443 and 8443 by default. */
  readonly ports?: readonly number[] | undefined;
  /** Whether an address is one that may be connected to; public ones by default. */
  readonly isAllowed?: ((address: string) => boolean) | undefined;
};

/** Where a message goes. */
export type Target = {
  /** As the URL Standard reads it: `0x7f.1` is 127.0.0.1 there. */
  readonly url: URL;
  /** A name in ASCII without a full stop at its end, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly isLiteral: boolean;
};

const hostOf = ({ hostname }: URL): string =>
  hostname.startsWith("[") ? hostname.slice(1, -1) : hostname.replace(/\.$/, "");

const portOf = ({ port, protocol }: URL): number => {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
};

/** What is wrong with a URL: a rule that it breaks, as the end of a sentence, or its host. */
type Fault = { readonly rule: string; readonly ofHost?: true };

const broken = (rule: string) => failed<Fault>({ rule });

const read = (
  text: string,
  { allowsPrivate, ports = PORTS, isAllowed = isPublicAddress }: UrlRules,
): Result<Target, Fault> => {
  if (text.length > CHARACTERS.url) return broken("is too long");
  if (!URL.canParse(text)) return broken("must be a URL");
  const url = new URL(text);
  const isSecure = url.protocol === "https:";
  if (!isSecure && !(allowsPrivate && url.protocol === "http:")) {
    return broken("must begin with https://");
  }
  if (url.username !== "" || url.password !== "") {
    return broken("must have neither a user nor a password");
  }
  const [host, port] = [hostOf(url), portOf(url)];
  const isLiteral = isAddress(host);
  const target = { url, host, port, isSecure, isLiteral };
  if (host === "" || EMPTY_LABEL.test(host)) return broken("must have a host");
  if (allowsPrivate) return ok(target);
  if (!ports.includes(port)) return broken(`must have port ${ports.join(" or ")}`);
  const mayBePublic = isLiteral ? isAllowed(host) : !LOCAL_NAME.test(host);
  return mayBePublic ? ok(target) : failed({ rule: "must lead to a public address", ofHost: true });
};

/**
 * Reads the URL of an endpoint: https, without user or password, at port 443 or 8443, with a public
 * name or address. What it leads to once its name is looked up is checked by the one that connects.
 */
export const targetOf = (text: string, rules: UrlRules): Result<Target, Failure> => {
  const target = read(text, rules);
  if (target.ok) return target;
  const { rule, ofHost } = target.error;
  return failed(ofHost ? FAILURES.private : urlRefused(rule));
};

/**
 * What is wrong with the URL of an endpoint by these rules, as the end of a sentence; null where
 * nothing is. So an endpoint that could never be sent to is refused when it is added
 * (`LedgerOptions.webhooks`).
 */
export const urlFaultOf = (rules: UrlRules) => (text: string): string | null => {
  const target = read(text, rules);
  return target.ok ? null : target.error.rule;
};
