import { GatewayVpcEndpointAwsService, IPeer, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface GalleryNetworkProps {
  readonly visitors: IPeer;
}

/** Public subnets without a NAT gateway. S3 and DynamoDB are reached within AWS, at no charge. */
export class GalleryNetwork extends Construct {
  readonly vpc: Vpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { visitors }: GalleryNetworkProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24 }],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'Web traffic to the gallery, HTTPS from it',
      allowAllOutbound: false,
    });
    this.securityGroup.addIngressRule(visitors, Port.HTTP, 'web traffic');
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS and the package repositories');
  }
}
