import type { Cell, Workbook } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { TraceDocument } from "#lib/model/trace-document.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Model, ModelQuestion } from "#lib/ports/model.ts";
import { listSources, readMaterial, type SourceText } from "#lib/scoring/judge-material.ts";
import { buildJudgePrompt, judgePromptVersion, mostJudgeTokens, type ShownExample } from "#lib/scoring/judge-prompt.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { views } from "#lib/sql/views.ts";
import { fingerprint } from "#lib/workbook/fingerprint.ts";
import { type JudgeSettings, mostExamples, parseJudgeSettings } from "#lib/workbook/judge-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { columnsOf } from "./cohort.ts";
import { requireModel } from "./paid-model.ts";
import { type ReadGround, readSubjects, type Subject } from "./score-subjects.ts";

/** Where a judge and its traces are read. */
export interface JudgeGround {
  readonly kernel: Kernel;
  /** The cell that a fault names. */
  readonly cell: Cell;
  readonly signal: AbortSignal;
  /** The traces of the table that are meant; all when absent. */
  readonly only?: NonNullable<ReadGround["only"]>;
}

/** A judge as it can be asked. */
export interface OpenJudge {
  readonly settings: JudgeSettings;
  readonly model: Model;
  /** By unit: traces of one unit are judged by its own examples alone. One more than are shown. */
  readonly examples: ReadonlyMap<BusinessUnit, readonly KnownExample[]>;
  /** Changes with what the judge is asked, by whom, and with the examples; not with its budget. */
  readonly version: string;
}

interface KnownExample extends ShownExample {
  readonly traceId: string;
}

/** A trace that a judge is asked about. */
export interface JudgeCase {
  readonly subject: Subject;
  /** Null where the trace holds nothing of what the judge sees. */
  readonly question: ModelQuestion | null;
  /** Texts that its quotes must stand in. */
  readonly sources: readonly SourceText[];
  /** True when the trace is shown shortened. */
  readonly isCut: boolean;
}

/** Of the trace to judge, and of each example, about. */
const [traceTokens, exampleTokens] = [12_000, 1000];

/** What a judge is called in faults about its model. */
export const askingJudge = { name: "a judge", without: "or score with a scorer cell; all other cells run as they are" };

/** The judge cell that a score cell names; undefined where it names another scorer. */
export function findJudge(workbook: Workbook, name: string): Cell | undefined {
  return workbook.cells.find(({ kind, key }) => kind === "judge" && nameKey(key) === nameKey(name));
}

/** @throws Fault `invalid` where the judge cannot be asked: its text, its examples, its model */
export async function openJudge(ground: JudgeGround, judge: Cell, configured: Model | null): Promise<OpenJudge> {
  const settings = parseJudgeSettings(judge.text);
  const model = requireModel(configured, askingJudge);
  if (settings.model !== null && settings.model !== model.modelId) {
    throw new Fault(
      "invalid",
      `the judge "${judge.key}" asks ${settings.model} alone, and ${model.modelId} is configured`,
      {
        hint: `Set TRACEBOOK_MODEL to ${settings.model}, or write model: ${model.modelId}; its scores are then of another version.`
      }
    );
  }
  const { criterion, labels, sees } = settings;
  const examples = await readExamples({ ...ground, cell: judge }, settings);
  const shown =
    typeof settings.examples === "string"
      ? [...examples].map(([unit, list]) => [unit, list.map(({ traceId, label, reason }) => [traceId, label, reason])])
      : settings.examples;
  const asked = JSON.stringify([criterion, labels, sees, shown]);
  return {
    settings,
    model,
    examples,
    version: fingerprint([judgePromptVersion, model.modelId, asked]).slice(2, 14)
  };
}

/**
 * What a judge is asked about each trace of a table, in the order of their start.
 *
 * @param traces  quoted
 */
