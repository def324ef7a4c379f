import { answerExport } from "#lib/work/answer-export.ts";
import { answer } from "../../answer.ts";

/** OTLP/HTTP: an OpenTelemetry pipeline sends its traces here; its key says for which unit. */
export const POST = answer("open", ({ bench, request }) => answerExport(bench, "traces", request));
