/**
 * Failures that only a listener of Node answers, and their sentences: elsewhere the runtime refuses
 * such requests itself, so a worker does without them.
 */
import { type FrameFailure, PAYLOAD_LATE } from "./errors.ts";
import { sayingIn, type Texts } from "./frame-sentences.ts";

/** The sentences by name, as in `FRAME_SENTENCES`. */
export const LISTENER_SENTENCES = {
  REQUEST_LATE: {
    en: "The request did not arrive in time.",
    de: "Die Anfrage ist nicht rechtzeitig angekommen.",
    "pt-BR": "A requisição não chegou a tempo.",
  },
  HEADERS_TOO_LARGE: {
    en: "The request has more than :bytes bytes or :lines header lines before its body.",
    de: "Die Anfrage hat vor ihrem Inhalt mehr als :bytes Bytes oder :lines Kopfzeilen.",
    "pt-BR": "A requisição tem mais de :bytes bytes ou :lines linhas de cabeçalho antes do corpo.",
  },
  EXPECTATION_FAILED: {
    en: "Expect may be 100-continue, and nothing else.",
    de: "Expect darf nur 100-continue sein.",
    "pt-BR": "Expect só pode ser 100-continue.",
  },
  TARGET_AMBIGUOUS: {
    en: "The path must be written out, without . or .. segments, and begin with a " +
      "slash.",
    de: "Der Pfad muss ausgeschrieben sein, ohne Segmente . oder .., und mit einem Schrägstrich " +
      "beginnen.",
    "pt-BR": "O caminho deve ser escrito por extenso, sem segmentos . ou .., e começar com uma " +
      "barra.",
  },
  HOST_INVALID: {
    en: "The request has no valid Host.",
    de: "Die Anfrage hat keinen gültigen Host.",
    "pt-BR": "A requisição não tem um Host válido.",
  },
  HOST_REPEATED: {
    en: "The request has more than one Host.",
    de: "Die Anfrage hat mehr als einen Host.",
    "pt-BR": "A requisição tem mais de um Host.",
  },
  METHOD_UNREADABLE: {
    en: "The request does not begin with a method that is known.",
    de: "Die Anfrage beginnt nicht mit einer bekannten Methode.",
    "pt-BR": "A requisição não começa com um método conhecido.",
  },
  TARGET_UNREADABLE: {
    en: "The request's target is not a path.",
    de: "Das Ziel der Anfrage ist kein Pfad.",
    "pt-BR": "O alvo da requisição não é um caminho.",
  },
  VERSION_INVALID: {
    en: "The first line of the request does not end in HTTP/1.1 and CR LF.",
    de: "Die erste Zeile der Anfrage endet nicht auf HTTP/1.1 und CR LF.",
    "pt-BR": "A primeira linha da requisição não termina em HTTP/1.1 e CR LF.",
  },
  HEADER_INVALID: {
    en: "A header line is not valid.",
    de: "Eine Kopfzeile ist ungültig.",
    "pt-BR": "Uma linha de cabeçalho é inválida.",
  },
  LINE_INVALID: {
    en: "A line does not end in CR LF.",
    de: "Eine Zeile endet nicht auf CR LF.",
    "pt-BR": "Uma linha não termina em CR LF.",
  },
  LENGTH_INVALID: {
    en: "Content-Length is not the length of a body.",
    de: "Content-Length ist keine Länge eines Inhalts.",
    "pt-BR": "Content-Length não é o comprimento de um corpo.",
  },
  LENGTH_AMBIGUOUS: {
    en: "Content-Length is given twice, or beside Transfer-Encoding.",
    de: "Content-Length steht zweimal da, oder neben Transfer-Encoding.",
    "pt-BR": "Content-Length aparece duas vezes, ou ao lado de Transfer-Encoding.",
  },
  ENCODING_INVALID: {
    en: "Transfer-Encoding does not end in chunked, or is given beside Content-Length.",
    de: "Transfer-Encoding endet nicht auf chunked, oder steht neben Content-Length.",
    "pt-BR": "Transfer-Encoding não termina em chunked, ou aparece ao lado de Content-Length.",
  },
  CHUNK_SIZE_INVALID: {
    en: "A chunk of the body has no size that can be read.",
    de: "Ein Teil (chunk) des Inhalts hat keine lesbare Größe.",
    "pt-BR": "Uma parte (chunk) do corpo não tem um tamanho legível.",
  },
  CHUNK_INVALID: {
    en: "A chunk of the body is not of its size.",
    de: "Ein Teil (chunk) des Inhalts hat nicht die angegebene Größe.",
    "pt-BR": "Uma parte (chunk) do corpo não tem o tamanho informado.",
  },
  REQUEST_BROKEN: {
    en: "The request broke off.",
    de: "Die Anfrage ist abgebrochen.",
    "pt-BR": "A requisição foi interrompida.",
  },
  REQUEST_UNREADABLE: {
    en: "The request cannot be read as HTTP/1.1.",
    de: "Die Anfrage ist nicht als HTTP/1.1 lesbar.",
    "pt-BR": "A requisição não pode ser lida como HTTP/1.1.",
  },
  KEY_REPEATED: {
    en: "The request has more than one Idempotency-Key.",
    de: "Die Anfrage hat mehr als einen Idempotency-Key.",
    "pt-BR": "A requisição tem mais de um Idempotency-Key.",
  },
} as const satisfies Readonly<Record<string, Texts>>;

/** The name of a sentence of a listener. */
export type ListenerSentence = keyof typeof LISTENER_SENTENCES;

/** The request did not arrive in time, be it its headers or its body. */
export const REQUEST_LATE: FrameFailure = {
  ...PAYLOAD_LATE,
  ...sayingIn(LISTENER_SENTENCES.REQUEST_LATE),
};

/** How many bytes a request may have before its body, on Node. */
export const MAX_HEAD_BYTES = 16 * 1024;

/** How many header lines a request may have, on Node. */
export const MAX_HEADER_LINES = 1_000;

/** The request line and headers are too long; nothing is dropped instead. */
export const HEADERS_TOO_LARGE: FrameFailure = {
  status: 431,
  code: "HEADERS_TOO_LARGE",
  ...sayingIn(LISTENER_SENTENCES.HEADERS_TOO_LARGE, {
    bytes: MAX_HEAD_BYTES,
    lines: MAX_HEADER_LINES,
  }),
};

/** `Expect` asks for something else than `100-continue` (RFC 9110, 10.1.1). */
export const EXPECTATION_FAILED: FrameFailure = {
  status: 417,
  code: "EXPECTATION_FAILED",
  ...sayingIn(LISTENER_SENTENCES.EXPECTATION_FAILED),
};

/** A request that is ambiguous, or cannot be read as one. */
export const unreadable = (name: ListenerSentence): FrameFailure => ({
  status: 400,
  code: "VALIDATION_ERROR",
  ...sayingIn(LISTENER_SENTENCES[name]),
});
