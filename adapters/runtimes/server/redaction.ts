/** Keeps the secrets of the settings out of what a server prints and sends to its collector. */
import { base64UrlOf } from "../../hash/base64.ts";
import { passwordsIn } from "../../log/postgres/database-url.ts";
import type { Settings } from "./setting-types.ts";

/** The settings that have secrets, as far as they are known. */
export type SecretSettings = Partial<
  Pick<
    Settings,
    | "adminToken"
    | "metricsToken"
    | "reviewersSecret"
    | "webhookProxy"
    | "carrier"
    | "databaseUrl"
  >
>;

/** A shorter one is in many words, and guessed anyway; tokens have 16 at least. */
const MIN_LENGTH = 12;

const INSTEAD = "[secret]";

const secretsOf = (settings: SecretSettings): readonly string[] => {
  const { adminToken, metricsToken, reviewersSecret, carrier } = settings;
  return [
    `${adminToken},${metricsToken},${reviewersSecret}`.split(","),
    carrier?.name === "telnyx" ? carrier.apiKey : "",
    [settings.databaseUrl, settings.webhookProxy].flatMap((url) => url ? passwordsIn(url) : []),
  ].flat().filter(({ length }) => length >= MIN_LENGTH);
};

const encoder = new TextEncoder();

/** A secret plain, as JSON has it, and in base64 and base64url wherever it begins. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  ...["", "-", "--"].flatMap((before) => {
    const bytes = encoder.encode(before + secret);
    // Without the characters that have bits of what is around it: each has six.
    const [start, end] = [Math.ceil(before.length * 8 / 6), Math.floor(bytes.length * 8 / 6)];
    const encoded = base64UrlOf(bytes).slice(start, end);
    return [encoded, encoded.replaceAll("-", "+").replaceAll("_", "/")];
  }),
];

/**
 * What replaces each secret of these settings in a text by `[secret]`: the tokens of the operator
 * and of `/metrics`, the key of the carrier, the secret of webhooks and the database's password, of
 * those that have 12 characters at least, as they are and in base64.
 */
export const openRedaction = (settings: SecretSettings): (text: string) => string => {
  let forms: readonly string[] | null = null;
  return (text) => {
    forms ??= secretsOf(settings).flatMap(formsOf);
    return forms.reduce((rest, form) => rest.replaceAll(form, INSTEAD), text);
  };
};
