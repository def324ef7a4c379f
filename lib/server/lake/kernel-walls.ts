import { Fault } from "#lib/model/fault.ts";
import type { SelectReading } from "#lib/sql/select-reading.ts";

/**
 * Functions that may stand for a table; all others would read files, settings or other catalogs. `search` is our
 * own (kernel-searches.ts).
 */
const tableFunctions = new Set([
  "range",
  "generate_series",
  "unnest",
  "json_each",
  "json_tree",
  "repeat",
  "describe",
  "search"
]);

/**
 * Functions that tell about the machine, the engine or other sessions and not about traces, run text as SQL, hold a
 * thread of the engine, or go down into nested values without a bound, so that a deep one ends the process. The list is complete for the engine we ship: a test goes through all functions it
 * has, and fails on one that is neither here nor among those that were looked at.
 */
const hiddenFunctions = new Set([
  "current_connection_id",
  "current_query",
  "current_query_id",
  "current_setting",
  "current_transaction_id",
  "currval",
  "format_type",
  "get_block_size",
  "getenv",
  "getvariable",
  "json_contains",
  "json_execute_serialized_sql",
  "json_group_structure",
  "json_merge_patch",
  "json_pretty",
  "json_serialize_plan",
  "json_structure",
  "make_type",
  "nextval",
  "query",
  "query_table",
  "sleep_ms",
  "txid_current",
  "write_log"
]);

/**
 * The engine's own catalogs, its network's addresses, what it calls itself inside a plan, unchecked, and variants, which
 * it makes of nested values as deep as they go.
 */
const hiddenPrefixes = ["pg_", "duckdb_", "inet_", "__internal_", "variant"];

/** Whether a cell may call a function by this name, lower case. */
export function isCallable(name: string): boolean {
  return !hiddenFunctions.has(name) && !hiddenPrefixes.some((prefix) => name.startsWith(prefix));
}

/**
 * The second wall, in front of the engine's own: only known relations and harmless functions.
 *
 * @param known  names of relations, lower case
 * @throws Fault `denied`, or `invalid` for a name that nothing has
 */
export function checkReading(reading: SelectReading, known: ReadonlySet<string>): void {
  const [foreign] = reading.foreign;
  if (foreign !== undefined) throw denied(`"${foreign}"`);
  const tableFunction = reading.tableFunctions.find((name) => !tableFunctions.has(name));
  if (tableFunction !== undefined) throw denied(`${tableFunction}()`);
  const hidden = reading.functions.find((name) => !isCallable(name));
  if (hidden !== undefined) throw denied(`${hidden}()`);
  const unknown = reading.tables.find((name) => !known.has(name.toLowerCase()));
  if (unknown !== undefined) {
    throw new Fault("invalid", `there is no table or cell named "${unknown}"`, {
      hint: `There are: ${[...known].sort().join(", ")}.`
    });
  }
}

function denied(what: string): Fault {
  return new Fault("denied", `a cell may not read ${what}`, {
    hint: "It reads the views of its own business units and other cells, nothing else."
  });
}
