/** The port to the answers that are kept under a caller's key; part of `mod.ts`. */

/** A request that its caller can repeat under a key. */
export type KeyedRequest = {
  /** Whose key it is; made of ids that we gave out, so that no caller can name another. */
  readonly caller: string;
  readonly key: string;
  /** A hash of all that makes it this request: of its method, its path and its body. */
  readonly fingerprint: string;
};

/** An answer as it was given, without what must not be given twice. */
export type KeptAnswer = {
  readonly status: number;
  /** Those of the answer alone; null where there are none. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** The text of the body; null where there is none. */
  readonly body: string | null;
};

/** What is known of a key. */
export type KeyState =
  /** The request is the first, or no earlier one came to an answer: it may go on with a lease. */
  | { readonly state: "begun"; readonly lease: string }
  /** The same request is under way, here or at another server. */
  | { readonly state: "underway" }
  /** The same request was answered so. */
  | { readonly state: "answered"; readonly answer: KeptAnswer }
  /** The key is another request's. */
  | { readonly state: "other" };

/**
 * Keeps answers by caller and key, for 24 hours at least, and of each caller the latest, as many as
 * its bounds allow. A request that has begun has a lease of some seconds, which is renewed for as
 * long as it takes: where its process stops, the same request may begin again, and no other. It
 * rejects where its store cannot be reached; then no request under a key may begin.
 */
export interface KeptAnswers {
  /** Begins a request, unless its key is taken. Of concurrent ones, one begins. */
  begin(request: KeyedRequest): Promise<KeyState>;
  /** Renews a lease; does nothing where it was lost. */
  renew(request: KeyedRequest, lease: string): Promise<void>;
  /**
   * Ends the lease and keeps the answer; where there is none, the same request may begin again, and
   * no other. Does nothing where the lease was lost.
   */
  keep(request: KeyedRequest, lease: string, answer: KeptAnswer | null): Promise<void>;
  /** Ends the lease, and frees the key for any request; does nothing where it was lost. */
  free(request: KeyedRequest, lease: string): Promise<void>;
}
