/** The addresses of names, by Node's calls, which Deno has too. */
import { promises as dns } from "node:dns";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";

/** The addresses of a name, in any order; rejects where there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** How long a look-up waits for each server of names, and how often it asks. */
const PATIENCE = { timeout: 2 * SECOND_MS, tries: 2 };

const MAX_KEPT = 1_000;

/**
 * Asks servers of names directly, IPv4 first. `getaddrinfo` would take one of the
 * process's four threads for as long as a stranger's server of names likes, and files and digests
 * wait for those too; it also knows names of this machine and network alone, which are not public.
 */
export const publicResolve = (resolver: dns.Resolver): Resolve => async (name) => {
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  if (four.status === "rejected" && six.status === "rejected") throw four.reason;
  return [four, six].flatMap((found) => found.status === "fulfilled" ? found.value : []);
};

/** The same by the servers that this machine's settings name. */
export const openPublicResolve = (): Resolve => publicResolve(new dns.Resolver(PATIENCE));

/** As all programs of this machine find names, those of its own files included. */
export const machineResolve: Resolve = async (name) => {
  const found = await dns.lookup(name, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Keeps answers for some time, so that a name is not asked for with each message. What is kept is
 * checked like any other, so a name that leads elsewhere meanwhile gains nothing.
 */
export const keptResolve = (resolve: Resolve, keptMs: Milliseconds): Resolve => {
  const kept = new Map<
    string,
    { readonly until: number; readonly found: Promise<readonly string[]> }
  >();
  return (name) => {
    const now = performance.now();
    const known = kept.get(name);
    if (known !== undefined && now < known.until) return known.found;
    kept.delete(name);
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    const found = resolve(name);
    kept.set(name, { until: now + keptMs, found });
    found.catch(() => kept.delete(name));
    return found;
  };
};
