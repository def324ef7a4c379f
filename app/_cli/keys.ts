import { Fault } from "#lib/model/fault.ts";
import { parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { formatJson, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage =
  "tracebook keys create --business-unit <unit> --name <name> [--spans-per-second <n>] | list | revoke <id>  [--json]";

export const command: Command = {
  about: "Makes, lists and revokes the keys that programs send traces with; a secret is shown once.",
  usage,
  async run(args) {
    const parsed = parseArguments(
      args,
      { "business-unit": { type: "string" }, name: { type: "string" }, "spans-per-second": { type: "string" } },
      usage
    );
    const out = openConsole(parsed.options.json === true);
    const [action, keyId] = parsed.words;
    return withWorkbench(async ({ ingestKeys, scope }) => {
      if (action === "create") {
        const limit = textOption(parsed, "spans-per-second");
        const made = await ingestKeys.create(await scope(), {
          businessUnit: textOption(parsed, "business-unit") ?? "",
          name: textOption(parsed, "name") ?? "",
          spansPerSecond: limit === undefined ? null : Number(limit)
        });
        if (out.json) out.print(formatJson(made));
        else {
          out.print(`${made.secret}\n`);
          out.print(
            `Keep it now, it is not shown again. Spans sent with it belong to "${made.key.businessUnit}". For an OpenTelemetry client:`
          );
          out.print(`  OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer ${made.secret}"`);
        }
        return 0;
      }
      if (action === "list") {
        const keys = await ingestKeys.list(await scope());
        if (out.json) out.print(formatJson({ keys }));
        else if (keys.length === 0) out.print("there are no ingest keys");
        else
          for (const key of keys)
            out.print(
              `${key.keyId}  ${key.businessUnit}  ${key.name}  ${key.revokedAtMs === null ? "open" : `revoked ${new Date(key.revokedAtMs).toISOString()}`}`
            );
        return 0;
      }
      if (action === "revoke" && keyId) {
        await ingestKeys.revoke(await scope(), keyId);
        out.print(out.json ? formatJson({ keyId }) : "nothing comes in with this key any more");
        return 0;
      }
      throw new Fault("invalid", "keys knows create, list and revoke", { hint: `Usage: ${usage}` });
    });
  }
};
