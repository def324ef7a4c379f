import { JSONParser, TokenType } from "@streamparser/json";
import { isFields } from "./fields.ts";

/** What a text of JSON holds, in the order it holds it. */
export type TextPart =
  /** An element of a list, a line, or a whole document; `list` names the list it lay in, if any did. */
  | { readonly kind: "record"; readonly value: unknown; readonly list: string | null; readonly place: string }
  /** A field beside the lists of a document. */
  | { readonly kind: "head"; readonly name: string; readonly value: unknown }
  /** A field beside the lists of a document that nothing reads, and that holds something. */
  | { readonly kind: "beside"; readonly name: string }
  /** What could not be read, as a sentence. */
  | { readonly kind: "broken"; readonly reason: string };

/** How the documents of known formats look. */
export interface DocumentShape {
  /** Names of lists whose elements are records. */
  readonly lists: readonly string[];
  /** Names of fields beside the lists that say something of all their records. */
  readonly heads: readonly string[];
  /** True for a record by itself, which may have fields of the same names. */
  isRecord(value: unknown): boolean;
}

/** Of a longer document no more is held: it is read piece by piece. */
const mostHeld = 32 * 2 ** 20;

/**
 * Reads a text of JSON piece by piece. A list at the top gives its elements; an object gives the elements of
 * the lists it is known for, or itself; objects on lines of their own (JSON lines) are read line by line, so
 * that a damaged line costs itself alone. Held in memory: one record, and up to 32 Mi characters of text.
 */
export class JsonText {
  readonly #shape: DocumentShape;
  readonly #heldLimit: number;
  #ready: TextPart[] = [];
  #mode: "start" | "lines" | "whole" | "stream" | "broken" = "start";
  /** Pieces of the line or document that is not complete yet. */
  #pending: string[] = [];
  #pendingLength = 0;
  #line = 1;
  /** The rest of this line is passed over. */
  #skipping = false;
  #parser: JSONParser | null = null;
  #records = 0;
  #characters = 0;
  /** The text has ended, whatever is still open. */
  #isOver = false;
  readonly #names = new Set<string>();

  /** @param heldLimit  characters that are held at most, of a line or a document */
  constructor(shape: DocumentShape, heldLimit = mostHeld) {
    this.#shape = shape;
    this.#heldLimit = heldLimit;
  }

