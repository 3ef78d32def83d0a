import { Input } from './sdk-calls';

/** What of a signed request takes no rights beyond those of its command. */
const FREE = /^(content-type|key|bucket|policy|if-none-match|x-id|x-amz-(algorithm|content-sha256|credential|date|expires|security-token|signature|signedheaders|meta-.*))$/i;

/** The input of the command that a browser makes of a signed URL, with the headers or form fields that go with it. */
export function signedInput(url: string, parameters: Readonly<Record<string, string>> = {}): Input {
  const { pathname, searchParams } = new URL(url);
  const unknown = [...searchParams.keys(), ...Object.keys(parameters)].filter((name) => !FREE.test(name));
  if (unknown.length > 0) throw new Error(`the rights that ${unknown.join(', ')} take are not known`);
  const [, Bucket, ...key] = pathname.split('/').map(decodeURIComponent);
  return { Bucket, Key: parameters.key ?? key.join('/') };
}
