import { Fault } from "#lib/model/fault.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, formatTable, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage = "tracebook map <workbook>#<cell> [--json]";

export const command: Command = {
  about: "Builds one map of a saved workbook and prints its clusters.",
  usage,
  async run(args) {
    const parsed = parseArguments(args, {}, usage);
    const [slug, key] = (parsed.words[0] ?? "").split("#");
    if (!slug || !key)
      throw new Fault("invalid", "a map is named by its workbook and cell", { hint: `Usage: ${usage}` });
    const out = openConsole(parsed.options.json === true);
    return withWorkbench(async (workbench, signal) => {
      const scope = await workbench.scope();
      const stored = await workbench.workbooks.find(scope, slug);
      if (!stored) throw new Fault("missing", `there is no workbook "${slug}"`);
      const options = { trigger: "command", revision: stored.revision, occurrenceMs: null, record: false } as const;
      for await (const event of workbench.desk.run(
        scope,
        slug,
        { text: stored.text, cells: [key], params: {} },
        options,
        signal
      )) {
        if (event.kind !== "cell") continue;
        const { cell } = event;
        if (cell.state === "running")
          out.progress(`${event.key}: ${cell.step ?? "running"} ${formatCount(cell.done ?? 0)}`);
        if (cell.state === "failed")
          throw new Fault(cell.fault.code, `${event.key}: ${cell.fault.message}`, { hint: cell.fault.hint });
        if (event.key !== key || cell.state !== "done") continue;
        out.progressDone();
        if (cell.result.kind !== "map") throw new Fault("invalid", `"${key}" is a ${cell.result.kind} cell, not a map`);
        const { clusters, points, noise } = cell.result;
        if (out.json) out.print(formatJson(cell.result));
        else {
          out.print(
            `${formatCount(points)} points, ${formatCount(clusters.length)} clusters, ${formatCount(noise)} in none`
          );
          if (clusters.length > 0)
            out.print(
              formatTable(
                clusters.map(({ id, label, size, share }) => ({
                  id,
                  label,
                  size,
                  share: `${(share * 100).toFixed(1)} %`
                }))
              )
            );
        }
      }
      return 0;
    });
  }
};
