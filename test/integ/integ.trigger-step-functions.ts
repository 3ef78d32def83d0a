import { testTrigger } from './trigger';
import { ResizeTrigger } from '../../src';

testTrigger('ImagesByStepFunctions', ResizeTrigger.stepFunctions());
