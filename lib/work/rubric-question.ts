import { cutLine } from "#lib/model/one-line.ts";
import type { RubricLabel } from "#lib/model/rubric.ts";
import type { BusinessUnit } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import { cutText } from "#lib/model/text-tokens.ts";
import type { ModelQuestion } from "#lib/ports/model.ts";
import { dataRule, formatDataBlock } from "#lib/scoring/data-block.ts";
import type { ReasonGroup } from "#lib/scoring/reason-groups.ts";

/** What a model makes of the reasons that people gave. */
export interface WrittenRubric {
  /** What is judged, as a judge is told it. */
  readonly criterion: string;
  /** When a trace passes, and when it fails. */
  readonly pass: string;
  readonly fail: string;
  /** By the place of the group, what it is called and what its reasons have in common; absent where nothing was written. */
  readonly groups: ReadonlyMap<number, { readonly name: string; readonly meaning: string }>;
}

/** Of an answer: usually, and at most. */
export const [usualRubricTokens, mostRubricTokens] = [600, 2000];

/** What a model is shown: groups, reasons of each, and about so many tokens of a reason. */
const [mostGroups, mostReasons, reasonTokens] = [12, 6, 100];

const [criterionLimit, meaningLimit, nameLimit] = [1500, 500, 60];

const system = `People judged recorded runs of an AI agent and wrote down why. You turn their reasons into one criterion by which others can judge more runs, so that they judge as these people did. You get what the labels mean, and the reasons in groups: how many of each group went wrong or not, and some of the reasons themselves. ${dataRule} Say in the criterion what to look for in a run, in the order of how often it went wrong by it, and nothing that the reasons do not bear out. Then when a run passes, and when it fails, a sentence or two each. Then for each group a name of at most ${nameLimit} characters, and what its reasons have in common. Name no people, and no numbers of accounts or orders. Write in the language of most of the reasons.`;

const text = (description: string): Json => ({ type: "string", description });

const schema: Json = {
  type: "object",
  properties: {
    criterion: text(`At most ${criterionLimit} characters`),
    pass: text(`At most ${meaningLimit} characters`),
    fail: text(`At most ${meaningLimit} characters`),
    groups: {
      type: "array",
      items: {
        type: "object",
        properties: {
          group: { type: "integer" },
          name: text(`At most ${nameLimit} characters`),
          meaning: text(`At most ${meaningLimit} characters`)
        },
        required: ["group", "name", "meaning"],
        additionalProperties: false
      }
    }
  },
  required: ["criterion", "pass", "fail", "groups"],
  additionalProperties: false
};

/** Asks for a rubric. @param labels  what people could choose, and what each means */
export function rubricQuestion(
  unit: BusinessUnit,
  labels: readonly Pick<RubricLabel, "name" | "meaning">[],
  groups: readonly ReasonGroup[]
): ModelQuestion {
  const shown = groups.slice(0, mostGroups).map(({ name, wrong, fine, reasons }, group) => ({
    ...{ group, words: name, went_wrong: wrong, did_not: fine },
    reasons: reasons
      .slice(0, mostReasons)
      .map(({ isWrong, reason }) => ({ went_wrong: isWrong, reason: cutText(reason, reasonTokens) }))
  }));
  const user = formatDataBlock({ labels: labels.map(({ name, meaning }) => ({ name, meaning })), groups: shown });
  return { businessUnit: unit, system, user, form: "rubric", schema, maxTokens: mostRubricTokens };
}

/** A rubric as it is kept, from an answer of the form; undefined where it leaves out what a judge needs. */
export function parseRubricAnswer(value: Json): WrittenRubric | undefined {
  const written = value as {
    readonly [name in "criterion" | "pass" | "fail"]: string;
  } & { readonly groups: readonly { readonly group: number; readonly name: string; readonly meaning: string }[] };
  const criterion = cutLine(written.criterion, criterionLimit);
  const [pass, fail] = [cutLine(written.pass, meaningLimit), cutLine(written.fail, meaningLimit)];
  if (criterion === "" || pass === "" || fail === "") return undefined;
  const groups = written.groups.map(({ group, name, meaning }) => {
    const said = { name: cutLine(name, nameLimit), meaning: cutLine(meaning, meaningLimit) };
    return [group, said] as const;
  });
  return { criterion, pass, fail, groups: new Map(groups.filter(([, { name }]) => name !== "")) };
}
