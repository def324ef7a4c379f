import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from "@duckdb/node-api";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { Near, SqlValues } from "#lib/ports/kernel.ts";
import { allowLongRepeats } from "#lib/sql/bounded-functions.ts";
import { quoteName } from "#lib/sql/quote.ts";
import type { SelectReading } from "#lib/sql/select-reading.ts";
import { engineFault } from "./engine-fault.ts";
import { engineTurns } from "./engine-turns.ts";
import type { KernelSearches } from "./kernel-searches.ts";
import { checkReading } from "./kernel-walls.ts";
import { parseSelect } from "./parser.ts";

/** Questions whose reading a kernel remembers: a page asks the same few again and again. */
const rememberedReadings = 256;

/** A question that is ready to run, on a connection of its own. */
export interface Session {
  readonly statement: DuckDBPreparedStatement;
  /** Has the engine work on it when it is its owner's turn. @throws Fault `limit` where it is stopped before */
  turn<T>(call: () => Promise<T>): Promise<T>;
  stopped(): boolean;
  timedOut(): boolean;
  end(): void;
}

/** A relation or function that is made when a question first names it. */
export interface Relation {
  /** Others that are made before it. */
  readonly needs: readonly string[];
  make(): Promise<void>;
}

/** What questions are asked with. */
export interface QuestionOptions {
  /** Absolute path of the lake, which faults do not tell. */
  readonly folder: string;
  /** Whose questions they are: nobody may hold the engine with all of theirs. */
  readonly owner: string;
  /** Longest time one question may take. */
  readonly timeoutMs: number;
  /** By name. */
  readonly relations: ReadonlyMap<string, Relation>;
  /** SELECTs that stand for views where their rows lie near, by name. */
  readonly near: (place: Near) => ReadonlyMap<string, string>;
  /** Names of the relations that a question may read, lower case; it grows and shrinks with the kernel's tables. */
  readonly known: ReadonlySet<string>;
  /** Answers the searches that a question makes. */
  readonly searches: KernelSearches;
}

/** Checks, prepares and runs the questions to one engine instance. */
export class KernelQuestions {
  readonly #instance: DuckDBInstance;
  readonly #folder: string;
  readonly #owner: string;
  readonly #timeoutMs: number;
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #near: QuestionOptions["near"];
  readonly #known: ReadonlySet<string>;
  readonly #searches: KernelSearches;
  readonly #readings = new Map<string, SelectReading>();
  /** Relations that a question named. */
  readonly #defined = new Map<string, Promise<void>>();

  constructor(instance: DuckDBInstance, options: QuestionOptions) {
    this.#instance = instance;
    this.#folder = options.folder;
    this.#owner = options.owner;
    this.#timeoutMs = options.timeoutMs;
    this.#relations = options.relations;
    this.#near = options.near;
    this.#known = options.known;
    this.#searches = options.searches;
  }

