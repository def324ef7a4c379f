import type { BusinessUnit, Via } from "./scope.ts";
import type { Json } from "./span.ts";

/** Every act that the audit trail knows, as `object.verb`, and what it says of the one who did it. */
export const auditActions = {
  "trace.view": "opened a trace",
  "trace.search": "searched the texts of traces; the words are kept as their hash",
  "trace.reveal": "saw what a mask hides, for the purpose that is given",
  "trace.import": "brought in traces",
  "trace.tag": "put a label on traces",
  "session.view": "read the traces of a session",
  "query.run": "ran a SQL query; its text is kept as its hash",
  "cell.run": "ran a cell that reads tables or traces",
  "table.view": "read rows of a table that a cell made",
  "table.download": "took a table out as a file",
  "workbook.create": "made a workbook",
  "workbook.save": "saved a revision of a workbook",
  "workbook.share": "changed who may see a workbook",
  "workbook.remove": "deleted a workbook",
  "run.start": "started a run of a workbook",
  "run.end": "a run of a workbook ended",
  "run.share": "changed who may see the report of a run",
  "report.view": "opened the report of a run",
  "schedule.set": "set when a workbook runs",
  "schedule.remove": "took the schedule of a workbook away",
  "annotation.create": "judged a trace",
  "annotation.edit": "changed a judgement",
  "annotation.withdraw": "took a judgement back",
  "annotation.adjudicate": "decided between judgements",
  "annotation.import": "brought in judgements from elsewhere",
  "review.skip": "passed over an item of a queue",
  "queue.create": "made a queue",
  "queue.change": "changed a queue",
  "queue.fill": "put traces into a queue",
  "queue.remove": "deleted a queue",
  "queue.view": "read what lies in a queue",
  "queue.export": "took the judgements of a queue out",
  "dataset.create": "made a dataset",
  "dataset.extend": "added a version to a dataset",
  "dataset.remove": "deleted a dataset",
  "dataset.view": "read examples of a dataset",
  "dataset.export": "took a dataset out",
  "scorer.promote": "promoted a version of a scorer",
  "rule.create": "set a rule that scores traffic",
  "rule.pause": "paused a rule",
  "rule.resume": "let a rule go on",
  "rule.backfill": "had a rule score older traces",
  "rule.remove": "deleted a rule",
  "rule.score": "a rule scored a batch of traffic",
  "map.keep": "kept a map",
  "map.refit": "built a kept map again",
  "map.rename": "renamed a kept map",
  "map.view": "looked at the points of a kept map",
  "map.remove": "deleted a kept map",
  "cluster.name": "named a cluster",
  "cluster.review": "asked experts about a cluster, or closed the question",
  "area.keep": "drew an area on a map",
  "area.remove": "deleted an area of a map",
  "view.save": "saved a view of traces",
  "view.remove": "deleted a saved view",
  "comment.create": "wrote a comment",
  "comment.edit": "changed a comment",
  "comment.remove": "deleted a comment",
  "alert.send": "an alert was sent to another system",
  "mask.change": "changed what is masked",
  "unit.create": "made a business unit",
  "unit.rename": "renamed a business unit",
  "unit.remove": "removed a business unit",
  "person.invite": "invited a person",
  "person.uninvite": "took an invitation back",
  "person.create": "made an account",
  "person.change": "changed an account",
  "person.remove": "closed an account",
  "password.reset": "gave out or used a link for a new password",
  "membership.grant": "gave a person a role",
  "membership.revoke": "took a role from a person",
  "session.start": "signed in",
  "session.end": "signed out, or was signed out",
  "api-key.create": "made an API key",
  "api-key.revoke": "revoked an API key",
  "ingest-key.create": "made an ingest key",
  "ingest-key.revoke": "revoked an ingest key",
  "access.deny": "asked for what is not theirs or not there",
  "audit.view": "read the audit trail",
  "audit.verify": "verified the audit trail",
  "audit.export": "took the audit trail out",
  "erasure.completed": "erased what was kept beside entries of the audit trail"
} as const satisfies Readonly<Record<string, string>>;

export type AuditAction = keyof typeof auditActions;

/** True for the name of an act that the trail knows. */
export function isAuditAction(name: string): name is AuditAction {
  return Object.hasOwn(auditActions, name);
}

export type AuditOutcome = "success" | "denied" | "error";

/** What an act was done to. */
export interface AuditObject {
  /** Its word in the glossary: trace, workbook, queue … */
  readonly kind: string;
  readonly id: string;
  /** Of things that have versions: which one the act read or made. */
  readonly version?: number | string | undefined;
}

