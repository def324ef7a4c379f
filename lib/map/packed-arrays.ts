import { Fault } from "../model/fault.ts";

/** Numbers that are kept as they lie in memory. */
export type PackedArray = Uint8Array | Int32Array | Float32Array | Float64Array;

/** What stands before the arrays: any JSON. */
export type PackedHead = Readonly<Record<string, unknown>>;

/** An opened pack; its arrays look into the bytes that were given. */
export interface Pack {
  readonly head: PackedHead;
  readonly arrays: ReadonlyMap<string, PackedArray>;
}

const MAGIC = 0x70414d54;
const kinds = { u8: Uint8Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;
type Kind = keyof typeof kinds;

interface Section {
  readonly name: string;
  readonly kind: Kind;
  readonly length: number;
}

/**
 * Puts named arrays and a head into one run of bytes: four 32-bit numbers (mark, format, bytes of the head, check sum of all
 * that follows), the head as JSON, then each array; each part begins at a multiple of 8. Little-endian.
 *
 * @param format  number of the layout of head and arrays, told apart by `openPack`
 */
export function packArrays(
  format: number,
  head: PackedHead,
  arrays: Readonly<Record<string, PackedArray>>
): Uint8Array {
  const sections = Object.entries(arrays).map(([name, array]): Section => {
    const kind = (Object.keys(kinds) as Kind[]).find((each) => array instanceof kinds[each])!;
    return { name, kind, length: array.length };
  });
  const text = new TextEncoder().encode(JSON.stringify({ head, sections }));
  const size = sections.reduce((sum, section) => sum + padded(sizeOf(section)), 16 + padded(text.length));
  const bytes = new Uint8Array(size);
  bytes.set(text, 16);
  let at = 16 + padded(text.length);
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += padded(array.byteLength);
  }
  new Uint32Array(bytes.buffer, 0, 4).set([MAGIC, format, text.length, checkSum(bytes)]);
  return bytes;
}

/**
 * Opens what `packArrays` made, without copying where the bytes begin at a multiple of 8.
 *
 * @param formats  that the caller can read
 * @throws Fault `broken` naming `what` where the bytes are of another kind or format, cut, or changed
 */
export function openPack(given: Uint8Array, formats: readonly number[], what: string): Pack {
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
  const refuse = (why: string) => new Fault("broken", `the ${what} cannot be read: ${why}`);
  if (bytes.length < 16 || bytes.length % 8 !== 0) throw refuse(`${bytes.length} bytes are not a whole one`);
  const [mark, found, textLength, sum] = new Uint32Array(bytes.buffer, bytes.byteOffset, 4);
  if (mark !== MAGIC) throw refuse("it begins with another mark");
  if (!formats.includes(found!)) {
    throw refuse(`it has format ${found}, this program reads format ${formats.join(" and ")}`);
  }
  if (textLength! > bytes.length - 16 || sum !== checkSum(bytes)) throw refuse("its check sum does not fit its bytes");
  const { head, sections } = parseHead(bytes.subarray(16, 16 + textLength!), refuse);
  const arrays = new Map<string, PackedArray>();
  let at = 16 + padded(textLength!);
  for (const section of sections) {
    if (!(section.kind in kinds) || at + sizeOf(section) > bytes.length) throw refuse(`"${section.name}" is not whole`);
    arrays.set(
      section.name,
      new kinds[section.kind](bytes.buffer as ArrayBuffer, bytes.byteOffset + at, section.length)
    );
    at += padded(sizeOf(section));
  }
  if (at !== bytes.length) throw refuse(`${bytes.length - at} bytes follow its end`);
  return { head, arrays };
}

function parseHead(
  text: Uint8Array,
  refuse: (why: string) => Fault
): { readonly head: PackedHead; readonly sections: readonly Section[] } {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text)) as {
      head: PackedHead;
      sections: readonly Section[];
    };
  } catch (cause) {
    throw new Fault("broken", refuse("its head is no JSON").message, { cause });
  }
}

const padded = (size: number) => Math.ceil(size / 8) * 8;
const sizeOf = ({ kind, length }: Section) => kinds[kind].BYTES_PER_ELEMENT * length;

/** Of everything behind the first 16 bytes. @see FNV-1a, over 32-bit words */
function checkSum(bytes: Uint8Array): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + 16, (bytes.length - 16) / 4);
  let hash = 0x811c9dc5;
  for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ words[at]!, 0x01000193);
  return hash >>> 0;
}
