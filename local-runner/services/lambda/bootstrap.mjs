// Runs inside the process of one sandbox: loads the handler, then answers one event at a time.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Who started the sandbox ends it: Ctrl-C reaches every process of a terminal.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const describe = (error) => ({ errorType: error?.name ?? 'Error', errorMessage: String(error?.message ?? error), trace: String(error?.stack ?? '').split('\n') });

async function load() {
  const [file, name] = process.env._HANDLER.split(/\.(?=[^.]*$)/);
  const path = ['.js', '.mjs', '.cjs'].map((extension) => join(process.env.LAMBDA_TASK_ROOT, file + extension)).find(existsSync);
  if (!path) throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  const module = await import(pathToFileURL(path));
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== 'function') throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  return handler;
}

function contextOf({ requestId, deadline, functionArn }) {
  const environment = process.env;
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    invokedFunctionArn: functionArn,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  };
}

try {
  const handler = await load();
  process.on('message', async (invocation) => {
    try {
      const payload = await handler(invocation.event, contextOf(invocation));
      process.send({ type: 'result', payload });
    } catch (error) {
      process.send({ type: 'error', error: describe(error) });
    }
  });
  process.send({ type: 'ready' });
} catch (error) {
  process.send({ type: 'error', error: describe(error) }, () => process.exit(1));
}
