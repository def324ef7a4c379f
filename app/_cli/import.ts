import { type ColumnMapping, checkMapping, parseColumnUse } from "#lib/formats/column-mapping.ts";
import { type ImportFormat, importFormats } from "#lib/formats/record-formats.ts";
import { Fault } from "#lib/model/fault.ts";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { previewImport } from "#lib/work/import-preview.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, openConsole } from "./console.ts";
import { printLosses, printPreview, unknownShape } from "./import-preview.ts";
import { withWorkbench } from "./session.ts";

const usage = `tracebook import <path> --business-unit <unit> [--format auto|${importFormats.join("|")}] [--environment <name>] [--map <target>=<column>]... [--preview] [--json]`;

function parseFormat(word: string | undefined): ImportFormat | null {
  if (word === undefined || word === "auto") return null;
  const format = importFormats.find((name) => name === word);
  if (!format) throw new Fault("invalid", `the format "${word}" is none of auto, ${importFormats.join(", ")}`);
  return format;
}

function parseMapping(words: unknown): ColumnMapping | null {
  return Array.isArray(words) ? checkMapping((words as readonly string[]).map(parseColumnUse)) : null;
}

export const command: Command = {
  about:
    "Imports a file, or a folder of files, of recorded runs, OTLP/JSON, or any JSON lines, CSV or Parquet; the same file twice changes nothing.",
  usage,
  async run(args) {
    const parsed = parseArguments(
      args,
      {
        "business-unit": { type: "string" },
        format: { type: "string" },
        environment: { type: "string" },
        map: { type: "string", multiple: true },
        preview: { type: "boolean" }
      },
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
      environment: textOption(parsed, "environment") ?? null,
      mapping: parseMapping(parsed.options.map)
    };
    const out = openConsole(parsed.options.json === true);
    const preview = await previewImport({ sources: localFiles, clock: systemClock }, request);
    if (parsed.options.preview === true) {
      printPreview(out, preview);
      return 0;
    }
    if (preview.needsMapping && preview.files.every((file) => file.format === null))
      throw unknownShape(preview, path, businessUnit);
    return withWorkbench(async (workbench, signal) => {
      const started = performance.now();
      const summary = await importTraces(
        { ...workbench, sources: localFiles },
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
            `${formatCount(summary.toolCalls)} tool calls, ${formatCount(summary.scores)} scores, ${formatCount(summary.annotations)} annotations (${formatCount(summary.annotationsAdded)} new, ${formatCount(summary.annotationsChanged)} changed), ${formatCount(summary.rejected)} rejected, in ${((performance.now() - started) / 1000).toFixed(1)} s`
        );
        if (summary.judgementsWaiting > 0)
          out.print(
            `  ${formatCount(summary.judgementsWaiting)} judgements wait until the runs that they are of are imported`
          );
        for (const note of summary.notes) out.print(`  ${note}`);
        printLosses(out, summary);
      }
      return summary.traces === 0 && summary.rejected > 0 ? 1 : 0;
    });
  }
};
