/** Reading a Dockerfile: its stages, and the steps of each. */
import { readFileSync } from "node:fs";
import { type Copy, DockerfileParser, type Instruction } from "dockerfile-ast";
import { ROOT } from "../../tidy/command.ts";

/** Where the files of the image and of the service are. */
export const FOLDER = `${ROOT}adapters/runtimes/node/`;

/** An instruction. `json` has the list in brackets; null where it is not one. */
export type Step = {
  readonly keyword: string;
  readonly text: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly json: readonly string[] | null;
};

/** A stage: its base is an image, or the name of a stage before it. */
export type Stage = {
  readonly name: string;
  readonly base: string;
  readonly steps: readonly Step[];
};

const FROM = /^(\S+)(?: AS (\S+))?$/;

/** The flags of an instruction that may have some. */
const flagsOf = (instruction: Instruction): Readonly<Record<string, string>> =>
  "getFlags" in instruction
    ? Object.fromEntries(
      (instruction as Copy).getFlags().map((flag) => [flag.getName(), flag.getValue() ?? ""]),
    )
    : {};

const stepOf = (instruction: Instruction): Step => {
  const keyword = instruction.getKeyword();
  const raw = instruction.getRawArgumentsContent() ?? "";
  const text = raw.replaceAll(/\\\r?\n\s*/g, "");
  const at = keyword === "HEALTHCHECK" ? text.indexOf("[") : text.startsWith("[") ? 0 : -1;
  const json = at === -1 ? null : JSON.parse(text.slice(at));
  return { keyword, text, flags: flagsOf(instruction), json };
};

/** The stages of a Dockerfile, whose first instruction is a FROM. */
export const stagesOf = (dockerfile: string): readonly Stage[] => {
  const stages: { name: string; base: string; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    if (instruction.getKeyword() === "FROM") {
      const [, base = "", name = ""] = FROM.exec(instruction.getRawArgumentsContent() ?? "") ?? [];
      stages.push({ name, base, steps: [] });
    } else stages.at(-1)?.steps.push(stepOf(instruction));
  }
  return stages;
};

export const readImageFile = (name: string): string => readFileSync(`${FOLDER}${name}`, "utf8");

/** The last step of a stage with this keyword; throws where there is none. */
export const lastOf = ({ steps }: Stage, keyword: string): Step => {
  const found = steps.findLast((step) => step.keyword === keyword);
  if (found === undefined) throw new Error(`there is no ${keyword}`);
  return found;
};

/** What a stage's ENV sets. */
export const environmentOf = ({ steps }: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    steps.filter(({ keyword }) => keyword === "ENV").flatMap(({ text }) => text.split(" "))
      .map((set) => [set.slice(0, set.indexOf("=")), set.slice(set.indexOf("=") + 1)]),
  );
