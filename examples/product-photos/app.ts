import { App } from 'aws-cdk-lib';
import { ProductPhotosStack } from './product-photos-stack';

const app = new App();
new ProductPhotosStack(app, 'ProductPhotos');
