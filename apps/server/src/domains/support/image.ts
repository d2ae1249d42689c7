export type ImageType = "image/jpeg" | "image/png" | "image/webp";

const startsWith = (bytes: Buffer, signature: number[], at = 0): boolean =>
  signature.every((byte, i) => bytes[at + i] === byte);

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** What the bytes are, whatever their name and declared type say; null for anything that is not accepted. */
export function sniffImage(bytes: Buffer): ImageType | null {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (startsWith(bytes, PNG_SIGNATURE)) return "image/png";
  if (bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP")
    return "image/webp";
  return null;
}

/**
 * The picture without what it tells about its maker: camera, place, software, comments. The pixels are not
 * touched. A file that is not put together as its type demands is kept from that point on as it is.
 */
export function stripMetadata(bytes: Buffer, type: ImageType): Buffer {
  switch (type) {
    case "image/jpeg":
      return stripJpeg(bytes);
    case "image/png":
      return stripPng(bytes);
    case "image/webp":
      return stripWebp(bytes);
  }
}

/** JPEG: segments `FF marker length`, until the scan begins. APP1 is Exif and XMP; APP2 (colour) and APP14 stay. */
function stripJpeg(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    const startOfScan = 0xda;
    if (marker === startOfScan || marker < 0xc0 || marker === 0xff) break;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) break;
    const application = marker >= 0xe1 && marker <= 0xef && marker !== 0xe2 && marker !== 0xee;
    const comment = marker === 0xfe;
    if (!application && !comment) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  return Buffer.concat(kept);
}

const PNG_METADATA = new Set(["eXIf", "tEXt", "zTXt", "iTXt", "tIME"]);

/** PNG: chunks `length type data crc`. */
function stripPng(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, 8)];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (end > bytes.length || !/^[A-Za-z]{4}$/.test(type)) break;
    if (!PNG_METADATA.has(type)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  return Buffer.concat(kept);
}

const VP8X_HAS_EXIF = 0x08;
const VP8X_HAS_XMP = 0x04;

/** WebP: RIFF chunks `type length data`, padded to even; the header chunk says what metadata follows. */
function stripWebp(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  let at = 12;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    const type = bytes.toString("latin1", at, at + 4);
    if (end > bytes.length || !/^[ -~]{4}$/.test(type)) break;
    if (type === "VP8X" && size >= 1) {
      const header = Buffer.from(bytes.subarray(at, end));
      header[8] = (header[8] as number) & ~(VP8X_HAS_EXIF | VP8X_HAS_XMP);
      kept.push(header);
    } else if (type !== "EXIF" && type !== "XMP ") kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  const body = Buffer.concat(kept);
  const head = Buffer.from(bytes.subarray(0, 12));
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}
