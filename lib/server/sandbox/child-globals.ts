// What code in the sandbox finds around it. Whatever is not named here is taken away, so that a runtime that brings
// something new brings it to nobody: no runtime, no network, no threads (the hashes of `crypto` and WebAssembly work
// on some that go on behind a call that has ended), no graphics card.

const language =
  "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp " +
  "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError globalThis " +
  "JSON Math Intl ArrayBuffer SharedArrayBuffer Atomics DataView Uint8Array Int8Array Uint16Array Int16Array " +
  "Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array Map " +
  "BigInt Set Iterator WeakMap WeakSet WeakRef FinalizationRegistry Proxy Reflect DisposableStack " +
  "AsyncDisposableStack Temporal decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval " +
  "isFinite isNaN";
const small =
  "queueMicrotask setTimeout clearTimeout structuredClone TextDecoder TextEncoder URL URLSearchParams atob btoa performance";

/** Takes everything away but the language itself and a few small tools; `console` stays and says nothing. */
export function closeGlobals(): void {
  const kept = new Set<string | symbol>(`${language} ${small}`.split(" "));
  const silent = () => undefined;
  const quiet = Object.fromEntries(
    ["log", "info", "warn", "error", "debug", "trace", "table", "dir"].map((name) => [name, silent])
  );
  for (const name of Reflect.ownKeys(globalThis)) {
    // The runtime keeps its own listeners under symbols, and our listener for rejections is one of them.
    if (kept.has(name) || typeof name === "symbol") continue;
    Object.defineProperty(globalThis, name, {
      value: name === "console" ? quiet : undefined,
      writable: false,
      configurable: false
    });
  }
}
