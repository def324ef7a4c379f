import { Fault } from "#lib/model/fault.ts";
import type { ScoringRule } from "#lib/model/scoring-rule.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatJson, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage = "tracebook rules list | pause <id> | resume <id>  [--json]";

export const command: Command = {
  about: "Lists the rules that score traffic as it arrives, and pauses and resumes them.",
  usage,
  async run(args) {
    const parsed = parseArguments(args, {}, usage);
    const out = openConsole(parsed.options.json === true);
    const [action, ruleId] = parsed.words;
    return withWorkbench(async ({ scorerPages: { scoringRules, promotedScorers }, scope }) => {
      const owner = await scope();
      if (action === "list") {
        const rules = await scoringRules.list(owner);
        const names = new Map((await promotedScorers.list(owner)).map(({ scorerId, name }) => [scorerId, name]));
        if (out.json) out.print(formatJson({ rules }));
        else if (rules.length === 0) out.print("there are no scoring rules");
        else for (const rule of rules) out.print(formatRule(rule, names.get(rule.scorerId) ?? rule.scorerId));
        return 0;
      }
      if ((action === "pause" || action === "resume") && ruleId) {
        await scoringRules[action](owner, ruleId);
        if (out.json) out.print(formatJson({ ruleId }));
        else
          out.print(
            action === "pause"
              ? "the rule scores nothing until it is resumed; what arrives meanwhile is scored then"
              : "the rule goes on with what has arrived since it was paused"
          );
        return 0;
      }
      throw new Fault("invalid", "rules knows list, pause and resume", { hint: `Usage: ${usage}` });
    });
  }
};

function formatRule({ ruleId, version, rate, businessUnits, predicate, pause }: ScoringRule, scorer: string): string {
  const state = pause === null ? "active" : `paused${pause.because === null ? "" : `: ${pause.because}`}`;
  const which = version === null ? "newest" : `version ${version}`;
  return `${ruleId}  ${scorer} (${which})  ${businessUnits.join(",")}  ${rate * 100} % of ${predicate.replaceAll(/\s+/g, " ")}  ${state}`;
}
