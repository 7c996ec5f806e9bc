/** Talkover's sentences, in the three languages in which its documentation is read. */
import type { Failure, Language } from "../dialect.ts";
import { type FrameCode, NOT_FOUND, REPEATED } from "../errors.ts";

type Texts = Readonly<Record<Language, string>>;

/** What can be wrong with a field; schemas name these instead of sentences. */
export type Fault =
  | "required"
  | "selected"
  | "boolean"
  | "integer"
  | "positive"
  | "perPage"
  | "invalid"
  | "string"
  | "reason"
  | "search"
  | "repeated";

/** What the frame around the routes says; in English it says it itself. */
const FRAME: Readonly<Record<FrameCode, Omit<Texts, "en">>> = {
  VALIDATION_ERROR: {
    de: "Die Anfrage ist fehlerhaft.",
    "pt-BR": "A requisição está malformada.",
  },
  UNAUTHORIZED: { de: "Nicht autorisiert", "pt-BR": "Não autorizado" },
  NOT_FOUND: { de: "Nicht gefunden", "pt-BR": "Não encontrado" },
  METHOD_NOT_ALLOWED: {
    de: "Die Methode ist hier nicht erlaubt.",
    "pt-BR": "O método não é permitido aqui.",
  },
  REQUEST_TIMEOUT: {
    de: "Der Inhalt der Anfrage ist nicht rechtzeitig angekommen.",
    "pt-BR": "O corpo da requisição não chegou a tempo.",
  },
  URI_TOO_LONG: {
    de: "Die URL ist zu lang.",
    "pt-BR": "A URL é longa demais.",
  },
  PAYLOAD_TOO_LARGE: {
    de: "Der Inhalt der Anfrage ist zu groß.",
    "pt-BR": "O corpo da requisição é grande demais.",
  },
  EXPECTATION_FAILED: {
    de: "Expect darf nur 100-continue sein.",
    "pt-BR": "Expect só pode ser 100-continue.",
  },
  HEADERS_TOO_LARGE: {
    de: "Die Kopfzeilen der Anfrage sind zu lang oder zu viele.",
    "pt-BR": "Os cabeçalhos da requisição são longos demais ou numerosos demais.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    de: "Der Inhalt muss unkomprimiert als application/json gesendet werden.",
    "pt-BR": "O corpo deve ser enviado como application/json, sem compressão.",
  },
  RATE_LIMITED: {
    de: "Zu viele Anfragen; bitte später erneut versuchen.",
    "pt-BR": "Requisições demais; tente novamente mais tarde.",
  },
  INTERNAL_ERROR: {
    de: "Interner Serverfehler.",
    "pt-BR": "Erro interno do servidor.",
  },
  SERVICE_UNAVAILABLE: {
    de: "Der Dienst ist ausgelastet; bitte erneut versuchen.",
    "pt-BR": "O serviço está ocupado; tente novamente.",
  },
};

const SENTENCES = {
  GIVEN_DATA_INVALID: {
    en: "The given data was invalid.",
    de: "Die gegebenen Daten waren ungültig.",
    "pt-BR": "Os dados fornecidos são inválidos.",
  },
  PHONE_NUMBER_NOT_FOUND: {
    en: "Phone number not found; list the phone numbers for the ids that there are.",
    de: "Telefonnummer nicht gefunden; die Liste der Telefonnummern nennt die vorhandenen IDs.",
    "pt-BR": "Número de telefone não encontrado; a lista de números mostra os ids existentes.",
  },
  RELEASE_REQUEST_NOT_FOUND: {
    en: "Release request not found; list the release requests for the ids that there are.",
    de: "Freigabeantrag nicht gefunden; die Liste der Freigabeanträge nennt die vorhandenen IDs.",
    "pt-BR":
      "Solicitação de liberação não encontrada; a lista de solicitações mostra os ids existentes.",
  },
  PURCHASE_IN_PROGRESS: {
    en:
      "The purchase of this phone number is still in progress; wait until its status is no longer pending.",
    de:
      "Der Kauf dieser Telefonnummer ist noch nicht abgeschlossen; bitte warten, bis ihr Status nicht mehr pending ist.",
    "pt-BR":
      "A compra deste número de telefone ainda está em andamento; aguarde até que o status não seja mais pending.",
  },
  RELEASE_ALREADY_PENDING: {
    en: "A release of this phone number is already pending; wait for it, or cancel its request.",
    de:
      "Für diese Telefonnummer ist bereits eine Freigabe anhängig; bitte abwarten oder den Antrag zurückziehen.",
    "pt-BR":
      "Já há uma liberação pendente para este número de telefone; aguarde ou cancele a solicitação.",
  },
  PHONE_NUMBER_IN_USE: {
    en: "The phone number is assigned to an agent; unassign it first.",
    de: "Die Telefonnummer ist einem Agenten zugewiesen; bitte zuerst die Zuweisung aufheben.",
    "pt-BR": "O número de telefone está atribuído a um agente; remova a atribuição primeiro.",
  },
  DAILY_LIMIT_REACHED: {
    en: "Too many releases were requested within 24 hours; try again later.",
    de: "In 24 Stunden wurden zu viele Freigaben beantragt; bitte später erneut versuchen.",
    "pt-BR": "Foram solicitadas liberações demais em 24 horas; tente novamente mais tarde.",
  },
  RELEASE_ALREADY_RESOLVED: {
    en:
      "The release request has already been resolved; request another one if the number is to go.",
    de:
      "Über den Freigabeantrag wurde bereits entschieden; soll die Nummer gehen, bitte einen neuen stellen.",
    "pt-BR": "A solicitação de liberação já foi resolvida; para liberar o número, faça outra.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    en: "The idempotency key was used before, for another request; use a new key.",
    de:
      "Der Idempotenzschlüssel wurde bereits für eine andere Anfrage benutzt; bitte einen neuen verwenden.",
    "pt-BR": "A chave de idempotência já foi usada em outra requisição; use uma nova.",
  },
  RELEASE_REQUEST_CANCELLED: {
    en: "Release request cancelled",
    de: "Freigabeantrag zurückgezogen",
    "pt-BR": "Solicitação de liberação cancelada",
  },
} satisfies Readonly<Record<string, Texts>>;

