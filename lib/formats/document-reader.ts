import { type Fields, isFields } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported } from "./imported.ts";
import { holdsSomething, JsonText, type TextPart } from "./json-text.ts";
import { describeOther } from "./other-records.ts";
import { type ImportFormat, importFormats, recordFormats } from "./record-formats.ts";
import { liftAnnotations } from "./span-annotations.ts";
import { SpanGatherer } from "./span-gatherer.ts";

/** Reads records by a rule of its own, beside the known formats. */
export interface RecordReader {
  /** What its records are said to be; null where it only looks at them. */
  readonly name: "columns" | null;
  /** True for a record that is its own, whatever format it may be of. */
  claims(record: Fields): boolean;
  /** A record that it claims, or that is of no known format. */
  read(record: Fields): Imported;
}

type RecordPart = Extract<TextPart, { readonly kind: "record" }>;

/**
 * Reads one file's text piece by piece and gives what each record in it means. A list at the top holds
 * records; an object holds them in a list that its format names; objects may follow one another
 * (JSON lines). A damaged line costs itself, a damaged document the record it lies in and what follows.
 */
export class DocumentReader {
  readonly #context: ImportContext;
  readonly #agent: string;
  readonly #wanted: ImportFormat | null;
  readonly #own: RecordReader | null;
  readonly #text: JsonText;
  readonly #gatherer = new SpanGatherer();
  readonly #heads = new Map<string, unknown>();
  /** Records that stand before the head that says whose they are. */
  #waiting: RecordPart[] = [];
  #ready: Imported[] = [];
  /** Where values stand that are no objects, of a list or lines that hold records. */
  readonly #bare: string[] = [];
  /** Format of the last record that was understood. */
  format: ImportFormat | "columns" | null = null;
  /** Records that were looked at. */
  records = 0;

  /**
   * @param agent   name for agents whose format gives none
   * @param format  null to tell by content
   * @param own     reads what it claims, and what is of no known format; without it that is rejected
   */
  constructor(context: ImportContext, agent: string, format: ImportFormat | null, own: RecordReader | null = null) {
    this.#context = context;
    this.#agent = agent;
    this.#wanted = format;
    this.#own = own;
    this.#text = new JsonText({
      lists: [...new Set(recordFormats.flatMap(({ lists }) => lists))],
      heads: [...new Set(recordFormats.flatMap(({ heads }) => heads))],
      isRecord: (value) =>
        isFields(value) && (own?.claims(value) || recordFormats.some(({ matches }) => matches(value)))
    });
  }

  /** Takes the next piece and gives the records that are complete now. */
  push(text: string): readonly Imported[] {
    for (const part of this.#text.push(text)) this.#part(part);
    return this.#take();
  }

  /** Gives what was held back, and the reasons why anything could not be read. */
  end(): readonly Imported[] {
    for (const part of this.#text.end()) this.#part(part);
    for (const record of this.#waiting.splice(0)) this.#record(record, true);
    const spans = this.#gatherer.release();
    const { unclaimed } = this.#gatherer;
    const rejected = unclaimed === 0 ? [] : [`${unclaimed} messages in logs are of spans that are not in this file`];
    if (this.#bare.length > 0) {
      const [first] = this.#bare;
      rejected.push(
        this.#bare.length === 1
          ? `${first} is no object`
          : `${this.#bare.length} values are no objects, the first of them ${first}`
      );
    }
    this.#give({ spans, scores: [], rejected });
    return this.#take();
  }

  #part(part: TextPart): void {
    if (part.kind === "broken") this.#give({ spans: [], scores: [], rejected: [part.reason] });
    else if (part.kind === "beside") this.#lose([{ field: part.name, fate: "dropped", count: 1 }]);
    else if (part.kind === "record") this.#record(part, false);
    else {
      this.#heads.set(part.name, part.value);
      this.#lose(listHeadLosses(part.name, part.value));
      for (const record of this.#waiting.splice(0)) this.#record(record, false);
    }
  }

  #record(part: RecordPart, isLast: boolean): void {
    const { value, list, place } = part;
    // Lists may hold what is no object at all; nobody means such an element as a record.
    if (!isFields(value)) {
      if (list === null) this.#bare.push(place);
      return;
    }
    if (!isLast) this.records += 1;
    const format = this.#own?.claims(value) ? undefined : recordFormats.find(({ matches }) => matches(value));
    if (!format && this.#own) {
      this.format = this.#own.name ?? this.format;
      this.#read(place, true, () => this.#own!.read(value));
      return;
    }
    if (!format) {
      const where = list === null ? place : `${place} in "${list}"`;
      const names = Object.keys(value).slice(0, 8).join(", ") || "no fields";
      const other = describeOther(value);
      const reason = other
        ? `${where} is ${other}`
        : `${where} is of no known format: it has ${names}; understood are ${importFormats.join(", ")}`;
      this.#give({ spans: [], scores: [], rejected: [reason] });
      return;
    }
    if (this.#wanted !== null && this.#wanted !== format.name) return;
    if (format.waitsFor !== undefined && list !== null && !isLast && !this.#heads.has(format.waitsFor)) {
      this.#waiting.push(part);
      return;
    }
    this.format = format.name;
    this.#read(place, format.gathers, () =>
      format.parse(value, { agent: this.#agent, context: this.#context, heads: this.#heads })
    );
  }

  /** One bad record is one reason, and the next is read all the same. */
  #read(place: string, gathers: boolean, parse: () => Imported): void {
    try {
      const found = liftAnnotations(parse(), this.#context);
      this.#gatherer.addMessages(found.messages ?? []);
      this.#give(gathers ? { ...found, spans: this.#gatherer.add(found.spans) } : found);
    } catch (error) {
      // A RangeError is the stack's answer to what nests too deeply.
      const why =
        error instanceof RangeError
          ? "it nests values too deep to be read"
          : error instanceof Error
            ? error.message
            : String(error);
      this.#give({ spans: [], scores: [], rejected: [`${place}: ${why}`] });
    }
  }

  #lose(losses: readonly FieldLoss[]): void {
    this.#give({ spans: [], scores: [], rejected: [], losses });
  }

  #give(found: Imported): void {
    const { spans, scores, rejected, losses = [], annotations = [], judgements = [] } = found;
    const held = [spans, scores, rejected, losses, annotations, judgements];
    if (held.some((list) => list.length > 0)) this.#ready.push(found);
  }

  #take(): readonly Imported[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

/** What a head says that the formats which have it do not read. */
function listHeadLosses(head: string, value: unknown): readonly FieldLoss[] {
  const carried = recordFormats.flatMap((format) => (format.heads.includes(head) ? (format.carried ?? []) : []));
  const losses: FieldLoss[] = [];
  const visit = (path: string, found: unknown): void => {
    if (!holdsSomething(found) || carried.includes(path)) return;
    if (isFields(found) && carried.some((one) => one.startsWith(`${path}.`)))
      for (const [name, inner] of Object.entries(found)) visit(`${path}.${name}`, inner);
    else losses.push({ field: path, fate: "dropped", count: 1 });
  };
  visit(head, value);
  return losses;
}

/** Losses of many records as one list, the most frequent first. */
export function sumLosses(losses: Iterable<FieldLoss>): readonly FieldLoss[] {
  const sums = new Map<string, FieldLoss>();
  for (const loss of losses) {
    const key = `${loss.fate}/${loss.field}`;
    sums.set(key, { ...loss, count: loss.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || a.field.localeCompare(b.field));
}
