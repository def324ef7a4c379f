import type { Fields } from "./fields.ts";

/** Fields by the names that exports give them, where an API writes the same in camelCase. */
export function snakeCase(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value
    ])
  );
}
