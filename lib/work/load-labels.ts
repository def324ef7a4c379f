import type { Scope } from "#lib/model/scope.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Kernel } from "#lib/ports/kernel.ts";

/** Which labels a kernel holds, or is about to hold. */
const loadedBy = new WeakMap<Kernel, { readonly version: string; readonly loaded: Promise<unknown> }>();

/**
 * Brings the labels of the scope's units into the kernel's table `label_list` (business_unit, trace_id, label): they
 * change without the lake moving on, so they are read anew, and loaded where they differ.
 */
export async function loadLabels(annotations: Pick<Annotations, "list">, kernel: Kernel, scope: Scope): Promise<void> {
  const found = await annotations.list(scope);
  const newest = found.at(-1);
  const version = `${found.length} ${newest?.annotationId} ${newest?.version}`;
  const held = loadedBy.get(kernel);
  if (held?.version === version) {
    await held.loaded;
    return;
  }
  // One after the other: the engine refuses two that replace the same table at once.
  const loaded = (held?.loaded ?? Promise.resolve()).then(() =>
    kernel.load("label_list", [
      { name: "business_unit", type: "VARCHAR", values: found.map(({ businessUnit }) => businessUnit) },
      { name: "trace_id", type: "VARCHAR", values: found.map(({ traceId }) => traceId) },
      { name: "label", type: "VARCHAR", values: found.map(({ label }) => label) }
    ])
  );
  loadedBy.set(kernel, { version, loaded });
  await loaded;
}
