import { isIP } from 'net';
import { Addresses } from '../http/addresses';
import { LocalServer } from '../http/local-server';
import { MODULES } from '../resources';
import { LocalCloud, Machine } from '../resources/local-cloud';
import { Stack } from '../template/stack';

/**
 * Runs the resources of all stacks of an app on this machine.
 *
 * @param buckets that exist before the stacks do
 * @param addresses get those of the app's servers
 */
export async function deploy(stacks: readonly Stack[], machine: Machine, buckets: readonly string[], addresses: Addresses): Promise<LocalCloud> {
  const servers = new Map<string, LocalServer>();
  const assets = new Map(stacks.flatMap((stack) => [...stack.assets]));
  const cloud = new LocalCloud(machine, assets, addresses, servers);
  try {
    // Before the properties are read, because they may have addresses in them.
    for (const hosts of stacks.flatMap((stack) => stack.hosts())) {
      const server = await LocalServer.listen({ host: machine.host, port: hosts.some(isForPeople) ? machine.pagePort : undefined });
      cloud.onStop(() => server.stop());
      for (const host of hosts) {
        servers.set(host, server);
        addresses.set(host, server.origin);
      }
    }
    for (const bucket of buckets) cloud.createBucket(bucket);
    for (const { types, create } of MODULES) {
      await create(stacks.flatMap((stack) => stack.resources(...Object.keys(types))), cloud);
    }
    return cloud;
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

/** A distribution or an instance, whose addresses people open; APIs and buckets are called by their pages. */
function isForPeople(host: string): boolean {
  return isIP(host) !== 0 || host.endsWith('.cloudfront.net');
}
