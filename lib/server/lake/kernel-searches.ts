import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Fault } from "#lib/model/fault.ts";
import type { UnitMask } from "#lib/model/mask.ts";
import type { LakeFile } from "#lib/ports/catalog.ts";
import type { SqlValues } from "#lib/ports/kernel.ts";
import { needsTexts, phrasesSql } from "#lib/sql/search-phrases.ts";
import { buildParts, parseSearch, type SearchPart } from "#lib/sql/search-query.ts";
import { candidatesSql } from "#lib/sql/search-sql.ts";
import { searchedColumns, termsSql } from "#lib/sql/search-terms.ts";
import type { CallArgument } from "#lib/sql/select-reading.ts";
import { readShown, readTable, type TableFiles } from "#lib/sql/view-sql.ts";
import { runList } from "./kernel-connection.ts";
import { hiddenIn, hiddenName, spansKey } from "./terms-name.ts";

/** Traces found by searches that nobody reads any more and that a kernel keeps, for the next question like it. */
const keptTraces = 500_000;

/** A file of spans that a search reads. */
export interface SearchFile {
  readonly businessUnit: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** Absolute path. */
  readonly spans: string;
  readonly format: LakeFile["format"];
  readonly bytes: number;
  /** Absolute path of the file that says which words it holds; null where it has to be read itself. */
  readonly terms: string | null;
}

/**
 * Files of spans, each with its file of words. Words that were read from texts as their unit does not show them would
 * tell of what it hides, and are no words of it.
 *
 * @param folder  absolute path of the lake
 * @param masks   what the units hide
 */
export function listSearchFiles(
  folder: string,
  files: readonly LakeFile[],
  masks: readonly UnitMask[]
): readonly SearchFile[] {
  const hidden = new Map(masks.map((mask) => [mask.businessUnit, hiddenName(mask)]));
  const terms = new Map(
    files
      .filter(
        ({ table, businessUnit, path }) => table === "terms" && hiddenIn(path) === (hidden.get(businessUnit) ?? "")
      )
      .map((file) => [spansKey(file), file.path])
  );
  return files
    .filter(({ table }) => table === "spans")
    .map((file) => {
      const said = terms.get(spansKey(file));
      return {
        businessUnit: file.businessUnit,
        day: file.day,
        spans: `${folder}/${file.path}`,
        format: file.format,
        bytes: file.bytes,
        terms: said === undefined ? null : `${folder}/${said}`
      };
    });
}

/** Columns of spans that a search reads. */
const columns = ["trace_id", ...searchedColumns, "business_unit", "date"];

interface Asked {
  readonly words: string;
  /** First day that is looked at, `YYYY-MM-DD`; null for all. */
  readonly since: string | null;
}

interface Found {
  /** Traces found; 0 until they are. */
  traces: number;
  /** Questions that read them now. */
  users: number;
  readonly answered: Promise<void>;
}

/**
 * Answers `search(…)` in questions: before one runs, what its searches find is put into a table that the engine
 * reads in their place. A kernel's files never change, so the next question finds the same answer there. The table
 * is in a schema that no question may name.
 */
export class KernelSearches {
  readonly #instance: DuckDBInstance;
  readonly #files: readonly SearchFile[];
  readonly #masks: readonly UnitMask[];
  readonly #found = new Map<string, Found>();
  #opened: Promise<void> | undefined;

  constructor(instance: DuckDBInstance, files: readonly SearchFile[], masks: readonly UnitMask[]) {
    this.#instance = instance;
    this.#masks = masks;
    this.#files = files;
  }

  /**
   * Answers the searches of one question; they stay until it lets them go.
   *
   * @param connection  the question's, so that stopping it stops its searches too
   * @returns lets them go
   * @throws Fault `invalid` for a search that asks for nothing or is none
   */
  async hold(
    connection: DuckDBConnection,
    calls: readonly (readonly CallArgument[])[],
    values: SqlValues
  ): Promise<() => void> {
    this.#opened ??= runList(this.#instance, openingStatements);
    await this.#opened;
    const held: Found[] = [];
    try {
      for (const call of calls) held.push(await this.#holdOne(connection, readCall(call, values)));
    } catch (error) {
      this.#release(held);
      throw error;
    }
    return () => this.#release(held);
  }

  async #holdOne(connection: DuckDBConnection, asked: Asked): Promise<Found> {
    const key = JSON.stringify([asked.words, asked.since]);
    for (;;) {
      const known = this.#found.get(key);
      if (!known) break;
      known.users += 1;
      try {
        await known.answered;
        return known;
      } catch {
        // Whoever asked first was stopped, or there is a fault, which is found again.
        known.users -= 1;
      }
    }
    await this.#forget(connection);
    const work = this.#answer(connection, asked);
    const found: Found = { traces: 0, users: 1, answered: work.then(() => undefined) };
    // Whoever waits for it hears of its end; it may be that nobody does.
    found.answered.catch(() => undefined);
    this.#found.set(key, found);
    try {
      found.traces = await work;
      return found;
    } catch (error) {
      this.#found.delete(key);
      throw error;
    }
  }

