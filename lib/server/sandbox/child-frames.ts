// The child's end of the pipe. Scorer code shares its realm and may have replaced any built-in function, so what
// is used here was taken before that code was loaded, and no property is looked up that it could have changed.

/** The child's standard streams; both block. */
export interface ChildPipes {
  readonly stdin: { readSync(buffer: Uint8Array): number | null };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
}

/** Frames as the child reads and answers them. */
export interface ChildFrames {
  /** Waits for the next frame and says how many texts it brings; null when the host has gone. */
  read(): number | null;
  /** The frame's next text. Each is decoded when it is its turn: what is small and short-lived costs least. */
  next(): string;
  /** Answers the frame that was read last, wholly or in part. */
  write(text: string): void;
}

/**
 * Bytes before the body of a frame: the body's length, then the word that an answer has to repeat. The body of an
 * answer is one text; that of a question is the number of its texts, then each behind its length.
 */
const lengthBytes = 4;
const headBytes = 12;

const Bytes = Uint8Array;
const Store = ArrayBuffer;

/**
 * Opens the child's end. Every frame brings a word of 8 bytes that scorer code never sees; an answer without it
 * is refused by the host.
 */
export function openFrames({ stdin, stdout }: ChildPipes): ChildFrames {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();
  const decode = decoder.decode.bind(decoder);
  const encodeInto = encoder.encodeInto.bind(encoder);
  const readSync = stdin.readSync.bind(stdin);
  const writeSync = stdout.writeSync.bind(stdout);
  const head = new Bytes(headBytes);
  let input = new Store(2 ** 20);
  let output = new Store(2 ** 16);
  let body = new Bytes(input);
  let at = 0;

  const fill = (store: ArrayBuffer, count: number): boolean => {
    let used = 0;
    while (used < count) {
      const read = readSync(new Bytes(store, used, count - used));
      if (read === null) return false;
      used += read;
    }
    return true;
  };

  return {
    read() {
      if (!fill(head.buffer, headBytes)) return null;
      const length = readLength(head, 0);
      if (length > body.length) {
        input = new Store(length * 2);
        body = new Bytes(input);
      }
      at = lengthBytes;
      return fill(input, length) ? readLength(body, 0) : null;
    },
    next() {
      const start = at + lengthBytes;
      const length = readLength(body, at);
      at = start + length;
      return decode(new Bytes(input, start, length));
    },
    write(text) {
      // A UTF-16 unit becomes at most three bytes.
      const most = headBytes + text.length * 3;
      if (most > output.byteLength) output = new Store(most * 2);
      const length = encodeInto(text, new Bytes(output, headBytes)).written;
      const answer = new Bytes(output, 0, headBytes + length);
      for (let index = 0; index < lengthBytes; index += 1) answer[index] = (length >>> (index * 8)) & 255;
      for (let index = lengthBytes; index < headBytes; index += 1) answer[index] = head[index]!;
      let written = 0;
      while (written < headBytes + length)
        written += writeSync(new Bytes(output, written, headBytes + length - written));
    }
  };
}

function readLength(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
