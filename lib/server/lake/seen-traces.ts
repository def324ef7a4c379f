import type { LakeFile } from "#lib/ports/catalog.ts";
import { readTable } from "#lib/sql/view-sql.ts";
import type { LakeWriter } from "./writer.ts";

const partTables = ["first_parts", "trace_parts"] as const;

/**
 * Which traces the lake may hold, so that an append need not read the lake to find that its traces are new.
 * It keeps a hash of 64 bits per trace in the writer's engine (table `seen_traces`). What it does not know is not in the lake; what it
 * knows may have left it, or share the hash of another. To be used in turn with the lake's other writes.
 */
export class SeenTraces {
  readonly #writer: LakeWriter;
  readonly #paths = new Set<string>();

  constructor(writer: LakeWriter) {
    this.#writer = writer;
  }

  /** Learns the traces of files that are new to it. */
  async learn(files: readonly LakeFile[]): Promise<void> {
    const parts = files.filter(({ table, path }) => isPart(table) && !this.#paths.has(path));
    if (parts.length === 0) return;
    const all = partTables
      .map((table) => `select trace_id from (${readTable(table, this.#writer.paths(parts, table))})`)
      .join(" union all ");
    await this.#writer.rows(
      `insert into seen_traces select hash from (select distinct hash(trace_id) as hash from (${all})) anti join seen_traces using (hash)`,
      []
    );
    for (const { path } of parts) this.#paths.add(path);
  }

  /** Of some traces those that the lake may hold. */
  async among(traceIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#writer.rows(
      "select id from wanted where hash(id) in (select hash from seen_traces)",
      traceIds
    );
    return rows.map(({ id }) => String(id));
  }

  /** Takes note of what this process has written itself. @param paths  of the files, relative to the lake */
  async add(traceIds: readonly string[], paths: readonly string[]): Promise<void> {
    await this.#writer.rows("insert into seen_traces select hash(id) from wanted", traceIds);
    for (const path of paths) this.#paths.add(path);
  }
}

const isPart = (table: LakeFile["table"]): boolean => (partTables as readonly string[]).includes(table);
