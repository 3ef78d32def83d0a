import { createRequire } from 'module';
import type * as Library from 'aws-local-stepfunctions' with { 'resolution-mode': 'import' };

export type { StateMachineDefinition } from 'aws-local-stepfunctions' with { 'resolution-mode': 'import' };

// The library needs it, and Node.js 20 lacks it.
if (!('withResolvers' in Promise)) {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: function withResolvers<T>(this: PromiseConstructor) {
      let resolve!: (value: T | PromiseLike<T>) => void;
      let reject!: (reason?: unknown) => void;
      const promise = new this<T>((fulfil, refuse) => {
        resolve = fulfil;
        reject = refuse;
      });
      return { promise, resolve, reject };
    },
  });
}

// What it offers to `import` is an ES module, which a CommonJS module cannot load on every Node.js.
export const { ExecutionError, ExecutionTimeoutError, StateMachine } = createRequire(__filename)('aws-local-stepfunctions') as typeof Library;
