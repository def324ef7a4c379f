import type { Span } from "../model/span.ts";

/** Spans whose parents are looked for at most; of an import of more nothing is said about parents. */
const familyLimit = 200_000;

/** What of an import cannot be quite right, gathered while it runs. */
export class ImportNotes {
  #backward = 0;
  #repeated = 0;
  readonly #came = new Set<string>();
  readonly #wanted: string[] = [];
  readonly #passed: string[] = [];

  add({ traceId, spanId, parentSpanId, startNs, endNs }: Span): void {
    if (endNs < startNs) this.#backward += 1;
    if (this.#came.size >= familyLimit) return;
    const key = `${traceId}/${spanId}`;
    if (this.#came.has(key)) this.#repeated += 1;
    this.#came.add(key);
    if (parentSpanId !== null) this.#wanted.push(`${traceId}/${parentSpanId}`);
  }

  /** A file that is not looked into, since its name says that it holds no records. */
  passOver(name: string): void {
    this.#passed.push(name);
  }

  /** One sentence for each kind of thing that was seen. */
  list(): readonly string[] {
    const isWhole = this.#came.size < familyLimit;
    const orphans = isWhole ? this.#wanted.filter((key) => !this.#came.has(key)).length : 0;
    return [
      say(this.#backward, "ends before it starts", "end before they start", "their times are kept as they came"),
      say(this.#repeated, "came more than once", "came more than once", "the later one counts"),
      describePassed(this.#passed),
      say(orphans, "names a parent that did not come", "name parents that did not come", "kept all the same")
    ].flat();
  }
}

function say(count: number, one: string, many: string, then: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? `span ${one}` : `spans ${many}`}: ${then}`];
}

function describePassed(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(", ");
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return [
    `${names.length} ${names.length === 1 ? "file is" : "files are"} passed over, since the name ends in none of .json, .jsonl, .ndjson, .csv, .tsv and .parquet: ${shown}${rest}`
  ];
}
