import { Fault } from "#lib/model/fault.ts";
import { checkSides, type LabelSides } from "#lib/model/label-sides.ts";
import type { ScorerComparison } from "#lib/model/scorer-comparison.ts";
import { type ComparisonEvent, mostRandom, type PromotionGroundReply } from "#lib/wire/promotion.ts";
import { describeVersions, sayChanges, sayPaired } from "#lib/work/comparison-words.ts";
import { sayUsd } from "#lib/work/paid-model.ts";
import { type Arguments, countOption, parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, formatTable, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage =
  "tracebook promote <workbook> <cell> [--note why] [--unit u]… [--as new|name] [--use score-cell] [--pass label]… [--fail label]… [--random n] [--budget usd] [--dry-run]";

const list = (parsed: Arguments, name: string) => (parsed.options[name] as readonly string[] | undefined) ?? [];

export const command: Command = {
  about: "Compares a scorer or judge of a saved workbook with the version before and with people, and promotes it.",
  usage,
  async run(args) {
    const many = { type: "string", multiple: true } as const;
    const parsed = parseArguments(
      args,
      {
        ...{ note: { type: "string" }, unit: many, as: { type: "string" }, use: { type: "string" } },
        ...{ pass: many, fail: many, random: { type: "string" }, budget: { type: "string" } },
        "dry-run": { type: "boolean" }
      },
      usage
    );
    const [slug, cell] = parsed.words;
    if (!slug || !cell)
      throw new Fault("invalid", "a scorer is named by its workbook and cell", { hint: `Usage: ${usage}` });
    const out = openConsole(parsed.options.json === true);
    return withWorkbench(async ({ workbooks, promotions, scope: scopeOf }, signal) => {
      const scope = await scopeOf();
      const stored = await workbooks.find(scope, slug);
      if (!stored) throw new Fault("missing", `there is no workbook "${slug}"`);
      const place = { workbook: slug, cell, text: stored.text };
      const ground = await promotions.ground(scope, place, signal);
      const head = chooseHead(ground, textOption(parsed, "as"));
      const given = list(parsed, "unit");
      const choice = {
        base: head && { scorerId: head.scorerId, version: head.version },
        use: textOption(parsed, "use") ?? ground.uses[0] ?? null,
        units: given.length > 0 ? given : (head?.businessUnits ?? ground.units)
      };
      const asked = {
        ...{ ...choice, text: stored.text, sides: chooseSides(parsed, ground), seed: 1 },
        random: countOption(parsed, "random", ground.kind === "judge" ? 50 : mostRandom),
        budgetUsd: readBudget(parsed)
      };
      let last: ComparisonEvent | undefined;
      for await (const event of promotions.compare(scope, place, asked, signal)) {
        if (event.kind === "progress")
          out.progress(`scored ${formatCount(event.done)} of ${formatCount(event.total)} traces`);
        last = event;
      }
      out.progressDone();
      if (last?.kind === "forecast") {
        const { questions, model, costUsd } = last.answers;
        throw new Fault("invalid", `to compare, ${model} is asked ${formatCount(questions)} questions`, {
          hint: `That costs about ${costUsd === null ? "what nobody has said" : sayUsd(costUsd)}. Say with --budget what it may cost at most.`
        });
      }
      if (last?.kind !== "compared") throw new Fault("limit", "stopped");
      const { comparison, comparisonId } = last;
      const isDry = parsed.options["dry-run"] === true;
      const promoted = isDry
        ? null
        : await promotions.promote(
            scope,
            place,
            { ...choice, revision: stored.revision, note: textOption(parsed, "note") ?? "", comparisonId },
            signal
          );
      if (out.json) out.print(formatJson({ comparison, promoted }));
      else {
        printComparison(out.print, comparison, head?.version ?? null);
        if (promoted)
          out.print(
            `${promoted.name} is promoted as version ${promoted.version} for ${promoted.businessUnits.join(", ")}: /scorers/${promoted.scorerId}`
          );
      }
      return 0;
    });
  }
};

function chooseHead({ heads, suggested }: PromotionGroundReply, as: string | undefined) {
  if (as === "new") return null;
  const found = heads.find(({ scorerId, name }) => (as === undefined ? scorerId === suggested : name === as));
  if (found || as === undefined) return found ?? null;
  throw new Fault("missing", `there is no promoted scorer "${as}"`, {
    hint: `There are: ${heads.map(({ name }) => name).join(", ") || "none"}. Write --as new for a new one.`
  });
}

/** As the options say; else as the workbook's calibration or the words of the labels suggest. */
function chooseSides(parsed: Arguments, { sides }: PromotionGroundReply): LabelSides | null {
  const [fine, wrong] = [list(parsed, "pass"), list(parsed, "fail")];
  if (fine.length + wrong.length > 0) return checkSides({ fine, wrong });
  return sides.fine.length > 0 && sides.wrong.length > 0 ? sides : null;
}

function readBudget(parsed: Arguments): number | null {
  const word = textOption(parsed, "budget");
  if (word === undefined) return null;
  if (/^\d+(\.\d+)?$/.test(word)) return Number(word);
  throw new Fault("invalid", `--budget "${word}" is no amount of US dollars`);
}

function printComparison(print: (line: string) => void, comparison: ScorerComparison, version: number | null): void {
  const { labelled, random, sides, changes, paired, warnings } = comparison;
  print(`${formatCount(labelled)} labelled traces and ${formatCount(random)} by chance`);
  if (sides) print(`people pass: ${sides.fine.join(", ")}; people fail: ${sides.wrong.join(", ")}`);
  print(
    formatTable(
      describeVersions(comparison).map(({ name, next, base }) => ({
        measure: name,
        ...(version === null ? {} : { [`version ${version}`]: base }),
        "this text": next
      }))
    )
  );
  if (paired) print(`against people: ${sayPaired(paired)}`);
  if (changes)
    print(`scores of labelled traces: ${sayChanges(changes.labelled)}; of others: ${sayChanges(changes.random)}`);
  for (const warning of warnings) print(warning);
}
