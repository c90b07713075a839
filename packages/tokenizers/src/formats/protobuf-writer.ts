/**
 * Writes the wire format of Protocol Buffers, field by field.
 *
 * Cost     O(bytes); the buffer grows by doubling
 */
export class MessageWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  varint(field: number, value: number): void {
    this.#tag(field, 0);
    this.#number(value);
  }

  flag(field: number, value: boolean): void {
    this.varint(field, value ? 1 : 0);
  }

  float(field: number, value: number): void {
    this.#tag(field, 5);
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  text(field: number, value: string): void {
    this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, 2);
    this.#number(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  message(field: number, write: (message: MessageWriter) => void): void {
    const message = new MessageWriter();
    write(message);
    this.bytes(field, message.finished());
  }

  finished(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #tag(field: number, type: number): void {
    this.#number(field * 8 + type);
  }

  /** A negative number takes the ten bytes of its 64 bits. */
  #number(value: number): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const longer = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
    longer.set(this.#bytes);
    this.#bytes = longer;
  }
}
