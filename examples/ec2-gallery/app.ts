import { App } from 'aws-cdk-lib';
import { Ec2GalleryStack } from './ec2-gallery-stack';

const app = new App();
new Ec2GalleryStack(app, 'Ec2Gallery');
