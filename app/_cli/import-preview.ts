import { formatColumnUse, formatMapOptions, quoteWord } from "#lib/formats/column-mapping.ts";
import { Fault } from "#lib/model/fault.ts";
import type { PreviewReply } from "#lib/wire/import.ts";
import { type Console, formatCount, formatJson, formatTable } from "./console.ts";

/**
 * The fault of an import whose records are of no known format: the columns that were found, and the guess as a
 * command that can be run as it is.
 */
export function unknownShape(preview: PreviewReply, path: string, businessUnit: string): Fault {
  const columns = preview.columns.map(({ name }) => name);
  const shown = columns.slice(0, 30).join(", ") + (columns.length > 30 ? ` and ${columns.length - 30} more` : "");
  const command = `tracebook import ${quoteWord(path)} --business-unit ${businessUnit}`;
  return new Fault("invalid", `"${path}" is of no known format; its columns are ${shown}`, {
    hint:
      preview.mapping.length > 0
        ? `Say what the columns are, perhaps: ${command} ${formatMapOptions(preview.mapping)} (--preview shows what comes of it)`
        : `Say what the columns are: ${command} --map input=${quoteWord(columns[0] ?? "question")}`
  });
}

/** Prints what an import would do. */
export function printPreview(out: Console, preview: PreviewReply): void {
  if (out.json) {
    out.print(formatJson(preview));
    return;
  }
  for (const { name, format } of preview.files)
    out.print(`${name}: ${format ?? (preview.columns.length > 0 ? "no known format" : "no records")}`);
  out.print(
    `${formatCount(preview.records)} records looked at${preview.isAll ? ", which are all" : ""}; nothing is imported by a preview`
  );
  for (const use of preview.mapping)
    out.print(
      `  --map ${formatColumnUse(use)}${use.reason === null || !preview.needsMapping ? "" : `   guessed by ${use.reason}`}`
    );
  for (const note of preview.notes) out.print(`  ${note}`);
  if (preview.traces.length > 0)
    out.print(
      `\n${formatTable(
        preview.traces.map((trace) => ({
          started_at: `${trace.timesSynthesised ? "~ " : ""}${new Date(trace.startedAtMs).toISOString()}`,
          agent: trace.agent,
          spans: trace.spans,
          input: trace.input,
          output: trace.output,
          verdicts: trace.verdicts.join(", ")
        }))
      )}\n`
    );
  printLosses(out, preview);
}

/** Prints what no column holds, and what was rejected. */
export function printLosses(out: Console, { losses, reasons }: Pick<PreviewReply, "losses" | "reasons">): void {
  for (const { field, fate, count } of losses)
    out.print(
      `  ${fate === "attribute" ? "no column, kept as an attribute" : "not carried over"}: ${field} (${formatCount(count)})`
    );
  for (const reason of reasons) out.print(`  rejected: ${reason}`);
}
