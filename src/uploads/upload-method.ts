/** How a client uploads with what `ImageUploadApi` hands out. */
export enum UploadMethod {
  /**
   * An HTML form, with a signed policy that S3 enforces: key, content type, metadata and a range of sizes.
   * It may be sent again until it expires, and then replaces the image.
   */
  POST = 'POST',
  /**
   * A PUT of the file itself, whose exact size the client names before. Works once: S3 refuses a second upload.
   */
  PUT = 'PUT',
}
