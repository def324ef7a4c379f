/** Packages that scorers may import beside "tracebook": pure computation, nothing that reaches out. */
export const allowedPackages = ["date-fns", "fastest-levenshtein", "zod"] as const;

/** A package that scorers may import. */
export type AllowedPackage = (typeof allowedPackages)[number];

/** Whether a module's name is one of them, whole: no file within it. */
export function isAllowedPackage(name: string): name is AllowedPackage {
  return (allowedPackages as readonly string[]).includes(name);
}

/** All that a scorer can import, as a list in a sentence. */
export function sayImports(): string {
  const names = ["tracebook", ...allowedPackages].map((name) => `"${name}"`);
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
