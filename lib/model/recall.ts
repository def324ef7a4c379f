/**
 * What was read of a key before, or is being read; else reads it. Of more than `most` the one that was not asked for
 * longest is forgotten, and so is what could not be read.
 *
 * @param held  what is remembered; this alone changes it
 */
export function recall<T>(
  held: Map<string, Promise<T>>,
  key: string,
  most: number,
  read: (key: string) => Promise<T>
): Promise<T> {
  const value = held.get(key) ?? read(key);
  // Taken out and put in again, so that the first of the map is the one that was not asked for longest.
  held.delete(key);
  held.set(key, value);
  value.catch(() => held.delete(key));
  for (const oldest of held.keys()) {
    if (held.size <= most) break;
    held.delete(oldest);
  }
  return value;
}