/** One act to be recorded; who did it comes from the scope. */
export interface NewAuditEntry {
  readonly action: AuditAction;
  readonly object: AuditObject;
  /** Whose data it concerns: auditors of these units see the entry. None where it concerns the workbench as a whole. */
  readonly units: readonly BusinessUnit[];
  /** `success` where it is left out. */
  readonly outcome?: AuditOutcome;
  /** Why it was denied or failed: a sentence without personal data. */
  readonly reason?: string | undefined;
  /** Counts, hashes and ids that tell more: rows, files, the workbook of a run. Never a person's words. */
  readonly facts?: Readonly<Record<string, number | string | boolean | null>> | undefined;
  /** What stood there and what stands there now: kept as salted digests alone. */
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
  /** What changed, where it may be read later; kept apart, so that it can be erased. */
  readonly diff?: Json | undefined;
  /** Why, in the words of the one who did it; kept apart. */
  readonly purpose?: string | undefined;
  /** The name that people gave the object; kept apart. */
  readonly title?: string | undefined;
}

/** What is kept beside the chain, which holds its salted digest alone. */
export interface AuditPayload {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly title: string | null;
  readonly purpose: string | null;
  readonly diff: Json | null;
}

/** One link of the chain, as it was recorded. */
export interface AuditEntry {
  /** Counts from 1 without a gap; the order in which things happened. */
  readonly seq: number;
  /** RFC 3339 in UTC with nine decimals; never before that of the entry before. */
  readonly at: string;
  /** What the machine's clock said, where it had been set back behind the entry before. */
  readonly clockAt: string | null;
  readonly actor: {
    readonly kind: Via["kind"];
    readonly id: string;
    /** As `unit:role`. */
    readonly roles: readonly string[];
    /** The units in which they held the right that was used. */
    readonly units: readonly BusinessUnit[];
  };
  readonly auth: { readonly method: Via["method"]; readonly sessionId: string | null; readonly mfa: boolean | null };
  readonly requestId: string | null;
  readonly action: AuditAction;
  readonly object: AuditObject;
  readonly units: readonly BusinessUnit[];
  readonly outcome: AuditOutcome;
  readonly reason: string | null;
  readonly facts: Readonly<Record<string, number | string | boolean | null>>;
  readonly beforeSha256: string | null;
  readonly afterSha256: string | null;
  readonly payloadSha256: string | null;
  /** Which table of roles and rights held. */
  readonly policyVersion: string;
  readonly previousHash: string;
}

/** An entry as it is shown: cut to the units of the one who reads. */
export interface SeenAuditEntry extends AuditEntry {
  readonly hash: string;
  /** Null where there is none, and where it tells of units that the reader does not audit. */
  readonly payload: (AuditPayload & { readonly salt: string }) | null;
  /** True where parts are left out, as they tell of other units; its hash cannot be checked then. */
  readonly isCut: boolean;
}

/** Which entries are looked for; what is left out holds for all. */
export interface AuditFilter {
  readonly actorId?: string | undefined;
  /** An action, or the object before its dot. */
  readonly action?: string | undefined;
  readonly businessUnit?: BusinessUnit | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** First and last instant, both included. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** Forms in which the trail is taken out. */
export type AuditFormat = "ndjson" | "csv";

/** A signed word on where the chain stood. */
export interface AuditCheckpoint {
  readonly seq: number;
  readonly hash: string;
  /** RFC 3339, of the machine that signed. */
  readonly at: string;
  /** Which key signed: the first 16 hex digits of the SHA-256 of its public half. */
  readonly keyId: string;
  /** Ed25519 over the canonical JSON of the four above, base64. */
  readonly signature: string;
}

/** Whose entries an erasure is about: those that a person made and that were made about them, or those of one thing. */
export type ErasureTarget =
  | { readonly kind: "person"; readonly userId: string }
  | { readonly kind: "object"; readonly object: AuditObject };

/** What an erasure found. */
export interface Erasure {
  /** Entries that match. */
  readonly entries: number;
  /** Of those, how many had something beside them; that was destroyed, or would be. */
  readonly payloads: number;
}

/** What is wrong at one place of the trail. */
export interface AuditDefect {
  readonly seq: number;
  readonly problem: string;
}

/** What verifying found. */
export interface AuditVerdict {
  /** Of the whole trail, whoever asks. */
  readonly isIntact: boolean;
  /** True where it is told to who audits some units: of the rest it counts their entries and names their defects alone. */
  readonly isCut: boolean;
  readonly entries: number;
  /** The first and the last entry that was looked at; null where there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Signed words that were held against the chain. */
  readonly checkpoints: number;
  /** Entries after the last checkpoint: in order, but signed by nobody yet. */
  readonly unsigned: number;
  /** Entries at which the machine's clock ran behind the entry before. */
  readonly clockSetBack: number;
  /** Entries beside which nothing is kept any more, as records of erasures tell. */
  readonly erased: number;
  /** The entries that are those records; the first 20 of them. */
  readonly erasures: readonly number[];
  /** In the order of the chain, at most 20; the first tells where it begins. */
  readonly defects: readonly AuditDefect[];
}
