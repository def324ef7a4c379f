/** Which traces a written id can mean: one whole id of 32 hex digits, or all that end in 16 given ones. */
export interface IdReading {
  /** 32 hex digits, the likelier first. */
  readonly whole: readonly string[];
  /** 16 hex digits: the low half, which is all that a 64-bit tracer keeps. */
  readonly low: string | null;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads a trace id as other tools write it: 32 hex digits in any case, a UUID, or the decimal number of
 * Datadog, of 64 bits or of 128. 32 decimal digits can be both hex and decimal.
 *
 * @returns undefined for what is no id
 */
export function parseTraceId(text: string): IdReading | undefined {
  const id = text.trim().toLowerCase();
  const hex = uuid.test(id) ? id.replaceAll("-", "") : id;
  const whole = /^[0-9a-f]{32}$/.test(hex) ? [hex] : [];
  const number = /^\d{1,39}$/.test(id) ? BigInt(id) : 0n;
  if (number === 0n || number >= 1n << 128n) return whole.length > 0 ? { whole, low: null } : undefined;
  const digits = number.toString(16).padStart(32, "0");
  if (number < 1n << 64n) return { whole, low: digits.slice(16) };
  return { whole: [...whole, digits], low: null };
}

/** A span id of 16 hex digits in any case, or its decimal number; undefined for what is none. */
export function parseSpanId(text: string): string | undefined {
  const id = text.trim().toLowerCase();
  if (/^[0-9a-f]{16}$/.test(id)) return id;
  const number = /^\d{1,20}$/.test(id) ? BigInt(id) : 0n;
  return number > 0n && number < 1n << 64n ? number.toString(16).padStart(16, "0") : undefined;
}

/**
 * The low 64 bits of an id as the decimal number that 64-bit tracers, Datadog's first, know it by.
 *
 * @param hex  16 or 32 hex digits
 */
export function formatLowDecimal(hex: string): string {
  return BigInt(`0x${hex.slice(-16)}`).toString();
}
