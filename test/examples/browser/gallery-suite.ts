import { testAccessibility } from './gallery-accessibility';
import { GalleryApp, GalleryContext } from './gallery-context';
import { testDeletion } from './gallery-deletion';
import { testFailures } from './gallery-failures';
import { testList } from './gallery-list';
import { testUploads } from './gallery-uploads';
import { testViewing } from './gallery-viewing';

/** The behaviour of the gallery's page in front of an app, in a real browser. */
export function describeGallery(name: string, start: () => Promise<GalleryApp>): void {
  describe(name, () => {
    jest.setTimeout(120_000);

    const context = new GalleryContext(name, start);
    beforeAll(() => context.start());
    afterAll(() => context.stop());
    afterEach(() => context.closePages());

    // They share the app: the first sees it without images, the last takes one of the samples away.
    testViewing(context);
    testList(context);
    testUploads(context);
    testFailures(context);
    testAccessibility(context);
    testDeletion(context);
  });
}
