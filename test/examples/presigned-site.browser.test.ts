import { describeGallery } from './browser/gallery-suite';
import { RunningApp } from './running-app';

describeGallery('presigned site', async () => {
  const app = await RunningApp.example('presigned-site');
  return { url: `${app.app.output('SiteUrl')}/`, stop: () => app.stop() };
});