  #release(held: readonly Found[]): void {
    for (const found of held) found.users -= 1;
  }

  /** Forgets answers that nobody reads, the oldest first, until few enough traces are kept. */
  async #forget(connection: DuckDBConnection): Promise<void> {
    let traces = [...this.#found.values()].reduce((sum, found) => sum + found.traces, 0);
    for (const [key, found] of this.#found) {
      if (traces <= keptTraces) return;
      if (found.users > 0) continue;
      this.#found.delete(key);
      traces -= found.traces;
      const [words, since] = JSON.parse(key) as [string, string | null];
      await connection.run(
        "delete from internal.found where asked = $words and asked_since is not distinct from $since::date",
        { words, since }
      );
    }
  }

  /** @returns how many traces it found */
  async #answer(connection: DuckDBConnection, { words, since }: Asked): Promise<number> {
    const parts = await readParts(connection, words);
    const files = since === null ? this.#files : this.#files.filter(({ day }) => day >= since);
    const indexed = files.filter(({ terms }) => terms !== null);
    const scanned = files.filter(({ terms }) => terms === null);
    const { sql, values } = candidatesSql(
      parts,
      indexed.length > 0 ? readTable("terms", termFiles(indexed)) : null,
      scanned.length > 0 ? readShown("spans", spanFiles(scanned), this.#masks, { columns }) : null
    );
    try {
      await connection.run(`create or replace temp table search_candidates as ${sql}`, { ...values });
      let kept = "search_candidates";
      if (needsTexts(parts)) {
        const near = await this.#listNear(connection, files);
        const among = "search_candidates";
        const phrases = phrasesSql(parts, readShown("spans", spanFiles(near), this.#masks, { columns, among }), among);
        await connection.run(`create or replace temp table search_said as ${phrases.sql}`, { ...phrases.values });
        kept = "search_candidates semi join search_said using (business_unit, trace_id)";
      }
      const answer = await connection.runAndReadAll(
        `insert into internal.found select $words, $since::date, trace_id, business_unit, list_min(days) from ${kept}`,
        { words, since }
      );
      return Number(answer.getRows()[0]?.[0] ?? 0);
    } finally {
      // Where the question was stopped this is stopped too: the tables then end with the connection.
      await connection
        .run("drop table if exists search_said; drop table if exists search_candidates")
        .catch(() => undefined);
    }
  }

  /** Files in which the words of the candidates stand. */
  async #listNear(connection: DuckDBConnection, files: readonly SearchFile[]): Promise<readonly SearchFile[]> {
    const answer = await connection.runAndReadAll(
      "select distinct business_unit, unnest(days)::varchar from search_candidates"
    );
    const near = new Set(answer.getRows().map(([unit, day]) => `${String(unit)}/${String(day)}`));
    return files.filter(({ businessUnit, day }) => near.has(`${businessUnit}/${day}`));
  }
}

const openingStatements = [
  "create schema internal",
  `create table internal.found (asked varchar, asked_since date, trace_id varchar, business_unit varchar, "date" date)`,
  `create macro search(words, since := null) as table
    select trace_id, business_unit, "date" from internal.found
    where asked = words::varchar and asked_since is not distinct from since::date`
];

/** Texts of a call. @throws Fault `invalid` */
function readCall(call: readonly CallArgument[], values: SqlValues): Asked {
  const [words, since] = [call[0], call[1]].map((argument) => {
    if (argument === undefined) return null;
    if (argument === null) return undefined;
    const value = "text" in argument ? argument.text : values[argument.parameter];
    return value === null || typeof value === "string" ? value : undefined;
  });
  if (call.length > 2 || typeof words !== "string" || since === undefined) {
    throw new Fault("invalid", "search() takes a text or a parameter that is one, and perhaps a first day", {
      hint: "As in: select * from search('refund \"charged twice\"', '2026-11-01')"
    });
  }
  if (since !== null && !isDay(since)) {
    throw new Fault("invalid", `search() looks from a day on, and "${since.slice(0, 40)}" is none`, {
      hint: "Write it as in 2026-11-01."
    });
  }
  return { words, since };
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** The engine itself reads the words, as it read those of the texts. */
async function readParts(connection: DuckDBConnection, words: string): Promise<readonly SearchPart[]> {
  const pieces = parseSearch(words);
  const answer = await connection.runAndReadAll(
    `select to_json(list(${termsSql("piece")} order by no))::varchar from (
      select unnest(pieces) as piece, unnest(range(len(pieces))) as no from (select from_json($pieces, '["VARCHAR"]') as pieces))`,
    { pieces: JSON.stringify(pieces.map(({ text }) => text)) }
  );
  const terms = JSON.parse(String(answer.getRows()[0]?.[0] ?? "null")) as readonly (readonly string[])[] | null;
  return buildParts(words, pieces, terms ?? []);
}

const termFiles = (files: readonly SearchFile[]): TableFiles => ({
  parquet: files.map(({ terms }) => terms!),
  ndjson: [],
  largestNdjsonBytes: 0
});

function spanFiles(files: readonly SearchFile[]): TableFiles {
  const fresh = files.filter(({ format }) => format === "ndjson");
  return {
    parquet: files.filter(({ format }) => format === "parquet").map(({ spans }) => spans),
    ndjson: fresh.map(({ spans }) => spans),
    largestNdjsonBytes: Math.max(0, ...fresh.map(({ bytes }) => bytes))
  };
}
