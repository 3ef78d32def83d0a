import { testTrigger } from './trigger';
import { ResizeTrigger } from '../../src';

testTrigger('ImagesByQueue', ResizeTrigger.queue());
