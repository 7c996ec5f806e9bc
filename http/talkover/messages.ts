/** Talkover's messages, in the three languages of its users. */
import type { Failure, Language } from "../dialect.ts";
import { filledIn, type Texts } from "../frame-sentences.ts";

const SENTENCES = {
  GIVEN_DATA_INVALID: {
    en: "The given data was invalid.",
    de: "Die gegebenen Daten waren ungültig.",
    "pt-BR": "Os dados fornecidos são inválidos.",
  },
  PHONE_NUMBER_NOT_FOUND: {
    en: "Phone number not found; list the phone numbers to see their ids.",
    de: "Telefonnummer nicht gefunden; die Liste der Telefonnummern nennt die vorhandenen IDs.",
    "pt-BR": "Número de telefone não encontrado; a lista de números mostra os ids existentes.",
  },
  RELEASE_REQUEST_NOT_FOUND: {
    en: "Release request not found; list the release requests to see their ids.",
    de: "Freigabeantrag nicht gefunden; die Liste der Freigabeanträge nennt die vorhandenen IDs.",
    "pt-BR":
      "Solicitação de liberação não encontrada; a lista de solicitações mostra os ids existentes.",
  },
  SIP_TRUNK_NOT_FOUND: {
    en: "SIP trunk not found; use the id of one that is installed for this environment.",
    de: "SIP-Trunk nicht gefunden; bitte die ID eines Trunks verwenden, der für diese Umgebung " +
      "eingerichtet ist.",
    "pt-BR": "Tronco SIP não encontrado; use o id de um que esteja instalado neste ambiente.",
  },
  DID_NOT_FOUND: {
    en: "DID not found; list the DIDs of the SIP trunk to see their ids.",
    de: "DID nicht gefunden; die Liste der DIDs des SIP-Trunks nennt die vorhandenen IDs.",
    "pt-BR": "DID não encontrado; a lista de DIDs do tronco SIP mostra os ids existentes.",
  },
  ENVIRONMENT_NOT_FOUND: {
    en: "Environment not found; the operator must open it first.",
    de: "Umgebung nicht gefunden; der Betreiber muss sie zuerst anlegen.",
    "pt-BR": "Ambiente não encontrado; o operador precisa abri-lo primeiro.",
  },
  PURCHASE_IN_PROGRESS: {
    en:
      "The purchase of this phone number is still in progress; wait until its status is no longer pending.",
    de:
      "Der Kauf dieser Telefonnummer ist noch nicht abgeschlossen; bitte warten, bis ihr Status nicht mehr pending ist.",
    "pt-BR":
      "A compra deste número de telefone ainda está em andamento; aguarde até que o status não seja mais pending.",
  },
  PHONE_NUMBER_NOT_IN_SERVICE: {
    en: "The phone number :id could not be bought; leave it out.",
    de: "Die Telefonnummer :id konnte nicht gekauft werden; bitte weglassen.",
    "pt-BR": "O número de telefone :id não pôde ser comprado; deixe-o de fora.",
  },
  NUMBER_BEING_RELEASED: {
    en: "The phone number :id is being released; leave it out.",
    de: "Die Telefonnummer :id wird gerade freigegeben; bitte weglassen.",
    "pt-BR": "O número de telefone :id está sendo liberado; deixe-o de fora.",
  },
  RELEASE_ALREADY_PENDING: {
    en: "A release of this phone number is already pending; wait for it, or cancel its request.",
    de:
      "Für diese Telefonnummer ist bereits eine Freigabe anhängig; bitte abwarten oder den Antrag zurückziehen.",
    "pt-BR":
      "Já há uma liberação pendente para este número de telefone; aguarde ou cancele a solicitação.",
  },
  RELEASE_UNDERWAY: {
    en: "This phone number is already being released; it leaves the list automatically.",
    de: "Diese Telefonnummer wird bereits freigegeben; sie verschwindet von selbst aus der Liste.",
    "pt-BR": "Este número de telefone já está sendo liberado; ele sairá da lista automaticamente.",
  },
  PHONE_NUMBER_IN_USE: {
    en: "The phone number is assigned to an agent; unassign it first, by " +
      "PUT /api/v1/agents/{agent_id}/calling with phone_number_ids that leave it out.",
    de:
      "Die Telefonnummer ist einem Agenten zugewiesen; bitte zuerst die Zuweisung aufheben, mit " +
      "PUT /api/v1/agents/{agent_id}/calling und phone_number_ids ohne sie.",
    "pt-BR": "O número de telefone está atribuído a um agente; remova a atribuição primeiro, com " +
      "PUT /api/v1/agents/{agent_id}/calling e phone_number_ids sem ele.",
  },
  DID_IN_USE: {
    en: "The DID is assigned to an agent; unassign it first, by " +
      "PUT /api/v1/agents/{agent_id}/calling with phone_number_ids that leave it out.",
    de: "Die DID ist einem Agenten zugewiesen; bitte zuerst die Zuweisung aufheben, mit " +
      "PUT /api/v1/agents/{agent_id}/calling und phone_number_ids ohne sie.",
    "pt-BR": "O DID está atribuído a um agente; remova a atribuição primeiro, com " +
      "PUT /api/v1/agents/{agent_id}/calling e phone_number_ids sem ele.",
  },
  DID_ALREADY_EXISTS: {
    en: "Another environment already has this number; use a different one.",
    de: "Diese Nummer gehört bereits einer anderen Umgebung; bitte eine andere verwenden.",
    "pt-BR": "Outro ambiente já tem este número; use outro.",
  },
  DID_ALREADY_YOURS: {
    en: "This environment has the number already, as :id; use it under that id.",
    de: "Diese Umgebung hat die Nummer bereits, als :id; bitte unter dieser ID verwenden.",
    "pt-BR": "Este ambiente já tem o número, como :id; use-o com esse id.",
  },
  DID_BEING_RELEASED: {
    en: "This environment's number :id is being released; try again once it has left the list.",
    de:
      "Die Nummer :id dieser Umgebung wird gerade freigegeben; bitte erneut versuchen, wenn sie " +
      "nicht mehr in der Liste steht.",
    "pt-BR": "O número :id deste ambiente está sendo liberado; tente novamente quando ele sair " +
      "da lista.",
  },
  IMPORT_LIMIT_REACHED: {
    en: "The plan allows no more DIDs; delete one that is not needed, or change the plan.",
    de: "Der Tarif erlaubt keine weiteren DIDs; bitte eine nicht benötigte löschen oder den " +
      "Tarif wechseln.",
    "pt-BR": "O plano não permite mais DIDs; exclua um que não seja necessário ou mude de plano.",
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
  RELEASE_ALREADY_APPROVED: {
    en: "The release request has already been approved and can no longer be cancelled; the phone " +
      "number is being released, or has been.",
    de:
      "Der Freigabeantrag wurde bereits genehmigt und kann nicht mehr zurückgezogen werden; die " +
      "Telefonnummer wird gerade freigegeben oder ist es schon.",
    "pt-BR": "A solicitação de liberação já foi aprovada e não pode mais ser cancelada; o número " +
      "de telefone está sendo liberado ou já foi.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    en: "The idempotency key was used before, for another request; use a new key.",
    de:
      "Der Idempotenzschlüssel wurde bereits für eine andere Anfrage benutzt; bitte einen neuen verwenden.",
    "pt-BR": "A chave de idempotência já foi usada em outra requisição; use uma nova.",
  },
  CALLING_UPDATED: {
    en: "Calling settings updated",
    de: "Anrufeinstellungen aktualisiert",
    "pt-BR": "Configurações de chamada atualizadas",
  },
  DID_DELETED: {
    en: "DID deleted",
    de: "DID gelöscht",
    "pt-BR": "DID excluído",
  },
  RELEASE_REQUEST_CANCELLED: {
    en: "Release request cancelled",
    de: "Freigabeantrag zurückgezogen",
    "pt-BR": "Solicitação de liberação cancelada",
  },
} satisfies Readonly<Record<string, Texts>>;

/** The name of a message of Talkover. */
export type Sentence = keyof typeof SENTENCES;

/** A message of Talkover, in the reader's language; `id` is that of the number it is about. */
export const sentence = (name: Sentence, language: Language, id = ""): string =>
  SENTENCES[name][language].replace(":id", () => id);

/**
 * A failure's message: a route's is in the reader's language already, the frame's is translated.
 */
export const sentenceOf = ({ says, message }: Failure, language: Language): string =>
  says === undefined ? message : filledIn(says.texts[language], says.values);
