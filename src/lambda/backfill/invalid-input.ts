/** What the input of an execution asks for is not possible. Its name is what the execution fails with. */
export class InvalidInput extends Error {
  public override readonly name = 'InvalidInput';
}
