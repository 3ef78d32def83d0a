import { RenditionFacts } from '../../../src/contract';
import { LocalHandler } from '../../helpers/handler';

export const AT = '2026-01-02T03:04:05.000Z';

/** The pipeline behind the API, for all tests of a file: emptied before each. */
class ImagesHarness {
  pipeline!: LocalHandler;

  rendition(width: number, more: Partial<RenditionFacts> = {}): RenditionFacts {
    return {
      profile: 'p',
      bucket: this.pipeline.outputBucket,
      key: `cat.jpg/${width}.jpg`,
      width,
      height: 10,
      format: 'jpeg',
      contentType: 'image/jpeg',
      bytes: 5,
      reductionPercent: 50,
      ...more,
    };
  }
}

export function useImages(): ImagesHarness {
  const harness = new ImagesHarness();
  beforeAll(async () => { harness.pipeline = await LocalHandler.start(); });
  afterAll(() => harness.pipeline.stop());
  beforeEach(() => harness.pipeline.reset({ catalog: { shards: 3 } }));
  return harness;
}
