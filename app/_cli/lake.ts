import { Fault } from "#lib/model/fault.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatCount, formatJson, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage = "tracebook lake verify|compact [--json]";

export const command: Command = {
  about: "verify compares the catalog with the files; compact turns fresh batches into sorted Parquet.",
  usage,
  async run(args) {
    const parsed = parseArguments(args, {}, usage);
    const out = openConsole(parsed.options.json === true);
    const [action] = parsed.words;
    return withWorkbench(async (workbench) => {
      if (action === "compact") {
        await workbench.lake.flush();
        const snapshotId = await workbench.lake.snapshotId();
        out.print(
          out.json ? formatJson({ snapshotId }) : `compacted; the lake is at snapshot ${formatCount(snapshotId)}`
        );
        return 0;
      }
      if (action === "verify") {
        const problems = await workbench.lake.verify();
        if (out.json) out.print(formatJson({ problems }));
        else if (problems.length === 0) out.print("catalog and files agree");
        else for (const problem of problems) out.print(`${problem.path}: ${problem.message}`);
        return problems.length === 0 ? 0 : 1;
      }
      throw new Fault("invalid", `the lake knows verify and compact, not "${action ?? ""}"`, {
        hint: `Usage: ${usage}`
      });
    });
  }
};
