import { type FaultCode, isFault, reportOf } from "#lib/model/fault.ts";

const statusOf: Readonly<Record<FaultCode, number>> = {
  invalid: 400,
  denied: 403,
  missing: 404,
  conflict: 409,
  limit: 413,
  broken: 502
};

/** Runs a route's work: a plain value becomes JSON, a Response stays, a Fault becomes its status and `{fault}`. */
export async function answer(work: () => Promise<unknown>): Promise<Response> {
  try {
    const value = await work();
    return value instanceof Response ? value : Response.json(value ?? null);
  } catch (error) {
    if (!isFault(error)) {
      console.error(error);
      return Response.json(
        { fault: { ...reportOf(error), hint: "This is a defect of the workbench; the log has it in full." } },
        { status: 500 }
      );
    }
    return Response.json({ fault: reportOf(error) }, { status: statusOf[error.code] });
  }
}
