import { testTrigger } from './trigger';
import { ResizeTrigger } from '../../src';

testTrigger('ImagesByS3Notifications', ResizeTrigger.s3Notifications());
