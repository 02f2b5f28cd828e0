/** The server sent what the protocol does not allow, or the bytes were damaged on the way. The only error that decoding throws. */
export class ProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtocolError';
  }
}
