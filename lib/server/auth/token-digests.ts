import type { DBAdapter, DBTransactionAdapter, Where } from "better-auth/adapters";
import { digestOf } from "../state/people-rows.ts";

/**
 * What better-auth keeps its rows with, so that of a session's token only the digest is kept: whoever reads the
 * database holds nothing that signs in. The token itself is known to the one who makes the session, once.
 */
export function keepDigests(adapter: DBAdapter): DBAdapter {
  return {
    ...adapter,
    ...overDigests(adapter),
    transaction: (work) => adapter.transaction((inner) => work({ ...inner, ...overDigests(inner) }))
  };
}

type Reading = Pick<DBTransactionAdapter, "findOne" | "findMany" | "count" | "delete" | "deleteMany" | "consumeOne">;
type Writing = Pick<DBTransactionAdapter, "create" | "update" | "updateMany" | "incrementOne">;

/** Each of its questions with digests in the place of tokens; only `create` tells the token. */
function overDigests(adapter: DBTransactionAdapter): Reading & Writing {
  return {
    findOne: (asked) => adapter.findOne(found(asked)),
    findMany: (asked) => adapter.findMany(found(asked)),
    count: (asked) => adapter.count(found(asked)),
    delete: (asked) => adapter.delete(found(asked)),
    deleteMany: (asked) => adapter.deleteMany(found(asked)),
    consumeOne: (asked) => adapter.consumeOne(found(asked)),
    update: (asked) => adapter.update({ ...found(asked), update: kept(asked.model, asked.update) }),
    updateMany: (asked) => adapter.updateMany({ ...found(asked), update: kept(asked.model, asked.update) }),
    incrementOne: (asked) =>
      adapter.incrementOne({ ...found(asked), ...(asked.set && { set: kept(asked.model, asked.set) }) }),
    async create<T extends Record<string, unknown>, R = T>(asked: Parameters<DBAdapter["create"]>[0]) {
      const made = await adapter.create<T, R>({ ...asked, data: kept(asked.model, asked.data) as Omit<T, "id"> });
      const { token } = asked.data;
      return hasToken(asked.model) && typeof token === "string" ? { ...made, token } : made;
    }
  };
}

const hasToken = (model: string): boolean => model === "session";

function found<T extends { readonly model: string; readonly where?: Where[] | undefined }>(asked: T): T {
  if (!hasToken(asked.model) || !asked.where) return asked;
  return {
    ...asked,
    where: asked.where.map((part) => (part.field === "token" ? { ...part, value: digestsOf(part.value) } : part))
  };
}

function kept<T extends Readonly<Record<string, unknown>>>(model: string, row: T): T {
  return hasToken(model) && typeof row.token === "string" ? { ...row, token: digestOf(row.token) } : row;
}

function digestsOf(value: Where["value"]): Where["value"] {
  if (Array.isArray(value)) return value.map((one) => digestOf(String(one)));
  return value === null ? null : digestOf(String(value));
}
