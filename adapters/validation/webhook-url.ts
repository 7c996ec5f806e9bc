/** What the URL of a webhook's endpoint must be, as far as its text says. */
import { CHARACTERS, hasAtMost } from "./bounds.ts";

/**
 * What is wrong with a URL, as the end of a sentence; null where nothing is. It is https, without
 * user or password, at most 2,000 characters. Where it leads to is for the sender to judge, each
 * time that it sends.
 */
export const webhookUrlFault = (text: string): string | null => {
  if (!hasAtMost(text, CHARACTERS.url)) return `must have at most ${CHARACTERS.url} characters`;
  if (!URL.canParse(text) || !text.isWellFormed()) return "must be a URL";
  const { protocol, username, password } = new URL(text);
  if (protocol !== "https:") return "must begin with https://";
  return username + password === "" ? null : "must have neither a user nor a password";
};
