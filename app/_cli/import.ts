import { type ImportFormat, importFormats } from "#lib/formats/record-formats.ts";
import { Fault } from "#lib/model/fault.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage = `tracebook import <path> --business-unit <unit> [--format auto|${importFormats.join("|")}] [--environment <name>] [--json]`;

function parseFormat(word: string | undefined): ImportFormat | null {
  if (word === undefined || word === "auto") return null;
  const format = importFormats.find((name) => name === word);
  if (!format) throw new Fault("invalid", `the format "${word}" is none of auto, ${importFormats.join(", ")}`);
  return format;
}

export const command: Command = {
  about: "Imports a file, or a folder of files, of recorded runs or OTLP/JSON; the same file twice changes nothing.",
  usage,
  async run(args) {
    const parsed = parseArguments(
      args,
      { "business-unit": { type: "string" }, format: { type: "string" }, environment: { type: "string" } },
      usage
    );
    const [path] = parsed.words;
    const businessUnit = textOption(parsed, "business-unit");
    if (!path || !businessUnit)
      throw new Fault("invalid", "an import needs a path and --business-unit", { hint: `Usage: ${usage}` });
    const request = {
      path,
      businessUnit,
      format: parseFormat(textOption(parsed, "format")),
      environment: textOption(parsed, "environment") ?? null
    };
    const out = openConsole(parsed.options.json === true);
    return withWorkbench(async (workbench, signal) => {
      const started = performance.now();
      const summary = await importTraces(
        { lake: workbench.lake, sources: localFiles, clock: workbench.clock },
        await workbench.scope(),
        request,
        ({ file, readBytes, totalBytes, traces }) =>
          out.progress(
            `${Math.round((100 * readBytes) / Math.max(1, totalBytes))} %  ${formatCount(traces)} traces  ${file}`
          ),
        signal
      );
      out.progressDone();
      if (out.json) out.print(formatJson(summary));
      else {
        for (const file of summary.files)
          out.print(
            `${file.name}: ${file.format ?? "unknown format"}, ${formatCount(file.traces)} traces, ${formatCount(file.spans)} spans`
          );
        out.print(
          `${formatCount(summary.traces)} traces, ${formatCount(summary.spans)} spans (${formatCount(summary.spansAdded)} new, ${formatCount(summary.spansReplaced)} replaced, ${formatCount(summary.spansUnchanged)} known already), ` +
            `${formatCount(summary.toolCalls)} tool calls, ${formatCount(summary.scores)} scores, ${formatCount(summary.rejected)} rejected, in ${((performance.now() - started) / 1000).toFixed(1)} s`
        );
        for (const { field, fate, count } of summary.losses)
          out.print(
            `  ${fate === "attribute" ? "no column, kept as an attribute" : "not carried over"}: ${field} (${formatCount(count)})`
          );
        for (const reason of summary.reasons) out.print(`  rejected: ${reason}`);
      }
      return summary.traces === 0 && summary.rejected > 0 ? 1 : 0;
    });
  }
};
