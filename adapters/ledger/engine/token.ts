/** What bearer tokens look like: `<id>.<secret>`. */
const FORM = /^(tk_[0-9a-z]{1,40})\.[A-Za-z0-9_-]{1,64}$/;

/** The id within a token, by which its record is found; null for what cannot be a token of ours. */
export const tokenIdOf = (text: string): string | null => FORM.exec(text)?.[1] ?? null;
