/**
 * The contents of many rows as one bound parameter, one behind the other: as they are, where a list in JSON would write
 * every quote as two. A statement cuts them out again with `substr`, by the places that its list of rows names.
 */

/** Positions in SQL count from 1. */
export interface Place {
  readonly start: number;
  /** In bytes. */
  readonly length: number;
}

export interface Packed {
  readonly bytes: Uint8Array;
  /** Of each piece, in their order. */
  readonly places: readonly Place[];
}

export function packed(pieces: readonly (Uint8Array | string)[]): Packed {
  // The first byte is padding, because a driver may take no bytes at all for NULL.
  let next = 2;
  const places = pieces.map((piece) => {
    const place = { start: next, length: Buffer.byteLength(piece) };
    next += place.length;
    return place;
  });
  const bytes = Buffer.allocUnsafe(next - 1);
  let at = bytes.writeUInt8(0);
  for (const piece of pieces) {
    if (typeof piece === 'string') at += bytes.write(piece, at);
    else {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
  }
  return { bytes, places };
}
