import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import type { AuditVerdict, SeenAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { readCheckpoints } from "#lib/server/audit/checkpoint-file.ts";
import { verifyTrail } from "#lib/server/audit/exported-trail.ts";
import { auditFolder } from "#lib/server/audit/sealed-audit.ts";
import { parsePublicKeys } from "#lib/server/audit/signing-key.ts";
import { parseConfig } from "#lib/server/config.ts";
import { parseAuditFilter, parseAuditFormat } from "#lib/wire/audit.ts";
import { eraseAudit, formatErasure } from "#lib/work/erase-audit.ts";
import { exportAudit, formatVerdict, listAudit, verifyAudit } from "#lib/work/read-audit.ts";
import { type Arguments, countOption, parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { type Console, formatJson, formatTable, openConsole } from "./console.ts";
import { root, withWorkbench } from "./session.ts";

const usage =
  "tracebook audit verify [<exported.ndjson>] [--public-key <pem>] [--checkpoints <file>] [--partial] | erase --person <id or e-mail> | --object <kind>:<id>  --reason <why> [--dry-run] | list | export [--format ndjson|csv]  [--who <id>] [--action <action>] [--unit <unit>] [--outcome <outcome>] [--from <day>] [--to <day>] [--limit <n>] [--json]";

export const command: Command = {
  about:
    "Who did what: verify walks the whole chain (exit 0 intact, 1 tampered with, 2 could not run), also of an exported file by itself; list and export read it; erase destroys what is kept beside the entries of somebody or something.",
  usage,
  async run(args) {
    const text = { type: "string" } as const;
    const parsed = parseArguments(
      args,
      {
        ...{ who: text, action: text, unit: text, outcome: text, from: text, to: text, limit: text, format: text },
        ...{ "public-key": text, checkpoints: text, partial: { type: "boolean" } },
        ...{ person: text, object: text, reason: text, "dry-run": { type: "boolean" } }
      },
      usage
    );
    const out = openConsole(parsed.options.json === true);
    const [action, file] = parsed.words;
    if (action === "verify" && file !== undefined) return say(out, await verifyFile(file, parsed));
    const filter = parseAuditFilter((name) => textOption(parsed, name));
    return withWorkbench(async ({ audit, erasures, people, scope }, signal) => {
      const asker = await scope();
      if (action === "erase") {
        const isDryRun = parsed.options["dry-run"] === true;
        const [person, object, reason] = ["person", "object", "reason"].map((name) => textOption(parsed, name));
        const erasure = await eraseAudit(
          { audit, erasures, people },
          asker,
          { person, object, reason, isDryRun },
          signal
        );
        out.print(out.json ? formatJson({ ...erasure, isDryRun }) : formatErasure(erasure, isDryRun));
        return 0;
      }
      if (action === "verify") return say(out, await verifyAudit(audit, asker, signal));
      if (action === "export") {
        const format = parseAuditFormat(textOption(parsed, "format"));
        await pipeline(await exportAudit(audit, asker, filter, format, signal), process.stdout, { end: false });
        return 0;
      }
      if (action === "list") {
        const limit = countOption(parsed, "limit", 50);
        const { entries, names } = await listAudit({ audit, people }, asker, { filter, limit });
        if (out.json) out.print(formatJson({ entries }));
        else
          out.print(
            entries.length === 0
              ? "the audit trail has no such entry"
              : formatTable(entries.map((entry) => toRow(entry, names)))
          );
        return 0;
      }
      throw new Fault("invalid", "audit knows verify, list, export and erase", { hint: `Usage: ${usage}` });
    });
  }
};

function say(out: Console, verdict: AuditVerdict): number {
  if (out.json) out.print(formatJson(verdict));
  else {
    out.print(formatVerdict(verdict));
    for (const { seq, problem } of verdict.defects) out.print(`  entry ${seq}: ${problem}`);
  }
  return verdict.isIntact ? 0 : 1;
}

async function verifyFile(file: string, parsed: Arguments): Promise<AuditVerdict> {
  const keyFile =
    textOption(parsed, "public-key") ?? `${auditFolder(parseConfig(process.env, root).dataFolder)}/public-key.pem`;
  const pem = await readFile(keyFile, "utf8").catch((error: unknown) => {
    throw new Fault("missing", `there is no public key in ${keyFile}`, {
      hint: "Give the key that the workbench's checkpoints are signed with: --public-key <pem>.",
      cause: error
    });
  });
  const checkpoints = textOption(parsed, "checkpoints");
  const input = createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  // readline says nothing of a stream that fails: it just ends.
  const failed = new Promise<never>((_, reject) =>
    input.once("error", (error) => reject(new Fault("missing", `${file} cannot be read`, { cause: error })))
  );
  return Promise.race([
    failed,
    verifyTrail(lines, {
      trusted: parsePublicKeys(pem),
      checkpoints: checkpoints === undefined ? [] : await readCheckpoints(checkpoints),
      isPartial: parsed.options.partial === true
    })
  ]);
}

function toRow(
  { seq, at, actor, action, object, units, outcome, facts }: SeenAuditEntry,
  names: Readonly<Record<string, string>>
) {
  return {
    seq,
    when: at.slice(0, 19).replace("T", " "),
    who: names[actor.id] ?? actor.id,
    action,
    object: `${object.kind} ${object.id}`,
    units: units.join(" "),
    outcome,
    facts: Object.entries(facts)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ")
  };
}
