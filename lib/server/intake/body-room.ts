import type { BodyRoom } from "#lib/ports/intake.ts";

/** Room for so many bytes of bodies at once. */
export function openBodyRoom(bytes: number): BodyRoom {
  let left = bytes;
  return {
    take(wanted) {
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
    give(back) {
      left += back;
    }
  };
}