export async function* readCases(ground: JudgeGround, judge: OpenJudge, traces: string): AsyncGenerator<JudgeCase> {
  const subjects: Subject[] = [];
  const { sees } = judge.settings;
  for await (const frame of readSubjects(ground, traces, { kind: "trace" }, subjects)) {
    const known = subjects.splice(0);
    for (const [at, { text }] of frame.entries()) {
      const subject = known[at]!;
      const view = new TraceView(JSON.parse(text) as TraceDocument);
      const { parts, isCut } = readMaterial(view, sees, traceTokens);
      if (Object.keys(parts).length === 0) {
        yield { subject, question: null, sources: [], isCut };
        continue;
      }
      const { system, user, form, schema } = buildJudgePrompt(judge.settings, examplesFor(judge, subject), parts);
      const question = {
        ...{ businessUnit: subject.businessUnit, system, user, form, schema },
        maxTokens: mostJudgeTokens
      };
      yield { subject, question, sources: listSources(view, sees), isCut };
    }
  }
}

/** A trace that is an example itself is judged by the others, so that it is not told its own verdict. */
function examplesFor(
  { settings, examples }: OpenJudge,
  { businessUnit, traceId }: Pick<Subject, "businessUnit" | "traceId">
): readonly ShownExample[] {
  if (typeof settings.examples !== "string")
    return settings.examples.map(({ text, label, reason }) => ({ trace: text, label, reason }));
  return (examples.get(businessUnit) ?? []).filter((example) => example.traceId !== traceId).slice(0, mostExamples);
}

async function readExamples(ground: JudgeGround, settings: JudgeSettings): Promise<OpenJudge["examples"]> {
  const table = settings.examples;
  const found = new Map<BusinessUnit, KnownExample[]>();
  if (typeof table !== "string") return found;
  const columns = (await columnsOf(ground, table)) ?? views.find(({ name }) => name === nameKey(table))?.columns ?? [];
  const has = (name: string) => columns.some((column) => nameKey(column.name) === name);
  if (!has("label")) {
    throw new Fault("invalid", `table "${table}" has no column label, so it holds no examples for a judge`, {
      hint: "Select trace_id, label and reason there."
    });
  }
  const names = settings.labels.map(({ name }) => name);
  for await (const rows of ground.kernel.stream(examplesSql(table, has), {}, ground.signal)) {
    for (const row of rows) {
      const [unit, traceId, label] = [row["business_unit"], row["trace_id"], row["label"]].map(String) as [
        string,
        string,
        string
      ];
      if (!names.includes(label)) {
        throw new Fault(
          "invalid",
          `the example of trace ${traceId} has the label "${label}", which is none of the judge's`,
          {
            hint: `It has ${names.join(", ")}: choose or rename labels in "${table}".`
          }
        );
      }
      const view = new TraceView(JSON.parse(String(row["document"])) as TraceDocument);
      const trace = readMaterial(view, settings.sees, exampleTokens).parts;
      const list = found.get(unit) ?? [];
      list.push({ traceId, trace, label, reason: String(row["reason"] ?? "").slice(0, 1000) });
      found.set(unit, list);
    }
  }
  return found;
}

/** One verdict of each trace on which people agree, the labels in turn, so that few examples still show each. */
function examplesSql(table: string, has: (name: string) => boolean): string {
  const reason = has("reason") ? "reason" : has("note") ? "note" : "null";
  const unit = has("business_unit") ? "and d.business_unit = o.business_unit" : "";
  const group = has("business_unit") ? "trace_id, business_unit" : "trace_id";
  const whole = has("span_id") ? "and span_id is null" : "";
  return `with one as (
      select ${group}, min(label)::varchar as label, min(${reason})::varchar as reason from ${quoteName(table)}
      where label is not null ${whole} group by ${group} having count(distinct label) = 1
    ), placed as (
      select o.trace_id, o.label, o.reason, d.business_unit, d.document,
        row_number() over (partition by d.business_unit, o.label order by o.trace_id) as turn
      from one o join trace_documents d on d.trace_id = o.trace_id ${unit}
    )
    select * from placed
    qualify row_number() over (partition by business_unit order by turn, label, trace_id) <= ${mostExamples + 1}
    order by business_unit, turn, label, trace_id`;
}
