/** How a client uploads with what `ImageUploadApi` hands out. */
export enum UploadMethod {
  /**
   * An HTML form, with a signed policy that S3 enforces: key, content type, metadata and a range of sizes.
   * It can be sent again until it expires: it then replaces the image, or brings it back where it was deleted meanwhile.
   * Keep `uploadExpiry` short, or use `PUT`.
   */
  POST = 'POST',
  /**
   * A PUT of the file itself, whose exact size the client names before. S3 refuses it while there is an object of that key, so
   * nothing is ever replaced. Until it expires it can bring back an image that was deleted meanwhile.
   */
  PUT = 'PUT',
}
