/**
 * Makes the columns of a dense matrix orthonormal in place; columns that depend on earlier ones become zero.
 *
 * @param values  rows x columns, row after row; overwritten
 * @see Gram-Schmidt, run twice, which is enough for full accuracy: Giraud et al. 2005, doi:10.1007/s00211-005-0615-4
 */
export function orthonormalise(values: Float32Array | Float64Array, rows: number, columns: number): void {
  const basis = Array.from({ length: columns }, (_, column) => {
    const vector = new Float64Array(rows);
    for (let row = 0; row < rows; row++) vector[row] = values[row * columns + column]!;
    return vector;
  });
  for (let column = 0; column < columns; column++) {
    const vector = basis[column]!;
    const before = Math.sqrt(dot(vector, vector));
    project(vector, basis, column);
    let after = Math.sqrt(dot(vector, vector));
    if (after < 0.5 * before) {
      project(vector, basis, column);
      after = Math.sqrt(dot(vector, vector));
    }
    const scale = after > 1e-10 * before && after > 0 ? 1 / after : 0;
    for (let row = 0; row < rows; row++) vector[row]! *= scale;
  }
  for (let column = 0; column < columns; column++) {
    const vector = basis[column]!;
    for (let row = 0; row < rows; row++) values[row * columns + column] = vector[row]!;
  }
}

function project(vector: Float64Array, basis: readonly Float64Array[], count: number): void {
  for (let earlier = 0; earlier < count; earlier++) {
    const other = basis[earlier]!;
    const share = dot(vector, other);
    if (share === 0) continue;
    for (let row = 0; row < vector.length; row++) vector[row]! -= share * other[row]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  const even = a.length & ~1;
  for (let at = 0; at < even; at += 2) {
    s0 += a[at]! * b[at]!;
    s1 += a[at + 1]! * b[at + 1]!;
  }
  if (even < a.length) s0 += a[even]! * b[even]!;
  return s0 + s1;
}
