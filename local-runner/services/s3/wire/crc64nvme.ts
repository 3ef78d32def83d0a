/* eslint-disable no-bitwise -- a CRC is bit arithmetic */

// The reflected polynomial 0x9a6c9329ac4bc9b5, as two 32-bit halves: BigInt would be some twenty times slower.
const POLYNOMIAL_HIGH = 0x9a6c9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;

const TABLE_HIGH = new Uint32Array(256);
const TABLE_LOW = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1;
    low = (low >>> 1) | ((high & 1) << 31);
    high >>>= 1;
    if (carry) {
      high ^= POLYNOMIAL_HIGH;
      low ^= POLYNOMIAL_LOW;
    }
  }
  TABLE_HIGH[byte] = high;
  TABLE_LOW[byte] = low;
}

/** CRC-64/NVME, the checksum that S3 uses for whole multipart objects. */
export class Crc64Nvme {
  private high = -1;
  private low = -1;

  update(data: Uint8Array): void {
    let { high, low } = this;
    for (let i = 0; i < data.length; i++) {
      const index = (low ^ data[i]) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ TABLE_LOW[index];
      high = (high >>> 8) ^ TABLE_HIGH[index];
    }
    this.high = high;
    this.low = low;
  }

  digest(): Buffer {
    const result = Buffer.alloc(8);
    result.writeUInt32BE(~this.high >>> 0, 0);
    result.writeUInt32BE(~this.low >>> 0, 4);
    return result;
  }
}