/** Names a sentence of its own. */
export type Sentence = keyof typeof SENTENCES;

const FAULTS: Readonly<Record<Fault, Texts>> = {
  required: {
    en: "The :field field is required.",
    de: ":field muss ausgefüllt werden.",
    "pt-BR": "O campo :field é obrigatório.",
  },
  selected: {
    en: "The selected :field is invalid.",
    de: "Der gewählte Wert für :field ist ungültig.",
    "pt-BR": "O campo :field selecionado é inválido.",
  },
  boolean: {
    en: "The :field field must be true or false.",
    de: ":field muss true oder false sein.",
    "pt-BR": "O campo :field deve ser true ou false.",
  },
  integer: {
    en: "The :field field must be an integer.",
    de: ":field muss eine ganze Zahl sein.",
    "pt-BR": "O campo :field deve ser um número inteiro.",
  },
  positive: {
    en: "The :field field must be at least 1.",
    de: ":field muss mindestens 1 sein.",
    "pt-BR": "O campo :field deve ser pelo menos 1.",
  },
  perPage: {
    en: "The :field field must be between 1 and 100.",
    de: ":field muss zwischen 1 und 100 liegen.",
    "pt-BR": "O campo :field deve ser entre 1 e 100.",
  },
  invalid: {
    en: "The :field field is invalid.",
    de: ":field ist ungültig.",
    "pt-BR": "O campo :field é inválido.",
  },
  string: {
    en: "The :field field must be a string.",
    de: ":field muss ein Text sein.",
    "pt-BR": "O campo :field deve ser um texto.",
  },
  search: {
    en: "The :field field must not be greater than 200 characters.",
    de: ":field darf maximal 200 Zeichen haben.",
    "pt-BR": "O campo :field não pode ter mais de 200 caracteres.",
  },
  repeated: {
    en: "The :field field must not be given several times with different values.",
    de: ":field darf nicht mehrmals mit verschiedenen Werten angegeben werden.",
    "pt-BR": "O campo :field não pode ser informado várias vezes com valores diferentes.",
  },
  reason: {
    en: "The :field field must be between 10 and 500 characters.",
    de: ":field muss zwischen 10 und 500 Zeichen lang sein.",
    "pt-BR": "O campo :field deve ter entre 10 e 500 caracteres.",
  },
};

const isFault = (text: string): text is Fault => Object.hasOwn(FAULTS, text);
const isFrameCode = (code: string): code is FrameCode => Object.hasOwn(FRAME, code);

/** A sentence of its own, in the reader's language. */
export const sentence = (name: Sentence, language: Language): string => SENTENCES[name][language];

/**
 * What a failure says. One that a route made is in the reader's language already; one that arose
 * before any route was reached is translated by its code.
 */
export const sentenceOf = (failure: Failure, language: Language): string => {
  const { code, message, isTranslated = false } = failure;
  // Routes give this code too, to sentences that name what was not found.
  const isRoutes = isTranslated || !isFrameCode(code) ||
    (code === NOT_FOUND.code && failure !== NOT_FOUND);
  return isRoutes || language === "en" ? message : FRAME[code][language];
};

const faultOf = (text: string): Fault => {
  if (text === REPEATED) return "repeated";
  return isFault(text) ? text : "invalid";
};

/** What is wrong with a field, by its wire name; a text that names no fault means `invalid`. */
export const faultSentence = (fault: string, field: string, language: Language): string =>
  FAULTS[faultOf(fault)][language].replace(
    ":field",
    () => field.replaceAll("_", " "),
  );
