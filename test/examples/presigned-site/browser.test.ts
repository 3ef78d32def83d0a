import { RunningApp } from '../../helpers/running-app';
import { describeGallery } from '../browser/gallery-suite';

describeGallery('presigned site', async () => {
  const app = await RunningApp.example('presigned-site');
  return { url: `${app.app.output('SiteUrl')}/`, originals: true, stop: () => app.stop() };
});
