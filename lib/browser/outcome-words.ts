import type { AuditOutcome } from "#lib/model/audit.ts";
import type { Outcome } from "#lib/model/run.ts";
import type { SpanStatus } from "#lib/model/span.ts";

/** How a state is shown: never by colour alone. */
export interface StatusLook {
  readonly tone: "good" | "bad" | "warn" | "busy";
  readonly sign: string;
  readonly word: string;
}

/** How runs ended. */
export const outcomeLooks: Readonly<Record<Outcome, StatusLook>> = {
  passed: { tone: "good", sign: "✓", word: "passed" },
  failed: { tone: "bad", sign: "✕", word: "check failed" },
  broken: { tone: "bad", sign: "!", word: "could not run" },
  stopped: { tone: "warn", sign: "■", word: "stopped" },
  running: { tone: "busy", sign: "◌", word: "running" }
};

/** How what the audit trail tells of went. */
export const auditLooks: Readonly<Record<AuditOutcome, StatusLook>> = {
  success: { tone: "good", sign: "✓", word: "done" },
  denied: { tone: "bad", sign: "✕", word: "denied" },
  error: { tone: "warn", sign: "!", word: "failed" }
};

/** How spans and traces ended. `unset`: nobody said. */
export const statusLooks: Readonly<Record<SpanStatus, StatusLook>> = {
  ok: { tone: "good", sign: "✓", word: "ok" },
  error: { tone: "bad", sign: "✕", word: "error" },
  unset: { tone: "warn", sign: "–", word: "not said" }
};
