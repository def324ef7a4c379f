import { Fault } from "../model/fault.ts";

/** One value found in a stream of JSON documents. */
export interface FoundValue {
  /** Which document of the stream, from 0; JSON lines hold many. */
  readonly document: number;
  /** `list` for an element of a top-level list, `member` for a value or list element under a top-level key, `whole` for the rest. */
  readonly place: "list" | "member" | "whole";
  /** The top-level key; null outside objects. */
  readonly key: string | null;
  readonly text: string;
  /** Offset of the value's first byte in the stream. */
  readonly offset: number;
}

/** Longest single value that is held in memory, in bytes. */
export const valueBytesLimit = 256 * 1024 * 1024;

type Frame = "documents" | "list" | "object" | "member-list";

const quote = 0x22;
const backslash = 0x5c;

/**
 * Cuts a stream of UTF-8 bytes into values small enough to parse one by one: the elements of a top-level
 * list, the members of a top-level object, and the elements of a member that is a list. It only finds
 * where values end; whether they are JSON is for the parser to say.
 */
export class JsonScanner {
  private frame: Frame = "documents";
  private outer: Frame = "documents";
  private document = -1;
  private key: string | null = null;
  private expectsKey = false;
  private offset = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private inValue = false;
  private valueOffset = 0;
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  /**
   * @param bytes  the next piece of the stream; not kept after the call
   * @throws Fault `limit` for a value longer than `valueBytesLimit`
   */
  *push(bytes: Uint8Array): Generator<FoundValue> {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (!this.inValue) {
        if (this.beginsValue(byte)) {
          this.inValue = true;
          this.valueOffset = this.offset + at;
          from = at;
          this.depth = 0;
          this.inString = byte === quote;
          if (byte === 0x5b || byte === 0x7b) this.depth = 1;
        }
        continue;
      }
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === backslash) this.escaped = true;
        else if (byte === quote) {
          this.inString = false;
          if (this.depth === 0) yield* this.end(bytes, from, at + 1);
        }
        continue;
      }
      if (byte === quote) this.inString = true;
      else if (byte === 0x5b || byte === 0x7b) this.depth++;
      else if (byte === 0x5d || byte === 0x7d) {
        if (this.depth > 0) {
          this.depth--;
          if (this.depth === 0) yield* this.end(bytes, from, at + 1);
        } else {
          yield* this.end(bytes, from, at);
          this.beginsValue(byte);
        }
      } else if (this.depth === 0 && (byte === 0x2c || isBlank(byte))) {
        yield* this.end(bytes, from, at);
        this.beginsValue(byte);
      }
    }
    if (this.inValue) this.hold(bytes.slice(from));
    this.offset += bytes.length;
  }

  /** A value or document that was still open when the stream ended; null when all were complete. */
  unfinished(): { readonly offset: number } | null {
    if (this.inValue) return { offset: this.valueOffset };
    return this.frame === "documents" ? null : { offset: this.offset };
  }

  private beginsValue(byte: number): boolean {
    // 0xEF 0xBB 0xBF is the byte order mark, which stands before a document only.
    if (isBlank(byte) || byte === 0x2c || byte === 0x3a) {
      if (byte === 0x2c && this.frame === "object") this.expectsKey = true;
      return false;
    }
    if (byte === 0x5d || byte === 0x7d) {
      this.frame = this.frame === "member-list" ? this.outer : "documents";
      return false;
    }
    if (this.frame === "documents") {
      if (byte === 0xef || byte === 0xbb || byte === 0xbf) return false;
      this.document++;
      this.key = null;
      if (byte === 0x5b) this.frame = "list";
      else if (byte === 0x7b) {
        this.frame = "object";
        this.expectsKey = true;
      } else return true;
      return false;
    }
    if (this.frame === "object" && !this.expectsKey && byte === 0x5b) {
      this.outer = "object";
      this.frame = "member-list";
      return false;
    }
    return true;
  }

  private *end(bytes: Uint8Array, from: number, to: number): Generator<FoundValue> {
    const last = bytes.subarray(from, to);
    let all = last;
    if (this.held.length > 0) {
      this.hold(last);
      all = joinBytes(this.held, this.heldBytes);
      this.held = [];
      this.heldBytes = 0;
    }
    const text = this.decoder.decode(all);
    this.inValue = false;
    this.inString = false;
    if (this.frame === "object" && this.expectsKey) {
      this.key = keyText(text);
      this.expectsKey = false;
      return;
    }
    const place = this.frame === "list" ? "list" : this.frame === "documents" ? "whole" : "member";
    yield { document: this.document, place, key: this.key, text, offset: this.valueOffset };
  }

  private hold(bytes: Uint8Array): void {
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.heldBytes > valueBytesLimit) {
      throw new Fault("limit", `the value at byte ${this.valueOffset} is longer than ${valueBytesLimit} bytes`, {
        hint: "Split the file so that each run stands by itself."
      });
    }
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function keyText(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch (error) {
    // A broken key still names its member; the values under it are judged by themselves.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function joinBytes(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
