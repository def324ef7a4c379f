import { Fault } from "../model/fault.ts";
import type { Run } from "../model/run.ts";
import type { BusinessUnit } from "../model/scope.ts";
import { type Grantee, isShareAccess, parseGrantee, type ShareAccess } from "../model/share.ts";
import { list, object, text } from "./parse.ts";

/** Somebody a thing is shared with, by the name that people know. */
export interface NamedGrantee {
  readonly grantee: Grantee;
  /** Of a person also the e-mail address; of an address the address alone. */
  readonly name: string;
}

/** With whom something can be shared, beside people by their e-mail address. */
export interface ShareChoices {
  readonly units: readonly BusinessUnit[];
  readonly everyone: boolean;
}

/** GET shares: for who owns the workbook. */
export interface SharesReply {
  readonly owner: string;
  readonly shares: readonly (NamedGrantee & {
    readonly access: ShareAccess;
    readonly by: string;
    readonly sharedAtMs: number;
  })[];
  readonly choices: ShareChoices;
}

/** PUT shares: shares a workbook, or changes what somebody may do with it. */
export interface ShareRequest {
  /** A grantee, or an e-mail address. */
  readonly to: string;
  readonly access: ShareAccess;
}

/** DELETE shares */
export interface UnshareRequest {
  readonly grantee: Grantee;
}

/** GET a run: its record, whose rights it had, and what the reader may do with its report. */
export interface RunReply extends Run {
  /** As people call who ran it. */
  readonly ranAs: string;
  readonly published: { readonly by: string; readonly atMs: number } | null;
  readonly mayPublish: boolean;
  /** False where the report is all that the reader is let see. */
  readonly seesWorkbook: boolean;
}

/** GET publication: for who administers all units of the run. */
export interface PublicationReply {
  readonly published: {
    readonly to: readonly NamedGrantee[];
    readonly by: string;
    readonly publishedAtMs: number;
  } | null;
  readonly choices: ShareChoices;
}

/** PUT publication: lets the report out to these in place of whoever it was let out to. */
export interface PublishRequest {
  /** As in ShareRequest. */
  readonly to: readonly string[];
}

/** @throws Fault `invalid` naming the field */
export function parseShareRequest(body: unknown): ShareRequest {
  const fields = object(body, "the share");
  const access = text(fields, "access");
  if (!isShareAccess(access)) throw new Fault("invalid", `"access" is "${access}", not view, comment or edit`);
  return { to: text(fields, "to"), access };
}

/** @throws Fault `invalid` naming the field */
export function parseUnshareRequest(body: unknown): UnshareRequest {
  return { grantee: parseGrantee(text(object(body, "the share"), "grantee")) };
}

/** @throws Fault `invalid` naming the field */
export function parsePublishRequest(body: unknown): PublishRequest {
  const to = list(object(body, "the publication"), "to");
  if (!to.every((one) => typeof one === "string")) throw new Fault("invalid", `"to" is not a list of texts`);
  return { to };
}
