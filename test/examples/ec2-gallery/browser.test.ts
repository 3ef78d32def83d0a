import { RunningApp } from '../../helpers/running-app';
import { describeGallery } from '../browser/gallery-suite';

describeGallery('EC2 gallery', async () => {
  const app = await RunningApp.example('ec2-gallery');
  return { url: `${app.app.output('GalleryUrl')}/`, originals: true, stop: () => app.stop() };
});
