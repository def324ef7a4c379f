import { randomBytes } from "node:crypto";
import type { Clock } from "#lib/ports/clock.ts";

/**
 * A uuid v7 of an instant: 48 bits of milliseconds, then chance.
 *
 * @see RFC 9562, section 5.7
 */
export function newUuidV7(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The machine's clock and chance. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  newId: () => newUuidV7(Date.now())
};
