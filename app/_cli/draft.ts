import { Fault } from "#lib/model/fault.ts";
import { type LabelSource, labelSplits } from "#lib/model/label-sides.ts";
import { draftFromLabels, planDraft } from "#lib/work/draft-from-labels.ts";
import { parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage =
  "tracebook draft --queue <id> | --dataset <id> --wrong <label> --fine <label> [--unit <unit>] [--budget <usd>] [--json]";

export const command: Command = {
  about:
    "Drafts a scorer from the labels of a queue or dataset, as a workbook; --wrong and --fine may come several times, other labels are left out.",
  usage,
  async run(args) {
    const several = { type: "string", multiple: true } as const;
    const one = { type: "string" } as const;
    const parsed = parseArguments(
      args,
      { queue: one, dataset: one, wrong: several, fine: several, unit: one, budget: one },
      usage
    );
    const budget = textOption(parsed, "budget");
    if (budget !== undefined && !/^\d+(\.\d+)?$/.test(budget))
      throw new Fault("invalid", `--budget "${budget}" is not an amount of US dollars`);
    const listed = (name: string) => (parsed.options[name] as readonly string[] | undefined) ?? [];
    const request = {
      source: sourceOf(textOption(parsed, "queue"), textOption(parsed, "dataset")),
      businessUnit: textOption(parsed, "unit") ?? null,
      sides: { wrong: listed("wrong"), fine: listed("fine") },
      budgetUsd: budget === undefined ? null : Number(budget)
    };
    const out = openConsole(parsed.options.json === true);
    return withWorkbench(async (workbench, signal) => {
      const scope = await workbench.scope();
      const plan = await planDraft(workbench, scope, request);
      const made = await draftFromLabels(workbench, scope, request, signal);
      if (out.json) out.print(formatJson({ ...made, plan }));
      else {
        const parts = labelSplits.map(
          (split) => `${split} ${formatCount((plan.parts?.[split].wrong ?? 0) + (plan.parts?.[split].fine ?? 0))}`
        );
        out.print(
          `${formatCount(plan.wrong)} went wrong, ${formatCount(plan.fine)} did not; left out ${formatCount(plan.ties)} split evenly and ${formatCount(plan.leftOut)} that count for neither; ${parts.join(", ")}`
        );
        for (const note of made.notes) out.print(note);
        out.print(`drafted a ${made.scorer}: tracebook run ${made.slug}`);
      }
      return 0;
    });
  }
};

function sourceOf(queue: string | undefined, dataset: string | undefined): LabelSource {
  if (queue !== undefined && dataset === undefined) return { kind: "queue", id: queue };
  if (dataset !== undefined && queue === undefined) return { kind: "dataset", id: dataset };
  throw new Fault("invalid", "a draft is made from the labels of one queue or one dataset", {
    hint: `Usage: ${usage}`
  });
}
