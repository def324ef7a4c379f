import { Fault, type FaultCode, isFault, type TextPosition } from "#lib/model/fault.ts";

/** What the engine's complaint is turned into, beside its own first sentence. */
interface Reading {
  readonly code: FaultCode;
  readonly hint?: string;
}

function classify(message: string): Reading {
  if (/interrupt/i.test(message)) return { code: "limit" };
  if (/Permission Error|external access|configuration has been locked/i.test(message)) {
    return { code: "denied", hint: "A cell reads the views of its own business units and other cells, nothing else." };
  }
  if (/Out of Memory|max_temp_directory_size|temporary directory/i.test(message)) {
    return { code: "limit", hint: "Ask for fewer rows or columns, or aggregate first." };
  }
  if (/No space left|disk is full/i.test(message))
    return { code: "limit", hint: "Free some disk space and run the cell again." };
  if (
    /No magic bytes|Invalid Input Error: .*parquet|too small to be a Parquet|IO Error|Snappy|ZSTD|Malformed JSON|corrupt/i.test(
      message
    ) &&
    /\.(parquet|ndjson)/.test(message)
  ) {
    return { code: "broken", hint: 'Find the damaged files with "npx tracebook lake verify".' };
  }
  const near = nearestName(message);
  return near === undefined ? { code: "invalid" } : { code: "invalid", hint: `Did you mean "${near}"?` };
}

/** The first of the names that the engine offers for one it does not know, without the table it is in. */
function nearestName(message: string): string | undefined {
  const offered = /Candidate bindings: *(.+)|Did you mean ("[^"]+")/.exec(message);
  const name = /"([^"]+)"/.exec(offered?.[1] ?? offered?.[2] ?? "")?.[1];
  return name?.split(".").at(-1);
}

/** The caret that the engine draws under a statement, as line and column of the text. */
export function findEnginePosition(message: string, sql: string): TextPosition | undefined {
  const lines = message.split("\n");
  const at = lines.findIndex((line) => /^LINE \d+: /.test(line));
  const caretLine = lines[at + 1];
  if (at < 0 || caretLine === undefined || !caretLine.includes("^")) return undefined;
  const shown = lines[at]!;
  const head = /^LINE (\d+): /.exec(shown)!;
  const line = Number(head[1]);
  const text = sql.split("\n")[line - 1];
  if (text === undefined) return undefined;
  const snippet = shown.slice(head[0].length);
  const caret = caretLine.indexOf("^") - head[0].length;
  if (!snippet.startsWith("...")) return { line, column: Math.max(1, caret + 1) };
  // A long line is shown in part: find the part again.
  const part = snippet.replace(/^\.\.\./, "").replace(/\.\.\.$/, "");
  const start = text.indexOf(part);
  return { line, column: start < 0 ? 1 : Math.max(1, start + caret - 3 + 1) };
}

/**
 * An engine's error as a Fault: its own sentence, the place in the text, and no absolute path.
 *
 * @param folder  the lake's folder, which is cut from paths
 */
export function engineFault(error: unknown, sql: string, folder: string, stopped: boolean): Fault {
  if (isFault(error)) return error;
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(`${folder}/`, "");
  if (stopped) return new Fault("limit", "stopped", { cause: error });
  const { code, hint } = classify(message);
  const sentence = (message.split("\n", 1)[0] ?? "").replace(
    /^(?:Binder|Catalog|Parser|Conversion|Invalid Input|IO|Permission|Out of Memory) Error: /,
    ""
  );
  return new Fault(code, sentence.replaceAll(/"\/[^"]*\//g, '"') || "the engine failed without saying why", {
    hint,
    detail: message,
    position: findEnginePosition(message, sql),
    cause: error
  });
}
