/** What Talkover says of a field that does not fit, in its three languages. */
import type { Language } from "../dialect.ts";
import { UNFIT } from "../../core/values/text.ts";
import { REPEATED } from "../errors.ts";
import { NOT_AN_OBJECT } from "../object.ts";
import type { Texts } from "../frame-sentences.ts";

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
  | "list"
  | "ids"
  | "newId"
  | "phoneNumber"
  | "repeated"
  | "object"
  | "unfit";

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
  list: {
    en: "The :field field must be a list of ids.",
    de: ":field muss eine Liste von IDs sein.",
    "pt-BR": "O campo :field deve ser uma lista de IDs.",
  },
  ids: {
    en: "The :field field must not have more than 1,000 items.",
    de: ":field darf maximal 1.000 Elemente haben.",
    "pt-BR": "O campo :field não pode ter mais de 1.000 itens.",
  },
  newId: {
    en:
      "The :field field must not be . or .., and must be 1 to 200 characters in Unicode's normal " +
      "form C, without invisible characters, a space at either end, or a combining mark at the " +
      "start.",
    de: ":field darf nicht . oder .. sein und muss aus 1 bis 200 Zeichen in der Unicode-" +
      "Normalform C bestehen, ohne unsichtbare Zeichen, ohne Leerzeichen am Anfang oder Ende und ohne " +
      "kombinierendes Zeichen am Anfang.",
    "pt-BR": "O campo :field não pode ser . nem .., e deve ter de 1 a 200 caracteres na forma " +
      "normal C do Unicode, sem caracteres invisíveis, sem espaço no início ou no fim e sem marca combinante no " +
      "início.",
  },
  phoneNumber: {
    en: "The :field field must be a phone number of the country, written as there or with + and " +
      "the country's calling code.",
    de: ":field muss eine Telefonnummer des Landes sein, wie dort geschrieben oder mit + und " +
      "der Landesvorwahl.",
    "pt-BR": "O campo :field deve ser um número de telefone do país, escrito como lá ou com + e " +
      "o código do país.",
  },
  repeated: {
    en: "The :field field must not be given several times with different values.",
    de: ":field darf nicht mehrmals mit verschiedenen Werten angegeben werden.",
    "pt-BR": "O campo :field não pode ser informado várias vezes com valores diferentes.",
  },
  object: {
    en: "The :field must be a JSON object.",
    de: ":field muss ein JSON-Objekt sein.",
    "pt-BR": "O :field deve ser um objeto JSON.",
  },
  unfit: {
    en: "The :field field must not hold NUL or half a surrogate pair.",
    de: ":field darf weder NUL noch ein halbes Surrogatpaar enthalten.",
    "pt-BR": "O campo :field não pode conter NUL nem metade de um par substituto.",
  },
  reason: {
    en: "The :field field must be between 10 and 500 characters.",
    de: ":field muss zwischen 10 und 500 Zeichen lang sein.",
    "pt-BR": "O campo :field deve ter entre 10 e 500 caracteres.",
  },
};

const isFault = (text: string): text is Fault => Object.hasOwn(FAULTS, text);

/** Faults that all dialects have in common, found before a schema is applied. */
const COMMON: Readonly<Record<string, Fault>> = {
  [REPEATED]: "repeated",
  [NOT_AN_OBJECT]: "object",
  [UNFIT]: "unfit",
};

const faultOf = (text: string): Fault => COMMON[text] ?? (isFault(text) ? text : "invalid");

/** What is wrong with a field, by its wire name; a text that names no fault means `invalid`. */
export const faultSentence = (fault: string, field: string, language: Language): string =>
  FAULTS[faultOf(fault)][language].replace(
    ":field",
    () => field.replaceAll("_", " "),
  );
