import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeSample } from "#lib/work/write-sample.ts";
import { countOption, parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage = "tracebook sample [--traces N] [--seed S] [--plain] [--json]";

export const command: Command = {
  about:
    "Writes the sample lake: four business units over 30 days, with planted failures and their answer key; --plain plants none.",
  usage,
  async run(args) {
    const parsed = parseArguments(
      args,
      { traces: { type: "string" }, seed: { type: "string" }, plain: { type: "boolean" } },
      usage
    );
    const out = openConsole(parsed.options.json === true);
    const options = {
      traces: countOption(parsed, "traces", 4000),
      seed: countOption(parsed, "seed", 1),
      plants: parsed.options.plain !== true
    };
    return withWorkbench(async (workbench, signal) => {
      const summary = await writeSample(
        workbench,
        await workbench.scope(),
        { ...options, endMs: workbench.clock.nowMs() },
        ({ traces, total }) => out.progress(`${formatCount(traces)} of ${formatCount(total)} traces`),
        signal
      );
      await workbench.keepAnswerKey(summary.key);
      out.progressDone();
      const keyPath = join(workbench.config.dataFolder, "sample-key.json");
      await writeFile(keyPath, `${JSON.stringify(summary.key, null, 1)}\n`);
      out.print(
        out.json
          ? formatJson({ traces: summary.traces, spans: summary.spans, scores: summary.scores, key: keyPath })
          : `wrote ${formatCount(summary.traces)} traces, ${formatCount(summary.spans)} spans; the answer key is ${keyPath}`
      );
      return 0;
    });
  }
};
