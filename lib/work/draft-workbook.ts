import { type LabelSides, labelSplits } from "#lib/model/label-sides.ts";
import type { Checklist } from "#lib/scoring/checklist.ts";
import { describeCondition, formatChecklist } from "#lib/scoring/checklist-text.ts";
import type { ReasonGroup } from "#lib/scoring/reason-groups.ts";
import type { NewCell } from "#lib/workbook/edit.ts";
import { formatNewWorkbook } from "#lib/workbook/new-workbook.ts";
import { quoteProse } from "#lib/workbook/quote-prose.ts";
import { type LabelParts, type LabelSet, type LabelTally, labelledSql, testName } from "./label-set.ts";
import type { WrittenRubric } from "./rubric-question.ts";

/** The scorer of a draft. */
export type DraftedScorer =
  | {
      readonly kind: "judge";
      readonly rubric: WrittenRubric;
      /** Who wrote the rubric and judges by it. */
      readonly modelId: string;
      /** What writing it cost, in words. */
      readonly spent: string;
      /** What each score cell may spend, US dollars. */
      readonly budgetUsd: number;
    }
  | {
      readonly kind: "checklist";
      readonly checklist: Checklist;
      /** Why it is no judge, in a sentence. */
      readonly why: string;
    };

/** All that a drafted workbook is made of. */
export interface DraftMaterial {
  readonly set: LabelSet;
  readonly sides: LabelSides;
  readonly tally: LabelTally;
  readonly parts: LabelParts;
  /** Of the train split alone; the largest first. */
  readonly groups: readonly ReasonGroup[];
  /** Whether the groups are the clusters of a map. */
  readonly hasMap: boolean;
  readonly scorer: DraftedScorer;
  /** What else there is to know, a sentence each. */
  readonly notes: readonly string[];
}

const [shownReasons, quoteCharacters, titleCharacters] = [3, 240, 100];

/** The workbook of a draft: labels and their splits, the reasons in groups, the scorer, and what it is measured by. */
export function formatDraftWorkbook(title: string, material: DraftMaterial): string {
  const { set, sides, parts, groups, hasMap, scorer } = material;
  const cells: readonly NewCell[] = [
    prose(introduce(material)),
    { kind: "sql", name: "labelled", text: labelledSql(set, sides, parts.seed) },
    ...(hasMap ? mapCells(groups.reduce((sum, { reasons }) => sum + reasons.length, 0)) : []),
    prose(describeGroups(groups, scorer)),
    ...scorerCells(scorer, groups),
    { kind: "sql", name: "practice", text: "select trace_id from labelled where split <> 'test'" },
    { kind: "score", name: "verdicts", text: "traces: practice\nscorer: drafted" },
    prose(
      "## On the dev split\n\nHow far the scorer agrees with people on traces that it was not drafted from. Read the disagreements, change the scorer, and run this as often as you like: the more often, the kinder the number."
    ),
    { kind: "sql", name: "dev", text: "select trace_id, pass, kin from labelled where split = 'dev'" },
    { kind: "sql", name: "dev_verdicts", text: "select * from verdicts where trace_id in (select trace_id from dev)" },
    { kind: "calibration", name: "on_dev", text: "scores: dev_verdicts\nlabels: dev\nby: kin" },
    prose(
      "## On the test split, once\n\nNobody learns from these traces. When the scorer is done, write its version into `on_test`, as the cell says: it is then measured, once, and the result stays. A version that comes later is measured on traces labelled since; where those are too few, its number is optimistic, and the cell says so beside the first one."
    ),
    { kind: "sql", name: "test_traces", text: "select trace_id, pass, kin from labelled where split = 'test'" },
    { kind: "score", name: "test_verdicts", text: "traces: test_traces\nscorer: drafted" },
    {
      kind: "calibration",
      name: "on_test",
      text: `scores: test_verdicts\nlabels: test_traces\nby: kin\ntest: ${JSON.stringify(testName(set))}`
    }
  ];
  return formatNewWorkbook(title, [set.businessUnit], cells);
}

/** What a drafted workbook is called. */
export function draftTitle({ title }: Pick<LabelSet, "title">): string {
  return `Scorer from labels: ${title.slice(0, titleCharacters).toWellFormed()}`;
}

const prose = (text: string): NewCell => ({ kind: "prose", text: `${text}\n` });

/** Reasons of the smallest group: few reasons make small groups, which a map of many traces would take for chance. */
export function leastGroup(reasons: number): number {
  return Math.max(2, Math.min(10, Math.round(Math.sqrt(reasons) / 2)));
}

const mapCells = (reasons: number): readonly NewCell[] => [
  {
    kind: "sql",
    name: "reasons",
    text: "select trace_id, reason, label from labelled where split = 'train' and reason <> ''"
  },
  {
    kind: "map",
    name: "reason_map",
    text: `traces: reasons\ntext: reason\nmin_cluster_size: ${leastGroup(reasons)}\nvectors: built-in`
  }
];

const count = (value: number) => value.toLocaleString("en-US");

