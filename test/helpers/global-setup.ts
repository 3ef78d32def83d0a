import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives the run a temporary directory of its own: CDK leaves a cloud assembly there for every app. Says where the font of drawings is, as the
 * handler itself does: what it sets within a test, C libraries do not see.
 */
export default function globalSetup(): void {
  process.env.FONTCONFIG_FILE = join(__dirname, '..', '..', 'src', 'lambda', 'resize', 'image', 'fonts.conf');
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cdk-image-resize-pipeline-test-'));
}
