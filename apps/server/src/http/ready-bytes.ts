/** An answer's body, made once and sent often. */
export type ReadyBytes = {
  bytes: Buffer;
  /**
   * The same bytes as a text of one character each. Node sends headers and a text in one piece, but headers and a
   * buffer in two; measured, that pays for all headers that an answer of ours has more than a bare one.
   */
  latin1: string;
};

export const readyBytes = (bytes: Buffer): ReadyBytes => ({ bytes, latin1: bytes.toString("latin1") });