  /**
   * Prepares one checked SELECT on a connection of its own, so that it can be interrupted alone.
   *
   * @param place  where the answer lies; the SELECT then begins without a WITH
   */
  async prepare(
    statementSql: string,
    sql: string,
    values: SqlValues,
    signal: AbortSignal | undefined,
    place?: Near
  ): Promise<Session> {
    if (signal?.aborted) throw new Fault("limit", "stopped");
    const connection = await this.#instance.connect();
    const leaving = new AbortController();
    const turn = <T>(call: () => Promise<T>) => engineTurns.take(this.#owner, leaving.signal, call);
    let stopped = false;
    let timedOut = false;
    let again: NodeJS.Timeout | undefined;
    // An interrupt that comes before the engine has begun is forgotten by it, so it is repeated.
    const stopEngine = () => {
      connection.interrupt();
      again ??= setInterval(() => connection.interrupt(), 20);
    };
    const interrupt = () => {
      stopped = true;
      leaving.abort(new Fault("limit", "stopped"));
      stopEngine();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      leaving.abort(this.#tookTooLong());
      stopEngine();
    }, this.#timeoutMs);
    signal?.addEventListener("abort", interrupt, { once: true });
    if (signal?.aborted) interrupt();
    let release: (() => void) | undefined;
    const end = () => {
      release?.();
      clearTimeout(timer);
      clearInterval(again);
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
    };
    try {
      const reading = await this.#read(connection, sql);
      checkReading(reading, this.#known);
      const near = place ? this.#near(place) : new Map<string, string>();
      await this.#define([...reading.tables.filter((name) => !near.has(name)), ...reading.functions]);
      if (reading.functions.includes("repeat") && !reading.workedOut.includes("repeat"))
        await connection.run(allowLongRepeats);
      if (reading.searches.length > 0) {
        release = await turn(() => this.#searches.hold(connection, reading.searches, values));
        // Between two statements of a search there is nothing for an interrupt to meet.
        if (stopped) throw new Fault("limit", "stopped");
      }
      const statement = await turn(() => connection.prepare(withNear(near, reading.tables) + statementSql));
      bind(statement, values);
      return {
        statement,
        turn,
        stopped: () => stopped,
        timedOut: () => timedOut,
        end
      };
    } catch (error) {
      end();
      if (isFault(error)) throw error;
      throw shiftPosition(engineFault(error, statementSql, this.#folder, stopped), statementSql === sql ? 0 : 1);
    }
  }

  /** Asks and works with the prepared statement; `statementSql` may wrap `sql` in a line of its own. */
  async ask<T>(
    statementSql: string,
    sql: string,
    values: SqlValues,
    signal: AbortSignal | undefined,
    work: (statement: DuckDBPreparedStatement) => Promise<T>
  ): Promise<T> {
    const session = await this.prepare(statementSql, sql, values, signal);
    try {
      return await session.turn(() => work(session.statement));
    } catch (error) {
      if (session.timedOut()) throw this.#tookTooLong(error);
      throw shiftPosition(
        engineFault(error, statementSql, this.#folder, session.stopped()),
        statementSql === sql ? 0 : 1
      );
    } finally {
      session.end();
    }
  }

  #tookTooLong(cause?: unknown): Fault {
    return new Fault("limit", `the question took longer than ${Math.round(this.#timeoutMs / 1000)} s`, {
      hint: "Narrow it, or aggregate first.",
      cause
    });
  }

  async #read(connection: DuckDBConnection, sql: string): Promise<SelectReading> {
    const remembered = this.#readings.get(sql);
    if (remembered) return remembered;
    const reading = await parseSelect(connection, sql);
    if ("message" in reading) throw new Fault("invalid", reading.message, { position: reading.position ?? undefined });
    if (this.#readings.size >= rememberedReadings) this.#readings.clear();
    this.#readings.set(sql, reading);
    return reading;
  }

  /** Makes the relations and functions that a question is the first to name; one that comes meanwhile waits for the same. */
  async #define(names: readonly string[]): Promise<void> {
    for (const name of names.map((each) => each.toLowerCase())) {
      const relation = this.#relations.get(name);
      if (relation === undefined) continue;
      const made = this.#defined.get(name) ?? this.#define(relation.needs).then(() => relation.make());
      this.#defined.set(name, made);
      try {
        await made;
      } catch (error) {
        // The next question may find the state answering again.
        this.#defined.delete(name);
        throw error;
      }
    }
  }
}

/** Puts what lies near in the place of the views that a question names. */
function withNear(near: ReadonlyMap<string, string>, tables: readonly string[]): string {
  const named = tables.filter((name) => near.has(name));
  if (named.length === 0) return "";
  // Left to itself the engine writes down all of what is named so before it asks for some of it.
  return `with ${named.map((name) => `${quoteName(name)} as not materialized (${near.get(name)})`).join(", ")} `;
}

/** Faults of a wrapped statement point into it; the person's text begins `lines` lower. */
function shiftPosition(fault: Fault, lines: number): Fault {
  const { position } = fault;
  if (lines === 0 || !position || position.line <= lines) return fault;
  return new Fault(fault.code, fault.message, {
    hint: fault.hint,
    detail: fault.detail,
    position: { line: position.line - lines, column: position.column },
    cause: fault.cause
  });
}

function bind(statement: DuckDBPreparedStatement, values: SqlValues): void {
  for (let index = 1; index <= statement.parameterCount; index += 1) {
    const name = statement.parameterName(index);
    const value = values[name];
    if (value === undefined) {
      throw new Fault("invalid", `the question reads "$${name}", which is no parameter here`, {
        hint: "Define it under params in the front matter."
      });
    }
    if (value === null) statement.bindNull(index);
    else if (typeof value === "string") statement.bindVarchar(index, value);
    else if (typeof value === "boolean") statement.bindBoolean(index, value);
    else if (typeof value === "bigint") statement.bindBigInt(index, value);
    else if (Number.isSafeInteger(value)) statement.bindBigInt(index, BigInt(value));
    else statement.bindDouble(index, value);
  }
}
