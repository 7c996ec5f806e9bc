/** Plain requests to the emulated Telnyx, as by another program with the account's key. */
import type { Telnyx } from "../harness/emulators/telnyx/mod.ts";

export type Json = {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect to find
  readonly [name: string]: any;
};

export type Asked = { readonly status: number; readonly headers: Headers; readonly json: Json };

/** Asks with the account's key; the answer must be JSON. */
export const asker =
  (telnyx: Telnyx) => async (method: string, path: string, body?: unknown): Promise<Asked> => {
    const response = await telnyx.fetch(`${telnyx.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${telnyx.apiKey}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, json: await response.json() };
  };
