import { answerExport } from "#lib/work/answer-export.ts";
import { workbench } from "../../workbench.ts";

/** OTLP/HTTP: an OpenTelemetry pipeline sends its traces here. */
export const POST = (request: Request): Promise<Response> => answerExport(workbench(), "traces", request);
