import type { Json } from "../model/span.ts";
import { decodeJson } from "./decode-json.ts";

export type Attributes = Readonly<Record<string, Json>>;

/** An event on a span, attributes as sent. */
export interface SpanEvent {
  readonly name: string | null;
  readonly attributes: Attributes;
}

/** The event that carries messages apart from the span's attributes, under the same names. */
const detailsEvent = "gen_ai.client.inference.operation.details";

/** A source of a rule, taken apart; rules are few and asked for every span. */
interface Source {
  readonly events: readonly string[] | null;
  /** Root of a tree of attributes. */
  readonly tree: string | null;
  readonly names: readonly string[];
}

const readSources = new Map<string, Source>();

function readSource(source: string): Source {
  const known = readSources.get(source);
  if (known) return known;
  const events = source.startsWith("events: ") ? source.slice("events: ".length).split(", ") : null;
  const tree = source.endsWith(".*") ? source.slice(0, -2) : null;
  const read = { events, tree, names: events || tree !== null ? [] : source.split(" + ") };
  readSources.set(source, read);
  return read;
}

/** Whether a source can hold anything in a span with attributes of these names and without events. */
export function canHold(names: readonly string[], source: string): boolean {
  const { tree, names: wanted } = readSource(source);
  if (tree === null) return wanted.some((name) => names.includes(name));
  return names.some((name) => name === tree || name.startsWith(`${tree}.`));
}

/** The attributes and events of one span, asked by the sources of rules; knows which were used. */
export class AttributeSources {
  readonly #attributes: Attributes;
  readonly #events: readonly SpanEvent[];
  /** What only the details event holds; it stays among the events. */
  readonly #details: Attributes;
  readonly #names: readonly string[];
  readonly #used = new Set<string>();

  constructor(attributes: Attributes, events: readonly SpanEvent[]) {
    this.#attributes = attributes;
    this.#events = events;
    this.#names = Object.keys(attributes);
    const details = events.filter(({ name }) => name === detailsEvent);
    this.#details = Object.assign({}, ...details.map((event) => event.attributes)) as Attributes;
  }

  /** What decides which sources can hold anything; null where events count too. */
  get names(): readonly string[] | null {
    return this.#events.length === 0 ? this.#names : null;
  }

  /** The value of a source (see Rule); undefined where it is absent, null or an empty text. */
  find(source: string): Json | undefined {
    const { events, tree, names } = readSource(source);
    if (events) return this.#findEvents(events);
    if (tree !== null) return this.#findTree(tree);
    if (names.length === 1) return this.#findOne(source);
    const parts = names.flatMap((name) => {
      const value = this.#findOne(name);
      return value === undefined ? [] : [[name.slice(name.lastIndexOf(".") + 1), value] as const];
    });
    return parts.length === 0 ? undefined : Object.fromEntries(parts);
  }

  /** The attribute of a name in whatever case it is written. */
  findIgnoringCase(lowerName: string): { readonly name: string; readonly value: Json } | undefined {
    const name = this.#names.find((other) => other.length === lowerName.length && other.toLowerCase() === lowerName);
    const value = name === undefined ? null : (this.#attributes[name] ?? null);
    return name === undefined || value === null ? undefined : { name, value };
  }

  /** Marks what a source holds as used. */
  use(source: string): void {
    const { tree, names } = readSource(source);
    for (const name of names) this.#used.add(name);
    if (tree === null) return;
    this.#used.add(tree);
    for (const name of this.#names) if (name.startsWith(`${tree}.`)) this.#used.add(name);
  }

  /** All attributes that were not used. */
  rest(): Record<string, Json> {
    const left = this.#names.filter((name) => !this.#used.has(name));
    return left.length === 0 ? {} : Object.fromEntries(left.map((name) => [name, this.#attributes[name]!]));
  }

  #findOne(name: string): Json | undefined {
    const value = this.#attributes[name] ?? this.#details[name];
    return value === undefined || value === null || value === "" ? undefined : value;
  }

  #findEvents(names: readonly string[]): Json | undefined {
    const found = this.#events.filter(({ name }) => name !== null && names.includes(name));
    return found.length === 0 ? undefined : (found as unknown as Json);
  }

  #findTree(root: string): Json | undefined {
    const prefix = `${root}.`;
    const leaves = this.#names.filter((name) => name.startsWith(prefix));
    // Some exports keep the tree as one value under its name.
    if (leaves.length === 0) {
      const whole = this.#findOne(root);
      const decoded = whole === undefined ? undefined : decodeJson(whole);
      return typeof decoded === "object" ? decoded : undefined;
    }
    const tree = new Branch();
    for (const name of leaves) tree.set(name.slice(prefix.length).split("."), this.#attributes[name] ?? null);
    const value = tree.json();
    return Array.isArray(value) ? value : undefined;
  }
}

/** Names with dots, grown into a tree. */
class Branch {
  readonly #children = new Map<string, Branch | Json>();

  set([first, ...more]: readonly string[], value: Json): void {
    if (first === undefined) return;
    const child = this.#children.get(first);
    if (more.length === 0) {
      if (!(child instanceof Branch)) this.#children.set(first, value);
      return;
    }
    const branch = child instanceof Branch ? child : new Branch();
    this.#children.set(first, branch);
    branch.set(more, value);
  }

  /** A list where all names are numbers, in their order. */
  json(): Json {
    const entries = [...this.#children].map(
      ([name, child]) => [name, child instanceof Branch ? child.json() : child] as const
    );
    if (!entries.every(([name]) => /^\d+$/.test(name))) return Object.fromEntries(entries);
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
  }
}
