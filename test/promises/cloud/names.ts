/** The SDK's name of a command, such as `PutObjectCommand`. */
export function nameOf(command: unknown): string {
  return (command as object).constructor.name;
}
