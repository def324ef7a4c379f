/** Status of a reply that was too large to be read; no endpoint is asked again for it. */
export const tooLargeStatus = 413;

/**
 * A fetch that reads a reply to its end before it gives it, so that the time a caller allows for a request holds for
 * a body that drips in as well, and that reads no more than `mostBytes` of it.
 */
export function wholeFetch(mostBytes: number): typeof fetch {
  return async (address, options) => {
    const response = await fetch(address, options);
    const parts: Uint8Array[] = [];
    let size = 0;
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); reader && read && !read.done; read = await reader.read()) {
      size += read.value.byteLength;
      if (size > mostBytes) {
        await reader.cancel();
        const message = `the reply of the endpoint is larger than ${mostBytes.toLocaleString("en-US")} bytes`;
        return Response.json({ error: { message } }, { status: tooLargeStatus });
      }
      parts.push(read.value);
    }
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    // The body has been unpacked by now.
    headers.delete("content-encoding");
    headers.delete("content-length");
    const isBodyless = status === 204 || status === 304;
    return new Response(isBodyless ? null : new Blob(parts as BlobPart[]), { status, statusText, headers });
  };
}
