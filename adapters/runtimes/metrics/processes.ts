/** What several processes of one server measure, put together in Prometheus' text format. */

/** What one of the processes shows. */
export type Part = { readonly place: number; readonly text: string };

/** How what this process measures is shown together with what others do. */
export type Sharing = (own: () => Promise<string>) => () => Promise<string>;

const SHOWN = "ledgerline_processes";
const HELP = "Processes of this server that are shown here; one that is late is left out.";

/** A line of a family: its name is the third word. */
const TYPE = "# TYPE ";

/** A sample with one more label, before those that it has. */
const labelled = (sample: string, place: number): string => {
  const [brace, space] = [sample.indexOf("{"), sample.indexOf(" ")];
  const at = brace === -1 || space < brace ? space : brace;
  const [name, rest] = [sample.slice(0, at), sample.slice(at)];
  const label = `process="${place}"`;
  return rest.startsWith("{") ? `${name}{${label},${rest.slice(1)}` : `${name}{${label}}${rest}`;
};

/**
 * The text of all of them: each series has the label `process`, since counters of one that was
 * started again begin at 0, which a sum would hide from those who read it. What is said of a
 * metric is said once, as the format has it.
 */
export const together = (parts: readonly Part[]): string => {
  const families = new Map<string, { readonly head: string[]; readonly samples: string[] }>();
  for (const { place, text } of parts) {
    let head: string[] = [];
    let samples: string[] = [];
    for (const line of text.split("\n")) {
      if (line.startsWith(TYPE)) {
        const name = line.slice(TYPE.length).split(" ", 1).join();
        const known = families.get(name) ?? { head: [...head, line], samples: [] };
        families.set(name, known);
        samples = known.samples;
        head = [];
      } else if (line.startsWith("#")) head.push(line);
      else if (line !== "") samples.push(labelled(line, place));
    }
  }
  return [
    `# HELP ${SHOWN} ${HELP}`,
    `${TYPE}${SHOWN} gauge`,
    `${SHOWN} ${parts.length}`,
    ...[...families.values()].flatMap(({ head, samples }) => [...head, ...samples]),
    "",
  ].join("\n");
};
