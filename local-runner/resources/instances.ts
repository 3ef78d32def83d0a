import { createHash } from 'crypto';
import type { LocalCloud } from './local-cloud';
import { pathOf, propertiesOf, ResourceModule } from './module';
import { proxy } from '../http/forward';
import { Init, Instance } from '../services/ec2/instance';
import { connection, generatedId, Place, ResourceType } from '../template/resource-types';
import type { Resource } from '../template/stack';

/** The machine, its network and its rights are those of this machine; what it runs is in the metadata. */
const IGNORED = [
  'AvailabilityZone', 'BlockDeviceMappings', 'CreditSpecification', 'DisableApiTermination', 'EbsOptimized', 'IamInstanceProfile', 'ImageId', 'InstanceInitiatedShutdownBehavior',
  'InstanceType', 'KeyName', 'LaunchTemplate', 'MetadataOptions', 'Monitoring', 'NetworkInterfaces', 'PrivateIpAddress', 'PropagateTagsToVolumeOnCreation', 'SecurityGroupIds',
  'SourceDestCheck', 'SubnetId', 'Tags', 'Tenancy', 'UserData',
];

interface AddressProperties {
  readonly InstanceId?: string;
}

interface AssociationProperties {
  readonly AllocationId?: string;
  readonly EIP?: string;
  readonly InstanceId?: string;
}

const INSTANCE: ResourceType = {
  generateName: (stack, logicalId) => `i-${generatedId(stack, logicalId)}`,
  ref: (id) => id,
  attributes: attributesOf,
  hosts: (id, place) => {
    const { PublicIp, PublicDnsName, PrivateIp, PrivateDnsName } = attributesOf(id, place);
    return [PublicIp, PublicDnsName, PrivateIp, PrivateDnsName];
  },
};

const ADDRESS: ResourceType = {
  generateName: (stack, logicalId) => `eipalloc-${generatedId(stack, logicalId)}`,
  ref: publicIp,
  attributes: (id) => ({ AllocationId: id, PublicIp: publicIp(id) }),
  hosts: (id) => [publicIp(id)],
};

export const INSTANCES: ResourceModule = {
  types: { 'AWS::EC2::Instance': INSTANCE, 'AWS::EC2::EIP': ADDRESS, 'AWS::EC2::EIPAssociation': connection() },
  async create(resources, cloud) {
    const ofType = (type: string) => resources.filter((resource) => resource.type === `AWS::EC2::${type}`);
    const addresses = new Map(ofType('EIP').flatMap((address) => addressOf(address, ofType('EIPAssociation'))));
    for (const resource of ofType('Instance')) await startInstance(resource, addresses.get(resource.name), cloud);
  },
};

/** The instance whose address it is, and the address. */
function addressOf(address: Resource, associations: readonly Resource[]): [instance: string, ip: string][] {
  const ip = publicIp(address.name);
  const { InstanceId } = propertiesOf<AddressProperties>(address, ['InstanceId'], ['Domain', 'NetworkBorderGroup', 'PublicIpv4Pool', 'Tags']);
  const associated = associations.map((each) => propertiesOf<AssociationProperties>(each, ['AllocationId', 'EIP', 'InstanceId']))
    .find(({ AllocationId, EIP }) => AllocationId === address.name || EIP === ip);
  const instance = InstanceId ?? associated?.InstanceId;
  return instance === undefined ? [] : [[instance, ip]];
}

async function startInstance(resource: Resource, elasticIp: string | undefined, cloud: LocalCloud): Promise<void> {
  propertiesOf(resource, [], IGNORED);
  const { assets, machine: { region, services, waitFactor, onLog } } = cloud;
  const instance = await Instance.start({
    name: resource.name,
    at: pathOf(resource),
    init: resource.metadata['AWS::CloudFormation::Init'] as Init | undefined,
    assetOf: (key) => assets.get(key),
    environment: { ...services.environment, AWS_REGION: region },
    temporary: services.temporary,
    waitFactor,
    onLog: ({ instanceName, text }) => onLog({ functionName: instanceName, text, isMetric: false }),
  });
  cloud.onStop(() => instance.stop());
  const hosts = [attributesOf(resource.name, cloud.machine).PublicIp, ...(elasticIp === undefined ? [] : [elasticIp])];
  for (const host of hosts) cloud.server(host).handle(proxy(instance.origin));
}

function attributesOf(id: string, { region }: Place): Record<'AvailabilityZone' | 'InstanceId' | 'PrivateDnsName' | 'PrivateIp' | 'PublicDnsName' | 'PublicIp', string> {
  const [ip, privateIp] = [publicIp(id), `10.0.${numbersOf(id).join('.')}`];
  const inRegion = region === 'us-east-1' ? ['compute-1.amazonaws.com', 'ec2.internal'] : [`${region}.compute.amazonaws.com`, `${region}.compute.internal`];
  return {
    AvailabilityZone: `${region}a`,
    InstanceId: id,
    PrivateDnsName: `ip-${privateIp.replaceAll('.', '-')}.${inRegion[1]}`,
    PrivateIp: privateIp,
    PublicDnsName: `ec2-${ip.replaceAll('.', '-')}.${inRegion[0]}`,
    PublicIp: ip,
  };
}

/** Of a network that nobody on the internet has. */
function publicIp(id: string): string {
  return `198.18.${numbersOf(id).join('.')}`;
}

function numbersOf(id: string): number[] {
  return [...createHash('sha256').update(id).digest().subarray(0, 2)];
}
