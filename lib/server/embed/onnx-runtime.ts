import { Fault } from "#lib/model/fault.ts";

/** A tensor as both runtimes know it. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** A loaded model. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
}

/** What we use of a runtime. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<OnnxSession> };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => OnnxTensor;
}

/** Packages that are tried, the faster first. Neither is needed where no local model is configured. */
const packages = ["onnxruntime-node", "onnxruntime-web"];

/**
 * Loads the first runtime that is installed.
 *
 * @param load  imports a package
 * @throws Fault `missing` that says what to install
 */
export async function loadRuntime(
  load: (name: string) => Promise<unknown> = (name) => import(name)
): Promise<OnnxRuntime> {
  for (const name of packages) {
    try {
      return (await load(name)) as OnnxRuntime;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ERR_MODULE_NOT_FOUND" && message.includes(name)) continue;
      throw new Fault("broken", `the package ${name} could not be loaded: ${message.split("\n", 1)[0]}`, {
        cause: error
      });
    }
  }
  throw new Fault("missing", "a local embedding model needs an ONNX runtime, and none is installed", {
    hint: "Install one: npm install --no-save onnxruntime-web"
  });
}
