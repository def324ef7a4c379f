import type { LogMessage } from "../formats/imported.ts";
import type { BusinessUnit } from "../model/scope.ts";

/** A message that is kept until its span has come, and a while longer. */
export interface KeptMessage extends LogMessage {
  readonly messageId: string;
  /** Whether its span has it already. */
  readonly joined: boolean;
}

/**
 * Messages that came in logs. Logs and spans travel apart, so a message may come before its span or after it;
 * and a span may be sent again, and would then come without what was joined to it. So messages are kept for
 * some minutes, joined or not, and no more of them than a bound on their number and bytes in each unit.
 */
export interface LogMessages {
  /**
   * Keeps messages; when it resolves they are durable. The same message again changes nothing.
   *
   * @throws Fault `limit` when the disk is full; nothing was kept
   */
  keep(businessUnit: BusinessUnit, messages: readonly LogMessage[]): Promise<void>;
  /** Kept messages of some traces, the earliest said first. */
  list(businessUnit: BusinessUnit, traceIds: readonly string[]): Promise<readonly KeptMessage[]>;
  /** Notes that the spans of some messages have them. */
  markJoined(messageIds: readonly string[]): Promise<void>;
  /** Forgets what is older than it may be. @returns messages forgotten, here and by the bounds, whose span never came */
  forgetOld(): Promise<number>;
}
