import { STOP_WORDS } from "#lib/map/stop-words.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Selection } from "#lib/model/selection.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import type { StoredWorkbook, Workbooks } from "#lib/ports/workbooks.ts";
import { type DraftTrace, draftScorer, formatDraft, passesDraft, readCharacters } from "#lib/scoring/draft-scorer.ts";
import { quoteText } from "#lib/sql/quote.ts";
import { formatWorkbook, parseDocument } from "#lib/workbook/document.ts";
import { deleteCell, insertCell, type NewCell } from "#lib/workbook/edit.ts";
import { withNeeds } from "#lib/workbook/graph.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { formatNewWorkbook } from "#lib/workbook/new-workbook.ts";
import { createWorkbook } from "./edit-workbooks.ts";
import { readText } from "./read-text.ts";
import { countSelection, type OpenSelection, requireSome, type SelectionDoors, withSelection } from "./selection.ts";

type WorkbookDoors = SelectionDoors & { readonly workbooks: Workbooks; readonly parser: SqlParser };

/** Traces of each side that a draft is made and measured on here, and that the workbook compares. */
const [mostDrafted, mostCompared] = [1000, 2000];

/** Fewer of a side than this, and all of them are drafted from. */
const leastHeldOut = 40;

/** Makes a workbook whose first cell is the question of a selection, and whose second reads its traces. */
export function openCohort(doors: WorkbookDoors, scope: Scope, selection: Selection): Promise<StoredWorkbook> {
  return withSelection(doors, scope, selection, async (open) => {
    const { traces, units } = await countSelection(open);
    requireSome(traces, Number.MAX_SAFE_INTEGER, "");
    return makeWorkbook(doors, scope, open, units, `Cohort: ${open.title}`, (name) => [
      prose("The traces that were picked, found anew whenever this runs: those that arrived since are in it, too."),
      { kind: "sql", name: name("picked"), text: `${open.origin.sql}\n` },
      {
        kind: "sql",
        name: name("cohort"),
        text: `select t.started_at, t.agent, t.input, t.output, t.status, t.cost_usd, t.trace_id\nfrom traces t join ${name("picked")} p using (trace_id, business_unit)\norder by t.started_at desc\n`
      }
    ]);
  });
}

/**
 * Makes a workbook with a scorer that is drafted from what sets the selected traces apart from the others on the map,
 * and a check of how well it does. It is a beginning to be read and changed, and says so.
 *
 * @throws Fault `invalid` where no word and no tool tells the two apart
 */
export function draftScorerWorkbook(doors: WorkbookDoors, scope: Scope, selection: Selection): Promise<StoredWorkbook> {
  return withSelection(doors, scope, selection, async (open) => {
    const { traces, units } = await countSelection(open);
    requireSome(traces, Number.MAX_SAFE_INTEGER, "");
    const [within, without] = [
      await readDraftTraces(open, open.traces),
      await readDraftTraces(open, `select * from (${open.rest}) where business_unit in ${listUnits(units)}`)
    ];
    if (without.length === 0) {
      throw new Fault("invalid", "everything on the map is selected, so there is nothing to tell it apart from", {
        hint: "Draw around a part of it."
      });
    }
    const { drafted, held } = splitHalves(within, without);
    const draft = draftScorer(drafted.within, drafted.without, STOP_WORDS);
    if (!draft) {
      throw new Fault(
        "invalid",
        "no word of the first message and no tool is commoner in these traces than in the others",
        {
          hint: "Draw around something that has more in common, or write the scorer by hand."
        }
      );
    }
    const rate = (side: readonly DraftTrace[]) =>
      formatRate(side.filter((trace) => passesDraft(draft, trace)).length, side.length);
    const about = [
      `A draft: words and tools that set ${drafted.within.length.toLocaleString("en-US")} of the picked traces apart from`,
      `${drafted.without.length.toLocaleString("en-US")} others of the same units on the map. ${held.isApart ? "Of traces that it was not drafted from" : "Of the very traces that it was drafted from"} it passes`,
      `${rate(held.within)} of the picked and ${rate(held.without)} of the others.`,
      "Read the words, take out what is there by chance, and correct the limit."
    ];
    return makeWorkbook(doors, scope, open, units, `Scorer: ${open.title}`, (name) => [
      prose("Traces that were picked, a scorer drafted from what sets them apart, and how well it does."),
      { kind: "sql", name: name("picked"), text: `${open.origin.sql}\n` },
      { kind: "sql", name: name("compared"), text: comparedSql(open, name("picked"), units) },
      { kind: "scorer", name: name("drafted"), text: formatDraft(draft, about) },
      { kind: "score", name: name("verdicts"), text: `traces: ${name("compared")}\nscorer: ${name("drafted")}\n` },
      { kind: "check", name: name("tells_apart"), text: checkSql(name("verdicts"), name("compared")) }
    ]);
  });
}

const prose = (text: string): NewCell => ({ kind: "prose", text: `${text}\n` });

/** Others are those of the same units: words that tell two units apart would say little about what was picked. */
const listUnits = (units: readonly string[]) => `(${units.map(quoteText).join(", ")})`;

