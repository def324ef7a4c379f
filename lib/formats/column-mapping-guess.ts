import type { ColumnMapping, ColumnTarget, ColumnUse } from "./column-mapping.ts";
import { findColumn, isEmptyCell, listColumns } from "./column-mapping-cells.ts";
import { readInstant, readKind, readNumber, readStatus, readVerdict, tellEpochUnit } from "./column-mapping-values.ts";
import type { Fields } from "./fields.ts";

/** A column and what it seems to be. */
export interface GuessedUse extends ColumnUse {
  /** Why, in words for the person who decides. */
  readonly reason: string;
}

/** What a column's name and cells must look like to be taken for something. */
interface Sign {
  readonly target: ColumnTarget;
  readonly name: RegExp;
  readonly cells: (cells: readonly unknown[]) => boolean;
}

const isShort = (cell: unknown): boolean =>
  typeof cell === "number" || (typeof cell === "string" && cell.length <= 120 && !cell.includes("\n"));
const isWord = (cell: unknown): boolean => isShort(cell) && !/\s/.test(String(cell).trim());
const isInstant = (cell: unknown): boolean => readInstant(cell) !== null;
const isAmount = (cell: unknown): boolean => (readNumber(cell) ?? -1) >= 0;
const isSpeech = (cell: unknown): boolean => typeof cell === "string" || typeof cell === "object";
const areAll = (test: (cell: unknown) => boolean) => (cells: readonly unknown[]) => cells.every(test);
const areDifferent = (cells: readonly unknown[]) =>
  cells.every(isWord) && new Set(cells.map(String)).size === cells.length;

/** The most telling first; a column goes to the first sign that fits it, a target to the first column. */
const signs: readonly Sign[] = [
  { target: "trace_id", name: /^trace_?(id|uuid|key)?$/, cells: areAll(isWord) },
  {
    target: "trace_id",
    name: /^(conversation|chat|thread|dialog|dialogue|request|run|interaction|call|ticket|case)(_?(id|uuid|key|number))?$/,
    cells: areAll(isWord)
  },
  { target: "span_id", name: /^(span|step|event|observation|node|message|turn)_?(id|uuid)$/, cells: areAll(isWord) },
  {
    target: "parent_span_id",
    name: /^parent(_(span|run|step|observation|message|event))?(_?(id|uuid))?$/,
    cells: areAll(isWord)
  },
  { target: "session_id", name: /^(session|thread|conversation|chat)(_?(id|uuid|key))?$/, cells: areAll(isWord) },
  { target: "trace_id", name: /^(id|uuid|_id|row_id|index|example_id)$/, cells: areDifferent },
  {
    target: "started_at",
    name: /^(start|started|start_?time|started_?at|start_?date|start_?timestamp|timestamp|time|ts|created|created_?(at|on|time)|date|date_?time|asked_?at|received_?at)$/,
    cells: areAll(isInstant)
  },
  {
    target: "ended_at",
    name: /^(end|ended|end_?time|ended_?at|end_?date|end_?timestamp|finished(_?at)?|completed_?at|answered_?at)$/,
    cells: areAll(isInstant)
  },
  {
    target: "duration_ms",
    name: /^(duration|latency|elapsed|response_time|took)(_?(ms|millis|milliseconds))?$/,
    cells: areAll(isAmount)
  },
  {
    target: "kind",
    name: /^(kind|type|(span|step|observation|run)_?(kind|type))$/,
    cells: areAll((cell) => readKind(cell) !== null)
  },
  {
    target: "input",
    name: /^(input(s|_?(text|value|messages?))?|question|query|prompt|(user|customer)_?(message|input|query|prompt|question|text)|request|messages?|instruction|human|utterance)$/,
    cells: areAll(isSpeech)
  },
  {
    target: "output",
    name: /^(output(s|_?(text|value|messages?))?|answer|response|completion|reply|(assistant|bot|agent|model)_?(message|output|answer|response|reply)|generation|prediction|result)$/,
    cells: areAll(isSpeech)
  },
  { target: "agent", name: /^(agent|bot|assistant|app|service)(_?(name|id))?$/, cells: areAll(isShort) },
  { target: "user_id", name: /^(user|customer|client|account|member)(_?(id|uuid|name))?$/, cells: areAll(isShort) },
  { target: "model", name: /^((llm_?)?model(_?(name|id))?|llm|engine|deployment)$/, cells: areAll(isShort) },
  { target: "tool_name", name: /^(tool|function)(_?name)?$/, cells: areAll(isShort) },
  {
    target: "tokens_in",
    name: /^((num_|n_|usage_)?(input|prompt)_?tokens?(_?count)?|tokens?_?(in|input|prompt))$/,
    cells: areAll(isAmount)
  },
  {
    target: "tokens_out",
    name: /^((num_|n_|usage_)?(output|completion|generated)_?tokens?(_?count)?|tokens?_?(out|output|completion))$/,
    cells: areAll(isAmount)
  },
  { target: "cost_usd", name: /^((total_)?(cost|price)(_?(usd|dollars))?|usd)$/, cells: areAll(isAmount) },
  { target: "status", name: /^(status|state|success|outcome)$/, cells: areAll((cell) => readStatus(cell) !== null) },
  { target: "environment", name: /^(env|environment|stage|deployment_environment)$/, cells: areAll(isWord) },
  { target: "name", name: /^(name|title|(span|step|operation|event)_?name|operation)$/, cells: areAll(isShort) }
];