const listLabels = (labels: readonly string[]) => labels.map((label) => `“${quoteProse(label, 100)}”`).join(", ");

function introduce({ set, sides, tally, parts, scorer, notes }: DraftMaterial): string {
  const meant = scorer.kind === "judge" ? "a judge" : "a checklist of words and tools";
  const rows = labelSplits.map((split) => {
    const { wrong, fine } = parts.parts[split];
    const use = {
      train: "the scorer is drafted from it",
      dev: "to measure while it is worked on",
      test: "to measure once"
    };
    return `| ${split} | ${count(wrong)} | ${count(fine)} | ${use[split]} |`;
  });
  const left = [
    tally.ties > 0 ? `${count(tally.ties)} on which as many people said one as the other` : "",
    tally.leftOut > 0 ? `${count(tally.leftOut)} with a label that counts for neither` : ""
  ].filter((part) => part !== "");
  return `A draft: ${meant}, made from what people said of the traces of the ${set.source.kind} “${quoteProse(set.title, 120)}” in ${set.businessUnit}. Nobody has read it yet. Read the rubric and the scorer, correct them, then run this.

It went wrong, people said by ${listLabels(sides.wrong)}, in ${count(tally.wrong)} traces; it did not, by ${listLabels(sides.fine)}, in ${count(tally.fine)}. ${count(tally.justified)} of them have a reason.${left.length > 0 ? ` Left out: ${left.join("; ")}.` : ""}

| split | went wrong | did not | what for |
|---|---|---|---|
${rows.join("\n")}

Traces of one session stay together. A trace keeps its split when more are labelled.${notes.map((note) => ` ${quoteProse(note, 600)}`).join("")}`;
}

function describeGroups(groups: readonly ReasonGroup[], scorer: DraftedScorer): string {
  const written = scorer.kind === "judge" ? scorer.rubric : undefined;
  const by =
    scorer.kind === "judge"
      ? ` Names and meanings were written by ${quoteProse(scorer.modelId, 80)} (${scorer.spent}).`
      : "";
  if (groups.length === 0) return "## The rubric\n\nNobody wrote why, so there are no reasons to make a rubric from.";
  const parts = groups.map(({ name, wrong, fine, reasons }, at) => {
    const own = written?.groups.get(at);
    const lines = reasons
      .slice(0, shownReasons)
      .map(
        ({ traceId, isWrong, reason }) =>
          `- ${isWrong ? "went wrong" : "did not"}: “${quoteProse(reason, quoteCharacters)}” [trace](/traces/${encodeURIComponent(traceId)})`
      );
    const more = reasons.length > shownReasons ? [`- and ${count(reasons.length - shownReasons)} more`] : [];
    const meaning = own && own.meaning !== "" ? `\n\n${quoteProse(own.meaning, 600)}` : "";
    return `### ${at + 1}. ${quoteProse(own?.name ?? name, 120)}\n\n${count(wrong)} went wrong, ${count(fine)} did not.${meaning}\n\n${[...lines, ...more].join("\n")}`;
  });
  return `## The rubric\n\nThe reasons of the train split, those that are alike together, in the words of those who judged.${by}\n\n${parts.join("\n\n")}`;
}

function scorerCells(scorer: DraftedScorer, groups: readonly ReasonGroup[]): readonly NewCell[] {
  if (scorer.kind === "judge") {
    const { rubric, modelId, budgetUsd } = scorer;
    const lines = [
      `criterion: ${JSON.stringify(rubric.criterion)}`,
      `labels:\n  pass: ${JSON.stringify(rubric.pass)}\n  fail: ${JSON.stringify(rubric.fail)}`,
      "passes: [pass]",
      "examples: examples",
      `model: ${JSON.stringify(modelId)}`,
      `budget_usd: ${budgetUsd}`
    ];
    return [
      prose(
        `## The judge\n\nCriterion and labels were written by ${quoteProse(modelId, 80)} from the reasons of the train split; its examples are of the train split alone.`
      ),
      {
        kind: "sql",
        name: "examples",
        text: "select trace_id, business_unit, label, reason from labelled where split = 'train' and reason <> ''"
      },
      { kind: "judge", name: "drafted", text: lines.join("\n") }
    ];
  }
  const { checklist, why } = scorer;
  const names = groups.map(({ name }) => name);
  const conditions = checklist.conditions.map(
    (condition) => `- ${quoteProse(describeCondition(condition, checklist, names), 400)}`
  );
  const said =
    conditions.length === 0
      ? "No word and no tool of the train split tells what went wrong from what did not surely enough, so the scorer has no condition and scores nothing. Write some by hand, or label more."
      : `A trace went wrong when it breaks enough of these conditions, each found in the train split alone:\n\n${conditions.join("\n")}\n\nIt is weak: it knows words and not what they mean, and among many words some tell traces apart by chance. What it is worth is what the dev split says.`;
  return [
    prose(`## The checklist\n\n${quoteProse(why, 600)} ${said}`),
    { kind: "scorer", name: "drafted", text: formatChecklist(checklist, names).trimEnd() }
  ];
}