/** Where the sides are large, a sample of each stands for it: the same one always. */
function comparedSql(open: OpenSelection, picked: string, units: readonly string[]): string {
  return `select p.trace_id, p.business_unit, s.trace_id is not null as is_picked
from ${open.map}
left join ${picked} s on s.trace_id = p.trace_id and s.business_unit = p.business_unit
where p.business_unit in ${listUnits(units)}
qualify row_number() over (partition by s.trace_id is not null order by md5(p.trace_id)) <= ${mostCompared}
`;
}

function checkSql(verdicts: string, compared: string): string {
  const row = (name: string, value: string, least: number, side: string) =>
    `select '${name}' as name, ${value} as value, ${least} as threshold, ${value} >= ${least} as pass, count(v.value) as n
from ${verdicts} v join ${compared} c using (trace_id) where ${side}`;
  return `${row("passes what was picked", "avg(v.value)", 0.7, "c.is_picked")}
union all
${row("fails the others", "1 - avg(v.value)", 0.7, "not c.is_picked")}
`;
}

async function readDraftTraces(open: OpenSelection, traces: string): Promise<readonly DraftTrace[]> {
  const sql = `select left(coalesce(t.input, ''), ${readCharacters}) as input, t.tool_names from (${traces}) t order by md5(t.trace_id) limit ${mostDrafted}`;
  const read: DraftTrace[] = [];
  for await (const rows of open.kernel.stream(sql, open.values)) {
    for (const row of rows) {
      const tools: unknown = row["tool_names"];
      read.push({ input: String(row["input"]), tools: Array.isArray(tools) ? tools.map(String) : [] });
    }
  }
  return read;
}

interface Sides {
  readonly within: readonly DraftTrace[];
  readonly without: readonly DraftTrace[];
}

/** Every second trace is kept to measure with, where there are enough. */
function splitHalves(
  within: readonly DraftTrace[],
  without: readonly DraftTrace[]
): { readonly drafted: Sides; readonly held: Sides & { readonly isApart: boolean } } {
  const all = { within, without };
  if (Math.min(within.length, without.length) < leastHeldOut) return { drafted: all, held: { ...all, isApart: false } };
  const half = (rest: 0 | 1): Sides => ({
    within: within.filter((_, at) => at % 2 === rest),
    without: without.filter((_, at) => at % 2 === rest)
  });
  return { drafted: half(0), held: { ...half(1), isApart: true } };
}

/** `82 % [76, 87] n = 214` */
function formatRate(passes: number, n: number): string {
  const [low, high] = wilsonInterval(passes, n);
  const percent = (share: number) => Math.round(share * 100);
  return `${percent(n === 0 ? 0 : passes / n)} % [${percent(low)}, ${percent(high)}] n = ${n.toLocaleString("en-US")}`;
}

/** A workbook of cells; one that begins from a map cell brings that cell and what it needs along. */
async function makeWorkbook(
  doors: WorkbookDoors,
  scope: Scope,
  open: OpenSelection,
  units: readonly string[],
  title: string,
  cellsOf: (name: (wanted: string) => string) => readonly NewCell[]
): Promise<StoredWorkbook> {
  const { selection } = open.origin;
  const ground =
    selection.kind === "cell"
      ? await cutToMap(doors, scope, selection, title)
      : {
          text: formatNewWorkbook(title, units, []),
          cells: 0,
          names: new Set<string>()
        };
  let { text, cells } = ground;
  const free = (wanted: string): string => (ground.names.has(nameKey(wanted)) ? free(`${wanted}_2`) : wanted);
  for (const cell of cellsOf(free)) {
    text = insertCell(text, cells, cell);
    cells += 1;
  }
  return createWorkbook(doors.workbooks, scope, title, text);
}

/** A stored workbook without all that one map cell does not need, under another title and without its schedule. */
async function cutToMap(
  { workbooks, parser }: WorkbookDoors,
  scope: Scope,
  { workbook: slug, cell }: Extract<Selection, { kind: "cell" }>,
  title: string
): Promise<{ readonly text: string; readonly cells: number; readonly names: ReadonlySet<string> }> {
  const stored = await workbooks.find(scope, slug);
  if (!stored) throw new Fault("missing", `there is no workbook "${slug.slice(0, 80)}"`);
  const { workbook, graph } = await readText(stored.text, parser);
  const map = workbook.cells.find(({ key }) => nameKey(key) === nameKey(cell));
  if (!map) {
    throw new Fault("missing", `the workbook as it is saved has no cell "${cell.slice(0, 80)}"`, {
      hint: "Wait until it is saved, and try again."
    });
  }
  const needed = new Set(withNeeds(graph, [map.key]));
  const gone = [...workbook.cells.keys()].filter((at) => !needed.has(workbook.cells[at]?.key ?? ""));
  const cut = gone.reverse().reduce((text, at) => deleteCell(text, at), stored.text);
  const document = parseDocument(cut);
  const text = formatWorkbook({ ...document, front: retitle(document.front, title) });
  return { text, cells: needed.size, names: new Set([...needed].map(nameKey)) };
}

/** Front matter under another title; the schedule goes, as nobody asked for a second one. */
function retitle(front: string, title: string): string {
  const line = `title: ${JSON.stringify(title)}`;
  if (front === "") return `---\n${line}\n---\n`;
  const kept = front.replace(/^schedule:[^\n]*\n(?:[ \t]+[^\n]*\n)*/m, "");
  return /^title:/m.test(kept)
    ? kept.replace(/^title:[^\n]*/m, () => line)
    : kept.replace(/^---[^\n]*\n/, (open) => `${open}${line}\n`);
}