  /** Takes the next piece and gives what is complete now. A byte order mark and blank lines mean nothing. */
  push(text: string): readonly TextPart[] {
    const piece = this.#characters === 0 ? text.replace(/^\uFEFF/, "") : text;
    this.#characters += text.length;
    if (this.#mode === "start") this.#start(piece);
    else this.#feed(piece);
    return this.#take();
  }

  /** Gives what was held back, and the reason why the rest could not be read, if any. */
  end(): readonly TextPart[] {
    if (this.#mode === "start" || this.#mode === "whole") this.#endWhole(this.#takePending());
    else if (this.#mode === "lines") this.#endLine(this.#takePending(), true);
    if (this.#mode === "stream") this.#endStream();
    return this.#take();
  }

  #take(): readonly TextPart[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #hold(piece: string): void {
    this.#pending.push(piece);
    this.#pendingLength += piece.length;
  }

  #takePending(): string {
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingLength = 0;
    return text;
  }

  /** Two lines are looked at: the first may be half written, and then the second tells that there are lines. */
  #start(piece: string): void {
    if (this.#pendingLength === 0 && piece.trim() === "") {
      this.#line += piece.split("\n").length - 1;
      return;
    }
    const isFirst = this.#pendingLength === 0;
    this.#hold(piece);
    if (isFirst && piece.trimStart().startsWith("[")) this.#openStream(this.#takePending(), true);
    else if (this.#pendingLength > this.#heldLimit) this.#openStream(this.#takePending(), false);
    else if (piece.includes("\n") || this.#pending.some((held) => held.includes("\n"))) {
      const text = this.#pending.join("");
      const next = /^\s*\S[^\n]*\n\s*(\S)/.exec(text)?.[1];
      if (next === undefined) return;
      this.#mode = next === "{" && /^\s*\{/.test(text) ? "lines" : "whole";
      if (this.#mode === "lines") this.#feed(this.#takePending());
    }
  }

  #feed(piece: string): void {
    if (this.#mode === "stream") this.#parser!.write(piece);
    else if (this.#mode === "whole") {
      this.#hold(piece);
      if (this.#pendingLength > this.#heldLimit) this.#openStream(this.#takePending(), false);
    } else if (this.#mode === "lines") this.#feedLines(piece);
  }

  #feedLines(piece: string): void {
    let from = 0;
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", from)) {
      this.#hold(piece.slice(from, at));
      this.#endLine(this.#takePending(), false);
      from = at + 1;
    }
    if (from === piece.length || this.#skipping) return;
    this.#hold(piece.slice(from));
    if (this.#pendingLength <= this.#heldLimit) return;
    this.#ready.push({ kind: "broken", reason: `line ${this.#line} is longer than ${this.#heldLimit} characters` });
    this.#takePending();
    this.#skipping = true;
  }

  #endLine(line: string, isLast: boolean): void {
    const number = this.#line;
    this.#line += 1;
    if (this.#skipping) this.#skipping = false;
    else if (line.trim() !== "") {
      const read = readJson(line);
      if (read.fault === null) this.#document(read.value, `line ${number}`);
      else {
        const why = isLast ? "breaks off" : "is no JSON";
        this.#ready.push({ kind: "broken", reason: `line ${number} ${why}: ${read.fault}` });
      }
    }
  }

  /** A document that fits into memory is read at once; one that is damaged gives what stands before the damage. */
  #endWhole(text: string): void {
    if (text.trim() === "") return;
    if (!/^\s*[[{"\d\-tfnNI]/.test(text)) {
      const begin = JSON.stringify(text.trim().slice(0, 20));
      this.#ready.push({ kind: "broken", reason: `the text is no JSON: it begins with ${begin}` });
      return;
    }
    const read = readJson(text);
    if (read.fault === null) this.#document(read.value, null);
    else if (!this.#printed(text)) this.#openStream(text, false);
  }

  /** Documents one after another, each printed over several lines from one brace to the other. */
  #printed(text: string): boolean {
    const documents = text.split(/(?<=^\}\s*\n)(?=\{)/m);
    const read = documents.length > 1 ? documents.map(readJson) : [];
    if (!read.some(({ fault }) => fault === null)) return false;
    for (const [index, { value, fault }] of read.entries()) {
      if (fault === null) this.#document(value, `document ${index + 1}`);
      else this.#ready.push({ kind: "broken", reason: `document ${index + 1} is no JSON: ${fault}` });
    }
    return true;
  }

  /** A value that was read whole: a list, a record, or a document with lists of them. */
  #document(value: unknown, place: string | null): void {
    if (Array.isArray(value)) for (const item of value as readonly unknown[]) this.#element(item, place);
    else this.#element(value, place ?? "the document");
  }

  #element(value: unknown, place: string | null): void {
    const { lists, heads } = this.#shape;
    const held =
      isFields(value) && !this.#shape.isRecord(value) ? lists.filter((name) => Array.isArray(value[name])) : [];
    if (!isFields(value) || held.length === 0) {
      this.#record(value, null, place);
      return;
    }
    for (const [name, found] of Object.entries(value))
      if (heads.includes(name)) this.#ready.push({ kind: "head", name, value: found });
      else if (!held.includes(name) && holdsSomething(found)) this.#ready.push({ kind: "beside", name });
    // Only a record is counted into a place: a document that is a line stays that line.
    for (const name of held)
      for (const item of value[name] as readonly unknown[])
        this.#record(item, name, place === "the document" ? null : place);
  }

  #record(value: unknown, list: string | null, place: string | null): void {
    this.#records += 1;
    this.#ready.push({ kind: "record", value, list, place: place ?? `record ${this.#records}` });
  }

  #openStream(text: string, isList: boolean): void {
    const { lists, heads } = this.#shape;
    const paths = isList ? ["$.*"] : [...lists.map((name) => `$.${name}.*`), ...heads.map((name) => `$.${name}`)];
    const parser = new JSONParser({ paths, keepStack: false, separator: "" });
    this.#parser = parser;
    this.#mode = "stream";
    parser.onError = (error) => {
      if (this.#mode === "broken") return;
      this.#mode = "broken";
      const where = `after ${this.#records} ${this.#records === 1 ? "record" : "records"}, near character ${this.#characters}`;
      const reason = this.#isOver
        ? `the text breaks off ${where}: what was begun there is left out`
        : `the text is no JSON ${where}: ${error.message}`;
      this.#ready.push({ kind: "broken", reason });
    };
    parser.onValue = ({ value, key, stack }) => {
      const list = String(stack[1]?.key ?? "");
      if (isList) this.#element(value, null);
      else if (list === "") this.#ready.push({ kind: "head", name: String(key), value });
      else this.#record(value, list, null);
    };
    if (!isList) this.#watchNames(parser);
    parser.write(text);
  }

  /** Remembers the fields of the document itself, to name them where none of them is known. */
  #watchNames(parser: JSONParser): void {
    let depth = 0;
    let last: unknown = null;
    let named = "";
    parser.onToken = ({ token, value }) => {
      if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth += 1;
      else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth -= 1;
      else if (depth === 1 && token === TokenType.COLON && typeof last === "string") {
        named = last;
        this.#names.add(named);
      } else if (depth === 1 && token === TokenType.NULL) this.#names.delete(named);
      last = value;
    };
  }

  #endStream(): void {
    this.#isOver = true;
    if (!this.#parser!.isEnded) this.#parser!.end();
    const known = [...this.#shape.lists, ...this.#shape.heads];
    if (this.#records > 0)
      for (const name of this.#names) if (!known.includes(name)) this.#ready.push({ kind: "beside", name });
    if (this.#mode !== "stream" || this.#records > 0 || this.#names.size === 0) return;
    this.#record(Object.fromEntries([...this.#names].map((name) => [name, null])), null, "the document");
  }
}

/** False for what APIs and tools write where there is nothing to say. */
export function holdsSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === 0 || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** Texts, and the words that Python writes for numbers which JSON does not have. */
const textOrNoNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs;

function readJson(text: string): { readonly value: unknown; readonly fault: string | null } {
  try {
    return { value: JSON.parse(text), fault: null };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (/\b(?:NaN|Infinity)\b/.test(text)) {
      const known = text.replace(textOrNoNumber, (found) => (found.startsWith('"') ? found : "null"));
      if (known !== text) return readJson(known);
    }
    return { value: null, fault: error.message.slice(0, 120) };
  }
}
