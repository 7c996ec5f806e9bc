/** What bearer tokens look like, `<id>.<secret>`, and what their rows say. */
import type { TokenTerms } from "../../../core/events/organization.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { TokenScope } from "../api/caller.ts";

const FORM = /^(tk_[0-9a-z]{1,40})\.[A-Za-z0-9_-]{1,64}$/;

/** A token's id with something behind it, or so much that it may be a secret of 43 characters. */
const WITHIN = /tk_[0-9a-z]{1,40}[.:]|[\w=+/-]{41}/;

/** Whether a text may have a token of ours in it, its secret part, or either in base64 or hex. */
export const mayHoldToken = (text: string): boolean => WITHIN.test(text);

/** The id within a token, by which its record is found; null for what cannot be a token of ours. */
export const tokenIdOf = (text: string): string | null => FORM.exec(text)?.[1] ?? null;

/** What a token is for: one that was issued before there were scopes may write. */
export const tokenScopeOf = ({ scope }: TokenTerms): TokenScope => scope ?? "write";

/** Whether a token with these terms is not valid any more. */
export const isOver = ({ expiresAt }: TokenTerms, now: Instant): boolean =>
  expiresAt !== undefined && expiresAt <= now;