const scoreName =
  /^(score|rating|stars|feedback|grade|reward|correct|correctness|helpful|helpfulness|thumbs?(_up)?|csat|accuracy|faithfulness|quality|relevance|groundedness|toxicity|.+_(score|rating|grade))$/;
const labelName = /^(label|category|intent|topic|tag|class|issue_type|reason_code|verdict|annotation|.+_label)$/;

/** Scales that numbers outside 0..1 are taken to be on, the narrowest that holds them all. */
const scales: readonly (readonly [low: number, high: number])[] = [
  [1, 5],
  [0, 5],
  [1, 10],
  [0, 10],
  [-1, 1],
  [0, 100]
];

/**
 * What the columns of a table seem to be, by their names and by what is in them. A judgement: what it rests on
 * stands beside each, and whoever imports decides.
 *
 * @param records  the first rows
 */
export function suggestMapping(records: readonly Fields[]): readonly GuessedUse[] {
  const open = new Map(
    listColumns(records).map((column) => {
      const cells = records.map((record) => findColumn(record, column)).filter((cell) => !isEmptyCell(cell));
      return [column, cells] as const;
    })
  );
  const uses: GuessedUse[] = [];
  const take = (target: ColumnTarget, column: string, reason: string, range: ColumnUse["range"] = null): void => {
    if (!open.has(column) || uses.some((use) => use.target === target)) return;
    open.delete(column);
    uses.push({ target, column, range, reason });
  };
  for (const { target, name, cells } of signs) {
    const found = [...open].find(
      ([column, held]) => held.length > 0 && namesOf(column).some((one) => name.test(one)) && cells(held)
    );
    if (found) take(target, found[0], describe(target, found[1]));
  }
  for (const [column, cells] of open) {
    const name = namesOf(column).at(-1)!;
    if (scoreName.test(name) && cells.length > 0 && cells.every((cell) => readVerdict(cell) !== null)) {
      const range = suggestRange(cells);
      const scale = range
        ? `numbers on a scale from ${range[0]} to ${range[1]}`
        : "numbers within 0 and 1, or yes and no";
      take(`score:${name}`, column, `its name, and ${scale}`, range);
    } else if (labelName.test(name) && cells.length > 0 && cells.every(isShort))
      take(`label:${name}`, column, "its name, and short words");
  }
  for (const target of ["input", "output"] as const) {
    const long = [...open].find(([, cells]) => meanLength(cells) >= 20);
    if (long) take(target, long[0], "the first long texts that nothing else claims");
  }
  return uses;
}

/** A guess without its reasons. */
export function plainMapping(guessed: readonly GuessedUse[]): ColumnMapping {
  return guessed.map(({ target, column, range }) => ({ target, column, range }));
}

/** A name in lower case with underscores: whole, and its last field. */
function namesOf(column: string): readonly string[] {
  const plain = (name: string) =>
    name
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "");
  const whole = plain(column);
  const last = plain(column.slice(column.lastIndexOf(".") + 1));
  return whole === last || last === "" ? [whole] : [whole, last];
}

function describe(target: ColumnTarget, cells: readonly unknown[]): string {
  if (target === "started_at" || target === "ended_at") {
    const number = readNumber(cells[0]);
    return number === null
      ? "its name, and times"
      : `its name, and numbers that count ${tellEpochUnit(number)} since 1970`;
  }
  return "its name";
}

function suggestRange(cells: readonly unknown[]): readonly [number, number] | null {
  const numbers = cells.map(readVerdict).filter((value) => typeof value === "number");
  if (numbers.every((value) => value >= 0 && value <= 1)) return null;
  return scales.find(([low, high]) => numbers.every((value) => value >= low && value <= high)) ?? null;
}

function meanLength(cells: readonly unknown[]): number {
  const texts = cells.filter((cell) => typeof cell === "string");
  return texts.length === 0 ? 0 : texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
}
