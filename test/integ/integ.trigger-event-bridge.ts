import { testTrigger } from './trigger';
import { ResizeTrigger } from '../../src';

testTrigger('ImagesByEventBridge', ResizeTrigger.eventBridge());
