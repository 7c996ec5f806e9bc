/** Bytes as base64 (RFC 4648), by what every runtime has among its globals. */

/** The bytes of a text in base64; throws where it is not base64. */
export const bytesOfBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Bytes in base64, padded: at most some thousands, which become one call's arguments. */
export const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The same in base64url, without padding. */
export const base64UrlOf = (bytes: Uint8Array): string =>
  base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
