import { audit } from './build/audit';
import { packageRoot, payloadLayout } from './build/layout';

/**
 * `npm run audit:payload`: exits with 2 when the registry could not be asked, and with 1 when an advisory concerns what the
 * package ships, or when the audit itself fails.
 */
async function main() {
  const { count, advisories, error } = await audit(payloadLayout(packageRoot).sbom);
  if (!advisories) {
    console.error(`audit:payload: advisories for ${count} packages could not be looked up: ${error}`);
    process.exitCode = 2;
    return;
  }
  const concerned = Object.keys(advisories);
  console.log(`audit:payload: ${concerned.length} of ${count} packages have advisories${concerned.map((name) => `\n${JSON.stringify(advisories[name], undefined, 2)}`).join('')}`);
  process.exitCode = concerned.length > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  console.error(`audit:payload: ${error.message}`);
  process.exitCode = 1;
});
