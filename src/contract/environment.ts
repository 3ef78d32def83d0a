/**
 * Parses the configuration that a construct rendered into the environment of its function.
 *
 * @throws Error that names the variable when it is missing, is no JSON, or is of another version
 */
export function parseVariable<T extends { readonly version: number }>(
  environment: Readonly<Record<string, string | undefined>>, variable: string, version: number,
): T {
  const json = environment[variable];
  if (!json) throw new Error(`expected environment variable ${variable} to hold the configuration, received ${JSON.stringify(json)}`);

  let config: T;
  try {
    config = JSON.parse(json) as T;
  } catch (cause) {
    throw new Error(`expected environment variable ${variable} to be JSON, received ${JSON.stringify(json.slice(0, 80))}`, { cause });
  }
  if (config?.version !== version) {
    throw new Error(`expected configuration version ${version} in ${variable}, received ${JSON.stringify(config?.version)}: deploy construct and function of the same release`);
  }
  return config;
}
