/** The sentences of the frame in the languages of Talkover other than English. */
import type { Failure, Language } from "../dialect.ts";
import { filledIn, type FrameSentence } from "../frame-sentences.ts";
import type { Texts } from "./messages.ts";

/** The same as in English, with the same values; see `FRAME_SENTENCES`. */
export const FRAME_MESSAGES: Readonly<Record<FrameSentence, Omit<Texts, "en">>> = {
  UNAUTHORIZED: { de: "Nicht autorisiert", "pt-BR": "Não autorizado" },
  NOT_FOUND: { de: "Nicht gefunden", "pt-BR": "Não encontrado" },
  METHOD_NOT_ALLOWED: {
    de: "Die Methode ist hier nicht erlaubt; bitte :methods verwenden.",
    "pt-BR": "O método não é permitido aqui; use :methods.",
  },
  BODY_LATE: {
    de: "Der Inhalt der Anfrage ist nicht rechtzeitig angekommen.",
    "pt-BR": "O corpo da requisição não chegou a tempo.",
  },
  REQUEST_LATE: {
    de: "Die Anfrage ist nicht rechtzeitig angekommen.",
    "pt-BR": "A requisição não chegou a tempo.",
  },
  HEADERS_TOO_LARGE: {
    de: "Die Anfrage hat vor ihrem Inhalt mehr als :bytes Bytes oder :lines Kopfzeilen.",
    "pt-BR": "A requisição tem mais de :bytes bytes ou :lines linhas de cabeçalho antes do corpo.",
  },
  EXPECTATION_FAILED: {
    de: "Expect darf nur 100-continue sein.",
    "pt-BR": "Expect só pode ser 100-continue.",
  },
  URI_TOO_LONG: {
    de: "Die URL ist länger als :characters Zeichen.",
    "pt-BR": "A URL tem mais de :characters caracteres.",
  },
  FRAGMENT_SENT: {
    de: "Das Ziel der Anfrage hat ein Fragment (#), das nicht gesendet werden darf.",
    "pt-BR": "O alvo da requisição tem um fragmento (#), que não deve ser enviado.",
  },
  TARGET_AMBIGUOUS: {
    de: "Der Pfad muss ausgeschrieben sein, ohne Segmente . oder .., und mit einem Schrägstrich " +
      "beginnen.",
    "pt-BR": "O caminho deve ser escrito por extenso, sem segmentos . ou .., e começar com uma " +
      "barra.",
  },
  HOST_INVALID: {
    de: "Die Anfrage hat keinen gültigen Host.",
    "pt-BR": "A requisição não tem um Host válido.",
  },
  HOST_REPEATED: {
    de: "Die Anfrage hat mehr als einen Host.",
    "pt-BR": "A requisição tem mais de um Host.",
  },
  METHOD_UNREADABLE: {
    de: "Die Anfrage beginnt nicht mit einer bekannten Methode.",
    "pt-BR": "A requisição não começa com um método conhecido.",
  },
  TARGET_UNREADABLE: {
    de: "Das Ziel der Anfrage ist kein Pfad.",
    "pt-BR": "O alvo da requisição não é um caminho.",
  },
  VERSION_INVALID: {
    de: "Die erste Zeile der Anfrage endet nicht auf HTTP/1.1 und CR LF.",
    "pt-BR": "A primeira linha da requisição não termina em HTTP/1.1 e CR LF.",
  },
  HEADER_INVALID: {
    de: "Eine Kopfzeile ist ungültig.",
    "pt-BR": "Uma linha de cabeçalho é inválida.",
  },
  LINE_INVALID: {
    de: "Eine Zeile endet nicht auf CR LF.",
    "pt-BR": "Uma linha não termina em CR LF.",
  },
  LENGTH_INVALID: {
    de: "Content-Length ist keine Länge eines Inhalts.",
    "pt-BR": "Content-Length não é o comprimento de um corpo.",
  },
  LENGTH_AMBIGUOUS: {
    de: "Content-Length steht zweimal da, oder neben Transfer-Encoding.",
    "pt-BR": "Content-Length aparece duas vezes, ou ao lado de Transfer-Encoding.",
  },
  ENCODING_INVALID: {
    de: "Transfer-Encoding endet nicht auf chunked, oder steht neben Content-Length.",
    "pt-BR": "Transfer-Encoding não termina em chunked, ou aparece ao lado de Content-Length.",
  },
  CHUNK_SIZE_INVALID: {
    de: "Ein Teil (chunk) des Inhalts hat keine lesbare Größe.",
    "pt-BR": "Uma parte (chunk) do corpo não tem um tamanho legível.",
  },
  CHUNK_INVALID: {
    de: "Ein Teil (chunk) des Inhalts hat nicht die angegebene Größe.",
    "pt-BR": "Uma parte (chunk) do corpo não tem o tamanho informado.",
  },
  REQUEST_BROKEN: {
    de: "Die Anfrage ist abgebrochen.",
    "pt-BR": "A requisição foi interrompida.",
  },
  REQUEST_UNREADABLE: {
    de: "Die Anfrage ist nicht als HTTP/1.1 lesbar.",
    "pt-BR": "A requisição não pode ser lida como HTTP/1.1.",
  },
  KEY_REPEATED: {
    de: "Die Anfrage hat mehr als einen Idempotency-Key.",
    "pt-BR": "A requisição tem mais de um Idempotency-Key.",
  },
  KEY_INVALID: {
    de: "Idempotency-Key muss aus 1 bis 200 druckbaren ASCII-Zeichen bestehen.",
    "pt-BR": "Idempotency-Key deve ter de 1 a 200 caracteres ASCII imprimíveis.",
  },
  KEY_REUSED: {
    de: "Der Idempotency-Key wurde schon für eine andere Anfrage verwendet; bitte einen neuen " +
      "verwenden.",
    "pt-BR": "A Idempotency-Key já foi usada em outra requisição; use uma nova.",
  },
  KEY_UNDERWAY: {
    de: "Die erste Anfrage mit diesem Idempotency-Key ist noch in Arbeit; bitte mit demselben " +
      "erneut versuchen.",
    "pt-BR": "A primeira requisição com este Idempotency-Key está em andamento; tente novamente, " +
      "com o mesmo.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    de: "Der Inhalt muss unkomprimiert als application/json gesendet werden.",
    "pt-BR": "O corpo deve ser enviado como application/json, sem compressão.",
  },
  BODY_MISSING: {
    de: "Der Inhalt der Anfrage fehlt.",
    "pt-BR": "O corpo da requisição está ausente.",
  },
  BODY_BROKEN: {
    de: "Der Inhalt der Anfrage konnte nicht bis zum Ende gelesen werden.",
    "pt-BR": "O corpo da requisição não pôde ser lido até o fim.",
  },
  BODY_NOT_JSON: {
    de: "Der Inhalt der Anfrage ist kein JSON.",
    "pt-BR": "O corpo da requisição não é JSON.",
  },
  BODY_TOO_LARGE: {
    de: "Der Inhalt der Anfrage ist größer als :bytes Bytes.",
    "pt-BR": "O corpo da requisição tem mais de :bytes bytes.",
  },
  BODY_TOO_DEEP: {
    de: "Der Inhalt der Anfrage ist mehr als :levels Ebenen tief verschachtelt.",
    "pt-BR": "O corpo da requisição tem mais de :levels níveis de aninhamento.",
  },
  BODY_TOO_FULL: {
    de: "Der Inhalt der Anfrage enthält mehr als :values Werte.",
    "pt-BR": "O corpo da requisição contém mais de :values valores.",
  },
  RATE_LIMITED: {
    de: "Zu viele Anfragen: bitte in :seconds Sekunden erneut versuchen.",
    "pt-BR": "Requisições demais: tente novamente em :seconds segundos.",
  },
  RATE_LIMITED_BRIEFLY: {
    de: "Zu viele Anfragen: bitte in 1 Sekunde erneut versuchen.",
    "pt-BR": "Requisições demais: tente novamente em 1 segundo.",
  },
  INTERNAL_ERROR: {
    de: "Interner Serverfehler.",
    "pt-BR": "Erro interno do servidor.",
  },
  SERVICE_BUSY: {
    de: "Der Dienst ist ausgelastet; bitte erneut versuchen.",
    "pt-BR": "O serviço está ocupado; tente novamente.",
  },
  STORAGE_UNAVAILABLE: {
    de: "Der Speicher ist gerade nicht erreichbar oder nicht beschreibbar; bitte erneut " +
      "versuchen, gegebenenfalls mit demselben Idempotency-Key.",
    "pt-BR": "O armazenamento não pode ser acessado ou gravado agora; tente novamente, com o " +
      "mesmo Idempotency-Key, se houver.",
  },
  NOT_SET_UP: {
    de: "Der Dienst ist nicht eingerichtet; es wurde nichts getan.",
    "pt-BR": "O serviço não está configurado; nada foi feito.",
  },
};

/**
 * A failure's message: a route's is in the reader's language already, the frame's is translated.
 */
export const sentenceOf = ({ says, message }: Failure, language: Language): string =>
  says === undefined || language === "en"
    ? message
    : filledIn(FRAME_MESSAGES[says.name][language], says.values);
