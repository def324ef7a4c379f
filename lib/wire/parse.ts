import { Fault } from "../model/fault.ts";

/** A JSON object whose fields have not been looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws Fault `invalid` when the value is no object; `what` names it for the person */
export function object(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Fault("invalid", `${what} is not a JSON object`);
  }
  return value as Fields;
}

/** The text at a field. @throws Fault `invalid` */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new Fault("invalid", `"${name}" is not a text`);
  return value;
}

/** The whole number at a field. @throws Fault `invalid` */
export function integer(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new Fault("invalid", `"${name}" is not a whole number`);
  }
  return value;
}

/** The list at a field, whatever is in it. @throws Fault `invalid` */
export function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value as unknown[];
  throw new Fault("invalid", `"${name}" is not a list`);
}

/** Yes or no at a field. @throws Fault `invalid` */
export function boolean(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value === "boolean") return value;
  throw new Fault("invalid", `"${name}" is neither true nor false`);
}

/** The finite number at a field. @throws Fault `invalid` */
export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new Fault("invalid", `"${name}" is not a number`);
}

/** The object at a field; empty when absent. @throws Fault `invalid` */
export function record(fields: Fields, name: string): Fields {
  const value = fields[name];
  return value === undefined ? {} : object(value, `"${name}"`);
}

/** What `read` finds at a field, or undefined where the field is absent or null. */
export function optional<T>(fields: Fields, name: string, read: (fields: Fields, name: string) => T): T | undefined {
  return fields[name] === undefined || fields[name] === null ? undefined : read(fields, name);
}
