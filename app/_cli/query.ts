import { Fault } from "#lib/model/fault.ts";
import { hashText } from "#lib/work/read-trail.ts";
import { countOption, parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, formatTable, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage = 'tracebook query "<select>" [--format table|csv|json|arrow|parquet] [--limit N] [--json]';

export const command: Command = {
  about: "Asks the lake one SELECT and prints the answer.",
  usage,
  async run(args) {
    const parsed = parseArguments(args, { format: { type: "string" }, limit: { type: "string" } }, usage);
    const format = parsed.options.json === true ? "json" : (textOption(parsed, "format") ?? "table");
    const limit = countOption(parsed, "limit", format === "table" ? 100 : 1_000_000);
    const [sql] = parsed.words;
    if (!sql) throw new Fault("invalid", "there is no question", { hint: `Usage: ${usage}` });
    const out = openConsole(format === "json");
    return withWorkbench(async (workbench, signal) => {
      const scope = await workbench.scope();
      const kernel = await workbench.lake.openKernel(scope);
      const object = { kind: "query", id: await hashText(sql) };
      const note = (rows: number) =>
        workbench.reads.each(scope, { action: "query.run", object, units: scope.businessUnits, facts: { rows } });
      try {
        if (format === "arrow") {
          const { bytes, rows } = await kernel.query(sql, {}, limit, signal);
          await note(rows);
          process.stdout.write(bytes);
          return 0;
        }
        if (format === "csv" || format === "parquet") {
          await note((await kernel.materialise("answer", sql, {}, signal)).rows);
          process.stdout.write(await workbench.exportTable(kernel, "answer", format));
          return 0;
        }
        const rows = await kernel.rows(sql, {}, limit + 1, signal);
        const shown = rows.slice(0, limit);
        await note(shown.length);
        if (format === "json") out.print(formatJson(shown));
        else if (format === "table") {
          if (shown.length > 0) out.print(formatTable(shown));
          out.print(
            `${formatCount(shown.length)} rows${rows.length > limit ? ` shown; there are more (--limit)` : ""}`
          );
        } else throw new Fault("invalid", `the format "${format}" is none of table, csv, json, arrow, parquet`);
        return 0;
      } finally {
        await kernel.close();
      }
    });
  }
};
