import { Fault } from "../model/fault.ts";

/**
 * The JSON of a request, of which no more is read than it may have.
 *
 * @throws Fault `limit` for a body that is too large, `invalid` for one that is no JSON
 */
export async function readJson(request: Request, mostBytes: number): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge(mostBytes);
  // Not cancelled where it is left: that would close the connection before the answer is written.
  const reader = request.body?.getReader();
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) break;
    bytes += next.value.byteLength;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    text += decoder.decode(next.value, { stream: true });
  }
  try {
    return JSON.parse(text + decoder.decode());
  } catch (error) {
    throw new Fault("invalid", "the request is no JSON", { cause: error });
  }
}

function tooLarge(mostBytes: number): Fault {
  const most = mostBytes < 2 ** 20 ? `${mostBytes / 2 ** 10} KiB` : `${mostBytes / 2 ** 20} MiB`;
  return new Fault("limit", `the request is too large: it may have ${most}`, {
    hint: "Send less at once."
  });
}
