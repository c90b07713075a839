/**
 * SHA-256 of a file.
 *
 * Needs    `crypto.subtle`
 * Errors   CapabilityError where the host has none
 */
import { CapabilityError } from "@frugal/tensor/errors";

/** As 64 hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) {
    throw new CapabilityError(
      "sha256",
      ["crypto.subtle"],
      "Serve the page over https or from localhost",
    );
  }
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
