/** The sentences of the frame around the routes, in every language in which a dialect answers. */

/** A sentence in each language. */
export type Texts = {
  readonly en: string;
  readonly de: string;
  readonly "pt-BR": string;
};

/** The sentences by name; `:name` is a placeholder, and has that name in each language. */
export const FRAME_SENTENCES = {
  UNAUTHORIZED: {
    en: "Unauthorized",
    de: "Nicht autorisiert",
    "pt-BR": "Não autorizado",
  },
  TOKEN_READ_ONLY: {
    en: "The token only reads; this needs one that also writes.",
    de: "Das Token darf nur lesen; hierfür ist eines nötig, das auch schreiben darf.",
    "pt-BR": "O token só permite leitura; isto requer um que também permita escrita.",
  },
  NOT_FOUND: {
    en: "Not found",
    de: "Nicht gefunden",
    "pt-BR": "Não encontrado",
  },
  METHOD_NOT_ALLOWED: {
    en: "The method is not allowed here; use :methods.",
    de: "Die Methode ist hier nicht erlaubt; bitte :methods verwenden.",
    "pt-BR": "O método não é permitido aqui; use :methods.",
  },
  BODY_LATE: {
    en: "The body did not arrive in time.",
    de: "Der Inhalt der Anfrage ist nicht rechtzeitig angekommen.",
    "pt-BR": "O corpo da requisição não chegou a tempo.",
  },
  URI_TOO_LONG: {
    en: "The URL is longer than :characters characters.",
    de: "Die URL ist länger als :characters Zeichen.",
    "pt-BR": "A URL tem mais de :characters caracteres.",
  },
  FRAGMENT_SENT: {
    en: "The request's target has a fragment (#), which must not be sent.",
    de: "Das Ziel der Anfrage hat ein Fragment (#), das nicht gesendet werden darf.",
    "pt-BR": "O alvo da requisição tem um fragmento (#), que não deve ser enviado.",
  },
  KEY_INVALID: {
    en: "Idempotency-Key must be 1 to 200 printable ASCII characters.",
    de: "Idempotency-Key muss aus 1 bis 200 druckbaren ASCII-Zeichen bestehen.",
    "pt-BR": "Idempotency-Key deve ter de 1 a 200 caracteres ASCII imprimíveis.",
  },
  KEY_REUSED: {
    en: "The Idempotency-Key was used before, for another request; use a new key.",
    de: "Der Idempotency-Key wurde schon für eine andere Anfrage verwendet; bitte einen neuen " +
      "verwenden.",
    "pt-BR": "A Idempotency-Key já foi usada em outra requisição; use uma nova.",
  },
  KEY_UNDERWAY: {
    en: "The first request with this Idempotency-Key is under way; try again, with the " +
      "same key.",
    de: "Die erste Anfrage mit diesem Idempotency-Key ist noch in Arbeit; bitte mit demselben " +
      "erneut versuchen.",
    "pt-BR": "A primeira requisição com este Idempotency-Key está em andamento; tente novamente, " +
      "com o mesmo.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    en: "The body must be sent as application/json, uncompressed.",
    de: "Der Inhalt muss unkomprimiert als application/json gesendet werden.",
    "pt-BR": "O corpo deve ser enviado como application/json, sem compressão.",
  },
  BODY_MISSING: {
    en: "The body is missing.",
    de: "Der Inhalt der Anfrage fehlt.",
    "pt-BR": "O corpo da requisição está ausente.",
  },
  BODY_BROKEN: {
    en: "The body could not be read to its end.",
    de: "Der Inhalt der Anfrage konnte nicht bis zum Ende gelesen werden.",
    "pt-BR": "O corpo da requisição não pôde ser lido até o fim.",
  },
  BODY_NOT_JSON: {
    en: "The body is not JSON.",
    de: "Der Inhalt der Anfrage ist kein JSON.",
    "pt-BR": "O corpo da requisição não é JSON.",
  },
  BODY_TOO_LARGE: {
    en: "The body is larger than :bytes bytes.",
    de: "Der Inhalt der Anfrage ist größer als :bytes Bytes.",
    "pt-BR": "O corpo da requisição tem mais de :bytes bytes.",
  },
  BODY_TOO_DEEP: {
    en: "The body is nested more than :levels levels deep.",
    de: "Der Inhalt der Anfrage ist mehr als :levels Ebenen tief verschachtelt.",
    "pt-BR": "O corpo da requisição tem mais de :levels níveis de aninhamento.",
  },
  BODY_TOO_FULL: {
    en: "The body holds more than :values values.",
    de: "Der Inhalt der Anfrage enthält mehr als :values Werte.",
    "pt-BR": "O corpo da requisição contém mais de :values valores.",
  },
  RATE_LIMITED: {
    en: "Too many requests: try again in :seconds seconds.",
    de: "Zu viele Anfragen: bitte in :seconds Sekunden erneut versuchen.",
    "pt-BR": "Requisições demais: tente novamente em :seconds segundos.",
  },
  RATE_LIMITED_BRIEFLY: {
    en: "Too many requests: try again in 1 second.",
    de: "Zu viele Anfragen: bitte in 1 Sekunde erneut versuchen.",
    "pt-BR": "Requisições demais: tente novamente em 1 segundo.",
  },
  INTERNAL_ERROR: {
    en: "Internal server error.",
    de: "Interner Serverfehler.",
    "pt-BR": "Erro interno do servidor.",
  },
  SERVICE_BUSY: {
    en: "The service is busy; try again.",
    de: "Der Dienst ist ausgelastet; bitte erneut versuchen.",
    "pt-BR": "O serviço está ocupado; tente novamente.",
  },
  STORAGE_UNAVAILABLE: {
    en: "The storage cannot be reached or written now; try again, with the same " +
      "Idempotency-Key if any.",
    de: "Der Speicher ist gerade nicht erreichbar oder nicht beschreibbar; bitte erneut " +
      "versuchen, gegebenenfalls mit demselben Idempotency-Key.",
    "pt-BR": "O armazenamento não pode ser acessado ou gravado agora; tente novamente, com o " +
      "mesmo Idempotency-Key, se houver.",
  },
  NOT_SET_UP: {
    en: "The service is not set up; nothing was done.",
    de: "Der Dienst ist nicht eingerichtet; es wurde nichts getan.",
    "pt-BR": "O serviço não está configurado; nada foi feito.",
  },
} as const satisfies Readonly<Record<string, Texts>>;

/** The name of a sentence of the frame. */
export type FrameSentence = keyof typeof FRAME_SENTENCES;

/** The values of a sentence's placeholders. */
export type SentenceValues = Readonly<Record<string, string | number>>;

/** A sentence and its values, for a dialect that answers in the reader's language. */
export type Saying = { readonly texts: Texts; readonly values: SentenceValues };

/** A sentence with its values in place of the placeholders. */
export const filledIn = (sentence: string, values: SentenceValues): string =>
  sentence.replace(
    /:([a-z]+)/g,
    (name, key: string) => Object.hasOwn(values, key) ? String(values[key]) : name,
  );

/** The members of a failure with a sentence in these languages. */
export const sayingIn = (
  texts: Texts,
  values: SentenceValues = {},
): { readonly message: string; readonly says: Saying } => ({
  message: filledIn(texts.en, values),
  says: { texts, values },
});

/** The members of a failure with this sentence. */
export const saying = (
  name: FrameSentence,
  values?: SentenceValues,
): ReturnType<typeof sayingIn> => sayingIn(FRAME_SENTENCES[name], values);
