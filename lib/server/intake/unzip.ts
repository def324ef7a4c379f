import { gunzipSync } from "node:zlib";
import { Fault } from "#lib/model/fault.ts";

/**
 * @param limitBytes  of the text inside; a small body can hold a huge one
 * @throws Fault `limit` beyond it, `invalid` for what is no gzip
 */
export function unzip(body: Uint8Array, limitBytes: number): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new Fault("limit", `the body holds more than ${limitBytes / 2 ** 20} MiB`, {
        hint: "Send smaller batches.",
        cause: error
      });
    }
    throw new Fault("invalid", "the body says that it is gzip, and is not", { cause: error });
  }
}
