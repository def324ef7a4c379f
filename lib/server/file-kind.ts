/** What a text file is written in. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be";

/** First bytes of files that hold no records, and what such a file is. */
const foreign: readonly (readonly [bytes: string, words: string])[] = [
  [
    "504b0304",
    "a zip archive: unpack it first (an .eval log of Inspect becomes .json by `inspect log convert --to json`)"
  ],
  ["504b0506", "an empty zip archive"],
  ["89504e47", "a picture"],
  ["ffd8ff", "a picture"],
  ["474946383", "a picture"],
  ["25504446", "a PDF document"],
  ["53514c69746520666f726d6174", "a SQLite database"],
  ["28b52ffd", "compressed by zstd: unpack it first, or compress it by gzip"],
  ["fd377a585a00", "compressed by xz: unpack it first, or compress it by gzip"],
  ["425a68", "compressed by bzip2: unpack it first, or compress it by gzip"],
  ["377abcaf271c", "a 7z archive: unpack it first"],
  ["4152524f5731", "an Arrow file: write it as Parquet, CSV or JSON lines"],
  ["4f626a01", "an Avro file: write it as Parquet, CSV or JSON lines"],
  ["4f5243", "an ORC file: write it as Parquet, CSV or JSON lines"]
];

/**
 * What a file is that holds no records, in words; null for one that may.
 *
 * @param head  its first bytes, unzipped
 */
export function tellForeign(head: Buffer): string | null {
  const hex = head.subarray(0, 16).toString("hex");
  const known = foreign.find(([bytes]) => hex.startsWith(bytes));
  if (known) return known[1];
  if (hex.startsWith("50415231")) return null;
  if (/^\s*<(!doctype|html|\?xml|[a-z]+[\s/>])/i.test(head.subarray(0, 200).toString("latin1"))) return "HTML or XML";
  // A tar archive says what it is behind the name of its first file.
  if (head.subarray(257, 262).toString("latin1") === "ustar") return "a tar archive: unpack it first";
  return tellEncoding(head) === "utf-8" && head.includes(0) ? "bytes that are neither text nor Parquet" : null;
}

/** The encoding of a text, by its byte order mark, or by where JSON's first bracket has its empty half. */
export function tellEncoding(head: Uint8Array): TextEncoding {
  const [first = 1, second = 1, third = 1, fourth = 1] = head;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const isWide = (high: number, low: number) => high === 0 && [0x7b, 0x5b].includes(low);
  if (isWide(second, first) && fourth === 0) return "utf-16le";
  return isWide(first, second) && third === 0 ? "utf-16be" : "utf-8";
}
